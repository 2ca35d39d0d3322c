"""The rules' and the model's log-odds to one, with evidence that still adds up.

The final log-odds of a dimension are `intercept + model * logit + rules * rule_log_odds`,
with numbers that were fitted on rated texts and ship with the model. So every piece of the
rules' evidence keeps its part, times `rules`; the model's part goes to the words that it
marks, and what they do not account for to the evidence `context/<dimension>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from .model import BlendNumbers, Logits, ModelReading, ModelSpan
from .records import NamedTuple
from .results import DIMENSIONS, Evidence, Span

Values = list[float]


def blend(
    rule_log_odds: Sequence[float], logits: Logits, numbers: Sequence[BlendNumbers]
) -> Values:
    """Final log-odds by dimension; the rules' own where the model has nothing to say.

    >>> blend([1.0, 1.0], [3.0, None], [BlendNumbers(0.5, 0.5, 0.25, 1.0, 0.0)] * 2)
    [2.25, 1.0]
    """
    return [
        own if logit is None else part.intercept + part.model * logit + part.rules * own
        for own, logit, part in zip(rule_log_odds, logits, numbers, strict=True)
    ]


def model_scores(logits: Logits, numbers: Sequence[BlendNumbers]) -> list[float | None]:
    """The model's own calibrated scores, in [0, 1]; None where it does not know."""
    return [
        None if logit is None else _probability(part.slope * logit + part.shift)
        for logit, part in zip(logits, numbers, strict=True)
    ]


def blended_base(
    base: Sequence[float], logits: Logits, numbers: Sequence[BlendNumbers]
) -> Values:
    """The final log-odds of a text without any evidence.

    Of such a text the model is taken to say what the rules say.
    """
    neutral = _neutral(base, logits, numbers)
    return blend(base, neutral, numbers)


def blended_evidence(
    evidence: Sequence[Evidence],
    reading: ModelReading,
    base: Sequence[float],
    numbers: Sequence[BlendNumbers],
    scores: Sequence[float],
    least: Sequence[float] = (0.0, 0.0, 0.0),
) -> list[Evidence]:
    """The evidence of rules and model, in the order of the text.

    For each dimension the weights add up to the blended log-odds less `blended_base`.

    Args:
        evidence: what the rules found; each dimension has one `context/<dimension>`.
        reading: what the model found.
        base: the rules' log-odds without evidence, by dimension.
        numbers: how to blend, by dimension.
        scores: the final scores; they decide which of the model's spans are worth showing.
        least: by dimension the least log-odds that words must add to be shown.
    """
    neutral = _neutral(base, reading.logits, numbers)
    rest: list[float] = [0.0] * len(DIMENSIONS)
    spans: list[Evidence] = []
    for k, name in enumerate(DIMENSIONS):
        logit, at_rest = reading.logits[k], neutral[k]
        if logit is None or at_rest is None:
            continue
        rest[k] = part = numbers[k].model * (logit - at_rest)
        for span in reading.spans:
            # Words can explain why a score is high; none explain why it is low.
            if span.dimension == k and part > 0 and scores[k] >= span.least_score:
                weight = part * span.share
                if weight < least[k]:
                    continue
                rest[k] -= weight
                spans.append(Evidence(span.name, name, Span(span.start, span.end), weight))
    found = []
    for item in evidence:
        k = DIMENSIONS.index(item.dimension)
        if reading.logits[k] is not None:
            weight = item.weight * numbers[k].rules
            if item.rule == f"context/{item.dimension}":
                weight += rest[k]
            item = item._replace(weight=weight)
        found.append(item)
    if spans:
        found += spans
        found.sort(key=_place)
    return found


class Blended(NamedTuple):
    """What the rules and the model say of a text, for asking what a change would do.

    `rules` are the rules' log-odds and `base` those without evidence, by dimension.
    """

    rules: Sequence[float]
    base: Sequence[float]
    reading: ModelReading
    numbers: Sequence[BlendNumbers]

    def effect(self, k: int, rule_log_odds: float, start: int, end: int) -> float:
        """Change of score `k`, at most 0, if some words were not there.

        The model is not run again: of its part goes what it marks in the words.

        Args:
            k: the dimension.
            rule_log_odds: what the rules' log-odds would be.
            start: first code point of the words.
            end: last code point (exclusive).
        """
        logit, part = self.reading.logits[k], self.numbers[k]
        gone = self.rules[k] - rule_log_odds
        if logit is not None:
            marked = share_of_words(self.reading, k, start, end) * self._heard(k)
            gone = part.rules * gone + marked
        return self._change(k, -max(gone, 0.0))

    def weight(self, span: ModelSpan) -> float:
        """What words that the model marks add to the final log-odds; at least 0."""
        return span.share * self._heard(span.dimension)

    def _heard(self, k: int) -> float:
        """What the model adds to the final log-odds beyond a text without evidence."""
        logit, part = self.reading.logits[k], self.numbers[k]
        if logit is None:
            return 0.0
        return part.model * max(logit - (self.base[k] - part.shift) / part.slope, 0.0)

    def log_odds(self, k: int) -> float:
        """The final log-odds of score `k`."""
        [value] = blend([self.rules[k]], [self.reading.logits[k]], [self.numbers[k]])
        return value

    def _change(self, k: int, added: float) -> float:
        log_odds = self.log_odds(k)
        return _probability(log_odds + added) - _probability(log_odds)


def share_of_words(reading: ModelReading, k: int, start: int, end: int) -> float:
    """The part, in [0, 1], of what the model marks for a dimension that words hold.

    Args:
        reading: what the model found.
        k: the dimension.
        start: first code point of the words.
        end: last code point (exclusive).
    """
    found = 0.0
    for span in reading.spans:
        inside = min(end, span.end) - max(start, span.start)
        if span.dimension == k and inside > 0:
            found += span.share * inside / (span.end - span.start)
    return min(found, 1.0)


def _neutral(base: Sequence[float], logits: Logits, numbers: Sequence[BlendNumbers]) -> Logits:
    """The model's logits of a text without evidence: those that mean the rules' base."""
    return [
        None if logit is None else (own - part.shift) / part.slope
        for own, logit, part in zip(base, logits, numbers, strict=True)
    ]


def _probability(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds)) if log_odds > -700 else 0.0


def _place(evidence: Evidence) -> Span:
    return evidence.span
