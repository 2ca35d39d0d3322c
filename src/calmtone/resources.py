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
    return _json(_text(*parts), *parts)


def read_lines(*parts: str) -> list[Any]:
    """A file whose first line is JSON, which is read, and whose others are left as they are.

    Raises:
        DataError: the file is missing or damaged; the message names it.
    """
    first, *rest = _text(*parts).splitlines()
    return [_json(first, *parts), *rest]


def _text(*parts: str) -> str:
    path = os.path.join(DATA, *parts)
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise _damaged(path, error) from error


def _json(text: str, *parts: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise _damaged(os.path.join(DATA, *parts), error) from error


def _damaged(path: str, error: Exception) -> DataError:
    return DataError(
        f"{path} cannot be read ({error}): the installation is damaged, reinstall calmtone"
    )
