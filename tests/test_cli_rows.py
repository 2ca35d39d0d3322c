"""Rows of csv and jsonl on the command line: none is lost without a word."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from calmtone.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Runs by the rules alone in an empty folder; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def _run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "--engine", "rules"])
        return code, *capsys.readouterr()

    return _run


def texts_of(out: str) -> list[str]:
    return [json.loads(line)["text"] for line in out.splitlines()]


def places_of(err: str) -> list[str]:
    return [line.split(": ")[1] for line in err.splitlines()]


def turns_of(out: str) -> list[str]:
    return [turn["analysis"]["text"] for turn in json.loads(out)["turns"]]


BROKEN = 'text,author\nfine,a\n"bro"ken,b\nYou idiot.,c\n'


def test_a_broken_row_costs_no_other(run: Run) -> None:
    Path("a.csv").write_text(BROKEN)
    code, out, err = run("a.csv")
    assert (code, texts_of(out), places_of(err)) == (2, ["fine", "You idiot."], ["a.csv:3"])
    code, out, err = run("thread", "a.csv", "--format", "json")
    assert (code, turns_of(out), places_of(err)) == (2, ["fine", "You idiot."], ["a.csv:3"])


def test_a_long_cell_is_too_long_and_no_more(run: Run) -> None:
    Path("a.csv").write_text(f"text\n{'a ' * 100_001}\nfine\n")
    code, out, err = run("a.csv")
    assert (code, texts_of(out)) == (2, ["fine"])
    assert "a.csv:2: 200,002 characters, over the limit of 100,000" in err


def test_cells_beyond_the_columns_are_not_cut_off(run: Run) -> None:
    Path("a.csv").write_text("text,author\nHello there, you fucking idiot,Kim\nfine,Lee\n")
    code, out, err = run("a.csv", "--fail-over", "hostility=0.3", "-q")
    assert (code, out, places_of(err)) == (2, "", ["a.csv:2"])
    code, out, err = run("thread", "a.csv", "--format", "json")
    assert (code, turns_of(out), places_of(err)) == (2, ["fine"], ["a.csv:2"])


@pytest.mark.parametrize("command", [(), ("thread", "--format", "json")])
def test_two_columns_of_the_same_name(run: Run, command: tuple[str, ...]) -> None:
    Path("a.csv").write_text("text,note,text\nYou idiot.,x,fine\n")
    code, out, err = run(*command, "a.csv")
    assert (code, out) == (2, "")
    assert "a.csv: 2 columns are named 'text'" in err
    Path("a.csv").write_text("text,note,note\nfine,x,y\n")
    assert run(*command, "a.csv")[0] == 0


@pytest.mark.parametrize("column", ["Text", "MESSAGE", "Body"])
def test_usual_columns_in_any_case(run: Run, column: str) -> None:
    Path("a.csv").write_text(f"id,{column}\n1,fine\n")
    Path("a.jsonl").write_text(f'{{"{column}": "fine"}}\n')
    assert texts_of(run("a.csv")[1]) == texts_of(run("a.jsonl")[1]) == ["fine"]


def test_a_named_column_goes_before_usual_ones(run: Run) -> None:
    Path("a.csv").write_text("text,TEXT\none,two\n")
    assert texts_of(run("a.csv")[1]) == ["one"]
    assert texts_of(run("a.csv", "--text-column", "TEXT")[1]) == ["two"]
    Path("a.csv").write_text("Text,TEXT\none,two\n")
    code, _, err = run("a.csv")
    assert code == 2
    assert "name the column with --text-column" in err


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "A.TSV", "a.tab"])
def test_tables_with_other_separators(run: Run, name: str) -> None:
    for separator in ("\t", ";"):
        Path(name).write_text(f"id{separator}message\n1{separator}You idiot, you\n")
        assert texts_of(run(name)[1]) == ["You idiot, you"]
        assert turns_of(run("thread", name, "--format", "json")[1]) == ["You idiot, you"]


def test_messages_of_a_thread_that_are_no_text_are_reported(run: Run) -> None:
    rows = [
        {"author": "A", "text": "hi"},
        {"author": "B", "text": 5},
        {"author": "C", "body": "You idiot"},
        {"author": "D", "text": None, "message": "and"},
        {"author": "E", "text": {"is": "x"}},
        {"author": "F", "joined": True},
    ]
    Path("a.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    code, out, err = run("thread", "a.jsonl", "--format", "json")
    assert (code, turns_of(out)) == (2, ["hi", "You idiot", "and"])
    assert places_of(err) == ["a.jsonl:2", "a.jsonl:5"]
    assert "'text' is not a text but 5" in err
    left_out = [part for part in json.loads(out)["left_out"] if part["kind"] == "event"]
    assert len(left_out) == 1
    assert left_out[0]["text"].startswith("a.jsonl:6: ")
