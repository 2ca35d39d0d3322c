"""The facts of a text: what a rewrite of it has to keep.

Numbers, amounts, dates, times, names, links, e-mail addresses, order numbers, code and
quotations are found by their form, in time linear in the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from ..results import Span
from .counting import counted, numbers_of, unit_words
from .dating import dates_and_times
from .naming import names_of
from .results import Fact
from .tokens import Token, tokens
from .words import fact_tables, tables

# What is one fact as it stands, and what is not to be read word by word.
_WHOLE = re.compile(
    r"""
    (?P<code>(?s:```.{0,20000}?```)|`[^`\n]{1,300}`)
  | (?P<link>\b(?:https?://|www\.)[^\s<>"]*[\w/=&\#])
  | (?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+)
  | (?P<domain>(?<![\w@.-])[a-z0-9](?:[a-z0-9-]{0,61}\.){1,4}
      (?:com|org|net|edu|gov|io|dev|app|info|biz|eu|co\.[a-z]{2}|(?:org|gov|ac)\.uk)
      (?![\w-])(?:/(?:[^\s<>"]*[\w/=&\#])?)?)
  | (?P<mention>(?<![\w@])@\w{1,64})
  | (?P<slot>\[[^\[\]\n]{1,120}\])
  | (?P<date>\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b
      |\b\d{1,2}\.\d{1,2}\.\d{2,4}\b)
  | (?P<time>\b\d{1,2}:\d{2}(?::\d{2})?(?:[ ]?[ap]\.?m\b)?
      |\b\d{1,2}(?:\.\d{2})?[ ]?(?:[ap]m\b|[ap]\.m\b))
  | (?P<reference>\#\d{1,20}\b|\bv?\d{1,9}(?:\.\d{1,9}){2,5}\b
      |\b(?<!\d[.,])(?<![$£€¥])
       (?=[A-Za-z]{0,12}[-_/]?\d)(?!\d{1,9}(?:st|nd|rd|th|k|m|bn|p|x|K|M|BN)\b)
       (?:[A-Z]{1,12}[-_/]?\d[\w/-]{0,40}|\d{1,20}[A-Z]{1,12}[\w/-]{0,40}))
    """,
    re.VERBOSE,
)
_QUOTE = re.compile(r"\"[^\"\n]{2,600}\"|\u201c[^\u201d\n]{2,600}\u201d|(?m:^[ \t]*>[^\n]*$)")
_MEASURE = re.compile(r"\d+([A-Za-z]{1,2})")


def find_facts(text: str, names: Collection[str] = ()) -> tuple[Fact, ...]:
    """The facts of a text, in its order; statements are not among them.

    Args:
        text: the text.
        names: names that are known from elsewhere, in lower case: at the start of a sentence
            a name is told from another word only by standing somewhere else too.

    >>> [(fact.kind, fact.text) for fact in find_facts("Pay £40 by 3 May, order AB-123.")]
    [('amount', '£40'), ('date', '3 May'), ('reference', 'AB-123')]
    """
    facts: list[Fact] = []
    plain = _without(text, _WHOLE, facts)
    if facts or any(char in plain for char in "0123456789"):
        plain = _without(plain, _referred(), facts, text)
    facts += _spelled(plain, tokens(plain), names)
    for match in _QUOTE.finditer(text):
        words = " ".join(re.findall(r"\w+", match[0].lower()))
        if words:
            facts.append(Fact("quote", match[0], Span(*match.span()), words))
    facts.sort(key=_place)
    return tuple(facts)


def _place(fact: Fact) -> Span:
    return fact.span


def _without(
    text: str, pattern: re.Pattern[str], facts: list[Fact], whole: str | None = None
) -> str:
    """The text with each fact of a pattern, which is added to `facts`, blanked."""

    def taken(match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        start, end = match.span(kind)
        if kind == "reference" and _is_measure(match[kind]):
            return match[0]
        if kind == "number":
            if _is_count(match, text):
                return match[0]
            kind = "reference"
        if kind != "slot":
            facts.append(_whole(kind, match[match.lastgroup or 0], Span(start, end)))
        head = match[0][: start - match.start()]
        return head + "\u0001" * (end - start) + match[0][end - match.start() :]

    return pattern.sub(taken, text)


def _is_measure(words: str) -> bool:
    """Whether what looks like an order number is a number with its unit: "20MB", "5W"."""
    match = _MEASURE.fullmatch(words)
    return match is not None and match[1].lower() in unit_words()


@lru_cache(maxsize=1)
def _referred() -> re.Pattern[str]:
    """A number after what it names: "order 4471", "my account number is 30994412"."""
    table = fact_tables()["references"]
    nouns, labels, links = (
        "|".join(sorted(map(re.escape, table[key]), key=len, reverse=True))
        for key in ("nouns", "labels", "linking")
    )
    return re.compile(
        rf"(?i)(?P<before>\b[\w'\u2019]{{1,12}}\s{{1,2}})?\b(?P<noun>{nouns})"
        rf"(?P<label>\s{{1,2}}(?:{labels})\b\.?)?"
        rf"(?P<link>\s{{0,2}}[:#(]|(?:\s{{1,2}}(?:{links})\b){{1,2}})?\s{{0,2}}"
        r"(?P<number>\#?\d(?:[\d/-]{0,30}\d)?)(?![\d%\u00b0]|[.,:]\d|\s?[$£€¥])"
    )


def _is_count(match: re.Match[str], text: str) -> bool:
    """Whether the number after a noun counts something after all: "order 200 chairs"."""
    table = fact_tables()["references"]
    digits = sum(char.isdigit() for char in match["number"])
    after = re.match(r"\s?([^\W\d_]+)", text[match.end() : match.end() + 20])
    if after is not None and after[1].lower() in unit_words():
        return True
    if match["label"] or (match["link"] or "").strip() in ("#", ":", "("):
        return False
    if digits < table["least-digits"]:
        return True
    before = (match["before"] or "").strip().lower().replace("\u2019", "'")
    if match["noun"].lower() in table["verbs"]:
        names = after is not None and after[1].lower() not in tables()["words"]["empty"]
        return before in table["before-verb"] or (not before and digits < 4 and names)
    return False


def _whole(kind: str, words: str, span: Span) -> Fact:
    if kind == "time":
        return Fact("time", words, span, _clock(words))
    if kind == "date":
        return Fact("date", words, span, _day(words))
    if kind == "mention":
        return Fact("name", words, span, words.lower())
    if kind == "domain":
        return Fact("link", words, span, words.lower())
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


def _day(words: str) -> str:
    """Year, month and day; two readings with "|" where day and month may be swapped."""
    parts = [int(n) for n in re.findall(r"\d+", words)]
    if "-" in words:
        return "-".join(map(str, parts))
    one, two, *rest = parts
    year = str(rest[0] if rest[0] > 99 else 2000 + rest[0]) if rest else ""
    readings = {(two, one)} if "." in words else {(two, one), (one, two)}
    months = sorted(pair for pair in readings if pair[0] <= 12 and pair[1] <= 31)
    return "|".join(f"{year}-{month}-{day}" for month, day in months or [(two, one)])


def _spelled(text: str, words: Sequence[Token], known: Collection[str]) -> Iterator[Fact]:
    """Facts of several words: dates, times, numbers with their units, names."""
    taken: set[int] = set()
    numbers = list(numbers_of(text, words))
    yield from dates_and_times(text, words, numbers, taken)
    for number in numbers:
        if number.first not in taken:
            fact, used = counted(text, words, number)
            taken.update(range(number.first, used))
            yield fact
    yield from names_of(text, words, taken, known)
