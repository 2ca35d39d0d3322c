"""A model is run when it is loaded: its shapes, its padding, what this machine computes."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import EngineUnavailableError, ModelError
from ..model import Logits
from .batching import run_rows
from .defaults import Limits
from .files import ModelFiles
from .labels import log_odds
from .session import FORMS, HEAT, TOKENS, Loaded
from .settings import Settings
from .windows import Row

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    import numpy

    Array = numpy.ndarray[Any, Any]

_PLAIN = "Thank you."


def verify(files: ModelFiles, loaded: Loaded, settings: Settings, most: float) -> None:
    """Run a model on its own texts, or on a plain one.

    Args:
        files: the model's files.
        loaded: the session.
        settings: what the files say.
        most: how far from 0 logits count.

    Raises:
        ModelError: what comes out is not what the settings speak of, or the model fails.
        EngineUnavailableError: this machine computes other numbers than stated.
    """
    texts = [text for text, _ in settings.check] or [_PLAIN]
    rows = [_row(loaded, text) for text in texts]
    try:
        found = _run(rows, loaded._replace(alone=True), settings)
    except ModelError as error:
        raise ModelError(f"{files.name}: {error}") from error
    for row, arrays in zip(rows, found, strict=True):
        _check_shapes(files, loaded, settings, row, arrays)
    if not settings.check:  # nobody has said that it runs: a batch, and the longest window
        try:
            _run(_probes(loaded, settings), loaded, settings)
        except ModelError as error:
            raise ModelError(
                f"{files.name}: a plain text can be read, but not beside one of "
                f"{settings.max_length} tokens, padded with token {settings.pad_id}: state "
                f"max_length and pad_id in calmtone.json as the model has them ({error})"
            ) from error
    for (_, stated), arrays in zip(settings.check, found, strict=False):
        row_of_logits: list[float] = arrays[0].tolist()
        computed = [
            log_odds(row_of_logits, columns, settings.softmax, most)
            for columns in settings.stated_columns
        ]
        if not _agree(computed, stated, settings.tolerance):
            raise EngineUnavailableError(
                f"{files.name}: this processor or this onnxruntime computes other numbers "
                "than the model was checked with: use engine='auto' or 'rules'"
            )


def _agree(computed: Logits, stated: Logits, tolerance: float) -> bool:
    """Whether all logits are as stated; what one of both leaves open counts for nothing."""
    return all(
        value is None or other is None or abs(value - other) <= tolerance
        for value, other in zip(computed, stated, strict=True)
    )


def _row(loaded: Loaded, text: str) -> Row:
    ids = loaded.tokenizer.encode(text).ids
    return Row(ids, [0] * len(ids), 0)


def _probes(loaded: Loaded, settings: Settings) -> list[Row]:
    """A short text and one of all tokens that a window may have."""
    short = _row(loaded, _PLAIN)
    own = len(loaded.prefix) + len(loaded.suffix)
    words = loaded.tokenizer.encode(_PLAIN, add_special_tokens=False).ids
    room = max(1, settings.max_length - own)
    ids = [*loaded.prefix, *(words * room)[:room], *loaded.suffix]
    return [short, Row(ids, [0] * len(ids), 0)]


def _run(rows: Sequence[Row], loaded: Loaded, settings: Settings) -> list[list[Array]]:
    """All rows at once, unless they have to run alone."""
    limits = Limits(len(rows), len(rows) * max(len(row.ids) for row in rows))
    return run_rows(rows, loaded, loaded.outputs, settings.pad_id, limits)


def _check_shapes(
    files: ModelFiles, loaded: Loaded, settings: Settings, row: Row, arrays: Sequence[Array]
) -> None:
    widths = {
        loaded.outputs[0]: (len(settings.names),),
        TOKENS: (len(row.ids), len(settings.tokens)),
        FORMS: (len(settings.forms),),
        HEAT: (1,),
    }
    for name, array in zip(loaded.outputs, arrays, strict=True):
        if name != loaded.outputs[0] and not widths[name][-1]:
            continue  # an output that calmtone.json does not speak of
        if array.shape != widths[name]:
            raise ModelError(
                f"{files.name}: output {name} has {array.shape[-1]} columns, and its "
                f"settings name {widths[name][-1]}: calmtone.json or config.json is "
                "of another model"
            )
