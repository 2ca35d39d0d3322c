"""The command line, mostly with a small analyzer whose scores are known."""

from __future__ import annotations

import io
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from support import Drawn

from calmtone import Analyzer
from calmtone.cli import main
from calmtone.cli.formats import region_of
from calmtone.cli.ignoring import find_ignored, readable
from calmtone.cli.output import Output
from calmtone.html import details
from calmtone.results import (
    DIMENSIONS,
    Analysis,
    EngineInfo,
    Evidence,
    Hint,
    Pause,
    Scores,
    Span,
)
from calmtone.rules import built_in

BASE = -2.0
WORDS = {
    "idiot": ("hostility/insult", "hostility", 3.0),
    "but": ("defensiveness/but", "defensiveness", 2.5),
    "thanks": ("empathy/thanks", "empathy", 2.0),
}
HIGH = 1 / (1 + math.exp(-1.0))  # hostility of a text with one "idiot"
LOW = 1 / (1 + math.exp(2.0))


class SmallAnalyzer:
    """Knows three words; "!" lacks a next step; heat is what it answers."""

    rules_hash = "0123456789ab"
    engine = EngineInfo("rules", "0.1.0", None, rules_hash, None)
    made: dict[str, Any]

    def __init__(self, **arguments: Any) -> None:
        SmallAnalyzer.made = arguments

    def analyze_batch(
        self, texts: Sequence[str], *, reply_to: Sequence[str | None]
    ) -> list[Analysis]:
        return [self._analyze(t, r) for t, r in zip(texts, reply_to, strict=True)]

    def _analyze(self, text: str, reply_to: str | None) -> Analysis:
        evidence = tuple(
            Evidence(rule, dimension, Span(*found.span()), weight)
            for word, (rule, dimension, weight) in WORDS.items()
            for found in re.finditer(word, text)
        )
        sums = (
            BASE + sum(e.weight for e in evidence if e.dimension == dimension)
            for dimension in DIMENSIONS
        )
        hints = [
            Hint(e.rule, "own-it", e.dimension, e.span, "Consider: a, b.", ("and", ""), -0.3)
            for e in evidence
            if e.dimension != "empathy"
        ]
        if "!" in text:
            step = ("[what you will do] by [when]",)
            hints.append(
                Hint("missing/next-step", "next-step", "empathy", None, "Say more.", step, 0.2)
            )
        return Analysis(
            text=text,
            scores=Scores(*(1 / (1 + math.exp(-log_odds)) for log_odds in sums)),
            hints=tuple(hints),
            evidence=evidence,
            sentences=(),
            pause=Pause(f"They wrote: {reply_to}", ("Wait.",)) if reply_to else None,
            engine=EngineInfo("rules", "0.1.0", None, self.rules_hash, None),
            base=Scores(BASE, BASE, BASE),
            notes=("This seems to be French.",) if "merci" in text else (),
            rule_scores=Scores(0.0, 0.0, 0.0),
            model_scores=None,
            reply=None,
        )


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> type[SmallAnalyzer]:
    monkeypatch.setattr("calmtone.analyzer.Analyzer", SmallAnalyzer)
    return SmallAnalyzer


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    small: type[SmallAnalyzer],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Runs in an empty folder; gives the exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def _run(*arguments: str, stdin: bytes | None = None) -> tuple[int, str, str]:
        if stdin is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(arguments)
        return code, *capsys.readouterr()

    return _run


def rows_of(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        check=False,
        timeout=60,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[1] / "src"),
            **options.pop("env", {}),
        },
        **options,
    )


# What is read


def test_a_text_is_shown_with_marks_scores_and_hints(run: Run) -> None:
    code, out, err = run("You idiot, sorry but no!")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "You idiot, sorry but no!"
    assert lines[1] == "    ^^^^^        ~~~"
    assert "^ hostility     ▇▇▇▇▇▇▇▁▁▁ 0.73" in lines
    assert "~ defensiveness ▇▇▇▇▇▇▁▁▁▁ 0.62" in lines
    assert "+ empathy       ▇▁▁▁▁▁▁▁▁▁ 0.12" in lines
    assert "1. “idiot”" in lines
    assert "   Instead: “and”" in lines
    assert "   Or leave it out." in lines
    assert "   own-it · hostility/insult · hostility −0.30" in lines
    assert "3. Say more." in lines
    assert "   Add: “[what you will do] by [when]”" in lines


def test_a_text_without_hints_says_so(run: Run) -> None:
    _, out, _ = run("All is well.")
    assert out.endswith("\nNothing to suggest.\n")


def test_the_message_answered_is_passed_on(run: Run) -> None:
    _, out, _ = run("Well.", "--reply-to", "You again")
    assert "Take a breath first. They wrote: You again" in out


def test_effects_too_small_to_show_are_left_out(run: Run) -> None:
    hint = Hint("a/b", "warmth", "empathy", None, "Well.", (), -0.004)
    assert details(hint) == "warmth · a/b"
    assert details(hint._replace(effect=-0.006)) == "warmth · a/b · empathy −0.01"


def test_why_the_rules_alone_have_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Read by" not in run("idiot")[1]
    analyze = SmallAnalyzer._analyze

    def fallen(self: SmallAnalyzer, text: str, reply_to: str | None) -> Analysis:
        analysis = analyze(self, text, reply_to)
        return analysis._replace(engine=analysis.engine._replace(fallback="no onnxruntime"))

    monkeypatch.setattr(SmallAnalyzer, "_analyze", fallen)
    Path("a.txt").write_text("idiot")
    _, out, _ = run("a.txt", "a.txt")
    assert out.count("Read by the rules alone: no onnxruntime") == 1
    assert out.endswith("\nRead by the rules alone: no onnxruntime\n")


