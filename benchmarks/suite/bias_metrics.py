"""Identity-term bias: does a score rise because a group is named?

Borkan et al. 2019 (Nuanced Metrics for Measuring Unintended Bias): for each term three AUCs,
of the texts that name it (subgroup), of its negatives against the positives of all other
texts (BPSN: low where naming it raises the score) and of its positives against the other
negatives (BNSP: low where naming it lowers the score). Dixon et al. 2018: how far the error
rates of the terms at one threshold lie from those of all texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .metrics import Array, divided

POWER = -5  # of the generalised mean over terms, as in the Jigsaw competition of 2019


class Cells(NamedTuple):
    """Texts of one group, term, label and score, counted together.

    A resample weighs them alike, so they need not be told apart.
    """

    first: NDArray[np.int64]  # the number of a text of each cell
    copies: Array
    labels: NDArray[np.bool_]
    scores: Array
    terms: NDArray[np.int64]


def cells(
    labels: ArrayLike, scores: ArrayLike, terms: Sequence[int], groups: Sequence[int] | None
) -> Cells:
    """Texts to cells, in the order of their terms.

    Args:
        labels: n values, true for texts that deserve a high score.
        scores: n scores.
        terms: the number of the identity term of each text, from 0.
        groups: the number of the group that each text is drawn with; None where every text
            is drawn alone (each is a cell of its own then).
    """
    y = np.asarray(labels, dtype=np.float64)
    values = np.asarray(scores, dtype=np.float64)
    drawn = np.arange(len(y)) if groups is None else np.asarray(groups)
    table = np.column_stack([np.asarray(terms, dtype=np.float64), y, values, drawn])
    rows, first, count = np.unique(table, axis=0, return_index=True, return_counts=True)
    return Cells(
        first,
        count.astype(np.float64),
        rows[:, 1] > 0,
        rows[:, 2],
        rows[:, 0].astype(np.int64),
    )


def bias(
    table: Cells, names: Sequence[str], threshold: float, weights: Array
) -> dict[str, Array]:
    """All measures, as `measure` over all terms and `measure: term` for each.

    Args:
        table: what `cells` made.
        names: the identity terms in the order of their numbers; texts whose term is ""
            name none, and only stand among the others.
        threshold: a score of at least this is an alarm.
        weights: shape (r, n), by text.
    """
    w = weights[:, table.first] * table.copies
    starts = np.searchsorted(table.terms, np.arange(len(names)))
    positive = np.where(table.labels, w, 0.0)
    negative = w - positive

    def by_term(values: Array) -> Array:
        return np.add.reduceat(values, starts, axis=1)

    below, above = _around(table.scores, positive, negative)
    # Pairs won: subgroup positives over all negatives, all positives over subgroup negatives.
    positive_wins, negative_wins = by_term(positive * below), by_term(negative * above)
    p, n = by_term(positive), by_term(negative)
    all_p, all_n = p.sum(1, keepdims=True), n.sum(1, keepdims=True)
    own_wins = np.stack(
        [
            _own_wins(table.scores[part], positive[:, part], negative[:, part])
            for part in _slices(starts, len(table.terms))
        ],
        axis=1,
    )
    aucs = {
        "subgroup_auc": divided(own_wins, p * n),
        "bpsn_auc": divided(negative_wins - own_wins, (all_p - p) * n),
        "bnsp_auc": divided(positive_wins - own_wins, p * (all_n - n)),
    }
    named = np.array([bool(name) for name in names])
    alarm = table.scores >= threshold
    false_alarms, misses = by_term(negative * alarm), by_term(positive * ~alarm)
    gaps = {
        "fpr_gap": divided(false_alarms, n)
        - divided(false_alarms.sum(1), all_n[:, 0])[:, None],
        "fnr_gap": divided(misses, p) - divided(misses.sum(1), all_p[:, 0])[:, None],
    }
    found = {"auc": divided(positive_wins.sum(1), (all_p * all_n)[:, 0])}
    found |= {f"{name}_mean": power_mean(values[:, named]) for name, values in aucs.items()}
    for name, values in gaps.items():
        measure = name.replace("gap", "equality_difference")
        found[measure] = np.abs(values[:, named]).sum(1)
    return found | _named({**aucs, **gaps}, names)


def power_mean(values: Array) -> Array:
    """Generalised mean of each row, power -5: low where the worst terms are.

    Zero where a value is zero; NaN where one is not defined.
    """
    with np.errstate(divide="ignore"):
        mean: Array = (values**POWER).mean(1) ** (1 / POWER)
    return mean


def _named(measures: Mapping[str, Array], names: Sequence[str]) -> dict[str, Array]:
    return {
        f"{measure}: {name}": values[:, number]
        for measure, values in measures.items()
        for number, name in enumerate(names)
        if name
    }


def _slices(starts: NDArray[np.int64], n: int) -> list[slice]:
    ends = [*starts[1:], n]
    return [slice(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


def _around(scores: Array, positive: Array, negative: Array) -> tuple[Array, Array]:
    """For each text the weight of negatives below it and of positives above; ties half."""
    distinct, inverse = np.unique(scores, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    starts = np.searchsorted(inverse[order], np.arange(len(distinct)))
    lows = np.add.reduceat(negative[:, order], starts, axis=1)
    highs = np.add.reduceat(positive[:, order], starts, axis=1)
    below = np.cumsum(lows, axis=1) - lows / 2
    above = highs.sum(1, keepdims=True) - np.cumsum(highs, axis=1) + highs / 2
    return below[:, inverse], above[:, inverse]


def _own_wins(scores: Array, positive: Array, negative: Array) -> Array:
    below, _ = _around(scores, positive, negative)
    wins: Array = (positive * below).sum(1)
    return wins
