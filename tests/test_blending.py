"""Rules and model to one score: the numbers are applied, and evidence still adds up."""

from __future__ import annotations

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmtone.blending import (
    Blended,
    blend,
    blended_base,
    blended_evidence,
    model_scores,
    share_of_words,
)
from calmtone.model import BlendNumbers, ModelReading, ModelSpan
from calmtone.results import DIMENSIONS, Evidence, Span

NUMBERS = [
    BlendNumbers(0.3, 0.8, 0.4, 1.2, -0.1),
    BlendNumbers(-0.2, 0.5, 0.6, 0.7, 0.2),
    BlendNumbers(0.0, 1.0, 0.0, 1.0, 0.0),
]
BASE = [-3.0, -2.5, -2.0]
some = st.floats(-9, 9)
logits = st.lists(st.none() | some, min_size=3, max_size=3)


def rule_evidence(weights: list[float]) -> list[Evidence]:
    """One match and one remainder for each dimension."""
    found = []
    for name, weight in zip(DIMENSIONS, weights, strict=True):
        found.append(Evidence(f"{name}/rule", name, Span(4, 9), weight))
        found.append(Evidence(f"context/{name}", name, Span(0, 20), -weight / 3))
    return sorted(found, key=lambda item: item.span)


def span(k: int, start: int, end: int, share: float, least: float = 0.3) -> ModelSpan:
    return ModelSpan(f"model/{DIMENSIONS[k]}", k, start, end, 0.9, share, least)


def test_log_odds_are_weighed_as_the_numbers_say() -> None:
    assert blend([1.0, -2.0, 3.0], [2.0, 4.0, -5.0], NUMBERS) == pytest.approx(
        [0.3 + 0.8 * 2.0 + 0.4, -0.2 + 0.5 * 4.0 - 0.6 * 2.0, -5.0]
    )


def test_where_the_model_knows_nothing_the_rules_decide() -> None:
    assert blend([1.0, -2.0, 3.0], [None, None, None], NUMBERS) == [1.0, -2.0, 3.0]
    assert blended_base(BASE, [None, None, None], NUMBERS) == BASE
    reading = ModelReading([None] * 3, [], [], [], None)
    evidence = rule_evidence([1.0, 2.0, 3.0])
    assert blended_evidence(evidence, reading, BASE, NUMBERS, [0.5] * 3) == evidence


def test_the_models_own_scores_are_calibrated() -> None:
    first, second, third = model_scores([2.0, None, 0.0], NUMBERS)
    assert first == pytest.approx(1 / (1 + exp(-(1.2 * 2.0 - 0.1))))
    assert second is None
    assert third == 0.5


@given(logits, st.lists(some, min_size=3, max_size=3), st.lists(st.floats(0, 0.5), max_size=2))
def test_evidence_adds_up(
    found: list[float | None], weights: list[float], shares: list[float]
) -> None:
    spans = [span(k, 2 + i, 8 + i, s) for k in range(3) for i, s in enumerate(shares)]
    reading = ModelReading(found, [], spans, [], None)
    evidence = rule_evidence(weights)
    rules = [
        BASE[k] + sum(item.weight for item in evidence if item.dimension == name)
        for k, name in enumerate(DIMENSIONS)
    ]
    final = blend(rules, found, NUMBERS)
    base = blended_base(BASE, found, NUMBERS)
    blended = blended_evidence(evidence, reading, BASE, NUMBERS, [0.5] * 3)
    for k, name in enumerate(DIMENSIONS):
        total = base[k] + sum(item.weight for item in blended if item.dimension == name)
        assert total == pytest.approx(final[k], abs=1e-9)
        assert [item.rule for item in blended].count(f"context/{name}") == 1
    assert blended == sorted(blended, key=lambda item: item.span)


def test_spans_carry_the_models_part() -> None:
    reading = ModelReading(
        [4.0, -9.0, 4.0], [], [span(0, 2, 8, 0.6), span(1, 2, 8, 0.6)], [], None
    )
    blended = blended_evidence(rule_evidence([1.0] * 3), reading, BASE, NUMBERS, [0.5] * 3)
    [marked] = [item for item in blended if item.rule.startswith("model/")]
    neutral = (BASE[0] + 0.1) / 1.2
    assert marked[:3] == ("model/hostility", "hostility", Span(2, 8))
    assert marked.weight == pytest.approx(0.6 * 0.8 * (4.0 - neutral))
    rule = next(item for item in blended if item.rule == "hostility/rule")
    assert rule.weight == pytest.approx(0.4)


