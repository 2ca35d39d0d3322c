"""Document to matches: the reference for `csrc/walking.c`, and what runs without it.

From each word on, the compiled rules are read as a nondeterministic automaton over words
(Thompson 1968). Most words lead nowhere: two words in a row decide that, before anything
is followed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from operator import and_, itemgetter
from sys import intern

from ..records import NamedTuple
from ..text import MASK, Document

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

ACCEPT = " "
GAP = "..."
GAP_WORDS = 5
LONGEST = 100  # words; no phrase is longer
LISTS = "{"
END_MARKS = (".", "?", "!")
NEGATION_WORDS = 3

_CAPITALS = r"[A-Z]{3}"
_EMPHASIS = r"[?!]{2,}"


# What is found, and the words from which and up to which (exclusive).
_Hit = tuple[int, int, int]


class _Node:
    """A place in the automaton.

    `words` and `lists` (by the number of the word list) lead to further nodes, `-1 - code`
    to nothing but what is found there; `mask` has a bit for each of `lists`. `gap` is the
    node to go on from within a few words. `codes` are found at the node itself, `ends`
    where the sentence ends there with a mark. `far` if there is a gap or such an end.
    """

    __slots__ = ("codes", "ends", "far", "gap", "lists", "mask", "words")

    def __init__(self, record: Mapping[str, Any], bits: Mapping[str, int]) -> None:
        self.codes: Sequence[int] = record.get(ACCEPT, ())
        self.gap: int | None = record.get(GAP)
        self.lists = {bits[key]: after for key, after in record.items() if key in bits}
        self.mask = sum(2 << number for number in self.lists)
        self.words = {
            intern(key): after for key, after in record.items() if key[0] not in " .?!{"
        }
        self.ends = {key: record[key] for key in END_MARKS if key in record}
        self.far = bool(self.ends) or self.gap is not None


class _Start(NamedTuple):
    """Where a first word leads.

    Going on needs one of the words of `after` next, each with the nodes that it leads to,
    or one that begins an entry of the lists in `mask`. `ALWAYS` in `mask` stands for any
    word; where there are `distant` words, one of them must come within a gap. `codes` are
    found at once; `nodes` are those reached.
    """

    after: dict[str, int] | dict[str, list[int]]
    mask: int
    distant: frozenset[str]
    codes: list[int]
    nodes: list[_Node]


ALWAYS = 1  # the bit that the masks of all words have; that of list n is n + 1
_NOWHERE = _Start({}, 0, frozenset(), [], [])
_after, _mask = itemgetter(0), itemgetter(1)


class _Starts(dict[str, _Start]):
    """Where each first word leads, found when first asked for."""

    __slots__ = ("_find",)

    def __init__(self, find: Callable[[str], _Start]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: str) -> _Start:
        start = self[word] = self._find(word)
        return start


class _Lists(dict[str, int]):
    """The lists that a word is or begins an entry of, a bit each, found when asked for."""

    __slots__ = ("_numbers",)

    def __init__(self, *numbers: Mapping[str, str]) -> None:
        super().__init__()
        self._numbers = numbers

    def __missing__(self, word: str) -> int:
        numbers = " ".join(table[word] for table in self._numbers).split()
        mask = self[word] = ALWAYS | sum(2 << number for number in set(map(int, numbers)))
        return mask


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


class Walker:
    """Compiled rules, ready to walk.

    Threads may share one: what it remembers is only added to, and never changed.

    Args:
        records: the nodes, as `compiling` makes them.
        root: the node that phrases begin at.
        initial: the node that phrases begin at that stand first in a sentence.
        multi: the node that the entries of word lists begin at.
        bits: symbols of word lists, with their numbers.
        classes: words, with the numbers of the lists that they are an entry of ("3 17"); any
            other word with "".
        longer: the same with the lists that they begin a longer entry of.
        negators: words that turn what follows into its opposite.
        not_negating: pairs of words, the first a negator, that don't.
        breakers: words over which no negation reaches.
        intensifiers: words that make a match beside them stronger.
        hedges: words that make it weaker.
        skips: for each rule whether it is left out behind a negation.
        features: names of features of the text, with the rules that they hit.
        match: the type of matches.
    """

    def __init__(
        self,
        records: Any,
        root: int,
        initial: int,
        multi: int,
        bits: dict[str, int],
        classes: dict[str, str],
        longer: dict[str, str],
        negators: frozenset[str],
        not_negating: frozenset[str],
        breakers: frozenset[str],
        intensifiers: frozenset[str],
        hedges: frozenset[str],
        skips: list[bool],
        features: dict[str, int],
        match: type[Match],
    ) -> None:
        self._records: Sequence[dict[str, Any]] = records
        self._nodes: dict[int, _Node] = {}
        self._bits = bits
        self._single = _Lists(classes)
        self._longer = _Lists(longer)
        self._begins = _Lists(classes, longer)
        self._entries = self._node(multi)
        first, first_of_sentence = self._node(root), self._node(initial)
        self._known: dict[frozenset[int], _Start] = {}
        self._starts = _Starts(lambda word: self._start(word, first))
        self._initial = _Starts(lambda word: self._start(word, first_of_sentence))
        self._negators = negators
        self._not_negating = not_negating
        self._breakers = breakers
        self._intensifiers = intensifiers
        self._grading = intensifiers | hedges
        self._skips = skips
        self._features = features
        self._match = match

    def find(self, document: Document) -> list[Match]:
        """All matches, those of neutral rules among them."""
        words = document.words
        lists = list(map(self._begins.__getitem__, words))
        starts = list(map(self._starts.__getitem__, words))
        hits: list[_Hit] = []
        # Marks lead nowhere, so that no walk crosses the end of a sentence.
        following = map(dict.get, map(_after, starts), words[1:])
        begun = map(and_, map(_mask, starts), lists[1:])
        for at, after, mask in zip(count(), following, begun, strict=False):
            if after is None:
                if not mask:
                    continue
                distant = starts[at].distant
                if (
                    mask == ALWAYS
                    and distant
                    and distant.isdisjoint(words[at + 1 : at + 2 + GAP_WORDS])
                ):
                    continue
            elif not mask and self._ends_there(after, words[at + 2], lists[at + 2]):
                continue
            self._walk(document, lists, at, starts[at], hits)
        for sentence in document.sentences:
            at = sentence.first
            start = self._initial[words[at]]
            if words[at + 1] in start.after or start.mask & lists[at + 1]:
                self._walk(document, lists, at, start, hits)
        matches = self._settle(document, hits) if hits else []
        if self._features:
            matches += self._find_features(document)
        return matches

    def _ends_there(self, after: int | list[int], word: str, begun: int) -> bool:
        """Whether nothing is found at the nodes `after`, and no node follows by `word`."""
        for index in [after] if isinstance(after, int) else after:
            if index < 0:
                return False
            node = self._nodes.get(index) or self._node(index)
            if node.codes or node.far or word in node.words or node.mask & begun:
                return False
        return True

    def _node(self, index: int) -> _Node:
        node = self._nodes.get(index)
        if node is None:
            record = {} if index < 0 else self._records[index]  # -1: no phrase at all
            node = self._nodes[index] = _Node(record, self._bits)
        return node

    def _start(self, word: str, root: _Node) -> _Start:
        """Where a first word leads from the root."""
        reached = [root.words[word]] if word in root.words else []
        reached += [root.lists[number] for number in _numbers(self._single[word] & root.mask)]
        if not reached:
            return _NOWHERE
        key = frozenset(reached)
        if key in self._known:
            return self._known[key]
        codes = [-1 - after for after in reached if after < 0]
        nodes = [self._node(after) for after in reached if after >= 0]
        gaps = [self._node(node.gap) for node in nodes if node.gap is not None]
        distant = set[str]().union(*[gap.words for gap in gaps])
        mask = ALWAYS if codes or gaps else 0
        certain = bool(codes) or any(gap.mask or gap.ends for gap in gaps)
        for node in nodes:
            codes += node.codes
            mask |= node.mask
            if node.codes or node.ends:
                mask, certain = mask | ALWAYS, True
        if certain:
            distant.clear()
        follow: dict[str, list[int]] = {}
        if len(nodes) > 1:
            for node in nodes:
                for second, after in node.words.items():
                    follow.setdefault(second, []).append(after)
        after_ = nodes[0].words if len(nodes) == 1 else follow
        start = self._known[key] = _Start(after_, mask, frozenset(distant), codes, nodes)
        return start

    def _walk(
        self,
        document: Document,
        lists: list[int],
        first: int,
        start: _Start,
        hits: list[_Hit],
    ) -> None:
        """Note all that is found from word `first` on, which leads to `start`."""
        for code in start.codes:
            hits.append((code, first, first + 1))
        words, nodes = document.words, self._nodes
        at = first + 1
        word = words[at]
        # Nodes reached, and the word to read there.
        waiting: list[tuple[int, int]] = []
        after = start.after.get(word)
        if after is not None:
            if isinstance(after, int):
                waiting.append((after, at + 1))
            else:
                waiting += [(index, at + 1) for index in after]
        if start.mask & lists[at]:
            for node in start.nodes:
                if node.mask & lists[at]:
                    self._enter(words, node, at, waiting)
                if node.far:
                    self._leave(document, lists, node, first, at, waiting, hits)
        while waiting:
            index, at = waiting.pop()
            if index < 0:
                hits.append((-1 - index, first, at))
                continue
            node = nodes.get(index) or self._node(index)
            if node.codes:
                for code in node.codes:
                    hits.append((code, first, at))
            after = node.words.get(words[at])
            if after is not None:
                waiting.append((after, at + 1))
            if node.mask & lists[at]:
                self._enter(words, node, at, waiting)
            if node.far:
                self._leave(document, lists, node, first, at, waiting, hits)

    def _leave(
        self,
        document: Document,
        lists: list[int],
        node: _Node,
        first: int,
        at: int,
        waiting: list[tuple[int, int]],
        hits: list[_Hit],
    ) -> None:
        """Go on from `node` at word `at`, by its sentence's end or over a gap."""
        words = document.words
        if node.ends and words[at] in node.ends:
            self._found(node.ends[words[at]], first, at, hits)
        if node.gap is None:
            return
        node = self._node(node.gap)
        if node.ends:  # at whatever distance
            here = bisect_left(document.sentences, (first + 1,)) - 1
            mark = document.sentences[here].mark
            if mark in node.ends:
                self._found(node.ends[mark], first, at, hits)
        window = words[at : at + GAP_WORDS + 1]
        if not node.mask and node.words.keys().isdisjoint(window):
            return
        for word in window:
            if word in END_MARKS:
                return
            after = node.words.get(word)
            if after is not None:
                waiting.append((after, at + 1))
            if node.mask & lists[at]:
                self._enter(words, node, at, waiting)
            at += 1

    def _found(self, after: int, first: int, at: int, hits: list[_Hit]) -> None:
        """Note what is found at a node from which nothing leads on."""
        for code in [-1 - after] if after < 0 else self._node(after).codes:
            hits.append((code, first, at))

    def _enter(
        self, words: list[str], node: _Node, at: int, waiting: list[tuple[int, int]]
    ) -> None:
        """Follow the word lists that lead on from `node`, and an entry of which begins."""
        word = words[at]
        for number in _numbers(node.mask & self._single[word]):
            waiting.append((node.lists[number], at + 1))
        if not node.mask & self._longer[word]:
            return
        entry = self._entries.words[word]
        while entry >= 0:
            at += 1
            after = self._node(entry).words.get(words[at])
            if after is None:
                return
            entry = after
            for number in [-1 - entry] if entry < 0 else self._node(entry).codes:
                if number in node.lists:
                    waiting.append((node.lists[number], at + 1))

    def _settle(self, document: Document, hits: list[_Hit]) -> list[Match]:
        """Hits less what `unless`, negation and overlap take away."""
        exceptions: dict[int, list[tuple[int, int]]] = {}
        for code, first, last in hits:
            if code & 1:
                exceptions.setdefault(code - 1, []).append((first, last))
        for spans in exceptions.values():
            spans.sort()
        if len(hits) > 1:
            hits.sort(key=_leftmost_longest)
        matches: list[Match] = []
        previous = reached = -1
        words, starts, ends = document.words, document.starts, document.ends
        grading, skips = self._grading, self._skips
        for code, first, last in hits:
            if code & 1:
                continue
            if code != previous:
                previous, reached = code, 0
            if first < reached:
                continue
            if code in exceptions and overlap(exceptions[code], first, last):
                continue
            reached = last
            rule = code >> 1
            if skips[rule] and first and self._negated(document, first):
                continue
            near = words[first - 2 if first > 2 else 0 : last]
            degree = 0 if grading.isdisjoint(near) else self._degree(near)
            matches.append(
                self._match(rule, first, last, starts[first], ends[last - 1], degree)
            )
        return matches

    def _negated(self, document: Document, first: int) -> bool:
        """Whether a negation shortly before word `first` reaches it."""
        words = document.words
        negators, breakers = self._negators, self._breakers
        earliest = max(first - NEGATION_WORDS, 0)
        if negators.isdisjoint(words[earliest:first]):
            return False
        for at in range(first - 1, earliest - 1, -1):
            word = words[at]
            if word in breakers:
                return False
            between = document.text[document.ends[at] : document.starts[at + 1]]
            if between != " " and not between.isspace():
                return False
            if word in negators:
                return f"{word} {words[at + 1]}" not in self._not_negating
        return False

    def _degree(self, near: list[str]) -> int:
        return 1 if not self._intensifiers.isdisjoint(near) else -1

    def _find_features(self, document: Document) -> list[Match]:
        """Shouting, and piled-up exclamation and question marks."""
        import re

        text = document.text
        matches: list[Match] = []
        features = self._features
        if not document.words:
            return matches  # all of it is somebody else's
        if "shouting" in features and re.search(_CAPITALS, text):
            for first, last in _shouted(document):
                start, end = document.starts[first], document.ends[last - 1]
                matches.append(self._match(features["shouting"], first, last, start, end, 0))
        if "!!" in text or "??" in text or "!?" in text or "?!" in text:
            for emphasis in re.finditer(_EMPHASIS, text):
                feature = "question-marks" if "?" in emphasis[0] else "exclamations"
                if feature in features:
                    start, end = emphasis.span()
                    at = max(bisect_left(document.starts, start) - 1, 0)
                    if document.words[at] in END_MARKS:
                        at -= 1
                    if document.words and not _is_masked(document, at, start):
                        matches.append(
                            self._match(features[feature], at, at + 1, start, end, 0)
                        )
        return matches


def _numbers(mask: int) -> list[int]:
    """The numbers of the lists in a mask."""
    numbers = []
    mask &= ~ALWAYS
    while mask:
        lowest = mask & -mask
        numbers.append(lowest.bit_length() - 2)
        mask ^= lowest
    return numbers


def overlap(spans: list[tuple[int, int]], first: int, last: int) -> bool:
    """Whether one of the sorted spans of words shares a word with `first` to `last`."""
    at = bisect_left(spans, (last,))
    while at and spans[at - 1][0] > first - LONGEST:
        at -= 1
        if spans[at][1] > first:
            return True
    return False


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
