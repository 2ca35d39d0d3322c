"""Sources to messages: texts, text files, and rows of jsonl and csv, one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ..csvrows import csv_rows, refuse_twins
from ..errors import InputError
from ..rows import Advance, Report, byte_lines, json_rows, plain_key, undecodable
from .arguments import Options
from .output import describe, standard_input
from .sources import Source

TEXT_KEYS = ("text", "message", "body")


class Message(NamedTuple):
    """A text to analyse. `line` is that of its row, None where it is all of the file."""

    text: str
    reply_to: str | None
    file: Path | None
    line: int | None

    @property
    def place(self) -> str:
        """`file`, `file:line`, or "" for a lone text."""
        if self.line is not None:
            return f"{self.file or 'stdin'}:{self.line}"
        return str(self.file or "")


def read_source(
    source: Source, options: Options, report: Report, advance: Advance
) -> Iterator[Message]:
    """The messages of a source.

    Args:
        source: what to read.
        options: names of columns, limits.
        report: told about what cannot be read; the rest is still read.
        advance: told how many bytes of a batch were read.
    """
    try:
        for text, reply_to, line in _texts(source, options, report, advance):
            where = source.name if line is None else f"{source.name}:{line}"
            problem = too_long(text, options.max_chars)
            answered = too_long(reply_to or "", options.max_chars)
            if problem:
                report(f"{where}: {problem}")
            elif answered:
                report(f"{where}: the message answered: {answered}")
            else:
                yield Message(text, reply_to, source.path, line)
    except InputError as error:
        report(str(error))
    except OSError as error:
        report(describe(error))


def too_long(text: str, most: int) -> str:
    """What to say about a text of more than `most` characters; "" about a shorter one."""
    if len(text) <= most:
        return ""
    return (
        f"{len(text):,} characters, over the limit of {most:,}: "
        "split it, or pass a higher --max-chars"
    )


def _texts(
    source: Source, options: Options, report: Report, advance: Advance
) -> Iterator[tuple[str, str | None, int | None]]:
    """Texts, what they answer, and their lines."""
    if source.text is not None:
        yield source.text, options.reply_to, None
        return
    if source.path is not None and source.path.is_dir():
        raise InputError(f"{source.name}: is a folder, give the files that you mean")
    with _open(source) as stream:
        if source.kind == "text":
            yield _decode_text(source, stream.read()), options.reply_to, None
            return
        for line, row in _rows(source, byte_lines(stream, advance), options, report):
            try:
                text, reply_to = _text_of(row, options)
            except InputError as error:
                report(f"{source.name}:{line}: {error}")
            else:
                yield text, reply_to or options.reply_to, line


def _open(source: Source) -> AbstractContextManager[BinaryIO]:
    if source.path is None:
        return nullcontext(standard_input())
    return source.path.open("rb")


def _decode_text(source: Source, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{source.name}:{line}: {undecodable(error)}") from None
    if not text.strip() and not source.may_be_empty:
        raise InputError("stdin is empty: give a text, a file, or - to allow it")
    return text


def _rows(
    source: Source, lines: Iterable[bytes], options: Options, report: Report
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if source.kind == "jsonl":
        return json_rows(source.name, lines, report)

    def check(columns: list[str]) -> None:
        _check_columns(source, columns, options)

    return csv_rows(source.name, lines, report, check, 2 * options.max_chars)


def _check_columns(source: Source, columns: list[str], options: Options) -> None:
    if not columns:
        raise InputError(f"{source.name}: is empty, a first line with columns is missing")
    try:
        used = [_text_key(columns, options)]
    except InputError as error:
        raise InputError(f"{source.name}: {error}") from None
    context = options.context_column
    if context is not None:
        if context not in columns:
            raise InputError(
                f"{source.name}: no column {context!r} among {_listed(columns)}: "
                "name another one with --context-column"
            )
        used.append(context)
    refuse_twins(source.name, columns, used)
    alike = [column for column in columns if plain_key(column) == plain_key(used[0])]
    if options.text_column is None and len(alike) > 1 and used[0] not in TEXT_KEYS:
        raise InputError(
            f"{source.name}: {_listed(alike)} may all hold the messages: name the column with "
            "--text-column"
        )


def _text_key(keys: Iterable[str], options: Options) -> str:
    keys = list(keys)
    named = options.text_column
    wanted = TEXT_KEYS if named is None else (named,)
    plain = {plain_key(key): key for key in reversed(keys)} if named is None else {}
    for key in wanted:
        found = key if key in keys else plain.get(key)
        if found is not None:
            return found
    raise InputError(
        f"no {_listed(wanted)} among {_listed(keys)}: name the column or key with --text-column"
    )


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(map(repr, keys)) or "nothing"


def _text_of(row: Mapping[str, Any], options: Options) -> tuple[str, str | None]:
    key = _text_key(row, options)
    text = row[key]
    if not isinstance(text, str):
        raise InputError(f"{key!r} is not a string but {json.dumps(text)[:60]}")
    context = options.context_column
    reply_to = None if context is None else row.get(context)
    if reply_to is not None and not isinstance(reply_to, str):
        raise InputError(f"{context!r} is not a string but {json.dumps(reply_to)[:60]}")
    return text, reply_to
