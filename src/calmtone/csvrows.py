"""Rows of csv: any of the usual separators; a broken row costs no other."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from .errors import InputError
from .rows import Report

_NAMES = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
_MOST = 16_000_000  # characters; a row that goes on beyond them has an unclosed quote
_UNDECODED = re.compile("[\udc80-\udcff]")
_NOT_UTF8 = "not UTF-8: save the file as UTF-8"
_UNCLOSED = "a quotation mark opens a cell here and none closes it"
_STRAY = "a quotation mark ends a cell too early: write two for one that is part of the text"


class _Record(NamedTuple):
    """A row in its lines. `problem` says why it cannot be read."""

    lines: list[str]
    values: list[str]
    problem: str | None


class _Lines:
    """Lines that can be given back, counted from 1."""

    def __init__(self, lines: Iterable[bytes], longest: int) -> None:
        self._lines = _decoded(lines)
        self._back: list[str] = []  # the next one is the last
        self._alone = 0
        self._longest = longest
        self.number = 1

    def take(self) -> str | None:
        """The next line; None after the last."""
        line = self._back.pop() if self._back else next(self._lines, None)
        self.number += line is not None
        return line

    def give_back(self, lines: list[str]) -> None:
        """Let lines come once more."""
        self._back += reversed(lines)
        self.number -= len(lines)

    def rewind(self, record: _Record) -> None:
        """Let the lines of the last record come once more, as if never read."""
        self.give_back(record.lines if record.problem is None else record.lines[:1])
        self._alone = 0

    def record(self, separator: str) -> _Record:
        """The next row, which may have several lines; no lines after the last.

        A row that cannot be read costs one line: what it swallowed comes again. Of that,
        all but the last line was read within an open quote without closing it, so that a
        row that would start there and not end in its own line is as broken; it is not
        followed, or many quotes would be read many times.
        """
        first = self.take()
        if first is None:
            return _Record([], [], None)
        plain = first.rstrip("\r\n")
        if '"' not in plain and "\r" not in plain:
            self._alone = max(self._alone - 1, 0)
            return _Record([first], plain.split(separator) if plain else [], None)
        self.give_back([first])
        return self._quoted(separator)

    def _quoted(self, separator: str) -> _Record:
        """The next row, as the csv module reads it."""
        taken: list[str] = []
        size = 0
        most = 0 if self._alone else self._longest
        self._alone = max(self._alone - 1, 0)

        def feed() -> Iterator[str]:
            nonlocal size
            while not taken or size <= most:
                line = self.take()
                if line is None:
                    return
                taken.append(line)
                size += len(line)
                yield line

        try:
            values = next(csv.reader(feed(), delimiter=separator, strict=True), [])
        except csv.Error as error:
            self.give_back(taken[1:])
            self._alone += max(len(taken) - 2, 0)
            return _Record(taken, [], _told(error))
        return _Record(taken, values, None)


def csv_rows(
    name: str,
    lines: Iterable[bytes],
    report: Report,
    check: Callable[[list[str]], None],
    longest: int = 0,
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of csv as mappings by column, with their lines from 1.

    Cells are parted by commas, semicolons, tabs or bars, whichever gives columns that
    `check` takes. A row with fewer cells than there are columns lacks the last ones.

    Args:
        name: the file's, for messages.
        lines: its lines.
        report: told about rows that cannot be read: broken quotes, more cells than there
            are columns, other encodings. The rows after them are read.
        check: called with the columns; raises `InputError` where they will not do.
        longest: how many characters a row of several lines may have, if more than usual.

    Raises:
        InputError: there are no columns, or `check` takes none.
    """
    csv.field_size_limit(2**31 - 1)  # how long a text may be is asked elsewhere
    source = _Lines(lines, max(_MOST, longest))
    separator, columns = _header(name, source, check)
    while True:
        line = source.number
        taken, values, problem = source.record(separator)
        if not taken:
            return
        if problem is not None:
            report(f"{name}:{line}: not valid CSV ({problem}): this row was not read")
        elif any(map(_UNDECODED.search, values)):
            report(f"{name}:{line}: {_NOT_UTF8}")
        elif any(map(str.strip, values[len(columns) :])):
            report(
                f"{name}:{line}: {len(values)} cells for {len(columns)} columns: put cells "
                f"that hold {_NAMES[separator]} in quotation marks"
            )
        elif values:
            yield line, dict(zip(columns, values, strict=False))


def refuse_twins(name: str, columns: list[str], used: Iterable[str]) -> None:
    """Refuse a used column whose name another one has too.

    Raises:
        InputError: nobody can know which of two columns is meant.
    """
    for column in used:
        if columns.count(column) > 1:
            raise InputError(
                f"{name}: {columns.count(column)} columns are named {column!r}: rename the "
                "others, so that it is known which one is meant"
            )


def _header(
    name: str, source: _Lines, check: Callable[[list[str]], None]
) -> tuple[str, list[str]]:
    """What parts the cells, and the columns."""
    found: list[tuple[str, list[str], _Record]] = []
    problem = None
    for separator in _stated(source) or _NAMES:
        record = source.record(separator)
        source.rewind(record)
        if record.problem is not None:
            problem = record.problem
            continue
        columns = [column.strip() for column in record.values]
        if any(map(_UNDECODED.search, columns)):
            raise InputError(f"{name}:{source.number}: {_NOT_UTF8}")
        found.append((separator, columns, record))
    if not found:
        raise InputError(f"{name}:{source.number}: not valid CSV ({problem}): mend the columns")
    found.sort(key=lambda one: -len(one[1]))  # stable: of equals, the more usual
    refusal: InputError | None = None
    for separator, columns, record in found:
        try:
            check(columns)
        except InputError as error:
            refusal = refusal or error
            continue
        for _ in record.lines:
            source.take()
        return separator, columns
    raise refusal or InputError(f"{name}: has no columns")


def _stated(source: _Lines) -> str:
    """The separator of a line `sep=;`, as spreadsheets write it; blank lines are skipped."""
    stated = ""
    while (line := source.take()) is not None:
        found = re.fullmatch(r"(?i)sep=([,;\t|])", line.strip("\r\n "))
        if found and not stated:
            stated = found[1]
        elif line.strip(" \t\r\n"):
            source.give_back([line])
            break
    return stated


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """Lines as texts; of a file that parts them by carriage returns alone, those."""
    returns = None
    for line in lines:
        if returns is None:
            returns = b"\r" in line.rstrip(b"\r\n")
        for part in line.splitlines(keepends=True) if returns else (line,):
            yield part.decode("utf-8", "surrogateescape")


def _told(error: csv.Error) -> str:
    """The words of the csv module in ours."""
    words = str(error)
    if "unexpected end" in words:
        return _UNCLOSED
    return _STRAY if "expected after" in words else words
