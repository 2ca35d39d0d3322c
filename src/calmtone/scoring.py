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
from math import exp, sqrt
from typing import Any, NamedTuple

from .results import DIMENSIONS, Evidence, Scores, Span
from .rules.matching import CompiledRule, Match
from .text import MASK, Document

START_WORD = "^"
RANGE = (0, 1, 2)

Values = list[float]


class SentenceReading(NamedTuple):
    """What one sentence holds: terms, their sums and matches' sums by dimension."""

    terms: list[str]
    words: Values
    rules: Values
    log_odds: Values


class Reading(NamedTuple):
    """The log-odds of a text by dimension, and what they are made of.

    `governing[k]` is the sentence that a dimension's score comes from, or -1 for all of
    the text; `match_weights[i]` is the weight of match `i` in its own dimension.
    """

    log_odds: Values
    governing: list[int]
    sentences: list[SentenceReading]
    match_sentences: list[int]
    match_weights: list[float]
    words: Values
    forms: Values
    size: int


def terms(words: Sequence[str], mark: str) -> list[str]:
    """What the lexicon may know of a sentence: words, pairs, its start and end mark.

    >>> terms(["please", "read"], "?")
    ['please', 'read', '?', '^ please', 'please read', 'read ?']
    """
    single = [*words, mark]
    return single + list(map(" ".join, zip((START_WORD, *words), single, strict=True)))


