"""The changed copies that the check of rewrites is measured on, and the measuring."""

from __future__ import annotations

import random

import pytest
from benchmarks.fit.corpus import Item
from benchmarks.rewrites import CHANGES, measure_check, measure_rewrites

from calmtone import Analyzer

TEXT = "Dear Ann, I can't refund £40 before Friday, 3 May. It is not late, so ask Tom at 5 pm."


def item(name: str, text: str, ratings: tuple[int, int, int], of: str | None = None) -> Item:
    return Item(name, of or name, "made", text, None, ratings, "messages", (), of)


@pytest.mark.parametrize("kind", CHANGES)
def test_copies_differ_in_one_thing(kind: str) -> None:
    copies = list(CHANGES[kind](TEXT, random.Random(1)))
    assert copies
    for copy in copies:
        assert copy != TEXT
        assert abs(len(copy.split()) - len(TEXT.split())) <= 1
        assert len(set(TEXT.split()) - set(copy.split())) <= 2


@pytest.mark.parametrize("kind", CHANGES)
def test_a_text_without_such_a_thing_has_no_copies(kind: str) -> None:
    assert list(CHANGES[kind]("thanks for the cake", random.Random(1))) == []


def test_what_is_measured_on_rewrites(analyzer: Analyzer) -> None:
    items = [
        item("a", "Where is order 4471, you clown?", (3, 0, 0)),
        item("b", "One would never know from the state of the hall.", (2, 0, 0)),
        item("c", "Thank you, see you on Friday.", (0, 0, 1)),
    ]
    figures = measure_rewrites(items, analyzer)
    assert (figures["hostility"]["of"], figures["hostility"]["facts_lost"]) == (2, 0.0)
    assert figures["hostility"]["edits"]["drop"] == 1
    assert 0.5 <= figures["hostility"]["changed"] <= 1
    assert figures["rated_0"] == {"of": 1, "changed": 0.0}


def test_what_is_measured_on_the_check(analyzer: Analyzer) -> None:
    items = [
        item("a", TEXT, (0, 2, 0)),
        item("b", f"{TEXT} Thank you for waiting.", (0, 0, 2), of="a"),
    ]
    figures = measure_check(items, {one.id: one for one in items}, 0, analyzer)
    assert figures["false_alarms"] == {"share": 0.0, "without_context": 0.0, "of": 1}
    assert {f"{kind}/copy" for kind in CHANGES} <= set(figures["caught"])
    assert all(found["share"] == 1.0 for found in figures["caught"].values())
