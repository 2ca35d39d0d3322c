"""An analysis as HTML, for notebooks: the text with its spans marked, scores, hints.

Self-contained, with inline styles only. Colours are middle tones that can be read on light
and dark grounds, and each dimension has its own kind of line, so that nothing depends on
colour alone; for screen readers the marks are named and the bars left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from .results import DIMENSIONS, Analysis, Hint, Scores, Span

LINES = {  # of each dimension: kind of line and colour
    "hostility": "solid #e5484d",
    "defensiveness": "dashed #c77700",
    "empathy": "dotted #2b9a66",
}
_LEAST = 0.1  # a lower score is not worth naming words for
HIDDEN = (
    "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);"
    "white-space:nowrap;user-select:none"
)
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def analysis_html(analysis: Analysis) -> str:
    """The analysis as a piece of HTML."""
    parts = [
        '<div role="group" aria-label="calmtone analysis" '
        'style="max-width:46em;line-height:1.6;color:inherit">',
        '<p dir="auto" style="white-space:pre-wrap;margin:0 0 .8em">',
        *text_html(analysis),
        "</p>",
        *scores_html(analysis.scores),
    ]
    if analysis.pause is not None:
        words = " ".join([analysis.pause.reason, *analysis.pause.helps])
        parts.append(_remark("Take a breath first", words))
    parts += hints_html(analysis)
    if analysis.reply is not None:
        parts.append(analysis.reply._repr_html_(analysis.text))
    parts += [_remark("Note", note) for note in analysis.notes]
    parts.append("</div>")
    return "".join(parts)


def marked_runs(analysis: Analysis) -> list[tuple[int, int, str | None]]:
    """The text cut into runs: start, end, and the dimension that their words speak for.

    Marked are the words of rules that raise a score worth naming or give a hint, and the
    words of other hints. Where they overlap, hostility goes before defensiveness, and that
    before empathy.
    """
    hinted = {hint.rule for hint in analysis.hints}
    found = [
        evidence
        for evidence in analysis.evidence
        if (evidence.weight > 0 and analysis.scores[evidence.dimension] >= _LEAST)
        or evidence.rule in hinted
        if evidence.rule.split("/")[0] not in ("lexicon", "context")
    ]
    rules = {evidence.rule for evidence in found}
    spans = [(evidence.dimension, evidence.span) for evidence in found] + [
        (hint.dimension, hint.span)
        for hint in analysis.hints
        if hint.span is not None and hint.rule not in rules
    ]
    spans.sort(key=lambda marked: DIMENSIONS.index(marked[0]), reverse=True)
    marks: list[str | None] = [None] * len(analysis.text)
    for dimension, (start, end) in spans:
        marks[start:end] = [dimension] * (end - start)
    starts = [at for at in range(len(marks)) if at == 0 or marks[at] != marks[at - 1]]
    ends = [*starts[1:], len(marks)]
    return [(start, end, marks[start]) for start, end in zip(starts, ends, strict=False)]


def text_html(analysis: Analysis) -> Iterator[str]:
    """The text with its words marked, in pieces."""
    for start, end, dimension in marked_runs(analysis):
        words = escaped(analysis.text[start:end])
        if dimension is None:
            yield words
        else:
            yield (
                f'<mark title="{dimension}" style="background:transparent;color:inherit;'
                f'border-bottom:3px {LINES[dimension]}">{words}'
                f'<span style="{HIDDEN}"> ({dimension})</span></mark>'
            )


def scores_html(scores: Scores) -> Iterator[str]:
    """A table of the scores, with bars."""
    yield '<table style="border-collapse:collapse;margin:0 0 .8em;color:inherit">'
    for dimension, score in zip(DIMENSIONS, scores, strict=True):
        color = LINES[dimension].split()[1]
        yield (
            '<tr style="background:transparent">'
            '<th scope="row" style="text-align:left;font-weight:normal;padding:0 1em 0 0">'
            f"{dimension}</th>"
            '<td aria-hidden="true" style="padding:0 1em 0 0"><div style="width:10em;'
            'height:.6em;background:rgba(128,128,128,.25);border-radius:.3em">'
            f'<div style="width:{score:.0%};height:100%;background:{color};'
            'border-radius:.3em"></div></div></td>'
            f'<td style="padding:0;text-align:right">{score:.2f}</td></tr>'
        )
    yield "</table>"


def hints_html(analysis: Analysis) -> Iterator[str]:
    """The hints as a list; nothing where there are none."""
    if not analysis.hints:
        return
    yield '<ul style="margin:0 0 .8em;padding-left:1.4em">'
    for hint in analysis.hints:
        yield f'<li style="margin:0 0 .4em">{_hint(analysis.text, hint)}</li>'
    yield "</ul>"


def _hint(text: str, hint: Hint) -> str:
    phrase = f"<q>{escaped(quoted(text, hint.span))}</q> " if hint.span else ""
    verb = "Instead" if hint.span else "Add"
    suggestions = "".join(
        f"<br>{verb}: <q>{escaped(suggestion)}</q>" if suggestion else "<br>Or leave it out."
        for suggestion in hint.suggestions
    )
    small = f"<br><small>{escaped(details(hint))}</small>"
    return f"{phrase}{escaped(hint.message)}{suggestions}{small}"


def quoted(text: str, span: Span, longest: int = 60) -> str:
    """The words of a span in one line, the middle left out where they are many."""
    words = " ".join(text[span.start : span.end].split())
    if len(words) <= longest:
        return words
    half = longest // 2
    return f"{words[:half].rstrip()} … {words[-half:].lstrip()}"


def details(hint: Hint) -> str:
    """A hint's practice and rule, and what following it changes, if that shows.

    >>> details(Hint("defensiveness/excuse", "own-it", "defensiveness", None, "", (), -0.32))
    'own-it · defensiveness/excuse · defensiveness −0.32'
    """
    effect = f"{hint.effect:+.2f}".replace("-", "−")
    shown = [f"{hint.dimension} {effect}"] if effect[1:] != "0.00" else []
    return " · ".join([hint.practice, hint.rule, *shown])


def _remark(title: str, text: str) -> str:
    return f'<p style="margin:0 0 .8em"><b>{title}.</b> {escaped(text)}</p>'


def escaped(text: str) -> str:
    """The text for HTML, without characters that no page may hold."""
    return escape(_BROKEN.sub("\ufffd", text))
