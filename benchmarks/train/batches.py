"""Which texts go through the encoder together: a plan, the same for the same seed."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence


def draw(repeats: Sequence[float], rng: random.Random) -> list[int]:
    """Units of one pass: each as often as its repeats say, a fraction being a chance."""
    drawn: list[int] = []
    for unit, often in enumerate(repeats):
        whole = math.floor(often)
        drawn += [unit] * (whole + (rng.random() < often - whole))
    rng.shuffle(drawn)
    return drawn


def batches(
    drawn: Sequence[int],
    lengths: Sequence[int],
    counts: Sequence[int],
    tokens: int,
    rng: random.Random,
    block: int = 4000,
) -> list[list[int]]:
    """Units of like length together, so that little is padded.

    Args:
        drawn: units in their random order.
        lengths: tokens of the longest text of each unit.
        counts: texts of each unit.
        tokens: most tokens in a batch, padding counted; a longer unit goes alone.
        rng: the order of the batches.
        block: how many units are sorted by length at a time.
    """
    planned: list[list[int]] = []
    for start in range(0, len(drawn), block):
        batch: list[int] = []
        texts = 0
        for unit in sorted(drawn[start : start + block], key=lengths.__getitem__):
            texts += counts[unit]
            if batch and texts * lengths[unit] > tokens:
                planned.append(batch)
                batch, texts = [], counts[unit]
            batch.append(unit)
        if batch:
            planned.append(batch)
    rng.shuffle(planned)
    return planned
