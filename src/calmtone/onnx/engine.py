"""A model that reads documents."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path

from ..model import BlendNumbers, Logits, ModelReading, ModelSpan, Replies, chunks
from ..records import NamedTuple
from ..results import DIMENSIONS
from ..scoring import pooled, shortness
from ..text import Document
from .batching import run_rows
from .defaults import EngineNumbers
from .labels import log_odds
from .marking import mark
from .preparing import without_addresses
from .session import FORMS, HEAT, TOKENS, Holder, Loaded
from .settings import Settings
from .verifying import verify
from .windows import (
    Range,
    Row,
    Tokens,
    encode,
    room_of,
    row_of,
    sentence_ranges,
    tokenize,
    windows,
)

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    import numpy

    Array = numpy.ndarray[Any, Any]


class Plan(NamedTuple):
    """The rows that a document needs: those of the whole text, and of each sentence.

    `whole` and `sentences` are places in a list of rows; `windows` are the tokens of the
    rows of the whole text. `answered` are the rows of the message that it answers, by
    itself.
    """

    tokens: Tokens
    ranges: list[Range]
    windows: list[Range]
    whole: list[int]
    sentences: list[list[int]]
    answered: list[int]


class OnnxModel:
    """A model file, run by onnxruntime. Satisfies `calmtone.model.Model`.

    Args:
        holder: the sessions of the model, one for each process.
        settings: what the model's files say.
        numbers: `engine.json`.
        again: a function and its arguments that make the model in another process; the
            hash of the files comes after them.
    """

    def __init__(
        self,
        holder: Holder,
        settings: Settings,
        numbers: EngineNumbers,
        again: tuple[Callable[..., OnnxModel], tuple[Any, ...]],
    ) -> None:
        self._holder = holder
        self._settings = settings
        self._limits = numbers.limits
        self._most = numbers.largest_logit
        self._sharpness = numbers.sharpness
        self._stray = numbers.stray
        self._again = again
        self.name = settings.name
        self.numbers: tuple[BlendNumbers, ...] = settings.numbers
        self.forms = settings.forms
        loaded = holder.loaded()
        verify(holder.files, loaded, settings, self._most)
        self.hash = loaded.hash

    def __reduce__(self) -> tuple[Callable[..., OnnxModel], tuple[Any, ...]]:
        function, arguments = self._again
        return function, (*arguments, self.hash)

    @property
    def source(self) -> tuple[str | Path, str | None]:
        """What to name for the same model; see `calmtone.model.Model.source`."""
        model, revision = self._again[1][:2]
        return model, revision

    @property
    def settings(self) -> Settings:
        """What the model's files say."""
        return self._settings

    @property
    def folder(self) -> Path:
        """The folder that the model was read from."""
        return self._holder.files.folder

    @property
    def runs_alone(self) -> bool:
        """Whether texts run one by one, as the model would mix those of a batch."""
        return self._settings.alone or self._holder.loaded().alone

    def count_tokens(self, document: Document) -> int:
        """How many tokens the model reads of a document, special tokens included."""
        loaded = self._loaded()
        own = len(tokenize(document, loaded, self._settings).ids)
        return own + len(loaded.prefix) + len(loaded.suffix)

    def read(
        self,
        documents: Sequence[Document],
        reply_to: Replies = None,
        *,
        details: bool = True,
    ) -> list[ModelReading]:
        """What the model says of each document; see `calmtone.model.Model.read`."""
        replies = reply_to or [None] * len(documents)
        readings: list[ModelReading] = []
        for part in chunks([len(document.text) for document in documents]):
            readings += self._read(documents[part], replies[part], details)
        return readings

    def _read(
        self, documents: Sequence[Document], replies: Sequence[str | None], details: bool
    ) -> list[ModelReading]:
        settings = self._settings
        sentences = details or settings.margins is not None
        loaded = self._loaded()
        outputs = loaded.outputs if details else loaded.outputs[:1]
        rows: list[Row] = []
        plans = [
            self._plan(document, reply, loaded, rows, sentences, HEAT in outputs)
            for document, reply in zip(documents, replies, strict=True)
        ]
        found = run_rows(rows, loaded, outputs, settings.pad_id, self._limits)
        logits = [self._logits(row[0]) for row in found]
        readings = []
        for document, plan in zip(documents, plans, strict=True):
            whole = _highest([logits[index] for index in plan.whole])
            parts = [_highest([logits[index] for index in places]) for places in plan.sentences]
            if settings.margins is not None and len(parts) > 1:
                told = _pooled(parts, self._sharpness, settings.margins)
                whole = _highest([whole, told])
            if settings.short is not None:
                share = shortness(document.words, settings.short.words)
                whole = settings.short.applied(whole, share)
                parts = [settings.short.applied(part, share) for part in parts]
            spans: list[ModelSpan] = []
            forms: list[float] = []
            heat: float | None = None
            for name, place in zip(outputs[1:], range(1, len(outputs)), strict=True):
                arrays = [found[index][place] for index in plan.whole]
                if name == TOKENS and arrays and settings.tokens:
                    spans = self._spans(document, plan, arrays, rows)
                    spans = [span for span in spans if not self._strays(document, parts, span)]
                elif name == FORMS and arrays:
                    forms = [max(column) for column in zip(*map(_floats, arrays), strict=True)]
                elif name == HEAT and plan.answered:
                    heat = max(float(found[index][place][0]) for index in plan.answered)
            parts = parts if details else []
            readings.append(ModelReading(whole, parts, spans, forms, heat))
        return readings

    def _loaded(self) -> Loaded:
        loaded = self._holder.loaded()
        return loaded._replace(alone=True) if self._settings.alone else loaded

    def _plan(
        self,
        document: Document,
        reply_to: str | None,
        loaded: Loaded,
        rows: list[Row],
        sentences: bool,
        heat: bool,
    ) -> Plan:
        """What to run for a document; the rows are added to `rows`."""
        settings = self._settings
        tokens = tokenize(document, loaded, settings)
        answered: list[int] = []
        if reply_to and (settings.reply_length or heat):
            shown = without_addresses(reply_to) if settings.mask else reply_to
            answered = encode(shown, loaded).ids
        reply = answered[-settings.reply_length :] if settings.reply_length else []
        room = room_of(loaded, settings, reply)
        known: dict[Range, int] = {}

        def places(first: int, last: int) -> list[int]:
            found = []
            for window in windows(first, last, room, settings.overlap) if last > first else ():
                if window not in known:
                    known[window] = len(rows)
                    rows.append(row_of(tokens, window, reply, loaded))
                found.append(known[window])
            return found

        whole = places(0, len(tokens.ids))
        cut = list(known)
        ranges = sentence_ranges(document, tokens) if sentences else []
        parts = [places(*part) for part in ranges]
        alone: list[int] = []
        if heat and answered:
            message, room = Tokens(answered, [], []), room_of(loaded, settings, [])
            for window in windows(0, len(answered), room, settings.overlap):
                alone.append(len(rows))
                rows.append(row_of(message, window, [], loaded))
        return Plan(tokens, ranges, cut, whole, parts, alone)

    def _logits(self, row: Array) -> Logits:
        values = _floats(row)
        settings = self._settings
        return [
            log_odds(values, columns, settings.softmax, self._most)
            for columns in settings.columns
        ]

    def _spans(
        self, document: Document, plan: Plan, arrays: Sequence[Array], rows: Sequence[Row]
    ) -> list[ModelSpan]:
        """What the token head marks; where windows overlap, the higher counts."""
        import numpy

        labels = self._settings.tokens
        logits = numpy.full((len(plan.tokens.ids), len(labels)), -self._most)
        for (first, last), index, array in zip(plan.windows, plan.whole, arrays, strict=True):
            shift = rows[index].shift
            part = array[shift : shift + last - first]
            numpy.maximum(logits[first:last], part, out=logits[first:last])
        return mark(document, plan.tokens, plan.ranges, logits, labels)

    def _strays(self, document: Document, parts: Sequence[Logits], span: ModelSpan) -> bool:
        """Whether words are marked in a sentence that says nothing of their dimension.

        Beside a sentence that does, the token head marks words of its neighbours too.
        """
        k, stray = span.dimension, self._stray
        numbers = self.numbers[k]
        odds = [
            -self._most if (logit := part[k]) is None else numbers.slope * logit + numbers.shift
            for part in parts
        ]
        place = bisect_right([sentence.end for sentence in document.sentences], span.start)
        own = odds[min(place, len(odds) - 1)]
        return own < stray.plain and own < max(odds) - stray.gap


def _highest(rows: Sequence[Logits]) -> Logits:
    """By dimension the highest of several windows or sentences; None where none has one."""
    return [
        max((value for row in rows if (value := row[k]) is not None), default=None)
        for k in range(len(DIMENSIONS))
    ]


def _pooled(rows: Sequence[Logits], sharpness: float, margins: Sequence[float]) -> Logits:
    """By dimension what sentences give their text; None where none has one."""
    found: Logits = []
    for k, margin in enumerate(margins):
        values = [value for row in rows if (value := row[k]) is not None]
        found.append(pooled(values, sharpness) - margin if values else None)
    return found


def _floats(array: Array) -> list[float]:
    values: list[float] = array.tolist()
    return values
