"""Plots of scores over a conversation, as SVG that needs no script and no style sheet.

Colours are middle tones that show on light and dark grounds, and words take the colour of
the text around. Each score has its own kind of line and its own point, so that nothing
depends on colour alone; a title and a description stand in for the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..html import LINES, escaped
from ..results import DIMENSIONS

_MOST_POINTS = 240  # with more messages, means of neighbours are drawn
_MOST_DOTS = 60  # with more points, lines go without dots
_DASHES = {"solid": "", "dashed": "7 4", "dotted": "1.5 4"}
_LEFT, _TOP, _BOTTOM, _RIGHT = 34, 26, 24, 10


class Mark(NamedTuple):
    """Something to show at a message: its place, a sign, and words where there is room."""

    at: int
    sign: str
    label: str = ""


class Line(NamedTuple):
    """Values in [0, 1] at places along the conversation."""

    name: str
    values: Mapping[int, float]


def course_svg(
    lines: Sequence[Line],
    count: int,
    *,
    title: str,
    description: str,
    key: str,
    width: int = 720,
    height: int = 220,
    area: Line | None = None,
    marks: Iterable[Mark] = (),
) -> str:
    """A plot of lines over the messages.

    Args:
        lines: one for each score, named as in `DIMENSIONS`.
        count: how many messages the conversation has.
        title: what it shows, for those who don't see it.
        description: what there is to see.
        key: a name for its parts, unique in the page.
        width: in units of the drawing, about pixels.
        height: as `width`.
        area: values to draw as a grey ground.
        marks: what to point at.
    """
    plot = _Plot(count, width, height)
    parts = [
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{key}-title {key}-about" xmlns="http://www.w3.org/2000/svg" '
        'style="max-width:100%;height:auto;display:block" font-family="inherit" '
        'font-size="12" fill="none">',
        f'<title id="{key}-title">{escaped(title)}</title>',
        f'<desc id="{key}-about">{escaped(description)}</desc>',
        *plot.axes(),
    ]
    if area is not None:
        parts.append(plot.area(area))
    parts += [plot.mark(mark) for mark in marks]
    for line in lines:
        parts.append(plot.line(line))
    parts.append("</svg>")
    return "".join(parts)


def sample_svg(name: str) -> str:
    """A piece of a score's line, for a legend; its name must stand beside it."""
    kind, color = LINES[name].split()
    return (
        '<svg viewBox="0 0 34 12" width="34" height="12" aria-hidden="true" fill="none">'
        f'<path d="M1 6H33" stroke="{color}" stroke-width="2.5" '
        f'stroke-dasharray="{_DASHES[kind]}"/>{_dot(name, 17.0, 6.0)}</svg>'
    )


class _Plot:
    """The places of a plot."""

    def __init__(self, count: int, width: int, height: int) -> None:
        self._count = count
        self._width = width
        self._height = height
        self._size = -(-count // _MOST_POINTS)  # messages in a point

    def x(self, at: float) -> float:
        room = self._width - _LEFT - _RIGHT - 16
        return round(
            _LEFT + 8 + room * (at / max(self._count - 1, 1) if self._count > 1 else 0.5), 1
        )

    def y(self, value: float) -> float:
        return round(_TOP + (self._height - _TOP - _BOTTOM) * (1 - value), 1)

    def axes(self) -> Iterator[str]:
        right = self._width - _RIGHT
        for value in (0.0, 0.5, 1.0):
            y = self.y(value)
            yield (
                f'<path d="M{_LEFT} {y}H{right}" stroke="currentColor" '
                f'stroke-opacity="{0.35 if value == 0 else 0.15}"/>'
                f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end" '
                f'fill="currentColor">{value:g}</text>'
            )
        bottom = self._height - 6
        for at in _ticks(self._count, max(2, self._width // 60)):
            yield (
                f'<text x="{self.x(at)}" y="{bottom}" text-anchor="middle" '
                f'fill="currentColor">{at + 1}</text>'
            )

    def area(self, line: Line) -> str:
        points = self._points(line)
        if len(points) < 2:
            return ""
        base = self.y(0)
        path = "".join(f"L{x} {y}" for x, y in points)
        return (
            f'<path d="M{points[0][0]} {base}{path}L{points[-1][0]} {base}Z" '
            'fill="currentColor" fill-opacity=".12"/>'
        )

    def line(self, line: Line) -> str:
        points = self._points(line)
        if not points:
            return ""
        kind, color = LINES[line.name].split()
        path = "M" + "L".join(f"{x} {y}" for x, y in points)
        dots = ""
        if len(points) <= _MOST_DOTS:
            dots = "".join(_dot(line.name, x, y) for x, y in points)
        return (
            f'<path d="{path}" stroke="{color}" stroke-width="2.5" stroke-linejoin="round" '
            f'stroke-linecap="round" stroke-dasharray="{_DASHES[kind]}"/>{dots}'
        )

    def mark(self, mark: Mark) -> str:
        x = self.x(mark.at)
        if not mark.label:
            return (
                f'<text x="{x}" y="{_TOP - 5}" text-anchor="middle" '
                f'fill="currentColor">{escaped(mark.sign)}</text>'
            )
        anchor = "end" if x > self._width * 0.6 else "start"
        label = (
            f"{mark.sign} {mark.label}" if anchor == "start" else f"{mark.label} {mark.sign}"
        )
        return (
            f'<path d="M{x} 14V{self.y(0)}" stroke="currentColor" stroke-opacity=".6" '
            f'stroke-dasharray="3 3"/><text x="{x}" y="11" text-anchor="{anchor}" '
            f'fill="currentColor">{escaped(label.strip())}</text>'
        )

    def _points(self, line: Line) -> list[tuple[float, float]]:
        """The points to draw: messages, or the means of neighbours."""
        if self._size <= 1:
            return [(self.x(at), self.y(value)) for at, value in line.values.items()]
        bins: dict[int, list[tuple[int, float]]] = {}
        for at, value in line.values.items():
            bins.setdefault(at // self._size, []).append((at, value))
        return [
            (
                self.x(sum(at for at, _ in found) / len(found)),
                self.y(sum(value for _, value in found) / len(found)),
            )
            for found in bins.values()
        ]


def _dot(name: str, x: float, y: float) -> str:
    """A circle, a square or a triangle."""
    color = LINES[name].split()[1]
    shape = DIMENSIONS.index(name)
    if shape == 0:
        return f'<circle cx="{x}" cy="{y}" r="3.5" fill="{color}"/>'
    if shape == 1:
        return f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" fill="{color}"/>'
    return f'<path d="M{x} {y - 4:.1f}l4 7h-8z" fill="{color}"/>'


def _ticks(count: int, most: int) -> list[int]:
    """Places to number: round numbers, no more than `most` of them, and the first."""
    if count <= most:
        return list(range(count))
    step = next(
        unit * 10**power
        for power in range(12)
        for unit in (1, 2, 5)
        if count / (unit * 10**power) <= most - 1
    )
    return list(range(0, count, step)) if step < 5 else [0, *range(step - 1, count, step)]


def bins(count: int) -> int:
    """How many messages one point stands for."""
    return max(1, -(-count // _MOST_POINTS))
