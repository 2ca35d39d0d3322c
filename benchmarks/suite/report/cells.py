"""Numbers, intervals and marks as the text of a table's cell."""

from __future__ import annotations

from collections.abc import Sequence

from ..results import Difference, Figure
from ..tasks.types import Measure
from .published import Value
from .view import Row, best, standing

NONE = "–"
WORSE, BETTER, OTHER = "▾", "▴", "≠"
SPACE, HYPHEN = "\u00a0", "\u2011"  # no line ends there


def number(value: float | None, digits: int | None) -> str:
    """A number with so many decimals; with None, with three significant digits.

    >>> number(0.8449, 2), number(12345.6, None), number(0.01234, None), number(None, 2)
    ('0.84', '12,300', '0.0123', '–')
    >>> number(-0.126, 2), number(-0.001, 2)
    ('−0.13', '0.00')
    """
    if value is None:
        return NONE
    if digits is None:
        if value and abs(value) >= 100:
            scale = 10 ** (len(str(int(abs(value)))) - 3)
            shown = f"{round(value / scale) * scale:,}"
        else:
            shown = f"{value:.3g}"
    else:
        shown = f"{round(value, digits) + 0.0:,.{digits}f}"
    return shown.replace("-", "−")


def signed(value: float | None, digits: int | None) -> str:
    """A number with its sign.

    >>> signed(0.126, 2), signed(-0.126, 2), signed(0.001, 2)
    ('+0.13', '−0.13', '0.00')
    """
    if value is None:
        return NONE
    shown = number(abs(value), digits)
    if not any(character in "123456789" for character in shown):
        return shown
    return f"{'+' if value > 0 else '−'}{shown}"


def interval(low: float | None, high: float | None, digits: int | None) -> str:
    """The bounds of an interval, in small letters below a value; nothing where it has none."""
    if low is None or high is None:
        return ""
    if low < 0:
        return f"<br><sub>{number(low, digits)}{SPACE}to{SPACE}{number(high, digits)}</sub>"
    return f"<br><sub>{number(low, digits)}{HYPHEN}{number(high, digits)}</sub>"


def figure_cell(figure: Figure | None, row: Row, measure: Measure) -> str:
    """A measured value with its interval, the best in bold, measurable differences marked."""
    if figure is None:
        return NONE
    shown = number(figure.value, measure.digits)
    top = best(row.figures, measure.better)
    if figure.value is not None and top is not None:
        shown = f"**{shown}**" if shown == number(top, measure.digits) else shown
    mark = {1: f"{SPACE}{BETTER}", -1: f"{SPACE}{WORSE}", 0: ""}[
        standing(figure, measure.better)
    ]
    return f"{shown}{mark}{interval(figure.low, figure.high, measure.digits)}"


def published_cell(values: Sequence[Value], measure: Measure) -> str:
    """Published values in italics, each with who reached it and its source."""
    lines = []
    for value in values:
        mark = "" if value.same else f"{OTHER}{SPACE}"
        shown = f"*{mark}{number(value.value, measure.digits)}*"
        lines.append(f"{shown} <sub>{value.system}</sub>[^{value.source}]")
    return "<br>".join(lines)


def difference_cell(difference: Difference | None, measure: Measure) -> str:
    """A paired difference with its interval."""
    if difference is None:
        return NONE
    shown = signed(difference.value, measure.digits)
    if difference.low is None or difference.high is None:
        return shown
    low, high = (signed(bound, measure.digits) for bound in difference[2:])
    return f"{shown}<br><sub>{low}{SPACE}to{SPACE}{high}</sub>"


def count(value: int | None) -> str:
    """A count with thousands apart."""
    return NONE if value is None else f"{value:,}"


def plain(text: str) -> str:
    """A text that can stand in a cell: on one line, no column ends inside."""
    return " ".join(text.split()).replace("|", "\\|")


def folded(title: str, content: str) -> list[str]:
    """Lines of a part of the page that opens on a click."""
    return ["<details>", f"<summary>{title}</summary>", "", content, "", "</details>", ""]
