"""Reading of the data files that ship inside the package."""

from __future__ import annotations

import json
import os
from typing import Any

from .errors import DataError

DATA = os.path.join(os.path.dirname(__file__), "data")


def read_json(*parts: str) -> Any:
    """The content of a JSON file under `calmtone/data`.

    Raises:
        DataError: the file is missing or damaged; the message names it.
    """
    return _json(_bytes(*parts), *parts)


def read_records(*parts: str) -> tuple[Any, Records]:
    """A file of JSON lines: the first one read, the others left for when they are asked for.

    The second line holds the place of each of the others, in `WIDTH` hexadecimal digits.

    Raises:
        DataError: the file is missing or damaged; the message names it.
    """
    header, places, body = _bytes(*parts).split(b"\n", 2)
    return _json(header, *parts), Records(places, body)


class Records:
    """JSON lines, read one by one: most are never needed."""

    WIDTH = 6

    def __init__(self, places: bytes, body: bytes) -> None:
        self._places = places
        self._body = body

    def __getitem__(self, index: int) -> Any:
        at = index * self.WIDTH
        start = int(self._places[at : at + self.WIDTH], 16)
        return json.loads(self._body[start : self._body.index(b"\n", start)])

    @classmethod
    def dump(cls, lines: list[str]) -> str:
        """The second and all further lines of a file of records (ASCII)."""
        places = [0]
        for line in lines:
            places.append(places[-1] + len(line) + 1)
        return "\n".join(["".join(f"{place:06x}" for place in places[:-1]), *lines, ""])


def _bytes(*parts: str) -> bytes:
    path = os.path.join(DATA, *parts)
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise _damaged(path, error) from error


def _json(text: bytes, *parts: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise _damaged(os.path.join(DATA, *parts), error) from error


def _damaged(path: str, error: Exception) -> DataError:
    return DataError(
        f"{path} cannot be read ({error}): the installation is damaged, reinstall calmtone"
    )
