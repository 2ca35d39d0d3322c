"""Times as people and programs write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_NOISE = re.compile(r",|\bat\b|\bon\b|\bum\b|\([^()]*\)|\u202f|\u200e", re.IGNORECASE)
_WEEKDAY = re.compile(r"^\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?(?=[\s,])", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})\b")
_OFFSET = re.compile(r"\b(?:GMT|UTC)\s?([+-])(\d{1,2})(?::?(\d\d))?$")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_MILLISECONDS = 100_000_000_000


def in_utc(time: datetime) -> datetime:
    """The time itself, in UTC where it names no zone, so that all can be compared."""
    return time if time.utcoffset() is not None else time.replace(tzinfo=UTC)


def unread_times(name: str, count: int) -> list[str]:
    """A remark on times that could not be read, if there are any.

    Args:
        name: what they stand in.
        count: how many there are.
    """
    if not count:
        return []
    one = count == 1
    were = "1 time could" if one else f"{count:,} times could"
    stand = "that message stands" if one else "those messages stand"
    return [
        f"{name}: {were} not be read, or could mean two days; {stand} where the file has "
        f"{'it' if one else 'them'}. ISO 8601 is always understood."
    ]


def parse_time(value: object, formats: Sequence[str] = ()) -> datetime | None:
    """A time, or None where the value is not clearly one.

    Read are ISO 8601, seconds or milliseconds since 1970, RFC 5322 (mail), days in numbers
    where only one order of day and month can be meant, and the `formats` of `strptime`
    after weekday, commas and "at" were dropped.

    >>> parse_time("Mon, 3 Mar 2025 at 10:12", ["%d %b %Y %H:%M"])
    datetime.datetime(2025, 3, 3, 10, 12)
    >>> parse_time("03/04/2025 10:12") is None  # March or April?
    True
    """
    if isinstance(value, datetime):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _since_1970(float(value))
    if not isinstance(value, str):
        return None
    text = value.strip()
    if not any(map(str.isdigit, text)):
        return None
    if _EPOCH.fullmatch(text):
        return _since_1970(float(text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    return _by_format(text, formats)


def _since_1970(seconds: float) -> datetime | None:
    if abs(seconds) >= _MILLISECONDS:
        seconds /= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _by_format(text: str, formats: Sequence[str]) -> datetime | None:
    text = " ".join(_NOISE.sub(" ", _WEEKDAY.sub("", text)).split())
    if offset := _OFFSET.search(text):
        sign, hours, minutes = offset.groups()
        text = f"{text[: offset.start()]}{sign}{int(hours):02}{minutes or '00'}"
        formats = [f"{form} %z" for form in formats if "%z" not in form]
    if numbers := _NUMBERS.search(text):
        iso = _iso_day(*numbers.groups())
        if iso is None:
            return None
        text = text.replace(numbers[0], iso)
        formats = (*formats, "%Y-%m-%d %H:%M", "%Y-%m-%d %I:%M %p", "%Y-%m-%d %I:%M:%S %p")
    for form in formats:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def _iso_day(first: str, second: str, year: str) -> str | None:
    """The day where first and second can be day and month in one order only."""
    one, two = int(first), int(second)
    if one == two:
        month, day = one, two
    elif one > 12 >= two:
        day, month = one, two
    elif two > 12 >= one:
        month, day = one, two
    else:
        return None
    return f"{year if len(year) == 4 else f'20{year}'}-{month:02}-{day:02}"
