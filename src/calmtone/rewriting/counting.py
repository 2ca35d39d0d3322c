"""Numbers of a text in digits and words, with what they count: "forty quid", "5 kg"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..records import NamedTuple
from ..results import Span
from .results import Fact
from .tokens import DIGITS, Token, near, suffix_of
from .words import fact_tables, tables


class Number(NamedTuple):
    """A number in tokens `first` to `last` (exclusive), and its value."""

    first: int
    last: int
    value: float
    ordinal: bool


def numbers_of(text: str, words: Sequence[Token]) -> Iterator[Number]:
    """The numbers of a text."""
    at = 0
    while at < len(words):
        number = _number_at(text, words, at)
        if number is None:
            at += 1
        else:
            yield number
            at = number.last


def _number_at(text: str, words: Sequence[Token], at: int) -> Number | None:
    """The number whose first token is `at`, in digits or words."""
    word = words[at].word
    scales = tables()["numbers"]["scales"]
    fractions = fact_tables()["weak"]["fractions"]
    if word in fractions:
        return Number(at, at + 1, fractions[word], False)
    if word[0] not in DIGITS:
        return _number_in_words(text, words, at)
    suffix = suffix_of(word)
    value = float(word[: len(word) - len(suffix)].replace(",", ""))
    value += fractions.get(suffix, 0)
    value *= scales.get(suffix, 1)
    if suffix == "b" and text[words[at].end - 1] == "B" and _in_billions(text, words[at]):
        value *= scales["bn"]
    last = at + 1
    if last < len(words) and words[last].word in scales and near(text, words, last):
        value *= scales[words[last].word]
        last += 1
    return Number(at, last, value, suffix in ("st", "nd", "rd", "th"))


def _in_billions(text: str, token: Token) -> bool:
    """Whether "B" stands for billions: "$2B" and "1.5B", not the flat "2B"."""
    return "." in token.word or text[max(token.start - 1, 0) : token.start] in (
        "$",
        "£",
        "€",
        "¥",
    )


def _number_in_words(text: str, words: Sequence[Token], first: int) -> Number | None:
    known = _word_values()
    scales = tables()["numbers"]["scales"]
    total, part, ordinal, at = 0.0, 0.0, False, first
    while at < len(words):
        word = words[at].word
        if at > first and not near(text, words, at):
            break
        if word in known:
            if part % 100 and not (part % 10 == 0 and part % 100 >= 20 and known[word][0] < 10):
                break
            part += known[word][0]
            ordinal = known[word][1]
        elif word in scales and len(word) > 2 and (at > first or word == "dozen"):
            part = max(part, 1) * scales[word]
            if scales[word] >= 1000:
                total, part = total + part, 0.0
        elif word == "and" and at > first and at + 1 < len(words):
            if words[at - 1].word not in scales or words[at + 1].word not in known:
                break
        elif not (word == "a" and at == first and _begins_scale(words, at + 1)):
            break
        at += 1
    if at == first or (at == first + 1 and words[first].word in tables()["numbers"]["weak"]):
        return _counted_one(text, words, first)
    if total + part == 0:
        return None
    return Number(first, at, total + part, ordinal)


def _counted_one(text: str, words: Sequence[Token], at: int) -> Number | None:
    """A number in "one week" and "a fortnight"; "one" alone is none."""
    word, after = words[at].word, at + 1
    if after >= len(words) or not near(text, words, after):
        return None
    unit = unit_words().get(words[after].word)
    is_one = word == "one" and unit is not None and words[after].word not in _attached()
    return Number(at, after, 1.0, False) if is_one or unit == "fortnight" else None


def _begins_scale(words: Sequence[Token], at: int) -> bool:
    return at < len(words) and words[at].word in ("hundred", "thousand", "million", "dozen")


@lru_cache(maxsize=1)
def _word_values() -> dict[str, tuple[int, bool]]:
    numbers = tables()["numbers"]
    values = {word: (value, False) for value, word in enumerate(numbers["units"])}
    values |= {word: (10 * n, False) for n, word in enumerate(numbers["tens"], 2)}
    return values | {word: (n, True) for n, word in enumerate(numbers["ordinals"], 3)}


@lru_cache(maxsize=1)
def unit_words() -> dict[str, str]:
    """Written forms of units, and which unit each is."""
    forms = fact_tables()["unit-words"]
    return {word: unit for unit, written in forms.items() for word in written}


def _attached() -> frozenset[str]:
    letters: frozenset[str] = fact_tables()["measures"]["attached"]
    return letters


def counted(text: str, words: Sequence[Token], number: Number) -> tuple[Fact, int]:
    """The fact of a number and its unit, and the first token after it.

    Its key is the value, with the unit after a blank where there is one.
    """
    measures = fact_tables()["measures"]
    first, last = number.first, number.last
    start, end = words[first].start, words[last - 1].end
    value, unit = number.value, None
    before = words[first - 1] if first else None
    symbol = text[before.start : before.end] if before is not None else ""
    if before is not None and symbol in ("$", "£", "€", "¥") and before.end == start:
        unit, start = unit_words()[symbol], before.start
    else:
        unit, last = _unit_after(text, words, last)
        end = max(end, words[last - 1].end)
    signed = text[start - 1 : start] in measures["signs"] and start > 0
    if signed and (start == 1 or text[start - 2] in " (\n"):
        value, start = -value, start - 1
    elif before is not None and before.word in measures["minus"] and first:
        value, start = -value, min(start, before.start)
    is_money = unit in measures["money"] or words[number.last - 1].word == "grand"
    kind = "amount" if is_money else "number"
    key = f"{value:.12g}" if unit is None else f"{value:.12g} {unit}"
    return Fact(kind, text[start:end], Span(start, end), key), last


def _unit_after(text: str, words: Sequence[Token], last: int) -> tuple[str | None, int]:
    """The unit of the number before token `last`, and the token after it."""
    suffix = suffix_of(words[last - 1].word)
    known = unit_words()
    if suffix in known and suffix not in ("m", "k"):
        return known[suffix], last
    at = last
    if at < len(words) and "\u00b0" in text[words[at - 1].end : words[at].start]:
        degrees = words[at].word in ("c", "f", "celsius", "fahrenheit")
        return (known[words[at].word], at + 1) if degrees else ("degree", last)
    if at < len(words) and near(text, words, at) and _may_stand_between(words[at].word):
        at += 1
    if at >= len(words) or not near(text, words, at):
        return None, last
    word = words[at].word
    if word not in known or (word in _attached() and not (at == last and word == "p")):
        return None, last
    if known[word] == "degree" and at + 1 < len(words) and near(text, words, at + 1):
        exact = known.get(words[at + 1].word)
        if exact in ("celsius", "fahrenheit"):
            return exact, at + 2
    return known[word], at + 1


def _may_stand_between(word: str) -> bool:
    return word in fact_tables()["measures"]["between"]
