"""What the labels of a classifier mean for calmtone's dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log

from ..errors import ModelError
from ..results import DIMENSIONS
from .stated import Stated

Column = tuple[int, ...]
Meanings = Mapping[str, str | None]
OTHERS = "*"


def columns_of(own: Stated, config: Stated) -> list[str]:
    """The names of the columns of a model's logits, in order.

    Args:
        own: `calmtone.json`, maybe empty.
        config: `config.json`, maybe empty.

    Raises:
        ModelError: nothing names them.
    """
    names = own.values.get("columns")
    source, key = own, "columns"
    if names is None and isinstance(own.values.get("labels"), list):
        names, key = own.values["labels"], "labels"
    if names is None and "id2label" in config:
        names, source, key = _numbered(config), config, "id2label"
    if names is None or names == []:
        raise ModelError(
            f"{own.model}: nothing names the model's labels: config.json needs id2label, or "
            "calmtone.json needs columns"
        )
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise source.wrong(key, "names of labels")
    if len(set(names)) < len(names):
        raise ModelError(f"{own.model}: two labels have the same name: {', '.join(names)}")
    return names


def _numbered(config: Stated) -> list[object]:
    """The names of `id2label`, by number."""
    labels = config.part("id2label").values
    numbers = {str(number): name for number, name in labels.items()}
    if {*numbers} != {*map(str, range(len(numbers)))}:
        raise ModelError(
            f"{config.model}: config.json is wrong: the numbers of id2label are not 0, 1, 2, …"
        )
    names = [numbers[str(number)] for number in range(len(numbers))]
    return [str(name) if isinstance(name, int) else name for name in names]


def stated_meanings(names: Sequence[str], own: Stated) -> Meanings:
    """What the model's own files say that its labels mean.

    Args:
        names: the model's labels.
        own: `calmtone.json`, maybe empty.

    Raises:
        ModelError: what they say is no mapping.
    """
    stated = own.values.get("labels")
    if stated is None or isinstance(stated, list):
        known = {name: name for name in names if name in DIMENSIONS}
        return known if stated is None else {**dict.fromkeys(names), **known}
    return own.part("labels").values


def labels_of(model: str, names: Sequence[str], mapping: Meanings, source: str) -> Meanings:
    """The dimension of each label, None for those that mean nothing to calmtone.

    Args:
        model: what to call the model in an error.
        names: the model's labels.
        mapping: the dimension of labels; `"*"` stands for all that it does not name.
        source: who says so, for errors.

    Raises:
        ModelError: a label is not mapped, or the mapping names something unknown.
    """
    unknown = [name for name in mapping if name not in names and name != OTHERS]
    if unknown:
        raise ModelError(
            f"{model}: the model has no label {_listed(unknown)}, which {source} names; it has "
            f"{_listed(names)}"
        )
    wrong = {
        repr(value): None
        for value in mapping.values()
        if value is not None and not (isinstance(value, str) and value in DIMENSIONS)
    }
    if wrong:
        raise ModelError(
            f"{model}: in {source} {', '.join(wrong)} is no dimension: map labels to "
            f"{', '.join(DIMENSIONS)} or None"
        )
    missing = [name for name in names if name not in mapping]
    if missing and OTHERS not in mapping:
        example = f"labels={{{missing[0]!r}: 'hostility', '{OTHERS}': None}}"
        raise ModelError(
            f"{model}: these labels have no meaning yet: {_listed(missing)}. Map each to "
            f"{', '.join(DIMENSIONS)} or None, as in {example}; '{OTHERS}' stands for all "
            f"others. On the command line: --labels '{missing[0]}=hostility,{OTHERS}='"
        )
    meanings = {name: mapping.get(name, mapping.get(OTHERS)) for name in names}
    if not any(meanings.values()):
        raise ModelError(
            f"{model}: no label stands for {', '.join(DIMENSIONS)}: map at least one of "
            f"{_listed(names)}"
        )
    return meanings


def check_exclusive(model: str, meanings: Meanings) -> None:
    """Labels of which just one holds can't all stand for the same.

    Raises:
        ModelError: they do, so that every text would score 1.
    """
    [first, *others] = dict.fromkeys(meanings.values())
    if not others:
        raise ModelError(
            f"{model}: just one of {_listed(list(meanings))} holds for a text, and all of them "
            f"stand for {first}: map those that do not to None, or, where several may hold, "
            'state "activation": "sigmoid" in calmtone.json'
        )


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
