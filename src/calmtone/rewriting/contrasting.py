"""What a text sets against what: "ask Ben, not Tom", and whether a rewrite swaps the two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..records import NamedTuple
from ..results import Span
from .aligning import Side, placed
from .equating import form
from .results import Change, Fact, fact_at
from .statements import Part, Word, content, negations, stem
from .words import fact_tables

_REACH = 8  # words around a "not" in which the other side of it is looked for
_THROUGH = 2  # words such as "the" between a "not" and what it sets aside


class _Contrast(NamedTuple):
    """What is set aside, what stands against it, and the sentence."""

    aside: Fact
    others: Sequence[Fact]
    part: Part
    marker: int


def contrasts_changed(ours: Side, theirs: Side) -> list[Change]:
    """Facts and persons that changed sides: "Ben, not Tom" and "Tom, not Ben".

    Args:
        ours: the original.
        theirs: the candidate.
    """
    one, two = list(_contrasts(ours)), list(_contrasts(theirs))
    if not one and not two:
        return []
    said, restated = _said(ours, one), _said(theirs, two)
    gone, new = {_key(c.aside) for c in one}, {_key(c.aside) for c in two}
    found: list[Change] = []
    for contrast in one:
        key = _key(contrast.aside)
        if key in new:
            continue
        if contrast.aside.kind == _PERSON:
            found += _persons(contrast, two)
        elif (after := restated.get(key)) is not None:
            others = [_key(fact) for fact in contrast.others]
            swapped = not new.isdisjoint(others)
            if others and (swapped or restated.keys().isdisjoint(others)):
                found.append(Change(after.kind, contrast.others[0], after))
    for contrast in two:
        key = _key(contrast.aside)
        before = said.get(key)
        others = [_key(fact) for fact in contrast.others]
        if key in gone or before is None or not others or contrast.aside.kind == _PERSON:
            continue
        if said.keys().isdisjoint(others) and gone.isdisjoint(others):
            found.append(Change(before.kind, before, contrast.others[0]))
    return found[:1]


_PERSON = "person"


def _persons(contrast: _Contrast, others: Sequence[_Contrast]) -> Iterator[Change]:
    """The same sentence with the persons the other way round: "you, not me"."""
    against = {fact.key for fact in contrast.others}
    for other in others[:_REACH]:
        if other.aside.kind != _PERSON or other.aside.key not in against:
            continue
        if contrast.aside.key in {fact.key for fact in other.others} and (
            contrast.part.content & other.part.content
        ):
            before = contrast.aside._replace(kind="negation")
            yield Change("negation", before, other.aside._replace(kind="negation"))
            return


def agreed(ours: Sequence[Part], theirs: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Both texts with "rather than Tom" as "not Tom" where the other one says it so."""
    denied, redenied = _denied(ours), _denied(theirs)
    return [_plainly(part, redenied) for part in ours], [
        _plainly(part, denied) for part in theirs
    ]


def _denied(sentences: Sequence[Part]) -> set[str]:
    """The stems of the words after a "not" that sets something aside."""
    found = set()
    for part in sentences:
        for at, word in enumerate(part.words):
            if word.word == "not" and (after := _after(part.words, at + 1)) is not None:
                found.add(stem(after.word))
    return found


def _plainly(part: Part, denied: set[str]) -> Part:
    """A sentence with "not" for "rather than" before one of the words."""
    if not denied:
        return part
    words: list[Word] = []
    at = 0
    while at < len(part.words):
        word = part.words[at]
        if _is_instead(part.words, at):
            after = _after(part.words, at + 2)
            if after is not None and stem(after.word) in denied:
                end = part.words[at + 1].end
                words.append(Word("not", word.start, end, True))
                at += 2
                continue
        words.append(word)
        at += 1
    if len(words) == len(part.words):
        return part
    return part._replace(words=words, content=content(words))


def _is_instead(words: Sequence[Word], at: int) -> bool:
    pair = " ".join(word.word for word in words[at : at + 2])
    return pair in fact_tables()["contrasts"]["instead"]


def _after(words: Sequence[Word], at: int) -> Word | None:
    """The word that a "not" sets aside, behind "the" and the like."""
    through = fact_tables()["contrasts"]["through"]
    near = words[at : at + 1 + _THROUGH]
    return next((word for word in near if word.word not in through), None)


def _contrasts(side: Side) -> Iterator[_Contrast]:
    facts = placed(side)
    for part in side.parts:
        words = part.words
        for at, word in enumerate(words):
            if word.word != "not" and not _is_instead(words, at):
                continue
            before = _item(side.text, words[at - 1], facts) if at else None
            if word.word == "not" and not word.fresh and before is None:
                continue
            after = _after(words, at + (1 if word.word == "not" else 2))
            aside = None if after is None else _item(side.text, after, facts)
            if aside is None:
                continue
            near = words[max(at - _REACH, 0) : at + _REACH]
            items = (_item(side.text, one, facts) for one in near)
            others = [
                item
                for item in items
                if item is not None and form(item) == form(aside) and item.key != aside.key
            ]
            yield _Contrast(aside, others, part, at)


def _item(text: str, word: Word, facts: dict[int, Fact]) -> Fact | None:
    """The fact, or the person, that a word tells."""
    fact = facts.get(word.start)
    if fact is not None:
        return fact
    person = fact_tables()["contrasts"]["persons"].get(word.word)
    if person is None:
        return None
    span = Span(word.start, word.end)
    return fact_at(_PERSON, text, span, person)


def _said(side: Side, contrasts: Sequence[_Contrast]) -> dict[tuple[str, str], Fact]:
    """The facts of sentences that deny nothing, and are not set aside."""
    markers = {contrast.part.words[contrast.marker].start for contrast in contrasts}
    aside = {contrast.aside.span for contrast in contrasts}
    facts = placed(side)
    found = {}
    for part in side.parts:
        if any(part.words[at].start not in markers for at in negations(part.words)):
            continue
        for word in part.words:
            fact = facts.get(word.start)
            if fact is not None and fact.span not in aside:
                found[_key(fact)] = fact
    return found


def _key(fact: Fact) -> tuple[str, str]:
    return form(fact), fact.key
