"""Scores against labels and ratings: ranking, decisions, agreement, calibration."""

from __future__ import annotations

from collections.abc import Mapping

from .. import metrics
from ..datasets.records import Dataset
from ..metrics import Array
from .types import Block, Key, Labelled, Measure, Outputs, Task, Traits, labelled

RECALLS = (0.5, 0.8)


def _ranking(dataset: Dataset, outputs: Outputs, traits: Traits) -> list[Block]:
    def block(each: Labelled) -> Block:
        def evaluate(weights: Array) -> Mapping[Key, Array]:
            counts = metrics.tally(each.labels, each.scores, weights)
            return {
                ("auc", None): metrics.auc(counts),
                ("average_precision", None): metrics.average_precision(counts),
            }

        return each.block(evaluate)

    return [block(each) for each in labelled(dataset, outputs, "binary")]


def _decisions(dataset: Dataset, outputs: Outputs, traits: Traits) -> list[Block]:
    def block(each: Labelled) -> Block:
        called = each.scores >= traits.threshold(each.spec.dimension)

        def evaluate(weights: Array) -> Mapping[Key, Array]:
            counts = metrics.tally(each.labels, each.scores, weights)
            return {
                ("f1", None): metrics.f1(each.labels, called, weights),
                ("best_f1", None): metrics.best_f1(counts),
                **{
                    (_at(recall), None): metrics.precision_at_recall(counts, recall)
                    for recall in RECALLS
                },
            }

        return each.block(evaluate)

    # A low score is no decision for what a label of sign -1 says.
    return [block(each) for each in labelled(dataset, outputs, "binary", sign=1)]


def _at(recall: float) -> str:
    return f"precision_at_recall_{recall * 100:.0f}"


def _agreement(dataset: Dataset, outputs: Outputs, traits: Traits) -> list[Block]:
    def block(each: Labelled) -> Block:
        def evaluate(weights: Array) -> Mapping[Key, Array]:
            return {
                ("spearman", None): metrics.spearman(each.labels, each.scores, weights),
                ("pearson", None): metrics.pearson(each.labels, each.scores, weights),
            }

        return each.block(evaluate)

    return [block(each) for each in labelled(dataset, outputs, "rating")]


def _calibration(dataset: Dataset, outputs: Outputs, traits: Traits) -> list[Block]:
    def block(each: Labelled) -> Block:
        def evaluate(weights: Array) -> Mapping[Key, Array]:
            return {
                ("ece", None): metrics.calibration_error(each.labels, each.scores, weights),
                ("brier", None): metrics.brier(each.labels, each.scores, weights),
            }

        return each.block(evaluate)

    return [block(each) for each in labelled(dataset, outputs, "binary", sign=1)]


def _reliability(
    dataset: Dataset, outputs: Outputs, traits: Traits
) -> Mapping[str, list[Mapping[str, object]]]:
    return {
        "reliability": [
            {
                "label": each.spec.name,
                "dimension": each.spec.dimension,
                "bins": metrics.reliability(each.labels, each.scores),
            }
            for each in labelled(dataset, outputs, "binary", sign=1)
        ]
    }


TASKS = (
    Task(
        "ranking",
        "Ranking",
        "Do texts that people gave a label score higher than those that they didn't? "
        "No threshold is involved, so that systems of any scale can be compared.",
        {
            "auc": Measure(
                "AUC",
                "higher",
                "Area under the ROC curve: how often a text with the label scores above one "
                "without; .5 is chance.",
            ),
            "average_precision": Measure(
                "average precision",
                "higher",
                "Precision averaged over recall (Manning et al. 2008); chance is the share of "
                "texts with the label.",
            ),
        },
        _ranking,
        place=1,
    ),
    Task(
        "decisions",
        "Decisions",
        "What does a yes-or-no answer give? At the threshold that the system documents, at the "
        "best one of this very set (which no one knows beforehand), and where half or four "
        "fifths of the texts with the label have to be found.",
        {
            "f1": Measure("F1", "higher", "At the system's own threshold (calmtone: .5)."),
            "best_f1": Measure(
                "best F1", "higher", "At the best threshold of this set: an upper bound."
            ),
            **{
                _at(recall): Measure(
                    f"precision at recall {recall}",
                    "higher",
                    f"Highest precision with at least {recall:.0%} of the texts found.",
                )
                for recall in RECALLS
            },
        },
        _decisions,
        place=2,
    ),
    Task(
        "agreement",
        "Agreement with ratings",
        "Do scores go with how much of it people saw?",
        {
            "spearman": Measure("Spearman", "higher", "Correlation of ranks."),
            "pearson": Measure("Pearson", "higher", "Linear correlation."),
        },
        _agreement,
        place=3,
    ),
    Task(
        "calibration",
        "Calibration",
        "Does a score of .7 mean seven in ten? Only asked where scores claim to be "
        "probabilities; a label that means something else than the score cannot be met.",
        {
            "ece": Measure(
                "ECE",
                "lower",
                "Expected calibration error, ten bins of equal width (Naeini et al. 2015).",
                3,
            ),
            "brier": Measure(
                "Brier", "lower", "Mean squared distance from the label (Brier 1950).", 3
            ),
        },
        _calibration,
        curves=_reliability,
        probabilities=True,
        place=4,
    ),
)
