"""Mails to one thread: what they quote is found once, and stands in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from .mail import Mail
from .quoting import Origin
from .records import LeftOut, Message, Thread
from .splitting import Part, split
from .times import in_utc

_PREFIX = re.compile(r"^(?:(?:re|fw|fwd|aw|wg)\s*:\s*)+", re.IGNORECASE)


class _Found(NamedTuple):
    """A message of the thread to be."""

    key: str
    text: str
    origin: Origin
    answers: str | None
    left_out: list[tuple[str, str]]


def thread_of(mails: Iterable[Mail], numbers: Mapping[str, Any]) -> Thread:
    """One thread of mails, each of which may quote others.

    A quotation of a message that is in the thread is left out, and listed; one of a message
    that is not becomes a message of its own, in front of the mail that quotes it.

    Args:
        mails: the mails, in any order.
        numbers: the table `mail` of the data file.
    """
    assembler = _Assembler(numbers)
    for mail in mails:
        assembler.add(mail)
    return assembler.thread()


class _Assembler:
    def __init__(self, numbers: Mapping[str, Any]) -> None:
        self._numbers = numbers
        self._mails: dict[str, Mail] = {}
        self._parts: dict[str, list[Part]] = {}
        self._known: dict[str, set[str]] = {}  # paragraphs, and the messages they stand in
        self._duplicates: list[LeftOut] = []
        self._unbelieved = 0

    def add(self, mail: Mail) -> None:
        """Take a mail in, unless it is there already."""
        key = mail.id or f"mail-{len(self._mails) + 1}"
        if key in self._mails and _words(self._mails[key].text) == _words(mail.text):
            text = f"{mail.subject or 'without subject'} {key}"
            self._duplicates.append(LeftOut("duplicate", None, text))
            return
        if key in self._mails:
            key = f"{key} {len(self._mails) + 1}"
        self._mails[key] = mail
        self._parts[key] = split(mail.text, self._numbers)
        self._know(self._parts[key][0].text, key)

    def thread(self) -> Thread:
        """All messages, oldest first within each mail."""
        found = [one for key in self._mails for one in self._messages(key)]
        notes = []
        if self._unbelieved:
            notes.append(
                f"{self._unbelieved:,} quoted times were later than the mail that quotes "
                "them: those messages stand where the quotation puts them."
            )
        names = _Names(one.origin for one in found)
        messages = tuple(
            Message(
                one.text,
                names.of(one.origin),
                None,
                one.origin.time,
                one.key,
                one.answers,
            )
            for one in found
        )
        left_out = [
            LeftOut(kind, at, text)
            for at, one in enumerate(found)
            for kind, text in one.left_out
        ]
        return Thread(messages, (*left_out, *self._duplicates), tuple(notes), self._subject())

    def _messages(self, key: str) -> list[_Found]:
        """What a mail adds to the thread, oldest first."""
        mail = self._mails[key]
        own, *quoted = self._parts[key]
        left_out = [*mail.left_out]
        if own.signature:
            left_out.append(("signature", own.signature))
        keys: list[str] = []
        new: list[tuple[int, _Found]] = []
        times: list[datetime | None] = [mail.time]  # of each depth, what quotes it
        for number, part in enumerate(quoted, 1):
            same = self._same(part, key)
            keys.append(same or f"{key}#{number}")
            if same is not None or not part.text:
                left_out += _listed(part, quote=True)
                continue
            self._know(part.text, keys[-1])
            del times[part.depth :]
            time = self._believed(part.origin.time, times[-1])
            times += [times[-1]] * (part.depth - len(times)) + [time or times[-1]]
            origin = part.origin._replace(time=time)
            answers = None  # filled in below, when the deeper ones are known
            new.append(
                (number - 1, _Found(keys[-1], part.text, origin, answers, _listed(part)))
            )
        ordered = sorted(new, key=lambda item: -quoted[item[0]].depth)
        found = [one._replace(answers=_above(at, quoted, keys)) for at, one in ordered]
        answers = mail.answers if mail.answers in self._mails else None
        if answers is None and quoted and (own.text or not found):
            answers = next(
                (k for k, part in zip(keys, quoted, strict=True) if part.depth == 1), None
            )
        pasted = mail.id is None and mail.time is None and mail.address is None
        if not own.text and found and pasted:
            found[-1].left_out.extend(left_out)
            return found
        origin = Origin(mail.author, mail.address, mail.time)
        return [*found, _Found(key, own.text, origin, answers, left_out)]

    def _know(self, text: str, key: str) -> None:
        for paragraph in _paragraphs(text):
            self._known.setdefault(paragraph, set()).add(key)

    def _same(self, part: Part, key: str) -> str | None:
        """The message of the thread that a part quotes, if it is there."""
        same: str | None = None
        for paragraph in _paragraphs(part.text):
            others = self._known.get(paragraph, set()) - {key}
            if not others:
                return self._ancestor_with(part.text, key)
            same = same or min(others)
        return same

    def _ancestor_with(self, text: str, key: str) -> str | None:
        """The mail answered, or one before it, that holds these words in one piece."""
        words, seen = _words(text), {key}
        above = self._mails[key].answers
        while above is not None and above in self._mails and above not in seen:
            if words in _words(self._parts[above][0].text):
                return above
            seen.add(above)
            above = self._mails[above].answers
        return None

    def _believed(self, time: datetime | None, quoted_at: datetime | None) -> datetime | None:
        """A quoted time, which says no zone: that of the mail, if it is earlier than it."""
        if time is None:
            return None
        if quoted_at is not None:
            if time.tzinfo is None:
                time = time.replace(tzinfo=quoted_at.tzinfo)
            if in_utc(time) > in_utc(quoted_at):
                self._unbelieved += 1
                return None
        return time

    def _subject(self) -> str | None:
        subjects = [mail.subject for mail in self._mails.values()]
        subjects += [part.subject for parts in self._parts.values() for part in parts]
        for subject in subjects:
            if subject and (bare := _PREFIX.sub("", subject).strip()):
                return bare
        return None


class _Names:
    """One name for each person: by address, or by a name or first name that is unique."""

    def __init__(self, origins: Iterable[Origin]) -> None:
        self._by_address: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        firsts: dict[str, set[str]] = {}
        for origin in origins:
            if origin.author and origin.address:
                self._by_address.setdefault(origin.address, origin.author)
            if origin.author:
                full = self._by_name.setdefault(_folded(origin.author), origin.author)
                if " " in full:
                    firsts.setdefault(_folded(full.split()[0]), set()).add(full)
        for first, fulls in firsts.items():
            if len(fulls) == 1:
                self._by_name[first] = min(fulls)

    def of(self, origin: Origin) -> str | None:
        """The name to show for somebody."""
        if origin.address in self._by_address:
            name = self._by_address[origin.address]
            return self._by_name.get(_folded(name), name)
        if origin.author:
            return self._by_name.get(_folded(origin.author), origin.author)
        return origin.address


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _listed(part: Part, *, quote: bool = False) -> list[tuple[str, str]]:
    """What is left out of a part, or of the message, if it is a quotation of another."""
    aside = [("quote", part.text)] if quote else []
    aside += [("signature", part.signature), ("header", part.headers)]
    return [(kind, text) for kind, text in aside if text]


def _above(at: int, quoted: Sequence[Part], keys: Sequence[str]) -> str | None:
    """The message that a quoted one quotes in turn."""
    for part, key in zip(quoted[at + 1 :], keys[at + 1 :], strict=True):
        if part.depth <= quoted[at].depth:
            return None
        if part.depth == quoted[at].depth + 1:
            return key
    return None


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()


def _paragraphs(text: str) -> list[str]:
    return list(filter(None, map(_words, re.split(r"\n\s*\n", text))))
