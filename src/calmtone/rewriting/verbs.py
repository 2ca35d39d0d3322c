"""English verb forms: "sharing" from "share", and back."""

from __future__ import annotations

import re

from .phrases import vocabulary

_SYLLABLE = re.compile(r"[aeiouy]+")
# One vowel between consonants: such a verb doubles its end, or lost an "e".
_SHORT = re.compile(r"(?:[^aeiou\W\d]|qu)*[aeiou][^aeiouwxy\W\d]")
_DOUBLING = frozenset(
    ("admit", "begin", "forget", "refer", "occur", "prefer", "permit", "commit", "submit")
)
_STAYS_DOUBLE = ("ll", "ss", "zz", "ff", "ee")


def ing(base: str) -> str:
    """The form with "-ing" of a verb.

    >>> [ing(verb) for verb in ("share", "put", "lie", "see", "answer", "be")]
    ['sharing', 'putting', 'lying', 'seeing', 'answering', 'being']
    """
    if base.endswith("ie"):
        return f"{base[:-2]}ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) and base != "be":
        return f"{base[:-1]}ing"
    if _SHORT.fullmatch(base) or base in _DOUBLING:
        return f"{base}{base[-1]}ing"
    return f"{base}ing"


def base(form: str) -> str | None:
    """The verb of a form with "-ing", None where it is none that is known.

    >>> [base(form) for form in ("sharing", "putting", "calling", "using", "visiting")]
    ['share', 'put', 'call', 'use', 'visit']
    >>> base("string") is base("thing") is None
    True
    """
    stem = form.removesuffix("ing")
    if stem == form or not _SYLLABLE.search(stem):
        return None
    known = vocabulary()
    doubled = len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "aeiou"
    if doubled and not stem.endswith(_STAYS_DOUBLE):
        return stem[:-1]
    if stem.endswith("y") and f"{stem[:-1]}ie" in ("lie", "die", "tie"):
        return f"{stem[:-1]}ie"
    if _SHORT.fullmatch(stem) and len(stem) > 1:
        return f"{stem}e"
    if stem in known or doubled:
        return stem
    return f"{stem}e" if f"{stem}e" in known else None
