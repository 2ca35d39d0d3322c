"""A conversation as a page that stands by itself, and as a piece of HTML for notebooks.

No script, nothing fetched: the page forbids both to itself. It can be read on light and dark
grounds, on narrow screens, on paper and by screen readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..html import escaped
from ..resources import read_text
from ..results import DIMENSIONS
from .cards import body_html, left_out_html, messages_html
from .plots import Line, Mark, bins, course_svg, sample_svg
from .records import ConversationAnalysis, Course, Turn
from .telling import clock, described, findings, overview, who

_MOST_PEOPLE = 8  # with a plot of their own
_MOST_IN_NOTEBOOK = 50
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def report_html(conversation: ConversationAnalysis, title: str | None = None) -> str:
    """The page.

    Args:
        conversation: what it is about.
        title: its heading; the subject by default.
    """
    heading = escaped(title or conversation.subject or "A conversation")
    return "".join(
        [
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{heading} · calmtone</title>",
            f"<style>{read_text('report.css')}</style></head>\n<body>",
            '<a class="skip" href="#messages">Skip to the messages</a>',
            f'<header><h1 dir="auto">{heading}</h1>',
            f'<p class="soft">{escaped(overview(conversation))}</p></header>\n<main>',
            *_notices(conversation),
            *_findings(conversation),
            *_courses(conversation),
            *_people(conversation),
            *messages_html(conversation),
            *left_out_html(conversation.left_out),
            "</main>\n",
            *_footer(conversation),
            "</body></html>\n",
        ]
    )


def notebook_html(conversation: ConversationAnalysis) -> str:
    """Findings, course and messages with inline styles only."""
    parts = [
        '<div role="group" aria-label="calmtone conversation" '
        'style="max-width:50em;line-height:1.6;color:inherit;overflow-wrap:anywhere">',
        f"<p><b>{escaped(overview(conversation))}</b></p>",
        '<ul style="padding-left:1.4em">',
    ]
    for name, told in findings(conversation):
        parts.append(f"<li><b>{name}:</b> {escaped('; '.join(told))}</li>")
    parts += [f"<li>{escaped(note)}</li>" for note in conversation.notes]
    parts.append("</ul>")
    if conversation.overall.scores:
        parts += [
            f"<div>{_overall_svg(conversation, 'calmtone-notebook', 640)}</div>",
            f'<p style="font-size:.9em">{_legend_line()}</p>',
        ]
    shown = conversation.turns[:_MOST_IN_NOTEBOOK]
    for at, turn in enumerate(shown):
        parts += [
            '<div style="border-top:1px solid rgba(128,128,128,.4);padding:.6em 0 0">',
            f'<p style="margin:0"><b>{at + 1}. {escaped(who(turn.speaker))}</b> '
            f"{escaped(_meta(turn))}</p>",
            *body_html(turn, 'style="white-space:pre-wrap;margin:.2em 0 .6em"'),
            "</div>",
        ]
    if len(shown) < len(conversation.turns):
        more = len(conversation.turns) - len(shown)
        parts.append(f"<p>{more:,} more messages: <code>to_html()</code> shows all.</p>")
    parts.append("</div>")
    return "".join(parts)


def _notices(conversation: ConversationAnalysis) -> Iterator[str]:
    if conversation.backup is not None:
        yield (
            '<div class="notice" role="note" aria-label="Bring someone in">'
            f"<p><strong>Consider bringing someone in.</strong> "
            f"{_linked(conversation.backup.reason)}</p></div>"
        )
    if conversation.notes:
        notes = "".join(f"<p>{escaped(note)}</p>" for note in conversation.notes)
        yield f'<div class="notice" role="note" aria-label="Notes">{notes}</div>'


def _findings(conversation: ConversationAnalysis) -> Iterator[str]:
    yield '<section aria-labelledby="findings"><h2 id="findings">At a glance</h2>'
    yield '<dl class="findings">'
    for name, told in findings(conversation):
        items = "".join(f"<li>{_linked(line)}</li>" for line in told)
        yield f"<dt>{name}</dt><dd><ul>{items}</ul></dd>"
    yield "</dl></section>\n"


def _linked(line: str) -> str:
    """A sentence with its message numbers as links."""
    return re.sub(r"\b([Mm]essage) (\d+)", r'<a href="#message-\2">\1 \2</a>', escaped(line))


def _courses(conversation: ConversationAnalysis) -> Iterator[str]:
    if not conversation.overall.scores:
        return
    yield '<section aria-labelledby="course"><h2 id="course">The course</h2><figure>'
    yield f'<div class="large">{_overall_svg(conversation, "wide", 820)}</div>'
    yield f'<div class="small">{_overall_svg(conversation, "narrow", 340)}</div>'
    yield _legend(level=True)
    yield f"<figcaption>{escaped(_caption(conversation))}</figcaption></figure>"
    people = [course for course in conversation.people if len(course.scores) > 1]
    people.sort(key=lambda course: -len(course.scores))
    if len(conversation.people) > 1 and people:
        yield '<div class="charts">'
        for number, course in enumerate(people[:_MOST_PEOPLE], 1):
            yield _person_figure(conversation, course, number)
        yield "</div>"
        more = len(conversation.people) - len(people[:_MOST_PEOPLE])
        if more:
            others = "person stands" if more == 1 else "people stand"
            yield f'<p class="soft">{more:,} more {others} in the table below.</p>'
    yield "</section>\n"


def _caption(conversation: ConversationAnalysis) -> str:
    size = bins(len(conversation.turns))
    said = "Scores from 0 to 1 over the messages, in order."
    if size > 1:
        said += f" Each point is the mean of up to {size} messages."
    if conversation.rises:
        said += " ▲ a message raises the tension."
    if conversation.deescalations:
        said += " ▽ a calm answer to a tense message."
    return said


def _overall_svg(conversation: ConversationAnalysis, key: str, width: int) -> str:
    turns = conversation.turns
    level = {at: turn.level for at, turn in enumerate(turns) if turn.counted}
    marks: list[Mark] = []
    if bins(len(turns)) == 1:
        marks += [Mark(rise.turn, "▲") for rise in conversation.rises]
        marks += [Mark(item.turn, "▽") for item in conversation.deescalations]
    point = conversation.turning_point
    if point is not None:
        marks.append(Mark(point.turn, "◆", f"turns for the {point.direction}"))
    return course_svg(
        _lines(conversation.overall),
        len(turns),
        title="Hostility, defensiveness and empathy over the conversation",
        description=described(conversation.overall, "Everybody"),
        key=key,
        width=width,
        height=240 if width > 400 else 200,
        area=Line("level", level),
        marks=marks,
    )


def _person_figure(conversation: ConversationAnalysis, course: Course, number: int) -> str:
    name = who(course.name)
    svg = course_svg(
        _lines(course),
        len(conversation.turns),
        title=f"Scores of {name}",
        description=described(course, name),
        key=f"person-{number}",
        width=400,
        height=160,
    )
    return f"<figure><h3><bdi>{escaped(name)}</bdi></h3>{svg}</figure>"


def _lines(course: Course) -> list[Line]:
    return [
        Line(dimension, dict(zip(course.turns, column, strict=True)))
        for dimension, column in zip(DIMENSIONS, zip(*course.scores, strict=True), strict=False)
    ]


def _legend(*, level: bool) -> str:
    items = "".join(f"<li>{sample_svg(name)}{name}</li>" for name in DIMENSIONS)
    if level:
        items += '<li><span class="swatch"></span>level of the conversation</li>'
    return f'<ul class="legend" aria-label="Legend">{items}</ul>'


def _legend_line() -> str:
    return " · ".join(f"{sample_svg(name)} {name}" for name in DIMENSIONS)


def _people(conversation: ConversationAnalysis) -> Iterator[str]:
    if not conversation.people:
        return
    yield '<section aria-labelledby="people"><h2 id="people">The people</h2>'
    yield '<div class="wide" role="region" aria-label="Table of the people" tabindex="0">'
    yield (
        "<table><caption>Mean scores of each person, and behind each how it changes from the "
        "earlier half of their messages to the later half.</caption><thead><tr>"
    )
    heads = ["person", "messages", "raises tension", "calms", *DIMENSIONS]
    yield "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield "</tr></thead><tbody>"
    for course in (*conversation.people, conversation.overall):
        yield _person_row(conversation, course)
    yield "</tbody></table></div></section>\n"


def _person_row(conversation: ConversationAnalysis, course: Course) -> str:
    everybody = course is conversation.overall
    name = "everybody" if everybody else f"<bdi>{escaped(who(course.name))}</bdi>"
    if course.role and course.role != course.name:
        name += f' <span class="soft">({escaped(course.role)})</span>'
    raises = [r for r in conversation.rises if everybody or r.by == course.name]
    calms = [d for d in conversation.deescalations if everybody or d.by == course.name]
    cells = [str(len(course.turns)), str(len(raises)), str(len(calms))]
    changes = course.change or [None] * len(DIMENSIONS)
    for value, change in zip(course.mean or [None] * len(DIMENSIONS), changes, strict=True):
        shown = "–" if value is None else f"{value:.2f}"
        if change is not None:
            moved = f"{change:+.2f}".replace("-", "−")
            moved = moved if moved[1:] != "0.00" else "0.00"
            shown += f' <span class="soft">({moved})</span>'
        cells.append(shown)
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{name}</th>{row}</tr>'


def _meta(turn: Turn) -> str:
    said = [clock(turn.time)] if turn.time else []
    if turn.answers is not None:
        said.append(f"answers {turn.answers + 1}")
    return f"({', '.join(said)})" if said else ""


def _footer(conversation: ConversationAnalysis) -> Iterator[str]:
    yield (
        "<footer><p>Each score is the probability that readers would find the message "
        "clearly hostile, defensive or empathetic. The tension of a message is the higher of "
        "hostility and defensiveness; that of the conversation follows it with some delay. "
        "Scores speak about words, and are no verdict on a person.</p>"
    )
    if conversation.engine is not None:
        engine = conversation.engine
        yield (
            f"<p>calmtone {escaped(engine.version)}, engine {escaped(engine.name)}, "
            f"rules {escaped(engine.rules)}.</p>"
        )
    yield "</footer>\n"
