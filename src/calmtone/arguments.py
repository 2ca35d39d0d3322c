"""Arguments of an analyzer, checked: what is of a wrong kind is named at once."""

from __future__ import annotations

from collections.abc import Iterable
from operator import index

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from os import PathLike


def paths(
    rules: Iterable[str | PathLike[str]] | str | PathLike[str] | None,
) -> list[str] | None:
    """The paths of rules, one or several.

    Raises:
        TypeError: it is none.
    """
    import os

    if rules is None:
        return None
    if isinstance(rules, (str, os.PathLike)):
        rules = [rules]
    if isinstance(rules, bytes) or not isinstance(rules, Iterable):
        raise TypeError(f"rules must be paths, not {type(rules).__name__}")
    found = list(rules)
    for path in found:
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(f"rules must be paths, and {path!r} is none")
    return [os.fspath(path) for path in found]


def absolute(paths: list[str] | None) -> list[str] | None:
    """Paths as they are found from any working directory."""
    if paths is None:
        return None
    from pathlib import Path

    return [str(Path(path).absolute()) for path in paths]


def count(name: str, value: int) -> int:
    """An argument that is a number of things.

    Raises:
        TypeError: it is no whole number.
        ValueError: it is below 1.
    """
    try:
        number = index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None
    if number < 1:
        raise ValueError(f"{name}={number} must be at least 1")
    return number


def share(name: str, value: float | None) -> float | None:
    """An argument from 0 to 1, or None.

    Raises:
        TypeError: it is no number.
        ValueError: it lies outside.
    """
    try:
        inside = value is None or 0 <= value <= 1
    except TypeError:
        raise TypeError(f"{name} must be a number, not {type(value).__name__}") from None
    if not inside:
        raise ValueError(f"{name}={value!r} must lie between 0 and 1")
    return value
