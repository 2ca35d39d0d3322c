"""Speed and memory: how fast each system reads, measured by `benchmarks.suite.speed`."""

from __future__ import annotations

from ..datasets.records import Dataset
from .types import Block, Measure, Outputs, Task, Traits


def _none(dataset: Dataset, outputs: Outputs, traits: Traits) -> list[Block]:
    """No figures over texts: the worker makes them."""
    return []


TASKS = (
    Task(
        "speed",
        "Speed and memory",
        "How long does a reader wait? One core, one text at a time unless said otherwise; of "
        "calmtone the whole analysis with evidence and hints. Timings differ from run to run.",
        {
            "texts_per_second": Measure(
                "texts a second",
                "higher",
                "Written messages, alone and joined to letters of up to 2,500 characters.",
                None,
            ),
            "latency_us": Measure(
                "latency",
                "lower",
                "Percentiles over the messages of the data set.",
                None,
                "µs",
            ),
            "growth": Measure(
                "growth",
                "lower",
                "Time for a text over the time for one half as long; 2 is linear. Up to "
                "400,000 characters, or to where one text takes a second.",
                2,
            ),
            "cold_ms": Measure("cold start", "lower", "Median of fresh processes.", None, "ms"),
            "memory_mb": Measure(
                "memory", "lower", "Peak of a fresh process, over bare Python.", None, "MB"
            ),
        },
        _none,
        timings=True,
        place=11,
    ),
)
