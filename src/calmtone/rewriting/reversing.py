"""Statements of two texts side by side: refusals turned to promises, denials to claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from ..results import Span
from .consistent import is_consistent, others_do
from .results import Change, Fact, fact_at
from .statements import (
    Part,
    Statement,
    Word,
    content,
    negations,
    statements,
    stem,
    target_in,
)
from .words import fact_tables, tables

_NEAR = 5  # words on either side of a word that say what it is about
_ALIKE = 1  # of their words of content that have to be the same
_ALIKE_NOUNS = 2  # for "no", "nothing" and "without"
_MOST_PLACES = 20


def stated(sentences: Sequence[Part]) -> list[tuple[Statement, Part]]:
    """The statements of the sentences, each with its sentence."""
    return [(found, part) for part in sentences for found in statements(part.words)]


def turned(
    said: Sequence[tuple[Statement, Part]],
    restated: Sequence[tuple[Statement, Part]],
    text: str,
    other: str,
    changed: Sequence[Change],
) -> list[Change]:
    """Refusals that became promises, and promises that became refusals."""
    heads = set(map(stem, tables()["polarity"]["generic-heads"]))
    done = [change.before.span for change in changed]
    found = []
    for kind, opposite in (("refusal", "commitment"), ("commitment", "refusal")):
        kept = {s.stem for s, _ in restated if s.kind in (kind, "negation")}
        promised: Mapping[str, tuple[Statement, Part]] = {
            s.stem: (s, part) for s, part in restated if s.kind == opposite
        }
        for statement, part in said:
            refused = kind == "refusal" and statement.unowned
            if (statement.kind != kind and not refused) or statement.stem in kept:
                continue
            about = {statement.stem}
            if statement.stem in heads:
                about = part.content - kept
            about &= promised.keys()
            if not about or any(
                span.start < statement.span.end and statement.span.start < span.end
                for span in done
            ):
                continue
            match, there = promised[min(about)]
            if kind == "refusal" and is_consistent(
                part.words,
                target_in(part.words, statement),
                there.words,
                target_in(there.words, match),
                part.asks,
            ):
                continue
            found.append(
                Change(kind, _of(statement, text), _of(match, other)._replace(kind=opposite))
            )
    return found


def _of(statement: Statement, text: str) -> Fact:
    span = statement.span
    return fact_at(statement.kind, text, span, statement.stem)


def unmatched(
    said: Sequence[tuple[Statement, Part]],
    others: Sequence[tuple[Statement, Part]],
    text: str,
) -> list[Fact]:
    """Statements about something that the other text makes none of the kind about."""
    known = {(s.kind == "commitment", s.stem) for s, _ in others}
    return [
        _of(statement, text)
        for statement, _ in said
        if (statement.kind == "commitment", statement.stem) not in known
    ]


def reversed_in(
    said: Sequence[tuple[Statement, Part]],
    restated: Sequence[tuple[Statement, Part]],
    sentences: Sequence[Part],
    text: str,
    other: str,
    refuses: bool = False,
    named: Set[str] = frozenset(),
) -> list[Change]:
    """What the original denies and the candidate says, in nearly the same words.

    Args:
        said: the original's statements, each with its sentence.
        restated: the candidate's statements.
        sentences: the candidate's sentences.
        text: the original.
        other: the candidate.
        refuses: whether the candidate refuses something in other words: "decline" may have
            become "can't accept".
        named: words of content of the original's sentences that deny nothing: somebody named
            there may do what the writer refuses.
    """
    denied = {s.stem for s, _ in restated if s.kind != "commitment"}
    wanted = [(s, part) for s, part in said if s.kind != "commitment" and s.stem not in denied]
    if refuses:
        words = fact_tables()["outcomes"]["refused"]
        wanted = [
            (s, part)
            for s, part in wanted
            if text[s.span.start : s.span.end].split()[0].lower() not in words
        ]
    if not wanted:
        return []
    doubts = fact_tables()["outcomes"]["conditional"]
    places: dict[str, list[tuple[Part, int]]] = {}
    stems = {statement.stem for statement, _ in wanted}
    for part in sentences:
        if not negations(part.words):
            for at, word in enumerate(part.words):
                if (root := stem(word.word)) in stems:
                    places.setdefault(root, []).append((part, at))
    found = []
    for statement, part in wanted:
        at = target_in(part.words, statement)
        beside = _beside(part, at)
        alike = _ALIKE if statement.verbal else _ALIKE_NOUNS
        if statement.kind == "refusal" or len(beside) == 1:
            alike = min(alike, len(beside))
        for there, place in places.get(statement.stem, ())[:_MOST_PLACES]:
            if not doubts.isdisjoint(w.word for w in there.words[:place]):
                continue
            if is_consistent(part.words, at, there.words, place, part.asks):
                continue
            if statement.kind == "refusal" and others_do(there.words, place, named):
                continue
            if len(beside & _beside(there, place)) >= alike and not there.asks:
                word = there.words[place]
                span = Span(word.start, word.end)
                after = fact_at("negation", other, span, statement.stem)
                found.append(Change(statement.kind, _of(statement, text), after))
                break
    return found


def bridged(
    ours: Sequence[Part],
    theirs: Sequence[Part],
    text: str,
    other: str,
    named: Set[str] = frozenset(),
) -> list[Change]:
    """What one text says and the other denies, in the same words around "not".

    "That was my mistake" and "that was not my mistake"; forms of "do" are left aside, and so
    is what somebody `named` by the original does (see `reversed_in`).
    """
    one, two = _Around(ours), _Around(theirs)
    found = []
    for three, (word, part) in one.denied.items():
        after, there = two.said.get(three, (None, []))
        if after is not None and three not in one.said and three not in two.denied:
            at, place = part.index(word[-1]), there.index(after[-1])
            if is_consistent(part, at, there, place, False) or others_do(there, place, named):
                continue
            kind = (
                "refusal" if any(s.kind == "refusal" for s in statements(part)) else "negation"
            )
            found.append(Change(kind, _words(kind, text, word), _words(kind, other, after)))
    for three, (word, _) in two.denied.items():
        before, _ = one.said.get(three, (None, []))
        if before is not None and three not in two.said and three not in one.denied:
            gone = _words("negation", text, before)
            found.append(Change("negation", gone, _words("negation", other, word)))
    return found[:1]


class _Around:
    """Three stems in a row: those said, and those with a negator between them."""

    def __init__(self, sentences: Sequence[Part]) -> None:
        self.said: dict[tuple[str, ...], tuple[list[Word], list[Word]]] = {}
        self.denied: dict[tuple[str, ...], tuple[list[Word], list[Word]]] = {}
        doubting = fact_tables()["outcomes"]["doubting"]
        for part in sentences:
            if part.asks or any(word.word in doubting for word in part.words):
                continue
            for words, negators in _clauses(part.words):
                if len(negators) > 1:
                    continue
                place = negators[0] if negators else -1
                plain = [word for at, word in enumerate(words) if at != place]
                if negators and place and words[place - 1].word in ("do", "does", "did"):
                    plain = [word for word in plain if word is not words[place - 1]]
                    place -= 1
                for at in range(len(plain) - 2):
                    three = plain[at : at + 3]
                    key = tuple(stem(word.word) for word in three)
                    if not content(three[-2:]):
                        continue
                    if not negators:
                        self.said.setdefault(key, (three, part.words))
                    elif at < place < at + 3:
                        self.denied.setdefault(key, (three, part.words))


def _clauses(words: Sequence[Word]) -> Iterator[tuple[list[Word], list[int]]]:
    """Parts of a sentence between its commas, and where their negators stand."""
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or words[at].fresh:
            clause = list(words[start:at])
            yield clause, negations(clause)
            start = at


def _words(kind: str, text: str, words: Sequence[Word]) -> Fact:
    span = Span(words[0].start, words[-1].end)
    return fact_at(kind, text, span)


def _beside(part: Part, at: int) -> set[str]:
    """The words of content near a word."""
    idle = fact_tables()["outcomes"]["idle"]
    near = (*part.words[max(at - _NEAR, 0) : at], *part.words[at + 1 : at + 1 + _NEAR])
    return content(word for word in near if word.word not in idle)
