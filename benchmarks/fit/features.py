"""Texts to the numbers that the fit works on, by the code that scores them later."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from calmtone.rules.matching import RuleSet
from calmtone.scoring import scored_words, terms
from calmtone.text import MASK, UNKNOWN, Language, read


class Features(NamedTuple):
    """One text: terms by sentence, and the rule hits (rule index, sentence, degree).

    `words` are the words of each sentence with its mark, unknown and masked ones as well.
    """

    sentences: list[list[str]]
    hits: list[tuple[int, int, int]]
    words: list[list[str]]


def features(text: str, rules: RuleSet, language: Language) -> Features:
    """The features of one text."""
    document = read(text, language)
    matches, neutral = rules.find(document)
    words = scored_words(document, neutral)
    ends = [sentence.last for sentence in document.sentences]
    sentences = [words[first : last + 1] for first, last, _, _, _ in document.sentences]
    return Features(
        [
            [
                term
                for term in terms(sentence)
                if UNKNOWN not in (parts := term.split(" ")) and MASK not in parts
            ]
            for sentence in sentences
        ],
        [(match.rule, bisect_right(ends, match.first), match.degree) for match in matches],
        sentences,
    )
