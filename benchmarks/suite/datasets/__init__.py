"""The data sets of the suite: what there is, where it lies, what it says.

>>> from benchmarks.suite.datasets import entries, load
>>> sorted(entries())  # doctest: +SKIP
>>> load("messages-dev").examples[0].labels  # doctest: +SKIP
"""

from __future__ import annotations

from .errors import (
    BrokenFile,
    DatasetError,
    FetchFailed,
    HashMismatch,
    MissingFile,
    RegistryError,
    UnknownName,
)
from .loading import load
from .records import Dataset, Entry, Example, FileSpec, LabelSpec, labelled, pairs, rewrites
from .registry import entries, entry

__all__ = [
    "BrokenFile",
    "Dataset",
    "DatasetError",
    "Entry",
    "Example",
    "FetchFailed",
    "FileSpec",
    "HashMismatch",
    "LabelSpec",
    "MissingFile",
    "RegistryError",
    "UnknownName",
    "entries",
    "entry",
    "labelled",
    "load",
    "pairs",
    "rewrites",
]
