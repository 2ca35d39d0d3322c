"""The tasks of the suite: what is asked of every system.

To add one, add a module here that has a tuple `TASKS`; it is found by itself. A task turns
what a system said about the texts of a data set into blocks of measures; the runner adds
intervals and differences. Which data sets serve a task stands in `datasets.toml`,
or in the task itself.
"""

from __future__ import annotations

import importlib
import pkgutil

from ..datasets.records import Entry
from .types import Block, Key, Labelled, Measure, Outputs, Task, Traits

__all__ = [
    "TASKS",
    "Block",
    "Key",
    "Labelled",
    "Measure",
    "Outputs",
    "Task",
    "Traits",
    "tasks_of",
]


def _found() -> dict[str, Task]:
    tasks: list[Task] = []
    for module in pkgutil.iter_modules(__path__):
        tasks += getattr(importlib.import_module(f"{__name__}.{module.name}"), "TASKS", ())
    return {task.name: task for task in sorted(tasks, key=lambda task: (task.place, task.name))}


TASKS: dict[str, Task] = _found()


def tasks_of(declared: Entry) -> list[str]:
    """The tasks that take a data set: those that its entry names, and those that name it."""
    return [
        name
        for name, task in TASKS.items()
        if name in declared.tasks or declared.name in task.datasets
    ]
