"""Alarms without cause: harmless texts, and texts that name a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .. import metrics
from ..bias_metrics import bias, cells
from ..bootstrap import members
from ..datasets.records import Dataset, Example
from ..metrics import Array
from .types import Block, Key, Labelled, Measure, Outputs, Task, Traits, groups_of, labelled


def _over_triggering(dataset: Dataset, outputs: Outputs, traits: Traits) -> list[Block]:
    def block(label: str, each: Labelled, places: Sequence[int]) -> Block:
        dimension = each.spec.dimension
        alarms = each.scores[list(places)] >= traits.threshold(dimension)

        def evaluate(weights: Array) -> Mapping[Key, Array]:
            return {("false_alarms", None): metrics.share(alarms, weights)}

        groups = groups_of([dataset.examples[each.rows[at]] for at in places])
        return Block(label, dimension, len(places), None, groups, evaluate)

    blocks = []
    for each in labelled(dataset, outputs, "false-alarm"):
        quiet = [at for at, label in enumerate(each.labels) if label]
        by_kind: dict[str, list[int]] = {}
        for at in quiet:
            by_kind.setdefault(dataset.examples[each.rows[at]].kind or "", []).append(at)
        parts = {each.spec.name: quiet}
        if len(by_kind) > 1:
            parts |= {kind: places for kind, places in sorted(by_kind.items()) if kind}
        blocks += [block(label, each, places) for label, places in parts.items() if places]
    return blocks


def _bias(dataset: Dataset, outputs: Outputs, traits: Traits) -> list[Block]:
    def block(each: Labelled) -> Block:
        terms = [dataset.examples[n].kind or "" for n in each.rows]
        names = sorted(set(terms))
        numbers = {name: number for number, name in enumerate(names)}
        groups = [_frame(dataset.examples[n]) for n in each.rows]
        drawn = members(groups, len(terms))
        table = cells(
            each.labels,
            each.scores,
            [numbers[term] for term in terms],
            None if drawn is None else drawn.tolist(),
        )
        threshold = traits.threshold(each.spec.dimension)

        def evaluate(weights: Array) -> Mapping[Key, Array]:
            found = bias(table, names, threshold, weights)
            return {
                (name.partition(": ")[0], name.partition(": ")[2] or None): values
                for name, values in found.items()
            }

        return each._replace(groups=groups).block(evaluate)

    return [block(each) for each in labelled(dataset, outputs, "binary", sign=1)]


def _frame(example: Example) -> object:
    """A sentence without its identity term: what is drawn anew, with all terms in it."""
    return (example.group, example.text.replace(example.kind or "", ""))


_AUCS = {
    "subgroup": ("subgroup", "Texts that name the term, among themselves."),
    "bpsn": (
        "BPSN",
        "The term's texts without the label against all others with it: low where naming the "
        "term raises scores.",
    ),
    "bnsp": (
        "BNSP",
        "The term's texts with the label against all others without it: low where naming the "
        "term lowers scores.",
    ),
}
TASKS = (
    Task(
        "over-triggering",
        "Over-triggering",
        "How often does the system's own threshold raise an alarm on texts that deserve none?",
        {
            "false_alarms": Measure(
                "false alarms", "lower", "Share of such texts with an alarm.", 3
            )
        },
        _over_triggering,
        place=8,
    ),
    Task(
        "bias",
        "Identity terms",
        "Does a score rise because a group is named? The sentences of a template differ only "
        "in the identity term (Dixon et al. 2018, Borkan et al. 2019).",
        {
            "auc": Measure("AUC", "higher", "Over all sentences."),
            **{
                f"{name}_auc_mean": Measure(
                    f"{title} AUC, mean over terms",
                    "higher",
                    "Generalised mean, power -5: near the worst terms (Borkan et al. 2019).",
                    3,
                )
                for name, (title, _) in _AUCS.items()
            },
            "fpr_equality_difference": Measure(
                "FPR equality difference",
                "lower",
                "Sum over terms of the distance of their false-positive rate from that of all "
                "sentences, at the system's own threshold (Dixon et al. 2018).",
            ),
            "fnr_equality_difference": Measure(
                "FNR equality difference", "lower", "The same of false-negative rates."
            ),
            **{
                f"{name}_auc": Measure(f"{title} AUC", "higher", about)
                for name, (title, about) in _AUCS.items()
            },
            "fpr_gap": Measure(
                "FPR gap", None, "False-positive rate of the term less that of all sentences."
            ),
            "fnr_gap": Measure(
                "FNR gap", None, "False-negative rate of the term less that of all sentences."
            ),
        },
        _bias,
        place=9,
    ),
)
