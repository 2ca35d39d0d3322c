"""The types of results: frozen, small, in code points of the caller's own text."""

from __future__ import annotations

from collections.abc import Callable

from .records import NamedTuple

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    from .replies.types import ReplyAnalysis

DIMENSIONS = ("hostility", "defensiveness", "empathy")
PRACTICES = (
    "pause",
    "think-first",
    "not-personal",
    "acknowledge",
    "own-it",
    "no-excuses",
    "no-buck-passing",
    "curiosity",
    "together",
    "next-step",
    "options",
    "backup",
    "follow-through",
    "warmth",
)
OFFSETS = ("codepoint", "utf-16", "utf-8")


class Span(NamedTuple):
    """Code points `start` to `end` (exclusive) of the caller's text."""

    start: int
    end: int


class _Scores(NamedTuple):
    hostility: float
    defensiveness: float
    empathy: float


class Scores(_Scores):
    """Three calibrated probabilities in [0, 1]; `scores["hostility"]` works too."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        """The score of a dimension, by name or position.

        Raises:
            KeyError: no dimension has this name.
        """
        if isinstance(key, str):
            if key not in DIMENSIONS:
                raise KeyError(f"{key!r} is none of {', '.join(DIMENSIONS)}")
            return getattr(self, key)
        return super().__getitem__(key)


class Evidence(NamedTuple):
    """Words that move a score.

    `rule` is a rule's id, `lexicon/<dimension>` for telling words of the fitted lexicon, or
    `model/<name>` for words that the model marks, or `context/<dimension>` for all that is
    left: the tone of the other words together.
    `weight` is in log-odds: `analysis.base[dimension]` plus the weights of a dimension is
    the log-odds of its score. Negative weights speak against the dimension.
    """

    rule: str
    dimension: str
    span: Span
    weight: float


class Hint(NamedTuple):
    """What to consider.

    `span` is None where something is missing rather than there. Each of `suggestions`
    can stand in place of the span's words (for a missing thing: be added). `effect` is
    the change of the dimension's score when the hint is followed, in [-1, 1].
    """

    rule: str
    practice: str
    dimension: str
    span: Span | None
    message: str
    suggestions: tuple[str, ...]
    effect: float


class ModelScores(NamedTuple):
    """What a model alone says, in [0, 1]; None for dimensions that it does not know."""

    hostility: float | None
    defensiveness: float | None
    empathy: float | None


class SentenceAnalysis(NamedTuple):
    """One sentence and its scores, taken by itself."""

    span: Span
    scores: Scores


class Pause(NamedTuple):
    """Why taking a breath before sending may help, and what usually helps."""

    reason: str
    helps: tuple[str, ...]


class EngineInfo(NamedTuple):
    """What produced a result.

    `version` is calmtone's, `model` the model's name and hash (None without one), `rules`
    the hash of rules and fitted numbers; `fallback` says why `auto` took the rules.
    """

    name: str
    version: str
    model: str | None
    rules: str
    fallback: str | None


class Analysis(NamedTuple):
    """How a text will read, why, and what to consider before sending it.

    `base` holds the log-odds of each score without any evidence. `notes` are remarks on
    the result itself, such as a text that seems not to be English. `rule_scores` are what
    the rules alone say, `model_scores` what the model alone says (None without a model).
    `reply` is what the text does about the message that it answers (None without one).
    """

    text: str
    scores: Scores
    hints: tuple[Hint, ...]
    evidence: tuple[Evidence, ...]
    sentences: tuple[SentenceAnalysis, ...]
    pause: Pause | None
    engine: EngineInfo
    base: Scores
    notes: tuple[str, ...]
    rule_scores: Scores
    model_scores: ModelScores | None
    reply: ReplyAnalysis | None

    @property
    def hostility(self) -> float:
        """Probability that readers rate the text clearly hostile, in [0, 1]."""
        return self.scores.hostility

    @property
    def defensiveness(self) -> float:
        """Probability that readers rate the text clearly defensive, in [0, 1]."""
        return self.scores.defensiveness

    @property
    def empathy(self) -> float:
        """Probability that readers rate the text clearly empathetic, in [0, 1]."""
        return self.scores.empathy

    def to_dict(self, offsets: str = "codepoint") -> dict[str, Any]:
        """The analysis as JSON-ready data; docs/schema.json describes it.

        Args:
            offsets: unit of all `start` and `end`: "codepoint", "utf-16" (JavaScript,
                Java, C#) or "utf-8" (bytes; a lone surrogate counts three).

        Raises:
            ValueError: `offsets` is none of the three.
        """
        at = _offset_mapping(self.text, offsets)

        def span(value: Span | None) -> dict[str, int] | None:
            return value and {"start": at(value.start), "end": at(value.end)}

        reply = None
        if self.reply is not None:
            there = _offset_mapping(self.reply.message, offsets)

            def message_span(value: Span) -> dict[str, int]:
                return {"start": there(value.start), "end": there(value.end)}

            reply = self.reply.to_dict(message_span, span)

        return {
            "text": self.text,
            "offsets": offsets,
            "scores": self.scores._asdict(),
            "hints": [
                {
                    **hint._asdict(),
                    "span": span(hint.span),
                    "suggestions": list(hint.suggestions),
                }
                for hint in self.hints
            ],
            "evidence": [
                {**evidence._asdict(), "span": span(evidence.span)}
                for evidence in self.evidence
            ],
            "sentences": [
                {"span": span(sentence.span), "scores": sentence.scores._asdict()}
                for sentence in self.sentences
            ],
            "pause": self.pause
            and {"reason": self.pause.reason, "helps": list(self.pause.helps)},
            "engine": self.engine._asdict(),
            "base": self.base._asdict(),
            "notes": list(self.notes),
            "rule_scores": self.rule_scores._asdict(),
            "model_scores": self.model_scores and self.model_scores._asdict(),
            "reply": reply,
        }

    def to_json(self, offsets: str = "codepoint") -> str:
        """`to_dict` as one line of JSON, ASCII only."""
        import json

        return json.dumps(self.to_dict(offsets))

    def _repr_html_(self) -> str:
        """The text with its evidence in colour, for notebooks."""
        from .html import analysis_html

        return analysis_html(self)


def _offset_mapping(text: str, offsets: str) -> Callable[[int], int]:
    """Code-point offsets of `text` to offsets in another unit."""
    if offsets not in OFFSETS:
        raise ValueError(f"offsets={offsets!r} is none of {', '.join(OFFSETS)}")
    if offsets == "codepoint" or text.isascii():
        return lambda offset: offset
    if offsets == "utf-16":
        sizes = [2 if char > "\uffff" else 1 for char in text]
    else:
        sizes = [len(char.encode("utf-8", "surrogatepass")) for char in text]
    places = [0]
    for size in sizes:
        places.append(places[-1] + size)
    return places.__getitem__
