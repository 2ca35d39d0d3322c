"""The page as Markdown: its order, and the part of each task."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from benchmarks.docs.blocks import table

from ..results import REFERENCE, Result
from ..tasks.types import Measure
from . import appendix
from .cells import (
    BETTER,
    NONE,
    OTHER,
    WORSE,
    count,
    difference_cell,
    figure_cell,
    folded,
    plain,
    published_cell,
)
from .prose import prose
from .published import Published
from .view import Row, Table, tables
from .wording import Wording

_DIRECTIONS = {"higher": " (higher is better)", "lower": " (lower is better)"}
_ENDS = (
    "Not run",
    "Data sets",
    "Systems",
    "Published elsewhere",
    "How to repeat it",
    "Where it ran",
    "Citing",
)


def page(
    results: Sequence[Result],
    published: Published,
    words: Wording,
    plots: Mapping[str, Sequence[tuple[str, str]]],
) -> str:
    """The whole page.

    Args:
        results: of every system, task and data set.
        published: what others have published.
        words: titles and explanations.
        plots: for each task, the file name and the description of each of its plots.
    """
    by_task = tables(results, published, words)
    marks = {"better": BETTER, "worse": WORSE, "other": OTHER, "none": NONE}
    parts = [prose("head")]
    if any(result.quick for result in results):
        parts.append("> **From a quick run**, on samples of the texts: not to be quoted.\n")
    parts += [
        _contents(list(by_task), words),
        prose("reading", reference=words.system(REFERENCE).title, **marks),
    ]
    for name, of_task in by_task.items():
        parts.append(_task(name, of_task, words, plots.get(name, ())))
    parts += [
        appendix.not_run(results),
        appendix.datasets(results, words),
        appendix.systems(results, words),
        appendix.elsewhere(published),
        prose("reproduce"),
        appendix.provenance(results),
        prose("citing"),
        appendix.citations(results, words),
        appendix.footnotes(published),
    ]
    return "\n".join(part.strip("\n") + "\n" for part in parts if part)


def anchor(title: str) -> str:
    """What a heading is linked by."""
    kept = "".join(c for c in title.lower() if c.isalnum() or c in "-_ ")
    return kept.replace(" ", "-")


def _contents(tasks: Sequence[str], words: Wording) -> str:
    lines = []
    for task in map(words.task, tasks):
        asks = f": {_first(task.asks)}" if task.asks else ""
        lines.append(f"- [{task.title}](#{anchor(task.title)}){asks}")
    links = ", ".join(f"[{end.lower()}](#{anchor(end)})" for end in _ENDS)
    return "\n".join([*lines, "", f"And: {links}.", ""])


def _first(text: str) -> str:
    """The first sentence."""
    return re.split(r"(?<=[.?!])\s", plain(text))[0]


def _task(
    name: str, of_task: Sequence[Table], words: Wording, plots: Sequence[tuple[str, str]]
) -> str:
    """What the task asks, its measures, its plots; one table open, the others folded."""
    text = words.task(name)
    lines = [f"## {text.title}", plain(text.asks), ""]
    measures = {each.measure: words.measure(name, each.measure) for each in of_task}
    for measure in measures.values():
        about = f": {plain(measure.about)}" if measure.about else ""
        lines.append(f"- **{measure.title}**{_DIRECTIONS.get(measure.better or '', '')}{about}")
    lines.append("")
    for file, description in plots:
        lines += [f"![{description}]({file})", ""]
    for place, each in enumerate(of_task):
        measure = measures[each.measure]
        shown = _values(each, measure, words)
        if place == 0:
            lines += [f"### {text.title}: {measure.title}", "", shown, ""]
        else:
            lines += folded(measure.title, shown)
    for each in of_task[:1]:  # of the others the files hold them: the page has to stay readable
        measure = measures[each.measure]
        shown = _differences(each, measure, words)
        if shown:
            lines += folded(f"{measure.title}: differences from the reference", shown)
    return "\n".join(lines)


def _values(each: Table, measure: Measure, words: Wording) -> str:
    """A table for each dimension."""
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


def _name(row: Row, words: Wording) -> str:
    """Data set and label of a line, with what a reader has to know of them."""
    remarks = f"<br><sub>{', '.join(row.remarks)}</sub>" if row.remarks else ""
    return f"`{row.dataset}`<br>{plain(words.label(row.dataset, row.label))}{remarks}"


def _size(row: Row) -> str:
    """How many texts, and how many of them have the label."""
    with_it = f"<br><sub>{count(row.positives)}</sub>" if row.positives is not None else ""
    return count(row.n) + with_it


def _differences(each: Table, measure: Measure, words: Wording) -> str:
    against = [name for name in each.systems if name != REFERENCE]
    rows = [
        [
            _name(row, words),
            row.dimension,
            *(
                difference_cell(row.figures[name].difference, measure)
                if name in row.figures
                else NONE
                for name in against
            ),
        ]
        for row in each.rows
        if any(figure.difference is not None for figure in row.figures.values())
    ]
    if not rows:
        return ""
    head = ["data set and label", "score", *(words.system(name).title for name in against)]
    start = f"The system's value less that of {words.system(REFERENCE).title}.\n\n"
    return start + table(head, rows, right=2)
