"""Cells to labels, spans and texts, with cases made by hand."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from benchmarks.fit.corpus import load_messages, split
from benchmarks.suite.datasets import Example, labelled, pairs, rewrites
from benchmarks.suite.datasets.cleaning import cleaned
from benchmarks.suite.datasets.duplicates import normalised, training_texts
from benchmarks.suite.datasets.fields import cell, label_value
from benchmarks.suite.datasets.marking import spans_of
from benchmarks.suite.datasets.reading import term_in
from hypothesis import given
from hypothesis import strategies as st

Rule = dict[str, Any]


def value(row: dict[str, Any], **rule: Any) -> float | None:
    return label_value(row, {"name": "a", "kind": "binary", **rule})


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ("1", 1.0),
        (1, 1.0),
        (1.0, 1.0),
        ("1.0", 1.0),
        (True, 1.0),
        (" TRUE ", 1.0),
        ("y", 1.0),
        ("0", 0.0),
        (0.0, 0.0),
        ("False", 0.0),
        ("no", 0.0),
        ("", None),
        (None, None),
        ("nan", None),
        (float("nan"), None),
        ("2", None),
        ("None", None),
    ],
)
def test_plain_binary_cells(found: Any, wanted: float | None) -> None:
    assert value({"a": found}) == wanted


@pytest.mark.parametrize(
    ("row", "rule", "wanted"),
    [
        ({"a": "BAD"}, {"one": ["bad"], "zero": ["NOT_BAD"]}, 1.0),
        ({"a": "other"}, {"one": ["bad"], "zero": ["NOT_BAD"]}, None),
        ({"a": "other"}, {"one": ["bad"]}, 0.0),
        ({"a": "civil"}, {"one": ["*"], "zero": ["civil"]}, 0.0),
        ({"a": "Threat"}, {"one": ["*"], "zero": ["civil"]}, 1.0),
        ({"a": "Abuse / slur"}, {"one": ["Abuse*"]}, 1.0),
        ({"a": "2"}, {"above": 1.5}, 1.0),
        ({"a": "1"}, {"above": 1.5}, 0.0),
        ({"b": "1"}, {"column": "b"}, 1.0),
        ({"a": "3,11"}, {"each": ",", "one": ["11"]}, 1.0),
        ({"a": "3,1"}, {"each": ",", "one": ["11"]}, 0.0),
        ({"a": "['x', 'y']"}, {"each": ",", "one": ["y"], "zero": ["x"]}, 1.0),
        ({"a": "x,z"}, {"each": ",", "one": ["y"], "zero": ["x"]}, None),
        ({"a": "x", "b": "skip"}, {"one": ["x"], "unless": {"b": ["skip"]}}, None),
        ({"a": "x", "b": "keep"}, {"one": ["x"], "unless": {"b": ["skip"]}}, 1.0),
        ({"v1": "y", "v2": "y", "v3": "n"}, {"votes": ["v[0-9]"]}, 1.0),
        ({"v1": "y", "v2": "n"}, {"votes": ["v[0-9]"]}, None),
        ({"v1": "y", "v2": "?", "v3": "?"}, {"votes": ["v[0-9]"]}, None),
        ({"v1": "n", "v2": "", "v3": "n"}, {"votes": ["v[0-9]"]}, 0.0),
        ({"v1": "", "v2": ""}, {"votes": ["v[0-9]"]}, None),
        ({"p": "1", "q": "1", "r": "0"}, {"for": ["p"], "against": ["[qr]"]}, None),
        ({"p": "1", "q": "0", "r": "0"}, {"for": ["p"], "against": ["[qr]"]}, 1.0),
        ({"p": "", "q": "1", "r": "0"}, {"for": ["p"], "against": ["[qr]"]}, 0.0),
    ],
)
def test_rules_of_labels(row: dict[str, Any], rule: Rule, wanted: float | None) -> None:
    assert value(row, **rule) == wanted


def test_ratings_are_numbers() -> None:
    assert value({"a": "-1.25"}, kind="rating") == -1.25
    assert value({"a": ""}, kind="rating") is None
    for bad in ("high", "inf"):
        with pytest.raises(ValueError, match=bad):
            value({"a": bad}, kind="rating")


def test_columns_that_are_not_there() -> None:
    for rule in ({"column": "b"}, {"votes": ["v*"]}, {"for": ["v*"], "against": ["a"]}):
        with pytest.raises(KeyError):
            value({"a": "1"}, **rule)


def test_the_first_column_with_something_in_it() -> None:
    row = {"Pair": "", "group": None, "id": "7"}
    assert cell(row, ["pair", "group", "id"]) == "7"
    assert cell(row, "GROUP") is None
    with pytest.raises(KeyError, match="thread or review"):
        cell(row, ["thread", "review"])


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ("[2, 3, 5]", ((2, 4, "hostility"), (5, 6, "hostility"))),
        ("[5, 3, 3, 2]", ((2, 4, "hostility"), (5, 6, "hostility"))),
        ([0, 1], ((0, 2, "hostility"),)),
        ("[[0, 2], [4, 6]]", ((0, 2, "hostility"), (4, 6, "hostility"))),
        ("[]", ()),
        ("", ()),
        (None, ()),
        ("7", ((7, 8, "hostility"),)),
    ],
)
def test_offsets(found: Any, wanted: Any) -> None:
    rule = {"column": "s", "form": "offsets", "dimension": "hostility"}
    assert spans_of({"s": found}, rule, "ten chars.") == wanted


@pytest.mark.parametrize("found", ["[2, 3", "oops()", "['a']", "[10]", "[-1]"])
def test_offsets_that_cannot_be_read(found: str) -> None:
    rule = {"column": "s", "form": "offsets", "dimension": "hostility"}
    with pytest.raises(ValueError, match=r"no list of offsets|lies outside"):
        spans_of({"s": found}, rule, "ten chars.")


@given(st.sets(st.integers(0, 59)))
def test_offsets_come_back(offsets: set[int]) -> None:
    rule = {"column": "s", "form": "offsets", "dimension": "empathy"}
    spans = spans_of({"s": str(list(offsets))}, rule, "x" * 60)
    assert spans is not None
    assert {n for start, end, _ in spans for n in range(start, end)} == offsets
    assert all(a[1] < b[0] for a, b in itertools.pairwise(spans))


def test_marked_texts_are_found() -> None:
    rule = {"column": "s", "form": "texts", "separator": "|", "dimension": "empathy"}
    text = "I hear you.  That must\nhurt."
    assert spans_of({"s": "that must hurt.|I hear|"}, rule, text) == (
        (0, 6, "empathy"),
        (13, 28, "empathy"),
    )
    assert spans_of({"s": "not in there"}, rule, text) is None
    assert spans_of({"s": ""}, rule, text) == ()


@pytest.mark.parametrize(
    ("text", "steps", "wanted"),
    [
        ('"quoted"', ["json"], "quoted"),
        ('"a \\"b\\" \\u00e9"', ["json"], 'a "b" é'),
        ('"not "json""', ["json"], 'not "json"'),
        ("plain", ["json"], "plain"),
        ('"one\\\\ntwo\\xa0\\u2019"', ["escapes"], "one\ntwo\xa0’"),
        ("caf\\xc3\\xa9 and \\xe9", ["escapes"], "café and é"),
        ("what \\ and \\o/", ["escapes"], "what \\ and \\o/"),
        ("\\ud83d alone", ["escapes"], "\\ud83d alone"),
        ("a [linebreak] b[linebreak]c", ["linebreak"], "a\nb\nc"),
        (" a ", ["strip"], "a"),
    ],
)
def test_cleaning(text: str, steps: list[str], wanted: str) -> None:
    assert cleaned(text, steps) == wanted


def test_terms_are_whole_words_and_the_longest() -> None:
    terms = ("american", "african american", "old", "older")
    assert term_in("You are a kind African American.", terms) == "african american"
    assert term_in("an older friend", terms) == "older"
    assert term_in("told, golden", terms) is None


def test_what_makes_no_difference_to_duplicates() -> None:
    same = ["It’s FINE, @someone!", "it's fine\n  @other ...", "ｉｔ ' s fine 😀 @x"]
    assert {normalised(text) for text in same} == {"it s fine user"}
    assert normalised("See https://example.org/a?b") == normalised("see link")
    assert normalised("can't") != normalised("can")
    assert normalised("...") == ""


def test_training_texts_are_there_without_any_data(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALMTONE_DATA", str(tmp_path))
    texts = training_texts()
    assert len(texts) == len(split(load_messages())[0]) > 2000
    assert "" not in texts


def test_pairs_and_rewrites_are_told_apart() -> None:
    examples = [
        Example("a", "harsh"),
        Example("a-rw", "calm", partner="a"),
        Example("a-rw2", "calmer", partner="a"),
        Example("p", "one", partner="q", labels={"x": 1.0}),
        Example("q", "other", partner="p"),
        Example("r", "alone", partner="gone"),
    ]
    assert [(o.id, c.id) for o, c in rewrites(examples)] == [("a", "a-rw"), ("a", "a-rw2")]
    assert [(one.id, two.id) for one, two in pairs(examples)] == [("p", "q")]
    assert labelled(examples, "x") == ([examples[3]], [1.0])
