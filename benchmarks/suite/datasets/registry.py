"""`datasets.toml`, read and checked: what every data set of the suite is.

An entry may say `like = "other"`: it then has everything the other has, and its own keys
in place of the same keys there (tables key by key, lists as a whole).
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .cleaning import CLEANERS
from .errors import RegistryError, UnknownName
from .fields import LABEL_RULES
from .marking import SPAN_FORMS
from .records import DIMENSIONS, KINDS, USES, Entry, FileSpec, LabelSpec
from .tables import READERS

REGISTRY = Path(__file__).parents[1] / "datasets.toml"

_TEXT_KEYS = {
    "title": "",
    "folder": "",
    "upstream": "",
    "commit": "",
    "licence": "",
    "citation": "",
    "notes": "",
    "fetch": "",
}
KEYS = frozenset(
    {*_TEXT_KEYS, "like", "use", "tasks", "rows", "files", "reader", "read", "columns"}
    | {
        "labels",
        "spans",
        "clean",
        "split",
        "drop-repeats",
        "keep-unlabelled",
        "rewrites",
        "terms",
    }
)
COLUMNS = frozenset({"text", "id", "context", "group", "kind", "partner", "pair"})
_SPEC_KEYS = frozenset({"name", "dimension", "kind", "sign", "title"})


def entries(path: Path | None = None) -> dict[str, Entry]:
    """All data sets by name, in the order of the file.

    Args:
        path: another file than the suite's own `datasets.toml`.

    Raises:
        RegistryError: an entry can't be used; the message names it and the key.
    """
    return dict(_entries(path or REGISTRY))


def entry(name: str, path: Path | None = None) -> Entry:
    """The entry of a name.

    Raises:
        UnknownName: nothing has the name; the message lists the near ones.
        RegistryError: as for `entries`.
    """
    known = _entries(path or REGISTRY)
    if name not in known:
        raise UnknownName(name, known)
    return known[name]


@functools.cache
def _entries(path: Path) -> Mapping[str, Entry]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RegistryError(f"{path.name} can't be read: {error}") from error
    found: dict[str, Entry] = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise RegistryError(f"{path.name}: {name} is no table; write [{name}]")
        found[name] = _entry(name, _inherited(name, tables))
    return found


def _inherited(name: str, tables: Mapping[str, Any], seen: tuple[str, ...] = ()) -> Any:
    table = tables[name]
    parent = table.get("like")
    if parent is None:
        return table
    if not isinstance(tables.get(parent), dict) or parent in (*seen, name):
        raise RegistryError(f"[{name}]: like = {parent!r} names no other entry")
    merged = dict(_inherited(parent, tables, (*seen, name)))
    for key, value in table.items():
        # An empty table takes the whole away.
        both = bool(value) and isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = {**merged[key], **value} if both else value
        if both:
            # An empty cell takes away what the other entry has.
            merged[key] = {k: v for k, v in merged[key].items() if v not in ("", [])}
    return merged


def _entry(name: str, table: Mapping[str, Any]) -> Entry:
    def wrong(key: str, advice: str) -> RegistryError:
        return RegistryError(f"[{name}] {key}: {advice}")

    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise RegistryError(f"[{name}]: a name has small letters, digits and single hyphens")
    for key in table:
        if key not in KEYS:
            raise wrong(key, f"unknown key; there are {', '.join(sorted(KEYS))}")
    texts = {key: table.get(key, default) for key, default in _TEXT_KEYS.items()}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise wrong(key, "has to be a text")
    for key in ("title", "licence", "citation"):
        if not texts[key].strip():
            raise wrong(key, "is missing")
    if bool(texts["upstream"]) != bool(re.fullmatch(r"[0-9a-f]{40}", texts["commit"])):
        raise wrong("commit", "an upstream needs its commit of 40 hex digits")
    if table.get("use") not in USES:
        raise wrong("use", f"has to be one of {', '.join(USES)}")
    if table.get("reader") not in READERS:
        raise wrong("reader", f"has to be one of {', '.join(READERS)}")
    tasks = table.get("tasks", [])
    if not isinstance(tasks, list) or not tasks or not all(isinstance(t, str) for t in tasks):
        raise wrong("tasks", "has to be a list of at least one task")
    columns = table.get("columns", {})
    if unknown := set(columns) - COLUMNS:
        raise wrong("columns", f"unknown {sorted(unknown)}; there are {sorted(COLUMNS)}")
    if "text" not in columns and not table.get("rewrites"):
        raise wrong("columns", "text is missing: name the column of the text")
    if unknown := set(table.get("clean", ())) - set(CLEANERS):
        raise wrong("clean", f"unknown {sorted(unknown)}; there are {', '.join(CLEANERS)}")
    spans = table.get("spans") or None
    if spans is not None and spans.get("form") not in SPAN_FORMS:
        raise wrong("spans", f"form has to be one of {', '.join(SPAN_FORMS)}")
    options = {
        key: table[key]
        for key in (
            *("read", "columns", "labels", "spans", "clean"),
            *("split", "drop-repeats", "keep-unlabelled", "rewrites", "terms"),
        )
        if table.get(key)
    }
    return Entry(
        name=name,
        **texts,
        use=table["use"],
        tasks=tuple(tasks),
        labels=_labels(name, table.get("labels", [])),
        files=_files(name, table.get("files", [])),
        rows=table.get("rows"),
        reader=table["reader"],
        options=options,
    )


def _files(name: str, tables: Any) -> tuple[FileSpec, ...]:
    files = []
    for table in tables:
        if not isinstance(table, dict) or not isinstance(table.get("path"), str):
            raise RegistryError(f"[{name}] files: every file has a path")
        digest = table.get("sha256")
        if digest is not None and not re.fullmatch(r"[0-9a-f]{64}", str(digest)):
            raise RegistryError(
                f"[{name}] files: sha256 of {table['path']} needs 64 hex digits"
            )
        path = table["path"]
        if path.startswith("/") or ".." in path.split("/"):
            raise RegistryError(f"[{name}] files: {path} has to lie inside the upstream")
        files.append(FileSpec(path, table.get("bytes"), digest))
    if not files:
        raise RegistryError(f"[{name}] files: at least one is needed")
    return tuple(files)


def _labels(name: str, tables: Any) -> tuple[LabelSpec, ...]:
    labels = []
    for table in tables:
        label = str(table.get("name", ""))
        if not label:
            raise RegistryError(f"[{name}] labels: every label has a name")
        where = f"[{name}] label {label}"
        if unknown := set(table) - _SPEC_KEYS - LABEL_RULES:
            known = sorted(_SPEC_KEYS | LABEL_RULES)
            raise RegistryError(f"{where}: unknown {sorted(unknown)}; there are {known}")
        dimensions = table.get("dimension")
        dimensions = [dimensions] if isinstance(dimensions, str) else dimensions
        if not dimensions or not set(dimensions) <= set(DIMENSIONS):
            raise RegistryError(f"{where}: dimension has to be of {', '.join(DIMENSIONS)}")
        if table.get("kind") not in KINDS:
            raise RegistryError(f"{where}: kind has to be one of {', '.join(KINDS)}")
        if (sign := table.get("sign", 1)) not in (1, -1):
            raise RegistryError(f"{where}: sign has to be 1 or -1")
        title = table.get("title", label.replace("_", " "))
        labels += [LabelSpec(label, each, table["kind"], sign, title) for each in dimensions]
    return tuple(labels)
