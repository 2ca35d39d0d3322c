"""What can go wrong with a data set, each with what to do next.

DatasetError
├── UnknownName    no data set of that name
├── MissingFile    a file that is not on this machine
├── HashMismatch   a downloaded file that is not the one that was declared
├── FetchFailed    a download that didn't come
├── BrokenFile     a file that is there and can't be read as declared
└── RegistryError  an entry of datasets.toml that can't be used
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class DatasetError(Exception):
    """Base of the errors about data sets."""


class UnknownName(DatasetError, KeyError):  # noqa: N818
    """A name that nothing has; the message lists the near ones."""

    def __init__(self, name: str, known: Iterable[str], what: str = "data set") -> None:
        names = sorted(known)
        lowered = name.casefold()
        near = difflib.get_close_matches(lowered, names, 5, 0.5)
        near += [each for each in names if lowered and lowered in each and each not in near]
        listed = ", ".join(near[:8]) or ", ".join(names)
        self.name, self.near = name, tuple(near[:8])
        self.message = (
            f"no {what} is called {name!r}: "
            + ("did you mean " if near else "there are ")
            + listed
            + "?" * bool(near)
        )
        super().__init__(self.message)

    def __str__(self) -> str:
        # KeyError would show its message in quotes.
        return self.message


class MissingFile(DatasetError, FileNotFoundError):  # noqa: N818
    """A file of a data set that is not here; `path` as upstream names it, `name` the set."""

    def __init__(self, name: str, path: str, advice: str = "") -> None:
        self.name, self.path = name, path
        self.advice = advice or f"get it with `python -m benchmarks fetch {name}`"
        super().__init__(f"missing {path}, {self.advice}")


class HashMismatch(DatasetError):  # noqa: N818
    """A downloaded file whose content is not what the entry declares."""


class FetchFailed(DatasetError, ConnectionError):  # noqa: N818
    """A download that didn't come; the message names address, reason and the other way."""


class BrokenFile(DatasetError, ValueError):  # noqa: N818
    """A file that can't be read as its entry declares it; the message names it."""


class RegistryError(DatasetError, ValueError):
    """An entry of `datasets.toml` that can't be used; the message names entry and key."""
