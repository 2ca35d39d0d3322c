"""Web addresses, e-mail addresses and user names out of a text, offsets kept."""

from __future__ import annotations

import re

from benchmarks.fit import corpus

_STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (corpus._URL, "link"),
    (corpus._EMAIL, "someone"),
    (corpus._MENTION, "@user"),
)


def mask_with_places(text: str) -> tuple[str, list[int]]:
    """The text as `benchmarks.fit.corpus.mask` gives it, and where its characters were.

    Returns:
        The masked text, and for each of its code points, and its end, the place in the
        text given. Every code point of a replacement stands for the start of what it
        replaces.
    """
    places = list(range(len(text) + 1))
    for pattern, replacement in _STEPS:
        parts: list[str] = []
        moved: list[int] = []
        at = 0
        for match in pattern.finditer(text):
            parts += [text[at : match.start()], replacement]
            moved += places[at : match.start()]
            moved += [places[match.start()]] * len(replacement)
            at = match.end()
        text = "".join([*parts, text[at:]])
        places = moved + places[at:]
    return text, places
