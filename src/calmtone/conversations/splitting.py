"""A mail's text to the messages in it: quoted parts split off, in several styles.

Read are `>` before each line, at any depth and between the lines of the answer; dividers
such as "Original Message"; blocks of From, Sent, To, Subject; and lines such as "On Monday,
Ann wrote:", over one to three lines. What is quoted may stand behind `>` or bare. Each line
is read once, whatever its depth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .quoting import Divider, Origin, Row, find_divider

_QUOTE_SIGNS = re.compile(r"^(?:[ \t]{0,3}>)+ ?")
_DEEPEST = 60  # what is quoted more deeply is read as this deep
_LONGEST_SIGNATURE = 15  # lines; "--" with more behind it is a rule across the text


class Part(NamedTuple):
    """A message as it stands in a mail's text.

    `depth` is 0 for the mail itself, 1 for what it quotes, and so on. `signature` and
    `headers` (the lines that announced it) are no part of `text`.
    """

    text: str
    depth: int
    origin: Origin
    signature: str
    headers: str
    subject: str | None


class _Open:
    """A part while its lines come in."""

    def __init__(self, depth: int, divider: Divider | None = None) -> None:
        self.depth = depth
        self.divider = divider
        self.segments: list[list[str]] = []

    def closed(self, small_print: Sequence[str]) -> Part:
        """The part, its signatures split off."""
        texts, signatures = [], []
        for segment in self.segments:
            text, signature = _without_signature(segment, tuple(small_print))
            texts.append(text)
            signatures.append(signature)
        divider = self.divider
        return Part(
            "\n\n".join(filter(None, texts)),
            self.depth,
            divider.origin if divider else Origin(),
            "\n".join(filter(None, signatures)),
            divider.text if divider else "",
            divider.subject if divider else None,
        )


def split(text: str, mail: Mapping[str, Any]) -> list[Part]:
    """The messages in a mail's text: the mail's own first, then what it quotes.

    Args:
        text: the text.
        mail: the table `mail` of the data file.
    """
    rows = [_row(line) for line in text.replace("\r\n", "\n").split("\n")]
    following = _following(rows)
    parts = [_Open(0)]
    current = {0: parts[0]}
    shifts: dict[int, int] = {}  # by signs: how much deeper those and more are
    last: _Open | None = None
    at = 0
    while at < len(rows):
        signs, line = rows[at]
        if not line.strip():
            if last is not None:
                last.segments[-1].append("")
            at += 1
            continue
        shifts = {key: shift for key, shift in shifts.items() if key <= signs}
        depth = min(signs + sum(shifts.values()), _DEEPEST)
        divider = find_divider(rows, at, following, mail)
        if divider is not None:
            deeper = min(depth + 1, _DEEPEST)
            parts.append(_Open(deeper, divider))
            current = {level: part for level, part in current.items() if level <= depth}
            current[deeper] = parts[-1]
            if divider.bare:
                shifts[signs] = shifts.get(signs, 0) + 1
            at, last = divider.end, None
            continue
        if depth not in current:
            parts.append(_Open(depth))
            current[depth] = parts[-1]
        part = current[depth]
        if part is not last:
            part.segments.append([])
            last = part
        part.segments[-1].append(line.rstrip())
        at += 1
    closed = [part.closed(mail["signatures"]) for part in parts]
    return [part for part in closed if part.depth == 0 or part != closed[0]]


def _row(line: str) -> Row:
    signs = _QUOTE_SIGNS.match(line)
    if signs is None:
        return Row(0, line)
    return Row(signs[0].count(">"), line[signs.end() :])


def _following(rows: Sequence[Row]) -> list[int]:
    """For each row the place of the next one with words; as many as there are for none."""
    found = [len(rows)] * (len(rows) + 1)
    for at in range(len(rows) - 1, -1, -1):
        found[at] = at if rows[at].text.strip() else found[at + 1]
    return found


def _without_signature(lines: list[str], small_print: tuple[str, ...]) -> tuple[str, str]:
    """The text, and the signature and small print that stand at its end."""
    end = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        if lines[at] in ("--", "-- "):
            if sum(bool(line) for line in lines[at + 1 :]) <= _LONGEST_SIGNATURE:
                end = at
            break
    while True:
        start = _last_paragraph(lines, end)
        first = lines[start].strip(" \t*_").lower() if start < end else ""
        if not first.startswith(small_print):
            break
        end = start
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines[:end])).strip("\n")
    return text, "\n".join(lines[end:]).strip("\n")


def _last_paragraph(lines: Sequence[str], end: int) -> int:
    """Where the last paragraph before `end` starts."""
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    return start
