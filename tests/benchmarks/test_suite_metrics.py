"""Measures against values worked out by hand, and against scikit-learn and SciPy."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from benchmarks.suite import metrics as m
from benchmarks.suite.bootstrap import difference, draws, interval, replicates
from benchmarks.suite.span_metrics import character_f1, token_f1, touched

LABELS = [1, 0, 1, 0, 0, 1]
SCORES = [0.9, 0.8, 0.8, 0.4, 0.1, 0.3]


def only(values: m.Array) -> float:
    (value,) = values
    return float(value)


@pytest.fixture(scope="module")
def sample() -> tuple[m.Array, m.Array, m.Array]:
    """Labels, scores with ties, and twenty resamples."""
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, 60).astype(float)
    noisy = np.clip(0.3 * labels + rng.random(60) * 0.7, 0, 1)
    scores = np.asarray(np.round(noisy, 1), dtype=np.float64)
    weights = next(draws(60, resamples=20, seed=5))
    return labels, scores, weights


def test_auc_counts_pairs() -> None:
    # Positives .9 .8 .3 against negatives .8 .4 .1: 3 + 2.5 + 1 of 9 pairs.
    assert only(m.auc(m.tally(LABELS, SCORES))) == pytest.approx(6.5 / 9)


def test_average_precision_by_hand() -> None:
    # Thresholds .9: 1/1, .8: 2/3, .4: 2/4, .3: 3/5; recall grows by a third at three of them.
    value = only(m.average_precision(m.tally(LABELS, SCORES)))
    assert value == pytest.approx((1 + 2 / 3 + 3 / 5) / 3)


def test_decisions_by_hand() -> None:
    counts = m.tally(LABELS, SCORES)
    # At .8 three are called, two of them right: 2*2 / (3 + 3); at .3 2*3 / (5 + 3).
    assert only(m.best_f1(counts)) == pytest.approx(6 / 8)
    assert only(m.f1(LABELS, [score >= 0.5 for score in SCORES])) == pytest.approx(4 / 6)
    assert only(m.precision_at_recall(counts, 0.3)) == pytest.approx(1)
    assert only(m.precision_at_recall(counts, 2 / 3)) == pytest.approx(2 / 3)
    assert only(m.precision_at_recall(counts, 1)) == pytest.approx(3 / 5)


def test_nothing_called_is_zero_and_nothing_to_find_is_undefined() -> None:
    assert only(m.f1([1, 0], [0, 0])) == 0
    assert math.isnan(only(m.f1([0, 0], [1, 0])))
    for measure in (m.auc, m.average_precision, m.best_f1):
        assert math.isnan(only(measure(m.tally([0, 0], [0.1, 0.2]))))
    assert math.isnan(only(m.precision_at_recall(m.tally([0, 0], [0.1, 0.2]), 0.5)))


def test_calibration_by_hand() -> None:
    labels, scores = [0, 1, 1, 1], [0.1, 0.19, 0.9, 1.0]
    # Bin .1-.2: mean .145, share .5; the last bin: mean .95, share 1.
    assert only(m.calibration_error(labels, scores)) == pytest.approx((0.355 + 0.05) / 2)
    assert only(m.brier(labels, scores)) == pytest.approx((0.1**2 + 0.81**2 + 0.1**2) / 4)
    points = m.reliability(labels, scores)
    assert points[0] == pytest.approx([0.145, 0.5, 2])
    assert points[1] == pytest.approx([0.95, 1, 2])


def test_correlations_by_hand() -> None:
    assert only(m.pearson([1, 2, 3], [2, 4, 6])) == pytest.approx(1)
    assert only(m.spearman([1, 2, 3], [1, 100, 50])) == pytest.approx(0.5)
    assert math.isnan(only(m.pearson([1, 1, 1], [1, 2, 3])))
    assert math.isnan(only(m.spearman([0.1, 0.1, 0.1], [1, 2, 3])))


def test_a_resample_is_the_sample_that_it_stands_for(
    sample: tuple[m.Array, m.Array, m.Array],
) -> None:
    """Weights give what repeating the texts gives, for every measure."""
    labels, scores, weights = sample
    for row in weights:
        index = np.repeat(np.arange(60), row.astype(int))
        y, x = labels[index], scores[index]
        counts, repeated = m.tally(labels, scores, row[None]), m.tally(y, x)
        pairs = [
            (m.auc(counts), m.auc(repeated)),
            (m.average_precision(counts), m.average_precision(repeated)),
            (m.best_f1(counts), m.best_f1(repeated)),
            (m.precision_at_recall(counts, 0.6), m.precision_at_recall(repeated, 0.6)),
            (m.f1(labels, scores > 0.5, row[None]), m.f1(y, x > 0.5)),
            (m.pearson(labels, scores, row[None]), m.pearson(y, x)),
            (m.spearman(labels, scores, row[None]), m.spearman(y, x)),
            (m.brier(labels, scores, row[None]), m.brier(y, x)),
            (m.calibration_error(labels, scores, row[None]), m.calibration_error(y, x)),
            (m.ratio(labels, scores, row[None]), m.ratio(y, x)),
        ]
        for weighted, plain in pairs:
            assert only(weighted) == pytest.approx(only(plain), nan_ok=True)


def test_against_scikit_learn(sample: tuple[m.Array, m.Array, m.Array]) -> None:
    sklearn = pytest.importorskip("sklearn.metrics")
    labels, scores, _ = sample
    counts = m.tally(labels, scores)
    assert only(m.auc(counts)) == pytest.approx(sklearn.roc_auc_score(labels, scores))
    assert only(m.average_precision(counts)) == pytest.approx(
        sklearn.average_precision_score(labels, scores)
    )
    assert only(m.f1(labels, scores >= 0.5)) == pytest.approx(
        sklearn.f1_score(labels, scores >= 0.5)
    )
    assert only(m.brier(labels, scores)) == pytest.approx(
        sklearn.brier_score_loss(labels, scores)
    )
    precision, recall, _ = sklearn.precision_recall_curve(labels, scores)
    assert only(m.precision_at_recall(counts, 0.8)) == pytest.approx(
        max(precision[recall >= 0.8])
    )
    with np.errstate(invalid="ignore"):
        f1 = 2 * precision * recall / (precision + recall)
    assert only(m.best_f1(counts)) == pytest.approx(np.nanmax(f1))


def test_against_scipy(sample: tuple[m.Array, m.Array, m.Array]) -> None:
    stats = pytest.importorskip("scipy.stats")
    labels, scores, _ = sample
    ratings = scores + labels
    assert only(m.pearson(ratings, scores)) == pytest.approx(
        stats.pearsonr(ratings, scores).statistic
    )
    assert only(m.spearman(ratings, scores)) == pytest.approx(
        stats.spearmanr(ratings, scores).statistic
    )


def test_pairs_count_ties_apart() -> None:
    right, ties = m.lower_shares([0.9, 0.5, 0.2, 0.7], [0.1, 0.5, 0.3, 0.6])
    assert only(right) == 0.5
    assert only(ties) == 0.25


def test_character_f1_is_the_official_one() -> None:
    assert character_f1([], []) == 1
    assert character_f1([(0, 3)], []) == 0
    assert character_f1([], [(0, 3)]) == 0
    assert character_f1([(0, 4), (2, 6)], [(4, 8)]) == pytest.approx(2 * 2 / (6 + 4))


def test_token_f1_takes_tokens_that_a_span_overlaps() -> None:
    text = "You are so useless, really."
    # Marked "so useless" (2 tokens); found "use" (1 token, the same word).
    assert token_f1(text, [(11, 14)], [(8, 18)]) == pytest.approx(2 / 3)
    assert token_f1(text, [(7, 8)], [(8, 18)]) == 0  # white space alone is no token
    assert token_f1(text, [], []) == 1


def test_touched_counts_both_sides() -> None:
    assert touched([(0, 2), (5, 6), (8, 9)], [(1, 6), (6, 8)]) == (1, 2)


def test_draws_are_seeded_and_keep_groups_together() -> None:
    first = np.concatenate(list(draws(7, resamples=50)))
    assert np.array_equal(first, np.concatenate(list(draws(7, resamples=50))))
    assert (first.sum(1) == 7).all()
    grouped = np.concatenate(list(draws(5, ["a", "b", "a", "c", "b"], resamples=50)))
    assert (grouped[:, 0] == grouped[:, 2]).all()
    assert (grouped[:, 1] == grouped[:, 4]).all()
    assert (grouped[:, [0, 1, 3]].sum(1) == 3).all()


def test_intervals_hold_the_value_and_differences_are_paired() -> None:
    hits = np.array([1.0] * 70 + [0.0] * 30)
    found = replicates(lambda w: {"share": m.share(hits, w)}, 100)["share"]
    value, low, high = interval(found)
    assert value == 0.7
    # The normal approximation: .7 -+ 1.96 sqrt(.7 * .3 / 100).
    assert low == pytest.approx(0.61, abs=0.02)
    assert high == pytest.approx(0.79, abs=0.02)
    shifted = replicates(lambda w: {"share": m.share(hits, w) - 0.1}, 100)["share"]
    assert difference(shifted, found) == pytest.approx((-0.1, -0.1, -0.1))


def test_an_interval_needs_most_of_its_draws() -> None:
    labels = [1.0] + [0.0] * 9  # a third of all resamples holds no positive
    scores = np.arange(10) / 10
    found = replicates(lambda w: {"auc": m.auc(m.tally(labels, scores, w))}, 10)["auc"]
    assert interval(found) == (0.0, None, None)


def test_block_size_does_not_change_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = np.concatenate(list(draws(11, resamples=40)))
    monkeypatch.setattr("benchmarks.suite.bootstrap._CELLS", 33)
    blocks = list(draws(11, resamples=40))
    assert Counter(len(block) for block in blocks) == {3: 13, 1: 1}
    assert np.array_equal(whole, np.concatenate(blocks))
