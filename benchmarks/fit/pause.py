"""Fits when to ask for a pause: `python -m benchmarks.fit.pause`, after the other fits.

Drafts alone are learnt from the dev split of our messages and from the drafts of
`replies.jsonl`, which no score was fitted on; answers from those of the train split and of
`more-messages.jsonl` as well, since few are both wholly hostile or defensive and in answer to
heat; they count a third. What a faultless draft may reach at most is always chosen on texts
that no score was fitted on.

To be held up are, of drafts alone, those rated 3 on hostility or defensiveness, and of
answers those of them to messages of heat 2 or more; drafts rated 0 on both are to pass. So
that there are enough of them, answers are learnt from what is rated 3 in answer to heat 1.5
or more. Figures are out-of-fold, folds grouped by the message answered; and, on
drafts of writers that are in no fit at all, those of the final numbers.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
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

from .corpus import OWN, Item, is_dev, load_messages
from .replies.figures import FOLDS, fold_of

TARGET = Path(DATA, "en", "pause.json")
Array = np.ndarray[Any, Any]
OVER = 0.5
PASS = 0.015  # at most about this share of faultless drafts is held up; the aim is 0.02
HOT, WORST = 2, 3  # of 3 each
LEARN_HOT = 1.5
SEEN_WEIGHT = 1 / 3  # of a draft that the scores were fitted on: they are too good on it
STRENGTH = 1.0
LEARNT, UNSEEN, NEW = "learnt", "unseen", "new"  # by the scores; new writers are in no fit


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft, whether a fit has read it, its worst rating, and the heat it answers."""

    group: str
    known: str
    rating: int
    heat: float
    scores: Scores
    reply: ReplyAnalysis | None

    @property
    def faultless(self) -> bool:
        """Rated 0 on hostility and on defensiveness."""
        return self.rating == 0


def load_drafts(engine: str) -> list[Draft]:
    """The drafts, scored by an engine; of those that a fit has read, what is learnt from."""
    analyzer, reader = Analyzer(engine=engine), shipped_reader()
    language = language_from(read_json("en", "language.json"))
    drafts = []
    for known, item, heat in _items():
        rating = max(item.ratings[:2])
        if known == LEARNT and not (
            item.context and (rating == 0 or (rating == WORST and heat >= LEARN_HOT))
        ):
            continue
        message = item.context and read(item.context, language)
        reply = reader.read(message, read(item.text, language)) if message else None
        scores = analyzer.analyze(item.text).scores
        drafts.append(Draft(item.context or item.group, known, rating, heat, scores, reply))
    return drafts


def _items() -> Iterator[tuple[str, Item, float]]:
    """How well a draft is known, its item, and the heat of what it answers."""
    heats = {
        row["id"]: row["heat"]
        for name in ("contexts.jsonl", "heats.jsonl")
        for row in _rows(name)
    }
    for item in load_messages():
        yield UNSEEN if is_dev(item) else LEARNT, item, heats.get(item.id, 0.0)
    for item in load_messages(OWN / "new-writers.jsonl"):
        yield NEW, item, heats.get(item.id, 0.0)
    for row in _rows("replies.jsonl"):
        rated = row["ratings"]
        ratings = (rated["hostility"], rated["defensiveness"], rated["empathy"])
        item = Item(row["id"], row["id"], "L", row["text"], row["context"], ratings, "replies")
        yield UNSEEN, item, row["heat"]


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (OWN / name).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def fit(
    drafts: Sequence[Draft], features: Array, bad: Array, worst: Array
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Weights, their constant shifted to let all but `PASS` of the faultless pass; figures.

    Args:
        drafts: all of one kind.
        features: array of shape (drafts, features).
        bad: whether a draft is one to learn from as to be held up.
        worst: whether it counts in the figures as to be held up.
    """
    fold = np.array([fold_of(draft.group) for draft in drafts])
    unseen = np.array([draft.known == UNSEEN for draft in drafts])
    new = np.array([draft.known == NEW for draft in drafts])
    faultless = np.array([draft.faultless for draft in drafts])
    learn = (bad | faultless) & ~new
    weight = np.where(unseen, 1.0, SEEN_WEIGHT)
    score, held = np.zeros(len(bad)), np.zeros(len(bad), bool)
    for k in range(FOLDS):
        rest = (fold != k) & learn
        model = _model(features[rest], bad[rest], weight[rest])
        score[fold == k] = model.decision_function(features[fold == k])
    for k in range(FOLDS):  # passing points chosen on the other folds
        point = np.quantile(score[(fold != k) & faultless & unseen], 1 - PASS)
        held[fold == k] = score[fold == k] > point
    model = _model(features[learn], bad[learn], weight[learn])
    final = model.decision_function(features)
    shift = np.quantile(final[faultless & unseen], 1 - PASS)
    weights = {
        "bias": round(float(model.intercept_[0] - shift), 4),
        "weights": [round(float(weight), 4) for weight in model.coef_[0]],
    }
    return weights, [
        _figures(held[unseen], worst[unseen], faultless[unseen]),
        _figures(final[new] > shift, worst[new], faultless[new]),
    ]


def _figures(held: Array, worst: Array, faultless: Array) -> dict[str, Any]:
    return {
        "to_hold_up": int(worst.sum()),
        "held_up": round(float(held[worst].mean()), 3),
        "faultless": int(faultless.sum()),
        "of_faultless_held_up": round(float(held[faultless].mean()), 3),
    }


def _model(features: Array, bad: Array, weight: Array) -> LogisticRegression:
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    return model.fit(features, bad, sample_weight=weight)


def fit_engine(drafts: Sequence[Draft]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The numbers for drafts alone and for answers, and their figures."""
    numbers, figures = {}, {}
    alone = [draft for draft in drafts if draft.known != LEARNT]
    worst = np.array([draft.rating == WORST for draft in alone])
    features = np.array([alone_features(draft.scores) for draft in alone])
    numbers["alone"], (figures["alone"], figures["alone_new"]) = fit(
        alone, features, worst, worst
    )
    answers = [draft for draft in drafts if draft.reply]
    features = np.array(
        [answer_features(draft.scores, draft.reply) for draft in answers if draft.reply]
    )
    bad = np.array([draft.rating == WORST and draft.heat >= LEARN_HOT for draft in answers])
    worst = np.array([draft.rating == WORST and draft.heat >= HOT for draft in answers])
    numbers["answer"], (figures["answer"], figures["answer_new"]) = fit(
        answers, features, bad, worst
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
        "data": "calmtone messages and replies; figures also on calmtone new writers",
        "out_of_fold": figures,
    }
    print(json.dumps(figures, indent=1))
    if not options.dry:
        TARGET.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
        print(f"{TARGET.name} written")


if __name__ == "__main__":
    main()
