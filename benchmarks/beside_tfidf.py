"""Our scores beside TF-IDF trained on the set itself: `python -m benchmarks.beside_tfidf`.

The sets have ratings from which no score of ours learned. TF-IDF with a linear model learns
from four fifths of a set and judges the rest, five times over; what belongs together (one
post, one thread) stays on one side. Our scores read the texts as they are, and the label is
compared with the one score that it speaks about.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline

from calmtone import Analyzer

from .suite.datasets import load
from .suite.datasets.records import DIMENSIONS, Example
from .suite.metrics import auc, spearman, tally

RESULTS = Path(__file__).parent / "results" / "beside-tfidf.json"
FOLDS = 5
# Set, label, the score it speaks about, its sign there, and whether it is yes or no.
SETS = (
    ("tydip-train", "polite", "hostility", -1, True),
    ("tydip-train", "polite", "empathy", 1, True),
    ("receptiveness", "receptive", "hostility", -1, False),
    ("receptiveness", "receptive", "empathy", 1, False),
    ("epitome-emotional-reactions", "present", "empathy", 1, True),
    ("epitome-interpretations", "present", "empathy", 1, True),
    ("epitome-explorations", "present", "empathy", 1, True),
)
ENGINES = ("rules", "onnx")


def out_of_fold(examples: Sequence[Example], labels: np.ndarray, binary: bool) -> np.ndarray:
    """What TF-IDF with a linear model says of each text, trained on the other folds.

    Words and pairs of words that stand in two texts or more; logistic regression for
    labels of yes and no, ridge regression for ratings, both as scikit-learn has them.

    Args:
        examples: of the set.
        labels: theirs (texts,).
        binary: whether they are 0 and 1.
    """
    texts = np.array([example.text for example in examples], dtype=object)
    groups = [example.group or example.id for example in examples]
    found = np.zeros(len(texts))
    for train, test in GroupKFold(FOLDS).split(texts, labels, groups):
        last = LogisticRegression(C=3.0, max_iter=2000) if binary else Ridge(1.0)
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        model = make_pipeline(words, last)
        model.fit(texts[train], labels[train])
        if binary:
            found[test] = model.predict_proba(texts[test])[:, 1]
        else:
            found[test] = model.predict(texts[test])
    return found


def measure(sets: Sequence[tuple[str, str, str, int, bool]] = SETS) -> list[dict[str, Any]]:
    """AUC (yes or no) or Spearman's correlation (ratings) of TF-IDF and of our engines."""
    analyzers = {engine: Analyzer(engine=engine) for engine in ENGINES}
    read: dict[tuple[str, ...], np.ndarray] = {}
    rows = []
    for name, label, dimension, sign, binary in sets:
        examples = [e for e in load(name).examples if label in e.labels]
        labels = np.array([e.labels[label] for e in examples], dtype=float)
        row: dict[str, Any] = {
            "set": name,
            "label": label,
            "dimension": dimension,
            "measure": "auc" if binary else "spearman",
            "n": len(examples),
        }
        if (name, label) not in read:
            read[name, label] = out_of_fold(examples, labels, binary)
        scores = {"tfidf": read[name, label]}
        for engine, analyzer in analyzers.items():
            key = (engine, name)
            if key not in read:
                read[key] = np.asarray(analyzer.score_batch([e.text for e in examples]))
            scores[engine] = sign * read[key][:, DIMENSIONS.index(dimension)]
        for system, values in scores.items():
            value = auc(tally(labels, values)) if binary else spearman(labels, values)
            row[system] = round(float(np.ravel(value)[0]), 4)
        rows.append(row)
        print(row, flush=True)
    return rows


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    options.out.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
