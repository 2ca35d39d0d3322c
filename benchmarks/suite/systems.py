"""The systems that the suite compares. To add one, add a class here and name it in SYSTEMS.

A system is made in a process of its own (see `worker`), and only there imports its package.
It gives each text a score in [0, 1] for hostility, defensiveness and empathy, None where it
has no such score. A sentiment lexicon has one axis, so its negative end stands for hostility
and defensiveness and its positive end for empathy: the nearest thing that it can say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, ClassVar

from .system import FoundSpan, Row, System, Unavailable

__all__ = ["HUB", "SYSTEMS", "System", "Unavailable", "create"]
DIMENSIONS = ("hostility", "defensiveness", "empathy")
_JUST_OVER_HALF = 0.5 + 1e-9


class Calmtone(System):
    """calmtone with its rules."""

    title = "calmtone (rules)"
    packages = ("calmtone",)
    probabilities = True
    points_at = DIMENSIONS
    batches = True
    engine: ClassVar[str] = "rules"
    setup = "import calmtone\nread = calmtone.Analyzer(engine='rules').analyze"

    def __init__(self, model: str | None = None) -> None:
        from calmtone import Analyzer, CalmtoneError

        options = hub_options(model) if model else {}
        try:
            self._analyzer = Analyzer(engine=self.engine, max_chars=10**7, **options)
            self._analyzer.analyze("Thank you.")
        except (CalmtoneError, ImportError) as error:
            raise Unavailable(str(error)) from error

    def version(self) -> str:
        """Version and hashes of rules, numbers and model, and a hash of the code."""
        engine = self._analyzer.analyze("Thank you.").engine
        model = f" model {engine.model}" if engine.model else ""
        return f"calmtone {engine.version} rules {engine.rules}{model} code {_code_hash()}"

    def score(self, texts: Sequence[str], contexts: Sequence[str | None]) -> list[Row]:
        """Texts that answer a message are read with it, as a caller would."""
        alone = [text for text, context in zip(texts, contexts, strict=True) if not context]
        answers = [pair for pair in zip(texts, contexts, strict=True) if pair[1]]
        plain = iter(self._analyzer.score_batch(alone).tolist() if alone else [])
        read = iter(
            self._analyzer.analyze_batch(
                [text for text, _ in answers], reply_to=[context for _, context in answers]
            )
        )
        return [_row(next(read).scores if context else next(plain)) for context in contexts]

    def read(self, text: str) -> Any:
        """The whole analysis, with evidence and hints."""
        return self._analyzer.analyze(text)

    def prepare(self, texts: Sequence[str]) -> None:
        """Nothing: evidence is found text by text."""

    def spans(self, text: str) -> list[FoundSpan]:
        """Evidence that speaks for a dimension, but for the tone of the text as a whole."""
        return [
            (item.span.start, item.span.end, item.dimension)
            for item in self._analyzer.analyze(text).evidence
            if item.weight > 0 and not item.rule.startswith("context/")
        ]


class CalmtoneOnnx(Calmtone):
    """calmtone with its model."""

    title = "calmtone (model)"
    engine = "onnx"
    setup = "import calmtone\nread = calmtone.Analyzer(engine='onnx').analyze"


class HubModel(CalmtoneOnnx):
    """An ONNX text classifier of the Hugging Face Hub, by name, in calmtone's engine.

    `hf:owner/name`, with `@revision` and `?label=dimension&label=dimension` behind it where
    they are needed. Its own scores are measured, not what calmtone and its rules make of them.
    """

    title = "model from the Hub"
    setup = ""

    def score(self, texts: Sequence[str], contexts: Sequence[str | None]) -> list[Row]:
        """The model's own scores; None for what its labels do not say."""
        analyses = self._analyzer.analyze_batch(texts, reply_to=contexts)
        return [_row(getattr(each, "model_scores", None) or each.scores) for each in analyses]


