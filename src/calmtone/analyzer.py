"""The composer: text to document, evidence, scores, hints, analysis."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, partial

from .arguments import absolute, count, paths, share
from .blending import Blended, blend, blended_base, blended_evidence, model_scores
from .composing import engine_of, replier_of
from .engines import choose_model
from .errors import ModelError, TextTooLongError
from .hints import Advisor
from .model import Model, ModelReading, chunks
from .ranking import rank
from .replies.pause import Pauser
from .replies.quoting import unquoted
from .resources import read_json, read_records
from .results import (
    Analysis,
    EngineInfo,
    ModelScores,
    Pause,
    Scores,
    SentenceAnalysis,
    Span,
)
from .rules.matching import Match, Matcher, RuleSet
from .scoring import Reading, Scorer, scores_of
from .text import UNKNOWN, Document, language_from, read
from .version import __version__

TYPE_CHECKING = False  # as in typing, which takes long to import

if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    import numpy

    from .compiled import Replier
    from .replies import ReplyAnalysis, ReplyReader

_UNKNOWN_NOTE = (
    "Most words are unknown: calmtone reads English only, so take the scores lightly."
)


class Analyzer:
    """Reads texts. Make one and keep it: threads may share it, and it pickles.

    Args:
        engine: "rules", "onnx" (rules and model together), or "auto": ONNX where it can
            run, else the rules.
        model: the model for the ONNX engine: the name of one that ships, a folder, or
            `owner/name` on the Hugging Face Hub. One of the Hub is fetched if it is not in
            the local cache; to name it is to ask for it. A path object is always a folder.
            Without it the shipped model.
        rules: files and folders with rules of your own, used beside the shipped ones; one
            with the id of a shipped rule stands in its place.
        threads: how many threads a model may use; never more than the process may use
            processors.
        max_chars: longest text that is accepted, in code points.
        revision: commit, tag or branch of a model of the Hub.
        labels: for each label of the model the dimension that it stands for, or None;
            `"*"` stands for all others. For models that do not say it themselves.
        pause_over: from which probability on a pause is asked for, in [0, 1]: less asks
            sooner. None is the default, 0.5 (docs/replies.md).

    Raises:
        UnknownEngineError: `engine` is none of the three.
        EngineUnavailableError: the engine that was asked for by name cannot run.
        ModelError: the model that was named cannot be used.
        RuleError: `rules` cannot be read or are wrong.
        TypeError: an argument is of a wrong type.
        ValueError: `threads` or `max_chars` is below 1, or `pause_over` outside of 0 to 1.
    """

    def __init__(
        self,
        engine: str = "auto",
        model: str | PathLike[str] | None = None,
        rules: Iterable[str | PathLike[str]] | str | PathLike[str] | None = None,
        threads: int = 1,
        max_chars: int = 100_000,
        revision: str | None = None,
        labels: Mapping[str, str | None] | None = None,
        pause_over: float | None = None,
    ) -> None:
        threads, max_chars = count("threads", threads), count("max_chars", max_chars)
        self._pause_over = share("pause_over", pause_over)
        self._model, fallback = choose_model(engine, model, revision, labels, threads)
        own = paths(rules)
        named = None
        if model is not None and self._model is not None:
            named = f"{self._model.name} {self._model.hash}"
            model, revision = self._model.source
        # As another process finds the same, wherever it works and whatever a branch is by then.
        self._again = (
            (
                engine,
                model,
                absolute(own),
                threads,
                max_chars,
                revision,
                None if labels is None else dict(labels),
                pause_over,
            ),
            named,
        )
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
            self._rules.rules,
            self._scorer,
            language["hints"],
            numbers["hints"],
            self._acts,
        )
        self._unknown_share: float = numbers["notes"]["unknown_share"]
        self._least_words: int = numbers["notes"]["least_words"]
        self._foreign = frozenset(language["foreign"])
        self.rules_hash = f"{self._rules.hash}-{numbers['hash']}"
        name, heard = "rules", None
        if self._model is not None:
            name, heard = "onnx", f"{self._model.name} {self._model.hash}"
        self._pauser = Pauser(read_json("en", "pause.json"), language["replies"]["pause"], name)
        self._engine = EngineInfo(name, __version__, heard, self.rules_hash, fallback)
        self._base = Scores(*self._scorer.base)
        self._compiled = None
        if self._model is None:
            settings = {
                **self._scorer.settings(),
                **self._advisor.settings(),
                "least_words": self._least_words,
                "foreign": partial(_few_words, foreign=self._foreign),
                "unknown_share": self._unknown_share,
                "note": (_UNKNOWN_NOTE,),
                "engine": self._engine,
                "base_scores": self._base,
                "pause": partial(_pause, self._pauser, pause_over),
            }
            self._compiled = engine_of(self._language, self._rules, settings)

    def __reduce__(self) -> tuple[Callable[..., Analyzer], tuple[Any, ...]]:
        return _made_again, (type(self), *self._again)

    @property
    def engine(self) -> EngineInfo:
        """What produces the results; every analysis has it too."""
        return self._engine

    def analyze(self, text: str, *, reply_to: str | None = None) -> Analysis:
        """How a text will read, why, and what to consider before sending it.

        Args:
            text: the draft.
            reply_to: the message that it answers: what that needs, and what the draft does
                about it, is the result's `reply`, and what is missing becomes hints. Read by
                models that learned to, too.

        Raises:
            TypeError: `text` or `reply_to` is not a string.
            TextTooLongError: `text` or `reply_to` is longer than `max_chars`.
        """
        self._check(text, reply_to)
        if reply_to is not None:
            reply_to = unquoted(reply_to)
        if self._compiled is not None:
            if reply_to is None:
                return self._compiled.analyze(text) or self._blank(text)
            if self._replier is not None:
                analysis = self._compiled.answer(text) or self._blank(text)
                return self._answering(analysis, self._replier.read(reply_to, text))
        document, matches, reading = self._read(text)
        heat = None
        if reading is None:
            analysis = self._blank(text)
        elif self._model is None:
            analysis = self._ruled(document, matches, reading)
        else:
            [heard] = self._model.read([document], [reply_to])
            analysis = self._blended(self._model, document, matches, reading, heard)
            heat = heard.heat
        if reply_to is None:
            return analysis
        return self._answering(analysis, self._reply(document, reply_to, heat))

    @cached_property
    def _replier(self) -> Replier | None:
        return replier_of(self._language, _reply_reader())

    def _reply(
        self, document: Document, reply_to: str, heat: float | None = None
    ) -> ReplyAnalysis:
        """What a text does about the message that it answers.

        Args:
            document: the text.
            reply_to: the message.
            heat: what the model adds to the message's heat (`ModelReading.heat`).
        """
        return _reply_reader().read(read(reply_to, self._language), document, heat)

    def _answering(self, analysis: Analysis, reply: ReplyAnalysis) -> Analysis:
        """The analysis of a text by itself, with what it does about the message answered."""
        # The hints that guess what is missing give way to those that the message asks for.
        hints = [hint for hint in analysis.hints if not hint.rule.startswith("missing/")]
        gain = self._scorer.gain_of(analysis.scores.empathy, 2) if reply.missing else 0.0
        hints += _reply_reader().hints(reply, gain, hints, analysis)
        pause = self._pause(analysis.scores, reply) if analysis.sentences else None
        return analysis._replace(hints=rank(hints, analysis.scores), pause=pause, reply=reply)

    def _pause(self, scores: Scores, reply: ReplyAnalysis | None) -> Pause | None:
        return _pause(self._pauser, self._pause_over, scores, reply)

    def _ruled(self, document: Document, matches: list[Match], reading: Reading) -> Analysis:
        """What the rules alone say."""
        scorer, advisor = self._scorer, self._advisor
        scores = scores_of(reading.log_odds)
        evidence = scorer.evidence(document, matches, reading)
        return Analysis(
            document.text,
            scores,
            advisor.hints(document, matches, reading, scores, evidence),
            tuple(evidence),
            _sentences(document, reading, scores),
            self._pause(scores, None),
            self._engine,
            self._base,
            self._notes(document),
            scores,
            None,
            None,
        )

    def _blended(
        self,
        model: Model,
        document: Document,
        matches: list[Match],
        reading: Reading,
        heard: ModelReading,
    ) -> Analysis:
        """What the rules and a model say together."""
        scorer, advisor, numbers = self._scorer, self._advisor, model.numbers
        base, logits = scorer.base, heard.logits
        scores = scores_of(blend(reading.log_odds, logits, numbers))
        evidence = blended_evidence(
            scorer.evidence(document, matches, reading),
            heard,
            base,
            numbers,
            scores,
            scorer.evidence_least,
        )
        blended = Blended(reading.log_odds, base, heard, numbers)
        sentences = [
            SentenceAnalysis(
                Span(sentence.start, sentence.end),
                scores_of(blend(part.log_odds, own, numbers)),
            )
            for sentence, part, own in zip(
                document.sentences, reading.sentences, heard.sentences, strict=True
            )
        ]
        return Analysis(
            document.text,
            scores,
            advisor.hints(document, matches, reading, scores, evidence, blended),
            tuple(evidence),
            tuple(sentences),
            self._pause(scores, None),
            self._engine,
            Scores(*blended_base(base, logits, numbers)),
            self._notes(document),
            scores_of(reading.log_odds),
            ModelScores(*model_scores(logits, numbers)),
            None,
        )

    def analyze_batch(
        self, texts: Iterable[str], *, reply_to: Sequence[str | None] | None = None
    ) -> list[Analysis]:
        """The analyses of many texts, the same as one by one (with a model, within 0.00001).

        Args:
            texts: the drafts.
            reply_to: for each draft the message that it answers, or None.

        Raises:
            ValueError: `reply_to` is not as long as `texts`.
            TypeError: as `analyze`, and when `texts` or `reply_to` is a single string.
            TextTooLongError: as `analyze`.
        """
        texts = _listed(texts)
        if isinstance(reply_to, str):
            raise TypeError("reply_to must hold a message or None for each text, not be one")
        contexts = [None] * len(texts) if reply_to is None else list(reply_to)
        if len(contexts) != len(texts):
            raise ValueError(
                f"reply_to has {len(contexts)} messages for {len(texts)} texts: "
                "give one for each, None where there is none"
            )
        if self._model is None:
            return [
                self.analyze(text, reply_to=context)
                for text, context in zip(texts, contexts, strict=True)
            ]
        for text, context in zip(texts, contexts, strict=True):
            self._check(text, context)
        contexts = [None if said is None else unquoted(said) for said in contexts]
        analyses: list[Analysis] = []
        for part in chunks(list(map(len, texts))):
            analyses += self._together(self._model, texts[part], contexts[part])
        return analyses

    def _together(
        self, model: Model, texts: Sequence[str], contexts: Sequence[str | None]
    ) -> list[Analysis]:
        """The analyses of texts that the model reads at once."""
        found = [self._read(text) for text in texts]
        worded = [i for i, (_, _, reading) in enumerate(found) if reading is not None]
        heard = iter(model.read([found[i][0] for i in worded], [contexts[i] for i in worded]))
        analyses = []
        for (document, matches, reading), context in zip(found, contexts, strict=True):
            if reading is None:
                analysis, heat = self._blank(document.text), None
            else:
                said = next(heard)
                analysis = self._blended(model, document, matches, reading, said)
                heat = said.heat
            if context is not None:
                analysis = self._answering(analysis, self._reply(document, context, heat))
            analyses.append(analysis)
        return analyses

    def score_batch(self, texts: Iterable[str]) -> numpy.ndarray[Any, Any]:
        """Scores alone, which is fastest.

        Each text is read by itself. With a model the scores are not those of `analyze` with
        `reply_to`, which the model reads too.

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
        if self._model is not None:
            for text in texts:
                self._check(text, None)
            for part in chunks(list(map(len, texts))):
                self._score(self._model, texts[part], rows[part])
            return rows
        if self._compiled is not None:
            if {*map(type, texts)} != {str} or max(map(len, texts), default=0) > self.max_chars:
                for text in texts:
                    self._check(text, None)
            self._compiled.score(texts, rows)
            return rows
        for row, text in zip(rows, texts, strict=True):
            self._check(text, None)
            reading = self._read(text)[2]
            if reading is not None:
                row[:] = scores_of(reading.log_odds)
        return rows

    def _score(self, model: Model, texts: Sequence[str], rows: numpy.ndarray[Any, Any]) -> None:
        """Fill in the scores of texts that the model reads at once."""
        found = []
        for row, text in zip(rows, texts, strict=True):
            document, _, reading = self._read(text)
            if reading is not None:
                found.append((row, document, reading))
        heard = model.read([document for _, document, _ in found], details=False)
        for (row, _, reading), said in zip(found, heard, strict=True):
            row[:] = scores_of(blend(reading.log_odds, said.logits, model.numbers))

    def _read(self, text: str) -> tuple[Document, list[Match], Reading | None]:
        document = read(text, self._language)
        if not document.sentences:
            return document, [], None
        matches, neutral = self._rules.find(document)
        return document, matches, self._scorer.read(document, matches, neutral)

    def _acts(self, text: str) -> Container[str]:
        """What rules find that a text does as an answer, whatever it answers.

        The fitted reader of answers would say it better, and take five times the memory.
        """
        from .rules.acts import COUNTS

        matcher = _acts_matcher()
        found = matcher.find(read(text, self._language))
        rules = [matcher.rules[match.rule] for match in found]
        return {rule.dimension for rule in rules if rule.strength == COUNTS}

    def _check(self, text: object, reply_to: object) -> None:
        if not isinstance(text, str):
            raise TypeError(f"text must be a string, not {type(text).__name__}")
        if reply_to is not None and not isinstance(reply_to, str):
            raise TypeError(f"reply_to must be a string or None, not {type(reply_to).__name__}")
        for name, part in (("the text", text), ("reply_to", reply_to or "")):
            if len(part) > self.max_chars:
                raise TextTooLongError(len(part), self.max_chars, name)

    def _blank(self, text: str) -> Analysis:
        zero = Scores(0.0, 0.0, 0.0)
        return Analysis(
            text, zero, (), (), (), None, self._engine, self._base, (), zero, None, None
        )

    def _notes(self, document: Document) -> tuple[str, ...]:
        words = document.words
        unknown = words.count(UNKNOWN)
        if len(words) < self._least_words:
            spoken = len(words) - len(document.sentences)
            return _few_words(document.text, unknown, spoken, foreign=self._foreign)
        return (_UNKNOWN_NOTE,) if unknown >= self._unknown_share * len(words) else ()


