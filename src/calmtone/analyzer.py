"""The composer: text to document, evidence, scores, hints, analysis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from .errors import EngineUnavailableError, TextTooLongError, UnknownEngineError
from .hints import Advisor
from .resources import read_json, read_records
from .results import Analysis, EngineInfo, Scores, SentenceAnalysis, Span
from .rules.matching import Match, Matcher, RuleSet
from .scoring import Reading, Scorer, scores_of
from .text import UNKNOWN, Document, language_from, read
from .version import __version__

TYPE_CHECKING = False  # as in typing, which takes long to import

if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    import numpy

ENGINES = ("auto", "rules", "onnx")
_NO_MODEL = "this version of calmtone has no ONNX engine yet"


class Analyzer:
    """Reads texts. Make one and keep it: threads may share it, and it pickles.

    Args:
        engine: "rules", "onnx", or "auto": ONNX where it can run, else the rules.
        model: the model for the ONNX engine.
        rules: files and folders with rules of your own, used beside the shipped ones; one
            with the id of a shipped rule stands in its place.
        threads: how many threads a model may use.
        max_chars: longest text that is accepted, in code points.

    Raises:
        UnknownEngineError: `engine` is none of the three.
        EngineUnavailableError: the engine that was asked for by name cannot run.
        RuleError: `rules` cannot be read or are wrong.
    """

    def __init__(
        self,
        engine: str = "auto",
        model: str | None = None,
        rules: Iterable[str | PathLike[str]] | str | PathLike[str] | None = None,
        threads: int = 1,
        max_chars: int = 100_000,
    ) -> None:
        if engine not in ENGINES:
            raise UnknownEngineError(
                f"engine={engine!r} is unknown: choose one of {', '.join(ENGINES)}"
            )
        if engine == "onnx" or model is not None:
            raise EngineUnavailableError(f"{_NO_MODEL}: use engine='auto' or 'rules'")
        if threads < 1 or max_chars < 1:
            raise ValueError("threads and max_chars must be at least 1")
        own = _paths(rules)
        self._arguments = (engine, model, own, threads, max_chars)
        self.max_chars = max_chars
        language, shipped, numbers, lexicon = _shipped()
        matchers = [shipped]
        if own is not None:
            matchers.append(_own_matcher(own, language))
        self._rules = RuleSet(*matchers)
        vocabulary = None
        if own is not None:
            vocabulary = f"{language['vocabulary']} {matchers[1].vocabulary}".split()
        self._language = language_from(language, vocabulary)
        self._scorer = Scorer(numbers, lexicon, self._rules.rules)
        self._advisor = Advisor(
            self._rules.rules, self._scorer, language["hints"], numbers["hints"]
        )
        self._unknown_share: float = numbers["notes"]["unknown_share"]
        self._least_words: int = numbers["notes"]["least_words"]
        self.rules_hash = f"{self._rules.hash}-{numbers['hash']}"
        fallback = _NO_MODEL if engine == "auto" else None
        self._engine = EngineInfo("rules", __version__, None, self.rules_hash, fallback)
        self._base = Scores(*self._scorer.base)

    def __reduce__(self) -> tuple[type[Analyzer], tuple[Any, ...]]:
        return type(self), self._arguments

    def analyze(self, text: str, *, reply_to: str | None = None) -> Analysis:
        """How a text will read, why, and what to consider before sending it.

        Args:
            text: the draft.
            reply_to: the message that it answers. Accepted, and not read yet.

        Raises:
            TypeError: `text` or `reply_to` is not a string.
            TextTooLongError: `text` is longer than `max_chars`.
        """
        self._check(text, reply_to)
        document, matches, reading = self._read(text)
        if reading is None:
            return self._blank(text)
        scorer, advisor = self._scorer, self._advisor
        scores = scores_of(reading.log_odds)
        evidence = scorer.evidence(document, matches, reading)
        return Analysis(
            text,
            scores,
            advisor.hints(document, matches, reading, scores, evidence),
            tuple(evidence),
            _sentences(document, reading, scores),
            advisor.pause(scores),
            self._engine,
            self._base,
            self._notes(document),
        )

    def analyze_batch(
        self, texts: Iterable[str], *, reply_to: Sequence[str | None] | None = None
    ) -> list[Analysis]:
        """The analyses of many texts, the same as one by one.

        Args:
            texts: the drafts.
            reply_to: for each draft the message that it answers, or None.

        Raises:
            ValueError: `reply_to` is not as long as `texts`.
            TypeError: as `analyze`, and when `texts` is a single string.
            TextTooLongError: as `analyze`.
        """
        texts = _listed(texts)
        contexts = [None] * len(texts) if reply_to is None else list(reply_to)
        if len(contexts) != len(texts):
            raise ValueError(
                f"reply_to has {len(contexts)} messages for {len(texts)} texts: "
                "give one for each, None where there is none"
            )
        return [
            self.analyze(text, reply_to=context)
            for text, context in zip(texts, contexts, strict=True)
        ]

    def score_batch(self, texts: Iterable[str]) -> numpy.ndarray[Any, Any]:
        """Scores alone, which is fastest.

        Returns:
            Array of shape (n, 3) and type float64, columns hostility, defensiveness,
            empathy, in [0, 1].

        Raises:
            TypeError: a text is not a string, or `texts` is a single one.
            TextTooLongError: a text is longer than `max_chars`.
        """
        import numpy

        texts = _listed(texts)
        rows = numpy.zeros((len(texts), 3))
        for row, text in zip(rows, texts, strict=True):
            self._check(text, None)
            reading = self._read(text)[2]
            if reading is not None:
                row[:] = scores_of(reading.log_odds)
        return rows

    def _read(self, text: str) -> tuple[Document, list[Match], Reading | None]:
        document = read(text, self._language)
        if not document.sentences:
            return document, [], None
        matches, neutral = self._rules.find(document)
        return document, matches, self._scorer.read(document, matches, neutral)

    def _check(self, text: object, reply_to: object) -> None:
        if not isinstance(text, str):
            raise TypeError(f"text must be a string, not {type(text).__name__}")
        if reply_to is not None and not isinstance(reply_to, str):
            raise TypeError(f"reply_to must be a string or None, not {type(reply_to).__name__}")
        if len(text) > self.max_chars:
            raise TextTooLongError(len(text), self.max_chars)

    def _blank(self, text: str) -> Analysis:
        zero = Scores(0.0, 0.0, 0.0)
        return Analysis(text, zero, (), (), (), None, self._engine, self._base, ())

    def _notes(self, document: Document) -> tuple[str, ...]:
        words = document.words
        unknown = words.count(UNKNOWN)
        if len(words) < self._least_words or unknown < self._unknown_share * len(words):
            return ()
        return (
            "Most words are unknown: calmtone reads English only, so take the scores lightly.",
        )


def _sentences(
    document: Document, reading: Reading, scores: Scores
) -> tuple[SentenceAnalysis, ...]:
    if len(reading.sentences) == 1:
        sentence = document.sentences[0]
        return (SentenceAnalysis(Span(sentence.start, sentence.end), scores),)
    return tuple(
        [
            SentenceAnalysis(Span(sentence.start, sentence.end), scores_of(part.log_odds))
            for sentence, part in zip(document.sentences, reading.sentences, strict=True)
        ]
    )


def _listed(texts: Iterable[str]) -> list[str]:
    if isinstance(texts, str):
        raise TypeError("texts must be several strings, not one: use analyze for one")
    return list(texts)


def _paths(
    rules: Iterable[str | PathLike[str]] | str | PathLike[str] | None,
) -> list[str] | None:
    import os

    if rules is None:
        return None
    if isinstance(rules, (str, os.PathLike)):
        rules = [rules]
    return [os.fspath(path) for path in rules]


@lru_cache(maxsize=1)
def _shipped() -> tuple[dict[str, Any], Matcher, dict[str, Any], dict[str, Any]]:
    """Language tables, rules, fitted numbers and lexicon; read once, shared by all."""
    language = read_json("en", "language.json")
    header, nodes = read_records("en", "rules.jsonl")
    matcher = Matcher({**header, "nodes": nodes}, language)
    return language, matcher, read_json("en", "scoring.json"), read_json("en", "lexicon.json")


def _own_matcher(paths: list[str], language: dict[str, Any]) -> Matcher:
    from .rules import built_in_lists
    from .rules.compiling import compile_rules
    from .rules.loading import RuleFolder, load

    folder = load(paths, known_lists=(lists := built_in_lists()))
    used = RuleFolder(folder.rules, {**lists, **folder.lists})
    return Matcher(compile_rules(used, language), language)


@lru_cache(maxsize=1)
def _default() -> Analyzer:
    return Analyzer()


def analyze(text: str, *, reply_to: str | None = None) -> Analysis:
    """`Analyzer().analyze`, with one shared analyzer.

    >>> analyze("Thanks for your patience, I know three weeks is a long wait.").hostility < 0.2
    True
    """
    return _default().analyze(text, reply_to=reply_to)
