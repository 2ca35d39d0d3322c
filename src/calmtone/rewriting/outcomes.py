"""What a text grants and refuses, in whatever words: refusals that became promises.

"Your request is denied" and "your request is approved", "we can't refund you" and "your
refund is on its way" share no verb. What is granted is told by a list of words, and what it is
about by the words of content around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import lru_cache

from ..records import NamedTuple
from ..results import Span
from .consistent import is_consistent
from .results import Change, Fact, fact_at
from .statements import Part, Statement, Word, negations, stem, target_in
from .words import fact_tables, tables

_BACK = 4  # words before one that may deny it
_SHORT = 12  # words; in longer sentences much else may be accepted or covered
_FEW = 5  # words of a sentence that says nothing else


class _Outcome(NamedTuple):
    """Something granted, or refused; `about` are the words of content around it."""

    granted: bool
    stem: str
    about: frozenset[str]
    word: Word
    part: Part


def outcomes_changed(
    ours: Sequence[Part], theirs: Sequence[Part], text: str, other: str
) -> list[Change]:
    """What the original refuses and the candidate grants, and the other way round.

    Args:
        ours: the original's sentences.
        theirs: the candidate's sentences.
        text: the original.
        other: the candidate.
    """
    one, two = list(_outcomes(ours)), list(_outcomes(theirs))
    for before in one:
        if any(o.granted != before.granted and _same_matter(o, before) for o in one):
            continue
        same = [o for o in two if _same_matter(before, o)]
        if before.granted and max(len(o.part.words) for o in (before, *same)) > _SHORT:
            continue
        if same and all(o.granted != before.granted for o in same):
            old, new = ("negation", "refusal") if before.granted else ("refusal", "commitment")
            kind = "negation" if before.granted else "refusal"
            after = same[0]
            return [Change(kind, _fact(old, text, before.word), _fact(new, other, after.word))]
    return []


def granted_after_all(
    said: Sequence[tuple[Statement, Part]],
    restated: Sequence[tuple[Statement, Part]],
    theirs: Sequence[Part],
    text: str,
    other: str,
) -> list[Change]:
    """Refusals of something that the candidate gives: "your refund is on its way".

    Args:
        said: the original's statements, each with its sentence.
        restated: the candidate's statements.
        theirs: the candidate's sentences.
        text: the original.
        other: the candidate.
    """
    refused = [
        (s, part)
        for s, part in said
        if s.kind == "refusal" or s.unowned or text[s.span.start :][:3].lower() == "no "
    ]
    if not refused:
        return []
    kept = {s.stem for s, _ in restated if s.kind != "commitment"}
    denied: list[Set[str]] = [part.content for part in theirs if negations(part.words)]
    denied += [o.about | {o.stem} for o in _outcomes(theirs) if not o.granted]
    heads = {stem(word) for word in tables()["polarity"]["generic-heads"]}
    looked: set[Set[str]] = set()
    for statement, part in refused:
        about = {statement.stem}
        if statement.stem in heads:
            about = part.content - _idle()
        if frozenset(about) in looked:
            continue
        looked.add(frozenset(about))
        if not about.isdisjoint(kept) or any(not about.isdisjoint(words) for words in denied):
            continue
        for there in theirs:
            matter = about & there.content
            promised = {s.stem for s, p in restated if p is there and s.kind == "commitment"}
            comes = _holds(there, "sent") and not negations(there.words)
            comes = comes and not there.content.isdisjoint(part.content - _idle())
            if ((matter and _gives(there, promised, matter)) or comes) and not is_consistent(
                part.words,
                target_in(part.words, statement),
                there.words,
                len(there.words),
                part.asks,
            ):
                span = statement.span
                before = fact_at("refusal", text, span, statement.stem)
                return [Change("refusal", before, _sentence(other, there))]
    return []


def assented(
    said: Sequence[tuple[Statement, Part]],
    ours: Sequence[Part],
    theirs: Sequence[Part],
    text: str,
    other: str,
) -> list[Change]:
    """A refusal that a plain yes stands for: "Absolutely not.", "Of course, you can."

    Only where the candidate refuses and denies nothing at all.

    Args:
        said: the original's statements, each with its sentence.
        ours: the original's sentences.
        theirs: the candidate's sentences.
        text: the original.
        other: the candidate.
    """
    if any(negations(part.words) for part in theirs) or refuses_in(theirs):
        return []
    refused = next((s for s, _ in said if s.kind == "refusal" or s.unowned), None)
    if refused is not None:
        span = refused.span
        before = fact_at("refusal", text, span, refused.stem)
    else:
        outcome = next((o for o in _outcomes(ours) if not o.granted), None)
        flat = next((part for part in ours if _is_flat(part)), None)
        if outcome is not None:
            before = _fact("refusal", text, outcome.word)
        elif flat is not None:
            before = _sentence(text, flat)._replace(kind="refusal")
        else:
            return []
    if any(_assents(part) for part in ours):
        return []
    about = frozenset().union(*(part.content for part in ours))
    for part in theirs:
        paid = _holds(part, "paid") and not part.content.isdisjoint(about)
        if not part.asks and (_assents(part) or paid):
            return [Change("refusal", before, _sentence(other, part))]
    return []


def _is_flat(part: Part) -> bool:
    """Whether a sentence is a plain no: "Nope.", "You're not getting it."."""
    plain = [word.word for word in part.words]
    flat = fact_tables()["outcomes"]["flat"]
    return not part.asks and (
        " ".join(plain) in flat
        or " ".join(plain[-2:]) in flat
        or any(" ".join(plain[at : at + 4]) in flat for at in range(min(len(plain), _FEW)))
    )


def _assents(part: Part) -> bool:
    """Whether a sentence says yes to what was asked: "Of course, you can have it."."""
    table = fact_tables()["outcomes"]
    plain = [word.word for word in part.words]
    if part.asks or negations(part.words) or not table["hedges"].isdisjoint(plain):
        return False
    line = f" {' '.join(plain)} "
    if any(f" {phrase} " in line for phrase in table["willing"]):
        return True
    first = any(" ".join(plain[:count]) in table["assent"] for count in (1, 2, 3))
    return first and (
        len(plain) < _FEW or any(f" {phrase} " in line for phrase in table["granting"])
    )


def refuses_in(sentences: Sequence[Part]) -> bool:
    """Whether something is refused in one of the sentences."""
    return any(not outcome.granted for outcome in _outcomes(sentences))


def _outcomes(sentences: Sequence[Part]) -> Iterator[_Outcome]:
    table = fact_tables()["outcomes"]
    known = _stems()
    for part in sentences:
        if not any(stem(word.word) in known for word in part.words):
            continue
        plain = [word.word for word in part.words]
        negators = set(negations(part.words))
        for at, word in enumerate(part.words):
            granted = known.get(stem(word.word))
            if granted is None or not table["hedges"].isdisjoint(plain[max(at - 5, 0) : at]):
                continue
            if part.asks and not any(later.fresh for later in part.words[at + 1 :]):
                continue
            if at and plain[at - 1] in table["determiners"]:
                continue  # "the approved list"
            before = negators.intersection(range(max(at - _BACK, 0), at))
            denied = any(plain[n] not in table["refused"] for n in before)
            about = part.content - _idle() - {stem(word.word)}
            about -= {root for root in about if root in known}
            yield _Outcome(granted != denied, stem(word.word), frozenset(about), word, part)


def _same_matter(one: _Outcome, other: _Outcome) -> bool:
    """Whether two outcomes are about the same, as far as their words tell."""
    if one.about & other.about:
        return True
    if one.about and other.about:
        few = min(len(one.part.words), len(other.part.words)) < _FEW
        return one.stem == other.stem and few
    return True


def _gives(part: Part, promised: set[str], matter: set[str]) -> bool:
    """Whether a sentence gives what it speaks of."""
    table = fact_tables()["outcomes"]
    plain = [word.word for word in part.words]
    if part.asks or negations(part.words) or not table["hedges"].isdisjoint(plain):
        return False
    giving = {stem(word) for word in table["giving"]}
    if promised & (giving | matter):
        return True
    if _holds(part, "coming"):
        return True
    return any(
        subject == "you" and verb in ("will", "can", "may", "shall") and stem(after) in giving
        for subject, verb, after in zip(plain, plain[1:], plain[2:], strict=False)
    )


def _holds(part: Part, name: str) -> bool:
    """Whether one of the phrases of a list stands in a sentence."""
    line = f" {' '.join([word.word for word in part.words])} "
    return any(f" {phrase} " in line for phrase in fact_tables()["outcomes"][name])


@lru_cache(maxsize=1)
def _stems() -> dict[str, bool]:
    """Stems of words that grant or refuse, and whether they grant."""
    table = fact_tables()["outcomes"]
    found = {stem(word): False for word in table["refused"]}
    return found | {stem(word): True for word in table["granted"]}


@lru_cache(maxsize=1)
def _idle() -> frozenset[str]:
    return frozenset(map(stem, fact_tables()["outcomes"]["idle"]))


def _fact(kind: str, text: str, word: Word) -> Fact:
    span = Span(word.start, word.end)
    return fact_at(kind, text, span, stem(word.word))


def _sentence(text: str, part: Part) -> Fact:
    span = Span(part.words[0].start, part.words[-1].end)
    return fact_at("commitment", text, span)
