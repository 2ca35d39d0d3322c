"""Lines that announce a quotation: who wrote what follows, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from .times import parse_time

_RULE = re.compile(r"\s*[_\-=*]{8,}\s*")
_DIVIDER = re.compile(r"\s*[-_*=]{2,}\s*([A-Za-z ]{5,40}?)\s*[-_*=]{2,}\s*")
_HEADER = re.compile(r"\s*\*?([^\W\d_][\w-]{0,15})\s?:\*?\s*(.*)")
_ADDRESS = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")
_BRACKETED = re.compile(r"\s*(?:<[^<>]*>|\[[^\[\]]*\]|\([^()]*@[^()]*\))")
_ON = re.compile(r"\s*(?:on|am|le|el|il)\s", re.IGNORECASE)
_WROTE_FIRST = re.compile(r"(am .+?) schrieb (.+)", re.IGNORECASE)
_AFTER_TIME = re.compile(
    r"\s*(?:[ap]\.?m\b\.?)?\s*(?:\(?(?:UTC|GMT|[A-Z]{2,4}T)\b\)?)?[\s,]*", re.I
)
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,4}")
_LONGEST = 300  # characters; no announcement is longer
_MOST_LINES = 3
_LEAST_HEADERS = 3


class Row(NamedTuple):
    """A line without its quote signs, and how many there were."""

    signs: int
    text: str


class Origin(NamedTuple):
    """Where a quoted part comes from, as far as it says; `when` is its time as written."""

    author: str | None = None
    address: str | None = None
    time: datetime | None = None
    when: str | None = None


class Divider(NamedTuple):
    """The announcement of a quotation, up to row `end`.

    `bare` says that what follows has no quote signs of its own.
    """

    origin: Origin
    end: int
    bare: bool
    text: str
    subject: str | None


def find_divider(
    rows: Sequence[Row], at: int, following: Sequence[int], mail: Mapping[str, Any]
) -> Divider | None:
    """The announcement that starts at a row, if one does.

    Args:
        rows: all lines.
        at: the place of a row with words.
        following: for each row the place of the next one with words.
        mail: the table `mail` of the data file.
    """
    return _headed(rows, at, following, mail) or _attributed(rows, at, following, mail)


def person(value: str) -> tuple[str | None, str | None]:
    """Name and address of a person as mail gives them.

    >>> person('"Doe, Jo" <jo@example.com>')
    ('Jo Doe', 'jo@example.com')
    >>> person("jo@example.com")
    (None, 'jo@example.com')
    """
    value = value[:_LONGEST]
    address = _ADDRESS.search(value)
    name = _BRACKETED.sub("", _BRACKETED.sub("", value))  # <a@example.com<mailto:…>>
    name = name.strip(" \t\"'*,;:")
    if address is not None and name.lower() == address[0].lower():
        name = ""
    last, comma, first = name.partition(", ")
    if comma and "," not in first and " " not in last:
        name = f"{first} {last}"
    return name or None, address[0].lower() if address else None


def _headed(
    rows: Sequence[Row], at: int, following: Sequence[int], mail: Mapping[str, Any]
) -> Divider | None:
    """A divider with or without a block of headers, or such a block alone."""
    signs, line = rows[at]
    start, named = at, False
    if divider := _DIVIDER.fullmatch(line):
        named = divider[1].lower() in mail["dividers"]
    if named or _RULE.fullmatch(line):
        start = following[at + 1]
    headers, end = _header_block(rows, start, signs, mail)
    if "from" not in headers or len(headers) < _LEAST_HEADERS:
        if not named:
            return None
        headers, end = {}, at + 1
    name, address = person(headers.get("from", ""))
    when = headers.get("sent") or headers.get("date")
    origin = Origin(name, address, parse_time(when, mail["time_formats"]), when)
    text = "\n".join(row.text for row in rows[at:end])
    bare = _is_bare(rows, end, following, signs)
    return Divider(origin, end, bare, text, headers.get("subject"))


def _header_block(
    rows: Sequence[Row], start: int, signs: int, mail: Mapping[str, Any]
) -> tuple[dict[str, str], int]:
    """Headers from `start` on, and the row after them."""
    headers: dict[str, str] = {}
    at, name = start, ""
    while at < len(rows) and rows[at].signs == signs and rows[at].text.strip():
        found = _HEADER.fullmatch(rows[at].text)
        met = found[1].lower() if found is not None else ""
        met = mail["foreign_headers"].get(met, met)
        if found is not None and met in mail["headers"] and met not in headers:
            name = met
            headers[name] = found[2].strip()
        elif name and rows[at].text[:1] in " \t":
            headers[name] += f" {rows[at].text.strip()}"  # folded
        else:
            break
        at += 1
    return headers, at


def _attributed(
    rows: Sequence[Row], at: int, following: Sequence[int], mail: Mapping[str, Any]
) -> Divider | None:
    """A line such as "On Monday, Ann wrote:"."""
    signs, line = rows[at]
    if not (_ON.match(line) or line.rstrip().endswith(":")):
        return None
    for text, end in _joined(rows, at):
        said = _before_verb(text, mail["wrote"])
        if said is None:
            continue
        bare = _is_bare(rows, end, following, signs)
        dated = _ON.match(text) is not None
        has_address = _ADDRESS.search(said) is not None
        if bare and not (has_address or (dated and any(map(str.isdigit, said)))):
            continue
        origin = _dated(said, mail) if dated else _named(said, mail)
        if origin is not None:
            return Divider(origin, end, bare, text, None)
    return None


def _joined(rows: Sequence[Row], at: int) -> Iterator[tuple[str, int]]:
    """One, two and three rows as one line, and the row after them."""
    signs, text = rows[at].signs, ""
    for end in range(at, min(at + _MOST_LINES, len(rows))):
        if rows[end].signs != signs or not rows[end].text.strip():
            return
        text = f"{text} {rows[end].text.strip()}".strip()
        if len(text) > _LONGEST:
            return
        yield text, end + 1


def _before_verb(text: str, verbs: Sequence[str]) -> str | None:
    """What stands before "wrote:" at the end."""
    if not text.endswith(":"):
        return None
    words = text[:-1].rstrip()
    if first := _WROTE_FIRST.fullmatch(words):
        return f"{first[1]}, {first[2]}"
    for verb in verbs:
        if words.lower().endswith(f" {verb}"):
            return words[: -len(verb) - 1].rstrip()
    return None


def _named(said: str, mail: Mapping[str, Any]) -> Origin | None:
    name, address = person(said)
    if address is None and name is not None:
        start = name.split()[0].lower()
        if start in mail["no_names"] or not _NAME.fullmatch(name):
            return None
    return Origin(name, address)


def _dated(said: str, mail: Mapping[str, Any]) -> Origin:
    """Name and time of "On Mon, 3 Mar 2025 at 10:12, Ann Smith <ann@example.com>"."""
    found = _ADDRESS.search(said)
    words = _BRACKETED.sub("", said[2:]).strip(" ,")
    if found is not None:
        words = words.replace(found[0], "").strip(" ,")
    digits = [at for at, char in enumerate(words) if char.isdigit()]
    cut = digits[-1] + 1 if digits else 0
    if digits:
        behind = _AFTER_TIME.match(words, cut)
        cut = behind.end() if behind else cut
    if not digits or cut >= len(words):
        comma = words.rfind(",")
        cut = comma + 1 if comma >= 0 else (words + " ").find(" ") + 1
        if digits and digits[-1] >= cut > 0 and found is not None:
            cut = len(words)  # there is an address and no name
    when, name = words[:cut].strip(" ,"), words[cut:].strip(" \"',")
    return Origin(
        person(name)[0] if name else None,
        found[0].lower() if found else None,
        parse_time(when, mail["time_formats"]),
        when or None,
    )


def _is_bare(rows: Sequence[Row], end: int, following: Sequence[int], signs: int) -> bool:
    after = following[end] if end < len(following) else len(rows)
    return after < len(rows) and rows[after].signs <= signs
