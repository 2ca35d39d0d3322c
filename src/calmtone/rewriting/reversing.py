"""Statements of two texts side by side: refusals turned to promises, denials to claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..results import Span
from .aligning import Part
from .results import Change, Fact
from .statements import Statement, content, negations, statements, stem
from .words import tables

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
            if statement.kind != kind or statement.stem in kept:
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
            match = promised[min(about)][0]
            found.append(
                Change(kind, _of(statement, text), _of(match, other)._replace(kind=opposite))
            )
    return found


def _of(statement: Statement, text: str) -> Fact:
    span = statement.span
    return Fact(statement.kind, text[span.start : span.end], span, statement.stem)


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
) -> list[Change]:
    """What the original denies and the candidate says, in nearly the same words.

    Args:
        said: the original's statements, each with its sentence.
        restated: the candidate's statements.
        sentences: the candidate's sentences.
        text: the original.
        other: the candidate.
    """
    denied = {s.stem for s, _ in restated if s.kind != "commitment"}
    wanted = [(s, part) for s, part in said if s.kind != "commitment" and s.stem not in denied]
    if not wanted:
        return []
    places: dict[str, list[tuple[Part, int]]] = {}
    stems = {statement.stem for statement, _ in wanted}
    for part in sentences:
        if not negations(part.words):
            for at, word in enumerate(part.words):
                if (root := stem(word.word)) in stems:
                    places.setdefault(root, []).append((part, at))
    found = []
    for statement, part in wanted:
        at = next(i for i, w in enumerate(part.words) if w.end >= statement.span.end)
        beside = _beside(part, at)
        for there, place in places.get(statement.stem, ())[:_MOST_PLACES]:
            alike = _ALIKE if statement.verbal else _ALIKE_NOUNS
            if len(beside & _beside(there, place)) >= alike:
                word = there.words[place]
                span = Span(word.start, word.end)
                after = Fact("negation", other[span.start : span.end], span, statement.stem)
                found.append(Change(statement.kind, _of(statement, text), after))
                break
    return found


def _beside(part: Part, at: int) -> set[str]:
    """The words of content near a word."""
    return content((*part.words[max(at - _NEAR, 0) : at], *part.words[at + 1 : at + 1 + _NEAR]))
