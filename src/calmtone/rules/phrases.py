"""The phrase language: a phrase to a small automaton over words.

`[a|b]` choice, `(word)` optional, `{list}` word list, `...` a gap of a few words,
a first `^` the sentence's start, a final `.`, `?` or `!` its end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import accumulate

from ..text import fold
from .matching import END_MARKS, GAP

START = "^"
_DEEPEST = 50  # brackets inside of brackets

_LEXEME = re.compile(r"\.\.\.|…|\{[^{}]*\}|[\[\]()|^?!.]|[^\s\[\](){}|^?!.…]+")
_WORD = re.compile(r"\w+(?:'\w+)*")


class PhraseError(ValueError):
    """The phrase is not well-formed; the message says where and why."""


class Automaton:
    """Phrases as states and edges; an edge's symbol is a word, `{list}`, `GAP` or a mark.

    `edges[state]` lists (symbol, next state), `silent[state]` the states reached without
    reading, and `accepts[state]` what is found there.
    """

    def __init__(self) -> None:
        self.edges: list[list[tuple[str, int]]] = []
        self.silent: list[list[int]] = []
        self.accepts: dict[int, int] = {}

    def state(self) -> int:
        """A new state."""
        self.edges.append([])
        self.silent.append([])
        return len(self.edges) - 1

    def closure(self, states: Iterable[int]) -> frozenset[int]:
        """The states and all that they reach without reading."""
        found: set[int] = set()
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            if state not in found:
                found.add(state)
                waiting += self.silent[state]
        return frozenset(found)

    def add(
        self,
        phrase: str,
        code: int,
        spell: Callable[[str], tuple[str, ...]] = lambda word: (word,),
    ) -> tuple[int, bool]:
        """Add a phrase that is found as `code`.

        Args:
            phrase: the phrase.
            code: noted at its end.
            spell: a word to the words to read for it.

        Returns:
            Its first state, and whether it holds only at a sentence's start.

        Raises:
            PhraseError: brackets don't match, or a choice, gap or mark is misplaced.
        """
        lexemes = _LEXEME.findall(phrase.replace("’", "'"))
        if _depth(lexemes) > _DEEPEST:
            raise PhraseError(f"brackets nested more than {_DEEPEST} deep in {phrase[:60]!r}…")
        if phrase.count("{") + phrase.count("}") != 2 * len(list_names(phrase)):
            raise PhraseError(f"'{{' and '}}' don't match in {phrase!r}")
        initial = lexemes[:1] == [START]
        if START in lexemes[1:]:
            raise PhraseError(f"'^' is not at the start of {phrase!r}")
        first, last = self.state(), self.state()
        rest = self._choice(lexemes, int(initial), first, last, phrase, spell)
        if rest != len(lexemes):
            raise PhraseError(f"unexpected {lexemes[rest]!r} in {phrase!r}")
        self.accepts[last] = code
        self._validate(first, last, phrase)
        return first, initial

    def insert(
        self, phrase: str, first: int, last: int, spell: Callable[[str], tuple[str, ...]]
    ) -> None:
        """Add a phrase that leads from one state to another."""
        self._choice(_LEXEME.findall(phrase), 0, first, last, phrase, spell)

    def _choice(
        self,
        lexemes: list[str],
        at: int,
        first: int,
        last: int,
        phrase: str,
        spell: Callable[[str], tuple[str, ...]],
    ) -> int:
        """Alternatives between `first` and `last`, up to a closing bracket or the end."""
        here, empty = first, True
        while at < len(lexemes) and lexemes[at] not in ("]", ")"):
            lexeme = lexemes[at]
            at += 1
            if lexeme == "|":
                if empty:
                    raise PhraseError(f"an empty choice in {phrase!r}")
                self.silent[here].append(last)
                here, empty = first, True
                continue
            empty = False
            if lexeme in ("[", "("):
                after = self.state()
                inside = self.state()
                self.silent[here].append(inside)
                at = self._choice(lexemes, at, inside, after, phrase, spell)
                closing = "]" if lexeme == "[" else ")"
                if at >= len(lexemes) or lexemes[at] != closing:
                    raise PhraseError(f"{lexeme!r} without {closing!r} in {phrase!r}")
                at += 1
                if lexeme == "(":
                    self.silent[here].append(after)
                here = after
                continue
            for symbol in _symbols(lexeme, spell):
                after = self.state()
                self.edges[here].append((symbol, after))
                here = after
        if empty:
            raise PhraseError(f"nothing to find in {phrase!r}, or an empty choice")
        self.silent[here].append(last)
        return at

    def _validate(self, first: int, last: int, phrase: str) -> None:
        start = self.closure([first])
        if last in start:
            raise PhraseError(f"{phrase!r} holds nothing that must be there")
        if any(symbol == GAP for state in start for symbol, _ in self.edges[state]):
            raise PhraseError(f"a gap at the start of {phrase!r} finds nothing more")
        for state in range(first, len(self.edges)):
            for symbol, after in self.edges[state]:
                reached = self.closure([after])
                following = [edge for s in reached for edge in self.edges[s]]
                if symbol == GAP and last in reached:
                    raise PhraseError(f"a gap at the end of {phrase!r} finds nothing more")
                if symbol == GAP and any(next_[0] == GAP for next_ in following):
                    raise PhraseError(f"two gaps side by side in {phrase!r}")
                if symbol in END_MARKS and following:
                    raise PhraseError(
                        f"{symbol!r} inside of {phrase!r}: an end mark may only stand last"
                    )
                if symbol in END_MARKS and state in start:
                    raise PhraseError(f"no words before {symbol!r} in {phrase!r}")


def _depth(lexemes: list[str]) -> int:
    """How deeply brackets are nested."""
    depths = accumulate((lexeme in "[(") - (lexeme in "])") for lexeme in lexemes)
    return max(depths, default=0)


def _symbols(lexeme: str, spell: Callable[[str], tuple[str, ...]]) -> list[str]:
    if lexeme == "…":
        return [GAP]
    if lexeme == GAP or lexeme in END_MARKS or lexeme[0] == "{":
        return [lexeme]
    return [part for word in _WORD.findall(fold(lexeme)) for part in spell(word)]


def is_one_word(phrase: str, spell: Callable[[str], tuple[str, ...]]) -> bool:
    """Whether a phrase is nothing but a word that is read as one."""
    lexemes = _LEXEME.findall(phrase)
    return len(lexemes) == 1 and len(_symbols(lexemes[0], spell)) == 1


def list_names(phrase: str) -> list[str]:
    """Names of the word lists that a phrase uses.

    >>> list_names("you [are|were] (such) a {insult}")
    ['insult']
    """
    return [lexeme[1:-1] for lexeme in _LEXEME.findall(phrase) if lexeme[0] == "{"]


def count(phrase: str) -> int:
    """How many word sequences a phrase stands for, each word list counted as one.

    >>> count("[sorry|apologies], but (really) {you-did}")
    4
    """
    automaton = Automaton()
    first, _ = automaton.add(phrase, 0)
    ways: dict[int, int] = {}

    def from_state(state: int) -> int:
        if state not in ways:
            after = [target for _, target in automaton.edges[state]]
            ways[state] = (state in automaton.accepts) + sum(
                map(from_state, (*after, *automaton.silent[state]))
            )
        return ways[state]

    return from_state(first)
