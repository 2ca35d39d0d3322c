"""The findings in words, for the terminal and the page alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from ..results import DIMENSIONS
from .records import (
    ConversationAnalysis,
    Course,
    Deescalation,
    LeftOut,
    Rise,
    Turn,
    TurningPoint,
)

_KINDS = {  # of what is left out: one and several
    "attachment": ("attachment", "attachments"),
    "signature": ("signature", "signatures"),
    "quote": ("quotation of a message in the thread", "quotations of messages in the thread"),
    "duplicate": ("mail that is there twice", "mails that are there twice"),
    "header": ("block of mail headers", "blocks of mail headers"),
    "image": ("picture", "pictures"),
    "link": ("address of a link", "addresses of links"),
    "hidden": ("hidden part", "hidden parts"),
    "event": ("row without a text", "rows without a text"),
    "preface": ("line above the chat", "lines above the chat"),
    "unreadable": ("part that cannot be read", "parts that cannot be read"),
}
UNKNOWN = "unknown author"


def overview(conversation: ConversationAnalysis) -> str:
    """How many messages by whom, and when."""
    turns = conversation.turns
    if not turns:
        return "No messages."
    known = [course for course in conversation.people if course.name is not None]
    said = [_several(len(turns), "message", "messages")]
    if known:
        others = " and unknown authors" * (len(known) < len(conversation.people))
        said.append(f"by {_several(len(known), 'person', 'people')}{others}")
    times = [turn.time for turn in turns if turn.time is not None]
    if times:
        said.append(_period(times[0], times[-1]))
    return f"{' '.join(said[:2])}{', ' * (len(said) > 2)}{''.join(said[2:])}."


def findings(conversation: ConversationAnalysis) -> Iterator[tuple[str, list[str]]]:
    """Each finding's name, and what there is to say about it."""
    turns = conversation.turns
    rising = [told_rise(rise) for rise in conversation.rises]
    yield "Tension rises", rising or ["Nowhere: no message raises it."]
    point = conversation.turning_point
    yield (
        "Turning point",
        [told_turning_point(point, turns) if point else "No clear one."],
    )
    calming = [told_deescalation(item) for item in conversation.deescalations]
    if not calming:
        tense = bool(conversation.rises)
        calming = ["Nobody, so far." if tense else "Nobody needed to."]
    yield "De-escalated by", calming
    backup = conversation.backup
    yield "Bring someone in", [backup.reason if backup else "No sign that it is needed."]


def told_rise(rise: Rise) -> str:
    """One rise in words.

    >>> told_rise(Rise(2, "Sam", 0.1, 0.97))
    'Message 3 (Sam): 0.97, with 0.10 before it'
    """
    levels = f"{rise.tension:.2f}, with {rise.before:.2f} before it"
    return f"Message {rise.turn + 1} ({who(rise.by)}): {levels}"


def told_turning_point(point: TurningPoint, turns: Sequence[Turn]) -> str:
    """The turning point in words."""
    by = who(turns[point.turn].speaker)
    return (
        f"Message {point.turn + 1} ({by}), for the {point.direction}: mean tension "
        f"{point.before:.2f} before it, {point.after:.2f} from then on"
    )


def told_deescalation(item: Deescalation) -> str:
    """One calm answer in words."""
    worked = {
        True: "the next answer was calmer",
        False: "the next answer was still tense",
        None: "no answer since",
    }[item.worked]
    return (
        f"{who(item.by)}, message {item.turn + 1}, after message {item.answers + 1}: {worked}"
    )


def who(name: str | None) -> str:
    """The name, or what to call somebody without one."""
    return name or UNKNOWN


def counts(left_out: Sequence[LeftOut]) -> list[str]:
    """How much of each kind is left out.

    >>> counts([LeftOut("signature", 0, "--"), LeftOut("signature", 1, "--")])
    ['2 signatures']
    """
    found = Counter(part.kind for part in left_out)
    return [_several(number, *_KINDS.get(kind, (kind, kind))) for kind, number in found.items()]


def kind_name(kind: str) -> str:
    """What a kind of left-out part is called."""
    name = _KINDS.get(kind, (kind, kind))[0]
    return name[:1].upper() + name[1:]


def described(course: Course, whose: str) -> str:
    """A course in words, for those who don't see its plot."""
    if not course.scores:
        return f"{whose}: no message with words."
    parts = []
    for number, dimension in enumerate(DIMENSIONS):
        values = [row[number] for row in course.scores]
        top = max(values)
        at = course.turns[values.index(top)] + 1
        parts.append(
            f"{dimension} from {values[0]:.2f} to {values[-1]:.2f}, "
            f"highest {top:.2f} at message {at}"
        )
    return f"{whose}: {'; '.join(parts)}."


def clock(time: datetime | None) -> str:
    """A time for people; nothing where there is none."""
    if time is None:
        return ""
    zone = time.strftime("%z")
    shown = "UTC" if zone in ("+0000", "") else f"{zone[:3]}:{zone[3:]}"
    return f"{time.day} {time:%b %Y, %H:%M} {shown}"


def _period(first: datetime, last: datetime) -> str:
    start, end = (f"{time.day} {time:%b %Y}" for time in (first, last))
    return f"on {start}" if start == end else f"{start} to {end}"


def _several(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