class Vader(System):
    """VADER (Hutto and Gilbert 2014): the compound score, and its documented threshold."""

    title = "VADER"
    packages = ("vaderSentiment",)
    thresholds = (0.525, 0.525, 0.525)  # compound of -.05 or less, .05 or more
    setup = (
        "from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer\n"
        "read = SentimentIntensityAnalyzer().polarity_scores"
    )

    def __init__(self) -> None:
        module = import_module("vaderSentiment.vaderSentiment")
        self._read = module.SentimentIntensityAnalyzer().polarity_scores

    def score(self, texts: Sequence[str], contexts: Sequence[str | None]) -> list[Row]:
        """The compound score, from [-1, 1] to [0, 1]."""
        return [_axis(self._read(text)["compound"]) for text in texts]

    def read(self, text: str) -> Any:
        """One text."""
        return self._read(text)


class TextBlob(System):
    """TextBlob (Loria): polarity of its pattern lexicon."""

    title = "TextBlob"
    packages = ("textblob",)
    thresholds = (_JUST_OVER_HALF,) * 3
    setup = "from textblob import TextBlob\nread = lambda text: TextBlob(text).sentiment"

    def __init__(self) -> None:
        self._blob = import_module("textblob").TextBlob

    def score(self, texts: Sequence[str], contexts: Sequence[str | None]) -> list[Row]:
        """Polarity, from [-1, 1] to [0, 1]."""
        return [_axis(self._blob(text).sentiment.polarity) for text in texts]


class Afinn(System):
    """AFINN (Nielsen 2011): sum of word valences, squashed as VADER squashes its own sum."""

    title = "AFINN"
    packages = ("afinn",)
    thresholds = (_JUST_OVER_HALF,) * 3
    setup = "from afinn import Afinn\nread = Afinn().score"

    def __init__(self) -> None:
        self._read = import_module("afinn").Afinn().score

    def score(self, texts: Sequence[str], contexts: Sequence[str | None]) -> list[Row]:
        """The sum s as s / sqrt(s * s + 15), from [-1, 1] to [0, 1]."""
        sums = [self._read(text) for text in texts]
        return [_axis(s / (s * s + 15) ** 0.5) for s in sums]


class AltProfanity(System):
    """alt-profanity-check: a linear SVM on words, trained on tweets and on the Wikipedia
    comments of Jigsaw's challenge, which `jigsaw-talk` is from as well.
    """

    title = "alt-profanity-check"
    packages = ("alt-profanity-check",)
    probabilities = True
    batches = True
    setup = (
        "from profanity_check import predict_prob\nread = lambda text: predict_prob([text])[0]"
    )

    def __init__(self) -> None:
        self._predict = import_module("profanity_check").predict_prob

    def score(self, texts: Sequence[str], contexts: Sequence[str | None]) -> list[Row]:
        """The probability of profane or offensive language, as hostility."""
        return [(float(value), None, None) for value in self._predict(list(texts))]


class BetterProfanity(System):
    """better-profanity: whether a listed word occurs, in any of its spellings."""

    title = "better-profanity"
    packages = ("better-profanity",)
    setup = (
        "from better_profanity import profanity\nprofanity.load_censor_words()\n"
        "read = profanity.contains_profanity"
    )

    def __init__(self) -> None:
        self._profanity = import_module("better_profanity").profanity
        self._profanity.load_censor_words()
        self._words = self._profanity.CENSOR_WORDSET
        self._sorted = _Sorted(self._words)

    def score(self, texts: Sequence[str], contexts: Sequence[str | None]) -> list[Row]:
        """1 or 0, as hostility.

        The package compares every word with each of its 800 entries, 13 ms a message; here
        they are looked up faster, which changes no answer.
        """
        self._profanity.CENSOR_WORDSET = self._sorted
        return [(float(self._profanity.contains_profanity(text)), None, None) for text in texts]

    def read(self, text: str) -> Any:
        """One text, as the package does it."""
        self._profanity.CENSOR_WORDSET = self._words
        return self._profanity.contains_profanity(text)


class _Sorted(list[Any]):
    """better-profanity's entries by first letter and length; the package compares the rest."""

    def __init__(self, entries: Sequence[Any]) -> None:
        super().__init__(entries)
        self._shelves: dict[tuple[str, int], list[Any]] = {}
        for item in entries:
            for letter in {choice[:1] for choice in item._char_combos[0]}:
                for length in range(item._min_len, item._max_len + 1):
                    self._shelves.setdefault((letter, length), []).append(item)
        self._whole = any(not letter for letter, _ in self._shelves)

    def __contains__(self, item: object) -> bool:
        if self._whole or not isinstance(item, str):
            return super().__contains__(item)
        return item in self._shelves.get((item[:1], len(item)), ())


