"""Bias measures against a count of all pairs, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.suite.bias_metrics import bias, cells, power_mean
from benchmarks.suite.bootstrap import draws
from benchmarks.suite.metrics import Array, ones


def pairs_won(high: list[float], low: list[float]) -> float:
    won = [float(a > b) + (a == b) / 2 for a in high for b in low]
    return sum(won) / len(won)


@pytest.fixture(scope="module")
def sample() -> tuple[Array, Array, list[int]]:
    rng = np.random.default_rng(2)
    labels = np.tile([0.0, 1.0], 30)
    scores = np.asarray(np.round(0.4 * labels + 0.6 * rng.random(60), 1), dtype=np.float64)
    return labels, scores, [int(term) for term in rng.integers(0, 3, 60)]


def test_against_all_pairs(sample: tuple[Array, Array, list[int]]) -> None:
    labels, scores, terms = sample
    found = bias(cells(labels, scores, terms, None), ["x", "y", "z"], 0.5, ones(60))
    rows = list(zip(labels, scores, terms, strict=True))
    for term, name in enumerate("xyz"):
        own_high = [s for y, s, t in rows if y and t == term]
        own_low = [s for y, s, t in rows if not y and t == term]
        other_high = [s for y, s, t in rows if y and t != term]
        other_low = [s for y, s, t in rows if not y and t != term]
        assert found[f"subgroup_auc: {name}"][0] == pytest.approx(pairs_won(own_high, own_low))
        assert found[f"bpsn_auc: {name}"][0] == pytest.approx(pairs_won(other_high, own_low))
        assert found[f"bnsp_auc: {name}"][0] == pytest.approx(pairs_won(own_high, other_low))
    high, low = ([s for y, s, _ in rows if y == side] for side in (1, 0))
    assert found["auc"][0] == pytest.approx(pairs_won(high, low))


def test_gaps_by_hand() -> None:
    # Term 0: both kind sentences over the threshold; term 1: none of them.
    labels = [0, 0, 1, 0, 0, 1]
    scores = [0.9, 0.6, 0.8, 0.1, 0.2, 0.3]
    found = bias(cells(labels, scores, [0, 0, 0, 1, 1, 1], None), ["a", "b"], 0.5, ones(6))
    assert found["fpr_gap: a"][0] == pytest.approx(1 - 0.5)
    assert found["fpr_gap: b"][0] == pytest.approx(0 - 0.5)
    assert found["fnr_gap: a"][0] == pytest.approx(0 - 0.5)
    assert found["fnr_gap: b"][0] == pytest.approx(1 - 0.5)
    assert found["fpr_equality_difference"][0] == pytest.approx(1)
    assert found["fnr_equality_difference"][0] == pytest.approx(1)


def test_texts_without_a_term_are_only_background() -> None:
    labels, scores = [0, 1, 0, 1], [0.6, 0.9, 0.7, 0.1]
    table = cells(labels, scores, [0, 0, 1, 1], None)
    found = bias(table, ["", "b"], 0.5, ones(4))
    assert {name for name in found if name.startswith("subgroup_auc:")} == {"subgroup_auc: b"}
    assert found["bpsn_auc: b"][0] == 1  # .9 of the others against .7
    assert found["bpsn_auc_mean"][0] == pytest.approx(1)
    assert found["fpr_equality_difference"][0] == 0


def test_cells_of_a_group_change_nothing(sample: tuple[Array, Array, list[int]]) -> None:
    labels, scores, terms = sample
    groups = [n // 10 for n in range(60)]
    weights = next(draws(60, groups, resamples=15))
    names = ["x", "y", "z"]
    alone = bias(cells(labels, scores, terms, None), names, 0.5, weights)
    together = cells(labels, scores, terms, groups)
    assert len(together.first) < 60
    for measure, values in bias(together, names, 0.5, weights).items():
        assert values == pytest.approx(alone[measure], nan_ok=True)


def test_power_mean_leans_to_the_worst() -> None:
    values = np.array([[0.9, 0.5], [0.7, 0.7], [0.9, 0.0]])
    low, same, zero = power_mean(values)
    assert low == pytest.approx(((0.9**-5 + 0.5**-5) / 2) ** (-1 / 5))
    assert low < 0.6
    assert same == pytest.approx(0.7)
    assert zero == 0
