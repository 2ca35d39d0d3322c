"""What `calmtone.json` and `config.json` say of a model, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..errors import ModelError
from ..model import BlendNumbers
from ..records import NamedTuple
from ..results import DIMENSIONS
from .files import ModelFiles
from .labels import Column, columns_of, labels_of

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

SCHEMA = 1
# Models of this family count positions from the one after the padding.
_SHIFTED_POSITIONS = frozenset({"roberta", "xlm-roberta", "camembert", "mpnet", "longformer"})


class TokenLabel(NamedTuple):
    """A column of the token head: its name, its dimension, and how its spans are cut."""

    name: str
    dimension: int
    span: Mapping[str, Any]


class Settings(NamedTuple):
    """How to run a model and what its numbers mean.

    Lengths are in tokens, special tokens included. `names` are the columns of
    `logits`; `columns` has for each dimension those that speak for it. `margins` are how
    far the highest sentence has to be above the whole text, by dimension, to count in its
    place; None where it never does. `check` holds texts and their logits.
    """

    name: str
    max_length: int
    overlap: int
    reply_length: int
    pad_id: int
    mask: bool
    alone: bool
    softmax: bool
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    tokens: tuple[TokenLabel, ...]
    forms: tuple[tuple[str, str], ...]
    numbers: tuple[BlendNumbers, ...]
    margins: tuple[float, ...] | None
    check: tuple[tuple[str, tuple[float, ...]], ...]
    tolerance: float


def read_settings(
    files: ModelFiles,
    labels: Mapping[str, str | None] | None,
    defaults: Mapping[str, Any],
) -> Settings:
    """The settings of a model folder.

    Args:
        files: the folder.
        labels: what each label of the model means, in place of what the files say.
        defaults: the part `others` of `engine.json`.

    Raises:
        ModelError: a file is missing or wrong, or a label has no meaning.
    """
    own = files.json("calmtone.json", needed=False)
    config = files.json("config.json", needed=False)
    if not own and not config:
        raise ModelError(
            f"{files.name}: there is neither calmtone.json nor config.json: one of them has "
            "to name the model's labels"
        )
    if own and own.get("schema", SCHEMA) != SCHEMA:
        raise ModelError(
            f"{files.name}: calmtone.json has schema {own['schema']!r}, this version of "
            f"calmtone reads {SCHEMA}: update calmtone or take another revision of the model"
        )
    try:
        return _settings(files, own, config, labels, defaults)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        if isinstance(error, ModelError):
            raise
        kind = "has no key" if isinstance(error, KeyError) else "is wrong:"
        raise ModelError(
            f"{files.name}: calmtone.json {kind} {error}: see docs/models.md for its format"
        ) from error


def _settings(
    files: ModelFiles,
    own: Mapping[str, Any],
    config: Mapping[str, Any],
    labels: Mapping[str, str | None] | None,
    defaults: Mapping[str, Any],
) -> Settings:
    names = columns_of(files.name, own, config)
    meanings = labels_of(files.name, names, own, labels)
    activation = own.get("activation") or _activation(own, config, len(names))
    if activation not in ("sigmoid", "softmax"):
        raise ModelError(
            f"{files.name}: activation {activation!r} is neither 'sigmoid' nor 'softmax'"
        )
    max_length = _max_length(files, own, config, int(defaults["max_length"]))
    overlap = int(own.get("overlap", min(defaults["overlap"], max_length // 4)))
    reply = own.get("reads_reply_to") or False
    reply_length = int(own.get("reply_length", defaults["reply_length"])) if reply else 0
    if max_length - 2 - reply_length <= overlap or overlap < 0:
        raise ModelError(
            f"{files.name}: windows of {max_length} tokens that overlap by {overlap} leave no "
            "room for a text: raise max_length or lower overlap"
        )
    check = own.get("check") or {}
    return Settings(
        name=str(own.get("name") or files.name),
        max_length=max_length,
        overlap=overlap,
        reply_length=reply_length,
        pad_id=int(own.get("pad_id", config.get("pad_token_id") or 0)),
        mask=bool(own.get("mask", False)),
        alone=not own.get("batch_invariant", True),
        softmax=activation == "softmax",
        names=tuple(names),
        columns=tuple(_meaning(names, meanings, name) for name in DIMENSIONS),
        tokens=_token_labels(own, defaults["span"]),
        forms=tuple((form["dimension"], form["form"]) for form in own.get("forms", ())),
        numbers=_numbers(own, defaults),
        margins=_margins(own),
        check=tuple(
            (text, tuple(map(float, logits))) for text, logits in check.get("texts", ())
        ),
        tolerance=float(check.get("tolerance", defaults["tolerance"])),
    )


def _activation(own: Mapping[str, Any], config: Mapping[str, Any], width: int) -> str:
    """What the labels are to each other: several may hold, or just one."""
    if own.get("labels") or width == 1:
        return "sigmoid"
    several = config.get("problem_type") == "multi_label_classification"
    return "sigmoid" if several else "softmax"


def _meaning(
    names: Sequence[str], meanings: Mapping[str, str | None], dimension: str
) -> Column:
    return tuple(i for i, name in enumerate(names) if meanings[name] == dimension)


def _max_length(
    files: ModelFiles, own: Mapping[str, Any], config: Mapping[str, Any], most: int
) -> int:
    if "max_length" in own:
        return int(own["max_length"])
    lengths = [most]
    positions = config.get("max_position_embeddings")
    if isinstance(positions, int):
        shift = 2 if config.get("model_type") in _SHIFTED_POSITIONS else 0
        lengths.append(positions - shift)
    tokenizer = files.json("tokenizer_config.json", needed=False)
    if isinstance(tokenizer.get("model_max_length"), int):
        lengths.append(tokenizer["model_max_length"])
    return min(lengths)


def _token_labels(own: Mapping[str, Any], default: Mapping[str, Any]) -> tuple[TokenLabel, ...]:
    spans = own.get("spans", {})
    return tuple(
        TokenLabel(
            label["name"],
            DIMENSIONS.index(label["dimension"]),
            {**default, **spans.get(label["name"], {})},
        )
        for label in own.get("token_labels", ())
    )


def _margins(own: Mapping[str, Any]) -> tuple[float, ...] | None:
    margins = own.get("sentence_margin")
    return None if margins is None else tuple(float(margins[name]) for name in DIMENSIONS)


def _numbers(own: Mapping[str, Any], defaults: Mapping[str, Any]) -> tuple[BlendNumbers, ...]:
    numbers = []
    for name in DIMENSIONS:
        blend = own.get("blend", {}).get(name, defaults["blend"])
        calibration = own.get("calibration", {}).get(name, defaults["calibration"])
        slope = float(calibration["slope"])
        if slope <= 0:
            raise ValueError(f"calibration of {name}: the slope {slope} is not above 0")
        numbers.append(
            BlendNumbers(
                float(blend["intercept"]),
                float(blend["model"]),
                float(blend["rules"]),
                slope,
                float(calibration["intercept"]),
            )
        )
    return tuple(numbers)
