"""Matches and words to three calibrated scores; every number comes from data files.

A score is a logistic regression: the log-odds of a text are a constant, plus a weight for
every rule match (a further match of the same rule counts less), plus the fitted weights of its
words and pairs of words, divided by the square root of their number. A long text says no more
than its tone: from some number of words on, words count by their mean, and matches fade alike.
A line that is all there is says more than the same line in a text: below some number of words,
rule matches count more and the log-odds are lifted, the more the shorter the text is. What
words say depends on the register of the text, from a message to somebody to talk in public
(comments, discussions, reviews of code), so each has two weights: one that always counts, and
one times the register, which is read off the words as well, from -1 to 1. A sentence is scored
in the same way by itself, in the register of its text. A text is scored as a whole, or by its
most telling sentences if that is higher, so that one sentence in a long text still shows:
their log-odds are pooled (log of the mean of exponentials; Ramon and De Raedt, Multi instance
neural networks, 2000), less a margin where no rule bears a sentence out. So what a text says
again does not make it cooler.
`python -m benchmarks.fit` fits the numbers.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import exp, floor, log, sqrt
from operator import attrgetter, sub
from sys import byteorder

from .blending import Blended
from .records import NamedTuple
from .results import DIMENSIONS, Evidence, Scores, Span
from .rules.matching import END_MARKS, CompiledRule, Match
from .text import MASK, UNKNOWN, Document, Sentence

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

START_WORD = "^"
RANGE = (0, 1, 2)

_LEXICON = tuple(f"lexicon/{name}" for name in DIMENSIONS)
_CONTEXT = tuple(f"context/{name}" for name in DIMENSIONS)
_place = attrgetter("span")

_WHOLE = [-1, -1, -1]

Values = list[float]


class SentenceReading(NamedTuple):
    """One sentence: sums by dimension, and the log-odds that they come to.

    `words` is the sum of the word weights, in whole steps; `rules` that of the matches and
    of what their forms say of other dimensions, `borne` that of the matches alone.
    """

    words: tuple[int, int, int]
    rules: Values
    borne: Values
    log_odds: Values


# The weights of a term are whole numbers of `unit`, packed into one integer, so that one sum
# adds up all: of each dimension, of each dimension by register, and of the register itself.
# The bias keeps every field positive when it is read.
_BITS = 40
_HALF = 1 << (_BITS - 1)
_MASK = (1 << _BITS) - 1
_FIELDS = 7
_BIAS = sum(_HALF << field * _BITS for field in range(_FIELDS))
# A register is a whole number of such steps from -1 to 1, so that sums stay whole numbers.
STEPS = 32


def _unpack(packed: int, register: int) -> tuple[int, int, int]:
    """The weights by dimension in a register, in steps of a unit."""
    packed += _BIAS
    return (
        ((packed & _MASK) - _HALF) * STEPS + ((packed >> 3 * _BITS & _MASK) - _HALF) * register,
        ((packed >> _BITS & _MASK) - _HALF) * STEPS
        + ((packed >> 4 * _BITS & _MASK) - _HALF) * register,
        ((packed >> 2 * _BITS & _MASK) - _HALF) * STEPS
        + ((packed >> 5 * _BITS & _MASK) - _HALF) * register,
    )


class Reading(NamedTuple):
    """The log-odds of a text by dimension, and what they are made of.

    `packed[i]` holds the weights of word `i`, `register` that of the text, from -`STEPS` (a
    message to somebody) to `STEPS` (talk in public), `steep` what matches weigh times in so
    short a text, by dimension, and `whole` the log-odds of all of the text, before its
    sentences are looked at. `governing[k]` is the sentence that a dimension's score comes
    from, or -1 for all of the text; `match_sentences[i]` is the sentence of match `i`, and
    `match_weights[i]` its weight in its own dimension.
    """

    log_odds: Values
    governing: list[int]
    packed: list[int]
    register: int
    sentences: list[SentenceReading]
    match_sentences: list[int]
    match_weights: list[float]
    whole: Values
    steep: Values


def terms(words: Sequence[str]) -> list[str]:
    """What the lexicon may know of a sentence's words and its mark: each, and pairs.

    >>> terms(["please", "read", "?"])
    ['please', 'read', '?', '^ please', 'please read', 'read ?']
    """
    return [*words, *map(" ".join, zip((START_WORD, *words), words, strict=False))]


def scored_words(document: Document, neutral: Sequence[Match]) -> list[str]:
    """The words that the lexicon reads: those of neutral matches are taken out."""
    if not neutral:
        return document.words
    words = list(document.words)
    for match in neutral:
        words[match.first : match.last] = [MASK] * (match.last - match.first)
    return words


def shortness(words: Sequence[str], enough: int) -> float:
    """How short a text is, from 0 at so many different words to 1.

    What is said again makes a text no longer; each unknown or masked word is another one.

    Args:
        words: the words and marks of a text.
        enough: how many different ones make a text that is not short.

    >>> shortness(["no", "!", "no", "!"], 8)
    0.75
    """
    seen: set[str] = set()
    left = enough
    for word in words:
        if word in seen:
            continue
        left -= 1
        if left <= 0:
            return 0.0
        if word not in (UNKNOWN, MASK):
            seen.add(word)
    return left / enough


def probability(log_odds: float) -> float:
    """Log-odds to a probability in [0, 1]."""
    return 1 / (1 + exp(-log_odds)) if log_odds > -700 else 0.0


def pooled(values: Sequence[float], sharpness: float) -> float:
    """The log-odds that sentences give their text.

    The logarithm of the mean of exponentials (Ramon and De Raedt, 2000): the higher
    `sharpness` is, the nearer to the highest.

    Args:
        values: the log-odds of the sentences.
        sharpness: what they are multiplied with.

    >>> pooled([2.0, 2.0], 3.0)
    2.0
    >>> round(pooled([2.0, -9.0, -9.0, -9.0, -9.0], 3.0), 2)
    1.46
    """
    best = max(values)
    share = 0.0
    for value in values:
        share += exp(sharpness * (value - best))
    return best + log(share / len(values)) / sharpness


def scores_of(log_odds: Values) -> Scores:
    """Three log-odds to scores."""
    return Scores(*map(probability, log_odds))


class _Weighed(NamedTuple):
    """The weights of a text's matches.

    Sums by dimension of the `rules` and of their `forms`; the sums of each sentence, both
    together and (`borne`) of the rules alone; the sentence and the weight of every match.
    """

    rules: Values
    forms: Values
    sentences: list[Values]
    borne: list[Values]
    places: list[int]
    weights: list[float]


class Scorer:
    """The fitted numbers, applied. Read-only after construction."""

    def __init__(
        self,
        numbers: Mapping[str, Any],
        lexicon: Mapping[str, Any],
        rules: Sequence[CompiledRule],
    ) -> None:
        self.base: Values = numbers["base"]
        pooling = numbers["pooling"]
        self.margin: Values = pooling["margin"]
        self._enough: float = pooling["enough"]
        self._sharpness: float = pooling["sharpness"]
        self.evidence_least: Values = numbers["evidence_least"]
        register = numbers["register"]
        self._register_base: float = register["base"]
        self._shift: Values = register["shift"]
        short = numbers["short"]
        self._short_words: int = short["words"]
        self._steeper: Values = short["steeper"]
        self._lift: Values = short["lift"]
        self._scale: float = numbers["term_scale"] * lexicon["unit"] / STEPS
        self._least_size: int = numbers["least_size"]
        self._most_size: int = numbers["most_size"]
        self._repeat: float = numbers["repeat"]
        self._single, self._after = read_lexicon(lexicon)
        forms = list(numbers["forms"])
        self._forms: list[Values] = list(numbers["forms"].values())
        weights, strengths = numbers["rules"], numbers["strengths"]
        self._strengths: dict[str, dict[str, float]] = strengths
        # Of each rule: its dimension, its weights by degree (0, 1, -1), and its form.
        self._rules: list[tuple[int, tuple[float, float, float], int]] = []
        degree: float = numbers["degree"]
        seen: set[str] = set()
        for rule in rules:
            form = f"{rule.dimension}/{rule.form}"
            common = strengths[rule.dimension].get(rule.strength, 0.0)
            # A caller's rule of the same id comes later; no weight was fitted for it.
            weight = common if rule.id in seen else weights.get(rule.id, common)
            seen.add(rule.id)
            self._rules.append(
                (
                    DIMENSIONS.index(rule.dimension),
                    (weight, weight * (1 + degree), weight * (1 - degree)),
                    forms.index(form) if form in forms else -1,
                )
            )
        self._ids = [rule.id for rule in rules]

    def settings(self) -> dict[str, Any]:
        """What the compiled engine needs to come to the same scores; see `csrc/scoring.c`."""
        return {
            "base": self.base,
            "register_base": self._register_base,
            "register_scale": self._scale * STEPS,
            "shift": self._shift,
            "short_words": self._short_words,
            "steeper": self._steeper,
            "lift": self._lift,
            "margin": self.margin,
            "enough": self._enough,
            "sharpness": self._sharpness,
            "evidence_least": self.evidence_least,
            "scale": self._scale,
            "least_size": self._least_size,
            "most_size": self._most_size,
            "repeat": self._repeat,
            "forms": tuple(map(tuple, self._forms)),
            "numbers": self._single.numbers,
            "firsts": self._after.firsts,
            "columns": self._after.columns,
            "start_word": START_WORD,
            "dimensions": DIMENSIONS,
            "lexicon_ids": _LEXICON,
            "context_ids": _CONTEXT,
            "score_rules": self._rules,
        }

    def strength(self, dimension: str, strength: str) -> float:
        """The weight in log-odds of a rule that has none of its own."""
        return self._strengths[dimension][strength]

    def read(
        self, document: Document, matches: Sequence[Match], neutral: Sequence[Match]
    ) -> Reading:
        """The log-odds of a document and of its sentences."""
        words = scored_words(document, neutral)
        packed = list(
            map(
                dict.get,
                map(self._after.__getitem__, (".", *words)),
                words,
                map(self._single.__getitem__, words),
            )
        )
        parts = document.sentences
        total = sum(packed)
        register = self._register(total, len(words))
        share = register / STEPS
        short = shortness(words, self._short_words)
        steep = [1 + short * steeper for steeper in self._steeper]
        a, b, c = (
            base + share * shift + short * lift
            for base, shift, lift in zip(self.base, self._shift, self._lift, strict=True)
        )
        found = self._weigh(parts, matches, self._fade(len(words)), steep)
        sums = _unpack(total, register)
        factor = self._factor(len(words))
        rules, forms = found.rules, found.forms
        whole = [
            a + rules[0] + forms[0] + sums[0] * factor,
            b + rules[1] + forms[1] + sums[1] * factor,
            c + rules[2] + forms[2] + sums[2] * factor,
        ]
        places, weights = found.places, found.weights
        if len(parts) == 1:
            only = SentenceReading(sums, found.sentences[0], found.borne[0], whole)
            return Reading(
                whole, _WHOLE, packed, register, [only], places, weights, whole, steep
            )
        sentences: list[SentenceReading] = []
        for index, (first, last, _, _, _) in enumerate(parts):
            sums = _unpack(sum(packed[first : last + 1]), register)
            added = found.sentences[index]
            factor = self._factor(last + 1 - first)
            values = [
                a + added[0] + sums[0] * factor,
                b + added[1] + sums[1] * factor,
                c + added[2] + sums[2] * factor,
            ]
            sentences.append(SentenceReading(sums, added, found.borne[index], values))
        log_odds, governing = list(whole), list(_WHOLE)
        for k in RANGE:
            values = [sentence.log_odds[k] for sentence in sentences]
            borne = [sentence.borne[k] for sentence in sentences]
            pooled, telling = self._pool(values, borne, k)
            if pooled > log_odds[k]:
                log_odds[k], governing[k] = pooled, telling
        return Reading(
            log_odds, governing, packed, register, sentences, places, weights, whole, steep
        )

    def _pool(self, values: Values, borne: Values, k: int) -> tuple[float, int]:
        """The log-odds that sentences give their text, and the most telling of them.

        Args:
            values: the log-odds of the sentences.
            borne: what matches of the dimension add to them.
            k: the dimension.
        """
        margin, enough = self.margin[k], self._enough
        values = [
            value - margin * max(1 - weight / enough, 0.0)
            for value, weight in zip(values, borne, strict=True)
        ]
        return pooled(values, self._sharpness), values.index(max(values))

    def _register(self, packed: int, words: int) -> int:
        """The register of a text with so many words, from -`STEPS` to `STEPS`."""
        value = (packed + _BIAS >> 6 * _BITS) - _HALF
        share = probability(self._register_base + value * STEPS * self._factor(words))
        return floor((2 * share - 1) * STEPS + 0.5)

    def _factor(self, words: int) -> float:
        """What a word weight in steps is multiplied with where there are so many words.

        Marks count as words; each word comes with a pair.
        """
        size = max(2 * words, self._least_size)
        if size > self._most_size:
            return self._scale * sqrt(self._most_size) / size
        return self._scale / sqrt(size)

    def _fade(self, words: int) -> float:
        """What the weight of a match is multiplied with where there are so many words."""
        return sqrt(self._most_size / (2 * words)) if 2 * words > self._most_size else 1.0

    def _weigh(
        self,
        sentences: Sequence[Sentence],
        matches: Sequence[Match],
        fade: float,
        steep: Values,
    ) -> _Weighed:
        """The matches' weights, times `steep` by dimension, and times `fade` for the text."""
        rules, forms = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
        found = [[0.0, 0.0, 0.0] for _ in sentences]
        borne = [[0.0, 0.0, 0.0] for _ in sentences]
        weighed = _Weighed(rules, forms, found, borne, [], [])
        if not matches:
            return weighed
        counts: dict[int, int] = {}
        seen: set[tuple[int, int]] = set()
        at = 0
        for number, first, _, _, _, degree in matches:
            while sentences[at].last <= first:
                at += 1
            k, by_degree, form = self._rules[number]
            weight = by_degree[degree]
            sums = found[at]
            borne[at][k] += weight
            weight *= steep[k]
            sums[k] += weight
            weight *= fade
            if number in counts:
                weight *= self._repeat ** counts[number]
                counts[number] += 1
            else:
                counts[number] = 1
            rules[k] += weight
            weighed.places.append(at)
            weighed.weights.append(weight)
            if form >= 0 and (at, form) not in seen:
                seen.add((at, form))
                x, y, z = self._forms[form]
                sums[0] += x
                sums[1] += y
                sums[2] += z
                if (-1, form) not in seen:
                    seen.add((-1, form))
                    forms[0] += x * fade
                    forms[1] += y * fade
                    forms[2] += z * fade
        return weighed

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
                weight *= reading.steep[k]
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
                factor = self._factor(len(document.words))
            else:
                first, last = scored, scored + 1
                begin, end, start, stop, _ = sentences[scored]
                span = Span(start, stop)
                factor = self._factor(end + 1 - begin)
            least = self.evidence_least[k] / factor
            for index in range(first, last):
                value = reading.sentences[index].words[k]
                if value >= least:
                    weight = value * factor
                    rest[k] -= weight
                    telling = self._telling_span(document, reading, sentences[index], k)
                    found.append(Evidence(_LEXICON[k], name, telling, weight))
            found.append(Evidence(_CONTEXT[k], name, span, rest[k]))
        if len(found) > 3 or len(sentences) > 1:
            found.sort(key=_place)
        return found

    def own_weight(self, match: Match) -> float:
        """The weight of a match, were it the only one of its rule."""
        return self._rules[match.rule][1][match.degree]

    def _telling_span(
        self, document: Document, reading: Reading, sentence: Sentence, k: int
    ) -> Span:
        """The run of words whose weights add up to most; the mark's go to the last."""
        first, last = sentence.first, sentence.last
        values = [
            _unpack(value, reading.register)[k] for value in reading.packed[first : last + 1]
        ]
        mark = values.pop()
        values[-1] += mark
        best = best_first = best_last = total = start = 0
        for at, value in enumerate(values):
            if total <= 0:
                total, start = value, at
            else:
                total += value
            if total > best:
                best, best_first, best_last = total, start, at
        return Span(document.starts[first + best_first], document.ends[first + best_last])

    def effect(
        self,
        document: Document,
        matches: Sequence[Match],
        reading: Reading,
        k: int,
        first: int,
        last: int,
        blended: Blended | None = None,
    ) -> float:
        """Change of score `k` if words `first` to `last` (exclusive) were not there."""
        rules = self._rules
        place = 0
        while document.sentences[place].last <= first:
            place += 1
        sentence = document.sentences[place]
        # The end mark goes with the last word.
        end = last + 1 if last == sentence.last else last
        gone = _unpack(sum(reading.packed[first:end]), reading.register)[k]
        removed = alone = 0.0
        for match, weight in zip(matches, reading.match_weights, strict=True):
            if match.first < last and first < match.last and rules[match.rule][0] == k:
                removed += weight
                alone += self.own_weight(match)
        log_odds = reading.whole[k] - removed - gone * self._factor(len(document.words))
        if len(reading.sentences) > 1:
            values = [other.log_odds[k] for other in reading.sentences]
            borne = [other.borne[k] for other in reading.sentences]
            borne[place] -= alone
            lost = alone * reading.steep[k]
            values[place] -= lost + gone * self._factor(sentence.last + 1 - sentence.first)
            log_odds = max(self._pool(values, borne, k)[0], log_odds)
        if blended is not None:
            return blended.effect(k, log_odds, document.starts[first], document.ends[last - 1])
        return min(probability(log_odds) - probability(reading.log_odds[k]), 0.0)

    def gain_of(self, score: float, k: int) -> float:
        """Change of a score `k` of the rules if one more moderate match were there."""
        if not 0 < score < 1:
            return 0.0
        added = self.strength(DIMENSIONS[k], "moderate")
        return probability(log(score / (1 - score)) + added) - score


