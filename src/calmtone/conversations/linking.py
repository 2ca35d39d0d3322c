"""Messages in the order of time, and what each of them answers. Linear, but for a sort."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from ..errors import InputError
from .records import Message
from .times import in_utc, parse_time

_FIRST = datetime.min.replace(tzinfo=UTC)


class Placed(NamedTuple):
    """A message in its place: where the caller had it, its time, and what it answers."""

    given: int
    message: Message
    time: datetime | None
    answers: int | None


def place(messages: Iterable[Message]) -> tuple[list[Placed], list[str]]:
    """The messages in order, and remarks on what was not as it should be.

    Raises:
        TypeError: something is no `Message`, or a part of one has a wrong type.
        InputError: a time is a text that is not ISO 8601.
    """
    given = list(messages)
    times = [_checked(index, message) for index, message in enumerate(given)]
    order, late = _order(times)
    notes = []
    if late:
        were = "message was" if late == 1 else "messages were"
        notes.append(f"{late} {were} out of order in time: all are shown in the order of time.")
    answers, remarks = _answers([given[index] for index in order])
    placed = [
        Placed(index, given[index], times[index], answer)
        for index, answer in zip(order, answers, strict=True)
    ]
    return placed, notes + remarks


def _checked(index: int, message: object) -> datetime | None:
    """The message's time, with a zone."""
    if not isinstance(message, Message):
        kind = type(message).__name__
        raise TypeError(
            f"message {index + 1} must be a Message, not {kind}: "
            "give Message(text, author=…, role=…, time=…)"
        )
    if not isinstance(message.text, str):
        kind = type(message.text).__name__
        raise TypeError(f"message {index + 1}: text must be a string, not {kind}")
    for name in ("author", "role", "id", "answers"):
        value = getattr(message, name)
        if value is not None and not isinstance(value, str):
            kind = type(value).__name__
            raise TypeError(f"message {index + 1}: {name} must be a string or None, not {kind}")
    if message.time is None:
        return None
    if isinstance(message.time, str):
        time = parse_time(message.time)
        if time is None:
            raise InputError(
                f"message {index + 1}: time {message.time!r} is no time in ISO 8601: "
                "give a datetime, such a text as 2025-03-03T10:12:00+00:00, or None"
            )
        return in_utc(time)
    if isinstance(message.time, datetime):
        return in_utc(message.time)
    kind = type(message.time).__name__
    raise TypeError(f"message {index + 1}: time must be a datetime or a string, not {kind}")


def _order(times: Sequence[datetime | None]) -> tuple[list[int], int]:
    """Places by time, and how many messages were earlier than one before them.

    A message without a time stays behind the one that it came after.
    """
    keys: list[datetime] = []
    latest, last, late = _FIRST, _FIRST, 0
    for time in times:
        if time is not None:
            late += time < latest
            latest, last = max(latest, time), time
        keys.append(last)
    return sorted(range(len(keys)), key=keys.__getitem__), late


def _answers(messages: Sequence[Message]) -> tuple[list[int | None], list[str]]:
    """For each message the place of the one that it answers."""
    places: dict[str, int] = {}
    named = {message.id for message in messages if message.id}
    answers: list[int | None] = []
    itself = later = unknown = twice = 0
    other: int | None = None  # the last message by somebody else than the one before
    for at, message in enumerate(messages):
        if at and (
            _speaker(message) is None or _speaker(message) != _speaker(messages[at - 1])
        ):
            other = at - 1
        answer = other
        if message.answers:
            if message.answers == message.id:
                itself += 1
            elif message.answers in places:
                answer = places[message.answers]
            elif message.answers in named:
                later += 1
            else:
                unknown += 1
        answers.append(answer)
        if message.id:
            twice += message.id in places
            places[message.id] = at
    return answers, list(_remarks(itself, later, unknown, twice))


def _speaker(message: Message) -> str | None:
    return message.author or message.role


def _remarks(itself: int, later: int, unknown: int, twice: int) -> Iterable[str]:
    instead = "it was read as answering the last message of somebody else before it."
    if itself:
        says = _count(itself, "message says that it answers", "messages say that they answer")
        yield f"{says} itself: {instead}"
    if later:
        yield f"{_count(later, 'message answers', 'messages answer')} a later one: {instead}"
    if unknown:
        yield (
            f"{_count(unknown, 'message answers', 'messages answer')} "
            f"one that is not in the thread: {instead}"
        )
    if twice:
        yield (
            f"{_count(twice, 'id is', 'ids are')} used twice: "
            "answers go to the latest message with that id."
        )


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
