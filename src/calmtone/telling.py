"""Hints about telling words that no rule has a hint for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from .blending import Blended
from .results import DIMENSIONS, Evidence, Hint, Span
from .rules.matching import Match
from .scoring import Reading, Scorer
from .text import Document
from .trimming import Trimmer

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any


class Teller:
    """Finds the most telling words of a text. Read-only after construction.

    Args:
        numbers: `telling` of hints.toml.
        words: `lexicon` of hints.toml.
        clear: the score that a text is clearly hostile or defensive from.
        scorer: what scored the text.
        trimmer: cuts words that lean on others off the end.
    """

    def __init__(
        self,
        numbers: Mapping[str, Any],
        words: Mapping[str, Any],
        clear: float,
        scorer: Scorer,
        trimmer: Trimmer,
    ) -> None:
        self._words = [words[name] for name in DIMENSIONS[:2]]
        self._clear = clear
        self._scorer = scorer
        self._trimmer = trimmer
        self._alone: list[float] = numbers["alone"]
        self._more: list[float] = numbers["more"]
        self._most: int = numbers["most"]

    def settings(self) -> dict[str, Any]:
        """What the compiled engine needs to give the same hints; see `csrc/hints.c`."""
        return {
            "lexicon_hints": tuple(
                (text["practice"], text["message"], text["again"]) for text in self._words
            ),
            "alone": (*self._alone, 0.0),
            "more": (*self._more, 0.0),
            "most_telling": self._most,
        }

    def hints(
        self,
        document: Document,
        matches: Sequence[Match],
        reading: Reading,
        k: int,
        score: float,
        odds: Sequence[Sequence[float]],
        evidence: Sequence[Evidence],
        others: Sequence[Hint],
        blended: Blended | None,
    ) -> list[Hint]:
        """Hints about the most telling words of a text, or of sentences that are clear.

        Telling are the words that the model marks, and after those, words of the lexicon.
        Where there are hints already, only words that weigh enough have one more.

        Args:
            document: the text.
            matches: what rules found in it.
            reading: what the rules say.
            k: the dimension: hostility or defensiveness.
            score: its score.
            odds: the log-odds of the sentences, each by itself.
            evidence: what was found.
            others: the hints that there are already.
            blended: what a model and the rules say, if a model was asked.
        """
        name = DIMENSIONS[k]
        if score >= self._clear:
            places = document.sentences
        else:
            least = self._alone[k]
            places = [
                sentence
                for sentence, values in zip(document.sentences, odds, strict=True)
                if values[k] >= least
            ]
            if not places:
                return []
        told = any(h.span and h.dimension == name and _within(h.span, places) for h in others)
        taken = [hint.span for hint in others if hint.span]
        words = self._words[k]
        hints: list[Hint] = []
        for rule, _, span, weight in self._pieces(
            k, evidence, blended if score < self._clear else None
        ):
            if (told and weight < self._more[k]) or not _within(span, places):
                continue
            if any(one.start < span.end and span.start < one.end for one in taken):
                continue
            if k == 1 and _hostile(evidence, span) > weight:
                continue
            first = bisect_right(document.ends, span.start)
            last = bisect_left(document.starts, span.end)
            for sentence in document.sentences:
                if sentence.last > first:
                    last = min(last, sentence.last)  # its mark is no word of a hint
                    break
            if last - first <= k:  # one word guards nobody
                continue
            effect = self._scorer.effect(document, matches, reading, k, first, last, blended)
            if effect >= 0:
                continue
            message = words["again" if hints else "message"]
            end = self._trimmer.trim(document.text, span.start, span.end)
            span = Span(span.start, end)
            hints.append(Hint(rule, words["practice"], name, span, message, (), effect))
            taken.append(span)
            told = True
            if len(hints) == self._most:
                break
        return hints

    def _pieces(
        self, k: int, evidence: Sequence[Evidence], blended: Blended | None
    ) -> list[Evidence]:
        """What may have a hint: the words that a model marks first, then by weight.

        Args:
            k: the dimension.
            evidence: what was found.
            blended: given where words count that are marked in what is clear by itself only.
        """
        name = DIMENSIONS[k]
        marked = [
            item
            for item in evidence
            if item.dimension == name and item.rule.startswith("model/")
        ]
        if blended is not None:
            seen = {item.span for item in marked}
            for span in blended.reading.spans:
                place = Span(span.start, span.end)
                if span.dimension == k and place not in seen:
                    marked.append(Evidence(span.name, name, place, blended.weight(span)))
        found = [
            item
            for item in evidence
            if item.dimension == name and item.rule.startswith("lexicon/")
        ]
        return [*sorted(marked, key=_by_weight), *sorted(found, key=_by_weight)]


def _within(span: Span, places: Sequence[Any]) -> bool:
    """Whether words begin in one of some sentences."""
    return any(place.start <= span.start < place.end for place in places)


def _hostile(evidence: Sequence[Evidence], span: Span) -> float:
    """What words weigh as hostile."""
    weight = 0.0
    for item in evidence:
        if item.dimension != "hostility" or item.rule.startswith("context/"):
            continue
        if item.span.start < span.end and span.start < item.span.end:
            weight += item.weight
    return weight


def _by_weight(evidence: Evidence) -> tuple[float, Span]:
    return -evidence.weight, evidence.span
