"""The facts of a text: what a rewrite of it has to keep.

Numbers, amounts, dates, times, names, links, e-mail addresses, order numbers, code and
quotations are found by their form, in time linear in the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from ..records import NamedTuple
from ..results import Span
from .results import Fact
from .words import tables

# What is one fact as it stands, and what is not to be read word by word.
_WHOLE = re.compile(
    r"""
    (?P<code>(?s:```.{0,20000}?```)|`[^`\n]{1,300}`)
  | (?P<link>\b(?:https?://|www\.)[^\s<>"]*[\w/=&\#])
  | (?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+)
  | (?P<mention>(?<![\w@])@\w{1,64})
  | (?P<slot>\[[^\[\]\n]{1,120}\])
  | (?P<date>\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b
      |\b\d{1,2}\.\d{1,2}\.\d{2,4}\b)
  | (?P<time>\b\d{1,2}:\d{2}(?::\d{2})?(?:[ ]?[ap]\.?m\b)?
      |\b\d{1,2}(?:\.\d{2})?[ ]?(?:[ap]m\b|[ap]\.m\b))
  | (?P<reference>\#\d{1,20}\b|\bv?\d{1,9}(?:\.\d{1,9}){2,5}\b
      |\b(?=[A-Za-z]{0,12}[-_/]?\d)(?!\d{1,9}(?:st|nd|rd|th|k|m|bn|p|x)\b)
       (?:[A-Z]{1,12}[-_/]?\d[\w/-]{0,40}|\d{1,20}[A-Z]{1,12}[\w/-]{0,40}))
    """,
    re.VERBOSE,
)
_QUOTE = re.compile(r"\"[^\"\n]{2,600}\"|\u201c[^\u201d\n]{2,600}\u201d|(?m:^[ \t]*>[^\n]*$)")
_TOKEN = re.compile(
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)(?:%|[^\W\d_]{0,12})"
    r"|[^\W\d_]+(?:['\u2019\u02bc][^\W\d_]+)*|[$£€¥]"
)
_DIGITS = frozenset("0123456789")
_END = re.compile(r"[.!?:\n]")


class Token(NamedTuple):
    """A word or number; `word` is in lower case with plain apostrophes.

    `fresh` is True at the start of a sentence, line or quotation.
    """

    word: str
    start: int
    end: int
    fresh: bool


def find_facts(text: str, names: Collection[str] = ()) -> tuple[Fact, ...]:
    """The facts of a text, in its order; statements are not among them.

    Args:
        text: the text.
        names: names that are known from elsewhere, in lower case: at the start of a sentence
            a name is told from another word only by standing somewhere else too.

    >>> [(fact.kind, fact.text) for fact in find_facts("Pay £40 by Friday, order AB-123.")]
    [('amount', '£40'), ('date', 'Friday'), ('reference', 'AB-123')]
    """
    facts = [
        _whole(match.lastgroup or "", match)
        for match in _WHOLE.finditer(text)
        if match.lastgroup != "slot"
    ]
    plain = _WHOLE.sub(_blanked, text)
    facts += _spelled(plain, tokens(plain), names)
    for match in _QUOTE.finditer(text):
        words = " ".join(re.findall(r"\w+", match[0].lower()))
        if words:
            facts.append(Fact("quote", match[0], Span(*match.span()), words))
    facts.sort(key=_place)
    return tuple(facts)


def tokens(text: str) -> list[Token]:
    """The words and numbers of a text."""
    found: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        between = text[last:start]
        fresh = not found or _END.search(between) is not None or '"' in between
        fresh = fresh or "\u201c" in between or "(" in between or "*" in between
        word = match[0].lower().replace("\u2019", "'").replace("\u02bc", "'")
        found.append(Token(word, start, end, fresh))
        last = end
    return found


def _place(fact: Fact) -> Span:
    return fact.span


def _blanked(match: re.Match[str]) -> str:
    return "\u0001" * len(match[0])


def _whole(kind: str, match: re.Match[str]) -> Fact:
    words, span = match[0], Span(*match.span())
    if kind == "time":
        return Fact("time", words, span, _clock(words))
    if kind == "date":
        return Fact(
            "date", words, span, "-".join(f"{int(n)}" for n in re.findall(r"\d+", words))
        )
    if kind == "mention":
        return Fact("name", words, span, words.lower())
    key = words.lower() if kind != "code" else words.strip("`").strip() or words
    return Fact(kind, words, span, key.lstrip("#") if kind == "reference" else key)


