"""Rows of jsonl, one at a time; what cannot be read is reported, not lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from .errors import InputError

_BOM = b"\xef\xbb\xbf"

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


def plain_key(key: str) -> str:
    """A column or key as it is compared with the usual ones.

    >>> plain_key("Created At"), plain_key("created-at")
    ('created_at', 'created_at')
    """
    return "_".join(key.lower().replace("-", " ").replace("_", " ").split())


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
