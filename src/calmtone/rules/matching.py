"""Compiled rules, and what several sets of them find in a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..compiled import Walker as CompiledWalker
from ..records import NamedTuple
from ..text import Document
from .walking import (
    ACCEPT,
    END_MARKS,
    GAP,
    GAP_WORDS,
    LISTS,
    Match,
    Walker,
    overlap,
)

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "ACCEPT",
    "END_MARKS",
    "GAP",
    "GAP_WORDS",
    "LISTS",
    "STRENGTHS",
    "CompiledRule",
    "Match",
    "Matcher",
    "Numbers",
    "RuleSet",
]

STRENGTHS = ("neutral", "mild", "moderate", "strong")


class CompiledRule(NamedTuple):
    """What matching, scoring and hints need of a rule."""

    id: str
    dimension: str
    form: str
    practice: str
    strength: str
    negation: str
    feature: str
    hint: str
    replace: list[str]


class Numbers(dict[str, str]):
    """Words to the numbers of word lists ("3 17"), or to nothing.

    Most words are never asked for: those with the same first letter are unpacked when the
    first of them is.
    """

    __slots__ = ("_packed",)

    def __init__(self, packed: Mapping[str, str]) -> None:
        super().__init__()
        self._packed = dict(packed)

    def __missing__(self, word: str) -> str:
        letter = word[:1]
        packed = self._packed.get(letter)
        if not packed:
            return ""
        for entry in packed.split(" "):
            known, _, numbers = entry.rpartition(":")
            self[known] = numbers.replace(",", " ")
        self._packed[letter] = ""  # last, for other threads
        return self.get(word, "")

    @staticmethod
    def pack(numbers: Mapping[str, Iterable[int]]) -> dict[str, str]:
        """By first letter, for each word its numbers: `"word:3,17 words:4"`."""
        packed: dict[str, list[str]] = {}
        for word, codes in sorted(numbers.items()):
            packed.setdefault(word[0], []).append(f"{word}:{','.join(map(str, codes))}")
        return {letter: " ".join(entries) for letter, entries in packed.items()}


class Matcher:
    """Compiled rules and what walks them. Threads may share one."""

    def __init__(self, compiled: Mapping[str, Any], tables: Mapping[str, Any]) -> None:
        self.rules = [CompiledRule(*fields) for fields in compiled["rules"]]
        self.hash: str = compiled["hash"]
        self.vocabulary: str = compiled.get("vocabulary", "")
        make = Walker if CompiledWalker is None else CompiledWalker
        self.walker = make(
            compiled["nodes"],
            compiled["root"],
            compiled["initial"],
            compiled["multi"],
            {key: number for number, key in enumerate(compiled["lists"])},
            Numbers(compiled["classes"]),
            Numbers(compiled["longer"]),
            frozenset(tables["negators"]),
            frozenset(tables["not-negating"]),
            frozenset(tables["clause-breakers"]).union(END_MARKS),
            frozenset(tables["intensifiers"]),
            frozenset(tables["hedges"]),
            [rule.negation == "skip" for rule in self.rules],
            {rule.feature: index for index, rule in enumerate(self.rules) if rule.feature},
            Match,
        )

    def find(self, document: Document) -> list[Match]:
        """All matches, those of neutral rules among them."""
        return self.walker.find(document)


class RuleSet:
    """The shipped rules, and a caller's own beside them."""

    def __init__(self, *matchers: Matcher) -> None:
        self.matchers = matchers
        self.rules = [rule for matcher in matchers for rule in matcher.rules]
        self.hash = "+".join(matcher.hash for matcher in matchers)
        # A caller's rule stands in for a shipped one of the same id.
        last = {rule.id: index for index, rule in enumerate(self.rules)}
        self.replaced = {
            index for index, rule in enumerate(self.rules) if last[rule.id] != index
        }
        self.neutral = {
            index: rule.dimension
            for index, rule in enumerate(self.rules)
            if rule.strength == "neutral"
        }

    def find(self, document: Document) -> tuple[list[Match], list[Match]]:
        """Matches in the order of the text, and those of neutral rules.

        A match that a neutral one of its dimension overlaps is left out.
        """
        matches = self.matchers[0].find(document)
        if len(self.matchers) > 1:
            offset = len(self.matchers[0].rules)
            for matcher in self.matchers[1:]:
                matches += [
                    match._replace(rule=match.rule + offset) for match in matcher.find(document)
                ]
                offset += len(matcher.rules)
            matches = [match for match in matches if match.rule not in self.replaced]
        if not matches:
            return matches, matches
        neutral = [match for match in matches if match.rule in self.neutral]
        if neutral:
            spans: dict[str, list[tuple[int, int]]] = {}
            for match in neutral:
                dimension = self.neutral[match.rule]
                spans.setdefault(dimension, []).append((match.first, match.last))
            for found in spans.values():
                found.sort()
            matches = [
                match
                for match in matches
                if match.rule not in self.neutral
                and not overlap(
                    spans.get(self.rules[match.rule].dimension, []), match.first, match.last
                )
            ]
        if len(matches) > 1:
            matches.sort(key=_position)
        return matches, neutral


def _position(match: Match) -> tuple[int, int]:
    return match.start, -match.end
