"""Plots as SVG, by matplotlib (the extra `bench`). The same data gives the same bytes.

Pictures keep a light ground of their own, so that they can be read on light and dark pages
alike: which of the two a reader has, a picture can't know for sure. Letters are outlines, so
that they look the same everywhere. Colours are those of Okabe and Ito (2008), told apart by
most people with a colour vision deficiency; shapes differ as well.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .cells import signed
from .plots import Panel, Plot, Series, digest

COLOURS = (
    "#0072B2", "#D55E00", "#000000", "#009E73", "#CC79A7", "#8A6D00", "#7B3FA0", "#7A7A7A",
)  # fmt: skip
SHAPES = ("o", "D", "s", "^", "v", "P", "X", "h")
GROUND, INK, FAINT, BAND = "#FFFFFF", "#24292F", "#D0D7DE", "#F4F6F8"
PUBLISHED = "#9A6700"
WIDTH = 8.6  # inches, the width of a page's column
LINE = 0.36  # inches, the least height of a line
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
        figure = Figure(facecolor=GROUND, layout="constrained")
        draw = {"lines": _lines, "grid": _grid, "reliability": _reliability, "growth": _growth}
        draw[plot.kind](figure, plot)
        stream = io.StringIO()
        figure.savefig(
            stream,
            format="svg",
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
    count = len(panel.lines)
    height = 0.9 + max(LINE, 0.06 * len(panel.series)) * count
    figure.set_size_inches(WIDTH, height)
    axes = figure.add_subplot()
    for place in range(0, count, 2):
        axes.axhspan(place - 0.5, place + 0.5, color=BAND, zorder=0, linewidth=0)
    if plot.mark is not None:
        axes.axvline(plot.mark, color=INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    step = 0.76 / max(len(panel.series), 1)
    for order, series in enumerate(panel.series):
        _points(axes, series, (order - (len(panel.series) - 1) / 2) * step)
    axes.set_yticks(range(count), panel.lines)
    axes.set_ylim(count - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=FAINT, linewidth=0.6, zorder=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel(plot.x)
    axes.spines["left"].set_visible(False)
    figure.legend(
        *axes.get_legend_handles_labels(),
        loc="outside upper left",
        ncols=min(4, len(panel.series)),
        handletextpad=0.3,
        columnspacing=1.4,
    )


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
    """Share against score, a panel for each label; size of a point: how many texts."""
    for axes, panel in _panels(figure, plot, columns=4, height=2.35):
        axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        for series in panel.series:
            colour, shape = _look(series)
            most = max((point[2] or 0 for point in series.points), default=0) or 1
            x, y = ([point[k] for point in series.points] for k in (0, 1))
            sizes = [6 + 30 * math.sqrt((point[2] or 0) / most) for point in series.points]
            axes.plot(x, y, color=colour, linewidth=1.0, alpha=0.8, zorder=2)
            axes.scatter(
                x, y, s=sizes, color=colour, marker=shape, linewidth=0, zorder=3,
                label=series.name,
            )  # fmt: skip
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        axes.set_aspect("equal")
    _legend(figure)


def _growth(figure: Any, plot: Plot) -> None:
    """Time against length, on logarithmic axes."""
    for axes, panel in _panels(figure, plot, columns=2, height=3.4):
        for series in panel.series:
            colour, shape = _look(series)
            x, y = ([point[k] for point in series.points] for k in (0, 1))
            axes.plot(
                x, y, label=series.name, color=colour, marker=shape, markersize=4.5,
                linewidth=1.2,
            )  # fmt: skip
        lengths = sorted({point[0] or 0 for series in panel.series for point in series.points})
        axes.set(xscale="log", yscale="log")
        axes.set_xticks(lengths, [f"{length:,.0f}" for length in lengths], rotation=30)
        axes.minorticks_off()
    _legend(figure)


def _grid(figure: Any, plot: Plot) -> None:
    """A field for each system and line: the darker, the more is lost; each with its value."""
    from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

    colours = LinearSegmentedColormap.from_list("lost", ("#3E9BD6", GROUND, "#D55E00"))
    norm = TwoSlopeNorm(0.0, -0.1, 0.2)
    for axes, panel in _panels(figure, plot, columns=1, height=0.3):
        values = [[point[0] for point in series.points] for series in panel.series]
        shown = [[math.nan if value is None else value for value in row] for row in values]
        axes.imshow(shown, cmap=colours, norm=norm, aspect="auto")
        for row, of_system in enumerate(values):
            for column, value in enumerate(of_system):
                if value is not None:
                    axes.text(
                        column, row, _short(value), ha="center",
                        va="center", fontsize=7.5,
                    )  # fmt: skip
        axes.set_yticks(range(len(panel.series)), [series.name for series in panel.series])
        axes.set_xticks(
            range(len(panel.lines)), [line.replace(" ", "\n") for line in panel.lines]
        )
        axes.tick_params(length=0, labelsize=7.5)
        axes.grid(visible=False)
        for side in axes.spines.values():
            side.set_visible(False)


def _short(value: float) -> str:
    """With two decimals, but nothing less than half a hundredth."""
    shown = signed(value, 2).lstrip("+")
    return "0" if shown == "0.00" else shown


def _panels(
    figure: Any, plot: Plot, columns: int, height: float
) -> Iterator[tuple[Any, Panel]]:
    """Axes for each panel, side by side; a panel of lines is as high as it has series."""
    count = len(plot.panels)
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    tall = [1.0] * rows
    if plot.panels[0].lines:
        tall = [0.75 / height + len(panel.series) for panel in plot.panels]
    width = WIDTH if columns > 1 or plot.panels[0].lines else WIDTH * 0.65
    figure.set_size_inches(width, 0.5 + height * sum(tall))
    grid = figure.add_gridspec(rows, columns, height_ratios=tall)
    for place, panel in enumerate(plot.panels):
        axes = figure.add_subplot(grid[place // columns, place % columns])
        axes.set_title(_two_lines(panel.title, columns > 2), fontsize=8.5, loc="left")
        axes.grid(color=FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        if not panel.lines and place + columns >= count:
            axes.set_xlabel(plot.x)
        if not panel.lines and place % columns == 0:
            axes.set_ylabel(plot.y)
        yield axes, panel


def _two_lines(title: str, narrow: bool) -> str:
    if not narrow:
        return title
    return "\n".join(textwrap.shorten(part, 34, placeholder="…") for part in title.split(" · "))


def _legend(figure: Any) -> None:
    """One legend for all panels."""
    handles: dict[str, Any] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    figure.legend(
        handles.values(),
        handles.keys(),
        loc="outside upper left",
        ncols=min(4 if figure.get_figwidth() > 6 else 3, len(handles)),
    )


def _look(series: Series) -> tuple[str, str]:
    if series.place < 0:
        return PUBLISHED, "d"
    return COLOURS[series.place % len(COLOURS)], SHAPES[series.place % len(SHAPES)]