def _clock(words: str) -> str:
    hours, minutes = ([int(n) for n in re.findall(r"\d+", words)] + [0])[:2]
    lower = words.lower()
    if "p" in lower and hours < 12:
        hours += 12
    elif "a" in lower and hours == 12:
        hours = 0
    return f"{hours}:{minutes:02}"


class _Number(NamedTuple):
    """A number in tokens `first` to `last` (exclusive), and its value."""

    first: int
    last: int
    value: float
    ordinal: bool


def _spelled(text: str, words: Sequence[Token], known: Collection[str]) -> Iterator[Fact]:
    """Facts of several words: numbers with their units, dates, names."""
    taken: set[int] = set()
    for number in _numbers(text, words):
        fact, used = _with_unit(text, words, number)
        taken.update(range(number.first, used))
        if fact is not None:
            yield fact
    yield from _dates(text, words, taken)
    yield from _names(text, words, taken, known)


def _numbers(text: str, words: Sequence[Token]) -> Iterator[_Number]:
    at = 0
    while at < len(words):
        number = _number_at(text, words, at)
        if number is None:
            at += 1
        else:
            yield number
            at = number.last


def _number_at(text: str, words: Sequence[Token], at: int) -> _Number | None:
    """The number whose first token is `at`, in digits or words."""
    word = words[at].word
    scales = tables()["numbers"]["scales"]
    if word[0] not in _DIGITS:
        return _number_in_words(text, words, at)
    suffix = word.lstrip("0123456789.,")
    value = float(word[: len(word) - len(suffix)].replace(",", ""))
    value *= scales.get(suffix, 1)
    last = at + 1
    if last < len(words) and words[last].word in scales and _near(text, words, last):
        value *= scales[words[last].word]
        last += 1
    return _Number(at, last, value, suffix in ("st", "nd", "rd", "th"))


def _number_in_words(text: str, words: Sequence[Token], first: int) -> _Number | None:
    known = _word_values()
    scales = tables()["numbers"]["scales"]
    total, part, ordinal, at = 0.0, 0.0, False, first
    while at < len(words):
        word = words[at].word
        if at > first and not _near(text, words, at):
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
        return None
    if total + part == 0:
        return None
    return _Number(first, at, total + part, ordinal)


def _begins_scale(words: Sequence[Token], at: int) -> bool:
    return at < len(words) and words[at].word in ("hundred", "thousand", "million", "dozen")


def _word_values() -> dict[str, tuple[int, bool]]:
    numbers = tables()["numbers"]
    if "values" not in numbers:
        values = {word: (value, False) for value, word in enumerate(numbers["units"])}
        values |= {word: (10 * n, False) for n, word in enumerate(numbers["tens"], 2)}
        values |= {word: (n, True) for n, word in enumerate(numbers["ordinals"], 3)}
        numbers["values"] = values
    known: dict[str, tuple[int, bool]] = numbers["values"]
    return known


def _near(text: str, words: Sequence[Token], at: int) -> bool:
    """Whether nothing but a blank or a hyphen stands before token `at`."""
    return text[words[at - 1].end : words[at].start] in (" ", "-", "", "\u00a0")


