"""Speed and memory of one system, in its own process.

Builds on `benchmarks.speed`: its texts, its adversarial inputs, its cold processes. What is
added: any system, percentiles of latency, and growth that stops before it takes minutes.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from .systems import System

PERCENTILES = (50, 90, 99)
MESSAGES = 500  # of the data set, for the percentiles
ROUNDS = 5
PATIENCE = 4.0  # seconds for one round, or for one text; slower systems get fewer texts
LENGTHS = tuple(12_500 * 2**n for n in range(6))  # up to 400,000 characters


def measure(system: System, texts: Sequence[str], *, quick: bool = False) -> dict[str, Any]:
    """Figures as [measure, label, value, n], and the curve of growth.

    Args:
        system: made in this process.
        texts: messages of a data set, for the percentiles.
        quick: fewer rounds and shorter texts.
    """
    from benchmarks.speed import BANDS, adversarial, corpus, seconds

    rounds = 1 if quick else ROUNDS
    read = system.read
    known = corpus(size=60 if quick else 300)
    known = known[: _patiently(read, known)]
    bands = [("all lengths", known)]
    bands += [(name, [t for t in known if low <= len(t) < high]) for name, low, high in BANDS]
    figures: list[list[Any]] = []
    for name, band in bands:
        if band:
            took = statistics.median(seconds(read, band) for _ in range(rounds))
            figures.append(["texts_per_second", name, len(band) / took, len(band)])
    batch = statistics.median(
        _timed(lambda: system.score(known, [None] * len(known))) for _ in range(rounds)
    )
    figures.append(["texts_per_second", "all lengths, batch", len(known) / batch, len(known)])
    step = max(1, len(texts) // MESSAGES)
    messages = texts[::step][: 50 if quick else MESSAGES]
    figures += _latencies(read, messages[: _patiently(read, messages)])
    points = _growth(read, LENGTHS[:2] if quick else LENGTHS)
    if len(points) > 1:
        (_, before), (length, last) = points[-2:]
        figures.append(["growth", f"{length:,} characters", last / before, 1])
        if length == LENGTHS[-1]:
            for name, text in adversarial(length).items():
                small = adversarial(length // 2)[name]
                ratio = seconds(read, [text]) / seconds(read, [small])
                figures.append(["growth", name, ratio, 1])
    figures += _cold(system, 1 if quick else ROUNDS)
    return {"figures": figures, "points": points}


def _patiently(read: Callable[[str], Any], texts: Sequence[str]) -> int:
    """How many of the texts can be read in one round; also warms up."""
    some = texts[:20]
    each = _timed(lambda: [read(text) for text in some]) / max(len(some), 1)
    return max(20, min(len(texts), int(PATIENCE / max(each, 1e-9))))


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


def _growth(read: Callable[[str], Any], lengths: Sequence[int]) -> list[tuple[int, float]]:
    """Seconds for one text of each length, as long as nobody has to wait."""
    from benchmarks.speed import adversarial

    points: list[tuple[int, float]] = []
    for length in lengths:
        text = adversarial(length)["messages"]
        took = _timed(lambda: read(text))  # noqa: B023
        if took < 0.5:
            took = min(took, _timed(lambda: read(text)))  # noqa: B023
        points.append((length, took))
        if took * 4 > PATIENCE:  # a quadratic system takes four times as long for the next
            break
    return points


def _cold(system: System, rounds: int) -> list[list[Any]]:
    """Import, import with a first call, and peak memory, in fresh processes."""
    from benchmarks.speed import cold, peak_megabytes

    if not system.setup:
        return []
    first = f"{system.setup}\nread('Did you even read it?')"
    many = f"{system.setup}\nimport json, sys\nfor text in json.load(sys.stdin): read(text)"
    imports = system.setup.splitlines()[0]
    return [
        ["cold_ms", "import", cold(imports, rounds), rounds],
        ["cold_ms", "import and first text", cold(first, rounds), rounds],
        ["memory_mb", "1,000 texts", peak_megabytes(many) - peak_megabytes("pass"), 1],
    ]
