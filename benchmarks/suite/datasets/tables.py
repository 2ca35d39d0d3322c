"""Files to rows: every reader gives dictionaries of column to cell.

Cells of text files stay the text that they are (`None` and `NA` are values); what counts
as empty is decided where labels are read. JSON objects are flattened: the key `b` in the
object under `a` is the column `a.b`. What the readers forgive: a byte order mark, any line
ends, a column without a name, short rows, any case of the header.
"""

from __future__ import annotations

import csv
import html
import io
import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .errors import BrokenFile

Row = dict[str, Any]

_FIELD_LIMIT = 10**8
_STRAY = 1e-4


def read_rows(reader: str, path: Path, options: Mapping[str, Any]) -> list[Row]:
    """The rows of a file, or of every file of a folder in the order of their names.

    Args:
        reader: one of `READERS`.
        path: a file; or a folder, of which all files with the ending `options["ending"]`
            (default: the reader's name) are read.
        options: `encoding` (default utf-8), `header` (column names of a file without any),
            `quoting` (`auto`, `standard`, `none`), `rows` (how many there should be, which
            helps `auto`), `unescape` (resolve HTML entities),
            `sheet` (of a workbook; default the first), `explode` (column with a list: one
            row for each of its elements, whose columns are added to the row's own).

    Raises:
        BrokenFile: the file can't be read so; the message names it and what to do.
    """
    if path.is_dir():
        ending = "." + str(options.get("ending", reader))
        rows = []
        for each in sorted(path.rglob("*" + ending)):
            rows += read_rows(reader, each, options)
        if not rows:
            raise BrokenFile(f"{path} has no {ending} files with rows: fetch the set again")
        return rows
    try:
        rows = list(READERS[reader](path, options))
    except BrokenFile:
        raise
    except Exception as error:
        # Damaged workbooks raise whatever their parser met: zip, XML and key errors.
        raise BrokenFile(
            f"{path} can't be read as {reader}: {error}; fetch it again"
        ) from error
    if explode := options.get("explode"):
        rows = [part for row in rows for part in _exploded(row, explode)]
    if reader in ("json", "jsonl"):
        # A key that is left out of an object is an empty cell of that column.
        keys = dict.fromkeys(key for row in rows for key in row)
        rows = [{**dict.fromkeys(keys), **row} for row in rows]
    if options.get("unescape"):
        rows = [
            {
                key: html.unescape(cell) if isinstance(cell, str) else cell
                for key, cell in r.items()
            }
            for r in rows
        ]
    return rows


def _text(path: Path, options: Mapping[str, Any]) -> str:
    encoding = options.get("encoding", "utf-8")
    data = path.read_bytes()
    # utf-8-sig drops the byte order mark that spreadsheets write.
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        # A stray byte in a large file costs a letter; more of them are another encoding.
        text = data.decode(codec, errors="replace")
        if text.count("\ufffd") <= _STRAY * len(text):
            return text
        raise BrokenFile(
            f"{path} is not {encoding} (byte {error.start}): fetch it again, or correct "
            "`encoding` in datasets.toml"
        ) from error


def _delimited(path: Path, options: Mapping[str, Any], delimiter: str) -> Iterator[Row]:
    text = _text(path, options)
    quoting = options.get("quoting", "auto")
    tables = {
        mode: _split(text, delimiter, mode)
        for mode in (("standard", "none") if quoting == "auto" else (quoting,))
    }
    # A stray quotation mark swallows lines under standard quoting, and quoted line ends tear
    # rows apart without it: the right reading has the rows that were declared, or, of a
    # partial copy, fewer ragged ones.
    header = options.get("header")
    rows = options.get("rows", -1) + (header is None)
    table = min(tables.values(), key=lambda each: (len(each) != rows, _ragged(each)))
    if header is None:
        if not table:
            return
        header = [name.strip().strip("\ufeff") for name in table.pop(0)]
        # A first line with one name fewer than the rows is an index without a name.
        widths = [len(row) for row in table[:50]]
        if widths and min(widths) == len(header) + 1:
            header.insert(0, "")
    for cells in table:
        yield dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False))


def _split(text: str, delimiter: str, quoting: str) -> list[list[str]]:
    csv.field_size_limit(_FIELD_LIMIT)
    if quoting == "none":
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        rows = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [row for row in rows if any(row)]


def _ragged(table: list[list[str]]) -> float:
    """Share of the rows with another width than the header, which counts least in ties."""
    if not table:
        return 2.0
    width = len(table[0])
    return sum(len(row) != width for row in table) / len(table)


def _csv(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    return _delimited(path, options, options.get("delimiter", ","))


def _tsv(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    return _delimited(path, options, "\t")


def _json(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    data = json.loads(_text(path, options))
    for value in data if isinstance(data, list) else [data]:
        yield _flat(value)


def _jsonl(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    for number, line in enumerate(_text(path, options).split("\n"), 1):
        if line.strip():
            try:
                yield _flat(json.loads(line))
            except ValueError as error:
                raise BrokenFile(f"{path}, line {number}: {error}; fetch it again") from error


def _flat(value: Any, prefix: str = "") -> Row:
    if isinstance(value, list):
        value = {str(number): part for number, part in enumerate(value)}
    if not isinstance(value, dict):
        return {prefix.rstrip("."): value}
    row: Row = {}
    for key, part in value.items():
        if isinstance(part, dict):
            row.update(_flat(part, f"{prefix}{key}."))
        else:
            row[f"{prefix}{key}"] = part
    return row


def _exploded(row: Row, column: str) -> Iterator[Row]:
    parts = row.get(column)
    rest = {key: cell for key, cell in row.items() if key != column}
    for part in parts if isinstance(parts, list) else []:
        yield {**rest, **_flat(part)}


def _xlsx(path: Path, options: Mapping[str, Any]) -> list[Row]:
    try:
        import openpyxl
    except ImportError as error:
        raise BrokenFile(
            f"{path} is a workbook, which needs openpyxl: `pip install 'calmtone[bench]'`"
        ) from error
    with warnings.catch_warnings():
        # Of styles and validations that openpyxl leaves out, and the text doesn't need.
        warnings.simplefilter("ignore", UserWarning)
        return _sheet(openpyxl.load_workbook(path, read_only=True, data_only=True), options)


def _sheet(book: Any, options: Mapping[str, Any]) -> list[Row]:
    from openpyxl.utils.escape import unescape

    rows: list[Row] = []
    try:
        sheet = book[options["sheet"]] if "sheet" in options else book.worksheets[0]
        # Some writers state a wrong size, which would cut the rows.
        sheet.reset_dimensions()
        header: list[str] | None = options.get("header")
        for cells in sheet.iter_rows(values_only=True):
            if all(cell is None for cell in cells):
                continue
            if header is None:
                header = [str(cell or "").strip() for cell in cells]
                continue
            padded = [*cells, *[None] * (len(header) - len(cells))]
            rows.append(
                {
                    name: unescape(cell) if isinstance(cell, str) else cell
                    for name, cell in zip(header, padded, strict=False)
                }
            )
    finally:
        book.close()
    return rows


READERS: dict[str, Callable[[Path, Mapping[str, Any]], Iterable[Row]]] = {
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "jsonl": _jsonl,
    "xlsx": _xlsx,
}
