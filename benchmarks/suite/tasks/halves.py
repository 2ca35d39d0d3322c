"""Pairs of texts: calm rewrites and contrast pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .. import metrics
from ..datasets.records import Dataset, Example, LabelSpec, pairs, rewrites
from ..metrics import Array
from .types import Block, Key, Measure, Outputs, Task, Traits, groups_of, specs


def _rewrites(dataset: Dataset, outputs: Outputs, traits: Traits) -> list[Block]:
    return _compared(dataset, outputs, rewrites(dataset.examples))


def _pairs(dataset: Dataset, outputs: Outputs, traits: Traits) -> list[Block]:
    return _compared(dataset, outputs, pairs(dataset.examples))


def _compared(
    dataset: Dataset, outputs: Outputs, halves: Sequence[tuple[Example, Example]]
) -> list[Block]:
    """For each label the pairs whose halves differ in it, the higher one first."""
    number = {example.id: n for n, example in enumerate(dataset.examples)}

    def block(spec: LabelSpec, ordered: Sequence[tuple[Example, Example]]) -> Block:
        scores = outputs.of(spec.dimension, spec.sign)
        high = scores[[number[a.id] for a, _ in ordered]]
        low = scores[[number[b.id] for _, b in ordered]]

        def evaluate(weights: Array) -> Mapping[Key, Array]:
            right, ties = metrics.lower_shares(high, low, weights)
            return {("right", None): right, ("ties", None): ties}

        groups = groups_of([a for a, _ in ordered])
        return Block(spec.name, spec.dimension, len(ordered), None, groups, evaluate)

    wanted = specs(dataset, "rewrite") or specs(dataset, "rating") or specs(dataset, "binary")
    found = ((spec, _ordered(halves, spec.name)) for spec in wanted)
    return [
        block(spec, ordered)
        for spec, ordered in found
        if ordered and outputs.has(spec.dimension)
    ]


def _ordered(
    halves: Sequence[tuple[Example, Example]], label: str
) -> list[tuple[Example, Example]]:
    return [
        (a, b) if a.labels[label] > b.labels[label] else (b, a)
        for a, b in halves
        if label in a.labels and label in b.labels and a.labels[label] != b.labels[label]
    ]


_MEASURES = {
    "right": Measure("right", "higher", "Share of pairs in the right order; ties are wrong."),
    "ties": Measure("ties", "lower", "Share of pairs with equal scores."),
}
TASKS = (
    Task(
        "rewrites",
        "Rewrites",
        "Does the calm version of a text score lower than its original?",
        _MEASURES,
        _rewrites,
        place=6,
    ),
    Task(
        "pairs",
        "Contrast pairs",
        "Same facts, other tone: does the half that people rated higher score higher?",
        _MEASURES,
        _pairs,
        place=7,
    ),
)