class _Single(dict[str, int]):
    """Packed weights of words and marks, packed when asked for."""

    __slots__ = ("_columns", "numbers")

    def __init__(self, words: Sequence[str], columns: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self.numbers = dict(zip(words, range(len(words)), strict=True))
        self._columns = columns

    def __missing__(self, word: str) -> int:
        number = self.numbers.get(word)
        weight = self[word] = 0 if number is None else self.pack(number)
        return weight

    def pack(self, number: int) -> int:
        """The packed weights of a term by its number."""
        return sum(
            column[number] << field * _BITS for field, column in enumerate(self._columns)
        )


class _After(dict[str, dict[str, int]]):
    """Packed weights of words that come after another, by that one.

    They are the weights of the words themselves and of the pairs together. `firsts` has
    for each word those after it, and the number of the first pair; `columns` the weights of
    all terms by number.
    """

    __slots__ = ("_single", "columns", "firsts")

    def __init__(
        self, pairs: Mapping[str, str], single: _Single, columns: tuple[memoryview, ...]
    ) -> None:
        super().__init__()
        sizes = [seconds.count(" ") + 1 for seconds in pairs.values()]
        starts = accumulate(sizes, initial=len(single.numbers))
        self.firsts = dict(zip(pairs, zip(pairs.values(), starts, strict=False), strict=True))
        self.columns = columns
        self._single = single

    def __missing__(self, first: str) -> dict[str, int]:
        seconds, start = self.firsts.get(START_WORD if first in END_MARKS else first, ("", 0))
        weights = self[first] = {
            second: self._single.pack(number) + self._single[second]
            for number, second in enumerate(seconds.split(), start)
        }
        return weights


def _numbers(packed: str) -> memoryview:
    """Whole numbers of 16 bits, the low byte first, from base64."""
    data = bytearray(a2b_base64(packed))
    if byteorder == "big":
        data[::2], data[1::2] = data[1::2], data[::2]
    return memoryview(data).cast("h")


def read_lexicon(data: Mapping[str, Any]) -> tuple[_Single, _After]:
    """The lexicon's weights of words, and of words after others."""
    by_register = data["by_register"]
    packed = (
        *[data[name] for name in DIMENSIONS],
        *[by_register[name] for name in DIMENSIONS],
        data["register"],
    )
    columns = tuple(map(_numbers, packed))
    single = _Single(data["words"].split(" "), columns)
    return single, _After(data["pairs"], single, columns)
