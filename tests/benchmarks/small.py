"""A small data set, a system without a process, and a run of both, for the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.suite import runner
from benchmarks.suite.datasets.records import Dataset, Entry, Example, LabelSpec
from benchmarks.suite.metrics import Array
from benchmarks.suite.processes import NotAvailable
from benchmarks.suite.progress import Progress
from benchmarks.suite.runner import Done, Plan, Run
from benchmarks.suite.store import Store
from benchmarks.suite.tasks import Traits

LABELS = (
    LabelSpec("hostile", "hostility", "binary"),
    LabelSpec("kind", "hostility", "binary", -1),
    LabelSpec("rated", "hostility", "rating"),
    LabelSpec("marked", "hostility", "span"),
    LabelSpec("harmless", "hostility", "false-alarm"),
)
TASKS = (
    "ranking",
    "decisions",
    "agreement",
    "calibration",
    "spans",
    "rewrites",
    "pairs",
    "over-triggering",
    "bias",
    "robustness",
)


def example(n: int, text: str, level: int, **more: Any) -> Example:
    """A text rated `level`: hostile from 2 on, harmless at 0; "fool" is marked."""
    at = text.find("fool")
    labels = {"hostile": float(level > 1), "kind": float(level < 1), "rated": float(level)}
    return Example(
        str(n),
        text,
        labels={**labels, "harmless": float(level == 0)},
        spans=((at, at + 4, "hostility"),) if at >= 0 else (),
        **more,
    )


def dataset(name: str = "small", tasks: Sequence[str] = TASKS) -> Dataset:
    """Six texts: two rewrites of 0 and 1, and a contrast pair."""
    examples = [
        example(0, "You fool, read the page.", 3, kind="page", group="a"),
        example(1, "Only a fool asks that.", 2, kind="other", group="b"),
        example(2, "Please read the page.", 0, kind="page", group="a", partner="0"),
        example(3, "Let us look at that.", 0, kind="other", group="b", partner="1"),
        example(4, "Read the page yourself.", 2, kind="page", group="c", partner="5"),
        example(5, "The page may help.", 1, kind="other", group="c", partner="4"),
    ]
    declared = Entry(
        name, "Small", "evaluate", tuple(tasks), LABELS, "", "", "", (), None, "", "", "", {},
        "", "",
    )  # fmt: skip
    return Dataset(declared, examples, partial=False, files={"small.csv": "0" * 64})


class FakeWorker:
    """Scores by the words of a text, in this process. Counts what it was asked."""

    title, packages = "fake", {"fake": "1"}

    def __init__(
        self, name: str, weights: dict[str, float] | None = None, version: str = "fake 1"
    ) -> None:
        self.name = name
        self.version = version
        self.traits = Traits((0.5, 0.5, 0.5), probabilities=True)
        self.weights = weights or {"fool": 0.6, "yourself": 0.3, "read": 0.1}
        self.asked = 0

    def score(
        self,
        texts: Sequence[str],
        contexts: Sequence[str | None],
        advance: Callable[[int], None] = lambda count: None,
    ) -> Array:
        self.asked += len(texts)
        scores = np.full((len(texts), 3), np.nan)
        for row, text in zip(scores, texts, strict=True):
            row[0] = sum(
                weight for word, weight in self.weights.items() if word in text.lower()
            )
        return scores

    def spans(self, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        self.asked += len(texts)
        return [
            [(text.find("fool"), text.find("fool") + 4, "hostility")] if "fool" in text else []
            for text in texts
        ]

    def speed(self, texts: Sequence[str], **options: Any) -> dict[str, Any]:
        return {"figures": [["latency_us", "half", 1.5, len(texts)]], "points": [[10, 0.5]]}

    def close(self) -> None:
        pass


def absent(name: str) -> FakeWorker:
    raise NotAvailable(f"{name} is not installed; install it with: pip install {name}")


def run(
    monkeypatch: Any,
    folder: Path,
    workers: Mapping[str, Callable[[str], Any]],
    *,
    sets: Sequence[Dataset] | None = None,
    load: Callable[[str], Dataset] | None = None,
    tasks: Sequence[str] = TASKS,
    systems: Sequence[str] | None = None,
    **plan: Any,
) -> Done:
    """A run on small data sets with systems made by `workers`."""
    known = {each.name: each for each in (dataset(),) if sets is None} | {
        each.name: each for each in sets or ()
    }
    monkeypatch.setattr(runner, "load", load or known.__getitem__)
    monkeypatch.setattr(runner, "entry", lambda name: known[name].entry)
    whole = Plan(tasks, systems or list(workers), list(known), folder / "results", **plan)
    made = Run(
        whole,
        Store(folder / "scores", fresh=whole.fresh),
        Progress(0, bar=False),
        lambda name: workers[name](name),
    )
    made.start_systems()
    return made.everything()
