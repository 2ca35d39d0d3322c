"""Plots as SVG, by matplotlib (the extra `bench`). The same data gives the same bytes.

Pictures keep a light ground of their own, so that they can be read on light and dark pages
alike: which of the two a reader has, a picture can't know for sure. Letters are outlines, so
that they look the same everywhere. Colours are those of Okabe and Ito (2008), told apart by
most people with a colour vision deficiency; shapes differ as well.
"""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

from .plots import Panel, Plot, Series, digest

COLOURS = (
    "#0072B2", "#D55E00", "#000000", "#009E73", "#CC79A7", "#8A6D00", "#3E9BD6", "#7A7A7A",
)  # fmt: skip
SHAPES = ("o", "D", "s", "^", "v", "P", "X", "h")
GROUND, INK, FAINT, BAND = "#FFFFFF", "#24292F", "#D0D7DE", "#F4F6F8"
PUBLISHED = "#9A6700"
WIDTH = 8.6  # inches, the width of a page's column
_RC = {
    "svg.hashsalt": "calmtone",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
}


class DrawingError(Exception):
    """A plot can't be drawn; the message says what to install."""


def is_current(path: Path, plot: Plot) -> bool:
    """Whether a file holds this very plot, by the hash in it; draws nothing."""
    return path.exists() and _mark(plot) in path.read_text(encoding="utf-8", errors="replace")


def svg(plot: Plot) -> str:
    """The plot as SVG.

    Raises:
        DrawingError: matplotlib is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DrawingError(
            f"{plot.file} has to be drawn anew, and matplotlib is missing: install it with "
            "`python -m pip install -e '.[bench]'`"
        ) from error
    with matplotlib.rc_context(_RC):
        figure = Figure(facecolor=GROUND)
        {"lines": _lines, "reliability": _reliability, "growth": _growth}[plot.kind](
            figure, plot
        )
        stream = io.StringIO()
        figure.savefig(
            stream,
            format="svg",
            bbox_inches="tight",
            pad_inches=0.15,
            facecolor=GROUND,
            metadata={"Date": None, "Description": plot.description, "Identifier": _mark(plot)},
        )
    lines = (line.rstrip() for line in stream.getvalue().splitlines())
    return "\n".join(lines) + "\n"


def _mark(plot: Plot) -> str:
    return f"plot-data:{digest(plot)}"


def _lines(figure: Any, plot: Plot) -> None:
    """Each line a label, each system a point with its interval."""
    panel = plot.panels[0]
    height = 0.3 + 0.075 * len(panel.series)
    figure.set_size_inches(WIDTH, 0.9 + height * len(panel.lines))
    axes = figure.add_subplot()
    count = len(panel.lines)
    for place in range(0, count, 2):
        axes.axhspan(place - 0.5, place + 0.5, color=BAND, zorder=0, linewidth=0)
    if plot.mark is not None:
        axes.axvline(plot.mark, color=INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    step = 0.8 / max(len(panel.series), 1)
    for order, series in enumerate(panel.series):
        shift = (order - (len(panel.series) - 1) / 2) * step
        _points(axes, series, shift)
    axes.set_yticks(range(count), panel.lines)
    axes.set_ylim(count - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=FAINT, linewidth=0.6, zorder=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel(plot.x)
    axes.spines["left"].set_visible(False)
    _legend(figure, axes, len(panel.series), 0.9 + height * count)


def _points(axes: Any, series: Series, shift: float) -> None:
    colour, shape = _look(series)
    for place, point in enumerate(series.points):
        value = point[0]
        if value is None:
            continue
        if len(point) == 3 and point[1] is not None and point[2] is not None:
            axes.plot(
                [point[1], point[2]],
                [place + shift] * 2,
                color=colour,
                linewidth=1.3,
                alpha=0.65,
                zorder=2,
                solid_capstyle="butt",
            )
        axes.plot([value], [place + shift], **_marker(series, colour, shape), zorder=3)
    axes.plot([], [], label=series.name, **_marker(series, colour, shape))


def _marker(series: Series, colour: str, shape: str) -> dict[str, Any]:
    hollow = series.place < 0
    return {
        "marker": shape,
        "color": colour,
        "linestyle": "none",
        "markersize": 5.5 if series.place == 0 else 4.6,
        "markerfacecolor": GROUND if hollow else colour,
        "markeredgewidth": 1.3 if hollow else 0.4,
        "markeredgecolor": colour if hollow else GROUND,
    }


def _reliability(figure: Any, plot: Plot) -> None:
    """Score against share, a panel for each label; size of a point: how many texts."""
    grid = _grid(figure, len(plot.panels), columns=3, height=2.7)
    for axes, panel in zip(grid, plot.panels, strict=True):
        axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        for series in panel.series:
            colour, shape = _look(series)
            most = max((point[2] or 0 for point in series.points), default=0) or 1
            x, y = ([point[k] for point in series.points] for k in (0, 1))
            sizes = [8 + 40 * math.sqrt((point[2] or 0) / most) for point in series.points]
            axes.plot(x, y, color=colour, linewidth=1.1, alpha=0.8, zorder=2)
            axes.scatter(x, y, s=sizes, color=colour, marker=shape, linewidth=0, zorder=3,
                         label=series.name)  # fmt: skip
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        _panel(axes, panel)
    _names(figure, plot, grid)


def _growth(figure: Any, plot: Plot) -> None:
    """Time against length, on logarithmic axes."""
    grid = _grid(figure, len(plot.panels), columns=2, height=3.2)
    for axes, panel in zip(grid, plot.panels, strict=True):
        for series in panel.series:
            colour, shape = _look(series)
            x, y = ([point[k] for point in series.points] for k in (0, 1))
            axes.plot(x, y, label=series.name, color=colour, marker=shape, markersize=4.5,
                      linewidth=1.2)  # fmt: skip
        axes.set(xscale="log", yscale="log")
        _panel(axes, panel)
    _names(figure, plot, grid)


def _grid(figure: Any, count: int, columns: int, height: float) -> list[Any]:
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    figure.set_size_inches(WIDTH * columns / 3 if columns < 3 else WIDTH, height * rows)
    if columns == 1:
        figure.set_size_inches(WIDTH * 0.6, height * 1.2)
    grid = [figure.add_subplot(rows, columns, place + 1) for place in range(count)]
    figure.subplots_adjust(hspace=0.45, wspace=0.3)
    return grid


def _panel(axes: Any, panel: Panel) -> None:
    axes.set_title(panel.title.replace(" · ", "\n", 1), fontsize=8.5, loc="left")
    axes.grid(color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)


def _names(figure: Any, plot: Plot, grid: list[Any]) -> None:
    """Axis names once, and one legend for all panels."""
    grid[-1].set_xlabel(plot.x)
    grid[0].set_ylabel(plot.y)
    handles: dict[str, Any] = {}
    for axes in grid:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    figure.legend(
        handles.values(), handles.keys(), loc="lower center", ncols=min(4, len(handles)),
        bbox_to_anchor=(0.5, 1.0 if len(grid) == 1 else 0.98), markerscale=1.0,
    )  # fmt: skip


def _legend(figure: Any, axes: Any, count: int, height: float) -> None:
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0 + 0.08 / height), ncols=min(4, count),
        borderaxespad=0.0, handletextpad=0.3, columnspacing=1.4,
    )  # fmt: skip


def _look(series: Series) -> tuple[str, str]:
    if series.place < 0:
        return PUBLISHED, "d"
    return COLOURS[series.place % len(COLOURS)], SHAPES[series.place % len(SHAPES)]
