"""Fits when to ask for a pause: `python -m benchmarks.fit.pause`, after the other fits.

Texts are those that no score was fitted on: the dev split of `calm/messages.jsonl`, and
the drafts of `calm/replies.jsonl`. To be held up are, of drafts alone, those rated 3 on
hostility or defensiveness, and of answers those of them to messages of heat 2 or more;
drafts rated 0 on both are to pass. So that there are enough of them, answers are learnt
from what is rated 2 or more in answer to heat 1.5 or more. Figures are out-of-fold, folds
grouped by the message answered.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from calmtone import Analyzer
from calmtone.replies import shipped_reader
from calmtone.replies.pause import alone_features, answer_features
from calmtone.replies.types import ReplyAnalysis
from calmtone.resources import DATA, read_json
from calmtone.results import Scores
from calmtone.text import language_from, read

from .corpus import data_root, load_messages, split
from .replies import FOLDS, fold_of

TARGET = Path(DATA, "en", "pause.json")
Array = np.ndarray[Any, Any]
OVER = 0.5
PASS = 0.015  # at most about this share of faultless drafts is held up; the aim is 0.02
HOT = 2  # heat, of 3
LEARN_HOT, LEARN_WORST = 1.5, 2
STRENGTH = 1.0


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft, its ratings, and the heat of what it answers, of 3."""

    group: str
    ratings: tuple[int, int]
    scores: Scores
    reply: ReplyAnalysis | None
    heat: float

    @property
    def faultless(self) -> bool:
        """Rated 0 on hostility and on defensiveness."""
        return max(self.ratings) == 0

    @property
    def worst(self) -> bool:
        """Rated 3 on one of the two."""
        return max(self.ratings) == 3


def load_drafts(engine: str) -> list[Draft]:
    """The drafts that no score was fitted on, scored by an engine."""
    analyzer, reader = Analyzer(engine=engine), shipped_reader()
    language = language_from(read_json("en", "language.json"))

    def draft(
        group: str, message: str | None, text: str, ratings: tuple[int, int], heat: float | None
    ) -> Draft:
        reply = message and reader.read(read(message, language), read(text, language))
        scores = analyzer.analyze(text).scores
        if heat is None:
            heat = 3 * reply.heat if reply else 0.0
        return Draft(group, ratings, scores, reply or None, heat)

    drafts = [
        draft(item.context or item.group, item.context, item.text, item.ratings[:2], None)
        for item in split(load_messages())[1]
    ]
    with (data_root() / "calm" / "replies.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            rated = row["ratings"]
            ratings = (rated["hostility"], rated["defensiveness"])
            drafts.append(
                draft(row["context"], row["context"], row["text"], ratings, row["heat"])
            )
    return drafts


def fit(
    features: Array, bad: Array, faultless: Array, worst: Array, groups: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Weights, their constant shifted to let all but `PASS` of the faultless pass; figures.

    Args:
        features: array of shape (drafts, features).
        bad: whether a draft is one to learn from as to be held up.
        faultless: whether it is one to let pass.
        worst: whether it counts in the figures as to be held up.
        groups: drafts of one group stay in one fold.
    """
    fold = np.array([fold_of(group) for group in groups])
    learn = bad | faultless
    score, held = np.zeros(len(bad)), np.zeros(len(bad), bool)
    for k in range(FOLDS):
        rest = (fold != k) & learn
        score[fold == k] = _model(features[rest], bad[rest]).decision_function(
            features[fold == k]
        )
    for k in range(FOLDS):  # passing points chosen on the other folds
        point = np.quantile(score[(fold != k) & faultless], 1 - PASS)
        held[fold == k] = score[fold == k] > point
    model = _model(features[learn], bad[learn])
    shift = np.quantile(score[faultless], 1 - PASS)
    weights = {
        "bias": round(float(model.intercept_[0] - shift), 4),
        "weights": [round(float(weight), 4) for weight in model.coef_[0]],
    }
    return weights, {
        "to_hold_up": int(worst.sum()),
        "held_up": round(float(held[worst].mean()), 3),
        "faultless": int(faultless.sum()),
        "of_faultless_held_up": round(float(held[faultless].mean()), 3),
    }


def _model(features: Array, bad: Array) -> LogisticRegression:
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
    return model.fit(features, bad)


def fit_engine(drafts: Sequence[Draft]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The numbers for drafts alone and for answers, and their figures."""
    numbers, figures = {}, {}
    for name in ("alone", "answer"):
        chosen = [draft for draft in drafts if name == "alone" or draft.reply]
        features = np.array(
            [
                alone_features(draft.scores)
                if name == "alone" or draft.reply is None
                else answer_features(draft.scores, draft.reply)
                for draft in chosen
            ]
        )
        hot = np.array([name == "alone" or draft.heat >= HOT for draft in chosen])
        warm = np.array([name == "alone" or draft.heat >= LEARN_HOT for draft in chosen])
        worst = np.array([draft.worst for draft in chosen])
        bad = np.array([max(draft.ratings) >= LEARN_WORST for draft in chosen])
        numbers[name], figures[name] = fit(
            features,
            worst if name == "alone" else bad & warm,
            np.array([draft.faultless for draft in chosen]),
            worst & hot,
            [draft.group for draft in chosen],
        )
    return numbers, figures


def main() -> None:
    """Fit, print the figures, write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry", action="store_true", help="print the figures, write nothing")
    options = parser.parse_args()
    numbers: dict[str, Any] = {"over": OVER}
    figures = {}
    for engine in ("rules", "onnx"):
        numbers[engine], figures[engine] = fit_engine(load_drafts(engine))
    numbers["provenance"] = {
        "command": "python -m benchmarks.fit.pause",
        "data": "calm/messages.jsonl, dev split, and calm/replies.jsonl",
        "out_of_fold": figures,
    }
    print(json.dumps(figures, indent=1))
    if not options.dry:
        TARGET.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
        print(f"{TARGET.name} written")


if __name__ == "__main__":
    main()
