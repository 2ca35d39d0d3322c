"""Matches and missing acts to hints, ranked, each with its effect."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence

from .blending import Blended, Values, blend
from .placing import Placer
from .ranking import rank
from .results import DIMENSIONS, Evidence, Hint, Scores, Span
from .rules.matching import STRENGTHS, CompiledRule, Match
from .scoring import Reading, Scorer, probability
from .telling import Teller
from .text import Document
from .trimming import Trimmer

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any


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
        self._trimmer = Trimmer(words["trimming"])
        self._teller = Teller(
            words["telling"], words["lexicon"], numbers["clear"], scorer, self._trimmer
        )
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
            **self._teller.settings(),
            **self._trimmer.settings(),
            "missing": tuple(
                (
                    f"missing/{name}",
                    text["practice"],
                    text["message"],
                    tuple(text["suggestions"]),
                    tuple(text["adds"]["rules"]),
                    name,
                    text["clear"],
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
            hints = self._rule_hints(document, matches, reading, scores, blended)
        odds = _sentence_odds(reading, blended)
        for k in (0, 1):
            hints += self._teller.hints(
                document, matches, reading, k, scores[k], odds, evidence, hints, blended
            )
        if scores.defensiveness >= self._clear:
            hints += self._missing(document.text, matches, scores, odds, reading, blended)
        return rank(hints, scores)

    def _rule_hints(
        self,
        document: Document,
        matches: Sequence[Match],
        reading: Reading,
        scores: Scores,
        blended: Blended | None,
    ) -> list[Hint]:
        """Hints about what rules found, each with its own thing to say."""
        hints: list[Hint] = []
        chosen = self._chosen(matches, scores)
        for match in chosen:
            rule = self._rules[match.rule]
            if not rule.replace and any(hint.rule == rule.id for hint in hints):
                continue  # it would say the same again
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
        return hints

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
            return Span(start, self._trimmer.trim(document.text, start, end)), ()
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

    def _missing(
        self,
        text: str,
        matches: Sequence[Match],
        scores: Scores,
        odds: Sequence[Sequence[float]],
        reading: Reading,
        blended: Blended | None,
    ) -> list[Hint]:
        """What a defensive text lacks: hints without a span.

        Args:
            text: the text.
            matches: what rules found.
            scores: its scores.
            odds: the log-odds of its sentences.
            reading: what the rules say.
            blended: what a model and the rules say, if a model was asked.
        """
        if scores.empathy >= self._clear:
            return []
        supplied = {self._supplied(self._rules[match.rule]) for match in matches}
        warm = any(probability(sentence[2]) >= self._clear for sentence in odds)
        modelled = blended is not None and blended.reading.logits[2] is not None
        now = reading.log_odds[2] if blended is None else blended.log_odds(2)
        hints = []
        for index, (name, words) in enumerate(self._missing_words.items()):
            if index in supplied or (warm and words["clear"]) or not self._lacks(text, name):
                continue
            most, kept = words["adds"]["model" if modelled else "rules"]
            hints.append(
                Hint(
                    f"missing/{name}",
                    words["practice"],
                    "empathy",
                    None,
                    words["message"],
                    tuple(words["suggestions"]),
                    probability(most + kept * now) - probability(now),
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

        The acts of answers are looked for only in sentences with a sign that it pays: that
        takes several times as long as all else.
        """
        words = self._missing_words[name]
        lower = text.lower().replace("\u2019", "'")
        signs = [sign for sign in words["signs"] if sign in lower]
        if not signs:
            return True
        for mark in ("! ", "? ", ". "):
            lower = lower.replace(mark, f"{mark}\n")
        telling = [line for line in lower.splitlines() if any(sign in line for sign in signs)]
        return words["act"] not in self._acts("\n".join(telling))


def _sentence_odds(reading: Reading, blended: Blended | None) -> list[Values]:
    """The log-odds of each sentence by itself, by dimension."""
    if blended is None:
        return [sentence.log_odds for sentence in reading.sentences]
    return [
        blend(sentence.log_odds, own, blended.numbers)
        for sentence, own in zip(reading.sentences, blended.reading.sentences, strict=True)
    ]


def _strength(rule: CompiledRule) -> float:
    return STRENGTHS.index(rule.strength) / 2
