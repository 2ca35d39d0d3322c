"""What `calmtone.json` and `config.json` say of a model, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..errors import ModelError
from ..model import BlendNumbers, Logits
from ..records import NamedTuple
from ..results import DIMENSIONS
from .defaults import Others, blend_of, span_of
from .files import ModelFiles
from .labels import (
    OTHERS,
    Column,
    Meanings,
    check_exclusive,
    columns_of,
    labels_of,
    stated_meanings,
)
from .stated import Stated, is_number

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

SCHEMA = 1
_LONGEST = 1 << 20
_LARGEST_ID = (1 << 31) - 1
# Models of this family count positions from the one after the padding.
_SHIFTED_POSITIONS = frozenset({"roberta", "xlm-roberta", "camembert", "mpnet", "longformer"})


class TokenLabel(NamedTuple):
    """A column of the token head: its name, its dimension, and how its spans are cut."""

    name: str
    dimension: int
    span: Mapping[str, Any]


class Short(NamedTuple):
    """What the logits of short texts are made to: `logit * (1 + s * steeper) + s * lift`.

    `s` is how short a text is, from 0 at `words` different words to 1; by dimension.
    """

    words: int
    steeper: tuple[float, ...]
    lift: tuple[float, ...]

    def applied(self, logits: Logits, share: float) -> Logits:
        """The logits of a text that is so short; as they are where it is not."""
        if share <= 0:
            return logits
        return [
            None if logit is None else logit * (1 + share * steeper) + share * lift
            for logit, steeper, lift in zip(logits, self.steeper, self.lift, strict=True)
        ]


class Settings(NamedTuple):
    """How to run a model and what its numbers mean.

    Lengths are in tokens, special tokens included. `names` are the columns of
    `logits`; `columns` has for each dimension those that speak for it. `margins` are how
    far the highest sentence has to be above the whole text, by dimension, to count in its
    place; None where it never does. `short` is what short texts need, if anything. `check`
    holds texts and their logits by dimension, None for those that the model does not know, as
    the model's own files map its labels (`stated_columns`); the caller may map them otherwise.
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
    stated_columns: tuple[Column, ...]
    tokens: tuple[TokenLabel, ...]
    forms: tuple[tuple[str, str], ...]
    numbers: tuple[BlendNumbers, ...]
    margins: tuple[float, ...] | None
    short: Short | None
    check: tuple[tuple[str, Logits], ...]
    tolerance: float


def read_settings(files: ModelFiles, labels: Meanings | None, defaults: Others) -> Settings:
    """The settings of a model folder.

    Args:
        files: the folder.
        labels: what each label of the model means, in place of what the files say.
        defaults: what holds where the files say nothing.

    Raises:
        ModelError: a file is missing or wrong, or a label has no meaning.
    """
    own = files.stated("calmtone.json", needed=False)
    config = files.stated("config.json", needed=False)
    if not own.values and not config.values:
        raise ModelError(
            f"{files.name}: there is neither calmtone.json nor config.json: one of them has "
            "to name the model's labels"
        )
    schema = own.values.get("schema", SCHEMA)
    if schema != SCHEMA or isinstance(schema, bool):
        raise ModelError(
            f"{files.name}: calmtone.json has schema {schema!r}, this version of calmtone "
            f"reads {SCHEMA}: update calmtone or take another revision of the model"
        )
    names = columns_of(own, config)
    softmax = _activation(own, config, len(names)) == "softmax"
    stated, meanings = _meanings(files.name, names, own, labels)
    if softmax:
        check_exclusive(files.name, meanings)
    max_length, overlap, reply_length = _lengths(files, own, config, defaults)
    check = own.part("check")
    return Settings(
        name=own.text("name", files.name),
        max_length=max_length,
        overlap=overlap,
        reply_length=reply_length,
        pad_id=_pad_id(own, config),
        mask=own.flag("mask", default=False),
        alone=not own.flag("batch_invariant", default=True),
        softmax=softmax,
        names=tuple(names),
        columns=_columns(names, meanings),
        stated_columns=_columns(names, stated),
        tokens=_token_labels(own, defaults),
        forms=tuple((_dimension(form), form.text("form")) for form in own.parts("forms")),
        numbers=_numbers(own, defaults),
        margins=_margins(own),
        short=_short(own),
        check=_checks(check),
        tolerance=check.number("tolerance", defaults.tolerance, least=0),
    )


def _meanings(
    model: str, names: Sequence[str], own: Stated, labels: Meanings | None
) -> tuple[Meanings, Meanings]:
    """What the labels mean by the model's own files, and what they are to mean now."""
    stated = stated_meanings(names, own)
    if labels is None:
        meanings = labels_of(model, names, stated, "calmtone.json")
        return meanings, meanings
    meanings = labels_of(model, names, labels, "labels")
    if OTHERS not in stated and not all(name in stated for name in names):
        return meanings, meanings  # what the files leave open, a caller may say
    return {name: stated.get(name, stated.get(OTHERS)) for name in names}, meanings


