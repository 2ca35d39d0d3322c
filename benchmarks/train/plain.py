"""Plain sentences about people, so that who somebody is makes no text hostile.

Rated texts name some people mostly where they are attacked. Each of these sentences, made
of the two lists beside this file, is calm whoever it names (Dixon et al. 2018 add such
texts for the same reason). None has the form of the templates that the bias figures use.
"""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.fit.corpus import identities

HERE = Path(__file__).parent


def terms() -> list[str]:
    """Words for who people are, in alphabetical order."""
    lines = _lines("identities.txt")
    own = {term.strip() for line in lines for term in line.split(",") if term.strip()}
    return sorted(own | set(identities()))


def plain_sentences(each: int = 16, seed: int = 1) -> list[str]:
    """Some of the sentences with each of the terms.

    Args:
        each: how many sentences for a term.
        seed: of their choice.
    """
    sentences = _lines("plain-sentences.txt")
    chosen = random.Random(seed)
    return [
        sentence.replace("{}", term)
        for term in terms()
        for sentence in chosen.sample(sentences, each)
    ]


def _lines(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
