"""The speed task: what it measures, and that it does not wait for slow systems."""

from __future__ import annotations

import time
from typing import Any

import pytest
from benchmarks.suite import speed
from benchmarks.suite.speed import LENGTHS, measure
from benchmarks.suite.systems import System
from benchmarks.suite.tasks import TASKS

TEXTS = ["A short text.", "Another one, which is somewhat longer."] * 20


class Quick(System):
    title = "quick"

    def __init__(self) -> None:
        self.longest = 0

    def score(self, texts: Any, contexts: Any) -> Any:
        self.longest = max(self.longest, *map(len, texts))
        return [(0.5, None, None) for _ in texts]


class Quadratic(Quick):
    def read(self, text: str) -> Any:
        self.longest = max(self.longest, len(text))
        time.sleep(len(text) ** 2 / 2e8)


def figures(answer: dict[str, Any]) -> dict[tuple[str, str], float]:
    return {(measure, label): value for measure, label, value, _ in answer["figures"]}


def test_measures_are_those_that_the_task_describes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "ROUNDS", 1)
    found = figures(measure(Quick(), TEXTS))
    known = set(TASKS["speed"].measures)
    assert {measure for measure, _ in found} == known - {"cold_ms", "memory_mb"}
    assert all(value > 0 for value in found.values())
    percentiles = [value for (name, _), value in found.items() if name == "latency_us"]
    assert percentiles == sorted(percentiles)


def test_growth_goes_to_the_longest_text_and_no_further_than_anyone_waits() -> None:
    fast, slow = Quick(), Quadratic()
    assert [length for length, _ in measure(fast, TEXTS)["points"]] == list(LENGTHS)
    answer = measure(slow, TEXTS, quick=True)
    assert slow.longest < LENGTHS[-1]
    assert [name for name, _ in figures(answer)].count("growth") == 1


def test_of_other_sets_only_the_percentiles() -> None:
    answer = measure(Quick(), TEXTS, whole=False)
    assert {name for name, _ in figures(answer)} == {"latency_us"}
    assert answer["points"] == []


def test_cold_starts_and_memory_of_calmtone() -> None:
    from benchmarks.suite.systems import create

    found = figures({"figures": speed._cold(create("calmtone-rules"), 2, 0.05)})
    assert found.keys() == {
        ("cold_ms", "import"),
        ("cold_ms", "import and first text"),
        ("memory_mb", "up to 1,000 texts"),
    }
