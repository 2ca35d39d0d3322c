"""Runs tasks for systems on data sets, writes a result for each, and goes on where it can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from . import results
from .datasets import DatasetError, MissingFile, entry, load
from .job import Job, said
from .perturbations import sample
from .processes import NotAvailable, Worker
from .progress import Progress
from .results import REFERENCE, Result
from .store import Store
from .tasks import TASKS, Task, tasks_of

QUICK_TEXTS = 100


class Plan(NamedTuple):
    """What to run.

    Args:
        tasks, systems, datasets: by name, in order.
        folder: of the results.
        quick: on a sample, with fewer resamples.
        fresh: whether to measure again what is there.
        jobs: how many systems work at the same time.
    """

    tasks: Sequence[str]
    systems: Sequence[str]
    datasets: Sequence[str]
    folder: Path
    quick: bool = False
    fresh: bool = False
    jobs: int = 2


class Done(NamedTuple):
    """What a run did, as counts by status, `kept` among them, and its problems in words."""

    counts: dict[str, int]
    problems: list[str]


Start = Callable[[str], Worker]


class Run:
    """One run of the suite.

    Args:
        plan: what to run.
        store: where scores are kept.
        progress: what to tell.
        start: how to start a system by name.
    """

    def __init__(
        self, plan: Plan, store: Store, progress: Progress, start: Start = Worker
    ) -> None:
        self.plan = plan
        self.store = store
        self.progress = progress
        self._start = start
        self._workers: dict[str, Worker] = {}
        self._reasons: dict[str, tuple[str, str]] = {}  # system to status and reason
        self._lock = Lock()
        self._stopped = False
        self.counts: dict[str, int] = {}
        self.problems: list[str] = []

    def start_systems(self) -> dict[str, str]:
        """Start all systems, the reference among them, and say which cannot run and why."""

        def begin(name: str) -> None:
            try:
                self._workers[name] = self._start(name)
            except NotAvailable as error:
                self._reasons[name] = ("not run", str(error))
            except Exception as error:
                self._reasons[name] = ("failed", said(error))

        wanted = dict.fromkeys((REFERENCE, *self.plan.systems))
        with ThreadPoolExecutor(self.plan.jobs) as pool:
            list(pool.map(begin, wanted))
        return {name: reason for name, (_, reason) in self._reasons.items()}

    def everything(self) -> Done:
        """All data sets, one after the other; the timings last, with nothing beside them."""
        try:
            chosen = [TASKS[name] for name in self.plan.tasks]
            timings = [task for task in chosen if task.timings]
            others = [task for task in chosen if not task.timings]
            for tasks in (others, timings):
                for name in self.plan.datasets:
                    served = [task for task in tasks if task.name in tasks_of(entry(name))]
                    if served:
                        self._dataset(name, served)
        finally:
            self.close()
        return Done(self.counts, self.problems)

    def close(self) -> None:
        """End the processes of all systems."""
        for worker in self._workers.values():
            worker.close()

    def _dataset(self, name: str, tasks: Sequence[Task]) -> None:
        self.progress.dataset(name)
        try:
            dataset = load(name)
        except MissingFile as error:
            self._none(name, tasks, "not run", str(error))
            return
        except DatasetError as error:
            self._none(name, tasks, "failed", str(error))
            return
        if self.plan.quick:
            rows = sample(dataset.examples, QUICK_TEXTS)
            dataset = dataset._replace(examples=[dataset.examples[n] for n in rows])
        self.store.forget()
        job = Job(
            dataset,
            self.store,
            self._workers.get(REFERENCE),
            folder=self.plan.folder,
            quick=self.plan.quick,
            fresh=self.plan.fresh,
            advance=self.progress.texts,
        )
        names = [each for each in self.plan.systems if each != REFERENCE]
        if REFERENCE in self.plan.systems:
            self._system(job, tasks, REFERENCE)
        alone = 1 if any(task.timings for task in tasks) else self.plan.jobs
        with ThreadPoolExecutor(alone) as pool:
            try:
                list(pool.map(lambda each: self._system(job, tasks, each), names))
            except BaseException:
                self._stop(pool)
                raise

    def _stop(self, pool: ThreadPoolExecutor) -> None:
        """End what is under way, without writing what comes of it."""
        with self._lock:
            self._stopped = True
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers.values():
            worker.kill()

    def _none(self, name: str, tasks: Sequence[Task], status: str, reason: str) -> None:
        """The results of a data set that cannot be read."""
        for system in self.plan.systems:
            for task in tasks:
                self._keep(
                    Result(system, task.name, name, status, reason, quick=self.plan.quick)
                )
        self.progress.line(f"{name}: {status}, {reason}")

    def _system(self, job: Job, tasks: Sequence[Task], name: str) -> None:
        worker = self._workers.get(name)
        for task in tasks:
            if worker is None:
                status, reason = self._reasons[name]
                self._keep(job.empty(task, name, status, reason))
            else:
                self._keep(job.done(task, worker))
        self.progress.advance()

    def _keep(self, result: Result | None) -> None:
        """Write a result and count it; None stands for one that is there and still valid."""
        status = result.status if result else "kept"
        with self._lock:
            if self._stopped:
                return
            self.counts[status] = self.counts.get(status, 0) + 1
            if result and status == "failed":
                place = f"{result.system}, {result.task}, {result.dataset}"
                self.problems.append(f"{place}: {result.reason}")
        if result:
            results.write(result, self.plan.folder)
