"""Figures of a model folder, on the dev split and on sets kept for evaluation.

Nothing here is fitted. Intervals are percentile bootstraps (`benchmarks.suite.bootstrap`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fit.corpus import DIMENSIONS, Item
from benchmarks.fit.model import Array
from benchmarks.suite.bootstrap import interval, replicates
from benchmarks.suite.datasets import DatasetError, load
from benchmarks.suite.metrics import (
    auc,
    calibration_error,
    f1,
    lower_shares,
    reliability,
    spearman,
    tally,
)
from benchmarks.suite.span_metrics import character_f1, touch

from .examples import INSULT, TOKEN_LABELS, contrasts, rated
from .package import folder_size
from .reading import Reader, Readings
from .timing import speed

SYSTEMS = ("rules", "model", "blend")
Pair = tuple[int, int]


def evaluate(folder: Path, *, sample: int = 5000) -> dict[str, Any]:
    """All figures of a model folder.

    Args:
        folder: as shipped.
        sample: most texts of an outside set; the first by a fixed shuffle.
    """
    reader = Reader(folder)
    dev = rated("dev")
    texts = [item.text for item in dev]
    readings = reader.read(texts)
    report: dict[str, Any] = {"dev": {}, "replies": {}, "outside": {}}
    for system in SYSTEMS:
        report["dev"][system] = dev_figures(dev, readings.scores(reader.model, system))
    if reader.model.settings.reply_length:
        answering = reader.read(texts, [item.context for item in dev])
        for system in SYSTEMS[1:]:
            scores = answering.scores(reader.model, system)
            report["replies"][system] = dev_figures(dev, scores)
    marked = [item for item in dev if item.spans]
    detailed = reader.read([item.text for item in marked], details=True)
    scores = detailed.scores(reader.model, "blend")
    report["spans"] = span_figures(marked, detailed, scores)
    for name, measure in OUTSIDE.items():
        try:
            report["outside"][name] = measure(reader, sample)
        except DatasetError as error:
            report["outside"][name] = {"not run": str(error).split(",")[0]}
    report["failures"] = failures(dev, readings.scores(reader.model, "blend"))
    report["model"] = json.loads((folder / "calmtone.json").read_text(encoding="utf-8"))
    report["size"] = folder_size(folder)
    report["speed"] = speed(folder)
    return report


def dev_figures(dev: Sequence[Item], scores: Array) -> dict[str, Any]:
    """Ranking, decisions, calibration, contrast pairs and rewrites by dimension."""
    groups: dict[str, Callable[[Item], bool]] = {
        "messages": lambda item: item.kind == "messages",
        "new writer": lambda item: item.source == "V",
        "real texts": lambda item: item.kind == "real",
        "new sources": lambda item: item.source in ("tydip", "wiki_talk", "code_reviews"),
    }
    found: dict[str, Any] = {}
    for k, name in enumerate(DIMENSIONS):
        row: dict[str, Any] = {}
        for group, inside in groups.items():
            rows = [i for i, item in enumerate(dev) if inside(item)]
            labels = np.array([dev[i].ratings[k] >= 2 for i in rows])
            row[group] = figures(labels, scores[rows, k], [dev[i].group for i in rows])
        for kind in ("pairs", "rewrites"):
            value, count = contrast(dev, scores[:, k], k, kind)
            row[kind], row[f"{kind}_n"] = value, count
        found[name] = row
    return found


def contrast(dev: Sequence[Item], values: Array, k: int, kind: str) -> tuple[float | None, int]:
    """Share of contrast pairs, or of calm rewrites, in which the one rated higher scores so.

    Args:
        dev: the texts.
        values: their scores for one dimension.
        k: the dimension.
        kind: `"pairs"` or `"rewrites"`; a rewrite counts where it is rated lower.
    """
    number = {item.id: i for i, item in enumerate(dev)}
    found = [
        (number[a.id], number[b.id])
        for a, b in contrasts(dev)
        if a.ratings[k] > b.ratings[k]
        and ((a.pair is not None) if kind == "pairs" else b.rewrite_of == a.id)
    ]
    if not found:
        return None, 0
    high, low = zip(*found, strict=True)
    right = lower_shares(values[list(high)], values[list(low)])[0][0]
    return round(float(right), 4), len(found)


def figures(labels: Array, scores: Array, groups: Sequence[object] | None = None) -> Any:
    """AUC, F1 at .5 and expected calibration error, each with its 95 % interval."""
    if not len(labels):
        none = [None] * 3
        return {"n": 0, "positive": 0, "auc": none, "f1": none, "ece": none, "reliability": []}

    def all_of_them(weights: Array) -> dict[str, Array]:
        return {
            "auc": auc(tally(labels, scores, weights)),
            "f1": f1(labels, scores >= 0.5, weights),
            "ece": calibration_error(labels, scores, weights),
        }

    drawn = replicates(all_of_them, len(labels), groups, resamples=500)
    found: dict[str, Any] = {
        name: [None if v is None else round(v, 4) for v in interval(values)]
        for name, values in drawn.items()
    }
    bins = [[round(v, 4) for v in row] for row in reliability(labels, scores)]
    return {"n": len(labels), "positive": int(labels.sum()), **found, "reliability": bins}


def failures(dev: Sequence[Item], scores: Array, most: int = 4) -> list[dict[str, Any]]:
    """The messages that a dimension gets most wrong: two too low, two too high."""
    found = []
    for k, name in enumerate(DIMENSIONS):
        order = np.argsort(scores[:, k], kind="stable").tolist()
        for rows, wrong in (
            (order, lambda rating: rating >= 2),
            (order[::-1], lambda rating: rating == 0),
        ):
            chosen = [
                i
                for i in rows
                if dev[i].kind == "messages"
                and wrong(dev[i].ratings[k])
                and len(dev[i].text) < 240
            ]
            found += [
                {
                    "dimension": name,
                    "rating": dev[i].ratings[k],
                    "score": round(float(scores[i, k]), 3),
                    "text": dev[i].text,
                }
                for i in chosen[: most // 2]
            ]
    return found


def span_figures(dev: Sequence[Item], readings: Readings, scores: Array) -> dict[str, Any]:
    """Marked spans that the model's spans touch, and the other way round."""
    found = {}
    for k, name in enumerate(DIMENSIONS):
        counts = [0, 0, 0, 0]
        for item, reading, score in zip(dev, readings.readings, scores[:, k], strict=True):
            marked = [(start, end) for start, end, kind in item.spans if kind == name]
            if not marked:
                continue
            ours = [
                (span.start, span.end)
                for span in reading.spans
                if span.dimension == k and score >= span.least_score
            ]
            counts[0] += sum(any(touch(m, o) for o in ours) for m in marked)
            counts[1] += len(marked)
            counts[2] += sum(any(touch(m, o) for m in marked) for o in ours)
            counts[3] += len(ours)
        found[name] = {
            "recall": round(counts[0] / max(counts[1], 1), 4),
            "precision": round(counts[2] / max(counts[3], 1), 4),
            "marked": counts[1],
            "found": counts[3],
        }
    return found


