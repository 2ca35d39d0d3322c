"""datasets.toml says everything that is needed, and says so when it doesn't."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from benchmarks.suite.datasets import RegistryError, entries, entry
from benchmarks.suite.datasets.records import DIMENSIONS, KINDS

# Hash and size as the upstream files have them, for a few: a slip in one is no partial copy.
UPSTREAM = {
    "ucc-test": ("corpus/test.csv", 805078, "e657c559"),
    "toxic-spans-test": ("SemEval2021/data/tsd_test.csv", 445951, "74f4dd08"),
    "toxicr": ("models/code-review-dataset-full.xlsx", 1031798, "51517e25"),
    "toxispanse": ("models/CR_full_span_dataset.csv", 4054763, "5d8c1df4"),
    "hatecheck": ("test_suite_cases.csv", 664630, "ecf0dc1e"),
    "kaggle-insults-test": ("test_with_solutions.csv", 586943, "3b3adc68"),
    "goemotions-test": ("data/original/test.tsv", 436706, "0587b2dd"),
    "tydip-test": ("data/binary/en_test_binary.csv", 39926, "b3f25833"),
    "resper": ("data/Final_annotations.csv", 1126986, "eba1d9bf"),
    "receptiveness": ("receptive_train.csv", 1199848, "9d0f9dab"),
}

WHOLE = """
[one]
title = "One"
folder = "one"
upstream = "owner/name"
commit = "0123456789abcdef0123456789abcdef01234567"
files = [{ path = "a.csv", sha256 = "%s" }]
use = "evaluate"
tasks = ["ranking"]
licence = "MIT"
citation = "@misc{one}"
reader = "csv"
columns = { text = "text", group = "thread" }
labels = [{ name = "rude", dimension = ["hostility", "empathy"], kind = "binary" }]
""" % ("0" * 64)


def registry(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "datasets.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", entries())
def test_entries_say_what_is_needed(name: str) -> None:
    declared = entry(name)
    assert declared.title
    assert declared.notes
    assert declared.licence
    assert re.match(r"@\w+\{[\w-]+,", declared.citation)
    assert declared.citation.count("{") == declared.citation.count("}")
    for file in declared.files:
        # A folder's content is hashed where it is at hand; a single file always.
        if declared.upstream and not file.path.endswith("/"):
            assert file.sha256
            assert file.bytes
    for label in declared.labels:
        assert label.dimension in DIMENSIONS
        assert label.kind in KINDS


@pytest.mark.parametrize("name", UPSTREAM)
def test_files_are_those_of_upstream(name: str) -> None:
    path, size, digest = UPSTREAM[name]
    (file,) = entry(name).files
    assert (file.path, file.bytes) == (path, size)
    assert file.sha256 is not None
    assert file.sha256.startswith(digest)


def test_no_file_serves_two_entries() -> None:
    files = [
        (each.folder, file.path)
        for each in entries().values()
        for file in each.files
        if each.folder and each.upstream
    ]
    assert len(set(files)) == len(files)


def test_no_test_set_is_for_training() -> None:
    for name, declared in entries().items():
        if name.endswith("-test") or declared.folder in ("ucc", "epitome", "disapere"):
            assert declared.use == "evaluate", name


def test_titles_are_all_different() -> None:
    titles = [declared.title for declared in entries().values()]
    assert len(set(titles)) == len(titles)


def test_an_entry_is_read(tmp_path: Path) -> None:
    declared = entry("one", registry(tmp_path, WHOLE))
    assert declared.files[0].path == "a.csv"
    assert [(label.dimension, label.title) for label in declared.labels] == [
        ("hostility", "rude"),
        ("empathy", "rude"),
    ]


def test_an_entry_is_like_another(tmp_path: Path) -> None:
    text = WHOLE + '[two]\nlike = "one"\ntitle = "Two"\ncolumns = { id = "n", group = "" }\n'
    both = entries(registry(tmp_path, text))
    assert both["two"].title == "Two"
    assert both["two"].upstream == both["one"].upstream
    assert both["two"].options["columns"] == {"text": "text", "id": "n"}
    assert both["one"].options["columns"] == {"text": "text", "group": "thread"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[one]", '["One set"]', r"\[One set\]: a name has small letters"),
        ('title = "One"', "", r"\[one\] title: is missing"),
        ('title = "One"', "title = 3", r"\[one\] title: has to be a text"),
        ('use = "evaluate"', 'use = "test"', r"use: has to be one of train, evaluate"),
        ('use = "evaluate"', 'user = "evaluate"', r"user: unknown key; there are .*use"),
        ('reader = "csv"', 'reader = "xml"', r"reader: has to be one of csv, tsv"),
        ('tasks = ["ranking"]', "tasks = []", r"tasks: has to be a list of at least one"),
        ("89abcdef01234567", "89abcdef", r"commit: an upstream needs its commit"),
        ("0" * 64, "0" * 63, r"files: sha256 of a\.csv needs 64 hex digits"),
        ('path = "a.csv"', 'path = "../a.csv"', r"has to lie inside the upstream"),
        ('{ path = "a.csv"', '{ file = "a.csv"', r"files: every file has a path"),
        ('text = "text"', 'body = "text"', r"columns: unknown \['body'\]"),
        ('text = "text", ', "", r"columns: text is missing"),
        ('kind = "binary"', 'kind = "yes"', r"label rude: kind has to be one of binary"),
        ('"hostility", ', '"anger", ', r"label rude: dimension has to be of hostility"),
        ('kind = "binary"', 'kind = "binary", sign = 0', r"label rude: sign has to be 1 or -1"),
        ('kind = "binary"', 'kind = "binary", over = 1', r"label rude: unknown \['over'\]"),
        ('name = "rude", ', "", r"labels: every label has a name"),
        ('reader = "csv"', 'reader = "csv"\nclean = ["soap"]', r"clean: unknown \['soap'\]"),
        ('reader = "csv"', 'reader = "csv"\nspans = { form = "x" }', r"spans: form has to be"),
        (
            'reader = "csv"',
            'reader = "csv"\nlike = "two"',
            r"like = 'two' names no other entry",
        ),
        (
            'reader = "csv"',
            'reader = "csv"\nlike = "one"',
            r"like = 'one' names no other entry",
        ),
        ("[one]", "one = 1\n[two]", r"one is no table"),
        ("[one]", "[one", r"datasets\.toml can't be read"),
    ],
)
def test_mistakes_are_named(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert old in WHOLE
    path = registry(tmp_path, WHOLE.replace(old, new, 1))
    with pytest.raises(RegistryError, match=message):
        entries(path)


def test_a_missing_registry_is_named(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"none\.toml can't be read"):
        entries(tmp_path / "none.toml")
