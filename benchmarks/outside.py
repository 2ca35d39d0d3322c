"""Real texts of sources that no fit may read: `python -m benchmarks.outside [--system NAME …]`.

`outside-ratings.jsonl` in `benchmarks/data` has ratings by the codebook of texts of four sets
that are for evaluation alone: comments under news, answers in peer support, paragraphs of
rebuttals to reviews (`PARAGRAPH`), replies of hospitals to complaints. It names a text by its
hash; the texts are read from the sets in `CALMTONE_DATA`. Three tenths were drawn, the others
picked where TF-IDF (first half) or the mean rank of TF-IDF and both engines (second half) was
high, so shares are those of no source. Writes `benchmarks/results/outside.json`.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .fit.agreement import CLEAR, agreement
from .fit.corpus import DIMENSIONS, OWN, Item, data_root, mask, read_rows, text_hash
from .suite.metrics import auc, calibration_error, tally
from .suite.systems import create

RATINGS = OWN / "outside-ratings.jsonl"
RESULTS = Path(__file__).parent / "results" / "outside.json"
SYSTEMS = ("calmtone-rules", "calmtone-onnx", "tfidf")
# Characters of a paragraph of a rebuttal, and of the context that goes with a text.
PARAGRAPH = (80, 900)
CONTEXT = 1500


def texts() -> Iterator[tuple[str, str, str | None]]:
    """Source, text and the message that it answers, of all texts of the four sets."""
    raw = data_root() / "raw"
    csv.field_size_limit(10**8)
    for source, path, text, context in (
        ("ucc", "ucc/corpus/val.csv", "comment", None),
        (
            "epitome",
            "epitome/dataset/emotional-reactions-reddit.csv",
            "response_post",
            "seeker_post",
        ),
        (
            "corrective_culture",
            "corrective_culture/final_data/train_results.csv",
            "resp_text",
            "story_text",
        ),
    ):
        with (raw / path).open(encoding="utf-8", errors="replace") as lines:
            for row in csv.DictReader(lines):
                yield source, row[text] or "", row[context] if context else None
    for file in sorted((raw / "disapere/DISAPERE/final_dataset").glob("*/*.json")):
        yield from _paragraphs(json.loads(file.read_text(encoding="utf-8")))


def _paragraphs(thread: dict[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    """The paragraphs of a rebuttal, with the sentences of the review that they answer."""
    review = [sentence["text"] for sentence in thread["review_sentences"]]
    parts: list[str] = []
    answered: set[int] = set()
    for sentence in [*thread["rebuttal_sentences"], None]:
        if sentence is not None:
            parts.append(sentence["text"] + (sentence["suffix"] or " "))
            kind, places = sentence["alignment"]
            answered.update(places if kind == "context_sentences" and places else ())
        if sentence is None or "\n\n" in (sentence["suffix"] or ""):
            text = "".join(parts).strip()
            if PARAGRAPH[0] <= len(text) <= PARAGRAPH[1]:
                yield (
                    "disapere",
                    text,
                    " ".join(review[i] for i in sorted(answered) if i < len(review)) or None,
                )
            parts, answered = [], set()


def load() -> list[Item]:
    """The rated texts; those that the sets at hand don't hold are left out."""
    ratings = {(row["source"], row["hash"]): row["ratings"] for row in read_rows(RATINGS)}
    items: dict[tuple[str, str], Item] = {}
    for source, text, context in texts():
        masked = mask(text.strip())
        key = (source, text_hash(masked))
        if key in ratings and key not in items:
            items[key] = Item(
                id=key[1],
                group=key[1],
                source=source,
                text=masked,
                context=mask(context)[:CONTEXT] if context else None,
                ratings=tuple(ratings[key]),
                kind="outside",
            )
    return list(items.values())


def measure(name: str, items: Sequence[Item]) -> dict[str, Any]:
    """AUC of "rated 2 or more" and calibration error of a system, whole and by source.

    The message that a text answers is not shown. A dimension that fewer than four texts of
    a source have, or lack, has no figure there.
    """
    rows = create(name).score([item.text for item in items], [None] * len(items))
    scores = np.array(rows, dtype=np.float64)
    rated = np.array([item.ratings for item in items]) >= CLEAR
    sources = np.array([item.source for item in items])
    report: dict[str, Any] = {}
    for group in ("all", *sorted(set(sources.tolist()))):
        chosen = (sources == group) | (group == "all")
        report[group] = {"n": int(chosen.sum())}
        for k, dimension in enumerate(DIMENSIONS):
            y, values = rated[chosen, k].astype(float).tolist(), scores[chosen, k]
            row: dict[str, float] = {"positive": int(sum(y))}
            if 4 <= sum(y) <= len(y) - 4:
                row["auc"] = round(float(auc(tally(y, values))[0]), 4)
                row["ece"] = round(float(calibration_error(y, values)[0]), 4)
            report[group][dimension] = row
    return report


def raters() -> dict[str, float]:
    """How far two raters agree on the texts that two have rated."""
    rows = read_rows(RATINGS)
    return agreement([(row["ratings"], row["second"]) for row in rows if "second" in row])


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", nargs="*", choices=SYSTEMS, default=SYSTEMS)
    options = parser.parse_args()
    report: dict[str, Any] = {}
    if RESULTS.exists():
        report = json.loads(RESULTS.read_text(encoding="utf-8"))
    items = load()
    report["agreement"] = raters()
    for name in options.system:
        report[name] = measure(name, items)
        for group, row in report[name].items():
            figures = "  ".join(f"{d} {row[d].get('auc', '-')}" for d in DIMENSIONS)
            print(f"{name:15} {group:19} {row['n']:5}  {figures}")
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
