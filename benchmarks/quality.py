"""Quality on the dev split: `python -m benchmarks.quality [--system NAME] [--out FILE]`.

Ranking (AUC for rated 2 or more), calibration (expected calibration error in ten bins of
equal width), contrast pairs, calm rewrites, and evidence against the spans that readers
marked; on texts that no fit has read. `--system tfidf` and `--system vader` give the
peers' figures where their packages are installed.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calmtone import Analyzer, __version__

from .fit.corpus import DIMENSIONS, Item, load_messages, load_real, split

Array = NDArray[np.float64]
RESULTS = Path(__file__).parent / "results"


def auc(labels: Sequence[bool], values: Array) -> float | None:
    """Area under the ROC curve; ties count half. None without both classes."""
    y = np.asarray(labels, dtype=bool)
    positives, negatives = int(y.sum()), int((~y).sum())
    if not positives or not negatives:
        return None
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[y].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def calibration_error(labels: Sequence[bool], values: Array, bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015), bins of equal width."""
    y = np.asarray(labels, dtype=float)
    index = np.minimum((values * bins).astype(int), bins - 1)
    total = 0.0
    for number in range(bins):
        inside = index == number
        if inside.any():
            total += inside.mean() * abs(values[inside].mean() - y[inside].mean())
    return float(total)


def pair_accuracy(items: Sequence[Item], values: Array, k: int) -> tuple[float | None, int]:
    """Share of contrast pairs in which the half rated higher scores higher."""
    halves = defaultdict(list)
    for number, item in enumerate(items):
        if item.pair:
            halves[item.pair].append(number)
    right = []
    for pair in halves.values():
        for a in pair:
            for b in pair:
                if items[a].ratings[k] > items[b].ratings[k]:
                    right.append(values[a] > values[b])
    return float(np.mean(right)) if right else None, len(right)


def rewrite_accuracy(items: Sequence[Item], values: Array, k: int) -> tuple[float | None, int]:
    """Share of calm rewrites, rated lower, that score lower than their original."""
    number = {item.id: n for n, item in enumerate(items)}
    right = []
    for n, item in enumerate(items):
        original = number.get(item.rewrite_of or "")
        if original is not None and items[original].ratings[k] > item.ratings[k]:
            right.append(values[original] > values[n])
    return float(np.mean(right)) if right else None, len(right)


def span_agreement(
    items: Sequence[Item], spans: Callable[[str], list[tuple[int, int, str]]]
) -> dict[str, dict[str, float]]:
    """Marked spans that evidence touches, and evidence that touches a marked span.

    Counted on messages with marked spans of the dimension; evidence is what speaks for
    the dimension (a positive weight).
    """
    counts = {name: [0, 0, 0, 0] for name in DIMENSIONS}
    for item in items:
        if not item.spans:
            continue
        found = spans(item.text)
        for name in DIMENSIONS:
            marked = [s for s in item.spans if s[2] == name]
            ours = [s for s in found if s[2] == name]
            if not marked:
                continue
            tally = counts[name]
            tally[0] += sum(any(_touch(m, o) for o in ours) for m in marked)
            tally[1] += len(marked)
            tally[2] += sum(any(_touch(m, o) for m in marked) for o in ours)
            tally[3] += len(ours)
    return {
        name: {
            "recall": tally[0] / max(tally[1], 1),
            "precision": tally[2] / max(tally[3], 1),
            "marked": tally[1],
            "evidence": tally[3],
        }
        for name, tally in counts.items()
    }


def _touch(a: tuple[int, int, str], b: tuple[int, int, str]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def measure(items: Sequence[Item], values: Array) -> dict[str, Any]:
    """All figures that need scores alone."""
    groups = {"messages": [i for i, item in enumerate(items) if item.kind == "messages"]}
    groups["new writer"] = [i for i in groups["messages"] if items[i].source == "V"]
    groups["real texts"] = [i for i, item in enumerate(items) if item.kind == "real"]
    groups["new sources"] = [
        i
        for i in groups["real texts"]
        if items[i].source in ("tydip", "wiki_talk", "code_reviews")
    ]
    report: dict[str, Any] = {}
    for k, name in enumerate(DIMENSIONS):
        row: dict[str, Any] = {}
        for group, rows in groups.items():
            labels = [items[i].ratings[k] >= 2 for i in rows]
            row[group] = {
                "auc": auc(labels, values[rows, k]),
                "ece": calibration_error(labels, values[rows, k]),
                "n": len(rows),
                "positive": sum(labels),
            }
        row["pairs"], row["pairs_n"] = pair_accuracy(items, values[:, k], k)
        row["rewrites"], row["rewrites_n"] = rewrite_accuracy(items, values[:, k], k)
        report[name] = row
    return report


def _calmtone(train: Sequence[Item], dev: Sequence[Item]) -> tuple[Array, Any]:
    analyzer = Analyzer(engine="rules")

    def spans(text: str) -> list[tuple[int, int, str]]:
        return [
            (item.span.start, item.span.end, item.dimension)
            for item in analyzer.analyze(text).evidence
            if item.weight > 0 and not item.rule.startswith("context/")
        ]

    scores = analyzer.score_batch([item.text for item in dev])
    return scores, {"spans": span_agreement(dev, spans), "rules": analyzer.rules_hash}


def _tfidf(train: Sequence[Item], dev: Sequence[Item]) -> tuple[Array, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    x = vectorizer.fit_transform([item.text for item in train])
    x_dev = vectorizer.transform([item.text for item in dev])
    columns = []
    for k in range(3):
        model = LogisticRegression(C=4, max_iter=1000)
        model.fit(x, [item.ratings[k] >= 2 for item in train])
        columns.append(model.predict_proba(x_dev)[:, 1])
    return np.stack(columns, 1), {}


def _vader(train: Sequence[Item], dev: Sequence[Item]) -> tuple[Array, Any]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader = SentimentIntensityAnalyzer()
    rows = [vader.polarity_scores(item.text) for item in dev]
    return np.array([[row["neg"], row["neg"], row["pos"]] for row in rows]), {}


SYSTEMS = {"calmtone": _calmtone, "tfidf": _tfidf, "vader": _vader}


def main() -> None:
    """Measure one system and write its results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", choices=SYSTEMS, default="calmtone")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    train, dev = [], []
    for items in (load_messages(), load_real()):
        for part, chosen in zip((train, dev), split(items), strict=True):
            part += chosen
    values, extra = SYSTEMS[options.system](train, dev)
    report = {"version": __version__, **extra, "scores": measure(dev, values)}
    out = options.out or RESULTS / f"quality-{options.system}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for name, row in report["scores"].items():
        groups = "  ".join(
            f"{group} {row[group]['auc']:.3f} (ece {row[group]['ece']:.3f})"
            for group in ("messages", "new writer", "real texts", "new sources")
        )
        print(f"{name:14} {groups}  pairs {row['pairs']}  rewrites {row['rewrites']}")
    for name, row in report.get("spans", {}).items():
        print(f"{name:14} spans: recall {row['recall']:.3f}  precision {row['precision']:.3f}")


if __name__ == "__main__":
    main()
