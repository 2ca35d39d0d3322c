"""What the plots of the page show, as plain data: `drawing` turns it into SVG.

A plot's data has a hash, and the SVG carries it: so a stale plot is found without drawing it
again, wherever the drawing library is missing or of another version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from calmtone.results import DIMENSIONS

from ..results import REFERENCE, Result
from .published import Published
from .view import Table, tables
from .wording import Wording

DRAWN = 1  # raise it when `drawing` changes what it makes of the same data
MOST_SYSTEMS = 8  # colours and shapes that can be told apart


class Series(NamedTuple):
    """Points of one system, or of one published source.

    Args:
        name: for the legend.
        place: which colour and shape: the system's place in the suite; -1 for published.
        points: what they are depends on the plot.
    """

    name: str
    place: int
    points: tuple[tuple[float | None, ...], ...]


class Panel(NamedTuple):
    """One set of axes: its title, its series and the names of its lines, if it has lines."""

    title: str
    series: tuple[Series, ...]
    lines: tuple[str, ...] = ()


class Plot(NamedTuple):
    """One picture.

    Args:
        file: name of the file beside the page.
        kind: "lines" (a value with its interval on each line), "reliability" (score against
            share) or "growth" (two logarithmic axes).
        task: the part of the page that it belongs to.
        description: for those who can't see it.
        x, y: names of the axes.
        panels: side by side for "reliability", below each other for "lines".
        mark: where to draw a thin line, such as chance; or None.
    """

    file: str
    kind: str
    task: str
    description: str
    x: str
    y: str
    panels: tuple[Panel, ...]
    mark: float | None = None


def digest(plot: Plot) -> str:
    """A hash of all that is drawn."""
    content = json.dumps([DRAWN, plot], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def plots(results: Sequence[Result], published: Published, words: Wording) -> list[Plot]:
    """The plots that the results have data for, in the order of the page."""
    by_task = tables(results, published, words)
    found: list[Plot] = []
    for task, measure, mark in (
        ("ranking", "auc", 0.5),
        ("over-triggering", "false_alarms", None),
        ("robustness", "auc_loss", 0.0),
    ):
        each = next((t for t in by_task.get(task, ()) if t.measure == measure), None)
        if each:
            found += _lines(each, words, mark)
    found += _curves(results, words, "calibration", "reliability")
    found += _curves(results, words, "speed", "growth")
    return found


def _lines(each: Table, words: Wording, mark: float | None) -> Iterator[Plot]:
    """A plot for each dimension: a line for each label, a point for each system."""
    measure, task = words.measure(each.task, each.measure), words.task(each.task)
    places = _places(each.systems)
    for dimension in DIMENSIONS:
        rows = [row for row in each.rows if row.dimension == dimension and row.figures]
        if not rows:
            continue
        series = []
        for name in each.systems[:MOST_SYSTEMS]:
            figures = [row.figures.get(name) for row in rows]
            points = tuple(
                (figure.value, figure.low, figure.high) if figure else (None, None, None)
                for figure in figures
            )
            if any(point[0] is not None for point in points):
                series.append(Series(words.system(name).title, places[name], points))
        best_known = tuple(
            (max((value.value for value in row.published if value.same), default=None),)
            for row in rows
        )
        if any(point[0] is not None for point in best_known):
            series.append(Series("published, best", -1, best_known))
        lines = tuple(f"{row.dataset}: {words.label(row.dataset, row.label)}" for row in rows)
        yield Plot(
            f"benchmarks-{each.task}-{dimension}.svg",
            "lines",
            each.task,
            f"{task.title}, {dimension}: {measure.title} of every system on every data set, "
            "as in the table below",
            measure.title,
            "",
            (Panel(dimension, tuple(series), lines),),
            mark,
        )


def _curves(results: Sequence[Result], words: Wording, task: str, kind: str) -> Iterator[Plot]:
    """A panel for each data set and label, a curve for each system."""
    panels: dict[str, dict[str, tuple[tuple[float | None, ...], ...]]] = {}
    for result in results:
        if result.task != task or result.status != "done":
            continue
        for curve in result.curves.get(kind, ()):
            title = _title(result.dataset, curve)
            points = curve["bins"] if kind == "reliability" else curve["points"]
            drawn = tuple(tuple(point) for point in points)
            if drawn:
                panels.setdefault(title, {})[result.system] = drawn
    systems = words.ordered_systems({name for of in panels.values() for name in of})
    places = _places(systems)
    made = tuple(
        Panel(
            title,
            tuple(
                Series(words.system(name).title, places[name], of[name])
                for name in systems[:MOST_SYSTEMS]
                if name in of
            ),
        )
        for title, of in sorted(panels.items())
    )
    if made:
        axes = {
            "reliability": ("score", "share that has the label"),
            "growth": ("characters", "seconds"),
        }
        x, y = axes[kind]
        yield Plot(f"benchmarks-{task}.svg", kind, task, _DESCRIPTIONS[kind], x, y, made)


_DESCRIPTIONS = {
    "reliability": "Calibration: share of texts that have the label, by score; on the diagonal "
    "a score is the probability that it claims to be",
    "growth": "Speed: seconds for one text, by its length",
}


def _title(dataset: str, curve: Mapping[str, Any]) -> str:
    parts = [str(curve[key]) for key in ("dimension", "label") if curve.get(key)]
    return " · ".join([dataset, *dict.fromkeys(part.replace("_", " ") for part in parts)])


def _places(systems: Iterable[str]) -> dict[str, int]:
    ordered = dict.fromkeys((REFERENCE, *systems))
    return {name: place for place, name in enumerate(ordered)}