def _sampled(items: Sequence[Any], most: int) -> list[Any]:
    order = np.random.default_rng(0).permutation(len(items))[:most]
    return [items[i] for i in sorted(order.tolist())]


def _ranking(
    data: str, columns: dict[str, tuple[str, ...]]
) -> Callable[[Reader, int], dict[str, Any]]:
    """AUC of labels by the highest of some dimensions; an interval for each.

    A label named with a leading "-" is turned round.
    """

    def measure(reader: Reader, most: int) -> dict[str, Any]:
        examples = _sampled(load(data).examples, most)
        readings = reader.read([example.text for example in examples])
        found: dict[str, Any] = {"n": len(examples)}
        for system in SYSTEMS:
            scores = readings.scores(reader.model, system)
            for label, names in columns.items():
                wanted = label.removeprefix("-")
                rows = [i for i, e in enumerate(examples) if wanted in e.labels]
                y = np.array([examples[i].labels[wanted] > 0 for i in rows]) != (
                    label != wanted
                )
                value = scores[rows][:, [DIMENSIONS.index(name) for name in names]].max(1)
                key = f"{label} by {' or '.join(names)}"
                found.setdefault(key, {})[system] = figures(y, value)["auc"]
        return found

    return measure


def _correlation(data: str, label: str) -> Callable[[Reader, int], dict[str, Any]]:
    """Spearman's rho of a rating with each dimension."""

    def measure(reader: Reader, most: int) -> dict[str, Any]:
        examples = [e for e in _sampled(load(data).examples, most) if label in e.labels]
        readings = reader.read([example.text for example in examples])
        y = np.array([example.labels[label] for example in examples])
        found: dict[str, Any] = {"n": len(examples)}
        for system in SYSTEMS:
            scores = readings.scores(reader.model, system)
            found[system] = {
                name: round(float(spearman(y, scores[:, k])[0]), 4)
                for k, name in enumerate(DIMENSIONS)
            }
        return found

    return measure


