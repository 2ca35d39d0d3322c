"""The words and numbers of a text, with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..records import NamedTuple

_TOKEN = re.compile(
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)(?:%|[^\W\d_]{0,12})"
    r"|[^\W\d_]+(?:['\u2019\u02bc][^\W\d_]+)*|[$£€¥]"
)
_END = re.compile(r"[.!?:\n]")
DIGITS = frozenset("0123456789")


class Token(NamedTuple):
    """A word or number; `word` is in lower case with plain apostrophes.

    `fresh` is True at the start of a sentence, line or quotation.
    """

    word: str
    start: int
    end: int
    fresh: bool


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


def near(text: str, words: Sequence[Token], at: int) -> bool:
    """Whether nothing but a blank or a hyphen stands before token `at`."""
    return text[words[at - 1].end : words[at].start] in (" ", "-", "", "\u00a0")


def suffix_of(word: str) -> str:
    """The letters that hang on a number: "kg" in "5kg"."""
    return word.lstrip("0123456789.,") if word[:1] in DIGITS else ""
