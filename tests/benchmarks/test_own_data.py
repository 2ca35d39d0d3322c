"""The published set: its frozen split, its keys, and the counts of its datasheet."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from benchmarks.fit import agreement
from benchmarks.fit.corpus import OWN, SHORT_WRITERS, Item, is_dev, load_messages
from benchmarks.suite.datasets import load, pairs, rewrites
from benchmarks.suite.datasets.duplicates import normalised

DIMENSIONS = ("hostility", "defensiveness", "empathy")
Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (OWN / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def messages() -> list[Row]:
    return rows("messages.jsonl")


@pytest.fixture(scope="module")
def frozen() -> dict[str, dict[str, list[str]]]:
    split: dict[str, dict[str, list[str]]] = json.loads((OWN / "split.json").read_text("utf-8"))
    return split


@pytest.fixture(scope="module")
def sheet() -> str:
    # Line breaks inside sentences make no difference.
    return " ".join((OWN / "datasheet.md").read_text("utf-8").split())


def test_every_item_is_on_one_side(messages: list[Row], frozen: Any) -> None:
    for name, items in (("messages", messages), ("replies", rows("replies.jsonl"))):
        ids = frozen[name]["train"] + frozen[name]["dev"]
        assert sorted(ids) == sorted(item["id"] for item in items)
        assert len(set(ids)) == len(ids)


def test_the_frozen_split_is_the_one_that_fits_use(frozen: Any) -> None:
    items = load_messages(OWN / "messages.jsonl")
    assert frozen["messages"]["dev"] == [item.id for item in items if is_dev(item)]
    replies = [
        Item(r["id"], r["id"], r["domain"], r["text"], r["context"], (0, 0, 0), "")
        for r in rows("replies.jsonl")
    ]
    assert frozen["replies"]["dev"] == [item.id for item in replies if is_dev(item)]


def test_pairs_rewrites_and_contexts_stay_together(messages: list[Row], frozen: Any) -> None:
    dev = set(frozen["messages"]["dev"])
    sides: dict[tuple[str, str], set[bool]] = {}
    for item in messages:
        groups = [("pair", item.get("pair")), ("context", item["context"])]
        groups += [("rewrite", item.get("rewrite_of")), ("rewrite", item["id"])]
        for kind, value in groups:
            if value:
                sides.setdefault((kind, value), set()).add(item["id"] in dev)
    divided = [group for group, found in sides.items() if len(found) > 1]
    assert divided == []


def test_no_text_is_on_both_sides(messages: list[Row], frozen: Any) -> None:
    dev = set(frozen["messages"]["dev"])
    texts = Counter(normalised(item["text"]) for item in messages)
    assert max(texts.values()) == 1
    assert 0 < len(dev) < len(messages)


def test_items_are_as_described(messages: list[Row]) -> None:
    ids = {item["id"] for item in messages}
    for item in messages:
        assert set(item["ratings"]) == set(DIMENSIONS)
        assert all(value in (0, 1, 2, 3) for value in item["ratings"].values())
        assert item.get("rewrite_of", item["id"]) in ids
        for span in item.get("spans", ()):
            assert 0 <= span["start"] < span["end"] <= len(item["text"])
            assert span["dimension"] in DIMENSIONS
    for reply in rows("replies.jsonl"):
        acts = {"acknowledge", "own", "answer", "next-step", "options"}
        assert set(reply["needs"]) | set(reply["does"]) | set(reply["missing"]) <= acts
        assert 0 <= reply["heat"] <= 3


def test_loaded_sets_follow_the_split(
    frozen: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALMTONE_DATA", str(tmp_path))
    monkeypatch.setenv("CALMTONE_CACHE", str(tmp_path / "cache"))
    for side in ("dev", "train"):
        loaded = load(f"messages-{side}")
        assert [example.id for example in loaded.examples] == frozen["messages"][side]
        assert not loaded.partial
        assert loaded.duplicates_removed == 0
    halves, versions = (
        pairs(load("messages-train").examples),
        rewrites(load("messages-train").examples),
    )
    in_dev = load("messages-dev").examples
    assert len(halves) + len(pairs(in_dev)) == 384
    assert len(versions) + len(rewrites(in_dev)) == 239
    assert all(calm.partner == original.id != calm.id for original, calm in versions)
    assert len(load("everyday").examples) == 180
    assert len(load("replies").examples) == 114


def test_new_writers_are_in_no_fit_and_in_no_split(messages: list[Row], frozen: Any) -> None:
    """Nor are their messages answered, which would give them away."""
    new = rows("new-writers.jsonl")
    learned = load_messages()
    assert not {item["id"] for item in new} & {item.id for item in learned}
    texts = {normalised(item.text) for item in learned}
    texts |= {normalised(item.context) for item in learned if item.context}
    for item in new:
        assert normalised(item["text"]) not in texts
        assert not item["context"] or normalised(item["context"]) not in texts
    assert len(pairs(load("messages-new-writers").examples)) == 200


def test_very_short_messages_are_held_out_by_writer() -> None:
    held, learned = rows("very-short.jsonl"), load_messages()
    texts = {normalised(item.text) for item in learned}
    writers = {item.source for item in learned}
    for row in held:
        assert row["writer"] not in writers
        assert normalised(row["text"]) not in texts
        assert 1 <= len(row["text"].split()) <= 10
    short = [row for row in rows("more-messages.jsonl") if row["kind"] == "very short"]
    assert {row["writer"] for row in short} == SHORT_WRITERS


def test_messages_of_later_writers_are_for_training() -> None:
    known = {item.id for item in load_messages(OWN / "messages.jsonl")}
    assert not any(is_dev(item) for item in load_messages() if item.id not in known)


def test_pieces_of_hostile_messages_are_of_the_train_split() -> None:
    train = {item.id: item for item in load_messages() if not is_dev(item)}
    found = rows("barbs.jsonl")
    assert len({row["id"] for row in found}) == len(found)
    for row in found:
        message = train[row["id"]]
        assert message.ratings[0] >= 2
        ends = [0, *(end for _, end, _ in row["pieces"])]
        assert [start for start, _, _ in row["pieces"]] == ends[:-1]
        assert ends[-1] == len(message.text)
        assert {tells for _, _, tells in row["pieces"]} <= {0, 1}


def test_drafts_are_read_by_no_fit() -> None:
    drafts = rows("drafts.jsonl")
    learned = {normalised(item.text) for item in load_messages()}
    assert not learned & {normalised(row["text"]) for row in drafts}
    for row in drafts:
        assert max(row["ratings"][name] for name in ("hostility", "defensiveness")) >= 2


def test_later_marks_stand_in_messages_for_training(messages: list[Row], frozen: Any) -> None:
    known = {m["id"]: m for m in [*messages, *rows("more-messages.jsonl")]}
    held_out = set(frozen["messages"]["dev"])
    found = rows("marks.jsonl")
    assert len({row["id"] for row in found}) == len(found)
    for row in found:
        message = known[row["id"]]
        assert row["id"] not in held_out
        assert "spans" not in message
        assert max(message["ratings"].values()) >= 2
        for span in row["spans"]:
            assert 0 <= span["start"] < span["end"] <= len(message["text"])
            assert message["ratings"][span["dimension"]] >= 1


@pytest.mark.parametrize("name", ["ratings.jsonl", "outside-ratings.jsonl"])
def test_further_ratings_hold_no_text(name: str) -> None:
    found = rows(name)
    assert len({(row["source"], row["hash"]) for row in found}) == len(found)
    for row in found:
        assert set(row) - {"second"} == {"source", "hash", "ratings"}
        assert re.fullmatch(r"[0-9a-f]{16}", row["hash"])
        rated: list[list[int]] = [row[key] for key in ("ratings", "second") if key in row]
        for ratings in rated:
            assert len(ratings) == 3
            assert set(ratings) <= {0, 1, 2, 3}


def test_raters_agree_as_the_datasheet_says(sheet: str) -> None:
    found = agreement.agreement(agreement.doubtful())
    written = json.loads(agreement.RESULTS.read_text("utf-8"))
    assert written["doubtful"] == found
    shares = [f"{found[name]:.2f}".lstrip("0") for name in DIMENSIONS]
    assert f"{found['texts']} were rated by two of them" in sheet
    assert "kappas of {}, {} and {}, so".format(*shares) in sheet
    known = written["again"]
    assert f"rated {known['texts']} real texts that had a rating" in sheet
    shares = [f"{known[name]:.2f} ({name})".lstrip("0") for name in DIMENSIONS]
    assert "a kappa of {}, {} and {}".format(*shares) in sheet


def test_agreement_is_beyond_chance() -> None:
    assert agreement.kappa([True, False], [True, False]) == 1
    assert agreement.kappa([True, True, False, False], [True, False, True, False]) == 0
    with pytest.raises(ValueError, match="one answer"):
        agreement.kappa([False, False], [False, False])


def test_the_datasheet_counts_what_is_there(messages: list[Row], sheet: str) -> None:
    for value in range(4):
        counts = [sum(m["ratings"][name] == value for m in messages) for name in DIMENSIONS]
        assert f"| {value} | " + " | ".join(f"{n:,}" for n in counts) + " |" in sheet
    writers = Counter(item["writer"] for item in messages)
    for names, what in (
        ("A, B, C, K, Q, V", "mixed messages"),
        ("H", "single sentences"),
        ("J", "long messages"),
        ("F, G, M, N", "contrast pairs: the same facts in two tones (`pair`)"),
    ):
        total = sum(writers.pop(name) for name in names.split(", "))
        assert f"| {names} | {what} | {total:,} |" in sheet
    assert not writers
    lengths = sorted(len(item["text"].split()) for item in messages)
    median = lengths[len(lengths) // 2]
    assert f"Length: {lengths[0]} to {lengths[-1]} words, median {median}." in sheet
    spans = [len(item["spans"]) for item in messages if "spans" in item]
    assert f"{sum(spans):,} marked spans in {len(spans)} messages" in sheet
    assert f"({sum(bool(m['context']) for m in messages):,} of {len(messages):,})" in sheet
    assert f"{sum('rewrite_of' in m for m in messages)} messages are calm versions" in sheet
    disputed = sum(bool(reply["disputed"]) for reply in rows("replies.jsonl"))
    assert f"({disputed} replies)" in sheet
    for name in (
        "messages",
        "replies",
        "everyday",
        "ratings",
        "new-writers",
        "more-messages",
        "again",
        "marks",
        "drafts",
        "outside-ratings",
        "barbs",
        "very-short",
    ):
        row = re.search(rf"`{name}\.jsonl` \| [^|]+ \| ([\d,]+) \|", sheet)
        assert row is not None
        assert int(row[1].replace(",", "")) == len(rows(f"{name}.jsonl"))


def test_the_datasheet_states_the_split(frozen: Any, sheet: str) -> None:
    parts = {name: (len(p["train"]), len(p["dev"])) for name, p in frozen.items()}
    train, dev = parts["messages"]
    assert f"{train:,} messages for training and {dev} for development" in sheet
    assert "{} and {} replies".format(*parts["replies"]) in sheet


def test_the_datasheet_has_every_section(sheet: str) -> None:
    for section in (
        "Motivation",
        "Composition",
        "Collection",
        "Labelling",
        "Uses",
        "Distribution",
        "Maintenance",
    ):
        assert f"## {section} " in sheet
    assert "CC BY 4.0" in sheet
