"""From an entry's name to its examples: find, read, check, leave out."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.fit.corpus import Item, is_dev

from .duplicates import normalised, training_texts
from .errors import BrokenFile, DatasetError
from .fields import cell
from .locate import data_dir, digest, find
from .reading import example_of, rewrites_of
from .records import Dataset, Entry, Example
from .registry import entries, entry
from .tables import read_rows


def load(name: str, *, data_dir: Path | str | None = None) -> Dataset:
    """The examples of a data set.

    Files whose hash is not the declared one are read all the same and the set is marked
    partial. Texts that are in the training data are left out and counted: of every set those
    of the train split that all fits read, of a public set that is only for evaluation those
    of the public training sets that are here as well.

    Args:
        name: of an entry of `datasets.toml`.
        data_dir: the data folder instead of the one that `CALMTONE_DATA` names.

    Raises:
        UnknownName: no entry has the name; the message lists the near ones.
        MissingFile: a file is not on this machine; the message says how to get it.
        BrokenFile: a file can't be read as declared; the message names it.
    """
    return load_entry(entry(name), Path(data_dir).expanduser() if data_dir else None)


def load_entry(declared: Entry, data: Path | None = None) -> Dataset:
    """As `load`, for an entry that need not be in the registry."""
    root = data or data_dir()
    examples, files, left_out, rows = _read(declared, root)
    partial = any(
        file.sha256 is not None and files[file.path] != file.sha256 for file in declared.files
    )
    if declared.rows is not None and any(file.sha256 is None for file in declared.files):
        partial = partial or rows != declared.rows
    examples, repeats = _without_repeats(examples, declared)
    examples, duplicates = _without_training(examples, declared, root)
    if not examples:
        raise BrokenFile(
            f"{declared.name}: no example is left of {rows} rows of "
            f"{', '.join(file.path for file in declared.files)} ({dict(left_out)}, "
            f"{duplicates} in the training data): correct its labels in datasets.toml"
        )
    return Dataset(declared, examples, partial, files, duplicates, repeats, left_out, rows)


def _read(
    declared: Entry, root: Path | None
) -> tuple[list[Example], dict[str, str], Counter[str], int]:
    """The examples of all files, hashes found, rows left out by reason, and rows read."""
    options = declared.options
    columns = options.get("columns", {})
    reading = {"rows": declared.rows or -1, **options.get("read", {})}
    if len(declared.files) > 1:
        reading.pop("rows")
    make: Callable[..., list[Example]] = rewrites_of if "rewrites" in options else _single
    left_out: Counter[str] = Counter()
    files: dict[str, str] = {}
    examples: list[Example] = []
    taken: Counter[str] = Counter()
    keep = _splitter(options.get("split"))
    halves: dict[str, list[str]] = {}
    number = 0
    for file in declared.files:
        path = find(declared, file, root)
        files[file.path] = digest(path)
        for row in read_rows(declared.reader, path, reading):
            number += 1
            try:
                made = make(row, options, number)
            except KeyError as error:
                raise BrokenFile(
                    f"{path} has no column {error.args[0]!r}, only "
                    f"{', '.join(map(repr, list(row)[:12]))}: fetch {declared.name} again, or "
                    "correct its columns in datasets.toml"
                ) from error
            except ValueError as error:
                left_out[f"can't be read: {error}"[:80]] += 1
                continue
            if not made:
                left_out["not a pair"] += 1
            for example in made:
                if not example.text.strip():
                    left_out["no text"] += 1
                elif _says_nothing(example, declared) and not options.get("keep-unlabelled"):
                    left_out["no label"] += 1
                elif not keep(example, row):
                    left_out["other split"] += 1
                else:
                    examples.append(_unique(example, taken))
                    if "pair" in columns and (pair := cell(row, columns["pair"])) is not None:
                        halves.setdefault(str(pair), []).append(examples[-1].id)
    return _paired(examples, halves), files, left_out, number


def _paired(examples: list[Example], halves: dict[str, list[str]]) -> list[Example]:
    """The examples, the two halves of a contrast pair naming each other as partner."""
    other = {}
    for ids in halves.values():
        if len(ids) == 2:
            other.update({ids[0]: ids[1], ids[1]: ids[0]})
    return [e._replace(partner=other[e.id]) if e.id in other else e for e in examples]


def _single(row: dict[str, Any], options: Any, number: int) -> list[Example]:
    return [example_of(row, options, number)]


def _says_nothing(example: Example, declared: Entry) -> bool:
    """Whether the set has labels or spans and none of them is this text's."""
    return bool(declared.labels) and not example.labels and example.spans is None


def _unique(example: Example, taken: Counter[str]) -> Example:
    """The example with `#2`, `#3`, … after an id that came before."""
    taken[example.id] += 1
    count = taken[example.id]
    return example if count == 1 else example._replace(id=f"{example.id}#{count}")


def _splitter(rule: Any) -> Callable[[Example, dict[str, Any]], bool]:
    """Whether an example is of the declared side of the project's own frozen split."""
    if rule is None:
        return lambda example, row: True

    def keep(example: Example, row: dict[str, Any]) -> bool:
        item = Item(
            id=example.id,
            group=example.group or example.id,
            source=str(row.get(rule["source"], "")),
            text=example.text,
            context=example.context,
            ratings=(0, 0, 0),
            kind="",
        )
        return is_dev(item) is (rule["side"] == "dev")

    return keep


def _without_repeats(examples: list[Example], declared: Entry) -> tuple[list[Example], int]:
    """The first of each text, where the entry asks for it, and how many others there were."""
    if not declared.options.get("drop-repeats"):
        return examples, 0
    kept: dict[tuple[str, str], Example] = {}
    for example in examples:
        kept.setdefault((normalised(example.text), normalised(example.context or "")), example)
    return list(kept.values()), len(examples) - len(kept)


def _without_training(
    examples: list[Example], declared: Entry, root: Path | None
) -> tuple[list[Example], int]:
    """The examples whose text no fit has read, and how many others there were."""
    side = declared.options.get("split", {}).get("side")
    if side == "train":
        return examples, 0
    seen = training_texts(root)
    if declared.use == "evaluate" and side is None:
        seen |= _training_sets(root)
    kept = [example for example in examples if normalised(example.text) not in seen]
    if "rewrites" in declared.options:
        # A rewrite without its original, or the other way round, measures nothing.
        groups = Counter(example.group for example in kept)
        originals = {example.group for example in kept if example.partner is None}
        kept = [e for e in kept if groups[e.group] > 1 and e.group in originals]
    return kept, len(examples) - len(kept)


@functools.lru_cache(maxsize=4)
def _training_sets(root: Path | None) -> frozenset[str]:
    """The normalised texts of all public training sets of the registry that are here."""
    texts: set[str] = set()
    for declared in entries().values():
        if declared.use == "train" and declared.upstream:
            texts |= _texts_of(declared, root)
    return frozenset(texts)


def _texts_of(declared: Entry, root: Path | None) -> frozenset[str]:
    # Texts alone: without labels every row with a text counts, and reading is faster.
    unlabelled = {k: v for k, v in declared.options.items() if k != "spans"}
    unlabelled["labels"] = ()
    if text := declared.options.get("columns", {}).get("text"):
        unlabelled["columns"] = {"text": text}
    try:
        bare = declared._replace(options=unlabelled, labels=())
        examples = _read(bare, root)[0]
    except DatasetError:
        return frozenset()
    return frozenset(normalised(example.text) for example in examples) - {""}
