"""What the labels of a classifier mean for calmtone's dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log

from ..errors import ModelError
from ..results import DIMENSIONS

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

Column = tuple[int, ...]
OTHERS = "*"


def columns_of(model: str, own: Mapping[str, Any], config: Mapping[str, Any]) -> list[str]:
    """The names of the columns of a model's logits, in order.

    Args:
        model: what to call the model in an error.
        own: `calmtone.json`, maybe empty.
        config: `config.json`, maybe empty.

    Raises:
        ModelError: nothing names them.
    """
    names = own.get("columns")
    if names is None and isinstance(own.get("labels"), list):
        names = own["labels"]
    if names is None and isinstance(config.get("id2label"), dict):
        by_number = {int(number): name for number, name in config["id2label"].items()}
        if sorted(by_number) != list(range(len(by_number))):
            raise ModelError(
                f"{model}: the numbers of id2label in config.json are not 0, 1, 2, …"
            )
        names = [by_number[number] for number in range(len(by_number))]
    if not names:
        raise ModelError(
            f"{model}: nothing names the model's labels: config.json needs id2label, or "
            "calmtone.json needs columns"
        )
    if len(set(names)) < len(names):
        raise ModelError(f"{model}: two labels have the same name: {', '.join(names)}")
    return [str(name) for name in names]


def labels_of(
    model: str,
    names: Sequence[str],
    own: Mapping[str, Any],
    given: Mapping[str, str | None] | None,
) -> dict[str, str | None]:
    """The dimension of each label, None for those that mean nothing to calmtone.

    Args:
        model: what to call the model in an error.
        names: the model's labels.
        own: `calmtone.json`, maybe empty.
        given: the caller's mapping, which goes before the file's; `"*"` stands for all
            labels that it does not name.

    Raises:
        ModelError: a label is not mapped, or the mapping names something unknown.
    """
    mapping = given
    if mapping is None:
        stated = own.get("labels")
        if isinstance(stated, list):
            stated = {name: name if name in DIMENSIONS else None for name in stated}
        if stated is None:
            stated = {name: name for name in names if name in DIMENSIONS}
        mapping = stated
    unknown = [name for name in mapping if name not in names and name != OTHERS]
    if unknown:
        raise ModelError(
            f"{model}: the model has no label {_listed(unknown)}; it has {_listed(names)}"
        )
    wrong = {value for value in mapping.values() if value not in (None, *DIMENSIONS)}
    if wrong:
        raise ModelError(
            f"{model}: {_listed(sorted(map(str, wrong)))} is no dimension: map labels to "
            f"{', '.join(DIMENSIONS)} or None"
        )
    missing = [name for name in names if name not in mapping]
    if missing and OTHERS not in mapping:
        example = f"labels={{{missing[0]!r}: 'hostility', '{OTHERS}': None}}"
        raise ModelError(
            f"{model}: these labels have no meaning yet: {_listed(missing)}. Map each to "
            f"{', '.join(DIMENSIONS)} or None, as in {example}; '{OTHERS}' stands for all "
            "others"
        )
    meanings = {name: mapping.get(name, mapping.get(OTHERS)) for name in names}
    if not any(meanings.values()):
        raise ModelError(
            f"{model}: no label stands for {', '.join(DIMENSIONS)}: map at least one of "
            f"{_listed(names)}"
        )
    return meanings


def log_odds(row: Sequence[float], columns: Column, softmax: bool, most: float) -> float | None:
    """The log-odds of a dimension in a row of logits, within `most` of 0.

    Labels of which several may hold (`softmax` is false) count by the highest; of those
    that exclude each other the probabilities add up.

    >>> round(log_odds([0.0, 0.0, 0.0, 0.0], (0,), True, 12.0), 6) == round(log(1 / 3), 6)
    True
    """
    if not columns:
        return None
    if not softmax:
        value = max(row[column] for column in columns)
    else:
        inside = _log_sum([row[column] for column in columns])
        outside = _log_sum([value for i, value in enumerate(row) if i not in columns])
        value = inside - outside
    return min(max(value, -most), most)


def _log_sum(values: Sequence[float]) -> float:
    if not values:
        return -1e9
    highest = max(values)
    return highest + log(sum(exp(value - highest) for value in values))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names[:12]))
    return f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown
