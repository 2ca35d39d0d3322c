"""The types of conversations: what goes in, and what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from ..replies import ReplyAnalysis
from ..results import DIMENSIONS, Analysis, EngineInfo, Scores


class Message(NamedTuple):
    """One message of a conversation.

    `author` is who wrote it, `role` what they are in the conversation ("customer",
    "reviewer"). `time` is a `datetime` or a text in ISO 8601; one without a zone is taken
    as UTC. `id` names the message, and `answers` is the id of the message that it answers;
    without it, a message answers the last one before it that somebody else wrote.
    """

    text: str
    author: str | None = None
    role: str | None = None
    time: datetime | str | None = None
    id: str | None = None
    answers: str | None = None


class LeftOut(NamedTuple):
    """Something that was read and is part of no message, so that nothing is lost silently.

    `kind` is "attachment", "signature", "quote" (words of a message that is in the thread
    anyway), "duplicate", "header", "image", "link", "hidden", "event" (a row without a
    text) or "unreadable". `message` is the place of the message in the thread that it
    belonged to, or None; `text` is the part itself, or what it was.
    """

    kind: str
    message: int | None
    text: str


class Thread(NamedTuple):
    """Messages as they were read from files, oldest first where the files tell.

    `left_out` is what the messages do not hold; `notes` are remarks on the reading.
    """

    messages: tuple[Message, ...]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    subject: str | None = None


class Turn(NamedTuple):
    """One message in its place.

    `given` is its place in the caller's messages, from 0; `time` its time with a zone;
    `answers` the place in `turns` of the message that it answers. `heat` says how upset the
    message is, in [0, 1], as the analysis of its answer has it; None where nothing answers
    it. `tension` is the higher of hostility and defensiveness, in [0, 1], and `level` the
    tension of the conversation after this message. `counted` is False for a message
    without words, which has no part in the course.
    """

    given: int
    message: Message
    time: datetime | None
    answers: int | None
    analysis: Analysis
    heat: float | None
    tension: float
    level: float
    counted: bool

    @property
    def scores(self) -> Scores:
        """The scores of the message."""
        return self.analysis.scores

    @property
    def reply(self) -> ReplyAnalysis | None:
        """What the message answered needs, and what this one does about it; None if unread."""
        return self.analysis.reply

    @property
    def speaker(self) -> str | None:
        """Who it is by: the author, or else the role."""
        return self.message.author or self.message.role


class Course(NamedTuple):
    """How the scores of one person, or of everybody, go from message to message.

    `name` and `role` are None for everybody. `turns` are places in the conversation's
    `turns`, and `scores` theirs, messages without words left out. `mean` is their mean,
    and `change` the mean of the later half minus that of the earlier (None with fewer than
    two messages; a middle message belongs to both).
    """

    name: str | None
    role: str | None
    turns: tuple[int, ...]
    scores: tuple[Scores, ...]
    mean: Scores | None
    change: Scores | None


class TurningPoint(NamedTuple):
    """The message at which the thread falls best into a before and an after.

    `direction` is "worse" or "better"; `before` is the mean tension of the messages before
    it, and `after` that of this message and all later ones, in [0, 1].
    """

    turn: int
    direction: str
    before: float
    after: float


class Rise(NamedTuple):
    """A message that raises the tension: from the level before it to its own."""

    turn: int
    by: str | None
    before: float
    tension: float


class Deescalation(NamedTuple):
    """A calm and empathetic answer to a tense or heated message.

    `turn` is the answer, `by` its writer, `answers` the message answered. `worked` says
    whether the next message of the person answered was neither any more; None if they did
    not write again.
    """

    turn: int
    by: str | None
    answers: int
    worked: bool | None


class Backup(NamedTuple):
    """Why to bring someone in.

    `kind` is "threat", "both-sides" or "stays-tense"; `turns` are the messages that it
    rests on.
    """

    kind: str
    reason: str
    turns: tuple[int, ...]


class ConversationAnalysis(NamedTuple):
    """A conversation, message by message and as a whole.

    `turns` are in the order of time. `people` are in the order of their first messages.
    docs/conversations.md defines every part; the numbers behind them are data.
    """

    turns: tuple[Turn, ...]
    overall: Course
    people: tuple[Course, ...]
    rises: tuple[Rise, ...]
    deescalations: tuple[Deescalation, ...]
    turning_point: TurningPoint | None
    backup: Backup | None
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    subject: str | None
    engine: EngineInfo | None

    def person(self, name: str | None) -> Course:
        """The course of one person, by author (or role, where no author is known).

        Raises:
            KeyError: nobody in the conversation has this name.
        """
        for course in self.people:
            if course.name == name:
                return course
        known = ", ".join(repr(course.name) for course in self.people) or "nobody"
        raise KeyError(f"{name!r} wrote nothing here: choose from {known}")

    def to_dict(self, offsets: str = "codepoint") -> dict[str, Any]:
        """The conversation as JSON-ready data; docs/conversation-schema.json describes it.

        Args:
            offsets: unit of all `start` and `end`, as of `Analysis.to_dict`.

        Raises:
            ValueError: `offsets` is none of the three.
        """
        return {
            "subject": self.subject,
            "offsets": offsets,
            "turns": [_turn(turn, offsets) for turn in self.turns],
            "overall": _course(self.overall),
            "people": [_course(course) for course in self.people],
            "rises": [rise._asdict() for rise in self.rises],
            "deescalations": [item._asdict() for item in self.deescalations],
            "turning_point": self.turning_point and self.turning_point._asdict(),
            "backup": self.backup
            and {**self.backup._asdict(), "turns": list(self.backup.turns)},
            "left_out": [part._asdict() for part in self.left_out],
            "notes": list(self.notes),
            "engine": self.engine and self.engine._asdict(),
        }

    def to_json(self, offsets: str = "codepoint") -> str:
        """`to_dict` as one line of JSON, ASCII only."""
        import json

        return json.dumps(self.to_dict(offsets))

    def to_html(self, title: str | None = None) -> str:
        """A page that stands by itself: no script, nothing fetched.

        Args:
            title: its heading; the subject by default.
        """
        from .report import report_html

        return report_html(self, title)

    def _repr_html_(self) -> str:
        """Course, findings and messages, for notebooks."""
        from .report import notebook_html

        return notebook_html(self)


def _turn(turn: Turn, offsets: str) -> dict[str, Any]:
    message = turn.message
    return {
        "given": turn.given,
        "author": message.author,
        "role": message.role,
        "time": turn.time and turn.time.isoformat(),
        "id": message.id,
        "answers": turn.answers,
        "heat": turn.heat,
        "tension": turn.tension,
        "level": turn.level,
        "counted": turn.counted,
        "analysis": turn.analysis.to_dict(offsets),
    }


def _course(course: Course) -> dict[str, Any]:
    return {
        "name": course.name,
        "role": course.role,
        "turns": list(course.turns),
        "scores": {
            dimension: list(values)
            for dimension, values in zip(DIMENSIONS, _columns(course.scores), strict=True)
        },
        "mean": course.mean and course.mean._asdict(),
        "change": course.change and course.change._asdict(),
    }


def _columns(rows: tuple[Scores, ...]) -> Iterator[list[float]]:
    for dimension in range(len(DIMENSIONS)):
        yield [row[dimension] for row in rows]
