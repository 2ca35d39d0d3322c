"""Percentile bootstrap, seeded, for many measures in one pass.

Efron and Tibshirani 1993, ch. 13: texts (or whole groups of them, such as threads, where
texts of a group are not independent) are drawn anew with replacement, 1,000 times; the 2.5th
and 97.5th percentiles of a measure bound its 95 % interval. Two systems see the same draws,
so the differences of their values are paired.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from .metrics import Array, ones

RESAMPLES = 1000
SEED = 20260101
_CELLS = 400_000  # numbers in memory at once: resamples in a block times texts

Key = TypeVar("Key", bound=Hashable)


class Replicates(NamedTuple):
    """A measure's value on the sample, and on each resample (empty: no interval)."""

    value: float
    draws: Array


class Interval(NamedTuple):
    """Value and bounds; the bounds are None where fewer than nine draws in ten have a value."""

    value: float | None
    low: float | None
    high: float | None


def replicates(
    evaluate: Callable[[Array], Mapping[Key, Array]],
    n: int,
    groups: Sequence[object] | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> dict[Key, Replicates]:
    """Values of several measures on the sample and on its resamples.

    Args:
        evaluate: weights of shape (r, n) to r values for each measure.
        n: the number of texts.
        groups: for each text what it belongs to; equal ones are drawn together.
        resamples: how many; none gives values without intervals.
        seed: of the draws; equal seeds and texts draw alike.
    """
    values = {name: float(found[0]) for name, found in evaluate(ones(n)).items()}
    drawn: dict[Key, list[Array]] = {name: [] for name in values}
    for weights in draws(n, groups, resamples=resamples, seed=seed):
        for name, found in evaluate(weights).items():
            drawn[name].append(found)
    return {
        name: Replicates(value, np.concatenate(drawn[name]) if drawn[name] else np.empty(0))
        for name, value in values.items()
    }


def draws(
    n: int,
    groups: Sequence[object] | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Iterator[Array]:
    """Blocks of weights, (r, n) each: how often each resample holds each text."""
    member = members(groups, n)
    size = n if member is None else int(member.max()) + 1
    rng = np.random.default_rng(seed)
    block = max(1, min(resamples, _CELLS // max(n, 1)))
    for start in range(0, resamples, block):
        rows = min(block, resamples - start)
        picked = rng.integers(0, size, (rows, size))
        picked += np.arange(rows)[:, None] * size
        counts = np.bincount(picked.ravel(), minlength=rows * size).reshape(rows, size)
        weights = counts.astype(np.float64)
        yield weights if member is None else weights[:, member]


def members(groups: Sequence[object] | None, n: int) -> NDArray[np.int64] | None:
    """The number of each text's group, by first appearance; None where all stand alone."""
    if groups is None:
        return None
    numbers: dict[object, int] = {}
    found = [numbers.setdefault(group, len(numbers)) for group in groups]
    return None if len(numbers) == n else np.array(found)


def interval(found: Replicates) -> Interval:
    """Value and 95 % percentile bounds."""
    return Interval(_number(found.value), *_bounds(found.draws))


def difference(ours: Replicates, reference: Replicates) -> Interval:
    """Ours minus the reference, resample by resample."""
    if ours.draws.shape != reference.draws.shape:
        raise ValueError("the two were not drawn from the same texts")
    value = _number(ours.value - reference.value)
    return Interval(value, *_bounds(ours.draws - reference.draws))


def _bounds(values: Array) -> tuple[float | None, float | None]:
    kept = values[np.isfinite(values)]
    if len(kept) == 0 or len(kept) < 0.9 * len(values):
        return None, None
    low, high = np.percentile(kept, (2.5, 97.5))
    return float(low), float(high)


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None
