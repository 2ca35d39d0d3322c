"""Names of a text: words with a capital that no sentence's start gives them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ..results import Span
from .phrases import vocabulary
from .results import Fact
from .tokens import Token
from .words import tables


def names_of(
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
        if token.fresh and not greeted and not is_acronym(surface):
            unsure.append((at, word))
            continue
        certain.add(word)
        yield Fact("name", surface, Span(token.start, token.end), word)
    for at, word in unsure:
        if word in certain:
            token = words[at]
            span = Span(token.start, token.end)
            yield Fact("name", text[token.start : token.end], span, word)


def is_acronym(surface: str) -> bool:
    """Whether a word is a short one in capitals that is none of the language: "DHL"."""
    return surface.isupper() and 1 < len(surface) <= 5 and surface.lower() not in vocabulary()


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
