"""Rows to examples, as the entry declares its columns."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from .cleaning import cleaned
from .fields import Row, cell, label_value, plain
from .marking import spans_of
from .records import Example


def example_of(row: Row, options: Mapping[str, Any], number: int) -> Example:
    """A row as an example.

    Args:
        row: of the file.
        options: of the entry: `columns`, `clean`, `labels`, `spans`, `terms`.
        number: of the row in its set, its id where no column has one.

    Raises:
        KeyError: the row lacks a column that the entry needs.
        ValueError: a cell can't be read.
    """
    columns = options["columns"]

    def of(key: str) -> str | None:
        if key not in columns:
            return None
        try:
            found = cell(row, columns[key])
        except KeyError:
            # Copies lose or gain an index column; the number of the row does as well.
            if key != "id":
                raise
            return None
        return None if found is None else str(found)

    found = of("text")
    text = cleaned(found or "", options.get("clean", ()))
    context = of("context")
    marked = options.get("spans")
    labels = {}
    for rule in options.get("labels", ()):
        if rule["kind"] not in ("span", "rewrite"):
            value = label_value(row, rule)
            if value is not None:
                labels[rule["name"]] = value
    kind = of("kind")
    if terms := options.get("terms"):
        kind = term_in(text, tuple(terms))
    identity, group = of("id"), of("group")
    return Example(
        id=plain_id(identity) if identity is not None else str(number),
        text=text,
        context=cleaned(context, options.get("clean", ())) if context else None,
        labels=labels,
        spans=spans_of(row, marked, text) if marked and text else None,
        group=plain_id(group) if group is not None else None,
        partner=of("partner"),
        kind=kind,
    )


def rewrites_of(row: Row, options: Mapping[str, Any], number: int) -> list[Example]:
    """A row with a text and calm versions of it, as one example each.

    Args:
        row: of the file.
        options: of the entry: `rewrites` (`original`, one column; `calm`, a list of columns
            that may be empty), `columns`, `clean`, `labels`.
        number: of the row in its set; the original's id is the number (or the row's id),
            those of the calm versions end in `-calm1`, `-calm2`, …

    Raises:
        KeyError: the row lacks a column that the entry needs.
    """
    pair, columns = options["rewrites"], options.get("columns", {})
    clean = options.get("clean", ())
    base = str(cell(row, columns["id"])) if "id" in columns else str(number)
    names = [rule["name"] for rule in options["labels"] if rule["kind"] != "span"]
    original = cell(row, pair["original"])
    texts = [str(found) for column in pair["calm"] if (found := cell(row, column)) is not None]
    if original is None or not texts:
        return []
    text = cleaned(str(original), clean)
    made = [Example(base, text, labels=dict.fromkeys(names, 1.0), group=base)]
    for place, each in enumerate(dict.fromkeys(cleaned(calm, clean) for calm in texts), 1):
        if each.strip() and each != text:
            zeros = dict.fromkeys(names, 0.0)
            name = f"{base}-calm{place}"
            made.append(Example(name, each, labels=zeros, group=base, partner=base))
    return made if len(made) > 1 else []


def plain_id(value: str) -> str:
    """An id that is the same whether it was written as an integer or a float."""
    return plain(value) if value.strip().endswith(".0") else value.strip()


def term_in(text: str, terms: tuple[str, ...]) -> str | None:
    """The longest of the terms that stands in the text as a word, None without any."""
    found = _terms(terms).findall(text.casefold())
    return max(found, key=len, default=None)


@functools.cache
def _terms(terms: tuple[str, ...]) -> re.Pattern[str]:
    # Longest first: "african american" before "african".
    parts = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
    return re.compile(rf"(?<![a-z])(?:{parts})(?![a-z])")
