"""Runs the examples of a page and shows what they really print.

In a block `example`, fenced `pycon` code is run by Python and lines of fenced `console`
code that start with `$ ` by the command line, all in one folder with the files below. They
are read with the rules alone, as after a plain installation, wherever the page is made.
"""

from __future__ import annotations

import builtins
import doctest
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from calmtone import analyzer, engines
from calmtone.cli import main

FILES = {
    "reply.txt": """\
Hi Sam,

As I already told you, the parcel left our warehouse on time. If it is late, that is
the courier's fault, not ours. You should have chosen express delivery.
""",
    "thread.txt": """\
Fixed, thanks. And sorry, that came out harsher than it should have.

On 4 Mar 2025 at 10:20, Theo <theo@example.com> wrote:
> You're right, I missed the null case. I can see how annoying that is late on a Friday;
> I'll push a fix and a test this afternoon.
>
> --
> Theo
>
> On 4 Mar 2025 at 10:05, Mira <mira@example.com> wrote:
>> This is garbage, did you even run the tests?
""",
    "my-rules/defensiveness/jargon.toml": """\
[per-the-sla]
summary  = "Hides behind the service agreement."
practice = "no-buck-passing"
strength = "moderate"
find     = ["[per|under|within] [the|our] sla"]
hint     = "Consider saying what you can do, and when."
match    = ["This is <within our SLA>."]
no-match = ["The SLA is attached."]
""",
    "my-rules/hostility/topic.toml": """\
[idiot-light]
summary  = "A warning light of a car; nobody is insulted."
practice = "think-first"
strength = "neutral"
find     = ["idiot light(s)"]
match    = ["The <idiot light> is on."]
no-match = ["You idiot."]
""",
}
_LONG = re.compile(r"\d+\.\d{5,}(?:e-\d+)?")
_FENCED = re.compile(r"^```(pycon|console)\n(.*?)^```$", re.S | re.M)


class Examples:
    """The examples of one page: what one defines, the next ones know."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {"__name__": "__main__"}
        self._code = 0

    def run(self, body: str) -> str:
        """The block with the outputs of its examples."""

        def show(match: re.Match[str]) -> str:
            kind, code = match.groups()
            shown = self._python(code) if kind == "pycon" else self._console(code)
            return f"```{kind}\n{shown}```"

        with _folder(), _environment({"COLUMNS": "84"}), rules_alone():
            return _FENCED.sub(show, body)

    def _python(self, code: str) -> str:
        shown = ""
        for example in doctest.DocTestParser().get_examples(code):
            with _output() as stream:
                self._execute(example.source)
            lines = example.source.splitlines()
            shown += "".join(
                f"{'...' if i else '>>>'} {line}".rstrip() + "\n"
                for i, line in enumerate(lines)
            )
            shown += _shown(stream)
        return shown

    def _execute(self, source: str) -> None:
        display, sys.displayhook = sys.displayhook, sys.__displayhook__
        try:
            exec(compile(source, "<example>", "single", 0, True), self._names)
        except Exception as error:  # examples show errors, too
            kind = type(error)
            path = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
            print(f"Traceback (most recent call last):\n  ...\n{path}{kind.__name__}: {error}")
        finally:
            sys.displayhook = display
            builtins.__dict__.pop("_", None)

    def _console(self, code: str) -> str:
        shown = ""
        for line in code.splitlines():
            if not line.startswith("$ "):
                continue
            with _output() as stream:
                self._command(shlex.split(line[2:]))
            shown += f"{line}\n{_shown(stream)}"
        return shown

    def _command(self, words: list[str]) -> None:
        match words:
            case ["calmtone", *arguments]:
                self._code = main(arguments)
            case ["cat", name]:
                print(Path(name).read_text(encoding="utf-8"), end="")
            case ["echo", "$?"]:
                print(self._code)
            case _:
                raise ValueError(f"an example may not run {words[0]!r}")


@contextmanager
def _folder() -> Iterator[None]:
    """A folder with the files, for as long as the examples run."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in FILES.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        with chdir(folder):
            yield


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """No wish for colour of the caller's, and these variables."""
    before = dict(os.environ)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        os.environ.pop(name, None)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def rules_alone() -> Iterator[None]:
    """As where the extra `onnx` is not installed: what `auto` takes is the rules."""
    analyzer.default_analyzer.cache_clear()
    try:
        with patch.object(engines, "missing_library", lambda: "onnxruntime"):
            yield
    finally:
        analyzer.default_analyzer.cache_clear()


@contextmanager
def _output() -> Iterator[io.TextIOWrapper]:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(stream), redirect_stderr(stream):
        yield stream


def _read(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def _shown(stream: io.TextIOWrapper) -> str:
    """What was written, long decimals cut to four: their last digits depend on the machine."""
    text = _LONG.sub(lambda match: f"{float(match[0]):.4f}", _read(stream))
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def terminal(arguments: list[str], width: int) -> str:
    """What the command line writes to a terminal with colour."""
    wide = {"COLUMNS": str(width), "FORCE_COLOR": "1"}
    with _environment(wide), rules_alone(), _output() as stream:
        main(arguments)
    return _read(stream)
