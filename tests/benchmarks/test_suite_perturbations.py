"""Changes of texts: seeded, readable, and only what their name says."""

from __future__ import annotations

import re
import unicodedata

import pytest
from benchmarks.suite.datasets.records import Example
from benchmarks.suite.perturbations import ABOUT, PERTURBATIONS, changed, sample

TEXT = (
    "Thanks for the report, we will look at it today. The second parcel left the warehouse on "
    "Monday; please tell us if it has not come by Friday!"
)


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_a_change_is_seeded_and_changes(name: str) -> None:
    assert changed(name, TEXT, "a") == changed(name, TEXT, "a") != TEXT
    for text in ("", "ok", "🙂", "x" * 200):
        assert isinstance(changed(name, text, "a"), str)


def test_each_change_is_explained() -> None:
    assert ABOUT.keys() == PERTURBATIONS.keys()


def test_ids_are_changed_differently() -> None:
    assert len({changed("typos", TEXT, str(n)) for n in range(20)}) > 10


def test_typos_touch_a_quarter_of_the_longer_words() -> None:
    before, after = TEXT.split(), changed("typos", TEXT, "a").split()
    assert len(before) == len(after)
    moved = sum(a != b for a, b in zip(before, after, strict=True))
    longer = len(re.findall(r"[A-Za-z]{4,}", TEXT))
    # A swap of two equal letters changes nothing.
    assert 1 <= moved <= round(longer / 4)


def test_spacing_leaves_words_alone() -> None:
    assert re.sub(r"\s", "", changed("spacing", TEXT, "a")) == re.sub(r"\s", "", TEXT)


def test_look_alikes_are_cyrillic_and_keep_the_length() -> None:
    after = changed("look-alikes", TEXT, "a")
    assert len(after) == len(TEXT)
    new = [b for a, b in zip(TEXT, after, strict=True) if a != b]
    assert new
    assert all(unicodedata.name(letter).startswith("CYRILLIC") for letter in new)


def test_l33t_writes_digits_for_letters() -> None:
    after = changed("l33t", TEXT, "a")
    assert {b for a, b in zip(TEXT, after, strict=True) if a != b} <= set("4310$7")


@pytest.mark.parametrize(
    "name", ["greeting and signature", "quoting", "quoting something hostile", "emoji"]
)
def test_additions_keep_the_text(name: str) -> None:
    after = changed(name, TEXT, "a")
    assert all(word in after for word in TEXT.split())
    if name.startswith("quoting"):
        head, quoted = after.split("wrote:\n")
        assert head.startswith(TEXT)
        assert all(line.startswith("> ") for line in quoted.splitlines())


def test_a_sample_is_seeded_and_keeps_groups_whole() -> None:
    examples = [Example(str(n), f"text {n}", group=str(n // 3)) for n in range(90)]
    rows = sample(examples, 31)
    assert rows == sample(examples, 31) == sorted(rows)
    assert len(rows) == 30
    groups = {examples[n].group for n in rows}
    assert len(groups) == 10
    assert sample(examples, 90) == list(range(90))


def test_a_sample_does_not_take_a_group_that_is_too_large() -> None:
    examples = [Example(str(n), "text", group="all" if n < 50 else None) for n in range(80)]
    rows = sample(examples, 20)
    assert len(rows) == 20
    assert min(rows) >= 50
