"""One data set for all systems and tasks: the results, and the reference that they share."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import perf_counter

from . import results
from .bootstrap import RESAMPLES
from .datasets.records import Dataset
from .measuring import Drawn, NoFigures, figures, timed
from .processes import Worker
from .provenance import data_hash, key, provenance
from .results import REFERENCE, Result
from .store import Store
from .tasks import Task

QUICK_RESAMPLES = 200


class Job:
    """A data set that is being run. Several threads may ask for results.

    Args:
        dataset: what is read, already sampled where the run is quick.
        store: where scores are kept.
        reference: the system that differences are taken against, None where it cannot run.
        folder: of the results.
        quick: fewer resamples.
        fresh: measure again what is there.
        advance: called with the number of texts scored.
    """

    def __init__(
        self,
        dataset: Dataset,
        store: Store,
        reference: Worker | None,
        *,
        folder: Path,
        quick: bool = False,
        fresh: bool = False,
        advance: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._dataset = dataset
        self._store = store
        self._reference = reference
        self._folder = folder
        self._quick = quick
        self._fresh = fresh
        self._advance = advance
        self._data = data_hash(dataset.examples)
        self._lock = Lock()
        self._drawn: dict[str, Drawn | None] = {}

    def done(self, task: Task, worker: Worker) -> Result | None:
        """The result of a system, or None where a valid one is there already.

        Raises:
            ResultsError: the file that is there is damaged.
        """
        valid = key(task, self._dataset, self._data, worker, self._reference)
        if not self._fresh and self._is_there(task, worker.name, valid):
            return None
        try:
            made = self._timed(task, worker) if task.timings else self._measured(task, worker)
        except NoFigures as error:
            made = self.empty(task, worker.name, "not run", str(error))
        except Exception as error:  # one broken task must not stop the others
            made = self.empty(task, worker.name, "failed", said(error))
        return made._replace(provenance=provenance(self._dataset, worker, valid))

    def empty(self, task: Task, system: str, status: str, reason: str | None) -> Result:
        """A result without figures."""
        return Result(
            system,
            task.name,
            self._dataset.name,
            status,
            reason,
            n=len(self._dataset.examples),
            partial_copy=self._dataset.partial,
            duplicates_removed=self._dataset.duplicates_removed,
            quick=self._quick,
            use=self._dataset.use,
            notes=self._notes(),
            provenance=provenance(self._dataset, None, ""),
        )

    def _measured(self, task: Task, worker: Worker) -> Result:
        against = None if worker.name == REFERENCE else self._reference_draws(task)
        start = perf_counter()
        outputs = self._store.outputs(worker, self._dataset, task, self._advance)
        scored = perf_counter()
        found, drawn = figures(
            task, self._dataset, outputs, worker.traits, against, resamples=self._resamples
        )
        curves = task.curves(self._dataset, outputs, worker.traits) if task.curves else {}
        if worker.name == REFERENCE:
            with self._lock:
                self._drawn[task.name] = drawn
        timing = {"scoring": scored - start, "measuring": perf_counter() - scored}
        done = self.empty(task, worker.name, "done", None)
        return done._replace(figures=found, curves=curves, timing=timing)

    def _timed(self, task: Task, worker: Worker) -> Result:
        start = perf_counter()
        texts = [example.text for example in self._dataset.examples]
        # What does not depend on the data set is measured once, with the project's own.
        whole = not self._dataset.entry.upstream
        found, curves = timed(worker.speed(texts, whole=whole, quick=self._quick))
        done = self.empty(task, worker.name, "done", None)
        timing = {"measuring": perf_counter() - start}
        return done._replace(figures=found, curves=curves, timing=timing)

    def _reference_draws(self, task: Task) -> Drawn | None:
        """The reference's draws, made once; None where it has none for this task."""
        if self._reference is None:
            return None
        with self._lock:
            if task.name not in self._drawn:
                self._drawn[task.name] = self._draw(task, self._reference)
            return self._drawn[task.name]

    def _draw(self, task: Task, reference: Worker) -> Drawn | None:
        try:
            outputs = self._store.outputs(reference, self._dataset, task, self._advance)
            traits = reference.traits
            found = figures(
                task, self._dataset, outputs, traits, None, resamples=self._resamples
            )
        except Exception:  # its own result tells what is wrong
            return None
        return found[1]

    @property
    def _resamples(self) -> int:
        return QUICK_RESAMPLES if self._quick else RESAMPLES

    def _is_there(self, task: Task, system: str, valid: str) -> bool:
        path = results.path_of(self._folder, system, task.name, self._dataset.name)
        if not path.exists():
            return False
        found = results.read(path)
        same = found.quick == self._quick and found.provenance.get("key") == valid
        return same and found.status != "failed"

    def _notes(self) -> list[str]:
        left = self._dataset.left_out.items()
        notes = [f"{count:,} rows left out: {why}" for why, count in left]
        repeats = self._dataset.repeats_removed
        return notes + ([f"{repeats:,} repeated texts left out"] if repeats else [])


def said(error: Exception) -> str:
    """An error in one line, with the place in the suite that it comes from."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"
