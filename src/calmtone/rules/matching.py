"""Document to rule matches.

From each word on, the compiled rules are read as a nondeterministic automaton whose sets
of places are made states when a text first leads there, and remembered: a lazy automaton,
as in Thompson's and in RE2's matching of regular expressions.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from sys import intern

from ..records import NamedTuple
from ..text import MASK, Document

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

STRENGTHS = ("neutral", "mild", "moderate", "strong")
ACCEPT = " "
GAP = "..."
GAP_WORDS = 5
MOST_STATES = 6000  # remembered at a time
LONGEST = 100  # words; no phrase is longer
LISTS = "{"
END_MARKS = (".", "?", "!")
NEGATION_WORDS = 3

_CAPITALS = re.compile(r"[A-Z]{3}")
_EMPHASIS = re.compile(r"[?!]{2,}")


# A place in the automaton: a node; the node inside of a word list's entry, or NO_ENTRY; and
# how many words of a gap are left, or NO_GAP.
_Place = tuple[int, int, int]
NO_ENTRY = -1
NO_GAP = -1


class _State:
    """Places reached together from one word on, and what is found there.

    `marked` holds what is found if the sentence ends with a mark, at whatever distance,
    `ending` what is found if it ends here. Its `words`, `more` words, and words that begin
    an entry of one of its `lists` (a bit each) lead to the states of `after`, any other to
    `other`.
    """

    __slots__ = (
        "after",
        "codes",
        "ending",
        "finds",
        "lists",
        "marked",
        "more",
        "other",
        "places",
        "words",
    )

    def __init__(self, places: frozenset[_Place], codes: list[int], matcher: Matcher) -> None:
        self.places = places
        self.codes = codes
        self.words: Collection[str] = ()
        self.more: frozenset[str] = frozenset()
        self.lists = 0
        self.other: _State | None = None
        self.marked: dict[str, list[int]] = {}
        self.ending: dict[str, list[int]] = {}
        self.finds = False
        self.after = _After(self, matcher)


class _After(dict[str, "_State | None"]):
    """The states after one more word, found when first asked for."""

    __slots__ = ("_matcher", "_state")

    def __init__(self, state: _State, matcher: Matcher) -> None:
        super().__init__()
        self._state = state
        self._matcher = matcher

    def __missing__(self, word: str) -> _State | None:
        matcher = self._matcher
        after = self[word] = matcher.read(self._state, word)
        return after


class _Begins(dict[str, int]):
    """The lists that a word begins an entry of, a bit each, found when first asked for."""

    __slots__ = ("_numbers",)

    def __init__(self, numbers: Mapping[str, str]) -> None:
        super().__init__()
        self._numbers = numbers

    def __missing__(self, word: str) -> int:
        mask = self[word] = sum(1 << int(n) for n in self._numbers.get(word, "").split())
        return mask


def _collect(
    state: _State,
    at: int,
    ahead: int,
    ends: bool,
    mark: str,
    hits: list[tuple[int, int, int]],
) -> None:
    """Note what `state` finds between words `at` and `ahead`."""
    for code in state.codes:
        hits.append((code, at, ahead))
    for code in state.marked.get(mark, ()):
        hits.append((code, at, ahead))
    if ends:
        for code in state.ending.get(mark, ()):
            hits.append((code, at, ahead))


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


class Match(NamedTuple):
    """Words `first` to `last` (exclusive), code points `start` to `end`, hit by a rule.

    `rule` is an index; `degree` is 1 beside an intensifier, -1 beside a hedge, else 0.
    """

    rule: int
    first: int
    last: int
    start: int
    end: int
    degree: int


class Matcher:
    """Compiled rules, ready to walk.

    Threads may share one: states that it remembers are added, or all replaced, never changed.
    """

    def __init__(self, compiled: Mapping[str, Any], tables: Mapping[str, Any]) -> None:
        self.rules = [CompiledRule(*fields) for fields in compiled["rules"]]
        self.hash: str = compiled["hash"]
        self.vocabulary: str = compiled.get("vocabulary", "")
        self._records: Sequence[dict[str, Any]] = compiled["nodes"]
        self._root: int = compiled["root"]
        self._first: int = compiled["initial"]
        self._entries: int = compiled["multi"]
        self._nodes: dict[int, dict[str, Any]] = {}
        self._multi = self._node(self._entries)
        self._lists: list[str] = compiled["lists"]
        self._classes: dict[str, str] = compiled["classes"]
        self._bits = {key: 1 << number for number, key in enumerate(self._lists)}
        self._begins = _Begins(compiled["begins"])
        self._forget()
        self._negators = frozenset(tables["negators"])
        self._not_negating = frozenset(tables["not-negating"])
        self._breakers = frozenset(tables["clause-breakers"])
        self._intensifiers = frozenset(tables["intensifiers"])
        self._hedges = frozenset(tables["hedges"])
        self._features = {
            rule.feature: index for index, rule in enumerate(self.rules) if rule.feature
        }

    def find(self, document: Document) -> list[Match]:
        """All matches, those of neutral rules among them."""
        if len(self._states) > MOST_STATES:
            self._forget()
        words = document.words
        lists = list(map(self._begins.__getitem__, words))
        hits: list[tuple[int, int, int]] = []
        states = list(map(self._start.after.__getitem__, words))
        for first, last, _, _, mark in document.sentences:
            states[first] = self._initial.after[words[first]]
            for at in range(first, last):
                state = states[at]
                if state is None:
                    continue
                ahead = at + 1
                while state is not None:
                    if state.finds:
                        _collect(state, at, ahead, ahead == last, mark, hits)
                    if ahead == last:
                        break
                    word = words[ahead]
                    if word in state.words or word in state.more or state.lists & lists[ahead]:
                        state = state.after[word]
                    else:
                        state = state.other
                    ahead += 1
        matches = self._settle(document, hits) if hits else []
        if self._features:
            matches += self._find_features(document)
        return matches

    def _forget(self) -> None:
        """Start again with no states remembered, so that memory stays within bounds."""
        self._nodes = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self._states: dict[tuple[frozenset[_Place], frozenset[int]], _State] = {}
        root, first = (self._root, NO_ENTRY, NO_GAP), (self._first, NO_ENTRY, NO_GAP)
        self._start = self._state_of({root}, set())
        self._initial = self._state_of({root, first}, set())

    def _node(self, index: int) -> dict[str, Any]:
        if index < 0:  # no phrase at all
            return {}
        node = self._nodes.get(index)
        if node is None:
            found = self._records[index]
            node = self._nodes[index] = {intern(symbol): found[symbol] for symbol in found}
        return node

    def read(self, state: _State, word: str) -> _State | None:
        """The state after one more word."""
        if (
            word not in state.words
            and word not in state.more
            and not state.lists & self._begins[word]
        ):
            return state.other
        places: set[_Place] = set()
        codes: set[int] = set()
        for node, inside, left in state.places:
            if inside != NO_ENTRY:
                self._read_entry(node, inside, word, places, codes)
                continue
            here = self._node(node)
            if word in here:
                self._reach(here[word], places, codes)
            if LISTS in here:
                for number in self._classes.get(word, "").split():
                    key = self._lists[int(number)]
                    if key in here:
                        self._reach(here[key], places, codes)
                if word in self._multi:
                    self._read_entry(node, self._entries, word, places, codes)
            if left > 0:
                places.add((node, NO_ENTRY, left - 1))
        return self._state(places, codes)

    def _reach(self, node: int, places: set[_Place], codes: set[int]) -> None:
        """Note that `node` is reached: what it finds, and where it leads on."""
        if node < 0:
            codes.add(-1 - node)
            return
        here = self._node(node)
        codes.update(here.get(ACCEPT, ()))
        places.add((node, NO_ENTRY, NO_GAP))
        if GAP in here:
            places.add((here[GAP], NO_ENTRY, GAP_WORDS))

    def _read_entry(
        self, node: int, inside: int, word: str, places: set[_Place], codes: set[int]
    ) -> None:
        """One more word of a word list's entry of several words, on the way from `node`."""
        after = self._node(inside).get(word)
        if after is None:
            return
        here = self._node(node)
        ends = [-1 - after] if after < 0 else self._node(after).get(ACCEPT, ())
        for code in ends:
            if self._lists[code] in here:
                self._reach(here[self._lists[code]], places, codes)
        if after >= 0:
            places.add((node, after, NO_GAP))

    def _state(self, places: set[_Place], codes: set[int]) -> _State | None:
        """The state of the places, or None if there are none."""
        return self._state_of(places, codes) if places or codes else None

    def _state_of(self, places: set[_Place], codes: set[int]) -> _State:
        """The state of the places, the same one for the same places and codes."""
        key = frozenset(places), frozenset(codes)
        known = self._states.get(key)
        if known is not None:
            return known
        state = _State(key[0], sorted(codes), self)
        skipped: set[_Place] = set()
        for node, inside, left in places:
            if inside != NO_ENTRY:
                continue
            if left > 0:
                skipped.add((node, NO_ENTRY, left - 1))
            here = self._node(node)
            for mark in END_MARKS:
                if mark in here and left in (NO_GAP, GAP_WORDS):
                    table = state.ending if left == NO_GAP else state.marked
                    found = here[mark]
                    table.setdefault(mark, []).extend(
                        [-1 - found] if found < 0 else self._node(found)[ACCEPT]
                    )
        nodes = {node if inside == NO_ENTRY else inside for node, inside, _ in places}
        symbols = sorted((self._node(node).keys() for node in nodes), key=len, reverse=True)
        if symbols:
            # The largest node's words are not copied: they take most of the memory.
            state.words = symbols[0]
            state.more = self._shared(frozenset().union(*symbols[1:]))
        lists = {symbol for part in symbols for symbol in part if symbol[0] == "{" != symbol}
        state.lists = sum(map(self._bits.__getitem__, lists))
        state.other = self._state(skipped, set())
        state.finds = bool(codes or state.marked or state.ending)
        self._states[key] = state
        return state

    def _shared(self, words: frozenset[str]) -> frozenset[str]:
        """The words, one object for the same ones."""
        return self._sets.setdefault(words, words)

    def _settle(self, document: Document, hits: list[tuple[int, int, int]]) -> list[Match]:
        """Hits less what `unless`, negation and overlap take away."""
        rules = self.rules
        exceptions: dict[int, list[tuple[int, int]]] = {}
        finds = []
        for hit in hits:
            if hit[0] & 1:
                exceptions.setdefault(hit[0] - 1, []).append(hit[1:])
            else:
                finds.append(hit)
        for spans in exceptions.values():
            spans.sort()
        if len(finds) > 1:
            finds.sort(key=_leftmost_longest)
        matches: list[Match] = []
        reached: dict[int, int] = {}
        starts, ends = document.starts, document.ends
        for code, first, last in finds:
            if first < reached.get(code, 0):
                continue
            if code in exceptions and _overlap(exceptions[code], first, last):
                continue
            reached[code] = last
            rule = rules[code >> 1]
            if rule.negation == "skip" and self._negated(document, first):
                continue
            matches.append(
                Match(
                    code >> 1,
                    first,
                    last,
                    starts[first],
                    ends[last - 1],
                    self._degree(document.words, first, last),
                )
            )
        return matches

    def _negated(self, document: Document, first: int) -> bool:
        """Whether a negation shortly before word `first` reaches it."""
        words = document.words
        negators, breakers = self._negators, self._breakers
        for at in range(first - 1, max(first - 1 - NEGATION_WORDS, -1), -1):
            word = words[at]
            if word in breakers:
                return False
            between = document.text[document.ends[at] : document.starts[at + 1]]
            if between != " " and not between.isspace():
                return False
            if word in negators:
                return f"{word} {words[at + 1]}" not in self._not_negating
        return False

    def _degree(self, words: list[str], first: int, last: int) -> int:
        near = words[max(first - 2, 0) : last]
        if not self._intensifiers.isdisjoint(near):
            return 1
        return 0 if self._hedges.isdisjoint(near) else -1

    def _find_features(self, document: Document) -> list[Match]:
        """Shouting, and piled-up exclamation and question marks."""
        text = document.text
        matches = []
        features = self._features
        if "shouting" in features and _CAPITALS.search(text):
            for first, last in _shouted(document):
                start, end = document.starts[first], document.ends[last - 1]
                matches.append(Match(features["shouting"], first, last, start, end, 0))
        if "!!" in text or "??" in text or "!?" in text or "?!" in text:
            for emphasis in _EMPHASIS.finditer(text):
                feature = "question-marks" if "?" in emphasis[0] else "exclamations"
                if feature in features:
                    start, end = emphasis.span()
                    at = max(bisect_left(document.starts, start) - 1, 0)
                    if document.words and not _is_masked(document, at, start):
                        matches.append(Match(features[feature], at, at + 1, start, end, 0))
        return matches


