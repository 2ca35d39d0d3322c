"""Dates and times of a text that are told in words: "3 May 2024", "half past four"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..results import Span
from .counting import Number
from .results import Fact, fact_at
from .tokens import DIGITS, Token, near
from .words import fact_tables, tables


def dates_and_times(
    text: str, words: Sequence[Token], numbers: Sequence[Number], taken: set[int]
) -> Iterator[Fact]:
    """Dates and times; tokens that they use are added to `taken`.

    The key of a day is year, month and day with hyphens, each empty where it is not told
    ("-5-3" for 3 May); that of a weekday its first three letters, that of a time its hours
    and minutes, with "~" before those that may be in the morning or the afternoon.
    """
    at_first = {number.first: number for number in numbers}
    at_last = {number.last: number for number in numbers}
    yield from _clock_words(text, words, at_first, taken)
    yield from _days(text, words, at_first, at_last, taken)
    yield from _named(text, words, taken)
    yield from _years_and_ordinals(text, words, numbers, taken)


def _fact(
    kind: str, text: str, words: Sequence[Token], first: int, last: int, key: str
) -> Fact:
    span = Span(words[first].start, words[last - 1].end)
    return fact_at(kind, text, span, key)


def _clock_words(
    text: str, words: Sequence[Token], at_first: dict[int, Number], taken: set[int]
) -> Iterator[Fact]:
    calendar = fact_tables()["calendar"]
    for at, token in enumerate(words):
        if token.word in calendar["hours"] and at - 1 not in taken:
            number = at_first.get(at - 1)
            if number is not None and number.last == at and number.value <= 24:
                taken.update((at - 1, at))
                yield _fact("time", text, words, at - 1, at + 1, f"~{number.value:.12g}:00")
        if token.word not in ("past", "to") or not at:
            continue
        hour, before = at_first.get(at + 1), words[at - 1].word
        minutes = calendar[token.word].get(before)
        if minutes is None and token.word == "past":
            number = at_first.get(at - 1)
            if number is not None and number.last == at and number.value < 60:
                minutes = int(number.value)
        if hour is None or minutes is None or not 1 <= hour.value <= 12:
            continue
        if token.word == "to":
            minutes = 60 - minutes
        hours = int(hour.value) if token.word == "past" else (int(hour.value) - 1) or 12
        taken.update(range(at - 1, hour.last))
        key = f"~{hours}:{minutes:02}"
        yield _fact("time", text, words, at - 1, hour.last, key)


def _days(
    text: str,
    words: Sequence[Token],
    at_first: dict[int, Number],
    at_last: dict[int, Number],
    taken: set[int],
) -> Iterator[Fact]:
    """Days, months and years around the name of a month."""
    ordinals = fact_tables()["calendar"]["ordinal-words"]
    for at in range(len(words)):
        if at in taken:
            continue
        of = at - 2 if at >= 2 and words[at - 1].word == "of" else at - 1
        before = at_last.get(of + 1) if of >= 0 and of not in taken else None
        if before is not None and not (
            _is_day(before) and (of < at - 1 or near(text, words, at))
        ):
            before = None
        spelled = ordinals.get(words[of].word) if 0 <= of < at - 1 else None
        after = at_first.get(at + 1) if at + 1 not in taken else None
        if after is not None and text[words[at].end : words[at + 1].start] not in (" ", ", "):
            after = None
        beside = before is not None or spelled is not None or after is not None
        if not is_month(text, words, at, beside):
            continue
        first, last, day, year = at, at + 1, "", ""
        if before is not None:
            first, day = before.first, f"{before.value:.12g}"
        elif spelled is not None:
            first, day = of, str(spelled)
        elif after is not None and _is_day(after):
            last, day = after.last, f"{after.value:.12g}"
        following = at_first.get(last)
        is_year = following is not None and _is_year(words, following)
        if is_year and text[words[last - 1].end : words[last].start] in (" ", ", "):
            year, last = words[last].word, last + 1
        taken.update(range(first, last))
        yield _fact(
            "date", text, words, first, last, f"{year}-{month_of(words[at].word)}-{day}"
        )


def _named(text: str, words: Sequence[Token], taken: set[int]) -> Iterator[Fact]:
    """Weekdays, "tomorrow", "next week" and "noon"."""
    dates, calendar = tables()["dates"], fact_tables()["calendar"]
    for at, token in enumerate(words):
        if at in taken:
            continue
        word = token.word.removesuffix("'s").removesuffix("s'")
        capital = text[token.start].isupper()
        singular = word.removesuffix("s")
        if singular in dates["weekdays"] or (capital and word in dates["short-weekdays"]):
            key = singular[:3]
        elif word in dates["relative"]:
            key = word
        elif word in dates["clock"]:
            taken.add(at)
            yield _fact("time", text, words, at, at + 1, calendar["named"].get(word, word))
            continue
        elif word in calendar["spans"] and at and near(text, words, at):
            which = words[at - 1].word
            if which not in calendar["which"] or at - 1 in taken:
                continue
            taken.update((at - 1, at))
            yield _fact("date", text, words, at - 1, at + 1, f"{which} {word}")
            continue
        else:
            continue
        taken.add(at)
        yield _fact("date", text, words, at, at + 1, key)


def _years_and_ordinals(
    text: str, words: Sequence[Token], numbers: Sequence[Number], taken: set[int]
) -> Iterator[Fact]:
    before_year = fact_tables()["calendar"]["before-year"]
    seasons = fact_tables()["calendar"]["seasons"]
    for number in numbers:
        first, last = number.first, number.last
        if first in taken:
            continue
        if number.ordinal and words[first].word[0] in DIGITS:
            key = f"--{number.value:.12g}"
        elif _is_year(words, number) and first and words[first - 1].word in before_year:
            counts = last < len(words) and near(text, words, last)
            if counts and words[last].word not in tables()["words"]["empty"]:
                continue  # "by 2000 people"
            year = words[first].word
            key = f"{year}--"
            back = 2 if words[first - 1].word == "of" and first > 1 else 1
            season = seasons.get(words[first - back].word)
            if season is not None and first - back not in taken:
                key, first = f"{year}-{season}-", first - back  # "spring 2022"
        else:
            continue
        taken.update(range(first, last))
        yield _fact("date", text, words, first, last, key)


def _is_day(number: Number) -> bool:
    return number.value == int(number.value) and 1 <= number.value <= 31


def _is_year(words: Sequence[Token], number: Number) -> bool:
    word, calendar = words[number.first].word, fact_tables()["calendar"]
    whole = number.last == number.first + 1 and len(word) == 4 and word.isdigit()
    return whole and calendar["first-year"] <= int(word) <= calendar["last-year"]


def is_month(text: str, words: Sequence[Token], at: int, beside: bool) -> bool:
    """Whether token `at` names a month; `beside` a number, unclear ones do."""
    word, dates = words[at].word.removesuffix("'s"), tables()["dates"]
    if word in dates["unclear-months"]:
        if not text[words[at].start].isupper():
            return False
        if beside or at == 0:
            return beside
        before = words[at - 1].word
        return before in dates["before-month"] or before in ("before", "after")
    return word in dates["months"] or (
        word in dates["short-months"] and text[words[at].start].isupper()
    )


def month_of(word: str) -> int:
    """Which month a name is, 1 to 12."""
    starts = [month[:3] for month in tables()["dates"]["months"]]
    return starts.index(word[:3]) + 1