def _few_words(
    text: str, unknown: int, words: int, *, foreign: Container[str]
) -> tuple[str, ...]:
    """The notes on a text of few words, `unknown` of which no table knows."""
    from .tongues import is_foreign

    return (_UNKNOWN_NOTE,) if is_foreign(text, unknown, words, foreign) else ()


def _pause(
    pauser: Pauser, over: float | None, scores: Scores, reply: ReplyAnalysis | None = None
) -> Pause | None:
    words = pauser.decide(scores, reply, over)
    return None if words is None else Pause(*words)


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


def _made_again(
    kind: type[Analyzer], arguments: tuple[Any, ...], named: str | None
) -> Analyzer:
    """The same analyzer in another process.

    Args:
        kind: its class.
        arguments: of the class.
        named: name and hash of the model that its maker named, if any.

    Raises:
        ModelError: the model is another one by now.
    """
    analyzer = kind(*arguments)
    if named is not None and analyzer.engine.model != named:
        raise ModelError(
            f"the analyzer's model was {named}, and is {analyzer.engine.model} by now: make a "
            "new Analyzer"
        )
    return analyzer


@lru_cache(maxsize=1)
def _shipped() -> tuple[dict[str, Any], Matcher, dict[str, Any], dict[str, Any]]:
    """Language tables, rules, fitted numbers and lexicon; read once, shared by all."""
    language = read_json("en", "language.json")
    header, nodes = read_records("en", "rules.jsonl")
    matcher = Matcher({**header, "nodes": nodes}, language)
    return language, matcher, read_json("en", "scoring.json"), read_json("en", "lexicon.json")


