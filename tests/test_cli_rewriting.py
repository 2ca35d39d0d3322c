"""`calmtone rewrite` and `calmtone check-rewrite`."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from calmtone.cli import main

DRAFT = "Where is order 4471, you clown?"
CALM = "Where is order 4471?"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def _run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = main(arguments)
        return code, *capsys.readouterr()

    return _run


def test_the_new_text_alone(run: Run, tmp_path: Path) -> None:
    assert run("rewrite", DRAFT) == (0, f"{CALM}\n", "")
    assert run("rewrite", "-", stdin=f"{DRAFT}\n") == (0, f"{CALM}\n", "")
    file = tmp_path / "draft.txt"
    file.write_text(f"{DRAFT}\n", encoding="utf-8")
    assert run("rewrite", str(file)) == (0, f"{CALM}\n", "")
    assert run("rewrite", "--text", DRAFT) == (0, f"{CALM}\n", "")


def test_the_changes_and_their_reasons(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _, out, _ = run("rewrite", "--diff", DRAFT)
    assert out.startswith("Where is order 4471[-, you clown-]?\n")
    assert "1. drop: “, you clown”" in out
    assert "hostility/you-idiot" in out
    assert "[slots]" not in out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31;9m, you clown\x1b[0m" in run("rewrite", "--diff", DRAFT)[1]
    assert "\x1b" not in run("rewrite", "--diff", "--no-color", DRAFT)[1]


def test_slots_are_to_be_filled(run: Run) -> None:
    _, out, _ = run("rewrite", "--diff", "That is not our fault. We did it by the book.")
    assert "{+" in out
    assert "Fill the [slots] before you send it." in out


def test_nothing_to_change(run: Run) -> None:
    assert run("rewrite", "--diff", CALM) == (0, "Nothing to change.\n", "")
    assert run("rewrite", CALM) == (0, f"{CALM}\n", "")


def test_rewrite_as_json(run: Run) -> None:
    row = json.loads(run("rewrite", "--format", "json", DRAFT)[1])
    assert (row["text"], row["original"], row["source"]) == (CALM, DRAFT, "edits")
    assert row["edits"][0]["kind"] == "drop"
    assert row["check"]["ok"] is True
    assert row["after"]["hostility"] < row["before"]["hostility"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((CALM, CALM), 0),
        ((DRAFT, CALM), 0),
        (("Pay £40.", "Pay £50."), 1),
        (("It broke. Pay £40.", "It broke."), 0),
        (("It broke. Pay £40.", "It broke.", "--strict"), 1),
        (("It is late.", "AB-77 is late."), 1),
        (("It is late.", "AB-77 is late.", "--reply-to", "Where is AB-77?"), 0),
        (("one",), 2),
        (("-", "-"), 2),
        (("gone/a.txt", CALM), 2),
        ((CALM, CALM, "--max-chars", "3"), 2),
    ],
)
def test_exit_codes(run: Run, arguments: tuple[str, ...], code: int) -> None:
    assert run("check-rewrite", *arguments)[0] == code


def test_what_was_changed_is_said(run: Run) -> None:
    _, out, _ = run("check-rewrite", "We can't refund £40.", "We will refund £40. Ask Ann.")
    assert out.startswith("not ok\n  refusal changed:")
    assert "added:" in out
    assert "name: Ann" in out
    row = json.loads(run("check-rewrite", "Pay £40.", "Pay £50.", "--format", "json")[1])
    assert row["ok"] is False
    assert row["changed"][0]["after"]["text"] == "£50"


def test_wrong_usage(run: Run) -> None:
    for arguments in (("a", "--text", "b"), ("--nonsense",), ("a", "b")):
        code, _, err = run("rewrite", *arguments)
        assert code == 2
        assert "calmtone rewrite" in err
    assert run("rewrite", "gone/a.txt")[0] == 2
    assert run("rewrite", "a", "--max-chars", "0")[0] == 2


@pytest.mark.parametrize("command", ["rewrite", "check-rewrite"])
def test_help(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "exit codes" in out


def test_steering_characters_do_not_reach_the_terminal(run: Run) -> None:
    _, out, _ = run("rewrite", "--diff", "Where is it, you clown?\x1b[2J")
    assert "\x1b" not in out
