"""Cells of a row, and what they say about a label."""

from __future__ import annotations

import fnmatch
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]

# How a label's value is found: docs/datasets.md explains each key.
LABEL_RULES = frozenset(
    {"column", "one", "zero", "above", "each", "votes", "for", "against", "unless"}
)

_MISSING = frozenset({"", "nan"})
_ONE = frozenset({"1", "true", "yes", "y"})
_ZERO = frozenset({"0", "false", "no", "n"})


def cell(row: Row, column: str | Sequence[str]) -> Any:
    """The cell of a column, or of the first of several that is not empty; None if all are.

    Raises:
        KeyError: the row has none of the columns.
    """
    names = [column] if isinstance(column, str) else column
    found = [name for name in names if name in row]
    if not found:
        lowered = {key.strip().casefold(): key for key in row}
        found = [key for name in names if (key := lowered.get(name.strip().casefold()))]
        if not found:
            raise KeyError(" or ".join(names))
    for name in found:
        value = row[name]
        # Only short text can be a mark for an empty cell.
        if value is not None and (
            not isinstance(value, str | float)
            or (isinstance(value, str) and len(value) > 8)
            or plain(value) not in _MISSING
        ):
            return value
    return None


def plain(value: Any) -> str:
    """A cell as it is compared: no case, no outer space, `1.0` and `1` the same."""
    if value is None:
        return ""
    text = str(value).strip().casefold()
    return text[:-2] if text.endswith(".0") and text[:-2].lstrip("-").isdigit() else text


def label_value(row: Row, rule: Mapping[str, Any]) -> float | None:
    """What a row says about a label, None where it says nothing.

    Args:
        row: of the file.
        rule: `column` (default: the label's name); `one` and `zero`, lists of cells that
            mean 1 and 0 (without `zero`, all others; `*` ends a prefix); `above`, a number
            over which the label is 1; `each`, what separates several values in the cell: 1
            where one of them is in `one`, 0 where all are in `zero`; `votes`, patterns of
            columns of which the majority decides; `for` and `against`, patterns of columns
            whose ones are counted against each other; `unless`, columns with cells that
            make the label say nothing. Ties and unknown cells say nothing.

    Raises:
        KeyError: the row lacks the column.
        ValueError: a rating is no number.
    """
    for column, cells in rule.get("unless", {}).items():
        if _in(plain(cell(row, column)), cells):
            return None
    if "for" in rule:
        yes = sum(plain(row[c]) in _ONE for c in _matching(row, rule["for"]))
        no = sum(plain(row[c]) in _ONE for c in _matching(row, rule["against"]))
        return None if yes == no else float(yes > no)
    if "votes" in rule:
        cells = [found for c in _matching(row, rule["votes"]) if (found := cell(row, c))]
        votes = [_value(found, rule) for found in cells]
        return next((v for v in (0.0, 1.0) if votes.count(v) * 2 > len(votes)), None)
    return _value(cell(row, rule.get("column", rule["name"])), rule)


def _matching(row: Row, patterns: Sequence[str]) -> list[str]:
    found = [c for c in row if any(fnmatch.fnmatchcase(c, pattern) for pattern in patterns)]
    if not found:
        raise KeyError(" or ".join(patterns))
    return found


def _value(found: Any, rule: Mapping[str, Any]) -> float | None:
    if found is None:
        return None
    if "above" in rule:
        return float(_number(found) > rule["above"])
    if rule["kind"] == "rating":
        return _number(found)
    one, zero = rule.get("one"), rule.get("zero")
    if one is None and zero is None:
        one, zero = _ONE, _ZERO
    if "each" in rule:
        parts = re.split(f"[{re.escape(rule['each'])}]", re.sub(r"[\[\]'\"]", "", str(found)))
        values = [_binary(part, one, zero) for part in parts if part.strip()]
        if 1.0 in values:
            return 1.0
        return 0.0 if values and None not in values else None
    return _binary(found, one, zero)


def _binary(found: Any, one: Iterable[str] | None, zero: Iterable[str] | None) -> float | None:
    value = plain(found)
    # What is named as 0 comes first, so that `one = ["*"]` means all the others.
    if zero is not None and _in(value, zero):
        return 0.0
    if _in(value, one or ()):
        return 1.0
    return 0.0 if zero is None else None


def _in(value: str, wanted: Iterable[str]) -> bool:
    return any(
        value.startswith(each[:-1].casefold()) if each[-1:] == "*" else value == plain(each)
        for each in wanted
    )


def _number(found: Any) -> float:
    number = float(found)
    if not math.isfinite(number):
        raise ValueError(f"{found!r} is no finite number")
    return number
