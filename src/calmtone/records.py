"""Named tuples in the class syntax of `typing.NamedTuple`, without importing `typing`.

To import `typing` takes longer than all of calmtone; type checkers see the real thing.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NamedTuple
else:

    class _Fields(type):
        """Makes a named tuple of a class's annotations, and gives it the class's methods."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            made = namedtuple(name, body.get("__annotations__", ()), module=body["__module__"])
            for key, value in body.items():
                if key not in ("__annotations__", "__module__", "__qualname__"):
                    setattr(made, key, value)
            made.__annotations__ = body.get("__annotations__", {})
            return made

    class NamedTuple(metaclass=_Fields):
        """Base of the named tuples."""


__all__ = ["NamedTuple"]
