"""What a result depends on, so that it can be repeated, and kept while nothing has changed."""

from __future__ import annotations

import hashlib
import inspect
import json
import platform
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import calmtone

from . import bootstrap, measuring, metrics, speed
from .bootstrap import RESAMPLES, SEED
from .datasets.records import Dataset, Example
from .processes import Worker
from .system import version
from .tasks import TASKS, Task, types

_SHARED = (bootstrap, measuring, metrics, types)
_SUITE = "benchmarks.suite."


def digest(parts: Iterable[Any]) -> str:
    """A hash of JSON values."""
    total = hashlib.sha256()
    for part in parts:
        total.update(json.dumps(part, sort_keys=True).encode() + b"\n")
    return total.hexdigest()[:24]


def data_hash(examples: Sequence[Example]) -> str:
    """A hash of all that the examples say."""
    return digest([*example[:3], dict(example.labels), *example[4:]] for example in examples)


def key(
    task: Task, dataset: Dataset, data: str, worker: Worker, reference: Worker | None
) -> str:
    """What tells whether a result is still valid: code, data and systems.

    Args:
        task: whose code counts.
        dataset: that was read.
        data: the hash of its examples.
        worker: the system.
        reference: the system of the paired differences, None where it cannot run.
    """
    against = reference.version if reference else None
    machine_too = machine() if task.timings else None
    labels = [list(spec) for spec in dataset.labels]
    found = [dataset.name, labels, dataset.partial, dataset.duplicates_removed, data]
    return digest(
        [_code(task.name), found, worker.version, against, SEED, RESAMPLES, machine_too]
    )


@lru_cache(maxsize=64)
def _code(task: str) -> str:
    """A hash of the modules that a task's figures come from: its own, and what it imports."""
    own = inspect.getmodule(TASKS[task].blocks)
    names = vars(own).values() if own else ()
    used = {module for name in names if (module := inspect.getmodule(name))}
    used |= {*_SHARED, *([own] if own else []), *([speed] if TASKS[task].timings else [])}
    files = {Path(inspect.getfile(each)) for each in used if each.__name__.startswith(_SUITE)}
    return digest(path.read_text(encoding="utf-8") for path in sorted(files))


def provenance(dataset: Dataset | None, worker: Worker | None, valid: str) -> dict[str, Any]:
    """The part of a result that says what made it."""
    return {
        "calmtone": calmtone.__version__,
        "system_version": worker.version if worker else None,
        "packages": {**(worker.packages if worker else {}), "numpy": version("numpy")},
        "data_sha256": dict(dataset.files) if dataset else {},
        "python": platform.python_version(),
        "machine": machine(),
        "seed": SEED,
        "resamples": RESAMPLES,
        "key": valid,
    }


@lru_cache(maxsize=1)
def machine() -> str:
    """Processor, cores and operating system, without names of people or hosts."""
    import os

    model = platform.processor() or platform.machine()
    about = Path("/proc/cpuinfo")
    if about.exists():
        for line in about.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"
