"""JSON objects that somebody wrote, read key by key.

What is of a wrong kind is named with its file and its place in it, before a model runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from ..errors import ModelError

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any, TypeGuard

FORMAT = "see docs/models.md for its format"
_SHOWN = 60


class Stated:
    """A JSON object of a file.

    Args:
        model: what to call the model in an error.
        file: the file's name.
        values: the object, maybe empty.
        place: where in the file it is, as `spans.insult`; nothing at the top.
        advice: what to do where it is wrong.
    """

    def __init__(
        self,
        model: str,
        file: str,
        values: Mapping[str, Any],
        place: str = "",
        advice: str = FORMAT,
    ) -> None:
        self.model = model
        self.file = file
        self.values = values
        self._place = place
        self._advice = advice

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    def wrong(self, key: str, wanted: str) -> ModelError:
        """The error for a key: what it should be, and what it is."""
        where = f"{self.model}: {self.file}"
        if key not in self:
            return ModelError(f"{where} has no key {self._at(key)!r}: {self._advice}")
        shown = repr(self.values[key])
        if len(shown) > _SHOWN:
            shown = f"{shown[:_SHOWN]}…"
        return ModelError(
            f"{where} is wrong: {self._at(key)} must be {wanted}, not {shown}: {self._advice}"
        )

    def text(self, key: str, default: str | None = None) -> str:
        """A string.

        Raises:
            ModelError: it is something else, or missing without a default; so below.
        """
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self.wrong(key, "a text")
        return value

    def number(
        self,
        key: str,
        default: float | None = None,
        *,
        least: float = -1e9,
        most: float = 1e9,
    ) -> float:
        """A number from `least` to `most`."""
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        if not is_number(value) or not least <= value <= most:
            raise self.wrong(key, f"a number from {least:g} to {most:g}")
        return float(value)

    def whole(self, key: str, default: int | None = None, *, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(key, f"a whole number from {least} to {most}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Whether something holds."""
        value = self.values.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def part(self, key: str) -> Stated:
        """An object inside of it, empty if it is not there."""
        value = self.values.get(key, {})
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise self.wrong(key, "an object")
        return self._inside(key, value)

    def parts(self, key: str) -> list[Stated]:
        """The objects of a list, none if it is not there."""
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(key, "a list of objects")
        return [self._inside(f"{key}[{index}]", item) for index, item in enumerate(value)]

    def _inside(self, key: str, values: Mapping[str, Any]) -> Stated:
        return Stated(self.model, self.file, values, self._at(key), self._advice)

    def _at(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value of JSON is a number that can be computed with.

    >>> is_number(2), is_number(True), is_number(float("nan")), is_number(10**400)
    (True, False, False, False)
    """
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) < 1 << 63
    return isinstance(value, float) and isfinite(value)
