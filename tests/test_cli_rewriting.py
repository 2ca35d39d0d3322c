"""`calmtone rewrite` and `calmtone check-rewrite`."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from calmtone import EngineUnavailableError, rewrite
from calmtone.cli import main
from calmtone.cli.wording import whole_words
from calmtone.results import Span
from calmtone.rewriting import Edit, Rewrite

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


FINE = "Zo\u00eb said \u201cfine\u201d \u2014 it costs 5 \u20ac\u2026\n"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "iso8859-15"])
def test_a_draft_comes_out_as_it_went_in(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "z.txt").write_text(FINE, encoding="utf-8")
    done = process(tmp_path, encoding, "rewrite", "z.txt")
    try:
        expected = FINE.encode(encoding)
    except UnicodeEncodeError:  # Latin-9 has no quotation marks of this kind
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"the standard output is in iso8859-15, which has no \\u201c" in done.stderr
        assert b"PYTHONIOENCODING=utf-8" in done.stderr
    else:
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode(encoding) == expected.decode(encoding)


def test_a_draft_that_cannot_be_written_is_not_written_otherwise(tmp_path: Path) -> None:
    (tmp_path / "z.txt").write_text("Fine \U0001f642", encoding="utf-8")
    done = process(tmp_path, "cp1252", "rewrite", "z.txt")
    assert (done.returncode, done.stdout) == (2, b"")
    assert process(tmp_path, "cp1252", "rewrite", "z.txt", "--format", "json").returncode == 0


def process(folder: Path, encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "calmtone", *arguments],
        capture_output=True,
        check=False,
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[1] / "src"),
            "PYTHONIOENCODING": encoding,
        },
    )


def test_a_draft_may_be_piped(run: Run) -> None:
    assert run("rewrite", stdin=f"{DRAFT}\n") == (0, f"{CALM}\n", "")


def test_nothing_to_rewrite(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.txt"
    file.touch()
    for arguments in (("rewrite",), ("rewrite", "-"), ("rewrite", "--text", " ")):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert "is empty" in err
    for arguments in ((str(file), CALM), (CALM, str(file)), (CALM, "-")):
        code, out, err = run("check-rewrite", *arguments)
        assert (code, out) == (2, "")
        assert "is empty" in err


@pytest.mark.parametrize("name", ["b.csv", "b.tsv", "b.jsonl", "b.NDJSON"])
def test_rows_are_no_draft(run: Run, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("text\nYou idiot\n")
    for arguments in (("rewrite", str(file)), ("check-rewrite", str(file), CALM)):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert "holds rows of messages" in err


@pytest.mark.parametrize("command", [("rewrite", DRAFT), ("check-rewrite", DRAFT, CALM)])
def test_the_analyzer_gets_the_options(
    run: Run, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[dict[str, object]] = []

    def refuse(**arguments: object) -> None:
        made.append(arguments)
        raise EngineUnavailableError("not here")

    monkeypatch.setattr("calmtone.analyzer.Analyzer", refuse)
    options = ("--engine", "onnx", "--model", "a/b", "--revision", "c", "--threads", "2")
    assert run(*command, *options) == (2, "", "calmtone: not here\n")
    given = {"engine": "onnx", "model": "a/b", "revision": "c", "threads": 2}
    assert len(made) == 1
    assert made[0] == {**made[0], **given, "rules": None, "max_chars": 100_000}
    assert run(*command, "--threads", "0")[0] == 2


def test_a_long_message_answered_is_named(run: Run) -> None:
    arguments = ("--max-chars", "40", "--reply-to", "x" * 41)
    for command in (("rewrite", DRAFT), ("check-rewrite", DRAFT, CALM)):
        code, out, err = run(*command, *arguments)
        assert (code, out) == (2, "")
        assert "the message answered (--reply-to): 41 characters" in err


def test_a_missing_file_is_no_candidate(run: Run) -> None:
    code, out, err = run("check-rewrite", CALM, "rewritten")
    assert (code, out) == (2, "")
    assert "no file rewritten" in err


def edited(original: str, text: str, *places: tuple[int, int, int, int]) -> Rewrite:
    """A rewrite with edits: where they begin and end, before and after."""
    edits = tuple(Edit("replace", Span(a, b), Span(c, d), None, "why") for a, b, c, d in places)
    return rewrite("Fine.")._replace(original=original, text=text, edits=edits)


@pytest.mark.parametrize(
    ("rewritten", "changes"),
    [
        (edited("You fool, look!", "Look!", (0, 11, 0, 1)), [("You fool, look", "Look")]),
        (edited("a clown sat", "a clowns sat", (7, 7, 7, 8)), [("clown", "clowns")]),
        (edited("unfair it is", "fair it is", (0, 2, 0, 0)), [("unfair", "fair")]),
        (edited("Well, I do.", "I do.", (0, 6, 0, 0)), [("Well, ", "")]),
        (
            edited("abcdef g", "aXcdYf g", (1, 2, 1, 2), (4, 5, 4, 5)),
            [("abcdef", "aXcdYf")],
        ),
        (edited("so so", "so, so", (2, 2, 2, 3)), [("", ",")]),
    ],
)
def test_changes_are_of_whole_words(rewritten: Rewrite, changes: list[tuple[str, str]]) -> None:
    found = whole_words(rewritten)
    assert [
        (rewritten.original[slice(*change.before)], rewritten.text[slice(*change.after)])
        for change in found
    ] == changes
    at = 0
    text = ""
    for change in found:  # what is left stands in both texts
        text += rewritten.original[at : change.before.start]
        text += rewritten.text[slice(*change.after)]
        at = change.before.end
    assert text + rewritten.original[at:] == rewritten.text


@pytest.mark.parametrize("command", ["rewrite", "check-rewrite"])
def test_help(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "exit codes" in out


def test_steering_characters_do_not_reach_the_terminal(run: Run) -> None:
    _, out, _ = run("rewrite", "--diff", "Where is it, you clown?\x1b[2J")
    assert "\x1b" not in out
