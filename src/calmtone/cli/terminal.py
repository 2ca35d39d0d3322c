"""An analysis for people: the text with its spans underlined, scores as bars, hints."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from ..html import details, marked_runs, quoted
from ..results import DIMENSIONS, Analysis, Hint
from .inputs import Message
from .output import Output, safe

_BAR = 10
_SHORT = 12  # a text of no more lines is shown whole
_UNDERLINES = {"hostility": "^", "defensiveness": "~", "empathy": "+"}


class _Line(NamedTuple):
    """A line of the text, without its end. `number` counts from 1."""

    number: int
    start: int
    end: int


def show(message: Message, analysis: Analysis, output: Output) -> None:
    """Write one analysis."""
    if message.place:
        output.line(output.style(safe(message.place), "bold"))
    _show_text(message, analysis, output)
    for dimension, score in zip(DIMENSIONS, analysis.scores, strict=True):
        _show_score(dimension, score, output)
    if analysis.pause is not None:
        output.line()
        words = " ".join([analysis.pause.reason, *analysis.pause.helps])
        _wrap(f"Take a breath first. {words}", output)
    for number, hint in enumerate(analysis.hints, 1):
        output.line()
        _show_hint(number, hint, analysis.text, output)
    for note in analysis.notes:
        output.line()
        _wrap(f"Note: {note}", output)
    if not (analysis.pause or analysis.hints or analysis.notes):
        output.line()
        output.line("Nothing to suggest.")


def bar(score: float) -> str:
    """A score as ten blocks.

    >>> bar(0.52)
    '▇▇▇▇▇▁▁▁▁▁'
    """
    full = round(score * _BAR)
    return "▇" * full + "▁" * (_BAR - full)


def _show_text(message: Message, analysis: Analysis, output: Output) -> None:
    text = analysis.text
    runs = [run for run in marked_runs(analysis) if run[2] is not None]
    lines = list(_lines(text))
    gutter = len(str(len(lines))) + 3 if message.file and message.line is None else 0
    shown = 0
    for line in lines:
        marked = [run for run in runs if run[0] < line.end and line.start < run[1]]
        if len(lines) > _SHORT and not marked:
            continue
        if gutter and shown and line.number > shown + 1:
            output.line(output.style("⋮".rjust(gutter - 2), "dim"))
        shown = line.number
        label = f"{line.number:>{gutter - 3}} │ " if gutter else ""
        for start, end in _rows(text, line, output.width - gutter):
            _show_row(text, start, end, marked, label, output)
            label = " " * gutter
    output.line()


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for number, line in enumerate(text.rstrip().split("\n"), 1):
        yield _Line(number, start, start + len(line.rstrip("\r")))
        start += len(line) + 1


def _rows(text: str, line: _Line, width: int) -> Iterator[tuple[int, int]]:
    """The line in pieces that fit, broken at spaces where there are any."""
    start = line.start
    while line.end - start > width:
        space = text.rfind(" ", start + 1, start + width + 1)
        end = start + width if space < 0 else space
        yield start, end
        start = end + (space >= 0)
    yield start, line.end


def _show_row(
    text: str,
    start: int,
    end: int,
    marked: list[tuple[int, int, str | None]],
    label: str,
    output: Output,
) -> None:
    """One row, its marks in colour, or on a line of their own where there is none."""
    row, marks = output.style(label, "dim"), " " * len(label)
    at = start
    for first, last, dimension in [*marked, (end, end, None)]:
        first, last = min(max(first, at), end), max(min(last, end), at)
        row += safe(text[at:first])
        marks += _blanks(text[at:first], " ")
        if dimension is not None and first < last:
            row += output.style(safe(text[first:last]), "underline", dimension)
            marks += _blanks(text[first:last], _UNDERLINES[dimension])
        at = max(first, last)
    output.line(row)
    if not output.color and marks.strip():
        output.line(marks.rstrip())


def _blanks(text: str, mark: str) -> str:
    """As many marks as the text is wide."""
    return "".join("\t" if char == "\t" else mark * _width(char) for char in text)


def _width(char: str) -> int:
    if char.isascii():
        return 1
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _show_score(dimension: str, score: float, output: Output) -> None:
    name = dimension.ljust(max(map(len, DIMENSIONS)))
    mark = "" if output.color else f"{_UNDERLINES[dimension]} "
    output.line(f"{mark}{name} {output.style(bar(score), dimension)} {score:.2f}")


def _show_hint(number: int, hint: Hint, text: str, output: Output) -> None:
    lead = f"{number}. "
    indent = " " * len(lead)
    if hint.span is not None:
        phrase = safe(quoted(text, hint.span))
        output.line(lead + output.style(f"“{phrase}”", hint.dimension))
        lead = indent
    _wrap(safe(hint.message), output, lead, indent)
    verb = "Add:" if hint.span is None else "Instead:"
    for suggestion in hint.suggestions:
        words = f"{verb} “{safe(suggestion)}”" if suggestion else "Or leave it out."
        _wrap(words, output, indent, indent + "  ")
    output.line(indent + output.style(details(hint), "dim"))


def _wrap(text: str, output: Output, first: str = "", rest: str = "") -> None:
    lines = textwrap.wrap(
        text,
        output.width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines:
        output.line(line)
