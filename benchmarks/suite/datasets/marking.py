"""Cells that mark words in a text, to spans."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .fields import Row, cell

Spans = tuple[tuple[int, int, str], ...]
SPAN_FORMS = ("offsets", "texts", "records")


def spans_of(row: Row, rule: Mapping[str, Any], text: str) -> Spans | None:
    """The marked spans of a row's text.

    Args:
        row: of the file.
        rule: `column`; `form`: `offsets` (a list of code points, SemEval-2021 task 5),
            `texts` (the marked words, put apart by `separator`), or `records` (a list of
            objects with start, end and dimension); `dimension`, for all but `records`.
        text: the text that they lie in.

    Returns:
        The spans in order, none of them empty; None where texts are marked that can't be
        found in the text.

    Raises:
        KeyError: the row lacks the column.
        ValueError: the offsets can't be read, or lie outside the text.
    """
    column = rule.get("column", "spans")
    form = rule["form"]
    # A key that is left out of a JSON record says that nothing was marked.
    found = cell(row, column) if form != "records" else row.get(column)
    if form == "records":
        if found is None:
            return None
        parts = [(r["start"], r["end"], str(r["dimension"])) for r in found]
    elif form == "offsets":
        parts = [(a, b, rule["dimension"]) for a, b in _runs(_offsets(found))]
    else:
        marked = [p.strip() for p in str(found or "").split(rule["separator"]) if p.strip()]
        places = [_find(text, part) for part in marked]
        if None in places:
            return None
        parts = [(a, b, rule["dimension"]) for a, b in filter(None, places)]
    for start, end, _ in parts:
        if not 0 <= start < end <= len(text):
            raise ValueError(f"span {start}-{end} lies outside a text of {len(text)}")
    return tuple(sorted(set(parts)))


def _offsets(found: Any) -> list[int]:
    if found is None:
        return []
    try:
        values = ast.literal_eval(found) if isinstance(found, str) else found
        if isinstance(values, int):
            values = [values]
        # A pair of pairs is a list of ranges; numbers are single characters.
        flat: list[int] = []
        for value in values:
            flat += range(*value) if isinstance(value, (list, tuple)) else [int(value)]
    except (SyntaxError, TypeError, ValueError) as error:
        raise ValueError(f"{str(found)[:40]!r} is no list of offsets") from error
    return flat


def _runs(offsets: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for offset in sorted(set(offsets)):
        if runs and runs[-1][1] == offset:
            runs[-1] = (runs[-1][0], offset + 1)
        else:
            runs.append((offset, offset + 1))
    return runs


def _find(text: str, part: str) -> tuple[int, int] | None:
    start = text.find(part)
    if start >= 0:
        return start, start + len(part)
    # Annotation tools change white space and case; words and order stay.
    pattern = r"\s*".join(re.escape(word) for word in part.split())
    match = re.search(pattern, text, re.IGNORECASE)
    return match.span() if match else None
