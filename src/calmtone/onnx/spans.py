"""Probabilities of tokens to spans of whole words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

Found = tuple[int, int, float]


def token_spans(
    offsets: Sequence[tuple[int, int]],
    words: Sequence[int | None],
    probabilities: Sequence[float],
    settings: Mapping[str, Any],
) -> list[Found]:
    """The spans that one label of a token head marks in a sentence.

    A word is marked if its highest token reaches `threshold`. Gaps of at most `join`
    unmarked words between marked ones are closed. Spans of fewer than `least_chars` code
    points are dropped.

    Args:
        offsets: start and end (exclusive) of each token, in code points.
        words: the number of the word that each token belongs to; None for special tokens.
        probabilities: of each token to be marked, in [0, 1].
        settings: `threshold`, `join` and `least_chars`.

    Returns:
        Start, end and mean probability of the words of each span, in order.
    """
    whole = _words(offsets, words, probabilities)
    threshold, join = settings["threshold"], settings["join"]
    marked = [index for index, word in enumerate(whole) if word[2] >= threshold]
    found: list[Found] = []
    first = 0
    for place, index in enumerate(marked):
        following = marked[place + 1] if place + 1 < len(marked) else None
        if following is not None and following - index - 1 <= join:
            continue
        inside = whole[marked[first] : index + 1]
        first = place + 1
        start, end = inside[0][0], inside[-1][1]
        if end - start >= settings["least_chars"]:
            found.append((start, end, sum(word[2] for word in inside) / len(inside)))
    return found


def _words(
    offsets: Sequence[tuple[int, int]],
    words: Sequence[int | None],
    probabilities: Sequence[float],
) -> list[Found]:
    """Start, end and highest probability of each word."""
    whole: list[Found] = []
    last: int | None = None
    for (start, end), word, probability in zip(offsets, words, probabilities, strict=True):
        if word is None or end <= start:
            continue
        if whole and word == last:
            begin, until, highest = whole[-1]
            whole[-1] = (begin, max(until, end), max(highest, probability))
        else:
            whole.append((start, end, probability))
        last = word
    return whole


def shares(
    offsets: Sequence[tuple[int, int]],
    words: Sequence[int | None],
    probabilities: Sequence[float],
    spans: Sequence[tuple[int, ...]],
) -> list[float]:
    """The part of all that a text's tokens are marked with that falls on each span.

    Words in several spans are shared out evenly, so that the parts add up to 1 at most.

    Args:
        offsets: as in `token_spans`, of the whole text.
        words: likewise.
        probabilities: of each token, for a dimension.
        spans: start and end (exclusive) of each.
    """
    whole = _words(offsets, words, probabilities)
    starts, ends = [word[0] for word in whole], [word[1] for word in whole]
    inside = [(bisect_right(ends, span[0]), bisect_left(starts, span[1])) for span in spans]
    counts = [0] * len(whole)
    for first, last in inside:
        for index in range(first, last):
            counts[index] += 1
    total = sum(word[2] for word in whole)
    if not total:
        return [0.0] * len(spans)
    return [
        sum(whole[index][2] / counts[index] for index in range(first, last)) / total
        for first, last in inside
    ]