def test_spans_wait_for_a_score_that_is_worth_explaining() -> None:
    reading = ModelReading([4.0] * 3, [], [span(0, 2, 8, 0.6, 0.5)], [], None)
    evidence = rule_evidence([1.0] * 3)
    for score, count in ((0.4, 0), (0.5, 1)):
        blended = blended_evidence(evidence, reading, BASE, NUMBERS, [score] * 3)
        assert len(blended) == len(evidence) + count


def test_words_hold_a_share_of_what_the_model_marks() -> None:
    reading = ModelReading([1.0] * 3, [], [span(0, 0, 10, 0.5), span(0, 20, 30, 0.3)], [], None)
    assert share_of_words(reading, 0, 0, 10) == pytest.approx(0.5)
    assert share_of_words(reading, 0, 5, 25) == pytest.approx(0.25 + 0.15)
    assert share_of_words(reading, 0, 10, 20) == 0.0
    assert share_of_words(reading, 1, 0, 30) == 0.0


# What a change would do


def blended(logit: float | None, spans: list[ModelSpan]) -> Blended:
    reading = ModelReading([logit] * 3, [], spans, [], None)
    return Blended([1.0, 1.0, 1.0], BASE, reading, NUMBERS)


def score(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))


def test_words_take_the_rules_part_and_what_the_model_marks_with_them() -> None:
    made = blended(4.0, [span(0, 0, 10, 0.5)])
    before = 0.3 + 0.8 * 4.0 + 0.4
    neutral = (BASE[0] + 0.1) / 1.2
    marked = 0.8 * 0.5 * (4.0 - neutral)
    assert made.effect(0, -1.0, 0, 10) == pytest.approx(
        score(before - 0.4 * 2.0 - marked) - score(before)
    )
    assert made.effect(0, -1.0, 10, 20) == pytest.approx(score(before - 0.8) - score(before))
    assert made.effect(0, 1.0, 10, 20) == 0.0
    assert made.effect(0, 9.0, 10, 20) == 0.0


def test_without_the_model_a_change_is_the_rules_own() -> None:
    made = blended(None, [])
    assert made.effect(1, -1.0, 0, 5) == pytest.approx(score(-1.0) - score(1.0))
    assert made.log_odds(1) == 1.0


def test_what_words_weigh_is_what_the_model_hears_in_them() -> None:
    marks = [span(1, 0, 4, 0.25), span(1, 6, 9, 0.5)]
    made = blended(4.0, marks)
    assert made.log_odds(1) == pytest.approx(-0.2 + 0.5 * 4.0 + 0.6)
    neutral = (BASE[1] - 0.2) / 0.7
    assert made.weight(marks[0]) == pytest.approx(0.25 * 0.5 * (4.0 - neutral))
    assert made.weight(marks[1]) == pytest.approx(2 * made.weight(marks[0]))
    assert blended(-9.0, marks).weight(marks[0]) == 0.0
    assert blended(None, marks).weight(marks[0]) == 0.0


def test_words_that_weigh_little_are_not_marked() -> None:
    spans = [span(0, 0, 4, 0.01), span(0, 6, 9, 0.5)]
    reading = ModelReading([4.0, 4.0, 4.0], [], spans, [], None)
    evidence = rule_evidence([1.0] * 3)
    least = [0.35, 0.45, 0.7]
    found = blended_evidence(evidence, reading, BASE, NUMBERS, [0.9] * 3, least)
    assert [item.span for item in found if item.rule == "model/hostility"] == [Span(6, 9)]
    everything = blended_evidence(evidence, reading, BASE, NUMBERS, [0.9] * 3)
    weights = [
        sum(item.weight for item in items if item.dimension == "hostility")
        for items in (found, everything)
    ]
    assert weights[0] == pytest.approx(weights[1])  # it still adds up
