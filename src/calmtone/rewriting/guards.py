"""What an edit must not leave behind: words that point at nothing, parts without a head.

English is read by its small words alone. Where it can't be told what a word points at, it
counts as pointing at what would be left out, which then stays.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .phrases import phrases_of
from .statements import plain_words
from .words import tables

_TRAILING = re.compile(
    r"(?i)(?:[,;:\u2013\u2014-]\s*(?:so|and|but|or|because|yet)|\s(?:and|but|or|because))"
    r"(?=\s*[.!?\u2026]*\s*$)"
)
# "I did.", "They are not": what was done stands in the sentence before.
_SHORT = re.compile(
    r"(?i)(?:and |but |so |yes,? |no,? )?"
    r"(?:i|we|you|he|she|they|it|that|this|there)(?: |'|\u2019)"
    r"(?:did|do|does|am|are|is|was|were|have|has|had|can|could|will|would|should|ve|s|re|m|ll)"
    r"(?:n['\u2019]t| not)?(?: too| so| indeed| already)?\s*[.!?]*\s*$"
)
_CONTRAST = re.compile(r"(?i), (?:though|either|too|as well)\b[ .!?\u2026]*(?:,|$)")


def strands(dropped: str, rest: str) -> bool:
    """Whether words left out hold what the words after them point at, or their subject.

    Args:
        dropped: the words to leave out.
        rest: the sentence, or the part of one, that follows them.

    >>> strands("The lad you sent is a clown.", "Broke the sink and left.")
    True
    >>> strands("You clowns.", "It never came.")
    False
    """
    lists = tables()["guards"]
    words = plain_words(rest)
    if not words or not _speaks_of(dropped):
        return False
    while len(words) > 1 and words[0] in lists["before"]:
        words = words[1:]
    if _CONTRAST.search(rest):
        return True
    if len(words) < 4 and words[0].endswith("ly"):
        return True  # "Uninstall. Genuinely."
    if _SHORT.match(rest) or words[0] in lists["pointing"]:
        return True
    if words[0] in lists["persons"]:
        return holds_noun(dropped)
    if headless(rest):
        return True
    return phrases_of("guards", "phrases").search(rest) is not None


def takes_up(dropped: str, rest: str) -> bool:
    """Whether a sentence without its first part points at something named in that.

    >>> takes_up("If sympathy is all you have", "go and offer it to a shelter.")
    True
    """
    pointing = tables()["guards"]["pointing"] | tables()["guards"]["persons"]
    return not pointing.isdisjoint(plain_words(rest)) and _speaks_of(dropped)


def headless(part: str) -> bool:
    """Whether a part that is no question begins with a verb whose subject stood before it.

    >>> headless("Broke the sink and left."), headless("Was it you?")
    (True, False)
    """
    words = plain_words(part)[:2]
    if not words or part.rstrip(" \"'").endswith("?"):
        return False
    lists = tables()
    return words[0] in lists["guards"]["verbs"] and (
        len(words) < 2 or words[1] not in lists["clauses"]["subjects"]
    )


def trailing(words: str) -> int:
    """Where a conjunction that joins nothing any more begins at the end; -1 for none.

    >>> trailing("We close at six, so.")
    15
    >>> trailing("I told you so.")
    -1
    """
    match = _TRAILING.search(words)
    return match.start() if match else -1


def _speaks_of(part: str) -> bool:
    """Whether words name or tell something that others may point at."""
    return not _saying_nothing().issuperset(plain_words(part))


def holds_noun(part: str) -> bool:
    """Whether words hold a noun that is no name of contempt."""
    lists = tables()
    known = _saying_nothing()
    words = plain_words(part)
    return any(
        word in lists["guards"]["determiners"]
        and after
        and after[0] not in lists["clauses"]["names"]
        and not all(other in known for other in after)
        for at, word in enumerate(words)
        if (after := words[at + 1 : at + 4]) is not None
    )


@lru_cache(maxsize=1)
def _saying_nothing() -> frozenset[str]:
    """Words that name nothing that others could point at: small ones, names of contempt."""
    lists = tables()
    return frozenset().union(
        lists["words"]["empty"],
        lists["guards"]["colouring"],
        lists["clauses"]["names"],
        lists["clauses"]["epithets"],
    )
