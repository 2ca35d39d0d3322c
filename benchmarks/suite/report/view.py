"""What stands in which cell: results and published values, arranged for the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from calmtone.results import DIMENSIONS

from ..results import REFERENCE, Figure, Result
from .published import Published, Value
from .wording import Wording

TRAINED, PARTIAL, MISSING = "trained on", "partial copy", "not run"


class Row(NamedTuple):
    """One line of a table.

    Args:
        dataset, label, dimension: what was measured.
        n, positives: texts, and those that have the label; None where no system ran.
        remarks: what a reader has to know of the data set, such as "partial copy".
        figures: by system; a system that did not run is missing.
        published: values of others for this line.
    """

    dataset: str
    label: str
    dimension: str
    n: int | None
    positives: int | None
    remarks: tuple[str, ...]
    figures: Mapping[str, Figure]
    published: tuple[Value, ...]


class Table(NamedTuple):
    """One measure of one task.

    Args:
        systems: those that have a figure in one of the rows, the reference first.
    """

    task: str
    measure: str
    systems: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(
    results: Sequence[Result], published: Published, words: Wording
) -> dict[str, list[Table]]:
    """The tables of each task, in the order of the suite's tasks and their measures."""
    done = [result for result in results if result.status == "done"]
    found = {result.task for result in done}
    by_task: dict[str, list[Table]] = {}
    for task in words.ordered_tasks(found):
        of_task = [result for result in done if result.task == task]
        measures = {figure.measure for result in of_task for figure in result.figures}
        by_task[task] = [
            _table(task, measure, of_task, results, published, words)
            for measure in words.ordered_measures(task, measures)
        ]
    return by_task


def _table(
    task: str,
    measure: str,
    done: Sequence[Result],
    results: Sequence[Result],
    published: Published,
    words: Wording,
) -> Table:
    figures: dict[tuple[str, str, str], dict[str, Figure]] = defaultdict(dict)
    remarks: dict[str, tuple[str, ...]] = {}
    for result in done:
        remarks[result.dataset] = _remarks(result)
        for figure in result.figures:
            if figure.measure == measure:
                place = (figure.dimension, result.dataset, figure.label)
                figures[place][result.system] = figure
    others = _others(published, task, measure)
    known = {(dataset, label) for _, dataset, label in figures}
    waiting = {result.dataset for result in results if result.status != "done"}
    for (dataset, label), found in others.items():
        if (dataset, label) not in known and dataset in waiting and found[0].same:
            figures[found[0].dimension, dataset, label] = {}
    made = [_row(place, figures[place], remarks, others) for place in figures]
    rows = tuple(sorted(made, key=_place))
    present = {system for row in rows for system in row.figures}
    return Table(task, measure, words.ordered_systems(present), rows)


def first_labels(each: Table, words: Wording) -> Table:
    """Of a table whose labels have parts (`label: part`) only the first label of each set.

    First is what the set's entry lists first for that dimension. Other tables stay whole.
    """
    if not any(": " in row.label for row in each.rows):
        return each
    labels: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in each.rows:
        labels[row.dimension, row.dataset].add(row.label.partition(": ")[0])
    first = {place: words.first_label(place[1], found) for place, found in labels.items()}
    rows = tuple(
        row
        for row in each.rows
        if row.label.partition(": ")[0] == first[row.dimension, row.dataset]
    )
    return each._replace(rows=rows)


def _row(
    place: tuple[str, str, str],
    figures: Mapping[str, Figure],
    remarks: Mapping[str, tuple[str, ...]],
    others: Mapping[tuple[str, str], tuple[Value, ...]],
) -> Row:
    dimension, dataset, label = place
    first = figures.get(REFERENCE) or next(iter(figures.values()), None)
    return Row(
        dataset,
        label,
        dimension,
        first.n if first else None,
        first.positives if first else None,
        remarks.get(dataset, (MISSING,)),
        figures,
        others.get((dataset, label), ()),
    )


def _place(row: Row) -> tuple[int, bool, str, str]:
    """Order of lines: by score; sets that were trained on after all others."""
    known = row.dimension in DIMENSIONS
    dimension = DIMENSIONS.index(row.dimension) if known else len(DIMENSIONS)
    return (dimension, TRAINED in row.remarks, row.dataset, row.label)


def _remarks(result: Result) -> tuple[str, ...]:
    remarks = []
    if result.use == "train":
        remarks.append(TRAINED)
    if result.partial_copy:
        remarks.append(PARTIAL)
    return tuple(remarks)


def _others(
    published: Published, task: str, measure: str
) -> dict[tuple[str, str], tuple[Value, ...]]:
    found: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in published.values:
        if (value.task, value.measure) == (task, measure):
            found[value.dataset, value.label].append(value)
    return {place: tuple(values) for place, values in found.items()}


def standing(figure: Figure, better: str | None) -> int:
    """Whether a figure is measurably better (1) or worse (-1) than the reference, or not (0).

    Measurably: the 95 % interval of the paired difference leaves out zero.
    """
    difference = figure.difference
    if better is None or difference is None or difference.low is None:
        return 0
    if difference.high is None or difference.low <= 0 <= difference.high:
        return 0
    return 1 if (difference.low > 0) == (better == "higher") else -1


def best(figures: Mapping[str, Figure], better: str | None) -> float | None:
    """The best value among systems, or None where there is no better and no worse."""
    values = [figure.value for figure in figures.values() if figure.value is not None]
    if better is None or len(values) < 2:
        return None
    return max(values) if better == "higher" else min(values)
