"""Whether a text has a fact of another one, perhaps written otherwise.

"Three" and "3", "£40" and "40 quid", "72 hours" and "3 days", "5 pm" and "17:00", "3 May" and
"2024-05-03" are the same; "$50" and "€50", "two weeks" and "two months" are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from .results import Fact
from .words import fact_tables

NUMERIC = ("number", "amount")


class Known:
    """The facts of a text, so that another text's facts are looked up in constant time."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._exact: set[tuple[str, str]] = set()
        self._units: dict[str, set[str]] = {}  # values, and what they count
        self._parts: set[str] = set()  # numbers in dates and times
        self._measures: set[tuple[str, float]] = set()
        self._days: set[tuple[str, str, str]] = set()
        self._wider: set[tuple[str, str, str]] = set()  # days with a part left out
        for fact in facts:
            self._exact.add((form(fact), fact.key))
            for value, unit in _counts(fact):
                self._units.setdefault(value, set()).add(unit)
            self._parts.update(_parts(fact))
            if fact.kind in NUMERIC and (measure := _measure(fact.key)) is not None:
                self._measures.add(measure)
            if fact.kind == "time":
                self._exact.update(("time", time) for time in _times(fact.key))
            for day in days(fact):
                self._days.add(day)
                self._wider.update(_wider(day))
                self._wider.update(((day[0], "", ""), ("", day[1], "")))

    def has(self, fact: Fact) -> bool:
        """Whether the text has a fact."""
        if (form(fact), fact.key) in self._exact:
            return True
        if fact.kind == "time" and any(("time", t) in self._exact for t in _times(fact.key)):
            return True
        for day in days(fact):
            wider = _wider(day)
            if day in self._days or day in self._wider or not self._days.isdisjoint(wider):
                return True
        if fact.kind in NUMERIC and _measure(fact.key) in self._measures:
            return True
        # "The 15th" and "5 o'clock" may be told as a bare number, "3 May" and "5 pm" not.
        vague = fact.key.startswith("~") or fact.kind == "date"
        if vague and any("" in self._units.get(value, ()) for value in _parts(fact)):
            return True
        return any(
            (not unit and value in self._parts)
            or any(_alike(unit, other) for other in self._units.get(value, ()))
            for value, unit in _counts(fact)
        )


def form(fact: Fact) -> str:
    """What kinds of facts have in common: numbers and amounts are one form."""
    return "numeric" if fact.kind in NUMERIC else fact.kind


def _counts(fact: Fact) -> Iterator[tuple[str, str]]:
    """The value and the unit of a number; an order number may be told as one."""
    if fact.kind in NUMERIC:
        value, _, unit = fact.key.partition(" ")
        yield value, unit
    elif fact.kind == "reference" and fact.key.isascii() and fact.key.isdigit():
        yield f"{float(fact.key):.12g}", ""


def _parts(fact: Fact) -> Iterator[str]:
    """The number of a full hour, or of a day or year without a month."""
    if fact.kind == "time":
        for time in _times(fact.key):
            hours, minutes = time.split(":")
            if minutes == "00":
                yield hours
                yield str(int(hours) % 12)
    for year, month, day in days(fact):
        if not month:
            yield day or year


def days(fact: Fact) -> list[tuple[str, str, str]]:
    """The readings of a date as year, month and day, each empty where it is not told."""
    if fact.kind != "date" or "-" not in fact.key:
        return []
    found = []
    for reading in fact.key.split("|"):
        year, month, day = reading.split("-")
        found.append((year, month, day))
    return found


def _wider(day: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    """The same day told with less: without its year, without its month."""
    year, month, number = day
    found = []
    if year and month:
        found.append(("", month, number))
    if month and number:
        found.append(("", "", number))
    return found


def _times(key: str) -> list[str]:
    """The times that a key stands for; one with "~" may be before or after noon."""
    if not key.startswith("~"):
        return [key] if ":" in key else []
    hours, minutes = key[1:].split(":")
    return [f"{int(hours) % 24}:{minutes}", f"{(int(hours) + 12) % 24}:{minutes}"]


def _measure(key: str) -> tuple[str, float] | None:
    """What a number with a unit measures, and how much of its smallest unit."""
    value, _, unit = key.partition(" ")
    if not unit:
        return None
    kind, factor = fact_tables()["units"][unit]
    return kind, float(value) * factor


def _alike(unit: str, other: str) -> bool:
    return not unit or not other or unit == other or frozenset((unit, other)) in _ambiguous()


@lru_cache(maxsize=1)
def _ambiguous() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for pair in fact_tables()["measures"]["alike"])


def differences(old: Sequence[Fact], new: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Facts of each side that the other side has not."""
    ours, theirs = Known(old), Known(new)
    lost = [fact for fact in old if not theirs.has(fact)]
    return lost, [fact for fact in new if not ours.has(fact)]
