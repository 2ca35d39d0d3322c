"""Matches and missing acts to hints, ranked, each with its effect."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from .blending import Blended
from .results import DIMENSIONS, Evidence, Hint, Scores, Span
from .rules.matching import STRENGTHS, CompiledRule, Match
from .scoring import Reading, Scorer
from .text import Document

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

_MISSING = "moderate"  # what is missing is taken to be as strong as such a rule


class Advisor:
    """Finds what to say about a scored text. Read-only after construction."""

    def __init__(
        self,
        rules: Sequence[CompiledRule],
        scorer: Scorer,
        words: Mapping[str, Any],
        numbers: Mapping[str, Any],
    ) -> None:
        self._rules = rules
        self._scorer = scorer
        self._words = words
        self._least_score: float = numbers["least_score"]
        self._clear: float = numbers["clear"]
        self._most: int = numbers["most"]

    def settings(self) -> dict[str, Any]:
        """What the compiled engine needs to give the same hints; see `csrc/hints.c`."""
        missing = self._words["missing"]
        forms = list(missing)
        return {
            "least_score": self._least_score,
            "clear": self._clear,
            "most": self._most,
            "gain": self._scorer.strength("empathy", _MISSING),
            "lexicon_hints": tuple(
                (text["practice"], text["message"])
                for text in map(self._words["lexicon"].get, DIMENSIONS[:2])
            ),
            "missing": tuple(
                (
                    f"missing/{form}",
                    text["practice"],
                    text["message"],
                    tuple(text["suggestions"]),
                )
                for form, text in missing.items()
            ),
            "reword": reword,
            # Of each rule: the missing form that it is, how strong it is, its texts.
            "hint_rules": [
                (
                    forms.index(rule.form)
                    if rule.dimension == "empathy" and rule.form in missing
                    else -1,
                    _strength(rule),
                    rule.id,
                    rule.practice,
                    rule.hint,
                    rule.replace,
                )
                for rule in self._rules
            ],
        }

    def hints(
        self,
        document: Document,
        matches: Sequence[Match],
        reading: Reading,
        scores: Scores,
        evidence: Sequence[Evidence],
        blended: Blended | None = None,
    ) -> tuple[Hint, ...]:
        """Hints, the most useful first; no two about the same words."""
        hints: list[Hint] = []
        if matches:
            chosen = self._chosen(matches, scores)
            for match in chosen:
                rule = self._rules[match.rule]
                effect = self._scorer.effect(
                    document,
                    matches,
                    reading,
                    DIMENSIONS.index(rule.dimension),
                    match.first,
                    match.last,
                    blended,
                )
                if effect >= 0 and rule.dimension != "empathy":
                    continue  # without these words the text would read no better
                span, suggestions = _placed(document, match, rule.replace, chosen)
                hints.append(
                    Hint(
                        rule.id,
                        rule.practice,
                        rule.dimension,
                        span,
                        rule.hint,
                        suggestions,
                        effect,
                    )
                )
        for k in (0, 1):
            name = DIMENSIONS[k]
            if scores[k] >= self._clear and not any(h.dimension == name for h in hints):
                hints += self._telling_hint(
                    document, matches, reading, k, evidence, hints, blended
                )
        if scores.defensiveness >= self._clear:
            hints += self._missing(matches, reading, scores, blended)
        if len(hints) > 1:
            hints.sort(key=by_usefulness)
        return tuple(hints)

    def _chosen(self, matches: Sequence[Match], scores: Scores) -> list[Match]:
        """Matches to give hints for: the strongest, and of those that overlap one."""
        rules = self._rules
        candidates = [
            match
            for match in matches
            if rules[match.rule].hint
            and scores[rules[match.rule].dimension] >= self._least_score
        ]
        if len(candidates) < 2:
            return candidates
        candidates.sort(key=self._strength, reverse=True)
        chosen: list[Match] = []
        for match in candidates:
            for other in chosen:
                if other.first < match.last and match.first < other.last:
                    break
            else:
                chosen.append(match)
                if len(chosen) == self._most:
                    break
        return chosen

    def _strength(self, match: Match) -> tuple[float, int]:
        strength = _strength(self._rules[match.rule])
        return self._scorer.own_weight(match) + strength, match.last - match.first

    def _telling_hint(
        self,
        document: Document,
        matches: Sequence[Match],
        reading: Reading,
        k: int,
        evidence: Sequence[Evidence],
        others: Sequence[Hint],
        blended: Blended | None,
    ) -> list[Hint]:
        """A hint about the most telling words, where no rule has one.

        Telling are the words that the model marks; without those, words of the lexicon.
        """
        own = [item for item in evidence if item.dimension == DIMENSIONS[k]]
        telling = [item for item in own if item.rule.startswith("model/")] or [
            item for item in own if item.rule.startswith("lexicon/")
        ]
        if not telling:
            return []
        rule, _, span, _ = max(telling, key=_weight)
        if any(h.span and h.span.start < span.end and span.start < h.span.end for h in others):
            return []
        first = bisect_right(document.ends, span.start)
        last = bisect_left(document.starts, span.end)
        for sentence in document.sentences:
            if sentence.last > first:
                last = min(last, sentence.last)  # the mark at its end is no word of a hint
                break
        if first >= last:
            return []
        effect = self._scorer.effect(document, matches, reading, k, first, last, blended)
        if effect >= 0:
            return []
        text = self._words["lexicon"][DIMENSIONS[k]]
        return [Hint(rule, text["practice"], DIMENSIONS[k], span, text["message"], (), effect)]

    def _missing(
        self,
        matches: Sequence[Match],
        reading: Reading,
        scores: Scores,
        blended: Blended | None,
    ) -> list[Hint]:
        """What a defensive text lacks: hints without a span."""
        forms = {
            self._rules[match.rule].form
            for match in matches
            if self._rules[match.rule].dimension == "empathy"
        }
        if scores.empathy >= self._clear:
            return []
        return [
            Hint(
                f"missing/{form}",
                text["practice"],
                "empathy",
                None,
                text["message"],
                tuple(text["suggestions"]),
                self._scorer.gain(reading, 2, _MISSING, blended),
            )
            for form, text in self._words["missing"].items()
            if form not in forms
        ]


def by_usefulness(hint: Hint) -> tuple[float, Span]:
    """What hints are sorted by: the greatest effect first, then their place."""
    return -abs(hint.effect), hint.span or Span(0, 0)


def _strength(rule: CompiledRule) -> float:
    return STRENGTHS.index(rule.strength) / 2


def _weight(evidence: Evidence) -> float:
    return evidence.weight


def _placed(
    document: Document, match: Match, replacements: Sequence[str], chosen: Sequence[Match]
) -> tuple[Span, tuple[str, ...]]:
    """The span of a hint, and suggestions that can stand in its place.

    To drop words takes the word after them into the span (at a sentence's end the word
    before), so that no blank or lower-case start is left behind; unless one of the other
    `chosen` matches is about that word.
    """
    if not replacements:
        return Span(match.start, match.end), ()
    for sentence in document.sentences:
        if match.first < sentence.last:
            break
    beside = match.last if match.last < sentence.last else match.first - 1
    start = end = -1
    if beside >= sentence.first and not any(
        other.first <= beside < other.last for other in chosen
    ):
        start, end = document.starts[beside], document.ends[beside]
    return reword(
        document.text,
        match.start,
        match.end,
        replacements,
        match.first == sentence.first,
        beside == match.last,
        start,
        end,
        beside == sentence.first,
    )


def reword(
    text: str,
    start: int,
    end: int,
    replacements: Sequence[str],
    at_start: bool,
    is_after: bool,
    beside_start: int,
    beside_end: int,
    beside_at_start: bool,
) -> tuple[Span, tuple[str, ...]]:
    """What can stand in the place of some words, and the span that it then replaces.

    Args:
        text: the text, all places being code points of it.
        start: where the words start.
        end: where they end (exclusive).
        replacements: the rule's; "" drops the words.
        at_start: whether they begin a sentence.
        is_after: whether the word beside them, which is to stay, stands after them.
        beside_start: where that word starts; -1 if there is none to take in.
        beside_end: where it ends.
        beside_at_start: whether it begins a sentence.
    """
    span = Span(start, end)
    if not at_start:
        replacements = list(map(_inside, replacements))
    if beside_start >= 0 and "" in replacements:
        word = text[beside_start:beside_end]
        if is_after:
            span = Span(start, beside_end)
            replacements = [f"{part} {word}".lstrip() for part in replacements]
        else:
            span = Span(beside_start, end)
            replacements = [f"{word} {part}".rstrip() for part in replacements]
            at_start = beside_at_start
    return span, tuple(
        [_capitalised(text, span, part, at_start) for part in replacements if part]
    )


def _inside(replacement: str) -> str:
    """A rule's replacement as it stands inside of a sentence ("I" keeps its capital)."""
    if replacement[1:2].islower():
        return replacement[:1].lower() + replacement[1:]
    return replacement


def _capitalised(text: str, span: Span, replacement: str, at_start: bool) -> str:
    """The replacement with a capital where the sentence starts with one."""
    if at_start and text[span.start : span.start + 1].isupper():
        return replacement[:1].upper() + replacement[1:]
    return replacement
