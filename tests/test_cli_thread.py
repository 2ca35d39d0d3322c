"""`calmtone thread`: what it reads and refuses, and that a report replaces nothing else."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from calmtone import EngineUnavailableError
from calmtone.cli import main

MAIL = "From: Kim <kim@example.com>\nSubject: Parcel\nDate: 3 Mar 2025 10:00 +0000\n\n{}\n"
CHAT = '{"author": "Kim", "text": "Where is it?"}\n{"author": "Lee", "text": "On its way."}\n'

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Runs by the rules alone in an empty folder; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def _run(*arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
        stream = None if stdin is None else io.TextIOWrapper(io.BytesIO(stdin.encode()))
        monkeypatch.setattr("sys.stdin", stream)
        code = main(["thread", "--engine", "rules", *arguments])
        return code, *capsys.readouterr()

    return _run


def test_a_report_never_replaces_what_is_no_report(run: Run) -> None:
    kept = {
        "a.eml": MAIL.format("You lost it."),
        "chat.jsonl": CHAT,
        "page.html": "<!DOCTYPE html><html><head><title>Mine</title></head></html>",
        "saved.html": "<html><body><p>Hello</p></body></html>",
        "notes": "calmtone </title>",
    }
    for name, content in kept.items():
        Path(name).write_text(content)
    Path("b.eml").write_text(MAIL.format("Sorry."))
    for arguments in (
        ("--html", "a.eml", "b.eml"),
        ("chat.jsonl", "--html", "chat.jsonl"),
        ("chat.jsonl", "--html", "./chat.jsonl"),
        ("b.eml", "--html", "page.html"),
        ("saved.html", "--html", "saved.html"),
        ("b.eml", "--html", "notes"),
        (".", "--html", "a.eml"),
    ):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert "--html report.html" in err
    for name, content in kept.items():
        assert Path(name).read_text() == content


def test_a_report_replaces_a_report_and_an_empty_file(run: Run) -> None:
    Path("chat.jsonl").write_text(CHAT)
    Path("out.html").touch()
    assert run("chat.jsonl", "--html", "out.html", "--title", "One > 1", "-q")[0] == 0
    assert run("chat.jsonl", "--html", "out.html", "--title", "Two", "-q")[0] == 0
    assert "<title>Two · calmtone</title>" in Path("out.html").read_text(encoding="utf-8")
    Path("in.html").write_text(Path("out.html").read_text(encoding="utf-8"), encoding="utf-8")
    assert run("in.html", "--html", "in.html")[0] == 2


def test_one_thing_goes_to_the_standard_output(run: Run) -> None:
    Path("chat.jsonl").write_text(CHAT)
    code, out, err = run("chat.jsonl", "--html", "-", "--format", "json")
    assert (code, out) == (2, "")
    assert "choose one" in err
    assert run("chat.jsonl", "--html", "-")[1].startswith("<!DOCTYPE html>")


def test_a_thread_may_be_piped(run: Run) -> None:
    pasted = "Kim: Where is it?\nLee: On its way.\n"
    for arguments in (("--format", "json"), ("-", "--format", "json")):
        code, out, _ = run(*arguments, stdin=pasted)
        assert code == 0
        assert [turn["author"] for turn in json.loads(out)["turns"]] == ["Kim", "Lee"]
    code, _, err = run()
    assert code == 2
    assert "give files, or - for the standard input" in err
    code, _, err = run(stdin="")
    assert code == 2
    assert "no message found" in err


@pytest.mark.parametrize("name", ["a.eml", "a.mbox"])
def test_what_is_called_a_mail_and_is_none(run: Run, name: str) -> None:
    Path(name).write_bytes(random.Random(7).randbytes(5_000))
    code, out, err = run(name)
    assert (code, out) == (2, "")
    assert f"{name}: is no mail" in err
    Path(name).write_bytes(b"PK\x03\x04\0\0\0plain")
    assert run(name)[0] == 2
    for content in (MAIL.format("caf\xe9"), "Hello, where is it?\n", "From a\n" + MAIL):
        Path(name).write_bytes(content.encode("latin-1"))
        assert run(name)[0] == 0


def test_the_analyzer_gets_the_options(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dict[str, object]] = []

    def refuse(**arguments: object) -> None:
        made.append(arguments)
        raise EngineUnavailableError("not here")

    monkeypatch.setattr("calmtone.analyzer.Analyzer", refuse)
    Path("chat.jsonl").write_text(CHAT)
    options = ("--engine", "auto", "--model", "a/b", "--revision", "c", "--threads", "2")
    assert run("chat.jsonl", *options) == (2, "", "calmtone: not here\n")
    given = {"engine": "auto", "model": "a/b", "revision": "c", "threads": 2}
    assert len(made) == 1
    assert made[0] == {**made[0], **given, "rules": None, "max_chars": 100_000}
