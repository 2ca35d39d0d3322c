"""What a task is made of, and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..datasets.records import DIMENSIONS, Dataset, Example, LabelSpec
from ..metrics import Array

Key = tuple[str, str | None]  # a measure, and the label of its figure: None for the block's
FoundSpan = tuple[int, int, str]
Variants = Mapping[str, Sequence[tuple[int, str]]]


class Measure(NamedTuple):
    """A number that a task gives.

    Args:
        title: for tables.
        better: "higher", "lower", or None where neither is better.
        about: what it is, in a sentence, with its source.
        digits: decimals to show; None for three significant digits.
        unit: what the number counts, where it is no share.
    """

    title: str
    better: str | None = None
    about: str = ""
    digits: int | None = 2
    unit: str = ""


class Traits(NamedTuple):
    """What a task has to know about a system.

    Args:
        thresholds: of the three dimensions, from which score on the system says yes.
        probabilities: whether its scores claim to be probabilities.
        points_at: the dimensions whose words it can point at.
    """

    thresholds: tuple[float, float, float]
    probabilities: bool
    points_at: tuple[str, ...] = DIMENSIONS

    def threshold(self, dimension: str) -> float:
        """The score of a dimension from which on the system says yes."""
        return self.thresholds[DIMENSIONS.index(dimension)]


class Outputs(NamedTuple):
    """What a system said about the examples of a data set.

    Args:
        scores: shape (n, 3); a column of NaN where the system has no such score.
        spans: of each text, where the task asked for them.
        variants: scores of changed texts, in the order in which the task listed them.
    """

    scores: Array
    spans: Sequence[Sequence[FoundSpan]] = ()
    variants: Mapping[str, Array] = {}

    def of(self, dimension: str, sign: int = 1) -> Array:
        """The scores of a dimension, with their sign turned where `sign` is -1."""
        column: Array = sign * self.scores[:, DIMENSIONS.index(dimension)]
        return column

    def has(self, dimension: str) -> bool:
        """Whether the system scores this dimension."""
        return not np.isnan(self.of(dimension)).any()


class Block(NamedTuple):
    """Figures that are drawn from the same texts, or pairs of them.

    Args:
        label: of the figures, unless a key of `evaluate` names another.
        n: how many texts or pairs.
        positives: how many have the label, or None.
        groups: what each belongs to; None where all stand alone.
        evaluate: weights of shape (r, n) to r values for each measure.
    """

    label: str
    dimension: str
    n: int
    positives: int | None
    groups: Sequence[object] | None
    evaluate: Callable[[Array], Mapping[Key, Array]]


Blocks = Callable[[Dataset, Outputs, Traits], list[Block]]
Curves = Callable[[Dataset, Outputs, Traits], Mapping[str, list[Mapping[str, object]]]]


class Task(NamedTuple):
    """A question to a system, asked on the texts of a data set.

    Args:
        name: on the command line.
        title: for tables.
        asks: what it asks, in a few sentences.
        measures: by name, the most telling first.
        blocks: what to measure.
        curves: points to draw, by kind.
        variants: changed texts that are to be scored as well, each with the number of the
            example that it comes from.
        spans: whether it needs the system's spans.
        probabilities: whether it is asked only of systems whose scores claim to be some.
        timings: whether its figures are timings: made in the system's own process by
            `benchmarks.suite.speed`, alone on the machine, and without intervals.
        place: where it stands among the tasks, lowest first.
        datasets: data sets that it takes besides those whose entries name it.
    """

    name: str
    title: str
    asks: str
    measures: Mapping[str, Measure]
    blocks: Blocks
    curves: Curves | None = None
    variants: Callable[[Sequence[Example]], Variants] | None = None
    spans: bool = False
    probabilities: bool = False
    timings: bool = False
    place: int = 100
    datasets: tuple[str, ...] = ()


def specs(dataset: Dataset, *kinds: str, sign: int | None = None) -> list[LabelSpec]:
    """The labels of some kinds, and of one sign where one is given."""
    return [
        spec
        for spec in dataset.labels
        if spec.kind in kinds and (sign is None or spec.sign == sign)
    ]


class Labelled(NamedTuple):
    """The texts that have one label, with a system's scores.

    Args:
        spec: of the label.
        rows: their numbers among the examples.
        labels: their values.
        scores: of the label's dimension, its sign turned where the label speaks against it.
        groups: what each belongs to, or None.
    """

    spec: LabelSpec
    rows: list[int]
    labels: list[float]
    scores: Array
    groups: list[object] | None

    def block(self, evaluate: Callable[[Array], Mapping[Key, Array]]) -> Block:
        """A block of figures about this label."""
        binary = self.spec.kind == "binary"
        return Block(
            self.spec.name,
            self.spec.dimension,
            len(self.rows),
            int(sum(self.labels)) if binary else None,
            self.groups,
            evaluate,
        )


def labelled(
    dataset: Dataset, outputs: Outputs, kind: str, *, sign: int | None = None
) -> Iterator[Labelled]:
    """Each label of a kind that some texts have and whose dimension the system scores."""
    for spec in specs(dataset, kind, sign=sign):
        rows = [n for n, example in enumerate(dataset.examples) if spec.name in example.labels]
        if not rows or not outputs.has(spec.dimension):
            continue
        chosen = [dataset.examples[n] for n in rows]
        labels = [example.labels[spec.name] for example in chosen]
        scores = outputs.of(spec.dimension, spec.sign)[rows]
        yield Labelled(spec, rows, labels, scores, groups_of(chosen))


def groups_of(examples: Sequence[Example]) -> list[object] | None:
    """What the texts belong to, or None where every text stands alone."""
    groups: list[object] = [example.group or ("alone", example.id) for example in examples]
    return None if len(set(groups)) == len(groups) else groups
