"""Speed and memory of one system, in its own process.

Builds on `benchmarks.speed`: its texts, its adversarial inputs, its cold processes. What is
added: any system, percentiles of latency, and growth that stops before it takes minutes.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from .system import System

PERCENTILES = (50, 90, 99)
MESSAGES = 500  # of the data set, for the percentiles
ROUNDS = 5
PATIENCE = 2.0  # seconds for one round, or for one text; slower systems get fewer texts
LENGTHS = tuple(3_125 * 2**n for n in range(8))  # up to 400,000 characters


def measure(
    system: System, texts: Sequence[str], *, whole: bool = True, quick: bool = False
) -> dict[str, Any]:
    """Figures as [measure, label, value, n], and the curve of growth.

    Args:
        system: made in this process.
        texts: messages of a data set, for the percentiles.
        whole: whether to measure as well what does not depend on these texts.
        quick: fewer rounds and shorter texts.
    """
    read = system.read
    step = max(1, len(texts) // MESSAGES)
    messages = texts[::step][: 50 if quick else MESSAGES]
    rounds, patience = (1, PATIENCE / 8) if quick else (ROUNDS, PATIENCE)
    latencies = _latencies(read, messages[: _patiently(read, messages, patience)])
    if not whole:
        return {"figures": latencies, "points": []}
    growth, points = _growth(read, LENGTHS[:4] if quick else LENGTHS, patience)
    rates = _rates(system, rounds, patience)
    cold = _cold(system, rounds, patience)
    return {"figures": rates + latencies + growth + cold, "points": points}


def _rates(system: System, rounds: int, patience: float) -> list[list[Any]]:
    """Texts a second by length, and in one batch."""
    from benchmarks.speed import BANDS, corpus, seconds

    read = system.read
    known = corpus()
    known = known[: _patiently(read, known, patience)]
    bands = [("all lengths", known)]
    bands += [(name, [t for t in known if low <= len(t) < high]) for name, low, high in BANDS]
    figures: list[list[Any]] = []
    for name, band in bands:
        if band:
            took = statistics.median(seconds(read, band) for _ in range(rounds))
            figures.append(["texts_per_second", name, len(band) / took, len(band)])
    if system.batches:
        contexts = [None] * len(known)
        took = statistics.median(
            _timed(lambda: system.score(known, contexts)) for _ in range(rounds)
        )
        figures.append(
            ["texts_per_second", "all lengths, batch", len(known) / took, len(known)]
        )
    return figures


def _patiently(read: Callable[[str], Any], texts: Sequence[str], patience: float) -> int:
    """How many of the texts can be read in one round; also warms up."""
    some = texts[:3] if patience < 1 else texts[:10]
    each = _timed(lambda: [read(text) for text in some]) / max(len(some), 1)
    return max(len(some), min(len(texts), int(patience / max(each, 1e-9))))


def _timed(function: Callable[[], Any]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def _latencies(read: Callable[[str], Any], texts: Sequence[str]) -> list[list[Any]]:
    """Percentiles over single texts, the better of two rounds for each text."""
    if not texts:
        return []
    times = [min(_timed(lambda: read(text)), _timed(lambda: read(text))) for text in texts]  # noqa: B023
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
    return [
        ["latency_us", f"{percent} of 100 messages", cuts[percent - 1] * 1e6, len(texts)]
        for percent in PERCENTILES
    ]


def _growth(
    read: Callable[[str], Any], lengths: Sequence[int], patience: float
) -> tuple[list[list[Any]], list[tuple[int, float]]]:
    """Seconds for one text of each length, as long as nobody has to wait, and the ratios."""
    from benchmarks.speed import adversarial

    def best(text: str) -> float:
        took = _timed(lambda: read(text))
        return min(took, _timed(lambda: read(text))) if took < 0.5 else took

    points: list[tuple[int, float]] = []
    for length in lengths:
        points.append((length, best(adversarial(length)["messages"])))
        if points[-1][1] * 4 > patience:  # a quadratic system needs four times as long next
            break
    if len(points) < 2:
        return [], points
    (_, before), (length, last) = points[-2:]
    figures: list[list[Any]] = [["growth", f"{length:,} characters", last / before, 1]]
    if length == LENGTHS[-1]:
        small, large = adversarial(length // 2), adversarial(length)
        for name in sorted(set(large) - {"messages"}):
            figures.append(["growth", name, best(large[name]) / best(small[name]), 1])
    return figures, points


def _cold(system: System, rounds: int, patience: float) -> list[list[Any]]:
    """Import, import with a first call, and peak memory, in fresh processes."""
    from benchmarks.speed import cold, corpus, peak_megabytes

    if not system.setup:
        return []
    first = f"{system.setup}\nread('Did you even read it?')"
    started = ["cold_ms", "import and first text", cold(first, rounds), rounds]
    if rounds == 1:  # a quick run
        return [started]
    count = _patiently(system.read, corpus(seed=8, size=1000), patience)
    many = f"{system.setup}\nimport json, sys\nfor t in json.load(sys.stdin)[:{count}]: read(t)"
    imports = system.setup.splitlines()[0]
    return [
        ["cold_ms", "import", cold(imports, rounds), rounds],
        started,
        [
            "memory_mb",
            "up to 1,000 texts",
            peak_megabytes(many) - peak_megabytes("pass"),
            count,
        ],
    ]
