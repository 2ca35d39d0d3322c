"""Sentences of two texts side by side: what small differences between them change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ..records import NamedTuple
from ..results import Analysis, Span
from .consistent import is_consistent
from .equating import Known
from .phrases import vocabulary
from .results import Change, Fact, fact_at
from .shifting import OPPOSITE, shifted
from .statements import Part, Word, content, negations, plainly, statements, stem, words_of
from .words import fact_tables, tables

_COMMON = 6  # a word of content in more sentences than this tells none of them apart
_BESIDE = 3  # words on either side that must be the same for a small difference to count
_LONGEST_SHORT = 5  # letters of an acronym
_SHORT = 3  # words; more of them that are gone are a clause left out, not a change


def parts(analysis: Analysis) -> list[Part]:
    """The sentences of a text."""
    found = []
    for sentence in analysis.sentences:
        words = plainly(words_of(analysis.text, sentence.span))
        written = analysis.text[sentence.span.start : sentence.span.end]
        found.append(Part(words, content(words), written.rstrip(" \"')").endswith("?")))
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


class Side(NamedTuple):
    """A text, its sentences and its facts."""

    text: str
    parts: Sequence[Part]
    facts: Sequence[Fact]


def different(ours: Side, theirs: Side, pairs: Iterable[tuple[int, int]]) -> list[Change]:
    """What differs in sentences that are the same but for a few words.

    Args:
        ours: the original.
        theirs: the candidate.
        pairs: which sentences stand side by side.
    """
    old_facts, new_facts = placed(ours), placed(theirs)
    found = []
    for index, at in pairs:
        one, two, first, last = _alike(
            _unasked(ours.parts[index].words), _unasked(theirs.parts[at].words)
        )
        old, new = one[first : len(one) - last], two[first : len(two) - last]
        if not old and not new:
            continue
        if _is_other(first + last, old, new):
            if (change := _first_name(ours.text, theirs.text, one, two)) is not None:
                found.append(change)
            continue
        asks = ours.parts[index].asks
        change = shifted(ours.text, theirs.text, old, new, one)
        odd = (_denials(one) + _denials(two) + _comforts(one, two)) % 2 == 1
        if change is not None and change.kind == OPPOSITE and odd:
            continue  # "isn't open" is "is closed"
        if change is None and odd and not _agree(one, theirs.parts[at].words, asks):
            change = _reversed(ours.text, theirs.text, one, two, old, new)
        if change is None:
            gone, come = _within(old, old_facts), _within(new, new_facts)
            if gone and come:
                change = _exchanged(gone, come)
            else:
                count = _count(ours.text, old, gone)
                change = _recounted(count, _count(theirs.text, new, come))
        if change is None and _is_renamed(ours.text, theirs.text, old, new):
            change = Change(
                "name",
                _fact("name", ours.text, old, one),
                _fact("name", theirs.text, new, two),
            )
        change = change or _first_name(ours.text, theirs.text, one, two)
        if change is not None:
            found.append(change)
    return found


def _alike(
    one: Sequence[Word], two: Sequence[Word]
) -> tuple[Sequence[Word], Sequence[Word], int, int]:
    """The sentences, or the first or last parts of them that are alike.

    With how many words are the same at the beginning and at the end.
    """
    best = None
    for part in _parts(one):
        for there in _parts(two):
            first = _common([stem(w.word) for w in part], [stem(w.word) for w in there])
            ends = ([stem(w.word) for w in words[first:]][::-1] for words in (part, there))
            last = _common(*ends)
            old, new = part[first : len(part) - last], there[first : len(there) - last]
            found = (part, there, first, last)
            if not _is_other(first + last, old, new):
                return found
            best = best or found
    assert best is not None
    return best


def _unasked(words: Sequence[Word]) -> Sequence[Word]:
    """A sentence without a "please" at its beginning."""
    return words[1:] if len(words) > 1 and words[0].word == "please" else words


def _parts(words: Sequence[Word]) -> list[Sequence[Word]]:
    """A sentence, and its first and last part between commas."""
    cuts = [at for at, word in enumerate(words) if at and word.fresh]
    if not cuts:
        return [words]
    return [words, words[: cuts[0]], words[cuts[-1] :]]


def _is_other(same: int, old: Sequence[Word], new: Sequence[Word]) -> bool:
    """Whether too few words are the same for the others to count as a small difference."""
    return same < _BESIDE or same < len(old) + len(new)


def placed(side: Side) -> dict[int, Fact]:
    """The facts but quotations and code, by the places where their words may begin."""
    return {
        at: fact
        for fact in side.facts
        if fact.kind not in ("quote", "code")
        for at in range(fact.span.start, fact.span.end)
    }


def _within(words: Sequence[Word], facts: dict[int, Fact]) -> list[Fact]:
    found = (facts.get(word.start) for word in words)
    return list(dict.fromkeys(fact for fact in found if fact is not None))


def _exchanged(gone: Sequence[Fact], come: Sequence[Fact]) -> Change | None:
    """A fact that another one stands for, between the same words."""
    old = next((fact for fact in gone if not Known(come).has(fact)), None)
    new = next((fact for fact in come if not Known(gone).has(fact)), None)
    if old is None or new is None:
        return None
    return Change(old.kind, old, new)


def _is_renamed(text: str, other: str, old: Sequence[Word], new: Sequence[Word]) -> bool:
    """Whether a word or two that may be a name stand for as many others."""
    few = 0 < len(old) == len(new) < _BESIDE
    return few and _is_name(text, old[-1]) and _is_name(other, new[-1])


def _count(text: str, words: Sequence[Word], facts: Sequence[Fact]) -> Fact | None:
    """The number among a few words: a fact, or a word such as "once" or "both"."""
    if facts:
        return facts[0] if facts[0].kind == "number" else None
    values = fact_tables()["weak"]["values"]
    word = next((word for word in words if word.word in values), None)
    if word is None:
        return None
    span = Span(word.start, word.end)
    return fact_at("number", text, span, values[word.word])


def _recounted(old: Fact | None, new: Fact | None) -> Change | None:
    """One number for another one; "twice" and "2 times" are the same."""
    if old is None or new is None or old.key == new.key:
        return None
    return Change("number", old, new)


def _first_name(
    text: str, other: str, one: Sequence[Word], two: Sequence[Word]
) -> Change | None:
    """Another name at the start of two sentences that go on alike."""
    if len(one) < _BESIDE or len(two) < _BESIDE or one[0].word == two[0].word:
        return None
    alike = [word.word for word in one[1:_BESIDE]] == [word.word for word in two[1:_BESIDE]]
    known = vocabulary()
    strange = [word not in known for word in (one[0].word, two[0].word)]
    named = _is_name(text, one[0]) and _is_name(other, two[0])
    # "UPS" is a word of the language, too: one strange acronym shows that the other is one
    short = any(strange) and _is_short(text, one) and _is_short(other, two)
    if not alike or not (short or (named and all(strange))):
        return None
    return Change("name", _fact("name", text, one[:1], one), _fact("name", other, two[:1], two))


def _is_short(text: str, words: Sequence[Word]) -> bool:
    """Whether a sentence begins with a short word in capitals, and is not all in capitals."""
    first, second = (text[word.start : word.end] for word in words[:2])
    names = tables()["names"]["common"]
    short = first.isupper() and 1 < len(first) <= _LONGEST_SHORT
    return short and not second.isupper() and words[0].word not in names


def _common(one: Sequence[str], two: Sequence[str]) -> int:
    """How many words the beginnings share."""
    count = 0
    for a, b in zip(one, two, strict=False):
        if a != b:
            break
        count += 1
    return count


def _reversed(
    text: str,
    other: str,
    one: Sequence[Word],
    two: Sequence[Word],
    old: Sequence[Word],
    new: Sequence[Word],
) -> Change | None:
    """The negation that came or went with few other words."""
    if min(len(old), len(new)) == 0 and max(len(old), len(new)) > _SHORT:
        return None  # a clause left out or added
    if max(len(old), len(new)) > _SHORT + 1 and content(old).isdisjoint(content(new)):
        return None  # another clause in its place
    kind = "negation"
    if any(s.kind == "refusal" for s in statements(one)):
        kind = "refusal"
    return Change(kind, _fact(kind, text, old, one), _fact(kind, other, new, two))


def _agree(one: Sequence[Word], two: Sequence[Word], asks: bool) -> bool:
    """Whether a denial in the first sentence and none in the second may both be true."""
    denied = negations(one)
    if not denied or negations(two):
        return False
    return is_consistent(one, denied[-1], two, len(two), asks)


def _comforts(one: Sequence[Word], two: Sequence[Word]) -> int:
    """How often "don't worry" stands in two sentences that both speak of worry."""
    verbs = fact_tables()["outcomes"]["comforting"].intersection(
        {word.word for word in one}, {word.word for word in two}
    )
    return sum(
        before.word == "not" and word.word in verbs
        for words in (one, two)
        for before, word in pairwise(words)
    )


def _denials(words: Sequence[Word]) -> int:
    """How often words deny: "forbidden" does as "not allowed", "no" as an answer does not."""
    refused = fact_tables()["outcomes"]["refused"] | fact_tables()["outcomes"]["doubting"]
    found = set(negations(words))
    found |= {at for at, word in enumerate(words) if word.word in refused}
    last = len(words) - 1
    return sum(
        words[at].word not in ("no", "nope") or (at < last and not words[at + 1].fresh)
        for at in found
    )


def _is_name(text: str, word: Word) -> bool:
    names = tables()["names"]["common"] | tables()["words"]["empty"]
    written = text[word.start : word.end]
    return written[:1].isupper() and not written.isupper() and word.word not in names


def _fact(kind: str, text: str, words: Sequence[Word], around: Sequence[Word]) -> Fact:
    """The words as a fact; where there are none, the sentence."""
    words = words or around
    span = Span(words[0].start, words[-1].end)
    return fact_at(kind, text, span)
