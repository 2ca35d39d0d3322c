"""Labelled pairs of a message and the reply to it, as features and labels.

`benchmarks/data/replies.jsonl` holds the pairs that two readers agreed on. One more reader
labelled what the messages of `messages.jsonl` answer (`contexts.jsonl`: ids, needs, heat,
and for many replies the offsets of the sentences that do an act), and further pairs that
were written for this fit (`pairs.jsonl`, and mostly short and plain ones in
`short-replies.jsonl`). Of further messages the heat alone is rated (`heats.jsonl`). The dev
splits of `messages.jsonl` and `short-replies.jsonl` are left out.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from calmtone.replies.signs import (
    MOST_WORDS,
    MOST_WORDS_MESSAGE,
    matches_by_sentence,
    message_signs,
    sentence_signs,
)
from calmtone.resources import read_json, read_records
from calmtone.rules.acts import ACTS
from calmtone.rules.matching import Matcher
from calmtone.text import language_from, read

from ..corpus import OWN, is_dev, load_messages

HEAT_ALONE = frozenset({"heats", "answered"})  # sources of which only the heat is known
SHORT = "short-replies.jsonl"
Array = np.ndarray[Any, Any]
Row = dict[str, Any]


@dataclass(slots=True)
class Pair:
    """One message with the reply to it, as features and labels.

    Features are counted: signs by name, words with a space before them. `sentences[i]`
    holds those of sentence i of the reply; `doing[i][k]` is 1, 0, or -1 where it is not
    known which sentence does act k. `source` is "replies", "pairs", "short", "contexts",
    "heats" or "answered"; of the last two only the heat is known (`HEAT_ALONE`).
    """

    group: str
    source: str
    message: Counter[str]
    needs: list[int]
    heat: float
    asks: bool
    sentences: list[Counter[str]] = field(default_factory=list)
    doing: list[list[int]] = field(default_factory=list)
    does: list[int] = field(default_factory=list)
    sure: Array = field(default_factory=lambda: np.ones(len(ACTS), bool))


class Features:
    """Texts to counted signs and words, by the code that reads them later."""

    def __init__(self) -> None:
        tables = read_json("en", "language.json")
        self.language = language_from(tables)
        self.ignored = frozenset(tables["replies"]["words"]["function"]) | {"", "|"}
        self.needs, self.does = (
            Matcher({**header, "nodes": nodes}, tables)
            for header, nodes in (
                read_records("en", f"{name}.jsonl") for name in ("needs", "does")
            )
        )

    def words(self, text: str) -> list[str]:
        """The words of a text, as fits and analysis know them."""
        document = read(text, self.language)
        every = [w for p in document.sentences for w in document.words[p.first : p.last]]
        return [word for word in every if word not in ("", "|")]

    def pair(self, source: str, message: str, reply: str | None, labels: Row) -> Pair:
        """A pair without what the reply does.

        Args:
            source: where it is from.
            message: the message answered.
            reply: None where its sentences are not labelled.
            labels: `needs`, if they are known, and `heat`.
        """
        document = read(message, self.language)
        signs = message_signs(
            document, self.needs.find(document), self.needs.rules, self.ignored
        )
        words = [w for p in document.sentences for w in document.words[p.first : p.last]]
        pair = Pair(
            message,
            source,
            _counted(signs.signs, words, MOST_WORDS_MESSAGE),
            [int(act in labels.get("needs", ())) for act in ACTS],
            labels["heat"],
            bool(signs.kinds or signs.questions),
        )
        if reply is not None:
            document = read(reply, self.language)
            matches = matches_by_sentence(document, self.does.find(document))
            every = sentence_signs(document, matches, self.does.rules, self.ignored, signs)
            pair.sentences = [
                _counted(found, document.words[p.first : p.last], MOST_WORDS)
                for p, found in zip(document.sentences, every, strict=True)
            ]
        return pair

    def starts(self, reply: str) -> list[int]:
        """Where the sentences of a reply start."""
        return [part.start for part in read(reply, self.language).sentences]


def _counted(signs: Iterable[str], words: Sequence[str], most: int) -> Counter[str]:
    counted: Counter[str] = Counter(dict.fromkeys(signs, 1))
    factor = min(1.0, most / max(len(words), 1))
    for word in words:
        if word not in ("", "|"):
            counted[f" {word}"] += factor  # type: ignore[assignment]
    return counted


def load_pairs(features: Features) -> tuple[list[Pair], list[Pair]]:
    """Pairs that two readers agreed on, and pairs read by one."""
    agreed = []
    for row in _rows(OWN / "replies.jsonl"):
        pair = features.pair("replies", row["context"], row["text"], row)
        pair.does = [int(act in row["does"]) for act in ACTS]
        pair.doing = [[-d for d in pair.does] for _ in pair.sentences]
        pair.sure = np.array([act not in row["disputed"] for act in ACTS])
        agreed.append(pair)
    known = {pair.group for pair in agreed}
    single = []
    for source, message, reply, row in _read_by_one():
        if message in known:
            continue
        single.append(_labelled(features, source, message, reply, row))
    return agreed, single


def load_short_dev(features: Features) -> list[Pair]:
    """The short pairs that no fit reads, to measure on; messages without a reply included."""
    return [
        _labelled(features, "short", row["message"], row["reply"], row)
        for row in _rows(OWN / SHORT)
        if row["split"] == "dev"
    ]


def _labelled(
    features: Features, source: str, message: str, reply: str | None, row: Row
) -> Pair:
    labelled = reply if "does" in row else None
    pair = features.pair(source, message, labelled, row)
    if labelled is not None:
        starts = features.starts(labelled)
        pair.doing = [[0] * len(ACTS) for _ in pair.sentences]
        for act, offsets in row["does"].items():
            for offset in offsets:
                number = max(bisect_right(starts, offset) - 1, 0)
                pair.doing[number][ACTS.index(act)] = 1
        pair.does = [int(any(d[k] for d in pair.doing)) for k in range(len(ACTS))]
    return pair


def _read_by_one() -> Iterator[tuple[str, str, str | None, Row]]:
    """Source, message, reply and labels."""
    items = {item.id: item for item in load_messages()}
    for row in _rows(OWN / "contexts.jsonl"):
        item = items.get(row["id"])  # those of new writers are in no fit
        if item is not None and item.context is not None and not is_dev(item):
            yield "contexts", item.context, item.text, row
    for row in _rows(OWN / "pairs.jsonl"):
        yield "pairs", row["message"], row["reply"], row
    for row in _rows(OWN / SHORT):
        if row["split"] != "dev":
            yield "short", row["message"], row["reply"], row
    for row in _rows(OWN / "heats.jsonl"):
        if "message" in row:
            yield "heats", row["message"], None, row
        else:
            yield "answered", items[row["id"]].context or "", None, row


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
