"""Whether a text of few words is of another language than English.

Of many words, the share of those that no word table knows tells it (`Analyzer`). Of few it
does not: a name or a product is unknown as well. There the script tells it, or small words
that are common in other languages and none of English (`foreign` in `language.toml`).
"""

from __future__ import annotations

from collections.abc import Container


def is_foreign(text: str, unknown: int, words: int, foreign: Container[str]) -> bool:
    """Whether a text of few words is mostly not English.

    Args:
        text: the text.
        unknown: how many of its words are unknown.
        words: how many words it has.
        foreign: small words of other languages, without accents.

    >>> is_foreign("Vous êtes nul.", 3, 3, {"vous"})
    True
    >>> is_foreign("Thanks, Wojciech!", 1, 2, {"vous"})
    False
    """
    if not unknown:
        return False
    if not text.isascii():
        letters = [char for char in text if char.isalpha()]
        other = sum(map(_is_of_another_script, letters))
        if 2 * other > len(letters):
            return True
    from .text import fold

    tokens = "".join(char if char.isalpha() else " " for char in fold(text)).split()
    telling = sum(token in foreign for token in tokens)
    return telling > 0 and 2 * max(telling, unknown) >= words


def _is_of_another_script(char: str) -> bool:
    """Whether a letter is beyond the Latin blocks of Unicode."""
    return char > "\u024f" and not "\u1e00" <= char <= "\u1eff" and not char > "\U0001d3ff"
