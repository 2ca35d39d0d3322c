"""Results of the suite as files: one JSON file for each system, task and data set.

`benchmarks/results/suite/<system>/<task>/<data set>.json`; a quick run has a folder of its
own. No file holds a text. Numbers are rounded to six decimals, so that two runs agree to the
last digit; only `timing` and the figures of the speed task differ.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

SCHEMA = 1
STATUSES = ("done", "not run", "failed")
REFERENCE = "calmtone-rules"  # the system that paired differences are taken against
FOLDER = Path(__file__).parents[1] / "results" / "suite"
QUICK_FOLDER = Path(__file__).parents[1] / "results" / "suite-quick"
DIGITS = 6


class ResultsError(Exception):
    """A results file is damaged; the message names it and says what to do."""


class Difference(NamedTuple):
    """This system's value minus that of `against`, on the same resamples.

    `low` and `high` bound the 95 % bootstrap interval; None where it has none.
    """

    against: str
    value: float
    low: float | None
    high: float | None


class Figure(NamedTuple):
    """One number.

    Args:
        measure: what was computed, such as "auc" (see `benchmarks.suite.tasks`).
        label: the label of the data set that it was computed for, such as "hostile".
        dimension: the score that was read: hostility, defensiveness or empathy.
        value: the number, or None where it is not defined (one class only, for example).
        low, high: bounds of the 95 % bootstrap interval, or None.
        n: how many texts, or pairs, it was computed from.
        positives: how many of them have the label, or None where that means nothing.
        difference: the paired difference from the reference system, or None.
    """

    measure: str
    label: str
    dimension: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    positives: int | None = None
    difference: Difference | None = None


class Result(NamedTuple):
    """What one system did on one task and data set.

    Args:
        status: "done", "not run" (with the reason: a package or a file is missing) or
            "failed" (with the error).
        n: texts read, after duplicates were removed and a quick run took its sample.
        partial_copy: the local data file is not the whole upstream file.
        duplicates_removed: texts left out because training data holds them as well.
        use: "train" or "evaluate", as the data set declares.
        curves: points to draw, by kind: "reliability" is a list of mappings with `label`,
            `dimension` and `bins`, each bin [mean score, share of positives, count].
        notes: remarks such as how many texts were sampled.
        provenance: versions, hashes, machine, seed, and the key that tells whether the
            result is still valid.
    """

    system: str
    task: str
    dataset: str
    status: str
    reason: str | None = None
    n: int = 0
    partial_copy: bool = False
    duplicates_removed: int = 0
    quick: bool = False
    use: str | None = None
    figures: Sequence[Figure] = ()
    curves: Mapping[str, Any] = {}
    notes: Sequence[str] = ()
    provenance: Mapping[str, Any] = {}
    timing: Mapping[str, float] = {}


def path_of(folder: Path, system: str, task: str, dataset: str) -> Path:
    """Where a result lies below `folder`."""
    return folder.joinpath(*(quote(part, safe="") for part in (system, task))) / (
        quote(dataset, safe="") + ".json"
    )


def write(result: Result, folder: Path) -> Path:
    """Write a result, whole or not at all, and return its path."""
    path = path_of(folder, result.system, result.task, result.dataset)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(dump(result), encoding="utf-8")
    unfinished.replace(path)
    return path


def dump(result: Result) -> str:
    """A result as JSON, one line for each key and each figure."""
    fields: dict[str, Any] = {"schema": SCHEMA, **result._asdict()}
    figures = [_compact(_plain(_figure(figure))) for figure in fields.pop("figures")]
    lines = [f' "{key}": {_compact(_plain(value))}' for key, value in fields.items()]
    rows = "[\n  " + ",\n  ".join(figures) + "\n ]" if figures else "[]"
    return "{\n" + ",\n".join([*lines, f' "figures": {rows}']) + "\n}\n"


def read(path: Path) -> Result:
    """The result in a file.

    Raises:
        ResultsError: the file is no JSON, of another schema, or a key is missing or wrong.
    """
    remedy = "delete it and run the suite again"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ResultsError(f"{path} is no valid JSON ({error}): {remedy}") from error
    if not isinstance(content, dict):
        raise ResultsError(f"{path} holds no JSON object: {remedy}")
    if content.pop("schema", None) != SCHEMA:
        raise ResultsError(f"{path} is not of schema {SCHEMA}: {remedy}")
    try:
        figures = tuple(_to_figure(row) for row in content.pop("figures"))
        result = Result(**content, figures=figures)
    except (KeyError, TypeError, ValueError) as error:
        raise ResultsError(
            f"{path} lacks a key or has one too many ({error}): {remedy}"
        ) from error
    problem = _problem(result)
    if problem:
        raise ResultsError(f"{path}: {problem}: {remedy}")
    return result


def read_all(folder: Path = FOLDER) -> list[Result]:
    """All results below a folder, sorted by data set, task and system.

    Raises:
        ResultsError: one of the files is damaged.
    """
    results = [read(path) for path in _files(folder)]
    return sorted(results, key=lambda result: (result.dataset, result.task, result.system))


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("*/*/*.json"))


def _problem(result: Result) -> str | None:
    """What is wrong with the values of a result, if anything."""
    if result.status not in STATUSES:
        return f"status {result.status!r} is none of {', '.join(STATUSES)}"
    if result.status != "done" and not result.reason:
        return f"status {result.status!r} without a reason"
    for figure in result.figures:
        numbers = [figure.value, figure.low, figure.high]
        if figure.difference:
            numbers += figure.difference[1:]
        for number in numbers:
            if number is not None and not isinstance(number, int | float):
                return f"the {figure.measure} of {figure.label!r} has {number!r} for a number"
    return None


def _figure(figure: Figure) -> dict[str, Any]:
    difference = figure.difference
    return {
        **figure._asdict(),
        "difference": None if difference is None else difference._asdict(),
    }


def _to_figure(row: Mapping[str, Any]) -> Figure:
    difference = row["difference"]
    return Figure(
        **{**row, "difference": None if difference is None else Difference(**difference)}
    )


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """JSON values alone: rounded floats, None for what is not a number, no NumPy types."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if hasattr(value, "item"):
        return _plain(value.item())
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0 if math.isfinite(value) else None
    raise TypeError(f"a result cannot hold a {type(value).__name__}")
