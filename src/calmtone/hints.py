"""Matches and missing acts to hints, ranked, each with its effect."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Mapping, Sequence
from math import exp, log

from .blending import Blended
from .placing import Placer
from .results import DIMENSIONS, Evidence, Hint, Scores, Span
from .rules.matching import STRENGTHS, CompiledRule, Match
from .scoring import Reading, Scorer, probability
from .text import Document

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any


_FAINT = 30.0  # log-odds of no empathy that nothing goes below


class Advisor:
    """Finds what to say about a scored text. Read-only after construction.

    Args:
        rules: the rules that matches are of.
        scorer: what scored the text.
        words: `hints` of the language's tables.
        numbers: `hints` of the fitted numbers.
        acts: says which acts a text does as an answer.
    """

    def __init__(
        self,
        rules: Sequence[CompiledRule],
        scorer: Scorer,
        words: Mapping[str, Any],
        numbers: Mapping[str, Any],
        acts: Callable[[str], Container[str]],
    ) -> None:
        self._rules = rules
        self._scorer = scorer
        self._words = words
        self._placer = Placer(words["placing"])
        self._missing_words: Mapping[str, Any] = words["missing"]
        self._acts = acts
        self._least_score: float = numbers["least_score"]
        self._clear: float = numbers["clear"]
        self._most: int = numbers["most"]

    def settings(self) -> dict[str, Any]:
        """What the compiled engine needs to give the same hints; see `csrc/hints.c`."""
        return {
            "least_score": self._least_score,
            "clear": self._clear,
            "most": self._most,
            "lexicon_hints": tuple(
                (text["practice"], text["message"])
                for text in map(self._words["lexicon"].get, DIMENSIONS[:2])
            ),
            "missing": tuple(
                (
                    f"missing/{name}",
                    text["practice"],
                    text["message"],
                    tuple(text["suggestions"]),
                    text["adds"],
                    name,
                )
                for name, text in self._missing_words.items()
            ),
            "lacks": self._lacks,
            "place": self._placer.place,
            # Of each rule: what is not missing where it is found, how strong it is, its texts.
            "hint_rules": [
                (
                    self._supplied(rule),
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
                span, suggestions = self._placed(document, match, rule.replace, chosen)
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
            if any(hint.dimension == name for hint in hints):
                continue
            marked = f"model/{name}"  # what is marked is told, too
            if scores[k] >= self._clear or any(item.rule == marked for item in evidence):
                hints += self._telling_hint(
                    document, matches, reading, k, evidence, hints, blended
                )
        if scores.defensiveness >= self._clear:
            hints += self._missing(document.text, matches, reading, scores, blended)
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

    def _placed(
        self,
        document: Document,
        match: Match,
        replacements: Sequence[str],
        chosen: Sequence[Match],
    ) -> tuple[Span, tuple[str, ...]]:
        """The span of a hint, and the suggestions that can stand in its place.

        Words that one of the other `chosen` matches is about are not taken into the span.
        """
        start, end = match.start, match.end
        if not replacements:
            return Span(start, end), ()
        for sentence in document.sentences:
            if match.first < sentence.last:
                break
        low, high = sentence.start, sentence.end
        for other in chosen:
            if low < other.end <= start:
                low = other.end
            if end <= other.start < high:
                high = other.start
        return self._placer.place(
            document.text, start, end, replacements, sentence.start, sentence.end, low, high
        )

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
        text: str,
        matches: Sequence[Match],
        reading: Reading,
        scores: Scores,
        blended: Blended | None,
    ) -> list[Hint]:
        """What a defensive text lacks: hints without a span."""
        if scores.empathy >= self._clear:
            return []
        supplied = {self._supplied(self._rules[match.rule]) for match in matches}
        hints = []
        for index, (name, words) in enumerate(self._missing_words.items()):
            if index in supplied or not self._lacks(text, name):
                continue
            now = reading.log_odds[2]
            added = log(1 + words["adds"] * exp(min(-now, _FAINT)))
            if blended is None:
                gain = probability(now + added) - probability(now)
            else:
                gain = blended.gain(2, added)
            hints.append(
                Hint(
                    f"missing/{name}",
                    words["practice"],
                    "empathy",
                    None,
                    words["message"],
                    tuple(words["suggestions"]),
                    gain,
                )
            )
        return hints

    def _supplied(self, rule: CompiledRule) -> int:
        """What is not missing where a rule is found, by its place in `missing`; or -1."""
        if rule.dimension == "empathy":
            for index, words in enumerate(self._missing_words.values()):
                if rule.form in words["forms"]:
                    return index
        return -1

    def _lacks(self, text: str, name: str) -> bool:
        """Whether a text that no rule says it of does without what may be missing.

        The acts of answers are looked for only where a sign tells that it pays: that takes
        several times as long as all else.
        """
        words = self._missing_words[name]
        lower = text.lower().replace("\u2019", "'")
        for sign in words["signs"]:
            if sign in lower:
                return words["act"] not in self._acts(text)
        return True


def by_usefulness(hint: Hint) -> tuple[float, Span]:
    """What hints are sorted by: the greatest effect first, then their place."""
    return -abs(hint.effect), hint.span or Span(0, 0)


def _strength(rule: CompiledRule) -> float:
    return STRENGTHS.index(rule.strength) / 2


def _weight(evidence: Evidence) -> float:
    return evidence.weight
