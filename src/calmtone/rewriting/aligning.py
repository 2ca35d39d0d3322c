"""Sentences of two texts side by side: what small differences between them change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ..records import NamedTuple
from ..results import Analysis, Span
from .results import Change, Fact
from .statements import Word, content, negations, statements, words_of
from .words import tables

_COMMON = 6  # a word of content in more sentences than this tells none of them apart
_BESIDE = 3  # words on either side that must be the same for a small difference to count
_SHORT = 3  # words; more of them that are gone are a clause left out, not a change


class Part(NamedTuple):
    """A sentence: its words and its words of content."""

    words: list[Word]
    content: set[str]


def parts(analysis: Analysis) -> list[Part]:
    """The sentences of a text."""
    found = []
    for sentence in analysis.sentences:
        words = words_of(analysis.text, sentence.span)
        found.append(Part(words, content(words)))
    return found


def aligned(ours: Sequence[Part], others: Sequence[Part]) -> list[tuple[int, int]]:
    """Sentences of the original, each with the one of the candidate that is most like it.

    Sentences vote by the words of content that they share; words of many sentences don't.
    """
    places: dict[str, list[int]] = {}
    for index, part in enumerate(others):
        for word in part.content:
            places.setdefault(word, []).append(index)
    found = []
    for index, part in enumerate(ours):
        votes: Counter[int] = Counter()
        for word in part.content:
            if len(places.get(word, ())) <= _COMMON:
                votes.update(places.get(word, ()))
        if votes:
            best = max(votes, key=lambda other: (votes[other], -abs(other - index)))
            found.append((index, best))
        elif len(ours) == len(others):
            found.append((index, index))
    return found


def different(
    text: str,
    other: str,
    ours: Sequence[Part],
    others: Sequence[Part],
    pairs: Iterable[tuple[int, int]],
) -> list[Change]:
    """What differs in sentences that are the same but for a few words."""
    found = []
    for index, at in pairs:
        one, two = ours[index].words, others[at].words
        first = _common([w.word for w in one], [w.word for w in two])
        last = _common([w.word for w in one[first:]][::-1], [w.word for w in two[first:]][::-1])
        old, new = one[first : len(one) - last], two[first : len(two) - last]
        same = first + last
        if (not old and not new) or same < _BESIDE or same < len(old) + len(new):
            continue
        change = _change(text, other, one, two, old, new)
        if change is not None:
            found.append(change)
    return found


def _common(one: Sequence[str], two: Sequence[str]) -> int:
    """How many words the beginnings share."""
    count = 0
    for a, b in zip(one, two, strict=False):
        if a != b:
            break
        count += 1
    return count


def _change(
    text: str,
    other: str,
    one: Sequence[Word],
    two: Sequence[Word],
    old: Sequence[Word],
    new: Sequence[Word],
) -> Change | None:
    """What a small difference between two sentences changes, if anything."""
    clause = min(len(old), len(new)) == 0 and max(len(old), len(new)) > _SHORT
    if not clause and (len(negations(one)) + len(negations(two))) % 2:
        kind = "negation"
        if any(s.kind == "refusal" for s in statements(one)):
            kind = "refusal"
        return Change(kind, _fact(kind, text, old, one), _fact(kind, other, new, two))
    for kind, is_one in (("number", _is_number), ("date", _is_date)):
        values = (
            [w.word for w in old if is_one(w.word)],
            [w.word for w in new if is_one(w.word)],
        )
        if values[0] and values[1] and values[0] != values[1]:
            return Change(kind, _fact(kind, text, old, one), _fact(kind, other, new, two))
    if 0 < len(old) == len(new) < 3 and _is_name(text, old[-1]) and _is_name(other, new[-1]):
        return Change("name", _fact("name", text, old, one), _fact("name", other, new, two))
    return None


def _is_number(word: str) -> bool:
    numbers = tables()["numbers"]
    return (
        word[0].isdigit()
        or word in numbers["weak"]
        or word in numbers["units"]
        or word in numbers["tens"]
        or word in numbers["ordinals"]
    )


def _is_date(word: str) -> bool:
    dates = tables()["dates"]
    return word in dates["relative"] or word in dates["weekdays"] or word in dates["months"]


def _is_name(text: str, word: Word) -> bool:
    names = tables()["names"]["common"] | tables()["words"]["empty"]
    written = text[word.start : word.end]
    return written[:1].isupper() and not written.isupper() and word.word not in names


def _fact(kind: str, text: str, words: Sequence[Word], around: Sequence[Word]) -> Fact:
    """The words as a fact; where there are none, the sentence."""
    words = words or around
    span = Span(words[0].start, words[-1].end)
    written = text[span.start : span.end]
    return Fact(kind, written, span, written.lower())
