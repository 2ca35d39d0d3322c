"""The rated texts: loading, masking and the frozen train/dev split.

The messages written for this project are in `benchmarks/data`. The setting `CALMTONE_DATA`
names the data folder, which holds `calm/rated_texts.jsonl` and `raw/`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DIMENSIONS = ("hostility", "defensiveness", "empathy")
OWN = Path(__file__).parents[1] / "data"

# Kept out of every fit: one writer and three sources as a whole, and an eighth of
# all other groups (a message with its rewrite, the two halves of a pair, a context).
DEV_WRITERS = frozenset({"V"})
DEV_SOURCES = frozenset({"tydip", "wiki_talk", "code_reviews"})
DEV_SHARE = 1 / 8
# Written later, for training alone (`more-messages.jsonl`).
TRAIN_WRITERS = frozenset("DEILPRSTUYZabcefhi")
# Of them, those who wrote very short ones.
SHORT_WRITERS = frozenset("abcefhi")
# Of them, those who wrote what scores were wrong on: shares among them are no usual ones.
FILLING_WRITERS = frozenset("ILRU")

_URL = re.compile(r"(?:https?://|www\.)\S+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_MENTION = re.compile(r"(?<!\w)@\w+")


@dataclass(frozen=True, slots=True)
class Item:
    """One rated text. `ratings` are 0-3 in the order of `DIMENSIONS`."""

    id: str
    group: str
    source: str
    text: str
    context: str | None
    ratings: tuple[int, int, int]
    kind: str
    spans: tuple[tuple[int, int, str], ...] = ()
    rewrite_of: str | None = None
    pair: str | None = None


def data_root() -> Path:
    """The folder with the data sets.

    Raises:
        FileNotFoundError: the folder is not there; the message names the setting.
    """
    root = Path(os.environ.get("CALMTONE_DATA") or "data")
    if not (root / "calm" / "rated_texts.jsonl").exists():
        raise FileNotFoundError(
            f"no calm/rated_texts.jsonl in {root}: set CALMTONE_DATA to the data folder"
        )
    return root


def mask(text: str) -> str:
    """Text without web addresses, e-mail addresses and user names."""
    return _MENTION.sub("@user", _EMAIL.sub("someone", _URL.sub("link", text)))


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of one JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _ratings(row: dict[str, Any]) -> tuple[int, int, int]:
    ratings = row["ratings"]
    return (ratings["hostility"], ratings["defensiveness"], ratings["empathy"])


def load_messages(path: Path | None = None) -> list[Item]:
    """The messages written for this project (`benchmarks/data`, or another path).

    Those of `new-writers.jsonl` are not among them: no fit reads them.
    """
    own = [OWN / "messages.jsonl", OWN / "more-messages.jsonl"]
    marks = {} if path else load_marks()
    return [
        Item(
            id=row["id"],
            group=row.get("pair") or row.get("rewrite_of") or row["id"],
            source=row["writer"],
            text=row["text"],
            context=row.get("context"),
            ratings=_ratings(row),
            kind="messages",
            spans=tuple(
                (span["start"], span["end"], span["dimension"])
                for span in row.get("spans") or marks.get(row["id"], ())
            ),
            rewrite_of=row.get("rewrite_of"),
            pair=row.get("pair"),
        )
        for each in ([path] if path else own)
        if path or each.exists()
        for row in read_rows(each)
    ]


def load_marks() -> dict[str, list[dict[str, Any]]]:
    """Passages marked later in messages of the train split, by id (`marks.jsonl`).

    Each has `start` and `end` (code points, end-exclusive), `dimension`, and mostly `form`.
    """
    return {row["id"]: row["spans"] for row in read_rows(OWN / "marks.jsonl")}


def load_real(path: Path | None = None) -> list[Item]:
    """The rated texts of public sets (`calm/rated_texts.jsonl`, or another path)."""
    return [
        Item(
            id=row["id"],
            group=row.get("context") or row["id"],
            source=row["source"],
            text=row["text"],
            context=row.get("context"),
            ratings=_ratings(row),
            kind="real",
        )
        for row in read_rows(path or data_root() / "calm" / "rated_texts.jsonl")
    ]


# Sets of `unlabelled` that have another name among the rated texts.
RATED_NAMES = {
    "receptive": "receptiveness",
    "empathic": "empathic_reactions",
    "wiki": "wiki_context",
    "premo": "pull_requests",
}


def load_more_ratings(path: Path | None = None) -> list[Item]:
    """Further real texts with ratings, to learn from: they belong to no dev split.

    The file (`ratings.jsonl` in `benchmarks/data`, or another path) holds no text. Its rows
    have `source`, `hash` and `ratings`; the texts are those of `unlabelled` whose
    `text_hash` it is. They were picked because a model was not sure of them, so shares
    among them are not those of their sources.

    Returns:
        Items of kind "real", in the order of the file; none where there is no file. Rows
        whose text the data sets at hand don't hold are left out.
    """
    path = path or OWN / "ratings.jsonl"
    if not path.exists():
        return []
    texts = {text_hash(text): text for pool in unlabelled(10**9).values() for text in pool}
    return [
        Item(
            id=f"M-{row['hash']}",
            group=f"M-{row['hash']}",
            source=RATED_NAMES.get(row["source"], row["source"]),
            text=texts[row["hash"]],
            context=None,
            ratings=tuple(row["ratings"]),
            kind="real",
        )
        for row in read_rows(path)
        if row["hash"] in texts
    ]


def identities() -> frozenset[str]:
    """Words that say who somebody is (`identities.txt`): no term is made of them either."""
    text = (Path(__file__).parent / "identities.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(" ".join(lines).split())


def text_hash(masked: str) -> str:
    """What names a masked text where the text itself may not stand: 16 hexadecimal digits."""
    return hashlib.sha256(masked.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _fraction(group: str) -> float:
    digest = hashlib.sha256(group.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def is_dev(item: Item) -> bool:
    """Whether the item belongs to the dev split, which no fit ever reads."""
    return item.source not in TRAIN_WRITERS and (
        item.source in DEV_WRITERS
        or item.source in DEV_SOURCES
        or _fraction(item.group) < DEV_SHARE
    )


def split(items: list[Item]) -> tuple[list[Item], list[Item]]:
    """Train and dev items, in their order."""
    return (
        [item for item in items if not is_dev(item)],
        [item for item in items if is_dev(item)],
    )


def unlabelled(limit_each: int = 12_000) -> dict[str, list[str]]:
    """Masked texts of the sets that may be used for training, by set, without ratings."""
    raw = data_root() / "raw"
    pools: dict[str, list[str]] = {}

    def rows(path: str, delimiter: str = ",") -> list[dict[str, str]]:
        csv.field_size_limit(10**8)
        with (raw / path).open(encoding="utf-8", errors="replace", newline="") as file:
            return list(csv.DictReader(file, delimiter=delimiter))

    with (raw / "goemotions/data/original/train.tsv").open(encoding="utf-8") as file:
        pools["goemotions"] = [line.split("\t")[0] for line in file]
    pools["twitter_care"] = [
        text
        for name in ("dev", "test")
        for text in _strings(_json(raw / f"ibm_twitter_care/{name}.json"), min_words=4)
    ]
    pools["casino"] = [
        turn["text"]
        for dialogue in _json(raw / "casino/data/split/casino_train.json")
        for turn in dialogue["chat_logs"]
    ]
    pools["paradetox"] = [
        text
        for row in rows("paradetox/paradetox/paradetox.tsv", "\t")
        for text in (row["toxic"], row["neutral1"])
    ]
    pools["civil_comments"] = [
        row["text"] for row in rows("toxic_spans/SemEval2021/data/tsd_train.csv")
    ]
    pools["gh_incivility"] = [
        row["comment_body"]
        for row in rows("gh_incivility_vcu/dataset/annotated_comment_level.csv")
    ]
    pools["wiki"] = [
        text
        for row in rows("context_toxicity/data/CAT_SMALL/cat_small.csv")
        for text in (row["text"], row["parent_text"])
    ]
    pools["convabuse"] = [
        row["user"] for row in rows("convabuse/2_splits/ConvAbuseEMNLPtrain.csv")
    ]
    pools["receptive"] = [row["text"] for row in rows("politeness_r/receptive_train.csv")]
    pools["empathic"] = [
        row["essay"] for row in rows("empathic_reactions/data/responses/data/messages.csv")
    ]
    pools["surge"] = [row["text"] for row in rows("surge_toxicity/toxicity_en.csv")]
    pools["whataboutism"] = [
        row["Comment"]
        for row in rows("whataboutism/data_split/youtube_data_1645_sim_idx_train.csv")
    ] + [row["Tweet"] for row in rows("whataboutism/data_split/twitter_data_1204_train.csv")]
    pools["premo"] = [row["raw_message"] for row in _json(raw / "premo/data/dataset.json")]
    pools["fox"] = [
        json.loads(line)["text"]
        for line in (raw / "fox_news/fox-news-comments.json")
        .read_text(encoding="utf-8")
        .splitlines()
        if line.strip()
    ]
    seen: set[str] = set()
    kept: dict[str, list[str]] = {}
    for name, texts in pools.items():
        chosen = kept[name] = []
        for text in texts:
            masked = mask(text or "").strip()[:1500]
            key = " ".join(masked.lower().split())
            if len(key) > 12 and key not in seen and len(chosen) < limit_each:
                seen.add(key)
                chosen.append(masked)
    return kept


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _strings(value: Any, min_words: int) -> list[str]:
    """All strings of some length in a JSON value, whatever its layout."""
    if isinstance(value, str):
        plain = not value.startswith("http") and len(value.split()) >= min_words
        return [value] if plain else []
    if isinstance(value, dict):
        return [text for part in value.values() for text in _strings(part, min_words)]
    if isinstance(value, list):
        return [text for part in value for text in _strings(part, min_words)]
    return []
