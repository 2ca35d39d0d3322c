"""Published results of others: `benchmarks/suite/published.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).parents[1] / "published.toml"
_RESULT_KEYS = {
    "source", "task", "score", "measure", "on", "near", "differs", "remark", "converted",
    "values",
}  # fmt: skip


class PublishedError(Exception):
    """`published.toml` says something that the page can't show; the message says what."""


class Source(NamedTuple):
    """Where figures were published.

    Args:
        key: its name in the file, which becomes the footnote's.
        citation: authors, year, title and place.
        url: where to read it.
        where: which table or part of it.
    """

    key: str
    citation: str
    url: str
    where: str


class Value(NamedTuple):
    """One published figure, in the units of the suite.

    Args:
        system: who reached it, a model, a service or a person.
        task, measure, dataset, label: the cell of the suite that it belongs to.
        dimension: the score of calmtone's that stands beside it.
        value: the figure.
        same: measured on the very texts and labels of `dataset`.
        differs: what differs where it was not, else None.
        source: key of its source.
    """

    system: str
    task: str
    measure: str
    dataset: str
    label: str
    dimension: str
    value: float
    same: bool
    differs: str | None
    source: str


class Elsewhere(NamedTuple):
    """A figure on other data or by another measure, and why it can't be compared."""

    system: str
    measure: str
    data: str
    value: float
    why: str
    source: str


class Published(NamedTuple):
    """All that `published.toml` holds.

    Args:
        sources: by key.
        values: figures that have a cell in the suite.
        elsewhere: figures that have none.
        remarks: what a reader has to know of the figures of a source, by its key.
    """

    sources: Mapping[str, Source]
    values: tuple[Value, ...]
    elsewhere: tuple[Elsewhere, ...]
    remarks: Mapping[str, tuple[str, ...]]


def published(path: Path = FILE) -> Published:
    """The published results.

    Raises:
        PublishedError: the file is no TOML, or an entry lacks a key, names no source, or is
            on other data without a word on what differs.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PublishedError(f"{path.name} is no valid TOML: {error}") from error
    try:
        sources = {
            key: Source(key, **source) for key, source in content.get("sources", {}).items()
        }
        entries = content.get("results", [])
        values = tuple(value for entry in entries for value in _values(entry, path.name))
        elsewhere = tuple(Elsewhere(**entry) for entry in content.get("elsewhere", []))
    except (TypeError, KeyError) as error:
        raise PublishedError(f"{path.name}: a key is missing or unknown: {error}") from error
    used = [value.source for value in values] + [item.source for item in elsewhere]
    for source in used:
        if source not in sources:
            raise PublishedError(f"{path.name}: no [sources.{source}]")
    return Published(sources, values, elsewhere, _remarks(entries))


def _values(entry: Mapping[str, Any], name: str) -> Iterator[Value]:
    unknown = sorted(set(entry) - _RESULT_KEYS)
    if unknown:
        raise PublishedError(f"{name}: unknown key {unknown[0]!r} in [[results]]")
    differs = entry.get("differs")
    on, near = entry.get("on", []), entry.get("near", [])
    if bool(near) != bool(differs):
        raise PublishedError(
            f"{name}: {entry['source']} needs both `near` and `differs`, or neither"
        )
    for system, labels in entry["values"].items():
        for label, value in labels.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise PublishedError(f"{name}: {system}, {label}: {value!r} is no number")
            for dataset in (*on, *near):
                same = dataset in on
                yield Value(
                    system, entry["task"], entry["measure"], dataset, label,
                    entry["score"], float(value), same, None if same else differs,
                    entry["source"],
                )  # fmt: skip


def _remarks(entries: list[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    remarks: dict[str, list[str]] = {}
    for entry in entries:
        found = remarks.setdefault(entry["source"], [])
        if "converted" in entry:
            found.append(entry["converted"])
        if "remark" in entry:
            found.append(entry["remark"])
    return {key: tuple(found) for key, found in remarks.items()}
