"""Sentences that are better placed first: what takes up the reader's side."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..results import Analysis
from .phrases import Proposal
from .sentences import leans
from .slots import opening_place
from .words import tables

_REASON = "What takes up their side is heard better first."


def moves(analysis: Analysis, read: Callable[[str], Analysis]) -> Iterator[list[Proposal]]:
    """Moves of a warm sentence to the front of a text that opens on the defence.

    Each is two changes, the sentence put in and taken out. A sentence is moved within its
    paragraph only, and not where it or the next one refers to the one before it.

    Args:
        analysis: the text.
        read: analyses a sentence by itself.
    """
    numbers = tables()["remarks"]
    warm: float = numbers["warm"]
    text = analysis.text
    spans = [part.span for part in analysis.sentences]
    place = opening_place(text)
    if len(spans) < 2 or not text[place : place + 1].isupper():
        return
    first = next((i for i, span in enumerate(spans) if span.end > place), 0)
    top = read(text[max(spans[first].start, place) : spans[first].end]).scores
    if top.defensiveness < numbers["clear"] or top.empathy >= warm:
        return
    for index in range(first + 1, len(spans)):
        start, end = spans[index]
        if text[spans[index - 1].end : start] != " ":
            return
        words = text[start:end]
        following = text[end : end + 20].split(maxsplit=1)
        if leans(words) or (following and leans(following[0])) or words[-1] not in ".!":
            continue
        own = read(words).scores
        if own.empathy >= warm and max(own[:2]) < warm / 4:
            yield [
                (place, place, f"{words} ", "reorder", _REASON),
                (start - 1, end, "", "reorder", _REASON),
            ]
