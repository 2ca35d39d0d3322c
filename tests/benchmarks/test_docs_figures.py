"""The figures of the pages: from results to tables, and what is said where there are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks import conversations
from benchmarks.docs import engines, findings
from benchmarks.docs import figures as pages
from benchmarks.docs.examples import Examples

from calmtone import Analyzer

RULES = {"version": "1.2.0", "engine": "rules", "model": None, "rules": "abc-def"}


def split(changed: float, caught: dict[str, Any]) -> dict[str, Any]:
    kind = {"of": 1200, "changed": changed, "with_slots": 0.25, "facts_lost": 0.0, "fall": 0.2}
    return {
        **RULES,
        "rewrites": {
            "hostility": kind,
            "defensiveness": {**kind, "of": 7},
            "rated_0": {"of": 30, "changed": 0.033},
        },
        "check": {"caught": caught, "false_alarms": {"share": 0.019, "of": 207}},
    }


def rows(table: str) -> dict[str, list[str]]:
    cells = [line.strip("| ").split(" | ") for line in table.splitlines() if line[:1] == "|"]
    return {first: rest for first, *rest in cells}


def test_rewrites_stand_split_by_split() -> None:
    shown = findings.rewrites({"train": split(0.6, {}), "dev": split(0.432, {})})
    assert shown.startswith("|  | dev split | train split |")
    assert rows(shown)["hostile messages (rated 2 or more)"] == ["1,200", "1,200"]
    assert "| – changed | 43.2 % | 60.0 % |" in shown
    assert rows(shown)["– mean fall of defensiveness"] == ["0.20", "0.20"]
    assert shown.endswith("calmtone 1.2.0, the rules alone, rules and numbers `abc-def`.")


def test_results_of_two_engines_are_told_apart() -> None:
    other = {**split(0.6, {}), "engine": "onnx", "model": "small 12"}
    shown = findings.rewrites({"dev": split(0.5, {}), "train": other})
    assert "the rules alone, rules and numbers `abc-def`; calmtone" in shown
    assert "rules and model, model `small 12`" in shown


def test_what_was_not_tried_has_no_share() -> None:
    caught = {"date/copy": {"share": 1.0, "of": 117}}
    shown = rows(findings.check({"dev": split(0.5, caught)}))
    assert shown["copies with another date: caught"] == ["100.0 % of 117"]
    assert shown["copies with another name: caught"] == ["–"]
    assert shown["true calm rewrites: complained of"] == ["1.9 % of 207"]


def test_findings_beside_annotations() -> None:
    results = {
        **RULES,
        "threads": 3,
        "comments": {"of": 2000, "uncivil": 440},
        "rises": {"of": 4, "uncivil": 3},
        "turning_points": {"of": 0, "as_annotated": 0},
    }
    shown = rows(findings.conversations(results))
    assert shown["3 threads"] == ["of", "share"]
    assert shown["all comments: annotated as uncivil"] == ["2,000", "22 %"]
    assert shown["comments said to raise the tension: annotated as uncivil"] == ["4", "75 %"]


def test_replies_and_the_pause() -> None:
    group = {"needs_f1": 0.896, "does_f1": 0.872, "heat_spearman": 0.643, "pairs": 114}
    group |= {"missing_precision": 0.766, "missing_recall": 0.796}
    group["missing_precision_at_aimed_recall"] = 0.83
    answer = {"to_hold_up": 16, "held_up": 0.875, "faultless": 251}
    answer["of_faultless_held_up"] = 0.024
    alone = {"to_hold_up": 9, "held_up": 0.5, "faultless": 8, "of_faultless_held_up": 0.1}
    shown = rows(
        findings.replies(
            {"out_of_fold": group},
            {"out_of_fold": {"heat_spearman": 0.818}},
            {"out_of_fold": {"rules": {"answer": answer, "alone": alone}}},
        )
    )
    assert shown["does, F1"] == ["0.872", "0.85"]
    assert shown["heat, Spearman, rules engine"] == ["0.643", "0.80"]
    assert shown["heat, Spearman, onnx engine"] == ["0.818", "0.80"]
    assert shown["missing, precision where recall is 0.75"] == ["0.830", "0.80"]
    pauses = {row: shown[row][0] for row in shown if row.startswith("pause, rules engine")}
    assert list(pauses.values()) == ["0.875 of 16", "0.024 of 251", "0.500 of 9", "0.100 of 8"]


@pytest.mark.parametrize("made", [findings.rewrites, findings.check, findings.conversations])
def test_nothing_measured_is_said(made: Any) -> None:
    assert made({}) == "Not measured yet."


def test_missing_and_old_results_are_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "RESULTS", tmp_path)
    (tmp_path / "rewrites.json").write_text(json.dumps({"dev": split(0.4, {})}))
    notes: list[str] = []
    blocks = pages.figures("other", notes)
    assert "benchmarks/results/conversations.json is missing: run `make bench`" in notes
    assert sum("rewrites.json is of other rules" in note for note in notes) == 1
    assert "40.0 %" in blocks["figures-rewrites"]("")


def test_both_engines_stand_beside_the_peers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "RESULTS", tmp_path)
    suite = tmp_path / "suite" / "calmtone-onnx" / "ranking"
    suite.mkdir(parents=True)
    figures = [
        {"measure": "average_precision", "dimension": "hostility", "value": 0.11},
        {"measure": "auc", "dimension": "hostility", "value": 0.944},
    ]
    result = {"provenance": {"system_version": "rules older"}, "figures": figures}
    (suite / "messages-new-writers.json").write_text(json.dumps(result))
    outside = {"calmtone-onnx": {"all": {"n": 9, "empathy": {"auc": 0.6, "ece": 0.1}}}}
    (tmp_path / "outside.json").write_text(json.dumps(outside))
    scores = {"hostility": {"further writers": {"auc": 0.9}, "outside sources": {"auc": 0.8}}}
    (tmp_path / "quality-calmtone.json").write_text(json.dumps({"scores": scores, **RULES}))
    (tmp_path / "quality-vader.json").write_text(
        json.dumps({"scores": {"empathy": {"outside sources": {"auc": 0.7}}}})
    )
    notes: list[str] = []
    shown = pages.figures("abc-def", notes)["figures-short"]("").splitlines()
    assert shown[0].startswith("| score | on | calmtone, rules | calmtone, with onnx | TF-IDF")
    assert (
        "| hostility | messages written for this project | 0.90 | **0.94** | – | – |" in shown
    )
    assert "| hostility | real texts | **0.80** | – | – | – |" in shown
    assert "| empathy | real texts | – | 0.60 | – | **0.70** |" in shown
    assert sum("suite/calmtone-onnx is of other rules" in note for note in notes) == 1


def test_what_the_engines_cost() -> None:
    part = {"texts": 1400, "characters": 306}
    measured = {
        "rules": {**part, "text_ms": 0.0361, "first_ms": 38.2, "memory_mb": 23.5},
        "onnx": {**part, "text_ms": 6.27, "first_ms": 390.4, "memory_mb": 152.4},
    }
    table = engines.cost({"machine": "Python 3.11.7, x86_64", "engines": measured})
    shown = rows(table)
    assert shown["one text"] == ["0.036 ms", "6.3 ms"]
    assert shown["analyzer and first text"] == ["38 ms", "390 ms"]
    assert shown["memory"] == ["24 MB", "152 MB"]
    assert "the 1,400 messages" in table
    assert engines.cost({"engines": {"rules": measured["rules"]}}) == "Not measured yet."


def test_threads_are_measured_against_their_annotation(
    analyzer: Analyzer, tmp_path: Path
) -> None:
    path = tmp_path / "comments.csv"
    path.write_text(
        "issue_id,comment_body,tbdf\n"
        "1,Thank you for the report.,None\n"
        '1,"You idiot, this is garbage.",Insult\n'
        "2,See the second page.,\n",
        encoding="utf-8",
    )
    found = conversations.measure(conversations.threads(path), analyzer)
    assert found == {
        "threads": 2,
        "comments": {"of": 3, "uncivil": 1},
        "rises": {"of": 1, "uncivil": 1},
        "turning_points": {"of": 0, "as_annotated": 0},
    }


def test_examples_are_read_with_the_rules_alone() -> None:
    code = "```pycon\n>>> import calmtone\n>>> calmtone.analyze('Fine.').engine.name\n```\n"
    assert Examples().run(code).splitlines()[3] == "'rules'"
