"""Tables of a task as Markdown, for the page and for the pages of single tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from benchmarks.docs.blocks import table

from ..results import REFERENCE
from ..tasks.types import Measure
from .cells import NONE, count, difference_cell, figure_cell, plain, published_cell
from .view import Row, Table
from .wording import Wording

_DIRECTIONS = {"higher": " (higher is better)", "lower": " (lower is better)"}


def measures(of_task: Sequence[Table], words: Wording) -> str:
    """What the measures are, as a list."""
    lines = []
    for each in of_task:
        measure = words.measure(each.task, each.measure)
        about = f": {plain(measure.about)}" if measure.about else ""
        lines.append(f"- **{measure.title}**{_DIRECTIONS.get(measure.better or '', '')}{about}")
    return "\n".join(lines)


def pictures(plots: Iterable[tuple[str, str]]) -> str:
    """Plots with their descriptions."""
    return "".join(f"![{description}]({file})\n\n" for file, description in plots)


def values(each: Table, words: Wording) -> str:
    """The values of a measure, a table for each dimension."""
    measure = words.measure(each.task, each.measure)
    systems = [words.system(name).title for name in each.systems]
    parts = [f"In {measure.unit}.\n"] if measure.unit else []
    for dimension, group in groupby(each.rows, key=lambda row: row.dimension):
        of_dimension = list(group)
        others = any(row.published for row in of_dimension)
        last = ["published by others"] if others else []
        rows = [
            [
                _name(row, words),
                _size(row),
                *(figure_cell(row.figures.get(name), row, measure) for name in each.systems),
                *([published_cell(row.published, measure)] if others else []),
            ]
            for row in of_dimension
        ]
        title = f"**{dimension}**\n" if dimension else ""
        parts += [title, table(["data set and label", "n", *systems, *last], rows), ""]
    return "\n".join(parts).strip("\n")


def differences(each: Table, words: Wording) -> str:
    """Paired differences of a measure from the reference; nothing where there are none."""
    measure = words.measure(each.task, each.measure)
    against = [name for name in each.systems if name != REFERENCE]
    rows = [
        [_name(row, words), row.dimension, *_differences(row, against, measure)]
        for row in each.rows
        if any(figure.difference is not None for figure in row.figures.values())
    ]
    if not rows:
        return ""
    head = ["data set and label", "score", *(words.system(name).title for name in against)]
    return table(head, rows, right=2)


def _differences(row: Row, systems: Iterable[str], measure: Measure) -> list[str]:
    figures = [row.figures.get(name) for name in systems]
    return [
        difference_cell(figure.difference, measure) if figure else NONE for figure in figures
    ]


def _name(row: Row, words: Wording) -> str:
    """Data set and label of a line, with what a reader has to know of them."""
    remarks = f"<br><sub>{', '.join(row.remarks)}</sub>" if row.remarks else ""
    return f"`{row.dataset}`<br>{plain(words.label(row.dataset, row.label))}{remarks}"


def _size(row: Row) -> str:
    """How many texts, and how many of them have the label."""
    with_it = f"<br><sub>{count(row.positives)}</sub>" if row.positives is not None else ""
    return count(row.n) + with_it
