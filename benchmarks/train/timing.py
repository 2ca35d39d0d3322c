"""How fast a model is, beside a network of BERT-base's size, in the same run.

The two take turns, and the fastest call of each counts: other work on the machine only ever
adds time.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from calmtone.onnx.session import UNFUSED, session_options
from calmtone.resources import read_json

from .encoder import Reader
from .export import export, feed

Feed = Mapping[str, np.ndarray]

TOKENS = 64
ROUNDS = 40
BATCH, BATCH_ROUNDS = 32, 3


def speed(folder: Path) -> dict[str, float]:
    """Milliseconds for a text of 64 tokens, alone and in a batch, and for loading; one thread.

    Args:
        folder: of the model.
    """
    start = time.perf_counter()
    ours = _session(folder / "model.onnx")
    loading = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "base.onnx"
        # Random weights cost the same; few word pieces, since they cost no time.
        export(Reader(1000, 128, 3, 3, 1, width=768, heads=12, inner=3072, layers=12), path)
        base = _session(path)
    ids = np.random.default_rng(0).integers(5, 999, (1, TOKENS))
    sessions = {"ours": ours, "base": base}
    times = _times(sessions, {name: [feed(ids)] for name in sessions}, ROUNDS)
    together = feed(np.repeat(ids, BATCH, 0))
    # Ours run as the library runs them: as many at once as its limit of tokens lets, which
    # keeps what passes between layers in the processor's cache.
    at_once = max(read_json("models", "engine.json")["batch"]["tokens"] // TOKENS, 1)
    parts = {"ours": _parts(together, at_once), "base": _parts(together, BATCH)}
    batched = _times(sessions, parts, BATCH_ROUNDS)
    return {
        "one_text_ms": round(float(np.median(times["ours"])) * 1e3, 2),
        "fastest_ms": round(min(times["ours"]) * 1e3, 2),
        "bert_base_ms": round(min(times["base"]) * 1e3, 2),
        "load_ms": round(loading * 1e3, 1),
        "batch": BATCH,
        "batch_ms": round(min(batched["ours"]) * 1e3 / BATCH, 2),
        "bert_base_batch_ms": round(min(batched["base"]) * 1e3 / BATCH, 2),
    }


def _parts(given: Feed, size: int) -> list[Feed]:
    """Rows of all inputs, `size` at a time."""
    return [
        {name: rows[start : start + size] for name, rows in given.items()}
        for start in range(0, BATCH, size)
    ]


def _times(
    sessions: Mapping[str, onnxruntime.InferenceSession],
    given: Mapping[str, Sequence[Feed]],
    rounds: int,
) -> dict[str, list[float]]:
    """Seconds for all that a session is given; the sessions take turns."""
    times: dict[str, list[float]] = {name: [] for name in sessions}
    for _ in range(rounds):
        for name, session in sessions.items():
            start = time.perf_counter()
            for part in given[name]:
                session.run(None, dict(part))
            times[name].append(time.perf_counter() - start)
    return times


def _session(path: Path) -> onnxruntime.InferenceSession:
    """A session of either network, as the library makes them."""
    return onnxruntime.InferenceSession(
        str(path),
        session_options(onnxruntime, threads=1),
        providers=["CPUExecutionProvider"],
        disabled_optimizers=list(UNFUSED),
    )
