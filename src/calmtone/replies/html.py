"""What a message needs and what the reply does about it, as HTML for notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..html import HIDDEN, escaped
from ..rules.acts import ACTS
from .types import ReplyAnalysis

_STATES = {  # sign, words, and the line below the words of a need: its kind and its colour
    "missing": ("○", "missing", "dashed #c77700"),
    "unsure": ("·", "perhaps needed, perhaps done", "dotted #8a8f98"),
    "done": ("✓", "done", "solid #2b9a66"),
    "extra": ("+", "done, not asked for", "solid #2b9a66"),
}
_CELL = "padding:0 1em 0 0;text-align:left;font-weight:normal;vertical-align:top"


def reply_html(reply: ReplyAnalysis, draft: str = "") -> str:
    """The message with the words that show its needs, and the acts in a table.

    Self-contained, with inline styles only. Colours can be read on light and dark grounds;
    every state is a word too and has a kind of line of its own, so that nothing depends on
    colour. Nothing where there is no message.

    Args:
        reply: what was read.
        draft: the text of the reply, whose words are shown beside the acts that they do.
    """
    if not reply.message.strip():
        return ""
    rows = [act for act in ACTS if act in reply.needs or act in reply.does or act in reply.weak]
    parts = [
        '<div role="group" aria-label="calmtone reply" '
        'style="max-width:46em;line-height:1.6;color:inherit">',
        '<p style="margin:0"><strong>The message answered</strong></p>',
        '<p dir="auto" style="white-space:pre-wrap;margin:0 0 .8em">',
        *_marked(reply),
        "</p>",
        f'<p style="margin:0 0 .8em">Its heat: {reply.heat:.2f}</p>',
    ]
    if rows:
        names = ["", "act", "state", "in the message", *(["in the reply"] if draft else [])]
        heads = "".join(f'<th scope="col" style="{_CELL}">{name}</th>' for name in names)
        parts += [
            '<table style="border-collapse:collapse;margin:0 0 .8em;color:inherit">',
            f'<tr style="background:transparent">{heads}</tr>',
            *[_row(act, reply, draft) for act in rows],
            "</table>",
        ]
    return "".join([*parts, "</div>"])


def _row(act: str, reply: ReplyAnalysis, draft: str) -> str:
    state = _state(act, reply)
    sign, name, line = _STATES[state]
    span, said = reply.needs.get(act), reply.does.get(act) or reply.weak.get(act)
    if act in reply.weak and act not in reply.does:
        name = "only a formula or a vague promise"
        name = f"missing: {name}" if state == "missing" else name
    cells = [_quoted(reply.message[span.start : span.end]) if span else ""]
    if draft:
        cells.append(_quoted(draft[said.start : said.end]) if said else "")
    return (
        '<tr style="background:transparent">'
        f'<td aria-hidden="true" style="{_CELL};color:{line.split()[1]}">{sign}</td>'
        f'<th scope="row" style="{_CELL}">{act}</th>'
        f'<td style="{_CELL}">{name}</td>'
        + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells)
        + "</tr>"
    )


def _quoted(words: str) -> str:
    return f"<q>{escaped(words)}</q>"


def _state(act: str, reply: ReplyAnalysis) -> str:
    if act in reply.missing:
        return "missing"
    if act in reply.needs:
        return "done" if act in reply.does else "unsure"
    return "extra" if act in reply.does else "unsure"


def _marked(reply: ReplyAnalysis) -> Iterator[str]:
    """The message, the words that show its needs underlined and named.

    Where those of several acts overlap, the line is that of the act least done, and all are
    named.
    """
    message, needs = reply.message, reply.needs
    bounds = sorted({0, len(message), *[place for span in needs.values() for place in span]})
    for start, end in pairwise(bounds):
        words = escaped(message[start:end])
        states = {
            act: _state(act, reply)
            for act in ACTS
            if act in needs and needs[act].start <= start and end <= needs[act].end
        }
        if not states:
            yield words
            continue
        line = _STATES[min(states.values(), key=list(_STATES).index)][2]
        named = ", ".join(f"{act}: {_STATES[state][1]}" for act, state in states.items())
        yield (
            f'<mark title="{named}" style="background:transparent;color:inherit;'
            f'border-bottom:3px {line}">{words}<span style="{HIDDEN}"> ({named})</span></mark>'
        )
