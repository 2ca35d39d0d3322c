"""Measures of spans: what a system points at against what people marked.

Each function looks at one text; means and shares over texts come from `metrics`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Pair = tuple[int, int]
_TOKEN = re.compile(r"\w+|[^\w\s]")


def characters(spans: Iterable[Pair]) -> set[int]:
    """The offsets that spans cover."""
    return {offset for start, end in spans for offset in range(start, end)}


def character_f1(found: Iterable[Pair], marked: Iterable[Pair]) -> float:
    """F1 over characters, by the official definition of SemEval-2021 task 5.

    Pavlopoulos et al. 2021 (after Da San Martino et al. 2019): where nothing is marked, 1 if
    nothing was found and 0 otherwise; where nothing was found, 0. The figure of a system is
    the mean over all posts.
    """
    gold, ours = characters(marked), characters(found)
    if not gold:
        return float(not ours)
    if not ours:
        return 0.0
    return 2 * len(gold & ours) / (len(gold) + len(ours))


def token_f1(text: str, found: Iterable[Pair], marked: Iterable[Pair]) -> float:
    """F1 over tokens of rationales (DeYoung et al. 2020, ERASER): one text's value.

    A token (a run of word characters, or any other character but white space) belongs to a
    span that it overlaps. The figure of a system is the mean over texts with a rationale.
    """
    gold, ours = _tokens(text, marked), _tokens(text, found)
    if not gold:
        return float(not ours)
    if not ours:
        return 0.0
    return 2 * len(gold & ours) / (len(gold) + len(ours))


def _tokens(text: str, spans: Iterable[Pair]) -> set[int]:
    covered = characters(spans)
    return {
        match.start()
        for match in _TOKEN.finditer(text)
        if not covered.isdisjoint(range(match.start(), match.end()))
    }


def touched(found: Sequence[Pair], marked: Sequence[Pair]) -> tuple[int, int]:
    """How many marked spans are touched by a found one, and how many found by a marked one."""
    return (
        sum(any(touch(mark, ours) for ours in found) for mark in marked),
        sum(any(touch(mark, ours) for mark in marked) for ours in found),
    )


def touch(a: Pair, b: Pair) -> bool:
    """Whether two end-exclusive spans share a character."""
    return a[0] < b[1] and b[0] < a[1]
