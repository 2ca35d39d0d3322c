"""Chats as they are copied out of a window: "Ann: text", with a time or without."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .records import LeftOut, Message, Thread
from .times import parse_time, unread_times

_TIME = r"\d[\d/.:,\-\sT]{2,24}(?:[ap]\.?m\.?)?"
_NAME = r"[^\W\d_][\w.'’@-]{0,30}(?: [\w.'’-]{1,30}){0,3}"
_TURN = re.compile(
    rf"^\s{{0,3}}(?:[\[(]?(?P<time>{_TIME})[\])]?\s*[-–—]?\s*)?"
    r"(?:<(?P<nick>[^<>\s][^<>]{0,40})>"
    rf"|(?P<name>{_NAME})"
    r"(?P<extras>(?:\s*[\[(][^()\[\]]{1,40}[\])]){0,2})\s*:(?=\s|$))"
    r"\s*(?P<text>.*)$",
    re.IGNORECASE,
)
_CLOCK = r"\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?"
_DAY = (
    r"(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|today|yesterday|[a-z]{3,9}\.? \d{1,2}|[a-z]{6,9}day)"
)
# A line with a name and a time, above what was said: Teams, Slack, Discord.
_HEAD = re.compile(
    rf"^\s{{0,3}}(?:(?P<name>{_NAME})"
    rf"(?:\s*[-–—,]\s*|\s{{2,}}|\s*(?=[\[(])|\s(?=.*[ap]\.?m\.?[\])]?\s*$))"
    rf"[\[(]?(?P<time>(?:{_DAY},?(?:\sat)?\s)?{_CLOCK})[\])]?"
    rf"|\[(?P<first>(?:{_DAY},?\s)?{_CLOCK})\]\s(?P<behind>{_NAME}))\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(  # somebody joined, calls are encrypted: it names no speaker
    rf"^\s{{0,3}}(?:\[{_DAY},?\s{{1,2}}{_CLOCK}\]|{_DAY},?\s{{1,2}}{_CLOCK}\s[-–—])\s",
    re.IGNORECASE,
)
_IRC_EVENT = re.compile(r"^\s{0,3}([\[(]?[\d:]{4,8}[\])]?\s+)?(?:\*{1,3}|-!-|-->|<--)\s")
_ZOOM = re.compile(
    r"^(\s{0,3}\d{1,2}:\d\d(?::\d\d)?)\s+from\s+(\S[^:\n]{0,60}?)\s+to\s+[^:\n]{1,60}:",
    re.IGNORECASE,
)
_BOLD = re.compile(r"^(\s{0,3})(\*\*|__|\*)(?=\w)([^*_:\n]{1,60})(?:\2\s?:|:\2)(?=\s|$)")
_UNSEEN = str.maketrans("", "", "\u200e\u200f\u202a\u202c\ufeff")
_MOST_ABOVE = 3  # lines with words above a chat
_LEAST_TURNS = 3  # of a chat with lines above it
_EDGE = 40  # characters of a line in which a time of day makes it look like a chat's
_EXTRA = re.compile(r"[\[(]([^()\[\]]+)[\])]")


class _Turn(NamedTuple):
    """A line that begins a message: who, when as it is written, and the words behind."""

    speaker: str
    role: str | None
    time: str
    text: str
    nick: bool


def chat_of(text: str, numbers: Mapping[str, Any]) -> Thread | None:
    """The thread of a copied chat, or None where the text is none.

    It is one if its first line with words names a speaker and at least two different
    speakers are named. Lines without a speaker that a program wrote, and pictures, are left
    out and listed, and so are up to three lines above a chat of three messages and more.
    Other lines that name nobody belong to the message before them, and so do lines without a
    time where most turns have one. Times that cannot be read, or that name no day where
    others do, are counted in a note.

    Args:
        text: the text.
        numbers: the data file.
    """
    lines = text.replace("\r\n", "\n").translate(_UNSEEN).split("\n")
    return _chat(lines, _heads(lines, numbers), numbers, headed=True) or _chat(
        lines, [_turn(line, numbers) for line in lines], numbers, headed=False
    )


def looks_like_chat(text: str, numbers: Mapping[str, Any]) -> bool:
    """Whether several lines of a text name a speaker, or a time of day at one of their ends."""
    found = 0
    for line in text.translate(_UNSEEN).split("\n"):
        ends = f"{line[:_EDGE]}\n{line[-_EDGE:]}"
        found += re.search(r"\b\d{1,2}:\d\d\b", ends) is not None or (
            _turn(line, numbers) is not None
        )
    return found > 1


def _chat(
    lines: Sequence[str],
    found: Sequence[_Turn | None],
    numbers: Mapping[str, Any],
    *,
    headed: bool,
) -> Thread | None:
    """The thread of lines, with the turns that begin on them."""
    known = [turn for turn in found if turn is not None]
    if len({turn.speaker for turn in known}) < 2:
        return None
    all_timed = 2 * sum(bool(turn.time) for turn in known) > len(known)
    irc = any(turn.nick for turn in known)
    turns: list[tuple[_Turn, list[str]]] = []
    above: list[str] = []
    left_out: list[LeftOut] = []
    for line, turn in zip(lines, found, strict=True):
        if turn is not None and (not all_timed or turn.time or not turns):
            turns.append((turn, [turn.text.rstrip()]))
        elif (_DATED.match(line) and all_timed and not headed) or (
            irc and (event := _IRC_EVENT.match(line)) and (event[1] or not all_timed)
        ):
            left_out.append(LeftOut("event", None, line.strip()))
        elif turns:
            turns[-1][1].append(line.rstrip())
        elif line.strip():
            above.append(line.strip())
    speakers = [turn.speaker for turn, _ in turns]
    if len(set(speakers)) < 2 or (headed and not all(map(any, (said for _, said in turns)))):
        return None
    if above and (
        len(above) > _MOST_ABOVE
        or len(turns) < _LEAST_TURNS
        or len(set(speakers)) == len(speakers)
    ):
        return None
    left_out += [LeftOut("preface", None, line) for line in above]
    messages: list[Message] = []
    unread = without_day = 0
    for turn, said in turns:
        words = "\n".join(said).strip()
        if kind := no_words(words, numbers):
            left_out.append(LeftOut(kind, None, f"{turn.speaker}: {words}"))
            continue
        time = parse_time(turn.time, numbers["mail"]["time_formats"])
        messages.append(Message(words, turn.speaker, turn.role, time))
        day = re.search(r"\d[/.-]\d|[a-z]{3}", turn.time, re.IGNORECASE) is not None
        unread += time is None and bool(turn.time) and day
        without_day += time is None and bool(turn.time) and not day
    if unread or any(message.time for message in messages):
        unread += without_day
    return Thread(tuple(messages), tuple(left_out), tuple(unread_times("the chat", unread)))


def no_words(text: str, numbers: Mapping[str, Any]) -> str | None:
    """What kind of thing stands in place of a text: "<Media omitted>"; None for a text."""
    plain = " ".join(text.translate(_UNSEEN).lower().split())
    if plain.endswith(tuple(numbers["reading"]["attached"])):
        return "attachment"
    if plain.startswith(tuple(numbers["reading"]["notices"])):
        return "event"
    bare = plain.strip("<>[]().")
    for kind, texts in numbers["reading"]["no_words"].items():
        if bare in texts:
            return str(kind)
    return None


def _heads(lines: Sequence[str], numbers: Mapping[str, Any]) -> list[_Turn | None]:
    """The turns of a chat whose names stand above what was said."""
    mail = numbers["mail"]
    turns: list[_Turn | None] = []
    for line in lines:
        head = _HEAD.match(line)
        name = head and (head["name"] or head["behind"]).strip()
        if not head or not name or {*name.lower().split()} & {*mail["no_names"]}:
            turns.append(None)
            continue
        label = _is_label(name.casefold(), mail)
        time = head["time"] or head["first"]
        turns.append(None if label else _Turn(name, None, time, "", nick=False))
    return turns


def _turn(line: str, numbers: Mapping[str, Any]) -> _Turn | None:
    line = _BOLD.sub(r"\1\3:", _ZOOM.sub(r"\1 \2:", line))
    turn = _TURN.match(line)
    if turn is None:
        return None
    speaker = str(turn["nick"] or turn["name"])
    name = speaker.casefold()
    mail = numbers["mail"]
    if name.split()[-1] in mail["wrote"]:
        return None  # "Ann wrote:" announces a quotation
    if name in mail["headers"] or _is_label(name, mail):
        return None
    extras = [extra.strip() for extra in _EXTRA.findall(turn["extras"] or "")]
    times = [extra for extra in extras if extra[:1].isdigit()]
    roles = [extra for extra in extras if not extra[:1].isdigit()]
    time = str(turn["time"] or "".join(times[:1])).strip(" -,")
    nick = turn["nick"] is not None
    return _Turn(speaker, roles[0] if roles else None, time, turn["text"], nick)


def _is_label(name: str, mail: Mapping[str, Any]) -> bool:
    """Whether a name is none: "Problem", "Option A", "Step 2", "TypeError"."""
    first, *rest = name.split()
    if name in mail["no_speakers"] or name.endswith(tuple(mail["no_speaker_ends"])):
        return True
    counted = len(rest) == 1 and (len(rest[0]) == 1 or rest[0].isdigit())
    return counted and first in mail["no_speakers"]
