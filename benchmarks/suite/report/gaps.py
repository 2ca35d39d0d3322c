"""What was not run or has failed, in as few lines as say exactly that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..results import Result

NEVER = "no results file yet: `python -m benchmarks run`"


class Gap(NamedTuple):
    """What has no figures: each of the systems on each of the tasks and data sets.

    Args:
        status, reason: why.
        systems, tasks, datasets: by name; none at all stands for all that
            no line before has named.
    """

    status: str
    reason: str
    systems: tuple[str, ...]
    tasks: tuple[str, ...]
    datasets: tuple[str, ...]


def gaps(results: Sequence[Result], served: Mapping[str, Sequence[str]] = {}) -> list[Gap]:
    """What has no figures, and why.

    Args:
        results: all that there are.
        served: the tasks of each data set; what they have no result for is named as well.
    """
    left = [*results, *_never(results, served)]
    found: list[Gap] = []
    for result, names in _whole(left, lambda result: result.dataset):
        found.append(Gap(result.status, result.reason or "", (), (), names))
        left = [result for result in left if result.dataset not in names]
    for result, names in _whole(left, lambda result: result.system):
        found.append(Gap(result.status, result.reason or "", names, (), ()))
        left = [result for result in left if result.system not in names]
    return [*found, *_single(left)]


def _whole(
    results: Sequence[Result], of: Callable[[Result], str]
) -> list[tuple[Result, tuple[str, ...]]]:
    """Systems, or data sets, without any figures and for one reason, by that reason."""
    by_name: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_name[of(result)].append(result)
    by_reason: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for name, of_name in by_name.items():
        reasons = {(result.status, result.reason) for result in of_name}
        if len(reasons) == 1 and of_name[0].status != "done":
            by_reason[reasons.pop()].append(name)
    return [
        (by_name[names[0]][0], tuple(sorted(names))) for _, names in sorted(by_reason.items())
    ]


def _single(results: Sequence[Result]) -> list[Gap]:
    """The rest, by reason and systems, then by data sets."""
    systems: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for result in results:
        if result.status != "done":
            key = (result.status, result.reason or "", result.task, result.dataset)
            systems[key].append(result.system)
    datasets: dict[tuple[str, str, tuple[str, ...], str], list[str]] = defaultdict(list)
    for (status, reason, task, dataset), names in systems.items():
        datasets[status, reason, tuple(sorted(names)), task].append(dataset)
    tasks: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], list[str]]
    tasks = defaultdict(list)
    for (status, reason, names_of, task), sets in datasets.items():
        tasks[status, reason, names_of, tuple(sorted(sets))].append(task)
    return sorted(
        Gap(status, reason, names_of, tuple(sorted(of)), sets)
        for (status, reason, names_of, sets), of in tasks.items()
    )


def _never(results: Sequence[Result], served: Mapping[str, Sequence[str]]) -> Iterator[Result]:
    """A result for each one that should be there, of every system that any is there of."""
    known = {(result.system, result.task, result.dataset) for result in results}
    for system in sorted({result.system for result in results}):
        for dataset, tasks in served.items():
            for task in tasks:
                if (system, task, dataset) not in known:
                    yield Result(system, task, dataset, "not run", NEVER)
