"""Matches and words to three calibrated scores; every number comes from data files.

A score is a logistic regression: the log-odds of a text are a constant, plus a weight for
every rule match (a further match of the same rule counts less), plus the fitted weights
of its words and pairs of words, divided by the square root of their number. A sentence is
scored in the same way by itself. A text is scored as a whole, or as its most telling
sentence less a margin if that is higher, so that one sentence in a long text still shows.
`python -m benchmarks.fit` fits the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, repeat
from math import exp, sqrt
from operator import add, attrgetter, lshift, sub

from .records import NamedTuple
from .results import DIMENSIONS, Evidence, Scores, Span
from .rules.matching import CompiledRule, Match
from .text import MASK, Document

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

START_WORD = "^"
RANGE = (0, 1, 2)

_LEXICON = tuple(f"lexicon/{name}" for name in DIMENSIONS)
_CONTEXT = tuple(f"context/{name}" for name in DIMENSIONS)
_place = attrgetter("span")

_WHOLE = [-1, -1, -1]

ZEROS = repeat(0)
NONES: repeat[dict[str, int]] = repeat({})

Values = list[float]


class SentenceReading(NamedTuple):
    """One sentence: its words' packed weights, and sums by dimension.

    `words` and `rules` are sums of word weights (unscaled) and of matches' weights.
    """

    packed: list[int]
    words: Values
    rules: Values
    log_odds: Values


# The three weights of a term are whole numbers of `unit`, packed into one integer, so that
# one sum adds up all three; the bias keeps every field positive when it is read.
_BITS = 40
_HALF = 1 << (_BITS - 1)
_MASK = (1 << _BITS) - 1
_BIAS = _HALF | _HALF << _BITS | _HALF << 2 * _BITS


class Reading(NamedTuple):
    """The log-odds of a text by dimension, and what they are made of.

    `whole` are those of all of the text, before its sentences are looked at.
    `governing[k]` is the sentence that a dimension's score comes from, or -1 for all of
    the text; `match_weights[i]` is the weight of match `i` in its own dimension.
    """

    log_odds: Values
    governing: list[int]
    sentences: list[SentenceReading]
    match_sentences: list[int]
    match_weights: list[float]
    whole: Values
    size: int


def terms(words: Sequence[str], mark: str) -> list[str]:
    """What the lexicon may know of a sentence: words, pairs, its start and end mark.

    >>> terms(["please", "read"], "?")
    ['please', 'read', '?', '^ please', 'please read', 'read ?']
    """
    single = [*words, mark]
    return single + list(map(" ".join, zip((START_WORD, *words), single, strict=True)))


def sentence_words(document: Document, neutral: Sequence[Match]) -> list[str]:
    """The words that the lexicon reads: those of neutral matches are taken out."""
    if not neutral:
        return document.words
    words = list(document.words)
    for match in neutral:
        words[match.first : match.last] = [MASK] * (match.last - match.first)
    return words


def probability(log_odds: float) -> float:
    """Log-odds to a probability in [0, 1]."""
    return 1 / (1 + exp(-log_odds)) if log_odds > -700 else 0.0


def scores_of(log_odds: Values) -> Scores:
    """Three log-odds to scores."""
    return Scores(*map(probability, log_odds))


class Scorer:
    """The fitted numbers, applied. Read-only after construction."""

    def __init__(
        self,
        numbers: Mapping[str, Any],
        lexicon: Mapping[str, Any],
        rules: Sequence[CompiledRule],
    ) -> None:
        self.base: Values = numbers["base"]
        self.margin: Values = numbers["sentence_margin"]
        self.evidence_least: Values = numbers["evidence_least"]
        self._scale: float = numbers["term_scale"]
        self._least_size: int = numbers["least_size"]
        self._repeat: float = numbers["repeat"]
        self._degree: float = numbers["degree"]
        self._unit: float = lexicon["unit"]
        self._single, self._second = read_lexicon(lexicon)
        forms = list(numbers["forms"])
        self._forms: list[Values] = list(numbers["forms"].values())
        weights, strengths = numbers["rules"], numbers["strengths"]
        self._strengths: dict[str, dict[str, float]] = strengths
        self._rules: list[tuple[int, float, int]] = []
        for rule in rules:
            form = f"{rule.dimension}/{rule.form}"
            common = strengths[rule.dimension].get(rule.strength, 0.0)
            self._rules.append(
                (
                    DIMENSIONS.index(rule.dimension),
                    weights.get(rule.id, common),
                    forms.index(form) if form in forms else -1,
                )
            )
        self._ids = [rule.id for rule in rules]

    def read(
        self, document: Document, matches: Sequence[Match], neutral: Sequence[Match]
    ) -> Reading:
        """The log-odds of a document and of its sentences."""
        words = sentence_words(document, neutral)
        parts = document.sentences
        flat: list[str] = []
        places = []
        for first, last, _, _, mark in parts:
            places.append(len(flat))
            flat += words[first:last]
            flat.append(mark)
        before = [START_WORD, *flat]
        for place in places:
            before[place] = START_WORD
        packed = list(
            map(
                add,
                map(self._single.get, flat, ZEROS),
                map(dict.get, map(self._second.get, before, NONES), flat, ZEROS),
            )
        )
        places.append(len(flat))
        unit = self._unit
        sentences: list[SentenceReading] = []
        for first, last in pairwise(places):
            own = packed[first:last]
            total = sum(own) + _BIAS
            sums = [
                ((total & _MASK) - _HALF) * unit,
                ((total >> _BITS & _MASK) - _HALF) * unit,
                ((total >> 2 * _BITS) - _HALF) * unit,
            ]
            sentences.append(SentenceReading(own, sums, [0.0, 0.0, 0.0], []))
        rules, forms, match_places, weights = self._weigh(document, matches, sentences)
        base = self.base
        size = 2 * len(flat)
        factor = self._factor(size)
        if len(sentences) == 1:
            whole = [base[k] + rules[k] + forms[k] + sums[k] * factor for k in RANGE]
            sentences[0].log_odds.extend(whole)
            return Reading(whole, _WHOLE, sentences, match_places, weights, whole, size)
        columns = zip(*[sentence.words for sentence in sentences], strict=True)
        word_sums = list(map(sum, columns))
        whole = [base[k] + rules[k] + forms[k] + word_sums[k] * factor for k in RANGE]
        log_odds = whole.copy()
        governing = [-1, -1, -1]
        for index, (own, sums, found, result) in enumerate(sentences):
            factor = self._factor(2 * len(own))
            for k in RANGE:
                value = base[k] + found[k] + sums[k] * factor
                result.append(value)
                value -= self.margin[k]
                if value > log_odds[k]:
                    log_odds[k] = value
                    governing[k] = index
        return Reading(log_odds, governing, sentences, match_places, weights, whole, size)

    def _factor(self, size: int) -> float:
        """What the sum of the weights of `size` terms is multiplied with."""
        return self._scale / sqrt(max(size, self._least_size))

    def _weigh(
        self,
        document: Document,
        matches: Sequence[Match],
        sentences: list[SentenceReading],
    ) -> tuple[Values, Values, list[int], list[float]]:
        """The matches' sums for the text; those of each sentence are added to it.

        Returns:
            Sums of the rules and of their forms by dimension, and the sentence and the
            weight of every match.
        """
        rules, forms = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
        places: list[int] = []
        weights: list[float] = []
        if not matches:
            return rules, forms, places, weights
        counts: dict[int, int] = {}
        seen: set[tuple[int, int]] = set()
        at = 0
        for match in matches:
            while document.sentences[at].last <= match.first:
                at += 1
            k, _, form = self._rules[match.rule]
            weight = self.own_weight(match)
            sums = sentences[at].rules
            sums[k] += weight
            again = counts.get(match.rule, 0)
            counts[match.rule] = again + 1
            if again:
                weight *= self._repeat**again
            rules[k] += weight
            places.append(at)
            weights.append(weight)
            if form >= 0 and (at, form) not in seen:
                values = self._forms[form]
                for j in RANGE:
                    sums[j] += values[j]
                    if (-1, form) not in seen:
                        forms[j] += values[j]
                seen.update(((at, form), (-1, form)))
        return rules, forms, places, weights

    def evidence(
        self, document: Document, matches: Sequence[Match], reading: Reading
    ) -> list[Evidence]:
        """What the log-odds are made of, in the order of the text.

        For each dimension the weights add up to its log-odds less `base`. Rule matches
        come with their spans, the telling words of a sentence as `lexicon/<dimension>`,
        and what is left (the tone of all other words, other findings, the margin of a
        text scored by one sentence) as `context/<dimension>` over all that was scored.
        """
        found: list[Evidence] = []
        rest = list(map(sub, reading.log_odds, self.base))
        governing = reading.governing
        for match, place, weight in zip(
            matches, reading.match_sentences, reading.match_weights, strict=True
        ):
            k = self._rules[match.rule][0]
            if governing[k] >= 0:
                weight = self.own_weight(match) if place == governing[k] else 0.0
            rest[k] -= weight
            where = Span(match.start, match.end)
            found.append(Evidence(self._ids[match.rule], DIMENSIONS[k], where, weight))
        sentences = document.sentences
        everything = Span(sentences[0].start, sentences[-1].end)
        for k in RANGE:
            name = DIMENSIONS[k]
            scored = governing[k]
            if scored < 0:
                first, last, span = 0, len(sentences), everything
                factor = self._factor(reading.size)
            else:
                first, last = scored, scored + 1
                span = Span(sentences[scored].start, sentences[scored].end)
                factor = self._factor(2 * len(reading.sentences[scored].packed))
            least = self.evidence_least[k] / factor
            for index in range(first, last):
                part = reading.sentences[index]
                value = part.words[k]
                if value >= least:
                    weight = value * factor
                    rest[k] -= weight
                    telling = self._telling_span(document, index, part, k)
                    found.append(Evidence(_LEXICON[k], name, telling, weight))
            found.append(Evidence(_CONTEXT[k], name, span, rest[k]))
        if len(found) > 3:
            found.sort(key=_place)
        return found

    def own_weight(self, match: Match) -> float:
        """The weight of a match, were it the only one of its rule."""
        weight = self._rules[match.rule][1]
        return weight * (1 + self._degree * match.degree)

    def word_weights(self, part: SentenceReading, k: int) -> list[int]:
        """Lexicon weights of a sentence's words in units; a pair's go to its later word."""
        *values, end = part.packed
        values[-1] += end
        shift = k * _BITS
        return [((value + _BIAS) >> shift & _MASK) - _HALF for value in values]

    def _telling_span(
        self, document: Document, index: int, part: SentenceReading, k: int
    ) -> Span:
        """The run of words whose weights add up to most."""
        first = document.sentences[index].first
        best = best_first = best_last = total = start = 0
        for i, value in enumerate(self.word_weights(part, k)):
            if total <= 0:
                total, start = 0, i
            total += value
            if total > best:
                best, best_first, best_last = total, start, i
        return Span(document.starts[first + best_first], document.ends[first + best_last])

    def effect(
        self,
        document: Document,
        matches: Sequence[Match],
        reading: Reading,
        k: int,
        first: int,
        last: int,
    ) -> float:
        """Change of score `k` if words `first` to `last` (exclusive) were not there."""
        rules = self._rules
        place = 0
        while document.sentences[place].last <= first:
            place += 1
        sentence = document.sentences[place]
        part = reading.sentences[place]
        begin, end = first - sentence.first, last - sentence.first
        if last == sentence.last:
            end += 1  # the end mark goes with the last word
        total = sum(part.packed[begin:end]) + _BIAS
        gone = ((total >> k * _BITS & _MASK) - _HALF) * self._unit
        removed = alone = 0.0
        for match, weight in zip(matches, reading.match_weights, strict=True):
            if match.first < last and first < match.last and rules[match.rule][0] == k:
                removed += weight
                alone += self.own_weight(match)
        log_odds = reading.whole[k] - removed - gone * self._factor(reading.size)
        if len(reading.sentences) > 1:
            margin = self.margin[k]
            alone += gone * self._factor(2 * len(part.packed))
            for index, other in enumerate(reading.sentences):
                value = other.log_odds[k] - (alone if index == place else 0.0) - margin
                if value > log_odds:
                    log_odds = value
        return min(probability(log_odds) - probability(reading.log_odds[k]), 0.0)

    def gain(self, reading: Reading, k: int, strength: str) -> float:
        """Change of score `k` if one more match of a rule of `strength` were there."""
        log_odds = reading.log_odds[k]
        return probability(log_odds + self._strengths[DIMENSIONS[k]][strength]) - (
            probability(log_odds)
        )


def read_lexicon(
    data: Mapping[str, Any],
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Packed weights of words, and of pairs by their first and second word."""
    packed = map(add, data["hostility"], map(lshift, data["defensiveness"], repeat(_BITS)))
    packed = map(add, packed, map(lshift, data["empathy"], repeat(2 * _BITS)))
    # zip takes from its first argument first, so `packed` goes on where one zip stops.
    words = data["words"].split(" ")
    single = dict(zip(words, packed, strict=False))
    second = {
        first: dict(zip(seconds.split(" "), packed, strict=False))
        for first, seconds in data["pairs"].items()
    }
    return single, second
