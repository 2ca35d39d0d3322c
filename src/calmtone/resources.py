"""Reading of the data files that ship inside the package."""

from __future__ import annotations

import os

from .errors import DataError

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap
    from typing import Any

DATA = os.path.join(os.path.dirname(__file__), "data")


def read_json(*parts: str) -> Any:
    """The content of a JSON file under `calmtone/data`.

    Raises:
        DataError: the file is missing or damaged; the message names it.
    """
    return _json(_bytes(*parts), *parts)


def read_text(*parts: str) -> str:
    """A text file under `calmtone/data`.

    Raises:
        DataError: the file is missing or damaged; the message names it.
    """
    try:
        return _bytes(*parts).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _damaged(os.path.join(DATA, *parts), error) from error


def read_records(*parts: str) -> tuple[Any, Records]:
    """A file of JSON lines: the first one read, the others left for when they are asked for.

    The second line holds the place of each of the others, in `WIDTH` hexadecimal digits.

    Raises:
        DataError: the file is missing or damaged; the message names it.
    """
    data = _mapped(*parts)
    places = data.find(b"\n") + 1
    body = data.find(b"\n", places) + 1
    return _json(data[:places], *parts), Records(data, places, body)


class Records:
    """JSON lines, read one by one: most are never needed."""

    WIDTH = 6

    def __init__(self, data: bytes | mmap, places: int, body: int) -> None:
        self._data = data
        self._places = places
        self._body = body

    def __len__(self) -> int:
        return (self._body - 1 - self._places) // self.WIDTH

    def __getitem__(self, index: int) -> Any:
        if not 0 <= index < len(self):
            raise IndexError(f"there is no record {index} of {len(self)}")
        at = self._places + index * self.WIDTH
        start = self._body + int(self._data[at : at + self.WIDTH], 16)
        return _parse(self._data[start : self._data.find(b"\n", start)])

    def __iter__(self) -> Iterator[Any]:
        return map(self.__getitem__, range(len(self)))

    @classmethod
    def dump(cls, lines: list[str]) -> str:
        """The second and all further lines of a file of records (ASCII)."""
        places = [0]
        for line in lines:
            places.append(places[-1] + len(line) + 1)
        return "\n".join(["".join(f"{place:06x}" for place in places[:-1]), *lines, ""])


class _Defaults:
    """What JSON is read as: the defaults of `json`."""

    strict = True
    object_hook = object_pairs_hook = parse_constant = None
    parse_float = float
    parse_int = int


def _parse(text: bytes) -> Any:
    """`json.loads`, by the scanner inside of it: `json` itself takes long to import."""
    try:
        from _json import make_scanner
    except ImportError:
        pass
    else:
        defaults: Any = _Defaults
        try:
            content = text.decode("utf-8")
            value, end = make_scanner(defaults)(content, 0)
            if not content[end:].strip():
                return value
        except StopIteration:
            pass
    import json

    return json.loads(text)


def _bytes(*parts: str) -> bytes:
    path = os.path.join(DATA, *parts)
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise _damaged(path, error) from error


def _mapped(*parts: str) -> bytes | mmap:
    """A file's content, of which only what is looked at comes into memory."""
    try:
        from mmap import ACCESS_READ, mmap
    except ImportError:  # where there is none
        return _bytes(*parts)
    path = os.path.join(DATA, *parts)
    try:
        with open(path, "rb") as file:
            return mmap(file.fileno(), 0, access=ACCESS_READ)
    except (OSError, ValueError) as error:
        raise _damaged(path, error) from error


def _json(text: bytes, *parts: str) -> Any:
    try:
        return _parse(text)
    except ValueError as error:
        raise _damaged(os.path.join(DATA, *parts), error) from error


def _damaged(path: str, error: Exception) -> DataError:
    return DataError(
        f"{path} cannot be read ({error}): the installation is damaged, reinstall calmtone"
    )
