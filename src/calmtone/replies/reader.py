"""A message and its reply to what the one needs and the other does.

Every sentence of the reply is scored for every act, and the message for every need and
for its heat, by logistic regressions over signs (`signs`): rules, words, and features of
the text. A reply does an act if its best sentence passes the act's threshold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import exp

from ..resources import read_json, read_records
from ..results import Hint, Span
from ..rules.acts import ACTS, COUNTS
from ..rules.matching import Match, Matcher
from ..text import Document, Sentence
from .hints import missing_hints, weak_hints
from .signs import (
    CROSSED,
    KIND,
    KINDS,
    MESSAGE_FEATURES,
    MOST_FAULTS,
    MOST_HARDSHIPS,
    MOST_WORDS,
    MOST_WORDS_MESSAGE,
    ONLY,
    REPLY_FEATURES,
    STEM,
    MessageSigns,
    Weights,
    matches_by_sentence,
    message_signs,
    sentence_signs,
    troubles,
)
from .types import Places, ReplyAnalysis

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    from ..results import Analysis

# Acts that a phrase shows by itself; of the others, the whole sentence is shown.
_BY_PHRASE = ("next-step", "options")
HIGHEST_RATING = 3  # of heat, as readers rate it
_ANSWER = ACTS.index("answer")
_NOT_DONE = -9.0  # the score of an act where nothing can do it


class ReplyReader:
    """Reads replies against the messages that they answer. Read-only after construction.

    Args:
        needs: the compiled rules that show needs in a message.
        does: the compiled rules that show acts in a reply.
        tables: the language's tables.
        numbers: the fitted numbers.
        beside: the weights of heat beside a model's; those shipped with it if None.
    """

    def __init__(
        self,
        needs: Mapping[str, Any],
        does: Mapping[str, Any],
        tables: Mapping[str, Any],
        numbers: Mapping[str, Any],
        beside: Weights | None = None,
    ) -> None:
        self._needs = Matcher(needs, tables)
        self._does = Matcher(does, tables)
        self._ignored = frozenset(tables["replies"]["words"]["function"]) | {"", "|"}
        self._words: dict[str, Any] = tables["replies"]
        self._message = Weights(numbers["message"])
        self._reply = Weights(numbers["reply"])
        self._beside = beside
        self._need_over: list[float] = [numbers["need_over"][act] for act in ACTS]
        self._does_over: list[float] = [numbers["does_over"][act] for act in ACTS]
        self._missing_over: float = numbers["missing_over"]
        # The rules that show an act by a phrase, and what the weak ones sound like.
        self._phrases = {
            act: {
                index
                for index, rule in enumerate(self._does.rules)
                if rule.dimension == act and rule.strength == COUNTS
            }
            for act in _BY_PHRASE
        }
        self._weak = {
            index: rule.dimension
            for index, rule in enumerate(self._does.rules)
            if rule.id in self._words["weak"]
        }

    def settings(self) -> dict[str, Any]:
        """What the compiled reader needs to read the same; see `csrc/replying.c`.

        A rule or a feature is the act that it shows by itself, the kind of question that it
        tells or the act that it only sounds like, its place beside kinds of questions (each
        -1 for none), and its weights.
        """
        message, reply, needs, does = self._message, self._reply, self._needs, self._does
        names = [rule.id for rule in needs.rules]
        kinds = [name for name in [*names, ONLY] if name in KINDS or name.startswith(KIND)]
        crossed = ["", *CROSSED]
        phrases = {index: act for act, showing in self._phrases.items() for index in showing}
        return {
            "acts": ACTS,
            **{act: ACTS.index(act) for act in ("acknowledge", "own", "answer", "options")},
            "by_sentence": _ANSWER,
            "ignored": self._ignored,
            "stem": STEM,
            "kinds": len(kinds),
            "only": kinds.index(ONLY),
            "crossings": len(crossed),
            "crossed": tuple([reply.row(f"{k}*{sign}") for k in kinds for sign in crossed]),
            "needs": needs.walker,
            "does": does.walker,
            "message": (
                message.numbers,
                message.columns,
                message.constants,
                message.unit,
                MOST_WORDS_MESSAGE,
                tuple(
                    [
                        (
                            _place(ACTS, rule.dimension if rule.strength == COUNTS else ""),
                            _place(kinds, rule.id),
                            -1,
                            message.row(rule.id),
                        )
                        for rule in needs.rules
                    ]
                ),
            ),
            "message_features": tuple([message.row(name) for name in MESSAGE_FEATURES]),
            "troubles": tuple(
                [
                    message.row(*troubles(hardships, faults, barred, other, asks))
                    for hardships in range(MOST_HARDSHIPS + 1)
                    for faults in range(MOST_FAULTS + 1)
                    for barred in (False, True)
                    for other in (False, True)
                    for asks in (False, True)
                ]
            ),
            "reply": (
                reply.numbers,
                reply.columns,
                reply.constants,
                reply.unit,
                MOST_WORDS,
                tuple(
                    [
                        (
                            _place(ACTS, phrases.get(index, "")),
                            _place(ACTS, self._weak.get(index, "")),
                            _place(crossed, rule.id),
                            reply.row(rule.id),
                        )
                        for index, rule in enumerate(does.rules)
                    ]
                ),
            ),
            "reply_features": tuple(
                [(-1, -1, _place(crossed, name), reply.row(name)) for name in REPLY_FEATURES]
            ),
            "need_over": tuple(self._need_over),
            "does_over": tuple(self._does_over),
            "limits": (self._missing_over, HIGHEST_RATING),
        }

    def heat(self, message: Document, heard: float | None = None) -> float:
        """How upset or pressed a message reads, in [0, 1].

        Args:
            message: the message.
            heard: what a model adds to it (`calmtone.model.ModelReading.heat`), if one does.
        """
        if not message.sentences:
            return 0.0
        _, signs, values, _ = self._read_message(message)
        return _heat(values[-1] if heard is None else self._heat_beside(message, signs, heard))

    def read(
        self, message: Document, reply: Document, heard: float | None = None
    ) -> ReplyAnalysis:
        """What the message needs, and what the reply does about it.

        Args:
            message: the message answered.
            reply: the answer.
            heard: what a model adds to the message's heat, if one does.
        """
        if not message.sentences:
            return ReplyAnalysis(0.0, Places(), Places(), (), Places(), (), message.text)
        matches, signs, values, sums = self._read_message(message)
        needs = self._need_spans(message, matches, values, sums)
        best, does, weak = self._read_reply(reply, signs)
        if not signs.questions and not signs.kinds:
            does.pop("answer", None)  # nothing was asked
            best[_ANSWER] = _NOT_DONE
        missing = tuple(
            [
                act
                for k, act in enumerate(ACTS)
                if act in needs
                and act not in does
                and lacking(values[k], best[k]) >= self._missing_over
            ]
        )
        if heard is not None:
            values[-1] = self._heat_beside(message, signs, heard)
        return ReplyAnalysis(
            _heat(values[-1]),
            Places(needs),
            Places(does),
            missing,
            Places(weak),
            signs.questions,
            message.text,
        )

    def hints(
        self,
        reply: ReplyAnalysis,
        effect: float,
        taken: Sequence[Hint] = (),
        draft: Analysis | None = None,
    ) -> tuple[Hint, ...]:
        """Hints about what is missing, without a span, and about what only sounds like it.

        Args:
            reply: what the reply does.
            effect: how much empathy an act adds, in [-1, 1].
            taken: hints that there are already; words that one is about get no second one.
            draft: what the reply reads like by itself; without it there are no suggestions
                about words.
        """
        words = self._words
        missing = missing_hints(reply, words["missing"], effect)
        return (*missing, *weak_hints(reply, words["weak"], taken, draft))

    def _heat_beside(self, document: Document, signs: MessageSigns, heard: float) -> float:
        """The heat in a reader's ratings, of signs and what a model hears.

        Both were fitted together, so the weights of signs are others than without a model.
        """
        weights = self._beside or shipped_beside()
        words = document.words
        factor = min(1.0, MOST_WORDS_MESSAGE / len(words))
        packed = weights.words(words), weights.signs(signs.signs)
        return weights.totals(*packed, factor)[0] + heard

    def _read_message(
        self, document: Document
    ) -> tuple[list[Match], MessageSigns, list[float], list[int]]:
        """Matches, signs, the value of each field, and the packed sums of sentences."""
        matches = self._needs.find(document)
        signs = message_signs(document, matches, self._needs.rules, self._ignored)
        weights, words = self._message, document.words
        sums = [weights.words(words[part.first : part.last]) for part in document.sentences]
        values = weights.totals(
            sum(sums),
            weights.signs(signs.signs),
            min(1.0, MOST_WORDS_MESSAGE / len(words)),
        )
        return matches, signs, values, sums

    def _need_spans(
        self,
        document: Document,
        matches: Sequence[Match],
        values: Sequence[float],
        sums: Sequence[int],
    ) -> dict[str, Span]:
        """The acts that are needed, and the words that show most that they are.

        Args:
            document: the message.
            matches: of the rules for needs.
            values: the value of each field.
            sums: the packed sum of words of each sentence.
        """
        rules, parts = self._needs.rules, document.sentences
        of_acts: dict[str, list[Match]] = {}
        for match in matches:
            rule = rules[match.rule]
            if rule.strength == COUNTS:
                of_acts.setdefault(rule.dimension, []).append(match)
        telling: list[list[float]] = []
        spans: dict[str, Span] = {}
        for k, act in enumerate(ACTS):
            if values[k] <= self._need_over[k]:
                continue
            of_act = of_acts.get(act)
            if of_act:
                best = of_act[0] if len(of_act) == 1 else self._most_telling(of_act, k)
                if act == "answer":
                    spans[act] = _sentence_around(document, best)
                else:
                    spans[act] = Span(best.start, best.end)
                continue
            number = 0
            if len(parts) > 1:
                telling = telling or list(map(self._message.values, sums))
                of_parts = [said[k] for said in telling]
                number = of_parts.index(max(of_parts))
            spans[act] = Span(parts[number].start, parts[number].end)
        return spans

    def _most_telling(self, matches: Sequence[Match], k: int) -> Match:
        """The match that shows most that act `k` is needed."""
        rules, sign = self._needs.rules, self._message.sign
        return max(
            matches,
            key=lambda match: (
                sign(rules[match.rule].id, k),
                match.last - match.first,
                -match.first,
            ),
        )

    def _read_reply(
        self, document: Document, message: MessageSigns
    ) -> tuple[list[float], dict[str, Span], dict[str, Span]]:
        """The best score for each act, the acts, and what only sounds like one."""
        if not document.sentences:
            return [_NOT_DONE] * len(ACTS), {}, {}
        matches = self._does.find(document)
        rules = self._does.rules
        found = matches_by_sentence(document, matches)
        everything = sentence_signs(document, found, rules, self._ignored, message)
        weights = self._reply
        values = [
            weights.totals_of(document.words[part.first : part.last], signs, MOST_WORDS)
            for part, signs in zip(document.sentences, everything, strict=True)
        ]
        does: dict[str, Span] = {}
        bests = []
        columns = zip(*values, strict=True)
        for act, over, column in zip(ACTS, self._does_over, columns, strict=True):
            best = max(column)
            bests.append(best)
            if best > over:
                number = column.index(best)
                phrase: Sentence | Match | None = None
                if act in self._phrases:
                    phrase = self._phrase(found[number], act)
                if phrase is None:
                    phrase = document.sentences[number]
                does[act] = Span(phrase.start, phrase.end)
        weak: dict[str, Span] = {}
        for match in [match for match in matches if match.rule in self._weak]:
            act = self._weak[match.rule]
            if act not in does and act not in weak:
                weak[act] = Span(match.start, match.end)
        return bests, does, weak

    def _phrase(self, matches: Sequence[Match], act: str) -> Match | None:
        """The longest phrase of a sentence that does an act."""
        showing = self._phrases[act]
        phrases = [
            match for match in matches if match.rule in showing and match.last - match.first > 2
        ]
        return max(phrases, key=_length) if phrases else None


def _place(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else -1


def lacking(need: float, done: float) -> float:
    """How probable it is that an act is needed and not done, from its two log-odds."""
    return 1 / ((1 + exp(-need)) * (1 + exp(done)))


def _length(match: Match) -> int:
    return match.end - match.start


def _heat(value: float) -> float:
    return min(max(value / HIGHEST_RATING, 0.0), 1.0)


def _sentence_around(document: Document, match: Match) -> Span:
    for part in document.sentences:
        if match.first < part.last:
            break
    return Span(part.start, part.end)


def reader_of(tables: Mapping[str, Any]) -> ReplyReader:
    """The reader of the shipped rules and numbers, for language tables read already.

    Raises:
        DataError: a data file is missing or damaged.
    """
    compiled = []
    for name in ("needs.jsonl", "does.jsonl"):
        header, nodes = read_records("en", name)
        compiled.append({**header, "nodes": nodes})
    return ReplyReader(compiled[0], compiled[1], tables, read_json("en", "replies.json"))


@lru_cache(maxsize=1)
def shipped_beside() -> Weights:
    """The weights of heat beside those of the shipped model; read once, when first needed.

    Raises:
        DataError: a data file is missing or damaged.
    """
    return Weights(read_json("en", "heat.json")["message"])


@lru_cache(maxsize=1)
def shipped_reader() -> ReplyReader:
    """The reader of the shipped rules and numbers; read once, shared by all.

    Raises:
        DataError: a data file is missing or damaged.
    """
    return reader_of(read_json("en", "language.json"))
