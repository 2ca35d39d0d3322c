"""The wire format: what `to_dict` gives is what docs/schema.json says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support import BLANKS, TEXTS, rule_examples

from calmtone import Analyzer, analyze
from calmtone.results import DIMENSIONS, OFFSETS, PRACTICES

SCHEMA = Path(__file__).parents[1] / "docs" / "schema.json"
SAMPLE = (*TEXTS, *BLANKS)


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    if not SCHEMA.exists():
        pytest.skip("docs/schema.json is not written yet")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def problems(validator: Draft202012Validator, data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]


def test_results_are_as_the_schema_says(
    validator: Draft202012Validator, analyzer: Analyzer
) -> None:
    for text in (*SAMPLE, *rule_examples()[::20]):
        for offsets in OFFSETS:
            data = json.loads(analyzer.analyze(text).to_json(offsets))
            assert problems(validator, data) == [], text


def test_the_fallback_is_as_the_schema_says(validator: Draft202012Validator) -> None:
    assert problems(validator, analyze("You idiot.").to_dict()) == []


def test_the_schema_refuses_what_is_not_so(validator: Draft202012Validator) -> None:
    good = json.loads(analyze(TEXTS[2]).to_json())
    assert good["hints"]
    for key in good:
        assert problems(validator, {k: v for k, v in good.items() if k != key}), key
        assert problems(validator, {**good, key: 3}), key
    assert problems(validator, {**good, "scores": {**good["scores"], "hostility": 1.5}})
    assert problems(validator, {**good, "offsets": "bytes"})
    assert problems(validator, {**good, "mood": "fine"})
    for kind in ("hints", "evidence", "sentences"):
        for key in good[kind][0]:
            part = {k: v for k, v in good[kind][0].items() if k != key}
            assert problems(validator, {**good, kind: [part]}), (kind, key)
        assert problems(validator, {**good, kind: [{**good[kind][0], "extra": 1}]}), kind


def test_the_schema_describes_every_key(validator: Draft202012Validator) -> None:
    schema = validator.schema
    assert isinstance(schema, dict)
    assert set(schema["required"]) == set(analyze("A.").to_dict()) <= set(schema["properties"])
    text = json.dumps(schema)
    assert all(f'"{name}"' in text for name in (*PRACTICES, *DIMENSIONS, *OFFSETS))


@pytest.mark.parametrize("offsets", OFFSETS)
def test_json_round_trips(offsets: str) -> None:
    for text in (*SAMPLE, "\ud800 you idiot \x00"):
        analysis = analyze(text)
        line = analysis.to_json(offsets)
        assert line.isascii()
        assert "\n" not in line
        assert json.loads(line) == analysis.to_dict(offsets)


def test_a_dict_holds_nothing_but_json() -> None:
    def check(value: Any) -> None:
        assert type(value) in (dict, list, str, int, float, bool, type(None)), value
        for part in value.values() if isinstance(value, dict) else ():
            check(part)
        for part in value if isinstance(value, list) else ():
            check(part)

    for text in SAMPLE:
        check(analyze(text).to_dict())


def test_a_dict_holds_all_of_the_analysis() -> None:
    for text in SAMPLE:
        analysis = analyze(text)
        data = analysis.to_dict()
        assert set(data) == {*analysis._fields, "offsets"}
        assert data["text"] == text
        assert tuple(data["scores"].values()) == analysis.scores
        assert [hint["rule"] for hint in data["hints"]] == [h.rule for h in analysis.hints]
        spans = [(item["span"]["start"], item["span"]["end"]) for item in data["evidence"]]
        assert spans == [item.span for item in analysis.evidence]
        assert data["engine"] == analysis.engine._asdict()
