"""The edits as they are listed: the halves of a move as one, each with its hint."""

from __future__ import annotations

from collections.abc import Sequence

from ..results import Analysis, Hint
from .results import Edit


def listed(edits: Sequence[Edit], before: Analysis) -> tuple[Edit, ...]:
    """The edits in the order of the new text, each with the hint that it follows.

    Args:
        edits: as a draft gives them.
        before: the analysis of the original text.
    """
    found = sorted(_joined(edits), key=lambda edit: (edit.after, edit.before))
    return tuple(edit._replace(hint=_hint_of(edit, before)) for edit in found)


def _joined(edits: Sequence[Edit]) -> list[Edit]:
    """The edits; the two halves of a move are one."""
    halves = [edit for edit in edits if edit.kind == "reorder"]
    rest = [edit for edit in edits if edit.kind != "reorder"]
    if len(halves) == 2:
        put, taken = halves
        if put.after.start == put.after.end:
            put, taken = taken, put
        rest.append(taken._replace(after=put.after))
        return rest
    return list(edits)


def _hint_of(edit: Edit, before: Analysis) -> Hint | None:
    """The hint about the original text that an edit follows."""
    for hint in before.hints:
        if hint.span is None and edit.reason == hint.message:
            return hint
    if edit.before.start == edit.before.end:
        return None
    best: Hint | None = None
    most = 0
    for hint in before.hints:
        if hint.span is None:
            continue
        start = max(hint.span.start, edit.before.start)
        both = min(hint.span.end, edit.before.end) - start
        least = min(hint.span.end - hint.span.start, edit.before.end - edit.before.start)
        if both > most and both * 2 > least:  # the first letter of what stays is no match
            best, most = hint, both
    return best
