"""A sentence of a text that is being edited, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..records import NamedTuple
from ..results import Analysis
from .words import tables

_STOP = re.compile(r"[.!?\u2026]+(?=\s|$)|\n\s*\n")
_REFERRING = frozenset({"it", "they", "he", "she", "there", "so", "ours"})


class Sentence(NamedTuple):
    """A sentence of the draft, by itself.

    `heat` are the dimensions it is too high in, `hostile` whether its text is hostile.
    """

    start: int
    end: int
    analysis: Analysis
    heat: tuple[int, ...]
    hostile: bool


def with_signs(text: str, end: int, limit: int) -> int:
    """The end of a sentence with the emoji that follow it."""
    at = end
    while at < limit and not text[at].isalnum():
        if ord(text[at]) > 0x2190 and text[at] not in "\u3000\u3001\u3002\u300c\u300d":
            end = at + 1
        elif text[at] != " ":
            break
        at += 1
    return end


def says_something(text: str, sentences: Iterable[Sentence]) -> bool:
    """Whether any sentence is more than a greeting or a name."""
    return any(
        len(text[s.start : s.end].split()) > 2 or s.analysis.text[-1:] in "?" for s in sentences
    )


def following(text: str, start: int) -> str:
    """The words from a place up to the end of their sentence."""
    rest = text[start : start + 400].lstrip()
    match = _STOP.search(rest)
    return rest[: match.end()] if match else rest


def leans(words: str) -> bool:
    """Whether a sentence refers to the one before it by its first word."""
    first = (
        words.split(maxsplit=1)[0].lower().strip(".,!?").replace("\u2019", "'").split("'")[0]
    )
    return first in tables()["clauses"]["leaning"] | _REFERRING


def joins_on(words: str) -> bool:
    """Whether a sentence begins with a word that joins it to another one."""
    first = words.lstrip(" \"'(").split(maxsplit=1)[:1]
    return bool(first) and first[0].lower().strip(",") in tables()["clauses"]["unfit-start"]
