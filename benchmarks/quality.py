"""Figures of the README, on the dev split: `python -m benchmarks.quality [--system NAME]`.

Ranking and calibration of "rated 2 or more", contrast pairs, calm rewrites, and evidence
against the spans that readers marked, on texts that no fit has read. Data sets, systems and
measures are those of the suite (`python -m benchmarks`), which has intervals and peers as
well; here the two dev sets are also shown by new writers and new sources. The further
writers are those of `benchmarks/data/new-writers.jsonl`, which is in no dev split either, and
the outside sources those of `benchmarks.outside`, and very short texts (1 to 10 words) those of
`very-short.jsonl`, which no fit reads.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from calmtone import Analyzer, __version__

from . import outside
from .fit.agreement import CLEAR
from .fit.corpus import DEV_SOURCES, DEV_WRITERS, DIMENSIONS, OWN, Item, load_messages
from .suite.datasets import Example, load, pairs, rewrites
from .suite.metrics import Array, auc, calibration_error, lower_shares, tally
from .suite.span_metrics import touched
from .suite.systems import System, create

RESULTS = Path(__file__).parent / "results"
SYSTEMS = {"calmtone": "calmtone-rules", "tfidf": "tfidf", "vader": "vader"}
LABELS = ("hostile", "defensive", "empathetic")  # rated 2 or more, in the order of DIMENSIONS


def measure(system: System) -> dict[str, Any]:
    """All figures of a system that need scores alone, by dimension."""
    messages, real = load("messages-dev").examples, load("rated-dev").examples
    unseen = load("messages-new-writers").examples
    others, short = (
        [_example(item) for item in items]
        for items in (outside.load(), load_messages(OWN / "very-short.jsonl"))
    )
    groups = {
        "messages": messages,
        "new writer": [each for each in messages if each.kind in DEV_WRITERS],
        "real texts": real,
        "new sources": [each for each in real if each.kind in DEV_SOURCES],
        "further writers": unseen,
        "outside sources": others,
        "very short": short,
    }
    scores = {
        each.id: row
        for some in (messages, real, unseen, others, short)
        for each, row in zip(some, _scores(system, some), strict=True)
    }
    report: dict[str, Any] = {}
    for k, dimension in enumerate(DIMENSIONS):
        row: dict[str, Any] = {
            name: _group([each.labels[LABELS[k]] for each in some],
                         np.array([scores[each.id][k] for each in some]))
            for name, some in groups.items()
        }  # fmt: skip
        for name, halves in (
            ("pairs", pairs(messages)),
            ("rewrites", rewrites(messages)),
            ("further pairs", pairs(unseen)),
        ):
            ordered = [
                sorted(pair, key=lambda each: each.labels[dimension])
                for pair in halves
                if pair[0].labels[dimension] != pair[1].labels[dimension]
            ]
            low = [scores[each.id][k] for each, _ in ordered]
            high = [scores[each.id][k] for _, each in ordered]
            row[name] = float(lower_shares(high, low)[0][0])
            row[f"{name}_n"] = len(ordered)
        report[dimension] = row
    return report


def _example(item: Item) -> Example:
    labels = {
        label: float(rating >= CLEAR)
        for label, rating in zip(LABELS, item.ratings, strict=True)
    }
    return Example(id=item.id, text=item.text, labels=labels, kind=item.source)


def _scores(system: System, examples: Sequence[Example]) -> Array:
    rows = system.score([each.text for each in examples], [each.context for each in examples])
    return np.array(rows, dtype=np.float64)


def _group(labels: Sequence[float], values: Array) -> dict[str, float]:
    return {
        "auc": float(auc(tally(labels, values))[0]),
        "ece": float(calibration_error(labels, values)[0]),
        "n": len(labels),
        "positive": int(sum(labels)),
    }


def span_agreement(system: System, dataset: str) -> dict[str, dict[str, float]]:
    """Marked spans that evidence touches, and evidence that touches a marked span.

    Counted on messages with marked spans of the dimension.

    Args:
        system: ours.
        dataset: of the suite, with marked spans.
    """
    counts = {name: np.zeros(4) for name in DIMENSIONS}
    for example in load(dataset).examples:
        found = system.spans(example.text)
        for name in DIMENSIONS:
            marked = [(a, b) for a, b, dimension in example.spans or () if dimension == name]
            ours = [(a, b) for a, b, dimension in found if dimension == name]
            if marked:
                hit, right = touched(ours, marked)
                counts[name] += (hit, len(marked), right, len(ours))
    return {
        name: {
            "recall": hit / max(marked, 1),
            "precision": right / max(ours, 1),
            "marked": int(marked),
            "evidence": int(ours),
        }
        for name, (hit, marked, right, ours) in counts.items()
    }


def main() -> None:
    """Measure one system and write its results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", choices=SYSTEMS, default="calmtone")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    system = create(SYSTEMS[options.system])
    report: dict[str, Any] = {"version": __version__}
    if options.system == "calmtone":
        report["spans"] = span_agreement(system, "messages-dev")
        report["further spans"] = span_agreement(system, "messages-new-writers")
        report["rules"] = Analyzer(engine="rules").rules_hash
    report["scores"] = measure(system)
    out = options.out or RESULTS / f"quality-{options.system}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for name, row in report["scores"].items():
        groups = "  ".join(
            f"{group} {row[group]['auc']:.3f} (ece {row[group]['ece']:.3f})"
            for group in (
                "messages",
                "new writer",
                "real texts",
                "new sources",
                "further writers",
                "outside sources",
                "very short",
            )
        )
        ordered = "  ".join(f"{n} {row[n]:.3f}" for n in ("pairs", "rewrites", "further pairs"))
        print(f"{name:14} {groups}  {ordered}")
    for key in ("spans", "further spans"):
        for name, row in report.get(key, {}).items():
            rates = f"recall {row['recall']:.3f}  precision {row['precision']:.3f}"
            print(f"{name:14} {key}: {rates}")


if __name__ == "__main__":
    main()
