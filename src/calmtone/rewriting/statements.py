"""What a text denies, promises and refuses, sentence by sentence.

Statements are read from their words: a negator or a modal verb and the first word of
content after it. That is coarse, and it is enough to see a refusal turn into a promise.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ..records import NamedTuple
from ..results import Span
from .tokens import Token, tokens
from .words import fact_tables, tables

SLOT = re.compile(r"\[[^\[\]\d\n]{3,120}\]")
_DOING = frozenset({"do", "get", "go", "make"})
# Before "not": a refusal, if the writer is meant. "I'd rather not" is one, too.
_MODAL = ("can", "will", "could", "able", "may", "rather", "prefer")
_VERBAL = ("not", "never", "unable", "impossible")
_REACH = 5  # words after a negator or modal verb in which what it is about is looked for
_CONTRACTED = {"wo": "will", "ca": "can", "sha": "shall", "ai": "is"}
_WITHOUT_APOSTROPHE = {
    "cant": ("can", "not"),
    "cannot": ("can", "not"),
    "wont": ("will", "not"),
    "dont": ("do", "not"),
    "doesnt": ("does", "not"),
    "didnt": ("did", "not"),
    "isnt": ("is", "not"),
    "wasnt": ("was", "not"),
    "arent": ("are", "not"),
    "werent": ("were", "not"),
    "havent": ("have", "not"),
    "hasnt": ("has", "not"),
    "hadnt": ("had", "not"),
    "couldnt": ("could", "not"),
    "wouldnt": ("would", "not"),
    "shouldnt": ("should", "not"),
    "ive": ("i", "have"),
    "youre": ("you", "are"),
    "theyre": ("they", "are"),
    "youve": ("you", "have"),
    "youll": ("you", "will"),
    "theyll": ("they", "will"),
    "im": ("i", "am"),
    "gonna": ("going", "to"),
}
_ENDINGS = {"ll": "will", "re": "are", "ve": "have", "m": "am", "d": "would", "s": "is"}


class Word(NamedTuple):
    """A word of a sentence as statements are read from it, contractions taken apart.

    `fresh` is True where a sentence or a part of one begins.
    """

    word: str
    start: int
    end: int
    fresh: bool


class Part(NamedTuple):
    """A sentence: its words, its words of content, and whether it asks."""

    words: list[Word]
    content: set[str]
    asks: bool


class Statement(NamedTuple):
    """What is said about `stem`: `kind` is "negation", "refusal" or "commitment".

    `verbal` is True for what is not done or was never so, rather than "no" or "without" it.
    `unowned` is True for "can't" and "won't" without anybody of whom they are said: it may be
    the writer.
    """

    kind: str
    stem: str
    span: Span
    verbal: bool
    unowned: bool


def words_of(text: str, span: Span) -> list[Word]:
    """The words of a part of a text, contractions taken apart; those of slots are left out."""
    found: list[Word] = []
    part = SLOT.sub(lambda slot: "." * len(slot[0]), text[span.start : span.end])
    last = 0
    for token in tokens(part):
        start, end = token.start + span.start, token.end + span.start
        fresh = token.fresh or "," in part[last : token.start]
        last = token.end
        for word in _apart(token):
            found.append(Word(word, start, end, fresh))
            fresh = False
    return found


def plainly(words: Sequence[Word]) -> list[Word]:
    """Words with turns of speech that deny as plain denials: "ineligible" as "not eligible".

    "No way we'll pay" becomes "not possible we'll pay"; places stay those of the whole turn.
    """
    table = fact_tables()["opposites"]
    turns = _turns()
    found: list[Word] = []
    at = 0
    while at < len(words):
        word = words[at]
        for turn, plain in turns.get(word.word, ()):
            there = words[at : at + len(turn)]
            if tuple(w.word for w in there) == turn:
                end = there[-1].end
                found += [
                    Word(new, word.start, end, word.fresh and not n)
                    for n, new in enumerate(plain)
                ]
                at += len(turn)
                break
        else:
            rest = _denied(word.word) if word.word in table["denying"] else None
            if rest is None:
                found.append(word)
            else:
                found.append(word._replace(word="not"))
                found.append(word._replace(word=rest, fresh=False))
            at += 1
    return found


def _denied(word: str) -> str | None:
    """What a word with a denying prefix denies."""
    prefixes = fact_tables()["opposites"]["prefixes"]
    return next((word[n:] for n in (2, 3) if word[:n] in prefixes), None)


@lru_cache(maxsize=1)
def _turns() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for turn, plain in fact_tables()["opposites"]["plain"]:
        words = tuple(turn.split())
        found.setdefault(words[0], []).append((words, tuple(plain.split())))
    return found


def plain_words(text: str) -> list[str]:
    """The words of a text as `words_of` takes them apart, without their places."""
    return [word.word for word in words_of(text, Span(0, len(text)))]


def _apart(token: Token) -> tuple[str, ...]:
    word = token.word
    known = _WITHOUT_APOSTROPHE.get(word)
    if known is not None:
        return known
    if "'" not in word:
        return (word,)
    stem, _, ending = word.rpartition("'")
    if ending == "t" and stem.endswith("n"):
        verb = stem[:-1]
        return (_CONTRACTED.get(verb, verb), "not")
    if ending in _ENDINGS:
        return (stem, _ENDINGS[ending])
    return (word,)


def stem(word: str) -> str:
    """A word without its common endings: forms of one verb or noun share it.

    >>> {stem(word) for word in ("refund", "refunds", "refunded", "refunding")}
    {'refund'}
    """
    word = fact_tables()["irregular"]["forms"].get(word, word)
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 2 and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word


def content(words: Iterable[Word]) -> set[str]:
    """The stems of the words that say what a sentence is about."""
    empty = tables()["words"]["empty"]
    negators = tables()["polarity"]["negators"]
    return {
        stem(word.word)
        for word in words
        if word.word not in empty and word.word not in negators and len(word.word) > 1
    }


def negations(words: Sequence[Word]) -> list[int]:
    """Where the negators among the words stand."""
    polarity = tables()["polarity"]
    found = []
    for at, word in enumerate(words):
        if word.word in polarity["negators"]:
            pair = f"{word.word} {words[at + 1].word}" if at + 1 < len(words) else ""
            if pair not in polarity["not-negating"]:
                found.append(at)
    return found


def statements(words: Sequence[Word]) -> list[Statement]:
    """What a sentence denies, refuses and promises."""
    polarity = tables()["polarity"]
    heads, writers = polarity["refusal-heads"], polarity["writers"]
    found: list[Statement] = []
    denied: set[int] = set()
    for at in negations(words):
        target = target_of(words, at)
        if target is None:
            continue
        denied.add(target)
        about = stem(words[target].word)
        word = words[at].word
        modal = at > 0 and words[at - 1].word in _MODAL
        refuses = modal or word in polarity["refusing"] or about in map(stem, heads)
        barred = " ".join(w.word for w in words[at : at + 2]) == "not possible"
        ours = barred or (refuses and is_ours(words, at))
        kind = "refusal" if ours or (refuses and about in map(stem, heads)) else "negation"
        first = at - 1 if modal else at
        span = Span(words[first].start, words[target].end)
        unowned = modal and words[first].fresh and words[target].word not in writers
        unowned = unowned and words[min(at + 1, len(words) - 1)].word != "you"
        found.append(Statement(kind, about, span, word in _VERBAL, unowned))
    for at, verb in enumerate(words):
        if verb.word not in polarity["promising"] and verb.word not in polarity["offering"]:
            continue
        if not (is_ours(words, at) or _is_elided(words, at)) or any(
            other.word in polarity["negators"] for other in words[at : at + 3]
        ):
            continue
        if verb.word == "may" and _beside_number(words, at):
            continue
        target = target_of(words, at)
        if target is not None and target not in denied:
            about = stem(words[target].word)
            span = Span(verb.start, words[target].end)
            found.append(Statement("commitment", about, span, True, False))
    return found


def target_in(words: Sequence[Word], statement: Statement) -> int:
    """Where the word stands that a statement of a sentence is about."""
    return bisect_left(words, statement.span.end, key=_end)


def _end(word: Word) -> int:
    return word.end


def _beside_number(words: Sequence[Word], at: int) -> bool:
    """Whether a number stands beside a word: "3 May"."""
    beside = (*words[max(at - 1, 0) : at], *words[at + 1 : at + 2])
    return any(word.word[:1].isdigit() for word in beside)


def target_of(words: Sequence[Word], at: int) -> int | None:
    """The first word of content after word `at`."""
    empty = tables()["words"]["empty"]
    polarity = tables()["polarity"]
    for ahead in range(at + 1, min(at + 1 + _REACH, len(words))):
        word = words[ahead].word
        if words[ahead].fresh:
            break
        if word not in empty and word not in polarity["modals"] and len(word) > 1:
            return ahead
    for ahead in range(at + 1, min(at + 1 + _REACH, len(words))):
        if words[ahead].fresh:
            return None
        if words[ahead].word in polarity["modals"] or words[ahead].word in _DOING:
            return ahead
    return None


def _is_elided(words: Sequence[Word], at: int) -> bool:
    """Whether the writer is left out before a word: "Happy to help"."""
    if not words[at].fresh or words[at].word not in ("happy", "glad"):
        return False
    return at + 1 < len(words) and words[at + 1].word == "to"


def is_ours(words: Sequence[Word], at: int) -> bool:
    """Whether the writer is the one of whom word `at` is said."""
    writers = tables()["polarity"]["writers"]
    return any(word.word in writers for word in words[max(at - 4, 0) : at])
