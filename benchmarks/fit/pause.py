"""Fits when to ask for a pause: `python -m benchmarks.fit.pause`, after the other fits.

Drafts alone are learnt from the dev split of our messages and from the drafts of
`replies.jsonl`, which no score was fitted on; answers from those of the train split and of
`more-messages.jsonl` as well, since few are both wholly hostile or defensive and in answer to
heat; they count a third. Scores are too good on drafts that they were fitted on: they tell
the one kind from the other without a mistake, and nothing would be left for the heat and what
is missing to say. So noise is added to their log-odds, as much as makes them tell no better
than those of drafts that no fit has read. What a faultless draft may reach at most is always
chosen on texts that no score was fitted on.

To be held up are, of drafts alone, those rated 3 on hostility or defensiveness, and of
answers those of them to messages of heat 2 or more; drafts rated 0 on both are to pass. So
that there are enough of them, answers are learnt from what is rated 3 in answer to heat 1.5
or more. An answer is held up as well where the draft alone would be. Figures are out-of-fold,
folds grouped by the message answered; and, on drafts of writers that are in no fit at all,
those of the final numbers.
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
from sklearn.metrics import roc_auc_score

from calmtone import Analyzer
from calmtone.replies.pause import alone_features, answer_features, log_odds, weighed
from calmtone.replies.types import ReplyAnalysis
from calmtone.resources import DATA
from calmtone.results import Scores

from .corpus import OWN, Item, is_dev, load_messages
from .replies.figures import FOLDS, fold_of

TARGET = Path(DATA, "en", "pause.json")
Array = np.ndarray[Any, Any]
OVER = 0.5
# At most about this share of faultless drafts is held up; the aim is 0.02.
PASS = {"alone": 0.015, "answer": 0.0125}
HOT, WORST = 2, 3  # of 3 each
LEARN_HOT = 1.5
SEEN_WEIGHT = 1 / 3  # of a draft that the scores were fitted on
STRENGTH = 1.0
NOISES = np.arange(0.0, 6.0, 0.25)  # of log-odds, as standard deviations
COPIES = 8  # of each draft that noise is added to, with other noise
LEARNT, UNSEEN, NEW = "learnt", "unseen", "new"  # by the scores; new writers are in no fit


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft, whether a fit has read it, its worst rating, and the heat it answers.

    `scores` are those beside the message answered, if there is one, `alone` those without.
    """

    group: str
    known: str
    rating: int
    heat: float
    alone: Scores
    scores: Scores
    reply: ReplyAnalysis | None

    @property
    def faultless(self) -> bool:
        """Rated 0 on hostility and on defensiveness."""
        return self.rating == 0


def load_drafts(engine: str) -> list[Draft]:
    """The drafts, scored by an engine; of those that a fit has read, what is learnt from."""
    analyzer = Analyzer(engine=engine)
    kept = []
    for known, item, heat in _items():
        rating = max(item.ratings[:2])
        if known == LEARNT and not (
            item.context and (rating == 0 or (rating == WORST and heat >= LEARN_HOT))
        ):
            continue
        kept.append((known, item, heat, rating))
    texts = [item.text for _, item, _, _ in kept]
    found = analyzer.analyze_batch(texts, reply_to=[item.context for _, item, _, _ in kept])
    # Of a draft that a fit has read only the answer is learnt from.
    own = iter(analyzer.analyze_batch([t.text for k, t, _, _ in kept if k != LEARNT]))
    return [
        Draft(
            item.context or item.group,
            known,
            rating,
            heat,
            analysis.scores if known == LEARNT else next(own).scores,
            analysis.scores,
            analysis.reply,
        )
        for (known, item, heat, rating), analysis in zip(kept, found, strict=True)
    ]


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


def blurred(drafts: Sequence[Draft], bad: Array) -> tuple[float, list[list[Scores]]]:
    """How much noise makes scores of learnt drafts as telling as others, and such scores.

    Args:
        drafts: answers.
        bad: whether a draft is one to be held up.

    Returns:
        The standard deviation, in log-odds, and `COPIES` times the scores of all drafts,
        those of drafts that no fit has read as they are.
    """
    odds = np.array([[log_odds(score) for score in draft.scores] for draft in drafts])
    seen = np.array([draft.known == LEARNT for draft in drafts])
    unseen = np.array([draft.known == UNSEEN for draft in drafts])
    told = bad | np.array([draft.faultless for draft in drafts])

    def telling(values: Array, part: Array) -> float:
        either = np.logaddexp(values[:, 0], values[:, 1])[part & told]
        return float(roc_auc_score(bad[part & told], either))

    noise = np.zeros((COPIES, *odds.shape))
    noise[:, seen] = np.random.default_rng(0).normal(size=(COPIES, int(seen.sum()), 3))
    aim = telling(odds, unseen)
    width = next(
        (one for one in NOISES if telling(odds + noise[0] * one, seen) <= aim), NOISES[-1]
    )
    scores = 1 / (1 + np.exp(-odds - noise * width))
    return float(width), [[Scores(*map(float, row)) for row in copy] for copy in scores]


