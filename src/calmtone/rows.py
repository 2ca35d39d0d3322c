"""Rows of jsonl and csv, one at a time; what cannot be read is reported, not lost."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from .errors import InputError

_BOM = b"\xef\xbb\xbf"
_UNDECODED = re.compile("[\udc80-\udcff]")

Report = Callable[[str], None]
Advance = Callable[[int], None]


def byte_lines(stream: BinaryIO, advance: Advance) -> Iterator[bytes]:
    """The lines of a file, without a byte order mark.

    Args:
        stream: the file.
        advance: told how many bytes were read.
    """
    first = True
    for line in stream:
        advance(len(line))
        yield line.removeprefix(_BOM) if first else line
        first = False


def json_rows(
    name: str, lines: Iterable[bytes], report: Report
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of JSON lines, with their lines from 1.

    Args:
        name: the file's, for messages.
        lines: its lines.
        report: told about lines that hold no object.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, _json_object(line)
        except InputError as error:
            report(f"{name}:{number}: {error}")


def csv_rows(
    name: str,
    lines: Iterable[bytes],
    report: Report,
    longest: int,
    check: Callable[[list[str]], None],
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows of csv as mappings by column, with their lines from 1.

    Args:
        name: the file's, for messages.
        lines: its lines.
        report: told about rows that are not UTF-8.
        longest: how many characters a field may have, if it is more than usual.
        check: called with the columns; raises `InputError` where some are missing.

    Raises:
        InputError: the csv is broken from some line on.
    """
    csv.field_size_limit(max(131_072, longest))
    reader = csv.reader(
        (line.decode("utf-8", "surrogateescape") for line in lines), strict=True
    )
    line = 1
    try:
        columns = [column.strip() for column in next(reader, [])]
        check(columns)
        line = reader.line_num + 1
        for values in reader:
            if values:
                row = dict(zip(columns, values, strict=False))
                if any(_UNDECODED.search(value) for value in values):
                    report(f"{name}:{line}: not UTF-8: save the file as UTF-8")
                else:
                    yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{name}:{line}: not valid CSV ({error}): from this line on, the file was not read"
        ) from None


def undecodable(error: UnicodeDecodeError) -> str:
    """What to say about bytes that are not UTF-8."""
    byte = error.object[error.start]
    return f"not UTF-8 (0x{byte:02x} at byte {error.start}): save it as UTF-8"


def _json_object(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(undecodable(error)) from None
    except json.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg} (column {error.colno})") from None
    except (ValueError, RecursionError) as error:  # huge numbers, deep nesting
        raise InputError(f"not readable JSON: {error}") from None
    if not isinstance(row, dict):
        raise InputError('not a JSON object such as {"text": "..."}')
    return row
