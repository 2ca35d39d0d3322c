"""What the ONNX engine costs: loading, a text, batches, and memory over many texts.

`python -m benchmarks.engine [--model FOLDER] [--texts N] [--out FILE]` reads texts of mixed
length, made of the examples of the shipped rules, and prints what it took. It ends with 1 if
memory has grown by more than `GROWTH` after the first tenth of the texts. `FILE` gets the
figures as JSON, anew at every tenth, so that a run that is stopped says how far it came.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from calmtone.onnx import OnnxModel, load_model
from calmtone.resources import read_json
from calmtone.rules import built_in
from calmtone.rules.checking import unmark
from calmtone.text import Document, language_from, read

GROWTH = 20.0  # MB
_SEED = 1
_TOKENS = 64
_BATCH = 32
_RUNS = 30


def main() -> int:
    """Measure, print, and say by the exit code whether memory stayed flat."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--model", help="a folder or a shipped model (default: the shipped one)"
    )
    parser.add_argument("--texts", type=int, default=100_000, help="(default: %(default)s)")
    parser.add_argument("--out", type=Path, help="write the figures there, as JSON")
    known = parser.parse_args()
    start = time.perf_counter()
    model = load_model(known.model)
    print(f"{model.name} {model.hash}")
    print(f"libraries and load  {(time.perf_counter() - start) * 1e3:8.1f} ms")
    start = time.perf_counter()
    load_model(known.model)
    print(f"load again          {(time.perf_counter() - start) * 1e3:8.1f} ms")
    language = language_from(read_json("en", "language.json"))
    sentences = list(_sentences())
    document = _sized(model, sentences, lambda text: read(text, language))
    one = _milliseconds(lambda: model.read([document], details=False))
    full = _milliseconds(lambda: model.read([document]))
    batch = _milliseconds(lambda: model.read([document] * _BATCH, details=False)) / _BATCH
    print(f"{_TOKENS} tokens, scores   {one:8.2f} ms a text")
    print(f"  with all details  {full:8.2f} ms a text")
    print(f"  in batches of {_BATCH}  {batch:8.2f} ms a text")
    figures: dict[str, Any] = {
        "model": model.name,
        "hash": model.hash,
        "ms": {"scores": round(one, 2), "details": round(full, 2), "batch": round(batch, 2)},
        "asked": known.texts,
        "memory": [],
    }
    chance = random.Random(_SEED)
    first = last = 0.0
    start = time.perf_counter()
    for count in range(0, known.texts, 100):
        texts = [_mixed(chance, sentences) for _ in range(min(100, known.texts - count))]
        model.read([read(text, language) for text in texts])
        last = _memory()
        if count <= known.texts / 10:
            first = max(first, last)
        done = count + len(texts)
        if done % max(known.texts // 10 // 100 * 100, 100) == 0:
            print(f"{done:>8} texts  {last:7.1f} MB", flush=True)
            figures["memory"].append({"texts": done, "mb": round(last, 1)})
            if known.out:
                known.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    seconds = time.perf_counter() - start
    print(f"{known.texts} texts of 1 to 60 sentences in {seconds:.0f} s")
    print(f"memory after a tenth {first:.1f} MB, at the end {last:.1f} MB")
    return int(last - first > GROWTH)


def _sentences() -> Iterator[str]:
    for rule in built_in()[0].rules:
        for example in rule.match:
            yield unmark(example)[0]


def _mixed(chance: random.Random, sentences: list[str]) -> str:
    """A text; most are short, a few are long."""
    count = min(int(chance.paretovariate(1.0)), 60)
    return " ".join(chance.choices(sentences, k=count))


def _sized(
    model: OnnxModel, sentences: list[str], document: Callable[[str], Document]
) -> Document:
    """A document of about `_TOKENS` tokens."""
    words = " ".join(sentences[:40]).split()
    best = document(words[0])
    for count in range(1, len(words)):
        candidate = document(" ".join(words[:count]))
        if model.count_tokens(candidate) > _TOKENS:
            break
        best = candidate
    return best


def _milliseconds(run: Callable[[], object]) -> float:
    times = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3  # other programs may run beside it


def _memory() -> float:
    """Resident memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
