"""What a message needs and what the reply does about it, as HTML for notebooks."""

from __future__ import annotations

from ..html import escaped
from ..rules.acts import ACTS
from .types import ReplyAnalysis

_STATES = {
    "done": ("✓", "done", "#2b9a66"),
    "missing": ("○", "missing", "#c77700"),
    "extra": ("+", "done, not asked for", "#2b9a66"),
    "unsure": ("·", "perhaps needed, perhaps done", "#8a8f98"),
}


def reply_html(reply: ReplyAnalysis) -> str:
    """The message with the words that show its needs, and the acts in a table.

    Self-contained, with inline styles only. Colours can be read on light and dark grounds,
    and every state is a word too, so that nothing depends on colour.
    """
    rows = [act for act in ACTS if act in reply.needs or act in reply.does]
    parts = [
        '<div role="group" aria-label="calmtone reply" '
        'style="max-width:46em;line-height:1.6;color:inherit">',
        '<p dir="auto" style="white-space:pre-wrap;margin:0 0 .8em">',
        _marked(reply),
        "</p>",
        f'<p style="margin:0 0 .8em">heat {reply.heat:.2f}</p>',
    ]
    if rows:
        parts += [
            '<table style="border-collapse:collapse;margin:0 0 .8em;color:inherit">',
            *[_row(act, reply) for act in rows],
            "</table>",
        ]
    return "".join([*parts, "</div>"])


def _row(act: str, reply: ReplyAnalysis) -> str:
    state = _state(act, reply)
    sign, name, color = _STATES[state]
    if act in reply.missing and act in reply.weak:
        name = "missing: only a formula or a vague promise"
    span = reply.needs.get(act)
    words = f"<q>{escaped(reply.message[span.start : span.end])}</q>" if span else ""
    cell = "padding:0 1em 0 0;text-align:left;font-weight:normal"
    return (
        '<tr style="background:transparent">'
        f'<td aria-hidden="true" style="{cell};color:{color}">{sign}</td>'
        f'<th scope="row" style="{cell}">{act}</th>'
        f'<td style="{cell}">{name}</td><td style="padding:0;text-align:left">{words}</td></tr>'
    )


def _state(act: str, reply: ReplyAnalysis) -> str:
    if act in reply.missing:
        return "missing"
    if act not in reply.needs:
        return "extra"
    return "done" if act in reply.does else "unsure"


def _marked(reply: ReplyAnalysis) -> str:
    """The message, the words that show its needs underlined; where they overlap, the first."""
    parts, at = [], 0
    for act, span in sorted(reply.needs.items(), key=lambda need: need[1]):
        if span.start < at:
            continue
        state = _state(act, reply)
        line = f"3px {'solid' if state == 'done' else 'dashed'} {_STATES[state][2]}"
        parts.append(escaped(reply.message[at : span.start]))
        parts.append(
            f'<mark title="{act}: {state}" style="background:transparent;color:inherit;'
            f'border-bottom:{line}">{escaped(reply.message[span.start : span.end])}</mark>'
        )
        at = span.end
    return "".join([*parts, escaped(reply.message[at:])])