def fit(
    drafts: Sequence[Draft],
    features: Array,
    bad: Array,
    worst: Array,
    passing: float,
    copies: Sequence[Array] = (),
    anyway: Array | None = None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Weights, their constant shifted to let nearly all of the faultless pass; figures.

    Args:
        drafts: all of one kind.
        features: array of shape (drafts, features).
        bad: whether a draft is one to learn from as to be held up.
        worst: whether it counts in the figures as to be held up.
        passing: the share of the faultless that may be held up.
        copies: such features to learn from in place of those, each counting its part.
        anyway: whether a draft is held up whatever comes of this.
    """
    anyway = np.zeros(len(bad), bool) if anyway is None else anyway
    fold = np.array([fold_of(draft.group) for draft in drafts])
    unseen = np.array([draft.known == UNSEEN for draft in drafts])
    new = np.array([draft.known == NEW for draft in drafts])
    faultless = np.array([draft.faultless for draft in drafts])
    learn = (bad | faultless) & ~new
    weight = np.where(unseen, 1.0, SEEN_WEIGHT)
    score, held = np.zeros(len(bad)), np.zeros(len(bad), bool)
    for k in range(FOLDS):
        model = _model(copies or [features], (fold != k) & learn, bad, weight)
        score[fold == k] = model.decision_function(features[fold == k])
    for k in range(FOLDS):  # passing points chosen on the other folds
        point = _point(score, anyway, (fold != k) & faultless & unseen, passing)
        held[fold == k] = score[fold == k] > point
    held |= anyway
    model = _model(copies or [features], learn, bad, weight)
    final = model.decision_function(features)
    shift = _point(final, anyway, faultless & unseen, passing)
    weights = {
        "bias": round(float(model.intercept_[0] - shift), 4),
        "weights": [round(float(weight), 4) for weight in model.coef_[0]],
    }
    return weights, [
        _figures(held[unseen], worst[unseen], faultless[unseen]),
        _figures((final > shift)[new] | anyway[new], worst[new], faultless[new]),
    ]


def _point(score: Array, anyway: Array, part: Array, passing: float) -> float:
    """Where about a share `passing` of drafts is held up, those counted that are anyway."""
    left = max(passing - float(anyway[part].mean()), passing / 2)
    return float(np.quantile(score[part & ~anyway], 1 - left))


def _figures(held: Array, worst: Array, faultless: Array) -> dict[str, Any]:
    return {
        "to_hold_up": int(worst.sum()),
        "held_up": round(float(held[worst].mean()), 3),
        "faultless": int(faultless.sum()),
        "of_faultless_held_up": round(float(held[faultless].mean()), 3),
    }


def _model(
    copies: Sequence[Array], part: Array, bad: Array, weight: Array
) -> LogisticRegression:
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    n = len(copies)
    return model.fit(
        np.concatenate([features[part] for features in copies]),
        np.tile(bad[part], n),
        sample_weight=np.tile(weight[part] / n, n),
    )


def fit_engine(drafts: Sequence[Draft]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The numbers for drafts alone and for answers, and their figures."""
    numbers, figures = {}, {}
    alone = [draft for draft in drafts if draft.known != LEARNT]
    worst = np.array([draft.rating == WORST for draft in alone])
    features = np.array([alone_features(draft.alone) for draft in alone])
    numbers["alone"], (figures["alone"], figures["alone_new"]) = fit(
        alone, features, worst, worst, PASS["alone"]
    )
    answers = [draft for draft in drafts if draft.reply]
    features = _answering(answers, [draft.scores for draft in answers])
    bad = np.array([draft.rating == WORST and draft.heat >= LEARN_HOT for draft in answers])
    worst = np.array([draft.rating == WORST and draft.heat >= HOT for draft in answers])
    width, scores = blurred(answers, bad)
    copies = [_answering(answers, copy) for copy in scores]
    anyway = np.array(
        [weighed(numbers["alone"], alone_features(draft.scores)) >= 0 for draft in answers]
    )
    numbers["answer"], (figures["answer"], figures["answer_new"]) = fit(
        answers, features, bad, worst, PASS["answer"], copies, anyway
    )
    figures["answer"]["noise"] = width
    return numbers, figures


def _answering(answers: Sequence[Draft], scores: Sequence[Scores]) -> Array:
    return np.array(
        [
            answer_features(own, draft.reply)
            for draft, own in zip(answers, scores, strict=True)
            if draft.reply
        ]
    )


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
