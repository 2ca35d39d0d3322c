"""Results as files: nothing lost, nothing but numbers, and damage is named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.suite.results import (
    Difference,
    Figure,
    Result,
    ResultsError,
    dump,
    path_of,
    read,
    read_all,
    write,
)

RESULT = Result(
    "vader",
    "ranking",
    "messages-dev",
    "done",
    n=3,
    use="evaluate",
    figures=(
        Figure("auc", "hostile", "hostility", 0.5, 0.25, 0.75, 3, 1),
        Figure(
            "auc",
            "defensive",
            "defensiveness",
            0.25,
            None,
            None,
            3,
            1,
            Difference("calmtone-rules", -0.5, -0.75, -0.25),
        ),
    ),
    curves={"reliability": [{"label": "hostile", "bins": [[0.25, 0.5, 3]]}]},
    notes=["2 rows left out"],
    provenance={"key": "abc", "seed": 1},
    timing={"scoring": 0.5},
)


def test_a_result_survives_its_file(tmp_path: Path) -> None:
    found = read(write(RESULT, tmp_path))
    assert dump(found) == dump(RESULT)
    assert found.figures[1].difference == Difference("calmtone-rules", -0.5, -0.75, -0.25)
    assert found.curves["reliability"][0]["bins"] == [[0.25, 0.5, 3]]
    assert not list(tmp_path.rglob("*.part"))


def test_numbers_are_rounded_and_what_is_none_is_null() -> None:
    figure = Figure("auc", "hostile", "hostility", float(np.float64(1) / 3), float("nan"), 0.5)
    content = json.loads(dump(RESULT._replace(figures=(figure,))))
    assert content["figures"][0]["value"] == 0.333333
    assert content["figures"][0]["low"] is None


def test_numpy_numbers_are_plain_numbers() -> None:
    result = RESULT._replace(provenance={"a": np.float64(0.5), "b": np.int64(3)})
    content = json.loads(dump(result))
    assert content["provenance"] == {"a": 0.5, "b": 3}


def test_what_is_no_json_value_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        dump(RESULT._replace(provenance={"a": {1, 2}}))


def test_names_with_slashes_stay_one_folder(tmp_path: Path) -> None:
    path = path_of(tmp_path, "hf:owner/name", "ranking", "messages-dev")
    assert path.relative_to(tmp_path).parts == (
        "hf%3Aowner%2Fname",
        "ranking",
        "messages-dev.json",
    )


def test_all_results_in_order(tmp_path: Path) -> None:
    for system in ("vader", "afinn"):
        for dataset in ("z", "a"):
            write(RESULT._replace(system=system, dataset=dataset), tmp_path)
    order = [(result.dataset, result.system) for result in read_all(tmp_path)]
    assert order == [("a", "afinn"), ("a", "vader"), ("z", "afinn"), ("z", "vader")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "no valid JSON"),
        ("[]", "no JSON object"),
        ('{"schema": 99}', "schema 1"),
        ('{"schema": 1}', "lacks a key"),
        (dump(RESULT).replace('"n": 3,', "", 1), None),
        (dump(RESULT).replace('"done"', '"perhaps"'), "'perhaps' is none of"),
        (dump(RESULT).replace('"done"', '"failed"'), "without a reason"),
        (dump(RESULT).replace('"value": 0.5', '"value": "high"'), "'high' for a number"),
        (dump(RESULT).replace('"task"', '"tusk"'), "lacks a key"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, content: str, problem: str | None) -> None:
    path = write(RESULT, tmp_path)
    path.write_text(content, encoding="utf-8")
    if problem is None:  # a key with a default may be missing
        assert read(path).n == 0
        return
    with pytest.raises(ResultsError) as caught:
        read_all(tmp_path)
    assert str(path) in str(caught.value)
    assert problem in str(caught.value)
    assert "run the suite again" in str(caught.value)