class RuleSet:
    """The shipped rules, and a caller's own beside them."""

    def __init__(self, *matchers: Matcher) -> None:
        self.matchers = matchers
        self.rules = [rule for matcher in matchers for rule in matcher.rules]
        self.hash = "+".join(matcher.hash for matcher in matchers)
        # A caller's rule stands in for a shipped one of the same id.
        last = {rule.id: index for index, rule in enumerate(self.rules)}
        self._replaced = {
            index for index, rule in enumerate(self.rules) if last[rule.id] != index
        }
        self._neutral = {
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
            matches = [match for match in matches if match.rule not in self._replaced]
        if not matches:
            return matches, matches
        neutral = [match for match in matches if match.rule in self._neutral]
        if neutral:
            spans: dict[str, list[tuple[int, int]]] = {}
            for match in neutral:
                dimension = self._neutral[match.rule]
                spans.setdefault(dimension, []).append((match.first, match.last))
            for found in spans.values():
                found.sort()
            matches = [
                match
                for match in matches
                if match.rule not in self._neutral
                and not _overlap(
                    spans.get(self.rules[match.rule].dimension, []), match.first, match.last
                )
            ]
        if len(matches) > 1:
            matches.sort(key=_position)
        return matches, neutral


def _overlap(spans: list[tuple[int, int]], first: int, last: int) -> bool:
    """Whether one of the sorted spans of words shares a word with `first` to `last`."""
    at = bisect_left(spans, (last,))
    while at and spans[at - 1][0] > first - LONGEST:
        at -= 1
        if spans[at][1] > first:
            return True
    return False


def _position(match: Match) -> tuple[int, int]:
    return match.start, -match.end


def _leftmost_longest(hit: tuple[int, int, int]) -> tuple[int, int, int]:
    code, first, last = hit
    return code, first, -last


def _is_masked(document: Document, at: int, start: int) -> bool:
    return document.words[at] == MASK and document.ends[at] > start


def _shouted(document: Document) -> list[tuple[int, int]]:
    """Runs of two or more words in capitals, one of them no abbreviation."""
    runs: list[tuple[int, int]] = []
    text, starts, ends = document.text, document.starts, document.ends
    for sentence in document.sentences:
        first = -1
        for at in range(sentence.first, sentence.last + 1):
            upper = (
                at < sentence.last
                and document.words[at] != MASK
                and text[starts[at] : ends[at]].isupper()
            )
            if upper and first < 0:
                first = at
            elif not upper and first >= 0:
                if at - first > 1 and any(ends[i] - starts[i] > 3 for i in range(first, at)):
                    runs.append((first, at))
                first = -1
    return runs
