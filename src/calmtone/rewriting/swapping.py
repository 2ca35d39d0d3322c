"""Facts of two texts side by side: which are lost, which are new, which were swapped."""

from __future__ import annotations

from collections.abc import Sequence

from ..records import NamedTuple
from ..results import Span
from .results import Change, Fact
from .statements import stem, words_of
from .words import tables

_FORMS = {
    "number": "numeric",
    "amount": "numeric",
    "date": "date",
    "time": "time",
    "name": "name",
}
# Where one of these is lost and one is new, the new one stands in the other's place.
_ALONE = ("weekday", "month", "share", "amount", "name")
_AFTER = ">"


def differences(old: Sequence[Fact], new: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Facts of each side whose key the other side has less often."""
    return _missing(old, new), _missing(new, old)


def _missing(facts: Sequence[Fact], others: Sequence[Fact]) -> list[Fact]:
    left = {(_FORMS.get(fact.kind, fact.kind), fact.key) for fact in others}
    # a day of the month may be written as a bare number, and a number as an ordinal
    values = {fact.key for fact in others if fact.kind in ("number", "amount", "date", "time")}
    found = []
    for fact in facts:
        form = _FORMS.get(fact.kind, fact.kind)
        if (form, fact.key) in left:
            continue
        if fact.kind in ("number", "amount", "date") and fact.key in values:
            continue
        found.append(fact)
    return found


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
    waiting: dict[tuple[str, str], list[Fact]] = {}
    for fact in added:
        for word in _around(other, fact):
            if fact.key not in known or word[0] == _AFTER:
                waiting.setdefault((_sort(fact), word), []).append(fact)
    found, used, left = [], set(), []
    for fact in lost:
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
    for sort in _ALONE:
        one = [fact for fact in left if _sort(fact) == sort]
        two = [fact for fact in new if _sort(fact) == sort]
        if len(one) == len(two) == 1:
            found.append(Change(one[0].kind, one[0], two[0]))
    return found


def _sort(fact: Fact) -> str:
    """What a fact may be mistaken for: a weekday for a weekday, a share for a share."""
    if fact.kind == "date" and fact.key.isalpha():
        if fact.key in tables()["dates"]["relative"]:
            return "relative"
        days = {day[:3] for day in tables()["dates"]["weekdays"]}
        return "weekday" if fact.key in days else "month"
    if fact.text.endswith("%"):
        return "share"
    if fact.kind == "amount":
        return "amount"
    return _FORMS.get(fact.kind, fact.kind)


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
