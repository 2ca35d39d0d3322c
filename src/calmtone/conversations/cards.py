"""The messages of a conversation as cards of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..html import escaped, hints_html, scores_html, text_html
from .records import ConversationAnalysis, LeftOut, Turn
from .telling import clock, counts, kind_name, who

_DRAWN_AT_ONCE = 100  # messages; of more, browsers draw those in view


def messages_html(conversation: ConversationAnalysis) -> Iterator[str]:
    """All messages, in pieces."""
    yield '<section aria-labelledby="messages"><h2 id="messages">The messages</h2>'
    rising = {rise.turn for rise in conversation.rises}
    calming = {item.turn: item for item in conversation.deescalations}
    point = conversation.turning_point
    left_out: dict[int, list[LeftOut]] = {}
    for part in conversation.left_out:
        if part.message is not None:
            left_out.setdefault(part.message, []).append(part)
    many = " many" * (len(conversation.turns) > _DRAWN_AT_ONCE)
    yield f'<ol class="messages{many}">'
    for at, turn in enumerate(conversation.turns):
        tags = []
        if at in rising:
            tags.append("▲ raises the tension")
        if at in calming:
            tags.append("▽ calms")
        if point is not None and point.turn == at:
            tags.append(f"◆ turns for the {point.direction}")
        kind = "rise" if at in rising else "calms" if at in calming else ""
        yield from _card(at, turn, tags, kind, left_out.get(turn.given, []))
    yield "</ol></section>\n"


def _card(
    at: int, turn: Turn, tags: list[str], kind: str, left_out: list[LeftOut]
) -> Iterator[str]:
    key = f"message-{at + 1}"
    classes = f' class="{kind}"' if kind else ""
    role = turn.message.role if turn.message.role != turn.speaker else None
    yield f'<li><article id="{key}"{classes} aria-labelledby="{key}-by">'
    yield f'<h3 id="{key}-by">{at + 1}. <bdi>{escaped(who(turn.speaker))}</bdi>'
    yield f' <span class="soft">({escaped(role)})</span></h3>' if role else "</h3>"
    meta = [escaped(clock(turn.time))] if turn.time else []
    if turn.answers is not None:
        number = turn.answers + 1
        meta.append(f'answers <a href="#message-{number}">message {number}</a>')
    if turn.heat is not None:
        meta.append(f"heat {turn.heat:.2f}")
    if meta:
        yield f'<p class="meta">{" · ".join(meta)}</p>'
    if tags:
        items = "".join(f"<li>{escaped(tag)}</li>" for tag in tags)
        yield f'<ul class="tags" aria-label="What it does">{items}</ul>'
    yield from body_html(turn, 'style="white-space:pre-wrap"')
    yield from _acts(turn)
    if left_out:
        yield f"<details><summary>Left out: {escaped(', '.join(counts(left_out)))}</summary>"
        yield from _parts(left_out)
        yield "</details>"
    yield "</article></li>\n"


def body_html(turn: Turn, style: str) -> Iterator[str]:
    """A message's text, scores and hints."""
    analysis = turn.analysis
    if not turn.counted:
        yield "<p><i>No words.</i></p>" if not turn.message.text.strip() else ""
    yield f'<p dir="auto" {style}>'
    yield from text_html(analysis)
    yield "</p>"
    if turn.counted:
        yield from scores_html(analysis.scores)
    yield from hints_html(analysis)


def _acts(turn: Turn) -> Iterator[str]:
    """What the message answered needs, and whether this one does it."""
    reply = turn.reply
    if reply is not None and reply.needs:
        acts = [
            f"{act} ({'missing' if act in reply.missing else 'done'})" for act in reply.needs
        ]
        yield f'<p class="meta">What was needed here: {escaped(", ".join(acts))}.</p>'


def left_out_html(left_out: Iterable[LeftOut]) -> Iterator[str]:
    """What is left out and belongs to no message; nothing where there is nothing."""
    loose = [part for part in left_out if part.message is None]
    if loose:
        yield '<section aria-labelledby="left-out"><h2 id="left-out">Left out</h2>'
        yield f"<details><summary>{escaped(', '.join(counts(loose)))}</summary>"
        yield from _parts(loose)
        yield "</details></section>\n"


def _parts(left_out: Iterable[LeftOut]) -> Iterator[str]:
    for part in left_out:
        yield f"<p><b>{escaped(kind_name(part.kind))}</b></p>"
        yield f'<div class="left-out" dir="auto">{escaped(part.text)}</div>'
