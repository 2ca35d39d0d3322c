"""A word for its counterpart in the same sentence: "spring" for "autumn", "will" for "may"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..results import Span
from .results import Change, Fact, fact_at
from .statements import Part, Word, is_ours, stem, target_of
from .words import fact_tables

_MOST = 3  # words on either side that may differ
OPPOSITE = "negation"


def shifted(
    text: str, other: str, old: Sequence[Word], new: Sequence[Word], around: Sequence[Word]
) -> Change | None:
    """The counterpart that stands for a word, where nothing else differs.

    Its kind is "negation" for what is the other way round: "open" and "closed".

    Args:
        text: the original.
        other: the candidate.
        old: the words of a sentence that differ.
        new: the words in their place.
        around: the sentence. To its reader "all" may be softened to "some".
    """
    if not 0 < len(old) <= _MOST or not 0 < len(new) <= _MOST:
        return None
    groups = _groups()
    there = {
        group: (member, word) for word in new for _, group, member in groups.get(word.word, ())
    }
    readers = fact_tables()["shifts"]["readers"]
    for word in old:
        for kind, group, member in groups.get(word.word, ()):
            after = there.get(group)
            if after is None or after[0] == member:
                continue
            if kind == "number" and any(one.word in readers for one in around):
                continue
            return Change(kind, _fact(kind, text, word), _fact(kind, other, after[1]))
    return None


@lru_cache(maxsize=1)
def _groups() -> dict[str, list[tuple[str, str, int]]]:
    """Words, with the kind, the group and the number of the member of it that each is."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    table = fact_tables()["shifts"]
    for kind, name in (("date", "dates"), ("number", "numbers"), (OPPOSITE, "opposites")):
        for group in table[name]:
            for member, words in enumerate(group.split("|")):
                for word in words.split():
                    found.setdefault(word, []).append((kind, group, member))
    return found


def promises_shifted(
    ours: Sequence[Part], theirs: Sequence[Part], text: str, other: str
) -> list[Change]:
    """Promises that were only considered, and the other way round: "will", "might".

    Args:
        ours: the original's sentences.
        theirs: the candidate's sentences.
        text: the original.
        other: the candidate.
    """
    firm, open_ = _promised(ours)
    firmer, opener = _promised(theirs)
    for before, still, after, known in (
        (open_, opener, firmer, firm),
        (firm, firmer, opener, open_),
    ):
        for about, word in before.items():
            there = after.get(about)
            if there is not None and about not in still and about not in known:
                one = _fact("commitment", text, word)
                return [Change("commitment", one, _fact("commitment", other, there))]
    return []


def _promised(sentences: Sequence[Part]) -> tuple[dict[str, Word], dict[str, Word]]:
    """What the writer will do, and what the writer may do, by the stem of the verb."""
    firm: dict[str, Word] = {}
    open_: dict[str, Word] = {}
    for part in sentences:
        if not part.asks:
            for about, word, sure in _promises(part.words):
                (firm if sure else open_).setdefault(about, word)
    return firm, open_


def _promises(words: Sequence[Word]) -> Iterator[tuple[str, Word, bool]]:
    table = fact_tables()["shifts"]
    weighed = False
    for at, word in enumerate(words):
        weighed = weighed or word.word in fact_tables()["outcomes"]["conditional"]
        sure = word.word in table["firm"]
        if not (sure or word.word in table["open"]) or not is_ours(words, at) or weighed:
            continue
        if any(one.word in ("not", "never") for one in words[at : at + 3]):
            continue
        target = target_of(words, at)
        if target is not None and words[target].word in table["trying"]:
            sure, target = False, target_of(words, target)
        if target is not None:
            yield stem(words[target].word), word, sure


def _fact(kind: str, text: str, word: Word) -> Fact:
    span = Span(word.start, word.end)
    return fact_at(kind, text, span, word.word)
