"""Facts of two texts side by side: which of them were swapped."""

from __future__ import annotations

from collections.abc import Sequence

from ..records import NamedTuple
from ..results import Span
from .equating import NUMERIC, days, form
from .results import Change, Fact
from .statements import stem, words_of
from .words import tables

# Where as many of one of these are lost as are new, the new ones stand in their place.
_ALONE = ("weekday", "calendar", "share", "amount", "name")
# So do these in short texts; in long ones one may be left out and another one added.
_ALONE_IN_SHORT = ("relative", "time", "measure", "numeric")
_SHORT = 40  # words
_AFTER = ">"


class Facts(NamedTuple):
    """A text and its facts."""

    text: str
    facts: Sequence[Fact]


def swapped(
    ours: Facts,
    theirs: Facts,
    lost: Sequence[Fact],
    added: Sequence[Fact],
    known: frozenset[str],
) -> list[Change]:
    """Facts in whose place one of the same form came, beside the same words.

    Args:
        ours: the original.
        theirs: the candidate.
        lost: facts of the original that the candidate lacks.
        added: facts of the candidate that the original lacks.
        known: keys of facts that may be added; beside the same words they count still.
    """
    text, other = ours.text, theirs.text
    found = _in_other_units(lost, added)
    used = {change.after.span for change in found}
    done = {change.before.span for change in found}
    waiting: dict[tuple[str, str], list[Fact]] = {}
    for fact in added:
        for word in _around(other, fact):
            if fact.key not in known or word[0] == _AFTER:
                waiting.setdefault((_sort(fact), word), []).append(fact)
    left = []
    for fact in lost:
        if fact.span in done:
            continue
        beside = (waiting.get((_sort(fact), word), ()) for word in _around(text, fact))
        match = next((o for group in beside for o in group if o.span not in used), None)
        if match is None:
            left.append(fact)
        else:
            used.add(match.span)
            found.append(Change(fact.kind, fact, match))
    found += _replaced(ours, theirs, [fact for fact in added if fact.span not in used])
    used.update(change.after.span for change in found)
    new = [fact for fact in added if fact.span not in used and fact.key not in known]
    short = max(len(text.split()), len(other.split())) <= _SHORT
    for sort in (*_ALONE, *_ALONE_IN_SHORT) if short else _ALONE:
        one = [fact for fact in left if _sort(fact) == sort]
        two = [fact for fact in new if _sort(fact) == sort]
        if len(one) == len(two):
            found += [Change(a.kind, a, b) for a, b in zip(one, two, strict=True)]
    return found


def _in_other_units(lost: Sequence[Fact], added: Sequence[Fact]) -> list[Change]:
    """Numbers that stayed, and count something else: "two weeks", "two months"."""
    waiting: dict[str, list[Fact]] = {}
    for fact in added:
        if fact.kind in NUMERIC:
            waiting.setdefault(fact.key.split(" ")[0], []).append(fact)
    return [
        Change(fact.kind, fact, others.pop(0))
        for fact in lost
        if fact.kind in NUMERIC and (others := waiting.get(fact.key.split(" ")[0]))
    ]


def _sort(fact: Fact) -> str:
    """What a fact may be mistaken for: a weekday for a weekday, a share for a share."""
    if fact.kind == "date":
        if days(fact):
            return "calendar"
        weekdays = {day[:3] for day in tables()["dates"]["weekdays"]}
        return "weekday" if fact.key in weekdays else "relative"
    if fact.key.endswith(" percent"):
        return "share"
    if fact.kind == "number" and " " in fact.key:
        return "measure"
    return "amount" if fact.kind == "amount" else form(fact)


def _around(text: str, fact: Fact) -> list[str]:
    """The words of content beside a fact: what it counts, or who is meant."""
    empty = tables()["words"]["empty"].difference(tables()["dates"]["months"])
    after = words_of(text, Span(fact.span.end, min(fact.span.end + 40, len(text))))[:4]
    before = words_of(text, Span(max(fact.span.start - 40, 0), fact.span.start))[-2:]
    following = [w.word for w in after if w.word not in empty and len(w.word) > 2][:1]
    found = [f"{_AFTER}{stem(word)}" for word in following]
    found += [f"<{stem(w.word)}" for w in before if w.word not in empty and len(w.word) > 2]
    return found


def _replaced(ours: Facts, theirs: Facts, added: Sequence[Fact]) -> list[Change]:
    """New facts before the words that another one stood before, which is not lost elsewhere."""
    if not added:
        return []
    old: dict[tuple[str, str], list[Fact]] = {}
    for fact in ours.facts:
        for word in _around(ours.text, fact):
            if word[0] == _AFTER:
                old.setdefault((_sort(fact), word), []).append(fact)
    kept = {
        (_sort(fact), word, fact.key)
        for fact in theirs.facts
        for word in _around(theirs.text, fact)
    }
    found = []
    for fact in added:
        sort = _sort(fact)
        gone = (
            other
            for word in _around(theirs.text, fact)
            for other in old.get((sort, word), ())
            if (sort, word, other.key) not in kept
        )
        match = next(gone, None)
        if match is not None:
            found.append(Change(match.kind, match, fact))
    return found