def test_notes_are_shown(run: Run) -> None:
    assert "Note: This seems to be French." in run("merci")[1]


def test_a_lone_argument_is_a_file_if_there_is_one(run: Run) -> None:
    Path("idiot").write_text("thanks")
    _, out, _ = run("idiot", "--format", "json")
    assert json.loads(out)["text"] == "thanks"
    assert json.loads(out)["source"] == {"file": "idiot", "line": None}
    _, out, _ = run("--text", "idiot", "--format", "json")
    assert json.loads(out)["text"] == "idiot"
    assert "source" not in json.loads(out)


@pytest.mark.parametrize(
    "argument",
    [
        *("reply.md", "drafts/reply", "./x", "My Docs/reply.txt", "reply 2.txt", "a b.JSONL"),
        *("READMEE", "readme", "my note/some answer", "Mr. No/a, b", "Contract 2"),
    ],
)
def test_what_looks_like_a_missing_file_is_no_text(run: Run, argument: str) -> None:
    for folder in ("my note", "Mr. No"):
        Path(folder).mkdir()
    for name in ("README.md", "Contract 1.odt"):
        Path(name).touch()
    code, out, err = run(argument)
    assert (code, out) == (2, "")
    assert f"no file {argument}" in err
    assert "--text" in err
    assert run("--text", argument)[0] == 0


@pytest.mark.parametrize(
    "text",
    [
        *("Hello", "Hm...", "Yes/no, you idiot.md", "ok.", "", "- a dash", "x" * 5000),
        *("Did you read README.md?", "either/or it is", "a\nb.md", "/ me sighs, you idiot"),
    ],
)
def test_what_does_not_look_like_a_file_is_a_text(run: Run, text: str) -> None:
    code, out, _ = run(text, "--format", "json")
    assert code == 0
    assert json.loads(out)["text"] == text


def test_a_name_like_that_of_a_file_names_the_file(run: Run) -> None:
    Path("notes").mkdir()
    Path("notes", "Reply one.md").touch()
    Path("LICENSE").touch()
    assert "did you mean LICENSE?" in run("License")[2]
    assert f"did you mean {Path('notes', 'Reply one.md')}?" in run("notes/Reply on")[2]
    assert run("Licence?")[0] == 0


@pytest.mark.parametrize("argument", ["READMEE", "draft", "My Docs/reply", "nota-bene"])
def test_a_word_is_a_file_where_the_exit_code_counts(run: Run, argument: str) -> None:
    code, out, err = run(argument, "--fail-over", "hostility=0.6", "-q")
    assert (code, out) == (2, "")
    assert f"no file {argument}" in err
    assert run("--text", argument, "--fail-over", "hostility=0.6", "-q")[0] == 0
    assert run("Sorry.", "--fail-over", "hostility=0.6")[0] == 0
    assert run(argument)[0] == 0


def test_files_by_name(run: Run) -> None:
    code, out, err = run("--file", "an idiot", "--fail-over", "hostility=0.6")
    assert (code, out) == (2, "")
    assert err == "calmtone: an idiot: No such file or directory\n"
    Path("a").write_text("one")
    Path("b").write_text("two")
    assert len(json.loads(run("--file", "a", "--file", "b", "--format", "json")[1])) == 2
    assert len(json.loads(run("--file", "a", "b", "--format", "json")[1])) == 2
    assert run("--file", "a", "--text", "b")[0] == 2


def test_options_before_a_command_are_no_text(run: Run) -> None:
    code, out, err = run("-q", "rules", "list")
    assert (code, out) == (2, "")
    assert "calmtone rules list [options]" in err
    assert run("--no-color", "thread", "a.eml")[0] == 2
    assert json.loads(run("--format", "json", "--", "rules")[1])["text"] == "rules"
    Path("rules").write_text("idiot")
    assert json.loads(run("--format", "json", "rules")[1])["text"] == "idiot"


def test_texts_may_start_with_dashes(run: Run) -> None:
    _, out, _ = run("--format", "json", "--", "--idiot")
    assert json.loads(out)["text"] == "--idiot"


def test_several_arguments_are_files(run: Run) -> None:
    Path("a.txt").write_text("idiot")
    Path("b.txt").write_text("thanks")
    code, out, err = run("a.txt", "gone", "b.txt", "--format", "json")
    assert [row["text"] for row in json.loads(out)] == ["idiot", "thanks"]
    assert code == 2
    assert err == "calmtone: gone: No such file or directory\n"


def test_stdin_by_name_or_when_piped(run: Run) -> None:
    assert rows_of(run("-", "--format", "jsonl", stdin=b"idiot")[1])[0]["text"] == "idiot"
    assert rows_of(run("--format", "jsonl", stdin=b"but")[1])[0]["text"] == "but"
    assert rows_of(run("-", "--format", "jsonl", stdin=b"")[1])[0]["text"] == ""


def test_empty_stdin_that_nobody_named_is_an_error(run: Run) -> None:
    code, _, err = run(stdin=b"\n")
    assert code == 2
    assert "stdin is empty" in err


