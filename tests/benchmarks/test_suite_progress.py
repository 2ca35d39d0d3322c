"""What a run tells while it works."""

from __future__ import annotations

import sys

import pytest
from benchmarks.suite.progress import Progress


def told(progress: Progress) -> None:
    with progress:
        progress.dataset("messages-dev")
        progress.texts(1200)
        progress.advance()
        progress.line("xstest: not run, missing [file]")


def test_without_a_terminal_a_line_for_each_data_set(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told(Progress(2))
    assert capsys.readouterr().err == "messages-dev\nxstest: not run, missing [file]\n"


def test_on_a_terminal_a_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rich")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    told(Progress(2, bar=True))
    said = capsys.readouterr().err
    assert "1/2" in said
    assert "messages-dev (1,200 texts scored)" in said
    assert "missing [file]" in said


def test_without_rich_the_lines_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    told(Progress(2, bar=True))
    assert capsys.readouterr().err.startswith("messages-dev\n")
