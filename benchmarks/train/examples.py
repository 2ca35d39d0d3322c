"""What the model learns from: one example a text, with every label known of it.

A text that stands in several sets becomes one example with all their labels. Texts of
the dev split and of the sets kept for evaluation are never read; an eleventh of the
train split is put aside to calibrate on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.fit.corpus import (
    DEV_SHARE,
    DIMENSIONS,
    SHORT_WRITERS,
    Item,
    _fraction,
    data_root,
    load_marks,
    load_messages,
    load_real,
    mask,
    split,
)

from .auxiliary import AUXILIARY, read_rows
from .masking import mask_with_places
from .plain import plain_sentences

CALIBRATION_SHARE = 0.08
# How often a pass draws a unit: rated texts by kind, pairs of them, and other texts.
RATED = {"messages": 5.0, "real": 2.0}
PAIRS, TELLING, SOFT, LABELLED, SPANS, PLAIN = 2.0, 0.6, 0.36, 0.22, 0.45, 6.0
# Real texts that are defensive are few, and those of which all is rated 0 many.
DEFENSIVE, NOTHING = 4.0, 0.8
# The only writer of letters, public replies, reviews' answers and author responses; and very
# short messages, which are few beside short comments of public sets.
FEW = {"I": 10.0, **dict.fromkeys(SHORT_WRITERS, 8.0)}
# Sets that are large for what they teach; they are drawn less often.
LESS = {"casino": 0.22, "paradetox": 0.14}
OWN_PLAIN = "calmtone plain sentences"
MARKED_WRITERS = frozenset("ABCJ")
TOKEN_LABELS = (*DIMENSIONS, "insult")
INSULT = TOKEN_LABELS.index("insult")
FORMS = tuple(
    (dimension, form)
    for dimension, forms in (
        (
            "hostility",
            "abuse accusation command condescension contempt dismissal insult "
            "passive-aggression rhetorical-question sarcasm threat",
        ),
        (
            "defensiveness",
            "blame-reader counter-complaint denial excuse minimising non-apology "
            "pass-the-buck policy-shield self-justification self-vindication "
            "taking-it-personally whataboutism",
        ),
        (
            "empathy",
            "acknowledge apology help partnership perspective question reassurance "
            "thanks validate",
        ),
    )
    for form in forms.split()
)

Levels = tuple[tuple[float, float, float], ...]  # by dimension, of "rated 1, 2, 3 or more"


@dataclass(slots=True)
class Example:
    """One text and what is known of it.

    `levels` are probabilities by dimension of each rating or more; `spans[c]` the marked
    spans (code points) of token label `c`, where known; `somewhere[c]` says that the text
    is known to hold one, its place unknown. `aux` maps columns of other sets to targets.
    `reply_to` is the message that the text answers, where known.
    """

    text: str
    kind: str
    levels: Levels | None = None
    weight: float = 1.0
    spans: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    somewhere: set[int] = field(default_factory=set)
    forms: set[int] | None = None
    aux: dict[str, float] = field(default_factory=dict)
    reply_to: str | None = None


@dataclass(slots=True)
class Corpus:
    """Examples, the units they are drawn in, and texts by set for the model card.

    A unit is `(example,)`, or `(higher, lower, dimensions)` for two texts of which the
    first is rated higher on these dimensions. `repeats[i]` is how often a pass draws
    unit `i`.
    """

    examples: list[Example]
    units: list[tuple[Any, ...]]
    repeats: list[float]
    sets: dict[str, int]


def key(text: str) -> str:
    """A text in the form in which copies of it are found."""
    return " ".join(mask(text).lower().split())


def is_calibration(item: Item) -> bool:
    """Whether an item of the train split is kept to calibrate on."""
    return DEV_SHARE <= _fraction(item.group) < DEV_SHARE + CALIBRATION_SHARE


def rated(part: str) -> list[Item]:
    """Rated items: of `"train"`, of `"calibration"` or of `"dev"`."""
    items = [*load_messages(), *load_real()]
    train, dev = split(items)
    if part == "dev":
        return dev
    return [item for item in train if is_calibration(item) == (part == "calibration")]


def _hard_levels(ratings: Sequence[int], smooth: float = 0.02) -> Levels:
    return tuple(
        tuple(1 - smooth if rating >= level else smooth for level in (1, 2, 3))  # type: ignore[misc]
        for rating in ratings
    )


def _often(item: Item) -> float:
    """How often a pass draws a rated text."""
    if item.kind == "real":
        if item.ratings[DIMENSIONS.index("defensiveness")] >= 2:
            return DEFENSIVE
        if not any(item.ratings):
            return NOTHING
    return FEW.get(item.source, RATED[item.kind])


def from_item(item: Item, forms: Iterable[tuple[str, str]] | None) -> Example:
    """The example of a rated text."""
    text, places = mask_with_places(item.text)
    example = Example(
        text, item.kind, _hard_levels(item.ratings), 2.0 if item.kind == "messages" else 1.5
    )
    example.reply_to = mask(item.context) if item.context else None
    where = {old: new for new, old in reversed(list(enumerate(places)))}
    for c, name in enumerate(DIMENSIONS):
        marked = [
            (where.get(start, 0), where.get(end, len(text)))
            for start, end, dimension in item.spans
            if dimension == name
        ]
        if marked or item.ratings[c] == 0:
            example.spans[c] = marked
        elif item.ratings[c] >= 2:
            example.somewhere.add(c)
    if forms is not None:
        example.forms = {FORMS.index(form) for form in forms if form in FORMS}
    return example


def corpus(soft: Path, more: Sequence[Item] = ()) -> Corpus:
    """Everything that may be learned from.

    Args:
        soft: the file that `benchmarks.fit.teacher` writes: unlabelled texts with the
            probabilities of an ensemble or a teacher.
        more: further rated texts (`benchmarks.fit.corpus.load_more_ratings`).
    """
    kept_out = {key(item.text) for part in ("dev", "calibration") for item in rated(part)}
    kept_out |= {key(row["text"]) for row in toxic_spans("trial")}
    examples: list[Example] = []
    number: dict[str, int] = {}
    units: list[tuple[Any, ...]] = []
    repeats: list[float] = []
    sets: dict[str, int] = {}

    def add(example: Example) -> int | None:
        name = key(example.text)
        if len(name) < 3 or name in kept_out:
            return None
        if name not in number:
            number[name] = len(examples)
            examples.append(example)
            return number[name]
        known = examples[number[name]]
        known.aux.update(example.aux)
        known.spans = {**example.spans, **known.spans}
        if known.levels is None:
            known.levels, known.weight = example.levels, example.weight
        return number[name]

    items = [*rated("train"), *more]
    forms = _forms()
    ids: dict[str, int] = {}
    for item in items:
        index = add(from_item(item, forms.get(item.id)))
        if index is not None:
            ids[item.id] = index
            sets[item.source if item.kind == "real" else "calmtone messages"] = (
                sets.get(item.source if item.kind == "real" else "calmtone messages", 0) + 1
            )
            units.append((index,))
            repeats.append(_often(item))
    for higher, lower in contrasts(items):
        dims = [k for k in range(3) if higher.ratings[k] > lower.ratings[k]]
        if dims and higher.id in ids and lower.id in ids:
            units.append((ids[higher.id], ids[lower.id], dims))
            repeats.append(PAIRS)
    for row in _soft(soft):
        index = add(Example(row["text"], "soft", tuple(map(tuple, row["soft"])), 0.7))
        if index is not None and examples[index].kind == "soft":
            sets[row["source"]] = sets.get(row["source"], 0) + 1
            telling = max(part[1] for part in row["soft"])
            units.append((index,))
            repeats.append(TELLING if telling > 0.2 else LESS.get(row["source"], SOFT))
    for name, read in AUXILIARY.items():
        for text, aux in read():
            masked = mask(text or "").strip()[:1500]
            fresh = key(masked) not in number
            index = add(Example(masked, name, aux=aux))
            if index is not None and fresh and name not in ("goemotions", "paradetox"):
                units.append((index,))
                repeats.append(LABELLED)
                sets[name] = sets.get(name, 0) + 1
    for row in toxic_spans("train"):
        example = Example(row["text"], "toxic_spans", spans={INSULT: row["spans"]})
        fresh = key(example.text) not in number
        index = add(example)
        if index is not None and fresh:
            units.append((index,))
            repeats.append(SPANS)
    calm = ((0.02,) * 3,) * 3
    for text in plain_sentences():
        index = add(Example(text, "plain", calm, 1.0, {c: [] for c in (0, INSULT)}))
        if index is not None:
            units.append((index,))
            repeats.append(PLAIN)
            sets[OWN_PLAIN] = sets.get(OWN_PLAIN, 0) + 1
    # Goemotions and ParaDetox without pseudo-labels are left out. ParaDetox as rankings of
    # hostility did harm: its toxic texts often swear at no one, which is not hostile here.
    return Corpus(examples, units, repeats, sets)


def _forms() -> dict[str, list[tuple[str, str]]]:
    """Forms of the marked spans by message, none for a marked writer's plain messages.

    Passages of some writers were marked without a form; those messages are left out.
    """
    path = data_root() / "calm" / "messages.jsonl"
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    marked = {
        row["id"]: row.get("spans", [])
        for row in rows
        if row["writer"] in MARKED_WRITERS - {"J"}
        and (row.get("spans") or max(row["ratings"].values()) < 2)
    }
    return {
        name: [(span["dimension"], span["form"]) for span in spans]
        for name, spans in (marked | load_marks()).items()
        if all("form" in span for span in spans)
    }


def contrasts(items: Sequence[Item]) -> list[tuple[Item, Item]]:
    """Contrast pairs and rewrites, both ways round."""
    by_id = {item.id: item for item in items}
    halves: dict[str, list[Item]] = {}
    for item in items:
        if item.pair:
            halves.setdefault(item.pair, []).append(item)
    found = [(a, b) for pair in halves.values() for a in pair for b in pair if a is not b]
    for item in items:
        original = by_id.get(item.rewrite_of or "")
        if original:
            found += [(item, original), (original, item)]
    return found


def _soft(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def toxic_spans(part: str) -> list[dict[str, Any]]:
    """Toxic Spans (SemEval-2021 task 5), masked: `text` and its toxic `spans`."""
    found = []
    for row in read_rows(f"toxic_spans/SemEval2021/data/tsd_{part}.csv"):
        text, places = mask_with_places(row["text"])
        toxic = set(json.loads(row["spans"]))
        spans: list[tuple[int, int]] = []
        for new, old in enumerate(places[:-1]):
            if old in toxic:
                if spans and spans[-1][1] == new:
                    spans[-1] = (spans[-1][0], new + 1)
                else:
                    spans.append((new, new + 1))
        found.append({"text": text, "spans": spans})
    return found
