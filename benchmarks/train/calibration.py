"""Numbers fitted after training: calibration, blend with the rules, span thresholds.

Fitted on the calibration part of the train split and on the project's replies, from which
neither the model nor the rules used here have learned. Messages have the larger say, since
drafts of replies are what the library is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize

from benchmarks.fit.corpus import DIMENSIONS, Item
from benchmarks.fit.model import Array
from benchmarks.suite.span_metrics import character_f1, touched
from calmtone.onnx.spans import token_spans

from .examples import TOKEN_LABELS

# The say of messages; the rest is that of real texts. Of .5, .65 and .8 the one with the
# least calibration error on messages of the dev split.
MESSAGES = 0.8
# Little pull towards "the model as it is": there are few texts for it to matter.
RIDGE = 0.002
# Lower ones mark more words right, and words of plain sentences too.
THRESHOLDS = tuple(i / 20 for i in range(4, 18))
JOINS = (0, 1, 2, 4, 8)

Pair = tuple[int, int]


def balance(items: Sequence[Item]) -> Array:
    """Weights that give messages their say, `MESSAGES`, whatever their number."""
    messages = np.array([item.kind == "messages" for item in items])
    share = messages.mean()
    if share in (0.0, 1.0):
        return np.ones(len(items))
    weights: Array = np.where(messages, MESSAGES / share, (1 - MESSAGES) / (1 - share))
    return weights


def logistic(
    x: Array,
    y: Array,
    weights: Array,
    start: Sequence[float],
    least: Sequence[float | None],
    known: Array | float = 0.0,
) -> list[float]:
    """Logistic regression with bounds, drawn a little towards `start`.

    Args:
        x: columns (n, m); a column of ones for an intercept.
        y: labels (n,), 0 or 1.
        weights: of each text (n,).
        start: where coefficients are drawn to.
        least: their lower bounds, None for none.
        known: what is added to the log-odds anyway (n,).
    """
    origin = np.array(start)

    def loss(values: Array) -> tuple[float, Array]:
        z = x @ values + known
        value = np.average(np.logaddexp(0, z) - y * z, weights=weights)
        slope = x.T @ (weights * (1 / (1 + np.exp(-z)) - y)) / weights.sum()
        away = values - origin
        return float(value + RIDGE * away @ away), slope + 2 * RIDGE * away

    bounds = [(low, None) for low in least]
    found = minimize(loss, origin, jac=True, method="L-BFGS-B", bounds=bounds)
    return [round(float(value), 4) for value in found.x]


def calibrate(items: Sequence[Item], logits: Array, rules: Array) -> dict[str, Any]:
    """Calibration of the model alone (Platt 1999), and its blend with the rules.

    Args:
        items: the texts of the calibration part.
        logits: raw ones of the model (texts, 3), windows combined.
        rules: log-odds of rules that were fitted without these texts (texts, 3).

    Returns:
        The keys `calibration` and `blend` of `calmtone.json`.
    """
    weights, ones = balance(items), np.ones(len(items))
    found: dict[str, Any] = {"calibration": {}, "blend": {}}
    for k, name in enumerate(DIMENSIONS):
        y = np.array([item.ratings[k] >= 2 for item in items], dtype=float)
        z, r = logits[:, k], rules[:, k]
        intercept, slope = logistic(np.stack([ones, z], 1), y, weights, (0, 1), (None, 0.05))
        found["calibration"][name] = {"slope": slope, "intercept": intercept}
        columns = np.stack([ones, z, r], 1)
        parts = logistic(columns, y, weights, (0, 1, 0), (None, 0.0, 0.0))
        found["blend"][name] = dict(zip(("intercept", "model", "rules"), parts, strict=True))
    return found


def fit_short(
    items: Sequence[Item],
    logits: Array,
    rules: Array,
    shortness: Array,
    blend: Mapping[str, Mapping[str, float]],
) -> dict[str, dict[str, float]]:
    """How much steeper and higher the logits of short texts are to be, for the blend.

    Hostility stays as it is: a lift would raise kind short sentences that name a group of
    people as well (of the identity templates twice as many stood above 0.5), and rules find
    most of what is hostile in a few words.

    Args:
        items: texts from which neither the model nor the rules used here have learned.
        logits: of the model (texts, 3).
        rules: log-odds of rules (texts, 3).
        shortness: of the texts (n,), from 0 to 1.
        blend: as `calibrate` found it.

    Returns:
        The keys `steeper` and `lift` of `short` in `calmtone.json`, by dimension.
    """
    short = np.flatnonzero(shortness > 0)
    s, weights = shortness[short], balance([items[i] for i in short])
    found = {key: dict.fromkeys(DIMENSIONS, 0.0) for key in ("steeper", "lift")}
    for k, name in enumerate(DIMENSIONS):
        if name == "hostility":
            continue
        y = np.array([items[i].ratings[k] >= 2 for i in short], dtype=float)
        part, z = blend[name], logits[short, k]
        # The blend is linear in both numbers, so this is a logistic regression as well.
        known = part["intercept"] + part["model"] * z + part["rules"] * rules[short, k]
        columns = part["model"] * np.stack([z * s, s], 1)
        steeper, lift = logistic(columns, y, weights, (0, 0), (0.0, None), known)
        found["steeper"][name], found["lift"][name] = steeper, lift
    return found


class Marked:
    """A text's tokens, the probabilities of one token label, and the spans people marked."""

    def __init__(
        self,
        offsets: Sequence[Pair],
        words: Sequence[int | None],
        probabilities: Sequence[float],
        spans: Sequence[Pair],
    ) -> None:
        self.offsets, self.words = offsets, words
        self.probabilities, self.spans = probabilities, spans

    def found(self, settings: dict[str, float]) -> list[Pair]:
        """The spans that the label gives with these settings."""
        spans = token_spans(self.offsets, self.words, self.probabilities, settings)
        return [(start, end) for start, end, _ in spans]


def touch_figures(texts: Sequence[Marked], settings: dict[str, float]) -> tuple[float, float]:
    """Recall: marked spans touched; precision: found spans that touch a marked one."""
    counts = [0, 0, 0, 0]
    for text in texts:
        ours = text.found(settings)
        recalled, right = touched(ours, text.spans)
        for place, value in enumerate((recalled, len(text.spans), right, len(ours))):
            counts[place] += value
    return counts[0] / max(counts[1], 1), counts[2] / max(counts[3], 1)


def fit_spans(texts: dict[str, list[Marked]], least_score: float = 0.15) -> dict[str, Any]:
    """Threshold and gap of each token label: the best F1 on marked texts.

    For `insult` F1 is the mean over characters of the Toxic Spans task; for dimensions that
    and F1 of spans touched are added. A label without texts gets 0.5.
    """
    chosen: dict[str, Any] = {}
    for name in TOKEN_LABELS:
        best = (-1.0, 0.5, 1)
        for threshold in THRESHOLDS if texts.get(name) else ():
            for join in JOINS:
                how = {"threshold": threshold, "join": join, "least_chars": 3}
                characters = float(
                    np.mean([character_f1(t.found(how), t.spans) for t in texts[name]])
                )
                value = characters
                if name != "insult":
                    recall, precision = touch_figures(texts[name], how)
                    value = 2 * recall * precision / max(recall + precision, 1e-9)
                    # Touching alone is easiest with long spans: characters count as much.
                    value += characters
                best = max(best, (value, threshold, join))
        chosen[name] = {
            "threshold": best[1],
            "join": best[2],
            "least_chars": 3,
            "least_score": least_score,
        }
    return chosen
