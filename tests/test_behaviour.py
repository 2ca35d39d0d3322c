"""Short texts and how they read, as tables: what has to hold, and what is known to fail."""

from __future__ import annotations

import operator
from typing import Any

import pytest
from support import cases

from calmtone import analyze

pytestmark = pytest.mark.usefixtures("rules_only")


RELATIONS = {"<": operator.lt, ">": operator.gt}
CASES = cases("behaviour.toml")
LIMITS = cases("known_limits.toml")


def failing(case: dict[str, Any]) -> list[str]:
    """The expectations that do not hold."""
    scores = analyze(case["text"]).scores
    failed = []
    for relation in case["expect"]:
        dimension, sign, number = relation.split()
        if not RELATIONS[sign](scores[dimension], float(number)):
            failed.append(f"{relation}, not {scores[dimension]:.2f}")
    return failed


def difference(pair: dict[str, str]) -> float:
    higher, lower = analyze(pair["higher"]), analyze(pair["lower"])
    score: float = higher.scores[pair["dimension"]] - lower.scores[pair["dimension"]]
    return score


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["text"])
def test_cases(case: dict[str, Any]) -> None:
    assert failing(case) == []


@pytest.mark.parametrize("pair", CASES["pairs"], ids=lambda pair: pair["higher"])
def test_pairs(pair: dict[str, str]) -> None:
    assert difference(pair) > 0.05


@pytest.mark.xfail
@pytest.mark.parametrize("case", LIMITS["cases"], ids=lambda case: case["text"])
def test_known_limits(case: dict[str, Any]) -> None:
    assert failing(case) == []


@pytest.mark.xfail
@pytest.mark.parametrize("pair", LIMITS.get("pairs", ()), ids=lambda pair: pair["higher"])
def test_known_limits_of_pairs(pair: dict[str, str]) -> None:
    assert difference(pair) > 0.05


def test_no_text_stands_twice() -> None:
    texts = [case["text"] for table in (CASES, LIMITS) for case in table["cases"]]
    texts += [
        pair[side]
        for table in (CASES, LIMITS)
        for pair in table.get("pairs", ())
        for side in ("higher", "lower")
    ]
    assert len(texts) == len(set(texts))


def test_every_dimension_has_cases_on_both_sides() -> None:
    relations = {
        tuple(relation.split()[:2]) for case in CASES["cases"] for relation in case["expect"]
    }
    assert len(relations) == 6
    assert len(CASES["cases"]) >= 70
