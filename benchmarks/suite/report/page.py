"""The pages as Markdown: one with the first measure of each task, and one for each task."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..results import REFERENCE, Result
from . import appendix, sections
from .cells import BETTER, NONE, OTHER, WORSE, plain
from .prose import prose
from .published import Published
from .view import Table, first_labels, tables
from .wording import Wording

PAGE = "benchmarks.md"
FOLDER = "benchmarks"  # of the pages of single tasks and of the plots
PART = f"A part of [benchmarks](../{PAGE})"  # what a page of a single task says
_ENDS = (
    "Not run",
    "Data sets",
    "Systems",
    "Published elsewhere",
    "How to repeat it",
    "Where it ran",
    "Citing",
)
Pictures = Mapping[str, Sequence[tuple[str, str]]]


def pages(
    results: Sequence[Result], published: Published, words: Wording, plots: Pictures
) -> dict[str, str]:
    """All pages by their path below the folder of the documentation.

    Args:
        results: of every system, task and data set.
        published: what others have published.
        words: titles and explanations.
        plots: for each task, the file and the description of each of its plots.
    """
    by_task = tables(results, published, words)
    made = {PAGE: _whole(results, published, words, by_task, plots)}
    for name, of_task in by_task.items():
        made[f"{FOLDER}/{name}.md"] = _detail(name, of_task, published, words, results)
    return made


def anchor(title: str) -> str:
    """What a heading is linked by."""
    kept = "".join(c for c in title.lower() if c.isalnum() or c in "-_ ")
    return kept.replace(" ", "-")


def _whole(
    results: Sequence[Result],
    published: Published,
    words: Wording,
    by_task: Mapping[str, Sequence[Table]],
    plots: Pictures,
) -> str:
    marks = {"better": BETTER, "worse": WORSE, "other": OTHER, "none": NONE}
    return _joined(
        prose("head"),
        _warning(results),
        _contents(list(by_task), words),
        prose("reading", reference=words.system(REFERENCE).title, **marks),
        *(_task(name, by_task[name], words, plots.get(name, ())) for name in by_task),
        appendix.not_run(results, words),
        appendix.datasets(results, words),
        appendix.systems(results, words),
        appendix.elsewhere(published),
        prose("reproduce"),
        appendix.provenance(results),
        prose("citing"),
        appendix.citations(results, words),
        appendix.footnotes(published),
    )


def _joined(*parts: str) -> str:
    return "\n".join(part.strip("\n") + "\n" for part in parts if part)


def _warning(results: Sequence[Result]) -> str:
    if any(result.quick for result in results):
        return "> **From a quick run**, on samples of the texts: not to be quoted.\n"
    return ""


def _contents(tasks: Sequence[str], words: Wording) -> str:
    lines = []
    for task in map(words.task, tasks):
        asks = f": {_first(task.asks)}" if task.asks else ""
        lines.append(f"- [{task.title}](#{anchor(task.title)}){asks}")
    links = ", ".join(f"[{end.lower()}](#{anchor(end)})" for end in _ENDS)
    return "\n".join([*lines, "", f"And: {links}."])


def _first(text: str) -> str:
    """The first sentence."""
    return re.split(r"(?<=[.?!])\s", plain(text))[0]


def _task(
    name: str, of_task: Sequence[Table], words: Wording, plots: Sequence[tuple[str, str]]
) -> str:
    """What a task asks, its plots, and its first measure."""
    text, first = words.task(name), of_task[0]
    measure = words.measure(name, first.measure)
    shown = first_labels(first, words)
    part = " For the first label of each set:" if len(shown.rows) < len(first.rows) else ""
    more = [words.measure(name, each.measure).title for each in of_task[1:]]
    also = f"{', '.join(more)}, and " if more else ""
    return _joined(
        f"## {text.title}\n{plain(text.asks)}\n\n{sections.measures(of_task[:1], words)}",
        sections.pictures(plots),
        f"### {text.title}: {measure.title}{part and chr(10) + part.strip()}",
        sections.values(shown, words),
        f"[More on this task]({FOLDER}/{name}.md): {also}differences between systems.",
    )


def _detail(
    name: str,
    of_task: Sequence[Table],
    published: Published,
    words: Wording,
    results: Sequence[Result],
) -> str:
    """All measures of a task with all labels, and all differences."""
    text = words.task(name)
    parts = [
        f"# {text.title}: all figures\n{plain(text.asks)}\n\n"
        f"{PART}, which says [how to read the tables](../{PAGE}#how-to-read-the-tables).",
        _warning(results),
        sections.measures(of_task, words),
    ]
    for each in of_task:
        measure = words.measure(name, each.measure)
        parts += [f"## {measure.title}", sections.values(each, words)]
        differences = sections.differences(each, words)
        if differences:
            less = f"The system's value less that of {words.system(REFERENCE).title}."
            parts += [f"### {measure.title}: differences", less, differences]
    used = {value.source for each in of_task for row in each.rows for value in row.published}
    return _joined(*parts, appendix.footnotes(published, used))