class TfIdf(System):
    """TF-IDF and logistic regression, trained on the same rated texts as calmtone."""

    title = "TF-IDF + logistic regression"
    packages = ("scikit-learn",)
    probabilities = True
    batches = True

    def __init__(self) -> None:
        from benchmarks.fit.corpus import load_messages, load_real, split

        try:
            train = [item for load in (load_messages, load_real) for item in split(load())[0]]
        except FileNotFoundError as error:
            raise Unavailable(f"no texts to train on: {error}") from error
        texts = [item.text for item in train]
        self._hash = _digest(f"{item.id} {item.ratings} {item.text}" for item in train)
        features = import_module("sklearn.feature_extraction.text")
        linear = import_module("sklearn.linear_model")
        self._vectorizer = features.TfidfVectorizer(
            ngram_range=(1, 2), min_df=2, sublinear_tf=True
        )
        x = self._vectorizer.fit_transform(texts)
        self._models = [
            linear.LogisticRegression(C=4, max_iter=1000).fit(
                x, [item.ratings[k] >= 2 for item in train]
            )
            for k in range(len(DIMENSIONS))
        ]

    def version(self) -> str:
        """scikit-learn's version and a hash of the training texts and ratings."""
        return f"{super().version()} trained on {self._hash}"

    def score(self, texts: Sequence[str], contexts: Sequence[str | None]) -> list[Row]:
        """Probabilities of a rating of 2 or more."""
        x = self._vectorizer.transform(texts)
        columns = [model.predict_proba(x)[:, 1].tolist() for model in self._models]
        return [_row(row) for row in zip(*columns, strict=True)]


SYSTEMS: dict[str, Callable[[], System]] = {
    "calmtone-rules": Calmtone,
    "calmtone-onnx": CalmtoneOnnx,
    "tfidf": TfIdf,
    "vader": Vader,
    "textblob": TextBlob,
    "afinn": Afinn,
    "alt-profanity-check": AltProfanity,
    "better-profanity": BetterProfanity,
}
HUB = "hf:"  # and owner/name: a model of the Hugging Face Hub


def create(name: str) -> System:
    """The system of a name, made.

    Raises:
        Unavailable: a package or a file is missing.
        KeyError: no system has this name.
    """
    try:
        if name.startswith(HUB):
            return HubModel(name.removeprefix(HUB))
        return SYSTEMS[name]()
    except ImportError as error:
        packages = " ".join(getattr(SYSTEMS.get(name), "packages", ()))
        raise Unavailable(f"{error}; install it with: pip install {packages}") from error


def hub_options(name: str) -> dict[str, Any]:
    """What to give to `Analyzer` for a model of the Hub.

    >>> hub_options("owner/name@1a2b?toxic=hostility")
    {'model': 'owner/name', 'revision': '1a2b', 'labels': {'toxic': 'hostility', '*': None}}
    """
    place, _, mapping = name.partition("?")
    model, _, revision = place.partition("@")
    options: dict[str, Any] = {"model": model}
    if revision:
        options["revision"] = revision
    if mapping:
        pairs = (pair.partition("=") for pair in mapping.split("&"))
        options["labels"] = {label: dimension or None for label, _, dimension in pairs}
        options["labels"].setdefault("*", None)
    return options


def _row(scores: Sequence[float | None]) -> Row:
    hostility, defensiveness, empathy = scores
    return (hostility, defensiveness, empathy)


def _axis(polarity: float) -> Row:
    """A polarity in [-1, 1] as the three scores: negative, negative, positive."""
    low, high = (1 - polarity) / 2, (1 + polarity) / 2
    return (low, low, high)


def _digest(lines: Any) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:12]


def _code_hash() -> str:
    """Of calmtone's own modules: a change of the code may change scores."""
    from pathlib import Path

    import calmtone

    root = Path(calmtone.__file__).parent
    outside = {root / "cli", root / "integrations"}
    return _digest(
        path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*.py"))
        if outside.isdisjoint(path.parents)
    )