def _columns(names: Sequence[str], meanings: Meanings) -> tuple[Column, ...]:
    """By dimension the labels that stand for it."""
    return tuple(
        tuple(i for i, name in enumerate(names) if meanings.get(name) == dimension)
        for dimension in DIMENSIONS
    )


def _activation(own: Stated, config: Stated, width: int) -> str:
    """What the labels are to each other: several may hold, or just one."""
    several = config.values.get("problem_type") == "multi_label_classification"
    usual = "sigmoid" if "labels" in own or width == 1 or several else "softmax"
    activation = own.text("activation", usual)
    if activation not in ("sigmoid", "softmax"):
        raise own.wrong("activation", "'sigmoid' or 'softmax'")
    return activation


def _lengths(
    files: ModelFiles, own: Stated, config: Stated, defaults: Others
) -> tuple[int, int, int]:
    """Tokens of a window, those that two windows share, and those of the message answered."""
    usual = _max_length(files, config, defaults.max_length)
    max_length = own.whole("max_length", usual, least=1, most=_LONGEST)
    shared = min(defaults.overlap, max_length // 4)
    overlap = own.whole("overlap", shared, least=0, most=_LONGEST)
    reply_length = own.whole("reply_length", defaults.reply_length, least=0, most=_LONGEST)
    if not own.flag("reads_reply_to", default=False):
        reply_length = 0
    if max_length - 2 - reply_length <= overlap:
        raise ModelError(
            f"{files.name}: windows of {max_length} tokens that overlap by {overlap} leave no "
            "room for a text: raise max_length or lower overlap"
        )
    return max_length, overlap, reply_length


def _max_length(files: ModelFiles, config: Stated, most: int) -> int:
    """The longest window that the files of transformers allow."""
    tokenizer = files.stated("tokenizer_config.json", needed=False)
    lengths = [most]
    if "max_position_embeddings" in config:
        positions = config.whole(
            "max_position_embeddings", least=-_LARGEST_ID, most=_LARGEST_ID
        )
        shift = 2 if config.values.get("model_type") in _SHIFTED_POSITIONS else 0
        if positions > 0:  # some that have no limit say -1
            lengths.append(positions - shift)
    # A number beyond all bounds, whole or not, says that nobody knows.
    length = tokenizer.values.get("model_max_length")
    if is_number(length) and isinstance(length, int) and length > 0:
        lengths.append(length)
    return max(1, min(lengths))


def _pad_id(own: Stated, config: Stated) -> int:
    source, key = (own, "pad_id") if "pad_id" in own else (config, "pad_token_id")
    return source.whole(key, 0, least=0, most=_LARGEST_ID)


def _dimension(part: Stated) -> str:
    name = part.text("dimension")
    if name not in DIMENSIONS:
        raise part.wrong("dimension", f"one of {', '.join(DIMENSIONS)}")
    return name


def _token_labels(own: Stated, defaults: Others) -> tuple[TokenLabel, ...]:
    spans = own.part("spans")
    found = []
    for label in own.parts("token_labels"):
        name, dimension = label.text("name"), DIMENSIONS.index(_dimension(label))
        span = span_of(spans.part(name), defaults.span)
        found.append(TokenLabel(name, dimension, span._asdict()))
    return tuple(found)


def _margins(own: Stated) -> tuple[float, ...] | None:
    if "sentence_margin" not in own:
        return None
    margins = own.part("sentence_margin")
    return tuple(margins.number(name) for name in DIMENSIONS)


def _short(own: Stated) -> Short | None:
    if "short" not in own:
        return None
    short = own.part("short")
    steeper, lift = short.part("steeper"), short.part("lift")
    return Short(
        short.whole("words", least=1, most=_LONGEST),
        tuple(steeper.number(name) for name in DIMENSIONS),
        tuple(lift.number(name) for name in DIMENSIONS),
    )


def _numbers(own: Stated, defaults: Others) -> tuple[BlendNumbers, ...]:
    blend, calibration = own.part("blend"), own.part("calibration")
    return tuple(
        blend_of(blend.part(name), calibration.part(name), defaults.blend)
        for name in DIMENSIONS
    )


def _checks(check: Stated) -> tuple[tuple[str, Logits], ...]:
    """Texts, and their logits by dimension."""
    wanted = f"a list of [text, [{', '.join(DIMENSIONS)}]] with logits, or null for one"
    texts = check.values.get("texts")
    if texts is None:
        return ()
    if not isinstance(texts, list):
        raise check.wrong("texts", wanted)
    for item in texts:
        if (
            not isinstance(item, list)
            or len(item) != 2
            or not isinstance(item[0], str)
            or not isinstance(item[1], list)
            or len(item[1]) != len(DIMENSIONS)
            or not all(value is None or is_number(value) for value in item[1])
        ):
            raise check.wrong("texts", wanted)
    return tuple((text, list(logits)) for text, logits in texts)
