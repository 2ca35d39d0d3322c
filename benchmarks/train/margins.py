"""How far a sentence of a text has to stand out to count in place of the whole text.

A network that reads all of a long text hears one harsh sentence in it too faintly: few
texts of that kind have been rated. So such texts are made, from those of the calibration
part: a text of one sentence at the end of another text. What the sentence is, the text is.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from benchmarks.fit.corpus import DIMENSIONS, Item
from benchmarks.fit.model import Array
from calmtone.model import ModelReading
from calmtone.resources import read_json
from calmtone.scoring import pooled

from .calibration import balance, logistic

HOST_SENTENCES = 3  # at least, of a text that gets a further sentence
HOSTS = 2  # for each sentence
# What the made texts weigh, of all. Set beforehand and not fitted: nobody knows how many
# drafts are of their kind.
SHARE = 0.05
# In raw log-odds. One telling sentence must show, even where that costs a little loss.
GRID = tuple(i / 4 for i in range(9))
SHARPNESS: float = read_json("models", "engine.json")["sharpness"]
_NONE = -50.0  # a log-odds below all others


class Spliced(NamedTuple):
    """A text with a further sentence; ratings of both, in the order of `DIMENSIONS`."""

    text: str
    host: tuple[int, int, int]
    guest: tuple[int, int, int]


def splice(items: Sequence[Item], sentences: Sequence[int], seed: int = 0) -> list[Spliced]:
    """Texts of one sentence, each at the end of some texts of several.

    Args:
        items: rated texts.
        sentences: how many each has.
        seed: of the choice of hosts.
    """
    pairs = list(zip(items, sentences, strict=True))
    hosts = [item for item, count in pairs if count >= HOST_SENTENCES]
    chosen = random.Random(seed)
    found = []
    for guest in [item for item, count in pairs if count == 1]:
        for host in chosen.sample(hosts, min(HOSTS, len(hosts))):
            text = host.text.strip()
            text += " " if text.endswith((".", "!", "?")) else ". "
            found.append(Spliced(text + guest.text.strip(), host.ratings, guest.ratings))
    return found


class Heard(NamedTuple):
    """Log-odds (texts, 3) of whole texts, and what their sentences pool to."""

    whole: Array
    pooled: Array

    def with_margins(self, margins: dict[str, float]) -> Array:
        """Log-odds as the library takes them: of the whole, or of a sentence that stands out.

        Args:
            margins: by dimension.
        """
        least = np.array([margins[name] for name in DIMENSIONS])
        found: Array = np.maximum(self.whole, self.pooled - least)
        return found


def heard(readings: Sequence[ModelReading]) -> Heard:
    """What a model without margins says, asked for sentences too.

    A text without words has 0; what a text of one sentence pools to is below everything.
    """
    whole = [[value or 0.0 for value in row.logits] for row in readings]
    told = [
        [
            pooled(values, SHARPNESS)
            if (values := [v for s in row.sentences if (v := s[k]) is not None])
            and len(row.sentences) > 1
            else _NONE
            for k in range(len(DIMENSIONS))
        ]
        for row in readings
    ]
    shape = (len(readings), len(DIMENSIONS))
    return Heard(np.array(whole).reshape(shape), np.array(told).reshape(shape))


def fit_margins(
    items: Sequence[Item], rated: Heard, spliced: Sequence[Spliced], made: Heard
) -> dict[str, Any]:
    """The margin of each dimension: the least loss after calibration.

    A spliced text counts for a dimension where its host is rated 0 there, and is hot where
    its guest is rated 2 or more.

    Args:
        items: of the calibration part.
        rated: what the model says of them.
        spliced: what `splice` made of them.
        made: what the model says of those.

    Returns:
        The key `sentence_margin` of `calmtone.json`.
    """
    found = {}
    for k, name in enumerate(DIMENSIONS):
        rows = [i for i, one in enumerate(spliced) if one.host[k] == 0]
        hot = [item.ratings[k] >= 2 for item in items]
        hot += [spliced[i].guest[k] >= 2 for i in rows]
        y, weights = np.array(hot, dtype=float), balance(items)
        weights = weights / weights.sum()
        if rows:
            part = np.full(len(rows), SHARE / len(rows))
            weights = np.concatenate([weights * (1 - SHARE), part])
        losses = []
        for margin in GRID:
            z = np.concatenate(
                [
                    np.maximum(rated.whole[:, k], rated.pooled[:, k] - margin),
                    np.maximum(made.whole[rows, k], made.pooled[rows, k] - margin),
                ]
            )
            x = np.stack([np.ones(len(z)), z], 1)
            intercept, slope = logistic(x, y, weights, (0, 1), (None, 0.05))
            z = intercept + slope * z
            losses.append(
                (float(np.average(np.logaddexp(0, z) - y * z, weights=weights)), margin)
            )
        found[name] = min(losses)[1]
    return found
