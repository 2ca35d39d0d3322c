"""Whether a number, date or time is the latest or the earliest, the most or the least."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ..results import Span
from .results import Change, Fact
from .statements import negations, words_of
from .words import fact_tables

_REACH = 24  # code points before a fact in which its bound stands
_BACK = 80  # code points before a fact in which it may be denied
_MOST_PLACES = 20
_BOUNDED = ("number", "amount", "date", "time")


def bounds_changed(
    text: str, facts: Sequence[Fact], other: str, others: Sequence[Fact]
) -> list[Change]:
    """Facts that both texts have, where "before" became "after" or "at most" "at least".

    Args:
        text: the original.
        facts: its facts.
        other: the candidate.
        others: its facts.
    """
    there: dict[tuple[str, str], list[tuple[int, Fact]]] = {}
    for fact in others:
        if fact.kind in _BOUNDED:
            there.setdefault((fact.kind, fact.key), []).append((_bound(other, fact), fact))
    found = []
    for fact in facts:
        same = there.get((fact.kind, fact.key))
        side = _bound(text, fact) if same else 0
        if side and same and all(bound == -side for bound, _ in same):
            denied = _is_denied(text, fact)
            if any(_is_denied(other, one) != denied for _, one in same[:_MOST_PLACES]):
                continue  # "not before 9" is "after 9"
            found.append(Change(fact.kind, _with(text, fact), _with(other, same[0][1])))
    return found


def _bound(text: str, fact: Fact) -> int:
    """-1 where a fact is the latest or most, 1 where it is the earliest or least, else 0."""
    match = _before().search(text, max(fact.span.start - _REACH, 0), fact.span.start)
    if match is None:
        return 0
    return -1 if match["bound"].lower() in fact_tables()["bounds"]["most"] else 1


def _is_denied(text: str, fact: Fact) -> bool:
    """Whether a negator stands before a fact in its sentence."""
    start = max(fact.span.start - _BACK, 0)
    match = _before().search(text, max(fact.span.start - _REACH, 0), fact.span.start)
    end = fact.span.start if match is None else match.start("bound")
    start += max(text[start:end].rfind(mark) for mark in (". ", "! ", "? ", "\n", ";")) + 1
    return bool(negations(words_of(text, Span(start, end))))


def _with(text: str, fact: Fact) -> Fact:
    """The fact with the word that bounds it."""
    match = _before().search(text, max(fact.span.start - _REACH, 0), fact.span.start)
    start = fact.span.start if match is None else match.start("bound")
    return fact._replace(text=text[start : fact.span.end], span=fact.span._replace(start=start))


@lru_cache(maxsize=1)
def _before() -> re.Pattern[str]:
    bounds = fact_tables()["bounds"]
    words = sorted(bounds["most"] | bounds["least"], key=len, reverse=True)
    either = "|".join(map(re.escape, words))
    return re.compile(rf"(?i)\b(?P<bound>{either})\s{{1,2}}(?:the\s)?\Z")
