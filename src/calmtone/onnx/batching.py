"""Rows of tokens through a session, in batches of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import ModelError
from .defaults import Limits
from .session import INPUTS, Loaded
from .windows import Row

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    import numpy

    Array = numpy.ndarray[Any, Any]

SPOILT = "(NaN, or beyond all bounds): it is damaged, or was exported with too little precision"


def run_rows(
    rows: Sequence[Row],
    loaded: Loaded,
    outputs: Sequence[str],
    pad_id: int,
    limits: Limits,
) -> list[list[Array]]:
    """The outputs for each row, those of tokens cut to the row's own.

    Rows of like length run together, at most so many that memory stays flat. What a row
    gets does not depend on the others.

    Raises:
        ModelError: onnxruntime failed, or what came out is no number.
    """
    results: list[list[Array]] = [[] for _ in rows]
    order = sorted(range(len(rows)), key=lambda index: len(rows[index].ids))
    for batch in _batches(order, rows, loaded.alone, limits):
        found = _run([rows[index] for index in batch], loaded, outputs, pad_id)
        for place, index in enumerate(batch):
            size = len(rows[index].ids)
            results[index] = [
                array[place] if array.ndim == 2 else array[place, :size] for array in found
            ]
    return results


def _batches(
    order: Sequence[int], rows: Sequence[Row], alone: bool, limits: Limits
) -> Iterator[list[int]]:
    batch: list[int] = []
    for index in order:
        longest = len(rows[index].ids)  # they come by length
        full = len(batch) >= limits.rows or (len(batch) + 1) * longest > limits.tokens
        if batch and (alone or full):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _run(
    rows: Sequence[Row], loaded: Loaded, outputs: Sequence[str], pad_id: int
) -> list[Array]:
    import numpy

    length = max(len(row.ids) for row in rows)
    shape = (len(rows), length)
    ids = numpy.full(shape, pad_id, numpy.int64)
    mask, types = numpy.zeros(shape, numpy.int64), numpy.zeros(shape, numpy.int64)
    for place, row in enumerate(rows):
        size = len(row.ids)
        ids[place, :size] = row.ids
        mask[place, :size] = 1
        types[place, :size] = row.types
    given = dict(zip(INPUTS, (ids, mask, types), strict=True))
    feed = {
        name: given[name].astype(dtype, copy=False) for name, dtype in loaded.inputs.items()
    }
    try:
        found: list[Array] = loaded.session.run(list(outputs), feed)
    except Exception as error:  # the library's own errors share no narrower base
        raise ModelError(
            f"the model failed on a text: {' '.join(str(error).split())}"
        ) from error
    # Elsewhere what is not a number would pass for a low one.
    if not numpy.isfinite(found[0]).all() or any(numpy.isnan(part).any() for part in found[1:]):
        raise ModelError(f"the model gives no numbers for a text {SPOILT}")
    return found
