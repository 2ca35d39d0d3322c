"""Chats as they are copied out of a window: "Ann: text", with a time or without."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .records import Message, Thread
from .times import parse_time, unread_times

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
    speakers are named. Lines that name nobody belong to the message before them, and so do
    lines without a time where most turns have one. Times that cannot be read, or that name no
    day, are counted in a note.

    Args:
        text: the text.
        numbers: the data file.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    if _turn(first, numbers) is None:
        return None
    found = [_turn(line, numbers) for line in lines]
    timed = [turn for turn in found if turn is not None and _written_time(turn)]
    all_timed = 2 * len(timed) > sum(turn is not None for turn in found)
    turns: list[tuple[re.Match[str], list[str]]] = []
    for line, turn in zip(lines, found, strict=True):
        if turn is not None and (not all_timed or _written_time(turn) or not turns):
            turns.append((turn, [turn["text"].rstrip()]))
        elif turns:
            turns[-1][1].append(line.rstrip())
    if len({_speaker(turn) for turn, _ in turns}) < 2:
        return None
    messages = tuple(_message(turn, said, numbers) for turn, said in turns)
    unread = sum(
        message.time is None and bool(_written_time(turn))
        for message, (turn, _) in zip(messages, turns, strict=True)
    )
    return Thread(messages, (), tuple(unread_times("the chat", unread)))


def _turn(line: str, numbers: Mapping[str, Any]) -> re.Match[str] | None:
    turn = _TURN.match(line)
    if turn is None:
        return None
    name = _speaker(turn).casefold()
    if name.split()[-1] in numbers["mail"]["wrote"]:
        return None  # "Ann wrote:" announces a quotation
    mail = numbers["mail"]
    if name in mail["headers"] or _is_label(name, mail):
        return None
    return turn


def _is_label(name: str, mail: Mapping[str, Any]) -> bool:
    """Whether a name is none: "Problem", "Option A", "Step 2", "TypeError"."""
    first, *rest = name.split()
    if name in mail["no_speakers"] or name.endswith(tuple(mail["no_speaker_ends"])):
        return True
    counted = len(rest) == 1 and (len(rest[0]) == 1 or rest[0].isdigit())
    return counted and first in mail["no_speakers"]


def _speaker(turn: re.Match[str]) -> str:
    return str(turn["nick"] or turn["name"])


def _message(turn: re.Match[str], said: list[str], numbers: Mapping[str, Any]) -> Message:
    roles = [extra for extra in _extras(turn) if not extra[:1].isdigit()]
    time = parse_time(_written_time(turn), numbers["mail"]["time_formats"])
    role = roles[0] if roles else None
    return Message("\n".join(said).strip(), _speaker(turn), role, time)


def _extras(turn: re.Match[str]) -> list[str]:
    return [extra.strip() for extra in _EXTRA.findall(turn["extras"] or "")]


def _written_time(turn: re.Match[str]) -> str:
    """The time of a turn as it is written; empty where there is none."""
    times = [extra for extra in _extras(turn) if extra[:1].isdigit()]
    return str(turn["time"] or "".join(times[:1])).strip(" -,")