def _with_unit(text: str, words: Sequence[Token], number: _Number) -> tuple[Fact | None, int]:
    """The fact of a number and its unit, and the first token after it."""
    dates, numbers = tables()["dates"], tables()["numbers"]
    first, last = number.first, number.last
    start, end = words[first].start, words[last - 1].end
    key = f"{number.value:.12g}"
    kind = "number"
    before = words[first - 1] if first else None
    after = words[last].word if last < len(words) and _near(text, words, last) else ""
    word = words[last - 1].word
    suffix = word.lstrip("0123456789.,") if word[0] in _DIGITS else ""
    if before is not None and text[before.start : before.end] in "$£€¥" and before.end == start:
        kind, start = "amount", before.start
    elif (
        after in numbers["money"]
        or suffix in numbers["money"]
        or (
            last < len(words) and text[words[last].start] in "$£€¥" and _near(text, words, last)
        )
    ):
        kind = "amount"
        if not suffix:
            end = words[last].end
            last += 1
    elif number.ordinal and text[start] in _DIGITS:
        kind = "date"
    elif _is_month(text, words, last, True) or (
        first > 0 and _is_month(text, words, first - 1, True) and _near(text, words, first)
    ):
        kind = "date" if number.value < 32 else kind
    elif (
        last < len(words)
        and words[last].word == "of"
        and _is_month(text, words, last + 1, True)
    ):
        kind = "date"
    if kind == "number" and after in dates["clock"]:
        kind = "time"
    return Fact(kind, text[start:end], Span(start, end), key), last


def _is_month(text: str, words: Sequence[Token], at: int, beside: bool) -> bool:
    """Whether token `at` names a month; `beside` a number, unclear ones do."""
    if not 0 <= at < len(words):
        return False
    word, dates = words[at].word, tables()["dates"]
    if word in dates["unclear-months"]:
        if not text[words[at].start].isupper():
            return False
        return beside or (at > 0 and words[at - 1].word in dates["before-month"])
    return word in dates["months"] or (
        word in dates["short-months"] and text[words[at].start].isupper()
    )


def _dates(text: str, words: Sequence[Token], taken: set[int]) -> Iterator[Fact]:
    dates = tables()["dates"]
    for at, token in enumerate(words):
        if at in taken:
            continue
        word = token.word.removesuffix("'s").removesuffix("s'")
        capital = text[token.start].isupper()
        singular = word.removesuffix("s")
        beside = at - 1 in taken or at + 1 in taken
        if singular in dates["weekdays"] or (capital and word in dates["short-weekdays"]):
            key = singular[:3]
        elif _is_month(text, words, at, beside):
            key = word[:3]
        elif word in dates["relative"]:
            key = word
        elif word in dates["clock"]:
            yield Fact(
                "time", text[token.start : token.end], Span(token.start, token.end), word
            )
            continue
        else:
            continue
        taken.add(at)
        yield Fact("date", text[token.start : token.end], Span(token.start, token.end), key)


def _names(
    text: str, words: Sequence[Token], taken: set[int], known: Collection[str]
) -> Iterator[Fact]:
    """Words with a capital that no sentence's start gives them, and who is greeted."""
    names, empty = tables()["names"], tables()["words"]["empty"]
    certain = set(known)
    unsure: list[tuple[int, str]] = []
    for at, token in enumerate(words):
        if at in taken or not text[token.start].isupper():
            continue
        word = token.word.removesuffix("'s")
        if len(word) < 2 or "'" in word or word in names["common"] or word in empty:
            continue
        surface = text[token.start : token.end]
        if surface.isupper() and (len(word) > 5 or _shouted(text, words, at)):
            continue
        before = words[at - 1].word if at else ""
        greeted = before in names["greeting"] and _near_name(text, words, at)
        if token.fresh and not greeted:
            unsure.append((at, word))
            continue
        certain.add(word)
        yield Fact("name", surface, Span(token.start, token.end), word)
    for at, word in unsure:
        if word in certain:
            token = words[at]
            span = Span(token.start, token.end)
            yield Fact("name", text[token.start : token.end], span, word)


def _near_name(text: str, words: Sequence[Token], at: int) -> bool:
    between = text[words[at - 1].end : words[at].start]
    return between == " " or (between == ". " and len(words[at - 1].word) < 5)


def _shouted(text: str, words: Sequence[Token], at: int) -> bool:
    """Whether a word in capitals stands near another one."""
    return any(
        0 <= beside < len(words)
        and len(words[beside].word) > 1
        and text[words[beside].start : words[beside].end].isupper()
        for beside in (at - 2, at - 1, at + 1, at + 2)
    )
