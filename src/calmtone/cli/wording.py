"""Edits of a rewrite as changes of whole words, as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..results import Span

if TYPE_CHECKING:
    from ..rewriting import Rewrite


class WordChange(NamedTuple):
    """What was changed: a span of the original, and the one that stands for it now."""

    before: Span
    after: Span


def whole_words(made: Rewrite) -> list[WordChange]:
    """The edits of a rewrite in their order, none of which cuts a word; neighbours as one."""
    changes: list[WordChange] = []
    for edit in made.edits:
        change = in_words(made, edit.before, edit.after)
        if changes and changes[-1].after.end >= change.after.start:
            last = changes.pop()
            change = WordChange(
                Span(last.before.start, max(last.before.end, change.before.end)),
                Span(last.after.start, max(last.after.end, change.after.end)),
            )
        changes.append(change)
    return changes


def in_words(made: Rewrite, before: Span, after: Span) -> WordChange:
    """An edit that begins or ends within a word, with all of that word.

    What stands beside an edit is the same in both texts up to the next edit, so that both
    spans grow alike; at another edit they stop.
    """
    original, text = made.original, made.text
    left, right = 0, 0
    if _starts_inside(original, before) or _starts_inside(text, after):
        words = original[: before.start], text[: after.start]
        room = min(
            before.start
            - max((e.before.end for e in made.edits if e.before < before), default=0),
            after.start - max((e.after.end for e in made.edits if e.after < after), default=0),
        )
        left = _shared(words[0][::-1], words[1][::-1], room)
    if _ends_inside(original, before) or _ends_inside(text, after):
        ends = len(original), len(text)
        room = min(
            min((e.before.start for e in made.edits if e.before > before), default=ends[0])
            - before.end,
            min((e.after.start for e in made.edits if e.after > after), default=ends[1])
            - after.end,
        )
        right = _shared(original[before.end :], text[after.end :], room)
    return WordChange(
        Span(before.start - left, before.end + right),
        Span(after.start - left, after.end + right),
    )


def _shared(one: str, other: str, room: int) -> int:
    """How many characters of a word two texts begin with, at most `room`."""
    count = 0
    for first, second in zip(one[: max(room, 0)], other, strict=False):
        if first != second or not _in_word(first):
            break
        count += 1
    return count


def _starts_inside(text: str, span: Span) -> bool:
    return (
        0 < span.start < span.end
        and _in_word(text[span.start - 1])
        and _in_word(text[span.start])
    )


def _ends_inside(text: str, span: Span) -> bool:
    return (
        span.start < span.end < len(text)
        and _in_word(text[span.end - 1])
        and _in_word(text[span.end])
    )


def _in_word(char: str) -> bool:
    return char.isalnum() or char in "'’_"