def _alarms(data: str, label: str) -> Callable[[Reader, int], dict[str, Any]]:
    """Share of harmless texts that score .5 or more for hostility or defensiveness."""

    def measure(reader: Reader, most: int) -> dict[str, Any]:
        examples = [e for e in load(data).examples if e.labels.get(label, 0) > 0]
        readings = reader.read([example.text for example in examples])
        found: dict[str, Any] = {"n": len(examples)}
        for system in SYSTEMS:
            scores = readings.scores(reader.model, system)
            found[system] = {
                name: round(float((scores[:, k] >= 0.5).mean()), 4)
                for k, name in enumerate(DIMENSIONS[:2])
            }
        return found

    return measure


def _toxic_spans(reader: Reader, most: int) -> dict[str, Any]:
    """Character F1 of the label `insult` on the half of the trial part not fitted on."""
    examples = load("toxic-spans-trial").examples[1::2][:most]
    readings = reader.read([example.text for example in examples], details=True)
    name = f"model/{TOKEN_LABELS[INSULT]}"
    values = [
        character_f1(
            [(s.start, s.end) for s in reading.spans if s.name == name],
            [(start, end) for start, end, _ in example.spans or ()],
        )
        for example, reading in zip(examples, readings.readings, strict=True)
    ]
    return {"n": len(values), "character_f1": round(float(np.mean(values)), 4)}


def _identity(reader: Reader, most: int) -> dict[str, Any]:
    """Scores of kind templates by identity term: the share of false alarms of each."""
    examples = [
        e
        for e in load("jigsaw-templates").examples
        if e.kind and e.labels.get("unkind", 1) == 0
    ]
    examples = _sampled(examples, most)
    readings = reader.read([example.text for example in examples])
    found: dict[str, Any] = {"n": len(examples)}
    for system in SYSTEMS:
        alarms = readings.scores(reader.model, system)[:, 0] >= 0.5
        shares = {
            term: float(
                np.mean([a for a, e in zip(alarms, examples, strict=True) if e.kind == term])
            )
            for term in {e.kind for e in examples}
        }
        found[system] = {
            "all": round(float(alarms.mean()), 4),
            "highest": round(max(shares.values()), 4),
            "terms": len(shares),
        }
    return found


HOSTILE, DEFENSIVE, WARM = (("hostility",), ("defensiveness",), ("empathy",))
OUTSIDE: dict[str, Callable[[Reader, int], dict[str, Any]]] = {
    "ucc-validation": _ranking(
        "ucc-validation",
        {
            "hostile": HOSTILE,
            "antagonize": HOSTILE,
            "condescending": HOSTILE,
            "dismissive": ("hostility", "defensiveness"),
            "sarcastic": HOSTILE,
        },
    ),
    "epitome-emotional-reactions": _ranking("epitome-emotional-reactions", {"present": WARM}),
    "epitome-interpretations": _ranking("epitome-interpretations", {"present": WARM}),
    "epitome-explorations": _ranking("epitome-explorations", {"present": WARM}),
    "disapere-dev": _ranking("disapere-dev", {"dispute": DEFENSIVE}),
    "corrective-culture-train": _ranking("corrective-culture-train", {"engaged": WARM}),
    "tydip-train": _ranking("tydip-train", {"polite": WARM, "-polite": HOSTILE}),
    "receptiveness": _correlation("receptiveness", "receptive"),
    "toxic-spans-trial": _toxic_spans,
    "xstest": _alarms("xstest", "safe"),
    "premo": _alarms("premo", "neutral"),
    "jigsaw-templates": _identity,
}