@lru_cache(maxsize=1)
def _acts_matcher() -> Matcher:
    header, nodes = read_records("en", "does.jsonl")
    return Matcher({**header, "nodes": nodes}, _shipped()[0])


@lru_cache(maxsize=1)
def _reply_reader() -> ReplyReader:
    from .replies.reader import reader_of

    return reader_of(_shipped()[0])


def _own_matcher(paths: list[str], language: dict[str, Any]) -> Matcher:
    from .rules import built_in_lists
    from .rules.compiling import compile_rules
    from .rules.loading import RuleFolder, load

    folder = load(paths, known_lists=(lists := built_in_lists()))
    used = RuleFolder(folder.rules, {**lists, **folder.lists})
    return Matcher(compile_rules(used, language), language)


@lru_cache(maxsize=1)
def default_analyzer() -> Analyzer:
    """The analyzer that the functions of this package share."""
    return Analyzer()


def analyzer_or_shared(analyzer: Analyzer | None) -> Analyzer:
    """The analyzer that a function was given, or the shared one.

    Whatever reads texts as an `Analyzer` does may stand in for one.

    Raises:
        TypeError: it is something else, such as the name of an engine.
    """
    if analyzer is None:
        return default_analyzer()
    if not any(hasattr(analyzer, name) for name in ("analyze", "analyze_batch")):
        raise TypeError(
            f"analyzer must be an Analyzer or None, not {type(analyzer).__name__}: make one, "
            'as Analyzer(engine="rules")'
        )
    return analyzer


def analyze(text: str, *, reply_to: str | None = None) -> Analysis:
    """`Analyzer().analyze`, with one shared analyzer.

    >>> analyze("Thanks for your patience, I know three weeks is a long wait.").hostility < 0.2
    True
    """
    return default_analyzer().analyze(text, reply_to=reply_to)
