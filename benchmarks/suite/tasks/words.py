"""Spans: the words that a system points at against those that people marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .. import metrics
from ..datasets.records import Dataset, Example
from ..metrics import Array
from ..span_metrics import character_f1, token_f1, touched
from .types import Block, FoundSpan, Key, Measure, Outputs, Task, Traits, groups_of, specs


def _spans(dataset: Dataset, outputs: Outputs, traits: Traits) -> list[Block]:
    rows = [n for n, example in enumerate(dataset.examples) if example.spans is not None]
    chosen = [dataset.examples[n] for n in rows]
    found = [outputs.spans[n] for n in rows]
    groups = groups_of(chosen)

    def block(name: str, dimension: str) -> Block:
        counts = [_counts(*pair, dimension) for pair in zip(chosen, found, strict=True)]
        columns = np.array(counts, dtype=np.float64).T
        characters, tokens, touched_marks, marks, touching, ours = columns
        marked = marks > 0

        def evaluate(weights: Array) -> Mapping[Key, Array]:
            return {
                ("character_f1", None): metrics.share(characters, weights),
                ("token_f1", None): metrics.ratio(tokens * marked, marked, weights),
                ("span_recall", None): metrics.ratio(touched_marks, marks, weights),
                ("span_precision", None): metrics.ratio(
                    touching * marked, ours * marked, weights
                ),
            }

        return Block(name, dimension, len(rows), int(marked.sum()), groups, evaluate)

    return [
        block(spec.name, spec.dimension)
        for spec in specs(dataset, "span")
        if rows and outputs.has(spec.dimension) and spec.dimension in traits.points_at
    ]


def _counts(
    example: Example, found: Sequence[FoundSpan], dimension: str
) -> tuple[float, float, int, int, int, int]:
    """Of one text: both F1, marks touched and in all, findings on marks and in all."""
    ours = [(start, end) for start, end, name in found if name == dimension]
    marks = [(start, end) for start, end, name in example.spans or () if name == dimension]
    touched_marks, touching = touched(ours, marks)
    return (
        character_f1(ours, marks),
        token_f1(example.text, ours, marks),
        touched_marks,
        len(marks),
        touching,
        len(ours),
    )


TASKS = (
    Task(
        "spans",
        "Spans",
        "Does the system point at the words that people marked? A system without spans of its "
        "own points at each word that alone passes its threshold for hostility.",
        {
            "character_f1": Measure(
                "character F1",
                "higher",
                "Mean over all texts, by the official definition of SemEval-2021 task 5 "
                "(Pavlopoulos et al. 2021).",
            ),
            "token_f1": Measure(
                "token F1",
                "higher",
                "Mean over texts with marked words (rationales, DeYoung et al. 2020).",
            ),
            "span_recall": Measure(
                "marks touched", "higher", "Share of marked spans that a found one touches."
            ),
            "span_precision": Measure(
                "findings on marks",
                "higher",
                "Share of found spans that touch a marked one, in texts with marks.",
            ),
        },
        _spans,
        spans=True,
        place=5,
    ),
)
