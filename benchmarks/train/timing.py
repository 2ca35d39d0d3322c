"""How fast a model is, beside a network of BERT-base's size, in the same run.

The two take turns, and the fastest call of each counts: other work on the machine only ever
adds time.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime

from calmtone.onnx.session import UNFUSED, session_options

from .encoder import Reader
from .export import export, feed

TOKENS = 64
ROUNDS = 40


def speed(folder: Path) -> dict[str, float]:
    """Milliseconds for a text of 64 tokens on one thread, and for loading.

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
    given = feed(ids)
    times: dict[str, list[float]] = {"ours": [], "base": []}
    for _ in range(ROUNDS):
        for name, session in (("ours", ours), ("base", base)):
            start = time.perf_counter()
            session.run(None, given)
            times[name].append(time.perf_counter() - start)
    return {
        "one_text_ms": round(float(np.median(times["ours"])) * 1e3, 2),
        "fastest_ms": round(min(times["ours"]) * 1e3, 2),
        "bert_base_ms": round(min(times["base"]) * 1e3, 2),
        "load_ms": round(loading * 1e3, 1),
    }


def _session(path: Path) -> onnxruntime.InferenceSession:
    """A session of either network, as the library makes them."""
    return onnxruntime.InferenceSession(
        str(path),
        session_options(onnxruntime, threads=1),
        providers=["CPUExecutionProvider"],
        disabled_optimizers=list(UNFUSED),
    )
