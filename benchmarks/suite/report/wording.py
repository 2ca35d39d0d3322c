"""The words of the page: how the suite itself names and explains its parts.

Tasks, measures, systems and data sets are described where they are defined, so that a new
one is one file edited. Here they are only looked up; what nobody describes goes by its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from ..results import REFERENCE
from ..tasks.types import Measure


class TaskText(NamedTuple):
    """A task: its title, what it asks, and its measures, the most telling first."""

    title: str
    asks: str
    measures: Mapping[str, Measure]


class SystemText(NamedTuple):
    """A system: its title, and what it is in a sentence."""

    title: str
    about: str


class DatasetText(NamedTuple):
    """A data set: title, licence, citation, address, what to know, and titles of its labels."""

    title: str
    licence: str = ""
    citation: str = ""
    url: str = ""
    notes: str = ""
    labels: Mapping[str, str] = {}


class Wording(NamedTuple):
    """The words for all parts of the suite, each by name, in the order of the suite.

    Args:
        tasks, systems, datasets: the words.
        served: the tasks of each data set: what there should be results for.
    """

    tasks: Mapping[str, TaskText]
    systems: Mapping[str, SystemText]
    datasets: Mapping[str, DatasetText]
    served: Mapping[str, Sequence[str]] = {}

    def task(self, name: str) -> TaskText:
        """The words for a task."""
        return self.tasks.get(name) or TaskText(name.capitalize(), "", {})

    def measure(self, task: str, name: str) -> Measure:
        """The words for a measure of a task."""
        return self.task(task).measures.get(name) or Measure(name.replace("_", " "))

    def system(self, name: str) -> SystemText:
        """The words for a system."""
        return self.systems.get(name) or SystemText(name, "")

    def dataset(self, name: str) -> DatasetText:
        """The words for a data set."""
        return self.datasets.get(name) or DatasetText(name)

    def label(self, dataset: str, name: str) -> str:
        """The words for a label of a data set, or for a part of one: `label: part`."""
        known = self.dataset(dataset).labels
        label, apart, part = name.partition(": ")
        return known.get(name) or (known.get(label) or label.replace("_", " ")) + apart + part

    def first_label(self, dataset: str, names: Collection[str]) -> str:
        """Of some labels of a data set the one that its entry lists first."""
        return _ordered(self.dataset(dataset).labels, names)[0]

    def ordered_tasks(self, found: Collection[str]) -> list[str]:
        """Tasks in the order of the suite; what it doesn't know last."""
        return _ordered(self.tasks, found)

    def ordered_measures(self, task: str, found: Collection[str]) -> list[str]:
        """Measures in the order of their task; what it doesn't know last."""
        return _ordered(self.task(task).measures, found)

    def ordered_systems(self, found: Collection[str]) -> tuple[str, ...]:
        """Systems in the order of the suite, the reference first."""
        return tuple(_ordered((REFERENCE, *self.systems), found))


def _ordered(known: Iterable[str], found: Collection[str]) -> list[str]:
    order = list(dict.fromkeys(known))
    places = {name: place for place, name in enumerate(order)}
    return sorted(found, key=lambda name: (places.get(name, len(order)), name))
