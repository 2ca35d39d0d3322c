"""When a rewrite may say what the text denies: "you didn't add tests", "please add tests"."""

from __future__ import annotations

from collections.abc import Sequence, Set

from .statements import Word, is_ours, negations
from .words import fact_tables, tables

_NEAR = 8  # words around a denial, and around what is said instead
_AFTER_BOUND = 4  # words after "before" or "more than" up to what bounds


def is_consistent(
    words: Sequence[Word], at: int, others: Sequence[Word], place: int, asks: bool
) -> bool:
    """Whether a denial and a sentence that says the same without one may both be true.

    What somebody has not done may be asked for; "not before Friday" is "on Friday".

    Args:
        words: the sentence that denies.
        at: the word that it is about.
        others: the sentence without the denial.
        place: the same word there.
        asks: whether the first sentence is a question.
    """
    before = negations(words[max(at - _NEAR, 0) : at + 1])
    if not before:
        return False
    negator = max(at - _NEAR, 0) + before[-1]
    asked = _requests(others, place) and not _requests(words, len(words))
    return (asked and _reports(words, negator, asks)) or _is_bounded(
        words, negator, others, place
    )


def _reports(words: Sequence[Word], at: int, asks: bool) -> bool:
    """Whether a negator tells what others do not do, or asks whether they don't."""
    table = fact_tables()["requests"]
    if is_ours(words, at):
        return False
    if asks:
        return True
    if words[at].word == "never":
        return at > 0 and not words[at].fresh and words[at - 1].word not in table["joining"]
    if words[at].word != "not":
        after = words[at + 1].word if at + 1 < len(words) else ""
        return after not in table["ruling"]
    if at < 2 or words[at - 1].fresh or words[at - 1].word not in table["reporting"]:
        return False
    return words[at - 2].word not in table["joining"]


def _requests(words: Sequence[Word], place: int) -> bool:
    """Whether a sentence asks for what stands at a place."""
    near = " ".join(word.word for word in words[max(place - _NEAR, 0) : place])
    return any(f" {phrase} " in f" {near} " for phrase in fact_tables()["requests"]["asking"])


def _is_bounded(words: Sequence[Word], at: int, others: Sequence[Word], place: int) -> bool:
    """Whether only a part is denied, and the other text says the other part.

    "Not before Friday" and "on Friday", "no more than £50" and "up to £50".
    """
    limits, empty = fact_tables()["bounds"]["limits"], tables()["words"]["empty"]
    near = others[max(place - _NEAR, 0) : place + _NEAR]
    for start in range(at + 1, min(at + 1 + _NEAR, len(words))):
        for count in (1, 2):
            bound = " ".join(word.word for word in words[start : start + count])
            if bound not in limits:
                continue
            after = words[start + count : start + count + _AFTER_BOUND]
            told = next((w.word for w in after if w.word not in empty and w.word != "£"), None)
            there = [word.word for word in near]
            if told is None or told not in there:
                continue
            back = there[max(there.index(told) - _AFTER_BOUND, 0) : there.index(told)]
            same = {bound}.union(*(side for side in _sides() if bound in side))
            return not any(f" {one} " in f" {' '.join(back)} " for one in same)
    return False


def _sides() -> tuple[Set[str], Set[str]]:
    """Words before the latest or most, and before the earliest or least."""
    bounds = fact_tables()["bounds"]
    return bounds["most"], bounds["least"]


def others_do(words: Sequence[Word], place: int, named: Set[str]) -> bool:
    """Whether somebody else whom the text names does it: "Lena in billing can help you".

    Args:
        words: the sentence that says what the writer refuses.
        place: what is said there.
        named: words of content of the text's other sentences.
    """
    first = place
    while first > max(place - _NEAR, 0) and not words[first].fresh:
        first -= 1
    before = [word.word for word in words[first:place]]
    mine = fact_tables()["requests"]["mine"]
    return (
        mine.isdisjoint(before)
        and not tables()["polarity"]["modals"].isdisjoint(before)
        and not named.isdisjoint(before)
    )
