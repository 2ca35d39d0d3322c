"""The output formats: text, json, jsonl, github and sarif, each written as it comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

from ..results import Analysis, Hint, Span
from .inputs import Message
from .output import Output, safe


class Excess(NamedTuple):
    """A score over its limit."""

    dimension: str
    score: float
    limit: float

    def __str__(self) -> str:
        return f"{self.dimension} {self.score:.2f} is over the limit of {self.limit:.2f}"


class Result(NamedTuple):
    """A message, its analysis, and what is over the limits."""

    message: Message
    analysis: Analysis
    excesses: tuple[Excess, ...]


class Format(Protocol):
    """How results are written."""

    def add(self, result: Result) -> None:
        """Write one result."""

    def finish(self) -> None:
        """Write what comes after the last one."""


class Region(NamedTuple):
    """Lines and columns of a span, from 1; the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def region_of(text: str, span: Span) -> Region:
    r"""Where a span stands in the lines of a text.

    >>> region_of("one\ntwo three", Span(8, 13))
    Region(line=2, column=5, end_line=2, end_column=10)
    """
    return Region(*_position(text, span.start), *_position(text, span.end))


def _position(text: str, offset: int) -> tuple[int, int]:
    line = text.count("\n", 0, offset) + 1
    return line, offset - text.rfind("\n", 0, offset)


def advice(hint: Hint) -> str:
    """A hint's message with its suggestions, in one paragraph."""
    verb = "Add" if hint.span is None else "Instead"
    parts = [f'{verb}: "{suggestion}"' for suggestion in hint.suggestions if suggestion]
    return " ".join([hint.message, *parts])


class TextFormat:
    """For people."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._separate = False
        self._fallback: str | None = None

    def add(self, result: Result) -> None:
        """Write one result."""
        from .terminal import show

        if self._separate:
            self._output.line()
        self._separate = True
        show(result.message, result.analysis, self._output)
        self._fallback = result.analysis.engine.fallback

    def finish(self) -> None:
        """Say why the rules alone have read, if a model might have."""
        self._output.fallback(self._fallback)


class JsonLines:
    """One object for each result."""

    def __init__(self, output: Output, offsets: str) -> None:
        self._output = output
        self._offsets = offsets

    def add(self, result: Result) -> None:
        """Write one result."""
        self._output.line(json.dumps(as_object(result, self._offsets)))

    def finish(self) -> None:
        """Nothing comes after."""


class Json:
    """One indented object for a single input; an array for several, or for rows.

    Where `quiet` shows nothing of a single input, that is null.
    """

    def __init__(
        self, output: Output, offsets: str, *, array: bool, quiet: bool = False
    ) -> None:
        self._quiet = quiet
        self._output = output
        self._offsets = offsets
        self._array = array
        self._empty = True

    def add(self, result: Result) -> None:
        """Write one result."""
        if self._array:
            self._output.line("[" if self._empty else ",")
        self._empty = False
        self._output.line(json.dumps(as_object(result, self._offsets), indent=2))

    def finish(self) -> None:
        """Close the array."""
        if self._array:
            self._output.line("[]" if self._empty else "]")
        elif self._quiet and self._empty:
            self._output.line("null")


def as_object(result: Result, offsets: str) -> dict[str, Any]:
    """The analysis as data, with `source` in front where it comes from a file."""
    message = result.message
    content = result.analysis.to_dict(offsets)
    if message.file is None and message.line is None:
        return content
    file = None if message.file is None else str(message.file)
    return {"source": {"file": file, "line": message.line}, **content}


class GitHub:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def add(self, result: Result) -> None:
        """Write one result."""
        message, analysis, excesses = result
        for excess in excesses:
            place = _whole(message)
            self._command("error", {**place, "title": "calmtone"}, str(excess))
        for hint in analysis.hints:
            properties = {**_place(message, hint), "title": f"calmtone: {hint.rule}"}
            self._command("warning", properties, advice(hint))

    def finish(self) -> None:
        """Nothing comes after."""

    def _command(self, name: str, properties: dict[str, str], text: str) -> None:
        listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        self._output.line(f"::{name} {listed}::{_data(text)}")


def _whole(message: Message) -> dict[str, str]:
    if message.file is None:
        return {}
    return {"file": message.file.as_posix(), "line": str(message.line or 1)}


def _place(message: Message, hint: Hint) -> dict[str, str]:
    place = _whole(message)
    if message.file is None or message.line is not None or hint.span is None:
        return place
    region = region_of(message.text, hint.span)
    return {
        **place,
        "line": str(region.line),
        "endLine": str(region.end_line),
        "col": str(region.column),
        "endColumn": str(region.end_column),
    }


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return safe(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


class Sarif:
    """A SARIF 2.1.0 log, for code scanning and editors."""

    def __init__(
        self,
        output: Output,
        version: str,
        describe_rules: Callable[[Mapping[str, str]], list[dict[str, Any]]],
    ) -> None:
        self._output = output
        self._version = version
        self._describe_rules = describe_rules
        self._rules: dict[str, str] = {}
        self._empty = True
        output.line('{"$schema": "https://json.schemastore.org/sarif-2.1.0.json",')
        output.line(' "version": "2.1.0",')
        output.line(' "runs": [{"columnKind": "unicodeCodePoints", "results": [')

    def add(self, result: Result) -> None:
        """Write one result."""
        for excess in result.excesses:
            about = f"The {excess.dimension} score is over its limit."
            self._result(_sarif_excess(result.message, excess), about)
        for hint in result.analysis.hints:
            self._result(_sarif_hint(result.message, hint), hint.message)

    def finish(self) -> None:
        """Write the rules that were met."""
        driver = {
            "name": "calmtone",
            "version": self._version,
            "rules": self._describe_rules(self._rules),
        }
        self._output.line(f'], "tool": {json.dumps({"driver": driver})}}}]}}')

    def _result(self, content: dict[str, Any], about: str) -> None:
        self._rules.setdefault(content["ruleId"], about)
        index = list(self._rules).index(content["ruleId"])
        comma = "" if self._empty else ","
        self._empty = False
        self._output.line(comma + json.dumps({**content, "ruleIndex": index}))


def _sarif_excess(message: Message, excess: Excess) -> dict[str, Any]:
    return {
        "ruleId": f"limit/{excess.dimension}",
        "level": "error",
        "message": {"text": str(excess)},
        "locations": _locations(message, None),
    }


def _sarif_hint(message: Message, hint: Hint) -> dict[str, Any]:
    return {
        "ruleId": hint.rule,
        "level": "note" if hint.span is None else "warning",
        "message": {"text": advice(hint)},
        "locations": _locations(message, hint.span),
        "properties": {
            "dimension": hint.dimension,
            "practice": hint.practice,
            "effect": hint.effect,
        },
    }


def _locations(message: Message, span: Span | None) -> list[dict[str, Any]]:
    if message.file is None:
        return []
    physical = {
        "artifactLocation": {"uri": _uri(message.file)},
        "region": _sarif_region(message, span),
    }
    return [{"physicalLocation": physical}]


def _sarif_region(message: Message, span: Span | None) -> dict[str, Any]:
    if message.line is not None or span is None:
        return {"startLine": message.line or 1}
    region = region_of(message.text, span)
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
        "charOffset": span.start,
        "charLength": span.end - span.start,
    }


def _uri(path: Path) -> str:
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
