"""What the plots of the page show, as plain data: `drawing` turns it into SVG.

A plot's data has a hash, and the SVG carries it: so a stale plot is found without drawing it
again, wherever the drawing library is missing or of another version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from calmtone.results import DIMENSIONS

from ..results import REFERENCE, Figure, Result
from .published import Published
from .view import TRAINED, Table, first_labels, tables
from .wording import Wording

DRAWN = 1  # raise it when `drawing` changes what it makes of the same data
LEAST_IN_BIN = 10  # texts, for a share that means something
MOST_SYSTEMS = 8  # colours and shapes that can be told apart


class Series(NamedTuple):
    """Points of one system, or of what others have published.

    Args:
        name: for the legend.
        place: which colour and shape: the system's place in the suite; -1 for published.
        points: for "lines" one for each line (value, low, high), else (x, y) or, for
            "reliability", (mean score, share, count). For "grid" one value for each line.
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
        file: its path from the page.
        kind: "lines" (on each line the values of all systems with their intervals), "grid"
            (a field for each system and line, coloured by value), "reliability" (share
            against score) or "growth" (two logarithmic axes).
        task: the part of the page that it belongs to.
        description: for those who can't see it.
        x, y: names of the axes.
        panels: one for "lines", any number for others.
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

    def table(task: str, measure: str) -> list[Table]:
        return [each for each in by_task.get(task, ()) if each.measure == measure]

    found: list[Plot] = []
    for each in table("ranking", "auc"):
        found += _lines(each, words, mark=0.5)
    found += _curves(results, words, "calibration", "reliability")
    for each in table("over-triggering", "false_alarms"):
        found += _lines(each, words)
    for each in table("robustness", "auc_loss"):
        found += _fields(each, words)
    found += _curves(results, words, "speed", "growth")
    return found


def _lines(each: Table, words: Wording, mark: float | None = None) -> Iterator[Plot]:
    """A plot for each dimension, of the sets that nothing was trained on."""
    measure, task = words.measure(each.task, each.measure), words.task(each.task)
    places = _places(words, each.systems)
    for dimension in DIMENSIONS:
        rows = [
            row
            for row in each.rows
            if row.dimension == dimension and row.figures and TRAINED not in row.remarks
        ]
        series = []
        for name in each.systems[:MOST_SYSTEMS]:
            points = tuple(_point(row.figures.get(name)) for row in rows)
            if any(point[0] is not None for point in points):
                series.append(Series(words.system(name).title, places[name], points))
        reached = tuple(
            (max((value.value for value in row.published if value.same), default=None),)
            for row in rows
        )
        if measure.better == "higher" and any(point[0] is not None for point in reached):
            series.append(Series("published, best", -1, reached))
        lines = tuple(f"{row.dataset}: {words.label(row.dataset, row.label)}" for row in rows)
        if series:
            yield Plot(
                f"benchmarks/{each.task}-{dimension}.svg",
                "lines",
                each.task,
                f"{task.title}, {dimension}: {measure.title} of every system on the sets that "
                "nothing was trained on; the values are in the tables",
                f"{measure.title}, {dimension}",
                "",
                (Panel(dimension, tuple(series), lines),),
                mark,
            )


def _point(figure: Figure | None) -> tuple[float | None, ...]:
    return (figure.value, figure.low, figure.high) if figure else (None, None, None)


def _fields(each: Table, words: Wording) -> Iterator[Plot]:
    """A panel for the first label of each set and dimension: systems by kinds of change."""
    measure, task = words.measure(each.task, each.measure), words.task(each.task)
    places = _places(words, each.systems)
    panels = []
    rows_of = first_labels(each, words).rows
    for (dimension, dataset), group in groupby(
        rows_of, lambda row: (row.dimension, row.dataset)
    ):
        rows = list(group)
        series = tuple(
            Series(
                words.system(name).title,
                places[name],
                tuple(_point(row.figures.get(name))[:1] for row in rows),
            )
            for name in each.systems[:MOST_SYSTEMS]
            if any(name in row.figures for row in rows)
        )
        label = rows[0].label.partition(": ")[0]
        lines = tuple(row.label.partition(": ")[2] for row in rows)
        panels.append(Panel(_title(words, dataset, dimension, label), series, lines))
    if panels:
        yield Plot(
            f"benchmarks/{each.task}.svg",
            "grid",
            each.task,
            f"{task.title}: {measure.title} by kind of change and system, for the first label "
            "of each set; the values are in the tables",
            measure.title,
            "",
            tuple(panels),
        )


def _curves(results: Sequence[Result], words: Wording, task: str, kind: str) -> Iterator[Plot]:
    """A panel for the first label of each set and dimension, a curve for each system."""
    panels: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    for result in results:
        if result.task != task or result.status != "done" or result.use == "train":
            continue
        seen: set[str] = set()
        for curve in result.curves.get(kind, ()):
            dimension = str(curve.get("dimension", ""))
            if dimension not in seen and _drawn(curve, kind):
                seen.add(dimension)
                panels.setdefault((dimension, result.dataset), {})[result.system] = curve
    systems = words.ordered_systems({name for of in panels.values() for name in of})
    places = _places(words, systems)
    made = tuple(
        Panel(
            _title(words, dataset, dimension, str(next(iter(of.values()))["label"])),
            tuple(
                Series(
                    words.system(name).title,
                    places[name],
                    _drawn(of[name], kind),
                )
                for name in systems[:MOST_SYSTEMS]
                if name in of
            ),
        )
        for (dimension, dataset), of in sorted(panels.items(), key=_by_dimension)
    )
    if made:
        description, x, y = _CURVES[kind]
        yield Plot(f"benchmarks/{task}.svg", kind, task, description, x, y, made)


def _drawn(curve: Mapping[str, Any], kind: str) -> tuple[tuple[float | None, ...], ...]:
    """The points of a curve; of bins those with enough texts for a share."""
    if kind == "reliability":
        return tuple(tuple(point) for point in curve["bins"] if point[2] >= LEAST_IN_BIN)
    return tuple(tuple(point) for point in curve["points"])


_CURVES = {
    "reliability": (
        "Calibration: share of texts that have the label, by score, for the first label of "
        f"each set, in bins of at least {LEAST_IN_BIN} texts; on the diagonal a score is the "
        "probability that it claims to be",
        "score",
        "share that has the label",
    ),
    "growth": ("Speed: seconds for one text, by its length", "characters", "seconds"),
}


def _by_dimension(item: tuple[tuple[str, str], object]) -> tuple[int, str]:
    (dimension, dataset), _ = item
    known = dimension in DIMENSIONS
    return (DIMENSIONS.index(dimension) if known else len(DIMENSIONS), dataset)


def _title(words: Wording, dataset: str, dimension: str, name: str) -> str:
    label = words.label(dataset, name)
    apart = f"{dimension}, " if dimension and not label.startswith(dimension) else ""
    return f"{dataset} · {apart}{label}"


def _places(words: Wording, systems: Iterable[str]) -> dict[str, int]:
    """Places of systems in the suite: the same in all plots, whoever else is in them."""
    ordered = dict.fromkeys((REFERENCE, *words.systems, *systems))
    return {name: place for place, name in enumerate(ordered)}
