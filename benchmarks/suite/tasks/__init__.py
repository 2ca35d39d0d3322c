"""The tasks of the suite: what is asked of every system.

To add one, add a module here that has a tuple `TASKS`; it is found by itself. A task turns
what a system said about the texts of a data set into blocks of measures; the runner adds
intervals and differences. Which data sets serve a task stands in `datasets.toml`.
"""

from __future__ import annotations

import importlib
import pkgutil

from .types import Block, Key, Labelled, Measure, Outputs, Task, Traits

__all__ = ["TASKS", "Block", "Key", "Labelled", "Measure", "Outputs", "Task", "Traits"]


def _found() -> dict[str, Task]:
    tasks: list[Task] = []
    for module in pkgutil.iter_modules(__path__):
        tasks += getattr(importlib.import_module(f"{__name__}.{module.name}"), "TASKS", ())
    return {task.name: task for task in sorted(tasks, key=lambda task: (task.place, task.name))}


TASKS: dict[str, Task] = _found()
