"""From what a system said to the figures of a task, with intervals and differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bootstrap import RESAMPLES, Replicates, difference, interval, replicates
from .datasets.records import Dataset
from .results import REFERENCE, Difference, Figure
from .tasks import Outputs, Task, Traits

Place = tuple[str, str, str]  # measure, label, dimension
Drawn = Mapping[Place, Replicates]


class NoFigures(Exception):  # noqa: N818
    """There is nothing to measure; the message says why."""


def figures(
    task: Task,
    dataset: Dataset,
    outputs: Outputs,
    traits: Traits,
    reference: Drawn | None,
    *,
    resamples: int = RESAMPLES,
) -> tuple[list[Figure], Drawn]:
    """The figures of one system on one task and data set.

    Args:
        task: what to measure.
        dataset: on what.
        outputs: what the system said.
        traits: what the system is.
        reference: the draws of the reference system; None where this is it, or it has none.
        resamples: how many.

    Returns:
        The figures, and the draws that differences of other systems need.

    Raises:
        NoFigures: the system or the data set has nothing to measure.
    """
    if task.probabilities and not traits.probabilities:
        raise NoFigures("its scores do not claim to be probabilities")
    blocks = task.blocks(dataset, outputs, traits)
    if not blocks:
        raise NoFigures(_why(task, dataset, outputs, traits))
    made: list[Figure] = []
    drawn: dict[Place, Replicates] = {}
    for block in blocks:
        found = replicates(block.evaluate, block.n, block.groups, resamples=resamples)
        for (measure, label), values in found.items():
            place = (measure, label or block.label, block.dimension)
            drawn[place] = values
            value, low, high = interval(values)
            made.append(
                Figure(
                    measure,
                    place[1],
                    block.dimension,
                    value,
                    low,
                    high,
                    block.n,
                    block.positives,
                    _difference(values, reference.get(place) if reference else None),
                )
            )
    return made, drawn


def _difference(values: Replicates, reference: Replicates | None) -> Difference | None:
    if reference is None:
        return None
    value, low, high = difference(values, reference)
    return None if value is None else Difference(REFERENCE, value, low, high)


def _why(task: Task, dataset: Dataset, outputs: Outputs, traits: Traits) -> str:
    dimensions = dict.fromkeys(spec.dimension for spec in dataset.labels)
    missing = [name for name in dimensions if not outputs.has(name)]
    if missing:
        return f"it has no score for {' and '.join(missing)}"
    unmarked = [name for name in dimensions if task.spans and name not in traits.points_at]
    if unmarked:
        return f"it does not point at words of {' and '.join(unmarked)}"
    return "the data set has no labels for this task (in a quick run: in its sample)"


def timed(answer: Mapping[str, Any]) -> tuple[list[Figure], dict[str, Any]]:
    """Figures and curves of the speed task, from the worker's answer."""
    made = [
        Figure(measure, label, "", value, n=n) for measure, label, value, n in answer["figures"]
    ]
    points = [list(point) for point in answer["points"]]
    return made, {"growth": [{"label": "one text", "points": points}]} if points else {}
