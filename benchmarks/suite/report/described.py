"""The words for the page, from where the suite's parts are defined."""

from __future__ import annotations

import inspect

from ..datasets.records import LabelSpec
from ..datasets.registry import entries
from ..systems import SYSTEMS
from ..tasks import TASKS, tasks_of
from .wording import DatasetText, SystemText, TaskText, Wording


def wording() -> Wording:
    """Titles and explanations of all tasks, systems and data sets."""
    systems = {
        name: SystemText(getattr(make, "title", name), _summary(make))
        for name, make in SYSTEMS.items()
    }
    datasets = {
        name: DatasetText(
            entry.title,
            entry.licence,
            entry.citation,
            f"https://github.com/{entry.upstream}" if entry.upstream else "",
            entry.notes,
            {label.name: _label(label) for label in entry.labels},
        )
        for name, entry in entries().items()
    }
    tasks = {
        name: TaskText(task.title, task.asks, task.measures) for name, task in TASKS.items()
    }
    served = {name: tasks_of(entry) for name, entry in entries().items()}
    return Wording(tasks, systems, datasets, served)


def _label(label: LabelSpec) -> str:
    """Its title, and whether a low score is expected where it is given."""
    return f"{label.title} (low expected)" if label.sign < 0 else label.title


def _summary(thing: object) -> str:
    """The first sentence of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")
