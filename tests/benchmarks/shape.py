"""What a small file that stands for an upstream file is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Shape(NamedTuple):
    """A small file and what it says.

    Attributes:
        header: the column names, None for a file without any.
        rows: its cells, or objects for JSON.
        expected: of the examples, in order, the fields that are compared.
    """

    header: Sequence[str] | None
    rows: Sequence[Any]
    expected: Sequence[Mapping[str, Any]]
    encoding: str = "utf-8"
