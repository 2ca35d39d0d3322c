"""Chats as they are copied out of a window: "Ann: text", with a time or without."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .records import Message, Thread
from .times import parse_time

_TIME = r"\d[\d/.:,\-\sT]{2,24}(?:[ap]\.?m\.?)?"
_TURN = re.compile(
    rf"^\s{{0,3}}(?:[\[(]?(?P<time>{_TIME})[\])]?\s*[-–—]?\s*)?"
    r"(?:<(?P<nick>[^<>\s][^<>]{0,40})>"
    r"|(?P<name>[^\W\d_][\w.'’@-]{0,30}(?: [\w.'’-]{1,30}){0,3})"
    r"(?P<extras>(?:\s*[\[(][^()\[\]]{1,40}[\])]){0,2})\s*:(?=\s|$))"
    r"\s*(?P<text>.*)$",
    re.IGNORECASE,
)

_EXTRA = re.compile(r"[\[(]([^()\[\]]+)[\])]")


def chat_of(text: str, numbers: Mapping[str, Any]) -> Thread | None:
    """The thread of a copied chat, or None where the text is none.

    It is one if its first line with words names a speaker and at least two different
    speakers are named. Lines that name nobody belong to the message before them.

    Args:
        text: the text.
        numbers: the data file.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    if _turn(first, numbers) is None:
        return None
    turns: list[tuple[re.Match[str], list[str]]] = []
    for line in lines:
        turn = _turn(line, numbers)
        if turn is not None:
            turns.append((turn, [turn["text"].rstrip()]))
        elif turns:
            turns[-1][1].append(line.rstrip())
    if len({_speaker(turn) for turn, _ in turns}) < 2:
        return None
    return Thread(tuple(_message(turn, said, numbers) for turn, said in turns))


def _turn(line: str, numbers: Mapping[str, Any]) -> re.Match[str] | None:
    turn = _TURN.match(line)
    if turn is None:
        return None
    name = _speaker(turn).casefold()
    if name.split()[-1] in numbers["mail"]["wrote"]:
        return None  # "Ann wrote:" announces a quotation
    mail = numbers["mail"]
    if name in mail["headers"] or name in mail["no_speakers"]:
        return None
    return turn


def _speaker(turn: re.Match[str]) -> str:
    return str(turn["nick"] or turn["name"])


def _message(turn: re.Match[str], said: list[str], numbers: Mapping[str, Any]) -> Message:
    extras = [extra.strip() for extra in _EXTRA.findall(turn["extras"] or "")]
    times = [extra for extra in extras if extra[:1].isdigit()]
    roles = [extra for extra in extras if not extra[:1].isdigit()]
    written = (turn["time"] or "".join(times[:1])).strip(" -,")
    time = parse_time(written, numbers["mail"]["time_formats"])
    role = roles[0] if roles else None
    return Message("\n".join(said).strip(), _speaker(turn), role, time)
