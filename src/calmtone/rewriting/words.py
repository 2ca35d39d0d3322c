"""The words and numbers of rewriting, from their data file."""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any


@lru_cache(maxsize=1)
def tables() -> dict[str, Any]:
    """The tables of `data/en/rewriting.toml`, every list of words as a frozenset.

    Raises:
        DataError: the file is missing or damaged.
    """
    return _read("rewriting.toml")


@lru_cache(maxsize=1)
def fact_tables() -> dict[str, Any]:
    """The tables of `data/en/facts.toml`, every list of words as a frozenset.

    Raises:
        DataError: the file is missing or damaged.
    """
    return _read("facts.toml")


@lru_cache(maxsize=1)
def barb_weights() -> dict[str, Any]:
    """The model of `data/en/barbs.json`: its `bias`, and `weights` by feature.

    Raises:
        DataError: the file is missing or damaged.
    """
    from ..resources import read_json

    model: dict[str, Any] = read_json("en", "barbs.json")
    return model


def _read(name: str) -> dict[str, Any]:
    import tomllib
    from pathlib import Path

    from ..errors import DataError
    from ..resources import DATA

    path = Path(DATA, "en", name)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(
            f"{path} cannot be read ({error}): the installation is damaged, reinstall calmtone"
        ) from error
    for table in content.values():
        for key, value in table.items():
            words = isinstance(value, list) and all(isinstance(item, str) for item in value)
            if words and key not in _IN_ORDER:
                table[key] = frozenset(value)
    return content


# Lists whose order counts.
_IN_ORDER = frozenset(
    {"units", "tens", "ordinals", "weekdays", "months", "slots", "openers", "replace"}
)
