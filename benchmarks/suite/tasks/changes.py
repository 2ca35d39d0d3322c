"""Robustness: scores of texts after changes that leave their meaning alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .. import metrics
from ..datasets.records import Dataset, Example
from ..metrics import Array
from ..perturbations import ABOUT, PERTURBATIONS, changed, sample
from .types import (
    Block,
    Key,
    Labelled,
    Measure,
    Outputs,
    Task,
    Traits,
    groups_of,
    labelled,
)

TEXTS = 1000  # of each data set


def _perturbed(examples: Sequence[Example]) -> dict[str, list[tuple[int, str]]]:
    rows = sample(examples, TEXTS)
    return {
        name: [(n, changed(name, examples[n].text, examples[n].id)) for n in rows]
        for name in PERTURBATIONS
    }


def _robustness(dataset: Dataset, outputs: Outputs, traits: Traits) -> list[Block]:
    rows = sample(dataset.examples, TEXTS)
    before = Outputs(outputs.scores[rows])
    part = dataset._replace(examples=[dataset.examples[n] for n in rows])
    after = {name: Outputs(scores) for name, scores in outputs.variants.items()}
    known = list(labelled(part, before, "binary", sign=1))
    dimensions = dict.fromkeys(each.spec.dimension for each in known)
    drifts = [_drift(part, before, after, dimension) for dimension in dimensions]
    return drifts + [
        _loss(each, after) for each in known if 0 < sum(each.labels) < len(each.labels)
    ]


def _drift(
    part: Dataset, before: Outputs, after: Mapping[str, Outputs], dimension: str
) -> Block:
    moves = {name: new.of(dimension) - before.of(dimension) for name, new in after.items()}

    def evaluate(weights: Array) -> Mapping[Key, Array]:
        found: dict[Key, Array] = {}
        for name, move in moves.items():
            found["drift", name] = metrics.share(np.abs(move), weights)
            found["shift", name] = metrics.share(move, weights)
        return found

    n = len(part.examples)
    return Block("all texts", dimension, n, None, groups_of(part.examples), evaluate)


def _loss(each: Labelled, after: Mapping[str, Outputs]) -> Block:
    changed_scores = {
        name: new.of(each.spec.dimension)[each.rows] for name, new in after.items()
    }

    def evaluate(weights: Array) -> Mapping[Key, Array]:
        whole = metrics.auc(metrics.tally(each.labels, each.scores, weights))
        found: dict[Key, Array] = {("auc", None): whole}
        for name, scores in changed_scores.items():
            value = metrics.auc(metrics.tally(each.labels, scores, weights))
            found["auc_loss", f"{each.spec.name}: {name}"] = whole - value
        return found

    return each.block(evaluate)


TASKS = (
    Task(
        "robustness",
        "Robustness",
        "What do changes that leave the meaning alone do to the scores? "
        f"Up to {TEXTS:,} texts of each set, changed by a seeded generator: "
        + "; ".join(f"*{name}*: {text}" for name, text in ABOUT.items())
        + ".",
        {
            "auc_loss": Measure("AUC lost", "lower", "AUC before less AUC after.", 3),
            "drift": Measure("drift", "lower", "Mean distance of scores after from before.", 3),
            "shift": Measure("shift", None, "Mean of scores after less before.", 3),
            "auc": Measure("AUC", "higher", "Of the same texts, unchanged."),
        },
        _robustness,
        variants=_perturbed,
        place=10,
    ),
)