def sentence_terms(document: Document, neutral: Sequence[Match]) -> list[list[str]]:
    """The terms of every sentence; words of neutral matches are taken out."""
    words = document.words
    if neutral:
        words = list(words)
        for match in neutral:
            words[match.first : match.last] = [MASK] * (match.last - match.first)
    return [
        terms(words[sentence.first : sentence.last], sentence.mark)
        for sentence in document.sentences
    ]


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
        self._repeat: float = numbers["repeat"]
        self._degree: float = numbers["degree"]
        self._lexicon = read_lexicon(lexicon)
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
        scale, base = self._scale, self.base
        get = self._lexicon.get
        sentences: list[SentenceReading] = []
        whole_h = whole_d = whole_e = 0.0
        size = 0
        for part in sentence_terms(document, neutral):
            h = d = e = 0.0
            for weight_h, weight_d, weight_e in filter(None, map(get, part)):
                h += weight_h
                d += weight_d
                e += weight_e
            whole_h += h
            whole_d += d
            whole_e += e
            size += len(part)
            sentences.append(SentenceReading(part, [h, d, e], [0.0, 0.0, 0.0], []))
        words = [whole_h, whole_d, whole_e]
        rules, forms, places, weights = self._weigh(document, matches, sentences)
        factor = scale / sqrt(size or 1)
        log_odds = [base[k] + rules[k] + forms[k] + words[k] * factor for k in RANGE]
        governing = [-1, -1, -1]
        if len(sentences) == 1:
            sentences[0].log_odds[:] = log_odds
        else:
            margin = self.margin
            for index, (part, sums, found, own) in enumerate(sentences):
                factor = scale / sqrt(len(part))
                for k in RANGE:
                    value = base[k] + found[k] + sums[k] * factor
                    own.append(value)
                    if value - margin[k] > log_odds[k]:
                        log_odds[k] = value - margin[k]
                        governing[k] = index
        return Reading(
            log_odds, governing, sentences, places, weights, words, forms, size
        )

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
        counts: dict[int, int] = {}
        seen: set[tuple[int, int]] = set()
        at = 0
        for match in matches:
            while document.sentences[at].last <= match.first:
                at += 1
            k, weight, form = self._rules[match.rule]
            if match.degree:
                weight *= 1 + self._degree * match.degree
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
        for match, place, weight in zip(
            matches, reading.match_sentences, reading.match_weights, strict=True
        ):
            k = self._rules[match.rule][0]
            governing = reading.governing[k]
            if governing >= 0:
                weight = self._own_weight(match) if place == governing else 0.0
            found.append(
                Evidence(
                    self._ids[match.rule],
                    DIMENSIONS[k],
                    Span(match.start, match.end),
                    weight,
                )
            )
        sums = [0.0, 0.0, 0.0]
        for item in found:
            sums[DIMENSIONS.index(item.dimension)] += item.weight
        for k in RANGE:
            rest = reading.log_odds[k] - self.base[k] - sums[k]
            governing = reading.governing[k]
            for index, part in enumerate(reading.sentences):
                if governing >= 0 and index != governing:
                    continue
                size = len(part.terms) if governing >= 0 else reading.size
                weight = part.words[k] * self._scale / sqrt(size)
                if weight >= self.evidence_least[k]:
                    rest -= weight
                    found.append(
                        Evidence(
                            f"lexicon/{DIMENSIONS[k]}",
                            DIMENSIONS[k],
                            self._telling_span(document, index, part, k),
                            weight,
                        )
                    )
            if abs(rest) > 1e-12 and document.sentences:
                first = last = governing
                if governing < 0:
                    first, last = 0, len(document.sentences) - 1
                found.append(
                    Evidence(
                        f"context/{DIMENSIONS[k]}",
                        DIMENSIONS[k],
                        Span(document.sentences[first].start, document.sentences[last].end),
                        rest,
                    )
                )
        found.sort(key=_place)
        return found

    def _own_weight(self, match: Match) -> float:
        weight = self._rules[match.rule][1]
        return weight * (1 + self._degree * match.degree)

    def word_weights(self, part: SentenceReading, k: int) -> Values:
        """Unscaled lexicon weights of a sentence's words; a pair's go half to each."""
        get = self._lexicon.get
        count = len(part.terms) // 2  # the words and the end mark, then as many pairs
        weights = [
            0.0 if (known := get(term)) is None else known[k] for term in part.terms
        ]
        values = weights[:count]
        for i in range(count):
            pair = weights[count + i] / 2
            if pair:
                values[i] += pair
                values[i - 1 if i else 0] += pair
        end = values.pop()
        values[-1] += end
        return values

    def _telling_span(
        self, document: Document, index: int, part: SentenceReading, k: int
    ) -> Span:
        """The run of words whose weights add up to most."""
        first = document.sentences[index].first
        best = best_first = best_last = total = start = 0.0
        for i, value in enumerate(self.word_weights(part, k)):
            if total <= 0:
                total, start = 0.0, i
            total += value
            if total > best:
                best, best_first, best_last = total, start, i
        return Span(
            document.starts[first + int(best_first)],
            document.ends[first + int(best_last)],
        )

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
        counted = [
            i
            for i, match in enumerate(matches)
            if self._rules[match.rule][0] == k and match.first < last and first < match.last
        ]
        place = next(
            i for i, sentence in enumerate(document.sentences) if first < sentence.last
        )
        sentence = document.sentences[place]
        part = reading.sentences[place]
        values = self.word_weights(part, k)
        gone = sum(values[max(first - sentence.first, 0) : last - sentence.first])
        whole = (
            self.base[k]
            + reading.forms[k]
            + sum(
                weight
                for i, (match, weight) in enumerate(
                    zip(matches, reading.match_weights, strict=True)
                )
                if self._rules[match.rule][0] == k and i not in counted
            )
            + (reading.words[k] - gone) * self._scale / sqrt(reading.size)
        )
        if len(reading.sentences) > 1:
            removed = sum(self._own_weight(matches[i]) for i in counted)
            removed += gone * self._scale / sqrt(len(part.terms))
            for index, other in enumerate(reading.sentences):
                value = other.log_odds[k] - (removed if index == place else 0.0)
                whole = max(whole, value - self.margin[k])
        return min(probability(whole) - probability(reading.log_odds[k]), 0.0)

    def gain(self, reading: Reading, k: int, strength: str) -> float:
        """Change of score `k` if one more match of a rule of `strength` were there."""
        log_odds = reading.log_odds[k]
        return probability(log_odds + self._strengths[DIMENSIONS[k]][strength]) - (
            probability(log_odds)
        )


def read_lexicon(data: Mapping[str, Any]) -> dict[str, tuple[float, float, float]]:
    """Terms to their three weights, from the data file's columns."""
    unit: float = data["unit"]
    columns = ([value * unit for value in data[name]] for name in DIMENSIONS)
    return dict(zip(data["terms"].split("\n"), zip(*columns, strict=True), strict=True))


def _place(evidence: Evidence) -> tuple[int, int]:
    return evidence.span
