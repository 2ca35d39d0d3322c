"""A conversation for people: its course as a line of blocks, messages, findings."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from ..conversations import ConversationAnalysis, Course, Turn
from ..conversations.telling import clock, counts, findings, overview, who
from ..results import DIMENSIONS
from .inputs import Message
from .output import Output, safe
from .terminal import bar, show

_BLOCKS = "▁▂▃▄▅▆▇█"
_ALL = 40  # messages; of more, only those that matter are listed
_EDGE = 3
_MOST_LISTED = 60
_MOST_SHOWN = 5  # messages shown with their hints
_NAME = 24


def show_conversation(
    conversation: ConversationAnalysis,
    output: Output,
    *,
    full: bool = False,
    title: str | None = None,
) -> None:
    """Write a conversation.

    Args:
        conversation: what is shown.
        output: where to.
        full: whether every message is shown with its scores and hints.
        title: a heading in place of the subject.
    """
    heading = title or conversation.subject
    if heading:
        output.line(output.style(safe(" ".join(heading.split())), "bold"))
    output.line(overview(conversation))
    output.line()
    _show_course(conversation, output)
    output.line()
    _show_list(conversation, output)
    output.line()
    for name, told in findings(conversation):
        _show_finding(name, told, output)
    output.line()
    _show_people(conversation, output)
    left_out = counts(conversation.left_out)
    if left_out:
        output.line()
        _wrap(f"Left out of the messages: {', '.join(left_out)}.", output)
    for note in conversation.notes:
        output.line()
        _wrap(f"Note: {safe(note)}", output)
    _show_messages(conversation, output, full=full)
    output.fallback(conversation.engine and conversation.engine.fallback)


def spark(values: Sequence[float], width: int) -> str:
    """Values in [0, 1] as blocks, at most `width`: neighbours are drawn as their mean.

    >>> spark([0.0, 0.5, 1.0], 10)
    '▁▅█'
    """
    size = max(1, -(-len(values) // max(width, 1)))
    groups = [values[at : at + size] for at in range(0, len(values), size)]
    return "".join(_BLOCKS[round(sum(group) / len(group) * 7)] for group in groups)


def _show_course(conversation: ConversationAnalysis, output: Output) -> None:
    width = output.width - 16
    counted = [turn for turn in conversation.turns if turn.counted]
    rows = [("level", [turn.level for turn in counted], "bold")]
    rows += [
        (dimension, [turn.scores[number] for turn in counted], dimension)
        for number, dimension in enumerate(DIMENSIONS)
    ]
    for name, values, style in rows:
        output.line(f"{name:14}  {output.style(spark(values, width), style)}")


def _show_list(conversation: ConversationAnalysis, output: Output) -> None:
    signs = _signs(conversation)
    before = -1
    shown = _listed(conversation, signs)
    digits = len(str(len(conversation.turns)))
    names = max((len(_name(conversation.turns[at])) for at in shown), default=0)
    for at in shown:
        if at != before + 1:
            skipped = f"{at - before - 1:,} more"
            output.line(output.style(f"{'⋮':>4} {skipped}", "dim"))
        before = at
        _show_line(at, conversation.turns[at], signs.get(at, ""), digits, names, output)
    rest = len(conversation.turns) - before - 1
    if rest:
        output.line(output.style(f"{'⋮':>4} {rest:,} more", "dim"))
    if len(shown) < len(conversation.turns):
        output.line("Not all messages are listed: --html and --format json have them.")
    if signs:
        output.line()
        output.line("▲ raises the tension   ▽ calms   ◆ turning point")


def _show_line(
    at: int, turn: Turn, signs: str, digits: int, names: int, output: Output
) -> None:
    name = _name(turn).ljust(names)
    lead = f"{signs:>3} {at + 1:>{digits}}  {name}  "
    loudest = max(
        (value, dimension)
        for value, dimension in zip(turn.scores[:2], DIMENSIONS[:2], strict=True)
    )[1]
    style = loudest if turn.tension >= 0.5 else "dim"
    tension = f"{turn.tension:.2f}" if turn.counted else "  – "
    room = output.width - len(lead) - 17
    words = safe(" ".join(turn.message.text.split()))
    text = textwrap.shorten(words, room, placeholder="…") if room > 12 else ""
    blocks = output.style(bar(turn.tension if turn.counted else 0.0), style)
    output.line(f"{lead}{blocks} {tension}  {text}".rstrip())


def _name(turn: Turn) -> str:
    name = safe(" ".join(who(turn.speaker).split()))
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _signs(conversation: ConversationAnalysis) -> dict[int, str]:
    signs: dict[int, str] = {}
    for rise in conversation.rises:
        signs[rise.turn] = "▲"
    for item in conversation.deescalations:
        signs[item.turn] = "▽"
    point = conversation.turning_point
    if point is not None:
        signs[point.turn] = f"◆{signs.get(point.turn, '')}"
    return signs


def _listed(conversation: ConversationAnalysis, signs: Iterable[int]) -> list[int]:
    """All messages, or of many the first, the last, and those with a sign."""
    count = len(conversation.turns)
    if count <= _ALL:
        return list(range(count))
    edges = {*range(_EDGE), *range(count - _EDGE, count)}
    return sorted(edges | set(sorted(signs)[-_MOST_LISTED:]))


def _show_finding(name: str, told: Sequence[str], output: Output) -> None:
    title = output.style(f"{name:18}", "bold")
    lines = told[-_MOST_LISTED:]
    for number, line in enumerate(lines):
        wrapped = textwrap.wrap(safe(line), output.width - 18) or [""]
        for part, text in enumerate(wrapped):
            output.line(f"{title if not number and not part else ' ' * 18}{text}".rstrip())
    if len(lines) < len(told):
        output.line(f"{' ' * 18}and {len(told) - len(lines):,} before them")


def _show_people(conversation: ConversationAnalysis, output: Output) -> None:
    rows = [["person", "messages", *DIMENSIONS]]
    rows += [_person(course) for course in conversation.people]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        line = "  ".join(cells)
        output.line(output.style(line, "bold") if number == 0 else line)


def _person(course: Course) -> list[str]:
    name = safe(" ".join(who(course.name).split()))
    if course.role and course.role != course.name:
        name += f" ({safe(course.role)})"
    means = [f"{value:.2f}" for value in course.mean] if course.mean else ["–"] * 3
    return [name, str(len(course.turns)), *means]


def _show_messages(conversation: ConversationAnalysis, output: Output, *, full: bool) -> None:
    """Messages with marks, scores and hints: all, or the first that raise the tension."""
    turns = conversation.turns
    if full:
        places: Sequence[int] = range(len(turns))
    else:
        places = [rise.turn for rise in conversation.rises][:_MOST_SHOWN]
    for at in places:
        turn = turns[at]
        output.line()
        head = " · ".join(_head(at, turn))
        output.line(output.style(safe(head), "bold"))
        analysis = turn.analysis._replace(pause=None)  # that is for drafts
        show(Message(turn.message.text, None, None, None), analysis, output)


def _head(at: int, turn: Turn) -> Iterator[str]:
    yield f"{at + 1}. {' '.join(who(turn.speaker).split())}"
    if turn.time is not None:
        yield clock(turn.time)
    if turn.answers is not None:
        yield f"answers {turn.answers + 1}"


def _wrap(text: str, output: Output) -> None:
    for line in textwrap.wrap(text, output.width, break_long_words=False):
        output.line(line)
