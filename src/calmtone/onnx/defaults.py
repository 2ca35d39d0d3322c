"""The numbers of the engine itself, and those for models that have none: `engine.json`."""

from __future__ import annotations

from ..errors import DataError, ModelError
from ..model import BlendNumbers
from ..records import NamedTuple
from ..resources import read_json
from .stated import Stated

_DAMAGED = "the installation is damaged: reinstall calmtone, or use engine='rules'"
_MOST = 1 << 20


class Limits(NamedTuple):
    """The most rows, and the most tokens with padding, that run at once."""

    rows: int
    tokens: int


class SpanNumbers(NamedTuple):
    """How the spans of a token label are cut; see `calmtone.onnx.spans.token_spans`.

    A span is shown where the final score reaches `least_score`.
    """

    threshold: float
    join: int
    least_chars: int
    least_score: float


class Stray(NamedTuple):
    """Where marked words are none: in sentences that say nothing of their dimension.

    By the model's own calibrated log-odds such a sentence is below `plain`, and more than
    `gap` below the highest of its text.
    """

    plain: float
    gap: float


class Others(NamedTuple):
    """What holds for a model that does not say it. Lengths are in tokens."""

    overlap: int
    max_length: int
    reply_length: int
    blend: BlendNumbers
    span: SpanNumbers
    tolerance: float


class EngineNumbers(NamedTuple):
    """The model that is used by default, and what holds for all.

    `limits` is what runs at once; logits count as far from 0 as `largest_logit`;
    `sharpness` is that of pooling sentences (`calmtone.scoring.pooled`); `stray` says which
    marked words are left out.
    """

    default: str
    limits: Limits
    largest_logit: float
    sharpness: float
    stray: Stray
    others: Others


def engine_numbers() -> EngineNumbers:
    """The content of `engine.json`.

    Raises:
        ModelError: it is missing or damaged.
    """
    try:
        values = read_json("models", "engine.json")
    except DataError as error:
        raise ModelError(f"{error}, or use engine='rules'") from error
    stated = Stated(
        "calmtone", "engine.json", values if isinstance(values, dict) else {}, "", _DAMAGED
    )
    batch, others, stray = stated.part("batch"), stated.part("others"), stated.part("stray")
    return EngineNumbers(
        stated.text("default"),
        Limits(
            batch.whole("rows", least=1, most=_MOST), batch.whole("tokens", least=1, most=_MOST)
        ),
        stated.number("largest_logit", least=1, most=1e6),
        stated.number("sharpness", least=0),
        Stray(stray.number("plain"), stray.number("gap", least=0)),
        Others(
            others.whole("overlap", least=0, most=_MOST),
            others.whole("max_length", least=1, most=_MOST),
            others.whole("reply_length", least=0, most=_MOST),
            blend_of(others.part("blend"), others.part("calibration")),
            span_of(others.part("span")),
            others.number("tolerance", least=0),
        ),
    )


def blend_of(
    blend: Stated, calibration: Stated, default: BlendNumbers | None = None
) -> BlendNumbers:
    """The numbers of a dimension; those of an empty part are the default's, if there is one.

    Raises:
        ModelError: a number is missing or wrong.
    """
    weights = default[:3] if default is not None else None
    line = default[3:] if default is not None else None
    if weights is None or blend.values:
        weights = (blend.number("intercept"), blend.number("model"), blend.number("rules"))
    if line is None or calibration.values:
        slope = calibration.number("slope")
        if slope <= 0:
            raise calibration.wrong("slope", "above 0")
        line = (slope, calibration.number("intercept"))
    return BlendNumbers(*weights, *line)


def span_of(span: Stated, default: SpanNumbers | None = None) -> SpanNumbers:
    """How the spans of a label are cut; what is not stated is the default's.

    Raises:
        ModelError: a number is missing or wrong.
    """
    known = default._asdict() if default is not None else {}
    return SpanNumbers(
        span.number("threshold", known.get("threshold"), least=0, most=1),
        span.whole("join", known.get("join"), least=0, most=_MOST),
        span.whole("least_chars", known.get("least_chars"), least=0, most=_MOST),
        span.number("least_score", known.get("least_score"), least=0, most=1),
    )
