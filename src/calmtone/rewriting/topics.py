"""What a heated sentence is about: the things and facts in it, without the verdict.

They go into a slot, so that nothing is lost when the sentence is put in other words. There
is no parser: a thing begins at an article, a possessive or a number and goes on until a word
that cannot be part of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ..results import Span
from .facts import find_facts
from .results import Fact
from .words import tables

_PIECE = re.compile(r"[\w£$€]+(?:['\u2019-]\w+)*|[^\w\s]")
_WHOLE = ("code", "link", "email")
_ADVERB = re.compile(r"\w{3,}ly")
_VERB = re.compile(r"\w{3,}(?:ed|ing)")
_UNREAL = frozenset({"if", "had", "unless", "would", "not", "never", "no", "n't", "hardly"})
_LONG_QUOTE = 70
_LONG_THING = 70
_MOST_LINKS = 3  # words between two things of which one topic is made
_MOST = 6
_MOST_CHARS = 150
_MOST_WORDS = 4  # of content in one thing


def topics(sentence: str, rude: Sequence[Span] = ()) -> tuple[str, ...] | None:
    """The things and facts that a sentence names, or None where they cannot be listed.

    Args:
        sentence: the words.
        rude: places of insults in them; what they cover is no thing to name.

    >>> topics("Your clueless office lost the form on Monday, genius, and my review is a joke.")
    ('your office lost the form on Monday', 'my review')
    """
    facts = find_facts(sentence)
    if any(fact.kind in _WHOLE for fact in facts) or "[" in sentence or "\n" in sentence:
        return None
    pieces = list(_PIECE.finditer(sentence))
    if any(_is_inside_word(sentence, fact) for fact in facts):
        return None
    found = _things(pieces, rude)
    quotes = [fact.span for fact in facts if fact.kind == "quote"]
    if any(end - start > _LONG_QUOTE for start, end in quotes):
        return None
    for fact in facts:
        if not any(start <= fact.span.start and fact.span.end <= end for start, end in found):
            found = [
                place
                for place in found
                if place[1] <= fact.span.start or fact.span.end <= place[0]
            ]
            if not any(s <= fact.span.start and fact.span.end <= e for s, e in quotes):
                found.append(_around(pieces, fact))
    found = [
        place for place in found if not any(place[0] < e and s < place[1] for s, e in quotes)
    ]
    found = _joined(pieces, sorted([*found, *((start, end) for start, end in quotes)]))
    named: list[str] = []
    for start, end in found:
        words = _plain(sentence[start:end], start == 0)
        if words.lower() not in map(str.lower, named):
            named.append(words)
    if len(named) > _MOST or sum(map(len, named)) > _MOST_CHARS:
        return None
    return tuple(named)


def _is_inside_word(text: str, fact: Fact) -> bool:
    """Whether a letter stands right beside a number: a word in disguise."""
    start, end = fact.span
    return fact.kind == "number" and (
        text[max(start - 1, 0) : start].isalpha()
        or text[end : end + 1].isalpha()
        or (fact.text[-1:].isalpha() and fact.text[:1].isdigit() and len(fact.text) < 3)
    )


def _joined(
    pieces: Sequence[re.Match[str]], places: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The places, those that belong together as one: "your office lost the form on Monday"."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and end - joined[-1][0] <= _LONG_THING:
            words = [_lower(p) for p in pieces if joined[-1][1] <= p.start() < start]
            if len(words) <= _MOST_LINKS and _join(words):
                joined[-1] = joined[-1][0], end
                continue
        joined.append((start, end))
    if not _UNREAL.isdisjoint(map(_lower, pieces)):
        return joined  # what did not happen is not to be told as if it had
    return [(_with_subject(pieces, start), end) for start, end in joined]


def _join(words: Sequence[str]) -> bool:
    """Whether what stands between two things makes one statement of them."""
    lists = tables()["clauses"]
    if all(map(_links, words)):
        return True
    unfit = lists["conjunctions"] | lists["second-person"] | lists["subjects"]
    unfit |= lists["epithets"] | lists["names"] | tables()["polarity"]["negators"]
    verb = words[0] in lists["finite"] or _links(words[0])
    return verb and _links(words[-1]) and unfit.isdisjoint(words) and words[0].isalpha()


def _links(word: str) -> bool:
    """Whether a word joins two things: what one did to the other, or where."""
    lists = tables()
    return (
        word in lists["topics"]["prepositions"]
        or word in lists["clauses"]["past"]
        or _VERB.fullmatch(word) is not None
    )


def _with_subject(pieces: Sequence[re.Match[str]], start: int) -> int:
    """Where a thing begins together with who did what to it: "they lost the form"."""
    before = [piece for piece in pieces if piece.end() <= start][-3:]
    words = [_lower(piece) for piece in before]
    lists = tables()["topics"]
    for count in (1, 2):
        verbs, subject = words[len(words) - count :], words[: len(words) - count][-1:]
        if not subject or subject[0] not in lists["subjects"]:
            continue
        preposition = [word in lists["prepositions"] for word in verbs]
        if all(map(_links, verbs)) and preposition in ([False], [False, True]):
            return before[len(words) - count - 1].start()
    return start


def _things(pieces: Sequence[re.Match[str]], rude: Sequence[Span]) -> list[tuple[int, int]]:
    """Where things are named, in the order of the sentence."""
    lists = tables()["topics"]
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(pieces):
        if _lower(pieces[at]) not in lists["determiners"]:
            at += 1
            continue
        if at and _lower(pieces[at - 1]) in ("like", "as") and _lower(pieces[at])[0] == "a":
            at += 1
            continue  # what somebody is likened to
        last = _end_of_thing(pieces, at + 1)
        while last and last + 1 < len(pieces) and _lower(pieces[last]) == "of":
            more = last + 1
            more += _lower(pieces[more]) in lists["determiners"]
            further = _end_of_thing(pieces, more)
            if not further:
                break
            last = further
        if last and _is_telling(pieces[at + 1 : last], rude):
            found.append((pieces[at].start(), pieces[last - 1].end()))
        at = max(last, at + 1)
    return found


def _end_of_thing(pieces: Sequence[re.Match[str]], at: int) -> int:
    """The piece after the words of content that begin at piece `at`; 0 if there are none."""
    last = at
    while last < len(pieces) and last - at < _MOST_WORDS and _is_content(pieces, last, at):
        last += 1
    while last > at and _ends_badly(_lower(pieces[last - 1])):
        last -= 1
    return last if last > at else 0


def _ends_badly(word: str) -> bool:
    lists = tables()["topics"]
    return word in lists["never-last"] or word in lists["never-alone"]


def _is_content(pieces: Sequence[re.Match[str]], at: int, first: int) -> bool:
    word = _lower(pieces[at])
    lists = tables()
    if at == first and word in lists["topics"]["never-alone"]:
        return True
    if not word[0].isalnum() or word in lists["words"]["empty"] or "'" in word[-3:-1]:
        return False
    stops = lists["clauses"]
    if (
        word in stops["finite"]
        or word in stops["past"]
        or word in lists["polarity"]["negators"]
        or word in lists["topics"]["stops"]
        or word in stops["second-person"]
    ):
        return False
    if at == first:
        return not word.endswith("ly")
    return _ADVERB.fullmatch(word) is None and _VERB.fullmatch(word) is None


def _is_telling(pieces: Sequence[re.Match[str]], rude: Sequence[Span]) -> bool:
    """Whether the words name something that the sentence may be about."""
    lists = tables()
    words = [_lower(piece) for piece in pieces]
    kept = [
        word
        for word, piece in zip(words, pieces, strict=True)
        if word not in lists["topics"]["vague"]
        and word not in lists["clauses"]["names"]
        and word not in lists["clauses"]["epithets"]
        and not any(
            span.start < piece.end() and piece.start() < span.end and len(span) for span in rude
        )
    ]
    return any(len(word) > 1 for word in kept) and words[-1] not in lists["clauses"]["names"]


def _around(pieces: Sequence[re.Match[str]], fact: Fact) -> tuple[int, int]:
    """The place of a fact, with the words of content that follow a number."""
    start, end = fact.span
    if fact.kind not in ("number", "amount", "time"):
        return start, end
    first = next((i for i, piece in enumerate(pieces) if piece.start() >= end), len(pieces))
    last = _end_of_thing(pieces, first)
    return start, pieces[last - 1].end() if last else end


def _plain(words: str, opens: bool) -> str:
    """The words without those of contempt; `opens` a sentence, which gives a capital."""
    epithets: Collection[str] = tables()["clauses"]["epithets"]
    kept = [word for word in words.split() if word.lower().strip(",") not in epithets]
    lists = tables()["topics"]
    if opens and kept and kept[0].lower() in lists["determiners"] | lists["subjects"]:
        kept[0] = kept[0].lower()
    return " ".join(kept)


def _lower(piece: re.Match[str]) -> str:
    return piece[0].lower().replace("\u2019", "'")
