"""Signs: what of a text speaks for an act, by name, and the weights of signs.

A sign is the id of a rule of acts that matched ("own/my-fault"), a feature of the text
("+question"), a word, or, for answers, the kind of a question beside a sign of the sentence
("answer/asks-why*answer/because"). `python -m benchmarks.fit.replies` fits a weight for
each sign and act by the same functions that analysis reads them with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from struct import Struct

from ..records import NamedTuple
from ..results import Span
from ..rules.acts import COUNTS
from ..rules.matching import END_MARKS, CompiledRule, Match
from ..text import Document

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

# The rules that tell the kind of a question.
KIND = "answer/asks-"
ONLY = "+only-questions"
KINDS = ("answer/wants-to-know", "options/asks-for-a-way", ONLY)
MOST_WORDS = 30  # words of a sentence count less where it has more
MOST_WORDS_MESSAGE = 60
MOST_HARDSHIPS, MOST_FAULTS = 3, 2  # more are no worse
STEM = 5  # letters by which words are compared across the two texts

_first_word = attrgetter("first")
_DIGIT = re.compile("[0-9]")
_CAPITALS = re.compile("[A-Z]{4}")
# Signs of a sentence that count anew beside each kind of question.
CROSSED = (
    "answer/plain-yes-or-no",
    "answer/yes-or-no",
    "answer/because",
    "answer/how-to",
    "answer/figure",
    "answer/not-answered",
    "+figure",
    "+overlap",
    "+asked",
    "+first",
    "answer/place",
    "answer/person",
    "options/another-way",
    "options/a-choice",
    "options/i-could-offer",
)
_CROSSED = frozenset(CROSSED)
# Features of a message and of a sentence, in the order of `csrc/replying.c`.
MESSAGE_FEATURES = (
    "+question",
    "+questions",
    ONLY,
    "+exclaims",
    "+capitals",
    "+figure",
    "+money",
    "+short",
    "+long",
    "+sentences",
)
REPLY_FEATURES = (
    "+overlap",
    "+overlap-2",
    "+overlap-4",
    "+asked",
    "+asked-2",
    "+figure",
    "+question",
    "+exclaims",
    "+first",
    "+last",
    "+short",
    "+long",
    "+nothing-asked",
)


class MessageSigns(NamedTuple):
    """A message's signs, and what its reply is compared with.

    `kinds` are the kinds of its questions, `topic` the stems of its words, `asked` those
    of its questions, and `questions` the places of the questions.
    """

    signs: list[str]
    kinds: list[str]
    topic: frozenset[str]
    asked: frozenset[str]
    questions: tuple[Span, ...]


def message_signs(
    document: Document,
    matches: Sequence[Match],
    rules: Sequence[CompiledRule],
    ignored: Collection[str],
) -> MessageSigns:
    """The signs of a message, other than its words.

    Args:
        document: the message.
        matches: of the rules for needs.
        rules: those rules.
        ignored: words that say nothing about a topic.
    """
    text, all_words, sentences = document.text, document.words, document.sentences
    found = {rule.id: rule for rule in [rules[match.rule] for match in matches]}
    signs = list(found)
    marks = [sentence.mark for sentence in sentences]
    questions = [sentence for sentence in sentences if sentence.mark == "?"]
    if questions:
        signs.append("+question")
        if len(questions) > 1:
            signs.append("+questions")
        if len(questions) == len(sentences):
            signs.append(ONLY)
    if "!" in marks:
        signs.append("+exclaims")
    if _CAPITALS.search(text):
        signs.append("+capitals")
    if _DIGIT.search(text):
        signs.append("+figure")
    if "£" in text or "$" in text or "€" in text:
        signs.append("+money")
    words = len(all_words)
    if words < 10:
        signs.append("+short")
    elif words > 25:
        signs.append("+long")
    if len(sentences) > 2:
        signs.append("+sentences")
    needs = [rule.dimension for rule in found.values() if rule.strength == COUNTS]
    signs += troubles(
        min(needs.count("acknowledge"), MOST_HARDSHIPS),
        min(needs.count("own"), MOST_FAULTS),
        "options" in needs,
        needs.count("answer") < len(needs),
        bool(questions),
    )
    stem = _stems(frozenset(ignored)).__getitem__
    topic = frozenset(map(stem, all_words)).difference(_NO_STEM)
    asked = topic
    if len(questions) < len(sentences):
        asked = frozenset(
            [stem(word) for part in questions for word in all_words[part.first : part.last]]
        ).difference(_NO_STEM)
    return MessageSigns(
        signs,
        [name for name in signs if name in KINDS or name.startswith(KIND)],
        topic,
        asked,
        tuple([Span(part.start, part.end) for part in questions]),
    )


@lru_cache(maxsize=256)
def troubles(
    hardships: int, faults: int, barred: bool, other: bool, asks: bool
) -> tuple[str, ...]:
    """How much of a trouble there is, by the number of rules that show it.

    Heat is less than the sum of its signs: the second hardship adds less than the first.

    Args:
        hardships: the rules that count and show a hardship, up to `MOST_HARDSHIPS`.
        faults: those that show a fault, up to `MOST_FAULTS`.
        barred: whether one shows that a way is barred.
        other: whether one shows more than a question.
        asks: whether something is asked.
    """
    signs = [f"+hardships-{n}" for n in (1, 2, 3) if hardships >= n]
    signs += [f"+faults-{n}" for n in (1, 2) if faults >= n]
    if hardships and faults:
        signs.append("+hardship*fault")
    if hardships and barred:
        signs.append("+hardship*barred")
    if not hardships and not faults and asks:
        signs.append("+only-asks")
    if not other:
        signs.append("+no-trouble")
        if not asks:
            signs.append("+no-trouble*nothing-asked")
    return tuple(signs)


def sentence_signs(
    document: Document,
    found: Sequence[Sequence[Match]],
    rules: Sequence[CompiledRule],
    ignored: Collection[str],
    message: MessageSigns,
) -> list[list[str]]:
    """The signs of each sentence of a reply, other than its words.

    Args:
        document: the reply.
        found: the matches of the rules for what replies do, in each sentence.
        rules: those rules.
        ignored: words that say nothing about a topic.
        message: the signs of the message that it answers.
    """
    text, words, last = document.text, document.words, len(document.sentences) - 1
    stem = _stems(frozenset(ignored)).__getitem__
    topic, figures = message.topic, _DIGIT.search(text) is not None
    everything = []
    for number, part in enumerate(document.sentences):
        signs = list(dict.fromkeys([rules[match.rule].id for match in found[number]]))
        about = topic.intersection(map(stem, words[part.first : part.last]))
        if about:
            shared = len(about)
            signs.append("+overlap")
            if shared > 1:
                signs.append("+overlap-2")
                if shared > 3:
                    signs.append("+overlap-4")
            shared = len(about & message.asked)  # what is asked is of the topic
            if shared:
                signs.append("+asked")
                if shared > 1:
                    signs.append("+asked-2")
        if figures and _DIGIT.search(text, part.start, part.end):
            signs.append("+figure")
        if part.mark == "?":
            signs.append("+question")
        elif part.mark == "!":
            signs.append("+exclaims")
        if number == 0:
            signs.append("+first")
        if number == last:
            signs.append("+last")
        length = part.last - part.first
        if length < 5:
            signs.append("+short")
        elif length > 20:
            signs.append("+long")
        if message.kinds:
            crossed = ["", *[sign for sign in signs if sign in _CROSSED]]
            for kind in message.kinds:
                signs += [f"{kind}*{sign}" for sign in crossed]
        else:
            signs.append("+nothing-asked")
        everything.append(signs)
    return everything


def matches_by_sentence(document: Document, matches: Collection[Match]) -> list[list[Match]]:
    """The matches in each sentence."""
    found: list[list[Match]] = [[] for _ in document.sentences]
    if not matches:
        return found
    ordered = sorted(matches, key=_first_word)
    number = 0
    for match in ordered:
        while document.sentences[number].last <= match.first:
            number += 1
        found[number].append(match)
    return found


class _Stems(dict[str, str]):
    """Words to what they are compared by; to nothing those that say nothing.

    Filled as words come, of which there are as many as the vocabulary has.
    """

    __slots__ = ("_ignored",)

    def __init__(self, ignored: Collection[str]) -> None:
        super().__init__()
        self._ignored = ignored

    def __missing__(self, word: str) -> str:
        said = "" if word in self._ignored or word in END_MARKS else word[:STEM]
        stem = self[word] = said
        return stem


_NO_STEM = frozenset([""])


@lru_cache(maxsize=8)
def _stems(ignored: frozenset[str]) -> _Stems:
    return _Stems(ignored)


# Weights are whole numbers of a unit, all fields of a sign packed into one integer, so that
# one sum adds up all fields.
_BITS = 32
_HALF = 1 << (_BITS - 1)
_FIELD = "I"  # in `struct`


class Weights:
    """The weights of words and signs for several fields, summed all at once.

    `constants` holds the constant of each field, `columns` the weight of every word for it,
    both in steps of a `unit`, and `numbers` the place of each word in the columns.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        fields: dict[str, dict[str, list[int]]] = data["weights"]
        words: list[str] = data["words"].split(" ")
        self.fields = list(fields)
        self.unit: float = data["unit"]
        self.constants = tuple([round(bias / self.unit) for bias in data["bias"]])
        self.columns = tuple([field["words"] for field in fields.values()])
        self.numbers = dict(zip(words, range(len(words)), strict=True))
        self._offset = _packed([_HALF] * len(fields))
        self._start = self._offset + _packed(self.constants)
        self._words = _Words(self.numbers, self.columns)
        rows = zip(*[field["signs"] for field in fields.values()], strict=True)
        self._rows: dict[str, tuple[int, ...]] = dict(zip(data["signs"], rows, strict=True))
        self._signs = {name: _packed(row) for name, row in self._rows.items()}
        self._none = (0,) * len(fields)
        self._format = Struct(f"<{len(fields)}{_FIELD}")
        self._all = (1 << _BITS * len(fields)) - 1

    def words(self, words: Iterable[str]) -> int:
        """The packed sum of words."""
        return sum(map(self._words.__getitem__, words))

    def signs(self, signs: Iterable[str]) -> int:
        """The packed sum of signs."""
        return sum(filter(None, map(self._signs.get, signs)))

    def totals(self, words: int, signs: int, factor: float = 1.0) -> list[float]:
        """The value of each field, its constant included.

        Args:
            words: the packed sum of words.
            signs: the packed sum of signs.
            factor: how much words count.
        """
        if factor == 1.0:
            return self._values(words + signs + self._start)
        fixed, varying = self._values(signs + self._start), self.values(words)
        return [a + factor * b for a, b in zip(fixed, varying, strict=True)]

    def totals_of(self, words: Sequence[str], signs: Iterable[str], most: int) -> list[float]:
        """The value of each field for words and signs.

        Args:
            words: the words.
            signs: the signs.
            most: if there are more words than that, they count less.
        """
        factor = most / len(words) if len(words) > most else 1.0
        return self.totals(self.words(words), self.signs(signs), factor)

    def values(self, packed: int) -> list[float]:
        """The sums of all fields, without their constants."""
        return self._values(packed + self._offset)

    def value(self, packed: int, k: int) -> float:
        """The sum of field `k`, without its constant."""
        return self.values(packed)[k]

    def row(self, *names: str) -> tuple[int, ...]:
        """What signs weigh together in each field, in steps of the unit."""
        rows = [self._rows.get(name, self._none) for name in names]
        return tuple(map(sum, zip(*rows, strict=True))) if rows else self._none

    def sign(self, name: str, k: int) -> float:
        """The weight of one sign in field `k`."""
        return self._rows.get(name, self._none)[k] * self.unit

    def _values(self, packed: int) -> list[float]:
        unit, form = self.unit, self._format
        fields = form.unpack((packed & self._all).to_bytes(form.size, "little"))
        return [(field - _HALF) * unit for field in fields]


class _Words(dict[str, int]):
    """The packed weights of words, packed when first asked for."""

    __slots__ = ("_columns", "_numbers")

    def __init__(self, numbers: Mapping[str, int], columns: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self._numbers = numbers
        self._columns = columns

    def __missing__(self, word: str) -> int:
        number = self._numbers.get(word)
        row = () if number is None else [column[number] for column in self._columns]
        packed = self[word] = _packed(row)
        return packed


def _packed(row: Iterable[int]) -> int:
    return sum([value << _BITS * k for k, value in enumerate(row)])
