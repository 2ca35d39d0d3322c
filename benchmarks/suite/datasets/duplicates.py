"""Texts that a data set shares with the training data."""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

from benchmarks.fit.corpus import load_messages, load_real, mask, split

from .locate import data_dir

_WORDS = re.compile(r"[^\W_]+")


def normalised(text: str) -> str:
    """Text as duplicates are compared: letters and digits of its words, nothing else.

    Addresses and user names are masked first, as they are before training; case, width,
    accents' encoding, punctuation, emoji and white space make no difference.
    """
    if "@" in text or "http" in text or "www." in text:
        text = mask(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    folded = text.casefold()
    return " ".join(_WORDS.findall(folded))


def training_texts(data: Path | None = None) -> frozenset[str]:
    """The normalised texts of the train split that every fit reads.

    They are the project's own messages, which are always here, and the rated texts of
    public sets where the data folder has them.

    Args:
        data: the data folder instead of the one that `CALMTONE_DATA` names.
    """
    root = data or data_dir()
    return _training_texts(root)


@functools.lru_cache(maxsize=4)
def _training_texts(root: Path | None) -> frozenset[str]:
    items = split(load_messages())[0]
    if root is not None and (rated := root / "calm" / "rated_texts.jsonl").is_file():
        items += split(load_real(rated))[0]
    return frozenset(normalised(item.text) for item in items) - {""}
