"""The labels of needs, acts and heat: keys, ids, and the counts of the datasheet."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from benchmarks.fit.corpus import OWN, SHORT_WRITERS

from calmtone.replies import ACTS

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (OWN / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def contexts() -> list[Row]:
    return rows("contexts.jsonl")


@pytest.fixture(scope="module")
def written() -> list[Row]:
    return rows("pairs.jsonl")


@pytest.fixture(scope="module")
def items() -> dict[str, Row]:
    return {row["id"]: row for row in [*rows("messages.jsonl"), *rows("new-writers.jsonl")]}


@pytest.fixture(scope="module")
def short() -> list[Row]:
    return rows("short-replies.jsonl")


def check_labels(row: Row, reply: str | None) -> None:
    assert row["heat"] * 2 in range(7)
    assert len(set(row["needs"])) == len(row["needs"])
    assert set(row["needs"]) | set(row.get("does", ())) <= set(ACTS)
    for offsets in row.get("does", {}).values():
        assert reply is not None
        for start in offsets:
            assert 0 <= start < len(reply)
            assert start == 0 or not reply[start - 1].isalnum()


def test_contexts_are_labelled_by_id(contexts: list[Row], items: dict[str, Row]) -> None:
    assert len({row["id"] for row in contexts}) == len(contexts)
    heats: dict[str, set[float]] = {}
    for row in contexts:
        item = items[row["id"]]
        assert item["context"]
        heats.setdefault(item["context"], set()).add(row["heat"])
        if row["id"].startswith(("W-", "X-")):  # new writers
            assert set(row) == {"id", "heat"}
        else:
            assert set(row) - {"does"} == {"id", "needs", "heat"}
            check_labels(row, item["text"])
    assert all(len(found) == 1 for found in heats.values())


def test_every_message_answered_is_labelled(contexts: list[Row], items: dict[str, Row]) -> None:
    labelled = {row["id"] for row in contexts}
    new = {row["id"] for row in rows("new-writers.jsonl")}
    assert {i for i, item in items.items() if item["context"]} - labelled <= new


def test_pairs_are_labelled(written: list[Row]) -> None:
    assert len({row["id"] for row in written}) == len(written)
    for row in written:
        assert set(row) - {"does"} == {"id", "message", "reply", "needs", "heat"}
        assert ("does" in row) == (row["reply"] is not None)
        check_labels(row, row["reply"])


def test_short_replies_are_labelled(short: list[Row]) -> None:
    assert len({row["id"] for row in short}) == len(short)
    assert len({(row["message"], row["reply"]) for row in short}) == len(short)
    splits: dict[str, set[str]] = {}
    for row in short:
        assert set(row) - {"does"} == {"id", "message", "reply", "needs", "heat", "split"}
        assert ("does" in row) == (row["reply"] is not None)
        check_labels(row, row["reply"])
        splits.setdefault(row["message"], set()).add(row["split"])
    assert {frozenset(found) for found in splits.values()} == {
        frozenset({"train"}),
        frozenset({"dev"}),
    }


def test_short_replies_do_and_leave_undone_what_is_needed(short: list[Row]) -> None:
    done = [(act, act in row["does"]) for row in short if row["reply"] for act in row["needs"]]
    for act in ACTS:
        share = done.count((act, True)) / (done.count((act, True)) + done.count((act, False)))
        assert 0.2 < share < 0.8


def test_no_fit_reads_the_dev_part_of_the_short_replies(short: list[Row]) -> None:
    fitting = pytest.importorskip("benchmarks.fit.replies.pairs", exc_type=ImportError)
    features = fitting.Features()
    dev = {row["message"] for row in short if row["split"] == "dev"}
    read = {(source, message) for source, message, _, _ in fitting._read_by_one()}
    assert not dev & {message for _, message in read}
    assert {message for source, message in read if source == "short"}
    assert {pair.group for pair in fitting.load_short_dev(features)} == dev


def test_heats_are_of_messages_without_another_label(contexts: list[Row]) -> None:
    heats = rows("heats.jsonl")
    answering = {row["id"]: row["context"] for row in rows("more-messages.jsonl")}
    assert len({row["id"] for row in heats}) == len(heats)
    for row in heats:
        assert row["heat"] * 2 in range(7)
        assert set(row) <= {"id", "message", "heat"}
        assert row.get("message") or answering[row["id"]]
    # The writers I, L, R and U, and those of very short messages, came later.
    later = SHORT_WRITERS | set("ILRU")
    asked = {i for i, context in answering.items() if context and i[0] not in later}
    assert asked <= {row["id"] for row in heats}
    assert not {row["id"] for row in contexts} & {row["id"] for row in heats}
    own = {row["message"] for row in heats if "message" in row}
    assert len(own) == sum("message" in row for row in heats)
    assert not own & {row["context"] for row in rows("replies.jsonl")}
    sheet = " ".join((OWN / "datasheet.md").read_text("utf-8").split())
    assert f"| {len(heats):,} |" in sheet
    assert f"of {len(own)} messages written for it" in sheet


def test_no_pair_stands_among_the_agreed_ones(
    written: list[Row], short: list[Row], items: dict[str, Row]
) -> None:
    agreed = rows("replies.jsonl")
    known = {row[key] for row in agreed for key in ("context", "text")}
    assert not known & {row["message"] for row in [*written, *short]}
    assert not known & {item["context"] for item in items.values()}


def test_the_datasheet_counts_them(
    contexts: list[Row], written: list[Row], short: list[Row], items: dict[str, Row]
) -> None:
    sheet = " ".join((OWN / "datasheet.md").read_text("utf-8").split())
    for name, found in (("contexts", contexts), ("pairs", written), ("short-replies", short)):
        row = re.search(rf"`{name}\.jsonl` \| [^|]+ \| ([\d,]+) \|", sheet)
        assert row is not None
        assert int(row[1].replace(",", "")) == len(found)
    of_messages = [row for row in contexts if "needs" in row]
    answered = {items[row["id"]]["context"] for row in of_messages}
    with_acts = sum("does" in row for row in contexts)
    assert f"of the {len(answered):,} messages answered" in sheet
    assert f"in {with_acts:,} rows `does`" in sheet
    assert f"Of {len(contexts) - len(of_messages)} messages of `new-writers.jsonl`" in sheet
    assert f"{sum(row['reply'] is not None for row in written)} of them with a reply" in sheet
    assert f"holds {len({row['message'] for row in written})} messages" in sheet
    replied = [row["message"] for row in short if row["reply"] is not None]
    assert f"holds {len({row['message'] for row in short})} messages" in sheet
    assert f"{len(set(replied))} of them with {len(replied)} replies" in sheet
    dev = {row["message"] for row in short if row["split"] == "dev"}
    assert f"is dev for {len(dev)} messages" in sheet