def test_nothing_to_read_shows_the_help(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    code, out, err = run()
    assert (code, out) == (2, "")
    assert "usage: calmtone" in err


def test_help_is_no_error(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert "--fail-over" in out


def test_folders_are_refused(run: Run, tmp_path: Path) -> None:
    code, _, err = run(str(tmp_path))
    assert code == 2
    assert "is a folder" in err


def test_text_and_inputs_exclude_each_other(run: Run) -> None:
    assert run("--text", "a", "b")[0] == 2


def test_a_byte_order_mark_is_no_text(run: Run) -> None:
    Path("a.txt").write_bytes(b"\xef\xbb\xbfidiot")
    assert json.loads(run("a.txt", "--format", "json")[1])["text"] == "idiot"


def test_other_encodings_are_reported_with_their_place(run: Run) -> None:
    Path("a.txt").write_bytes(b"fine\nna\xefve")
    code, out, err = run("a.txt")
    assert (code, out) == (2, "")
    assert err == "calmtone: a.txt:2: not UTF-8 (0xef at byte 7): save it as UTF-8\n"


def test_too_long_texts_are_reported(run: Run) -> None:
    code, _, err = run("too long", "--max-chars", "7")
    assert code == 2
    assert "8 characters, over the limit of 7" in err
    assert "--max-chars" in err


def test_a_long_message_answered_is_named(run: Run) -> None:
    code, _, err = run("fine", "--max-chars", "7", "--reply-to", "too long")
    assert code == 2
    assert err.startswith("calmtone: the text: the message answered: 8 characters")


def test_the_analyzer_gets_the_options(run: Run, small: type[SmallAnalyzer]) -> None:
    run("a", "--engine", "rules", "--rules", "x", "--rules", "y", "--max-chars", "9")
    plain = {"model": None, "revision": None, "labels": None, "threads": 1}
    assert small.made == {"engine": "rules", "rules": ["x", "y"], "max_chars": 9, **plain}
    run("a")
    assert small.made == {"engine": "auto", "rules": None, "max_chars": 100_000, **plain}
    run("a", "--engine", "onnx", "--model", "a/b", "--revision", "c", "--threads", "2")
    given = {"engine": "onnx", "model": "a/b", "revision": "c", "labels": None, "threads": 2}
    assert small.made == {"rules": None, "max_chars": 100_000, **given}


# Batches


def test_jsonl_gives_a_line_for_each_message(run: Run) -> None:
    Path("a.jsonl").write_bytes(
        b'\xef\xbb\xbf{"text": "idiot"}\n\n{"message": "thanks", "on": "x"}\r\n'
        b'{"body": "caf\xc3\xa9"}'
    )
    code, out, err = run("a.jsonl")
    assert (code, err) == (0, "")
    rows = rows_of(out)
    assert [row["text"] for row in rows] == ["idiot", "thanks", "café"]
    assert [row["source"]["line"] for row in rows] == [1, 3, 4]
    assert rows[0]["scores"]["hostility"] == pytest.approx(HIGH)


def test_broken_rows_are_reported_and_the_others_done(run: Run) -> None:
    Path("a.jsonl").write_bytes(
        b'{"text": "one"}\n{text}\n{"text": 3}\n["text"]\n{"note": ""}\n'
        b'{"text": "\xff"}\n' + b"[" * 100_000 + b'\n{"text": "two"}\n'
    )
    code, out, err = run("a.jsonl")
    assert code == 2
    assert [row["text"] for row in rows_of(out)] == ["one", "two"]
    problems = err.splitlines()
    assert [problem.split(": ")[1] for problem in problems] == [
        f"a.jsonl:{line}" for line in range(2, 8)
    ]
    assert "not valid JSON" in problems[0]
    assert "'text' is not a string but 3" in problems[1]
    assert "not a JSON object" in problems[2]
    assert "no 'text', 'message', 'body' among 'note'" in problems[3]
    assert "not UTF-8 (0xff at byte 10)" in problems[4]


def test_csv_with_line_breaks_inside_of_fields(run: Run) -> None:
    Path("a.csv").write_bytes(
        b'\xef\xbb\xbfid,message\r\n1,"you\nidiot, ""you"""\r\n\r\n2,fine\r\n'
    )
    code, out, _ = run("a.csv")
    assert code == 0
    rows = rows_of(out)
    assert [row["text"] for row in rows] == ['you\nidiot, "you"', "fine"]
    assert [row["source"]["line"] for row in rows] == [2, 5]


def test_columns_by_name(run: Run) -> None:
    Path("a.csv").write_text("text,reply,asked\nno,idiot,angry words\nno,thanks,\n")
    _, out, _ = run("a.csv", "--text-column", "reply", "--context-column", "asked")
    rows = rows_of(out)
    assert [row["text"] for row in rows] == ["idiot", "thanks"]
    assert rows[0]["pause"] == {"reason": "They wrote: angry words", "helps": ["Wait."]}
    assert rows[1]["pause"] is None


@pytest.mark.parametrize("option", ["--text-key", "--context-column"])
def test_a_column_that_is_not_there(run: Run, option: str) -> None:
    Path("a.csv").write_text("text,reply\nno,idiot\n")
    code, out, err = run("a.csv", option, "answer")
    assert (code, out) == (2, "")
    assert err.startswith("calmtone: a.csv: no ")
    assert "'answer' among 'text', 'reply'" in err
    assert len(err.splitlines()) == 1


def test_broken_csv_rows(run: Run) -> None:
    Path("a.csv").write_bytes(b'id,text\n1,a\n2\n3,\xff\n4,b\n5,"never closed\n6,c\n')
    code, out, err = run("a.csv")
    assert code == 2
    assert [row["text"] for row in rows_of(out)] == ["a", "b", "c"]
    assert [line.split(": ")[1] for line in err.splitlines()] == [
        "a.csv:3",
        "a.csv:4",
        "a.csv:6",
    ]


def test_an_empty_csv_file(run: Run) -> None:
    Path("a.csv").write_text("")
    code, _, err = run("a.csv")
    assert code == 2
    assert "a.csv: is empty" in err


def test_the_kind_of_stdin_can_be_said(run: Run) -> None:
    code, out, err = run(
        "-", "--input", "jsonl", "--fail-over", "hostility=0.5", stdin=b'{"text":"idiot"}\n'
    )
    assert code == 1
    assert rows_of(out)[0]["source"] == {"file": None, "line": 1}
    assert err == "calmtone: stdin:1: hostility 0.73 is over the limit of 0.50\n"


def test_batches_larger_than_a_chunk_keep_their_order(run: Run) -> None:
    Path("a.jsonl").write_text("".join(f'{{"text": "{i}"}}\n' for i in range(200)))
    rows = rows_of(run("a.jsonl")[1])
    assert [row["text"] for row in rows] == [str(i) for i in range(200)]


def test_batches_are_streamed(small: type[SmallAnalyzer], capsys: Any) -> None:
    from calmtone.cli.arguments import Options
    from calmtone.cli.inputs import read_source
    from calmtone.cli.sources import Source

    read: list[int] = []
    stream = io.BytesIO(b'{"text": "a"}\n' * 100)
    sys_stdin = type("Stdin", (), {"buffer": stream})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", sys_stdin)
        messages = read_source(Source("stdin", "jsonl"), Options(), print, read.append)
        assert next(messages).text == "a"
    assert read == [14]


def test_too_long_rows_are_broken_rows(run: Run) -> None:
    Path("a.jsonl").write_text('{"text": "123456"}\n{"text": "12345"}\n')
    code, out, err = run("a.jsonl", "--max-chars", "5")
    assert code == 2
    assert [row["text"] for row in rows_of(out)] == ["12345"]
    assert "a.jsonl:1: 6 characters" in err


# Limits


def test_over_a_limit(run: Run) -> None:
    code, out, err = run("an idiot", "--fail-over", "hostility=0.6,defensiveness=0.7")
    assert code == 1
    assert "0.73" in out
    assert err == "calmtone: hostility 0.73 is over the limit of 0.60\n"


def test_within_the_limits(run: Run) -> None:
    assert run("an idiot", "--fail-over", "hostility=0.8")[0] == 0
    assert run("is fine", "--fail-over", "hostility=0.6,defensiveness=0.7")[::2] == (0, "")


def test_limits_may_be_given_one_by_one(run: Run) -> None:
    arguments = ("--fail-over", "hostility=1", "--fail-over", "defensiveness=0.5")
    assert run("and but", *arguments)[0] == 1
    assert run("an idiot", *arguments)[0] == 0


@pytest.mark.parametrize(
    "limit",
    ["anger=0.5", "hostility", "hostility=", "hostility=1.1", "hostility=-1", "hostility=nan"],
)
def test_wrong_limits_name_the_dimensions(run: Run, limit: str) -> None:
    code, _, err = run("is fine", "--fail-over", limit)
    assert code == 2
    assert "hostility, defensiveness, empathy" in err


def test_unreadable_input_goes_before_limits(run: Run) -> None:
    Path("a.jsonl").write_text('{"text": "idiot"}\nno\n')
    assert run("a.jsonl", "--fail-over", "hostility=0.1")[0] == 2


def test_quiet_shows_only_what_is_over(run: Run) -> None:
    code, out, err = run("idiot", "--quiet")
    assert (code, out) == (0, "")
    assert "--fail-over" in err
    Path("a.jsonl").write_text('{"text": "fine"}\n{"text": "idiot"}\n')
    code, out, _ = run("a.jsonl", "--quiet", "--fail-over", "hostility=0.6")
    assert code == 1
    assert [row["text"] for row in rows_of(out)] == ["idiot"]


# Suppression


def scores_of(out: str) -> dict[str, float]:
    scores: dict[str, float] = json.loads(out)["scores"]
    return scores


@pytest.mark.parametrize(
    "text",
    [
        "idiot # calmtone: ignore[hostility/insult]",
        "idiot  <!-- calmtone:ignore -->",
        "<!-- calmtone: ignore[other/rule, hostility/insult] -->\n\nidiot",
        "// Calmtone: ignore\nidiot",
        "# calmtone: ignore[other/rule]\n# calmtone: ignore[hostility/insult]\nidiot",
    ],
)
def test_ignored_hints_and_evidence_are_gone(run: Run, text: str) -> None:
    Path("a.md").write_text(text)
    code, out, _ = run("a.md", "--format", "json", "--fail-over", "hostility=0.5")
    assert code == 0
    assert scores_of(out)["hostility"] == pytest.approx(LOW)
    found = json.loads(out)
    assert found["text"] == text
    assert found["hints"] == found["evidence"] == []


@pytest.mark.parametrize(
    "text",
    [
        "idiot # calmtone: ignore[defensiveness/but]",
        "# calmtone: ignore\n\nfine\nidiot",
        "idiot\n# calmtone: ignore",
        "idiot # calmtone: ignore[hostility/insult",
        "idiot # calmtone: ignored",
    ],
)
def test_what_is_not_ignored_counts(run: Run, text: str) -> None:
    Path("a.md").write_text(text)
    assert run("a.md", "--fail-over", "hostility=0.5")[0] == 1


def test_only_the_line_is_ignored(run: Run) -> None:
    Path("a.md").write_text("idiot # calmtone: ignore\nan idiot, but\n")
    _, out, _ = run("a.md", "--format", "json")
    found = json.loads(out)
    assert [hint["span"]["start"] for hint in found["hints"]] == [28, 35]
    assert scores_of(out)["hostility"] == pytest.approx(HIGH)


def test_hints_about_missing_things_are_ignored_by_name(run: Run) -> None:
    Path("a.md").write_text("Well!\n\n<!-- calmtone: ignore[missing/next-step] -->\n")
    assert json.loads(run("a.md", "--format", "json")[1])["hints"] == []
    Path("a.md").write_text("Well!\nNo! <!-- calmtone: ignore -->\n")
    assert len(json.loads(run("a.md", "--format", "json")[1])["hints"]) == 1


def test_whatever_else_is_in_the_line_still_counts(run: Run) -> None:
    Path("a.md").write_text("idiot, but # calmtone: ignore[hostility/insult]\n")
    _, out, _ = run("a.md", "--format", "json")
    assert scores_of(out)["hostility"] == pytest.approx(LOW)
    assert [hint["rule"] for hint in json.loads(out)["hints"]] == ["defensiveness/but"]
    assert json.loads(out)["hints"][0]["span"] == {"start": 7, "end": 10}


def test_rows_may_not_ask_to_be_ignored(run: Run) -> None:
    Path("a.jsonl").write_text('{"text": "idiot calmtone: ignore"}\n')
    assert run("a.jsonl", "--fail-over", "hostility=0.5")[0] == 1


def test_ignoring_can_be_switched_off(run: Run) -> None:
    text = "idiot calmtone: ignore"
    assert run(text, "--fail-over", "hostility=0.5")[0] == 0
    assert run(text, "--fail-over", "hostility=0.5", "--no-inline-ignore")[0] == 1


def test_suppressions_are_not_analysed(run: Run) -> None:
    text = "a calmtone: ignore[idiot/but]\nb"
    assert readable(text, None) == "a" + " " * 28 + "\nb"
    assert find_ignored(text)[0].rules == frozenset({"idiot/but"})


def test_comments_of_commit_messages_are_not_analysed(run: Run) -> None:
    Path("COMMIT_EDITMSG").write_text(
        "Fix it\n\n# idiot\nfine\n# ------- >8 -------\n-idiot\n+idiot\n"
    )
    code, out, _ = run("COMMIT_EDITMSG", "--format", "json", "--fail-over", "hostility=0.5")
    assert code == 0
    assert json.loads(out)["evidence"] == []
    Path("notes.md").write_text("# idiot\n")
    assert run("notes.md", "--fail-over", "hostility=0.5")[0] == 1


# Formats


@pytest.mark.parametrize(
    ("offsets", "span"), [("codepoint", (2, 7)), ("utf-16", (3, 8)), ("utf-8", (5, 10))]
)
def test_offsets(run: Run, offsets: str, span: tuple[int, int]) -> None:
    _, out, _ = run("😀 idiot", "--format", "json", "--offsets", offsets)
    assert json.loads(out)["evidence"][0]["span"] == dict(
        zip(("start", "end"), span, strict=True)
    )


def test_json_of_rows_is_an_array(run: Run) -> None:
    Path("a.jsonl").write_text('{"text": "a"}\n')
    assert len(json.loads(run("a.jsonl", "--format", "json")[1])) == 1
    Path("a.jsonl").write_text("")
    assert json.loads(run("a.jsonl", "--format", "json")[1]) == []


def test_json_of_a_text_is_that_of_the_library(run: Run) -> None:
    _, out, _ = run("You idiot", "--format", "jsonl")
    analysis = SmallAnalyzer().analyze_batch(["You idiot"], reply_to=[None])[0]
    assert json.loads(out) == analysis.to_dict()


def test_github_commands(run: Run) -> None:
    Path("a,b.md").write_text("fine\nyou idiot!\n")
    _, out, _ = run("a,b.md", "--format", "github", "--fail-over", "hostility=0.5")
    assert out.splitlines() == [
        "::error file=a%2Cb.md,line=1,title=calmtone::hostility 0.73 is over the limit of 0.50",
        "::warning file=a%2Cb.md,line=2,endLine=2,col=5,endColumn=10,"
        'title=calmtone%3A hostility/insult::Consider: a, b. Instead: "and"',
        "::warning file=a%2Cb.md,line=1,title=calmtone%3A missing/next-step::"
        'Say more. Add: "[what you will do] by [when]"',
    ]


def test_github_commands_of_rows_name_their_line(run: Run) -> None:
    Path("a.jsonl").write_text('{"text": "fine"}\n{"text": "idiot"}\n')
    _, out, _ = run("a.jsonl", "--format", "github")
    assert out.startswith("::warning file=a.jsonl,line=2,title=")


def test_github_data_cannot_break_out() -> None:
    from calmtone.cli.formats import _data, _property

    assert _data("50%\r\n::error::x") == "50%25%0D%0A::error::x"
    assert _property("a:b,c\n") == "a%3Ab%2Cc%0A"


def test_sarif(run: Run) -> None:
    Path("my notes.md").write_text("fine\r\n😀 idiot but!\r\n")
    code, out, _ = run("my notes.md", "--format", "sarif", "--fail-over", "hostility=0.5")
    assert code == 1
    log = json.loads(out)
    assert log["version"] == "2.1.0"
    assert "sarif-2.1.0" in log["$schema"]
    [tool_run] = log["runs"]
    assert tool_run["columnKind"] == "unicodeCodePoints"
    results = tool_run["results"]
    driver = tool_run["tool"]["driver"]
    assert driver["name"] == "calmtone"
    assert [driver["rules"][r["ruleIndex"]]["id"] for r in results] == [
        r["ruleId"] for r in results
    ]
    assert [result["level"] for result in results] == ["error", "warning", "warning", "note"]
    place = results[1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "my%20notes.md"}
    assert place["region"] == {
        "startLine": 2,
        "startColumn": 3,
        "endLine": 2,
        "endColumn": 8,
        "charOffset": 8,
        "charLength": 5,
    }


def test_sarif_describes_shipped_rules(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = built_in()[0].rules[0]
    monkeypatch.setitem(WORDS, "idiot", (rule.id, rule.dimension, 3.0))
    _, out, _ = run("an idiot", "--format", "sarif", "--fail-over", f"{rule.dimension}=0.5")
    rules = json.loads(out)["runs"][0]["tool"]["driver"]["rules"]
    described = next(entry for entry in rules if entry["id"] == rule.id)
    assert described["shortDescription"] == {"text": rule.summary}
    assert described["properties"]["practice"] == rule.practice


def test_sarif_without_results(run: Run) -> None:
    _, out, _ = run("fine", "--format", "sarif")
    [tool_run] = json.loads(out)["runs"]
    assert tool_run["results"] == tool_run["tool"]["driver"]["rules"] == []


def test_regions() -> None:
    assert region_of("ab\ncd", Span(1, 4)) == (1, 2, 2, 2)
    assert region_of("a\r\nb", Span(3, 4)) == (2, 1, 2, 2)


# The terminal


def test_long_files_show_only_lines_with_something_to_show(run: Run) -> None:
    lines = [f"line {number}" for number in range(1, 41)]
    lines[4], lines[20] = "you idiot", "no but"
    Path("a.md").write_text("\n".join(lines))
    _, out, _ = run("a.md")
    assert out.splitlines()[:7] == [
        "a.md",
        " 5 │ you idiot",
        "         ^^^^^",
        "  ⋮",
        "21 │ no but",
        "        ~~~",
        "",
    ]


def test_marks_stand_under_wide_characters(run: Run) -> None:
    _, out, _ = run("漢字 e\u0301 idiot")
    assert out.splitlines()[1] == " " * 7 + "^^^^^"


def test_long_lines_are_wrapped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    _, out, _ = run("word " * 9 + "idiot " + "x" * 50)
    lines = out.splitlines()
    assert lines[:4] == [
        "word word word word word word word word",
        "word idiot",
        "     ^^^^^",
        "x" * 40,
    ]
    assert lines[4] == "x" * 10


def test_texts_cannot_steer_the_terminal(run: Run) -> None:
    _, out, _ = run("a\x1b[2Jb\u202ec \x9b idiot\udcff")
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert out.splitlines()[0] == "a\ufffd[2Jb\ufffdc \ufffd idiot\ufffd"


def test_color(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    _, out, _ = run("You idiot")
    assert out.splitlines()[0] == "You \x1b[4;31midiot\x1b[0m"
    assert "\x1b" not in run("You idiot", "--no-color")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("You idiot")[1]


def test_color_by_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    assert Output(Terminal(), color=True).color
    assert not Output(io.StringIO(), color=True).color
    monkeypatch.setenv("TERM", "dumb")
    assert not Output(Terminal(), color=True).color


def test_stdout_that_is_not_unicode() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n")
    output = Output(stream, color=False)
    output.line("hostility ▇▁ “naïve” −0.30")
    stream.flush()
    assert stream.buffer.getvalue() == b'hostility #. "na\\xefve" -0.30\n'


def test_signs_that_the_encoding_has_are_kept() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", newline="\n")
    Output(stream, color=False).line("▇ “naïve” — 5 €… 🙂")
    stream.flush()
    assert stream.buffer.getvalue().decode("cp1252") == "# “naïve” — 5 €… \\U0001f642\n"


def test_progress_is_optional(
    small: type[SmallAnalyzer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n')
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    for name in ("rich", "rich.console", "rich.progress"):
        monkeypatch.setitem(sys.modules, name, None)
    assert main([str(path)]) == 0
    assert rows_of(capsys.readouterr().out)[0]["text"] == "a"


def test_progress_counts_bytes(
    small: type[SmallAnalyzer],
    drawn: Drawn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n' * 3)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main([str(path)]) == 0
    assert drawn.totals == [sum(drawn.advanced)] == [path.stat().st_size]
    assert len(rows_of(capsys.readouterr().out)) == 3
    assert main([str(path), "--quiet"]) == 0
    assert len(drawn.totals) == 1


# Rules


def test_rules_list(run: Run) -> None:
    code, out, _ = run("rules", "list")
    rules = built_in()[0].rules
    assert code == 0
    assert len(out.splitlines()) == len(rules)
    assert all(rule.id in out and rule.summary in out for rule in rules)
    _, out, _ = run("rules", "list", "--dimension", "hostility")
    assert {line.split("/")[0] for line in out.splitlines()} == {"hostility"}


def test_rules_explain(run: Run) -> None:
    rule = next(rule for rule in built_in()[0].rules if rule.hint and rule.find)
    code, out, _ = run("rules", "explain", rule.id)
    assert code == 0
    told = (rule.summary, rule.practice, rule.strength, rule.hint, *rule.find, *rule.match)
    assert all(part in out for part in (*told, *rule.no_match))


def test_rules_explain_by_name_or_suggestion(run: Run) -> None:
    ids = [rule.id for rule in built_in()[0].rules]
    names = [id_.split("/")[1] for id_ in ids]
    unique = next(name for name in names if names.count(name) == 1)
    assert run("rules", "explain", unique)[0] == 0
    code, out, err = run("rules", "explain", f"{ids[0]}x")
    assert (code, out) == (2, "")
    assert f"did you mean {ids[0]}" in err


OWN_RULE = """\
[own]
summary  = "Says that it is made of cheese."
practice = "warmth"
strength = "mild"
find     = ["made of cheese"]
hint     = "Consider another food."
match    = ["The moon is <made of cheese>."]
no-match = ["The cheese is made of milk."]
"""


@pytest.fixture
def own_rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules" / "hostility"
    folder.mkdir(parents=True)
    (folder / "food.toml").write_text(OWN_RULE)
    return tmp_path / "rules"


def test_own_rules_are_listed_and_explained(run: Run, own_rules: Path) -> None:
    assert "hostility/own" in run("rules", "list", "--rules", str(own_rules))[1]
    assert "made of cheese" in run("rules", "explain", "own", "--rules", str(own_rules))[1]


def test_rules_check(run: Run, own_rules: Path) -> None:
    assert run("rules", "check", str(own_rules))[::2] == (0, "")
    file = own_rules / "hostility" / "food.toml"
    file.write_text(OWN_RULE.replace("made of milk", "made of cheese"))
    code, _, err = run("rules", "check", str(own_rules))
    assert code == 1
    assert f"calmtone: {file}: [own] no-match" in err
    assert "1 problem found" in err


def test_rules_check_of_a_missing_path(run: Run) -> None:
    code, _, err = run("rules", "check", "gone")
    assert (code, err) == (2, "calmtone: gone: no such file or folder\n")


def test_rules_check_without_a_path_checks_the_shipped_rules(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[Path] = []

    def check(paths: list[Path], tables: object, built_in: object, each: object) -> list[str]:
        checked.extend(paths)
        return []

    monkeypatch.setattr("calmtone.rules.checking.check", check)
    code, out, err = run("rules", "check")
    assert (code, err) == (0, "")
    assert "All rules pass" in out
    [folder] = checked
    assert (folder / "hostility" / "insult.toml").is_file()


def test_rules_check_shows_how_far_it_is(
    run: Run, own_rules: Path, monkeypatch: pytest.MonkeyPatch, drawn: Drawn
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("calmtone.cli.progress._MANY", 1)
    assert run("rules", "check", str(own_rules))[0] == 0
    assert drawn.totals == [1]
    assert drawn.advanced == [1]
    for name in ("rich", "rich.console", "rich.progress"):
        monkeypatch.setitem(sys.modules, name, None)
    code, _, err = run("rules", "check", str(own_rules))
    assert (code, err) == (0, "calmtone: checking rules: 1\n")


def test_hints_without_a_rule_are_explained(run: Run) -> None:
    code, out, _ = run("rules", "explain", "missing/help")
    assert code == 0
    assert "practice  next-step" in out
    assert run("rules", "explain", "missing/nothing")[0] == 2
    assert run("rules", "explain", "missing/")[0] == 2


@pytest.mark.parametrize(
    ("id_", "told"),
    [
        ("reply/own", "practice  own-it"),
        ("reply/next-step", "[when]"),
        ("weak/next-step", "practice  follow-through"),
        ("lexicon/empathy", "dimension empathy"),
        ("lexicon/hostility", "practice  curiosity"),
        ("model/insult", "dimension hostility"),
        ("context/defensiveness", "the text as a whole"),
        ("limit/hostility", "--fail-over"),
    ],
)
def test_every_id_that_is_shown_can_be_explained(run: Run, id_: str, told: str) -> None:
    code, out, err = run("rules", "explain", id_)
    assert (code, err) == (0, "")
    assert out.startswith(f"{id_}\n")
    assert told in out
    assert "{" not in out
    code, _, err = run("rules", "explain", f"{id_}x")
    assert code == 2
    assert f"choose from {id_.split('/')[0]}/" in err


def test_ids_of_an_analysis_can_be_explained(run: Run, analyzer: Analyzer) -> None:
    found = analyzer.analyze(
        "We're sorry for any inconvenience. We'll look into it, you pest.",
        reply_to="You lost my parcel, and nobody answers. When will I have my £40 back?",
    )
    ids = {hint.rule for hint in found.hints} | {item.rule for item in found.evidence}
    assert {id_.split("/")[0] for id_ in ids} >= {"reply", "context"}
    for id_ in ids:
        assert run("rules", "explain", id_)[0] == 0


def test_rules_without_a_command(run: Run) -> None:
    assert run("rules")[0] == 2


# Errors, and the process


def test_version_names_the_rules(run: Run) -> None:
    from calmtone import __version__
    from calmtone.compiled import speedups

    told = f"rules 0123456789ab{'' if speedups else ', not compiled'}"
    assert run("--version")[:2] == (0, f"calmtone {__version__} ({told})\n")


def test_interrupts(
    small: type[SmallAnalyzer], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def interrupt(*args: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SmallAnalyzer, "analyze_batch", interrupt)
    assert main(["a"]) == 130
    assert capsys.readouterr().err == ""


def test_errors_of_the_library_are_one_line(
    small: type[SmallAnalyzer], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from calmtone import EngineUnavailableError

    def refuse(self: SmallAnalyzer, **options: Any) -> None:
        raise EngineUnavailableError("the engine onnx needs calmtone[onnx]")

    monkeypatch.setattr(SmallAnalyzer, "__init__", refuse)
    assert main(["a", "--engine", "onnx"]) == 2
    assert capsys.readouterr().err == "calmtone: the engine onnx needs calmtone[onnx]\n"


def test_importing_the_library_imports_no_command_line() -> None:
    code = (
        "import sys, calmtone; "
        "bad = [m for m in sys.modules if m.split('.')[0] in ('argparse', 'rich') "
        "or m.startswith('calmtone.cli')]; sys.exit(str(bad) if bad else 0)"
    )
    assert python("-c", code).returncode == 0


def test_importing_the_command_line_is_light() -> None:
    code = (
        "import sys, calmtone.cli; bad = {'argparse', 'rich', 'csv'} & set(sys.modules); "
        "sys.exit(str(bad) if bad else 0)"
    )
    assert python("-c", code).returncode == 0


def test_the_process_end_to_end() -> None:
    result = python(
        "-m",
        "calmtone",
        "You people are useless idiots.",
        "--fail-over",
        "hostility=0.5",
        env={"PYTHONIOENCODING": "utf-8"},
    )
    assert result.returncode == 1, result.stderr
    text = result.stdout.decode()
    assert "You people are useless idiots." in text
    assert re.search(r"hostility +▇+▁* [01]\.\d\d", text)
    assert b"is over the limit of 0.50" in result.stderr


def test_the_process_is_calm_about_kindness() -> None:
    text = b"Thank you for telling us, I will send you a new one today."
    result = python(
        "-m", "calmtone", "-", "--fail-over", "hostility=0.5,defensiveness=0.5", input=text
    )
    assert (result.returncode, result.stderr) == (0, b"")


def test_the_process_uses_own_rules(own_rules: Path) -> None:
    options = ("--format", "json", "--rules", str(own_rules), "--engine", "rules")
    result = python("-m", "calmtone", "This is made of cheese.", *options)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert "hostility/own" in [evidence["rule"] for evidence in found["evidence"]]
    (own_rules / "hostility" / "food.toml").write_text("[own]\nfind = 1\n")
    result = python("-m", "calmtone", "a", *options)
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr
    assert result.stderr.startswith(b"calmtone: ")


def test_the_process_suppresses_in_line() -> None:
    text = b"You people are useless idiots. <!-- calmtone: ignore -->\n"
    limit = ("--fail-over", "hostility=0.5")
    assert python("-m", "calmtone", "-", *limit, input=text).returncode == 0
    assert python("-m", "calmtone", "-", *limit, input=text[:31]).returncode == 1


def test_ignoring_one_sentence_brings_up_the_next() -> None:
    insults = "You are a useless idiot. # calmtone: ignore[hostility/{}]\nYou stupid moron.\n"
    plain = python("-m", "calmtone", "-", "--format", "json", input=insults.encode())
    named = {
        evidence["rule"].split("/")[1]
        for evidence in json.loads(plain.stdout)["evidence"]
        if evidence["rule"].startswith("hostility/") and evidence["span"]["start"] < 24
    }
    assert named
    text = insults.format(", hostility/".join(named)).encode()
    result = python("-m", "calmtone", "-", "--format", "json", input=text)
    found = json.loads(result.stdout)
    assert found["scores"]["hostility"] > 0.5
    assert all(hint["span"]["start"] > 24 for hint in found["hints"] if hint["span"])


def test_the_process_writes_ascii_where_it_must() -> None:
    result = python("-m", "calmtone", "Fine.", env={"PYTHONIOENCODING": "ascii"})
    assert result.returncode == 0
    assert b"hostility" in result.stdout
    assert result.stdout.isascii()


@pytest.mark.skipif(os.name == "nt", reason="shells differ")
@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("Hello. >&-", 2, "the standard output is closed"),
        ("rewrite Hello. >&-", 2, "the standard output is closed"),
        ("--version >&-", 2, "the standard output is closed"),
        ("rules list >&-", 2, "the standard output is closed"),
        ("thread --html - - < a.txt >&-", 2, "the standard output is closed"),
        ("Hello. -q --fail-over hostility=0.9 >&-", 0, ""),
        ("- <&-", 2, "the standard input is closed"),
        ("thread - <&-", 2, "the standard input is closed"),
        ("rewrite - <&-", 2, "the standard input is closed"),
        ("check-rewrite - Hello. <&-", 2, "the standard input is closed"),
        ("Hello. <&-", 0, ""),
        ("gone.txt 2>&-", 2, ""),
        ("Hello. > /dev/full", 2, "No space left"),
    ],
)
def test_closed_streams(tmp_path: Path, command: str, code: int, told: str) -> None:
    if "/dev/full" in command and not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    (tmp_path / "a.txt").write_text("Hello there.\n")
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m calmtone {command}', sys.executable],
        capture_output=True,
        check=False,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")},
    )
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == bool(told)
    assert told in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes differ")
def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Hello there."}\n' * 2000)
    with subprocess.Popen(
        [sys.executable, "-m", "calmtone", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["text"] == "Hello there."
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


def test_the_hooks_use_known_options() -> None:
    from calmtone.cli.arguments import parse

    hooks = (Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text()
    entries = re.findall(r"^\s+entry: calmtone(.*)$", hooks, re.MULTILINE)
    assert len(entries) == 2
    assert "args:" not in hooks  # the args of a user would replace them
    for entry in entries:
        options = parse([*entry.split(), "--fail-over", "hostility=0.5", "a.md"])
        assert dict(options.fail_over) == {"hostility": 0.5, "defensiveness": 0.7}
        assert options.inputs == ("a.md",)


@pytest.mark.parametrize(
    ("directive", "said"),
    [
        ("ignore[you-idiot]", "a.md:2: no rule 'you-idiot' (did you mean hostility/you-idiot"),
        ("ignore[Hostility/you-idiot]", "did you mean hostility/you-idiot"),
        ("ignore[hostility/*]", "no rule 'hostility/*'"),
        ("ignore[]", "names no rule"),
        ("ignore[hostility/you-idiot, reply/own, model/x]", ""),
        ("ignore", ""),
    ],
)
def test_ids_that_no_rule_has_are_told(run: Run, directive: str, said: str) -> None:
    Path("a.md").write_text(f"Well.\nHello. <!-- calmtone: {directive} -->\n")
    code, _, err = run("a.md")
    assert code == 0
    assert said in err if said else err == ""


def test_conversations_are_for_another_command(run: Run) -> None:
    Path("a.eml").write_text("From: a@b.org\nTo: c@d.org\n\nHello.\n")
    code, out, err = run("a.eml")
    assert (code, out) == (2, "")
    assert "calmtone thread a.eml" in err
    assert run("a.eml", "--input", "text")[0] == 0


def test_a_text_among_files_is_told(run: Run) -> None:
    code, _, err = run("You idiot!", "x.md")
    assert code == 2
    assert "give one text at a time" in err


def test_two_limits_of_one_dimension_are_refused(run: Run) -> None:
    assert "two limits" in run("a", "--fail-over", "hostility=0.5,hostility=0.6")[2]


def test_quiet_json_is_json(run: Run) -> None:
    quiet = ("--quiet", "--format", "json", "--fail-over", "hostility=0.9")
    code, out, _ = run("Hello.", *quiet)
    assert (code, json.loads(out)) == (0, None)
