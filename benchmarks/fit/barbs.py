"""Fit how much the words of a hostile part tell: `python -m benchmarks.fit.barbs`.

Reads `barbs.jsonl` of `benchmarks/data`: pieces of hostile messages of the train split, each
with whether readers thought that anything would be lost without it. Whole sentences tell where
one of their pieces does; those of messages rated 0 all do. Writes `barbs.json` of the package,
and prints the AUC on messages that a fold left out.
"""

from __future__ import annotations

import json
import random
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from calmtone.resources import DATA, read_json
from calmtone.rewriting.weighing import features
from calmtone.text import Language, language_from, read

from ..suite.metrics import auc, tally
from .corpus import OWN, load_messages, read_rows, split

TARGET = Path(DATA, "en", "barbs.json")
FOLDS = 5
RIDGE = 10.0
LEAST_WEIGHT = 0.03
LEAST_PARTS = 4  # of hostile messages, that have a sign
LEAST_OF_ALL = 12  # parts, where a sign is no pair of words
CALM_SHARE, CALM_WEIGHT = 0.5, 0.2  # of the sentences of messages rated 0
LONGEST_CALM = 900


class Part(NamedTuple):
    """A part of a message, whether it tells something, and what kind of part it is."""

    text: str
    tells: int
    message: str
    kind: str


def parts() -> Iterator[Part]:
    """The labelled pieces, the sentences they stand in, and sentences of calm messages."""
    language = language_from(read_json("en", "language.json"))
    train = split(load_messages())[0]
    texts = {item.id: item.text for item in train}
    for row in read_rows(OWN / "barbs.jsonl"):
        text = texts[row["id"]]
        for start, end, tells in row["pieces"]:
            yield Part(text[start:end].strip(), tells, row["id"], "piece")
        for first, last in _sentences(text, language):
            inside = [
                tells
                for start, end, tells in row["pieces"]
                if start < last
                and end > first
                and text[max(start, first) : min(end, last)].strip(" .,!?")
            ]
            if inside:
                yield Part(text[first:last], max(inside), row["id"], "sentence")
    for item in train:
        if item.ratings[0] == 0 and len(item.text) < LONGEST_CALM:
            for first, last in _sentences(item.text, language):
                yield Part(item.text[first:last], 1, item.id, "calm")


def _sentences(text: str, language: Language) -> Iterator[tuple[int, int]]:
    for sentence in read(text, language).sentences:
        yield sentence.start, sentence.end


class Barbs:
    """The parts as a matrix of signs."""

    def __init__(self) -> None:
        rng = random.Random(2)
        self.parts = [p for p in parts() if p.kind != "calm" or rng.random() < CALM_SHARE]
        signs = [features(part.text) for part in self.parts]
        hostile = Counter(
            sign
            for part, found in zip(self.parts, signs, strict=True)
            if part.kind != "calm"
            for sign in found
        )
        all_of_them = Counter(sign for found in signs for sign in found)
        vectors = DictVectorizer()
        self.x = vectors.fit_transform(
            {
                sign: 1
                for sign in found
                if hostile[sign] >= LEAST_PARTS
                or (all_of_them[sign] >= LEAST_OF_ALL and " " not in sign)
            }
            for found in signs
        )
        self.names: list[str] = vectors.get_feature_names_out().tolist()
        self.y = np.array([part.tells for part in self.parts])
        self.calm = np.array([part.kind == "calm" for part in self.parts])

    def fit(self, rows: np.ndarray) -> tuple[float, dict[str, float]]:
        """Intercept and weights, learnt from some rows."""
        weights = np.where(self.calm, CALM_WEIGHT, 1.0)
        model = LogisticRegression(C=1 / RIDGE, max_iter=3000)
        model.fit(self.x[rows], self.y[rows], sample_weight=weights[rows])
        found = {
            name: round(float(value), 2)
            for name, value in zip(self.names, model.coef_[0], strict=True)
            if abs(value) >= LEAST_WEIGHT
        }
        return round(float(model.intercept_[0]), 3), found

    def out_of_fold(self) -> dict[str, float]:
        """AUC by kind of part, each message read by weights fitted without it."""
        fold = np.array([zlib.crc32(p.message.encode()) % FOLDS for p in self.parts])
        odds = np.zeros(len(self.parts))
        for number in range(FOLDS):
            bias, weights = self.fit(np.flatnonzero(fold != number))
            column = np.array([weights.get(name, 0.0) for name in self.names])
            odds[fold == number] = bias + self.x[fold == number] @ column
        kinds = np.array([part.kind for part in self.parts])
        return {
            kind: round(
                float(auc(tally(self.y[kinds == kind].astype(float), odds[kinds == kind]))[0]),
                3,
            )
            for kind in ("piece", "sentence")
        }


def main() -> None:
    """Fit, measure, write."""
    barbs = Barbs()
    measured = barbs.out_of_fold()
    bias, weights = barbs.fit(np.arange(len(barbs.parts)))
    content: dict[str, Any] = {
        "provenance": {
            "command": "python -m benchmarks.fit.barbs",
            "parts": dict(Counter(part.kind for part in barbs.parts)),
            "auc_out_of_fold": measured,
        },
        "bias": bias,
        "weights": dict(sorted(weights.items())),
    }
    text = json.dumps(content, ensure_ascii=False, indent=0) + "\n"
    TARGET.write_text(text, encoding="utf-8")
    print(json.dumps(content["provenance"], indent=1))


if __name__ == "__main__":
    main()
