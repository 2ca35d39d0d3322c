"""`python -m benchmarks run`: names to a plan, the run, and what it says at the end."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from .datasets import UnknownName, entries, entry
from .datasets.locate import find
from .progress import Progress
from .results import FOLDER, QUICK_FOLDER
from .runner import Plan, Run
from .store import Store, default_folder
from .systems import HUB, SYSTEMS
from .tasks import TASKS, tasks_of

_HUB_NAME = f"{HUB}OWNER/NAME[@REVISION][?LABEL=DIMENSION&…]"


class RunError(Exception):
    """What was asked for by name cannot be run; the message says why and what to do."""


def add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `run` to a parser's commands."""
    parser = commands.add_parser(
        "run",
        help="measure systems on tasks and data sets",
        description="Measures what has changed since the last run, and writes a file for each "
        "result. What is not here is named and left out; asked for by name it is an error.",
    )
    for name, about in (
        ("tasks", f"of {', '.join(TASKS)}"),
        (
            "systems",
            f"of {', '.join(SYSTEMS)}, or hf:OWNER/NAME[@REVISION][?LABEL=DIMENSION&…]",
        ),
        ("datasets", "see `python -m benchmarks list`"),
    ):
        parser.add_argument(
            f"--{name}", type=_names, default=[], metavar="A,B,…", help=f"{about}; default: all"
        )
    parser.add_argument(
        "--quick", action="store_true", help="on samples, in two minutes; not to be quoted"
    )
    parser.add_argument("--fresh", action="store_true", help="measure again what is there")
    parser.add_argument(
        "--jobs", type=int, default=min(2, os.cpu_count() or 1), help="systems at the same time"
    )
    parser.add_argument(
        "--results", type=Path, metavar="FOLDER", help="default: benchmarks/results/suite"
    )
    parser.set_defaults(run=cmd_run)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def cmd_run(args: argparse.Namespace) -> int:
    """Run the suite.

    Args:
        args: what `add_run` declares.

    Returns:
        0, or 1 where a task has failed.

    Raises:
        UnknownName: no task, system or data set has a name; the message lists near ones.
        RunError: what was asked for by name is not here.
        ResultsError: a results file is damaged.
    """
    plan = plan_of(args)
    store = Store(default_folder(), fresh=plan.fresh)
    with Progress(_steps(plan)) as progress:
        run = Run(plan, store, progress)
        missing = run.start_systems()
        asked = [name for name in args.systems if name in missing]
        if asked:
            run.close()
            raise RunError("\n".join(f"{name} cannot run: {missing[name]}" for name in asked))
        for name, reason in missing.items():
            progress.line(f"{name}: not run, {reason}")
        done = run.everything()
    counts = ", ".join(f"{count:,} {status}" for status, count in sorted(done.counts.items()))
    print(f"{plan.folder}: {counts or 'nothing to do'}")
    for problem in done.problems:
        print(f"failed: {problem}", file=sys.stderr)
    return 1 if done.problems else 0


def plan_of(args: argparse.Namespace) -> Plan:
    """What the arguments ask for.

    Raises:
        UnknownName: as `cmd_run`.
        RunError: a data set that was asked for is not here or serves none of the tasks.
    """
    tasks = _chosen(args.tasks, TASKS, "task")
    hub = [name for name in args.systems if name.startswith(HUB)]
    systems = _chosen([name for name in args.systems if name not in hub], SYSTEMS, "system")
    datasets = _chosen(args.datasets, entries(), "data set")
    for name in args.datasets:
        for file in entry(name).files:
            find(entry(name), file)  # raises MissingFile: asked for by name, it has to be here
    served = [name for name in datasets if set(tasks) & set(tasks_of(entry(name)))]
    if not served:
        known = "; ".join(f"{name}: {', '.join(tasks_of(entry(name)))}" for name in datasets)
        raise RunError(f"no data set serves {' or '.join(tasks)} ({known})")
    return Plan(
        tasks,
        [*([] if hub and len(hub) == len(args.systems) else systems), *hub],
        served,
        args.results or (QUICK_FOLDER if args.quick else FOLDER),
        quick=args.quick,
        fresh=args.fresh,
        jobs=max(1, args.jobs),
    )


def _chosen(names: Sequence[str], known: Iterable[str], what: str) -> list[str]:
    """The names that were asked for, in the suite's order; all where none were."""
    available = list(known)
    for name in names:
        if name not in available:
            raise UnknownName(name, available, what)
    return [name for name in available if not names or name in names]


def _steps(plan: Plan) -> int:
    """How often a system will be through with a data set."""
    timings = {name for name, task in TASKS.items() if task.timings}
    rounds = 0
    for name in plan.datasets:
        served = set(plan.tasks) & set(tasks_of(entry(name)))
        rounds += bool(served - timings) + bool(served & timings)
    return rounds * len(plan.systems)
