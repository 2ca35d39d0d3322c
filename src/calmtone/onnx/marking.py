"""What a token head marks in a document, as spans of the caller's words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from ..model import ModelSpan
from ..results import DIMENSIONS
from ..text import Document
from .settings import TokenLabel
from .spans import shares, token_spans
from .windows import Range, Tokens

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    import numpy

    Array = numpy.ndarray[Any, Any]


def mark(
    document: Document,
    tokens: Tokens,
    sentences: Sequence[Range],
    logits: Array,
    labels: Sequence[TokenLabel],
) -> list[ModelSpan]:
    """The spans of all labels, by dimension; none goes over the end of a sentence.

    Args:
        document: the text.
        tokens: its tokens.
        sentences: first and last token (exclusive) of each sentence.
        logits: log-odds of shape (tokens, labels) that a token is marked.
        labels: what each column stands for.
    """
    import numpy

    probabilities = 1 / (1 + numpy.exp(-logits))
    highest = probabilities.max(axis=0, initial=0.0).tolist()
    spans: list[ModelSpan] = []
    for k in range(len(DIMENSIONS)):
        columns = [i for i, label in enumerate(labels) if label.dimension == k]
        found: list[tuple[int, int, int, float]] = []
        for column in columns:
            settings = labels[column].span
            if highest[column] < settings["threshold"]:
                continue
            values = probabilities[:, column].tolist()
            for first, last in sentences:
                for start, end, probability in token_spans(
                    tokens.offsets[first:last],
                    tokens.words[first:last],
                    values[first:last],
                    settings,
                ):
                    begin, until = _whole_words(document, start, end)
                    found.append((begin, until, column, probability))
        if found:
            mass = probabilities[:, columns].max(axis=1).tolist()
            parts = shares(tokens.offsets, tokens.words, mass, [item[:2] for item in found])
            for (start, end, column, probability), share in zip(found, parts, strict=True):
                label = labels[column]
                least = float(label.span["least_score"])
                spans.append(
                    ModelSpan(f"model/{label.name}", k, start, end, probability, share, least)
                )
    return spans


def _whole_words(document: Document, start: int, end: int) -> Range:
    """A span that cuts no word of the document, and has no blanks around it."""
    starts, ends = document.starts, document.ends
    first, last = bisect_right(ends, start), bisect_left(starts, end) - 1
    if first < len(starts) and starts[first] < end:
        start = min(start, starts[first])
    if last >= 0 and ends[last] > start:
        end = max(end, ends[last])
    text = document.text
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
