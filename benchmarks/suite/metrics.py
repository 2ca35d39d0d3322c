"""Measures over scores and labels, for one sample or for many resamples at once.

Every measure takes `weights` of shape (r, n): row by row, how often a resample holds each
of the n texts. It returns r values, NaN where a resample leaves the measure undefined. One
row of ones, the default, is the sample itself, so a figure and its bootstrap interval come
from one formula. Spans are in `span_metrics`, identity terms in `bias_metrics`.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


class Tally:
    """Weighted counts at each of u distinct scores, from the highest to the lowest.

    Args:
        positives: texts with the label at each score, shape (r, u).
        everything: texts with and without it, shape (r, u).
    """

    def __init__(self, positives: Array, everything: Array) -> None:
        self.positives = positives
        self.everything = everything
        self.hits = np.cumsum(positives, axis=1)
        self.called = np.cumsum(everything, axis=1)
        self.all_positives = self.hits[:, -1]

    @cached_property
    def precision(self) -> Array:
        """Of all texts at this score or a higher one; 0 where there are none."""
        return self.hits / np.maximum(self.called, 1)


def ones(n: int) -> Array:
    """The weights of the sample itself: shape (1, n)."""
    return np.ones((1, n))


def divided(numerator: Array, denominator: Array) -> Array:
    """Quotients, NaN where the denominator is zero."""
    result = np.full(np.broadcast(numerator, denominator).shape, np.nan)
    np.divide(numerator, denominator, out=result, where=denominator != 0)
    return result


def tally(labels: ArrayLike, scores: ArrayLike, weights: Array | None = None) -> Tally:
    """What the ranking measures need, computed once for all of them.

    Args:
        labels: n values, true where the text has the label.
        scores: n scores; a higher one says "more likely".
        weights: shape (r, n); None for the sample itself.
    """
    y = np.asarray(labels, dtype=bool)
    values = np.asarray(scores, dtype=np.float64)
    w = ones(len(values)) if weights is None else weights
    order = np.argsort(-values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)])
    sorted_weights = w[:, order]
    held = sorted_weights * y[order]
    if len(starts) == len(ordered):
        return Tally(held, sorted_weights)
    return Tally(
        np.add.reduceat(held, starts, axis=1), np.add.reduceat(sorted_weights, starts, axis=1)
    )


def auc(counts: Tally) -> Array:
    """Area under the ROC curve (Mann and Whitney's U over all pairs); ties count half."""
    negatives = counts.everything - counts.positives
    # Each negative loses against the positives above it, and half against those beside it.
    wins = np.einsum("ru,ru->r", negatives, counts.hits - counts.positives / 2)
    return divided(wins, counts.all_positives * negatives.sum(1))


def average_precision(counts: Tally) -> Array:
    """Sum over thresholds of precision times gain in recall, without interpolation.

    The step-wise definition of Manning et al. 2008, ch. 8, and of scikit-learn.
    """
    gained = np.einsum("ru,ru->r", counts.precision, counts.positives)
    return divided(gained, counts.all_positives)


def best_f1(counts: Tally) -> Array:
    """Highest F1 of all thresholds: what a threshold chosen on this very sample would give."""
    total = counts.all_positives
    scores = 2 * counts.hits / np.maximum(counts.called + total[:, None], 1)
    return np.where(total > 0, scores.max(1), np.nan)


def precision_at_recall(counts: Tally, recall: float) -> Array:
    """Highest precision of all thresholds that find at least this share of the positives."""
    total = counts.all_positives
    needed = recall * total[:, None] - 1e-9
    best = np.where(counts.hits >= needed, counts.precision, 0.0).max(1)
    return np.where(total > 0, best, np.nan)


def f1(labels: ArrayLike, called: ArrayLike, weights: Array | None = None) -> Array:
    """F1 of yes-or-no decisions: harmonic mean of precision and recall.

    Zero where nothing that has the label was called; NaN without any such text.
    """
    y = np.asarray(labels, dtype=bool)
    yes = np.asarray(called, dtype=bool)
    w = ones(len(y)) if weights is None else weights
    return divided(2 * (w @ (y & yes)), w @ y + w @ yes) + 0 * divided(w @ y, w @ y)


def share(hits: ArrayLike, weights: Array | None = None) -> Array:
    """Weighted mean of n values: a share, where they are 0 and 1."""
    values = np.asarray(hits, dtype=np.float64)
    w = ones(len(values)) if weights is None else weights
    return divided(w @ values, w.sum(1))


def ratio(parts: ArrayLike, wholes: ArrayLike, weights: Array | None = None) -> Array:
    """Sum of parts over sum of wholes: a share counted over all texts together (micro)."""
    numbers = np.asarray(parts, dtype=np.float64)
    w = ones(len(numbers)) if weights is None else weights
    return divided(w @ numbers, w @ np.asarray(wholes, dtype=np.float64))


def pearson(x: ArrayLike, y: ArrayLike, weights: Array | None = None) -> Array:
    """Pearson's correlation of n pairs of numbers; NaN where one side never varies."""
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    w = ones(len(a)) if weights is None else weights
    return _correlation(np.broadcast_to(a, w.shape), np.broadcast_to(b, w.shape), w)


def spearman(x: ArrayLike, y: ArrayLike, weights: Array | None = None) -> Array:
    """Spearman's rank correlation; ties share the middle of their ranks.

    Ranks are those within each resample.
    """
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    w = ones(len(a)) if weights is None else weights
    return _correlation(_ranks(a, w), _ranks(b, w), w)


def _ranks(values: Array, weights: Array) -> Array:
    """Middle ranks of n values in each of r resamples."""
    distinct, inverse = np.unique(values, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    starts = np.searchsorted(inverse[order], np.arange(len(distinct)))
    counts = np.add.reduceat(weights[:, order], starts, axis=1)
    middle = np.cumsum(counts, axis=1) - (counts - 1) / 2
    ranks: Array = middle[:, inverse]
    return ranks


def _correlation(a: Array, b: Array, w: Array) -> Array:
    total = w.sum(1, keepdims=True)
    a = a - (w * a).sum(1, keepdims=True) / total
    b = b - (w * b).sum(1, keepdims=True) / total
    aa, bb = (w * a * a).sum(1), (w * b * b).sum(1)
    flat = (aa < 1e-18 * total[:, 0]) | (bb < 1e-18 * total[:, 0])
    return divided((w * a * b).sum(1), np.where(flat, 0, np.sqrt(aa * bb)))


def brier(labels: ArrayLike, scores: ArrayLike, weights: Array | None = None) -> Array:
    """Mean squared distance of probabilities from labels (Brier 1950, two classes)."""
    errors = (np.asarray(scores, dtype=np.float64) - np.asarray(labels, dtype=np.float64)) ** 2
    return share(errors, weights)


def calibration_error(
    labels: ArrayLike, scores: ArrayLike, weights: Array | None = None, bins: int = 10
) -> Array:
    """Expected calibration error, bins of equal width (Naeini et al. 2015).

    The mean over texts of the distance between the mean score and the share of positives in
    the bin of the score.
    """
    y = np.asarray(labels, dtype=np.float64)
    values = np.asarray(scores, dtype=np.float64)
    w = ones(len(values)) if weights is None else weights
    member = _bins(values, bins)[:, None] == np.arange(bins)
    gaps = np.abs(w @ (member * (values - y)[:, None]))
    return divided(gaps.sum(1), w.sum(1))


def reliability(labels: ArrayLike, scores: ArrayLike, bins: int = 10) -> list[list[float]]:
    """Points of the reliability diagram: [mean score, share of positives, count] by bin."""
    y = np.asarray(labels, dtype=np.float64)
    values = np.asarray(scores, dtype=np.float64)
    index = _bins(values, bins)
    points = []
    for number in range(bins):
        inside = index == number
        if inside.any():
            count = float(inside.sum())
            points.append([float(values[inside].mean()), float(y[inside].mean()), count])
    return points


def _bins(values: Array, bins: int) -> NDArray[np.int64]:
    return np.clip((values * bins).astype(np.int64), 0, bins - 1)


def lower_shares(
    higher: ArrayLike, lower: ArrayLike, weights: Array | None = None
) -> tuple[Array, Array]:
    """Of pairs whose sides should score `higher` and `lower`: shares of right ones, of ties.

    A tie is not right: the two texts read differently and the system did not notice.
    """
    a, b = np.asarray(higher, dtype=np.float64), np.asarray(lower, dtype=np.float64)
    return share(a > b, weights), share(a == b, weights)
