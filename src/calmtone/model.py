"""The plug for models: what a model is asked, and what it answers.

Nothing here is costly to import, and nothing here knows how a model works.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .records import NamedTuple

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from os import PathLike
    from typing import Protocol

    from .text import Document
else:
    Protocol = object

Logits = list[float | None]
Replies = Sequence[str | None] | None
LIBRARIES = ("onnxruntime", "tokenizers")
EXTRA = "pip install 'calmtone[onnx]'"
# So many texts, and code points of texts, are held at once: memory stays flat.
_MOST_TEXTS = 256
_MOST_CHARS = 200_000


class BlendNumbers(NamedTuple):
    """How one dimension's log-odds are made of the model's and the rules'.

    Final log-odds are `intercept + model * logit + rules * rule_log_odds`. The model's own
    log-odds are `slope * logit + shift`.
    """

    intercept: float
    model: float
    rules: float
    slope: float
    shift: float


class ModelSpan(NamedTuple):
    """Words that the model marks.

    `start` and `end` (exclusive) are code points of the caller's text. `probability` is
    the mean over the words. `share` is the part, in [0, 1], of all that the model marks
    for the dimension in the whole text; the shares of a dimension add up to 1 at most.
    A span is worth showing where the final score reaches `least_score`.
    """

    name: str
    dimension: int
    start: int
    end: int
    probability: float
    share: float
    least_score: float


class ModelReading(NamedTuple):
    """What a model says of one text.

    `logits` has a number for each dimension, None where the model does not know it.
    `sentences` has the same for every sentence of the document taken by itself; it is
    empty when they were not asked for, as are `spans`. `forms` holds a number for each of
    the model's `forms` (log-odds), or nothing. `heat` is what the model adds to the heat of
    the message that the text answers, in a reader's ratings of 0 to 3 (`heat.json` has what
    signs add); None where there is none, or the model has no such output.
    """

    logits: Logits
    sentences: list[Logits]
    spans: list[ModelSpan]
    forms: list[float]
    heat: float | None


class Model(Protocol):
    """Reads documents. Threads share it; it pickles; it works after a fork.

    `name` and `hash` say which model it is. `numbers` has the blend of each dimension.
    `forms` are pairs of dimension and form that `ModelReading.forms` speaks of.
    """

    @property
    def name(self) -> str:
        """What the model is called."""

    @property
    def hash(self) -> str:
        """The first digits of the hash of the model's files."""

    @property
    def source(self) -> tuple[str | PathLike[str], str | None]:
        """What to name, and which revision, to have the same model in another process.

        A shipped model by its name, a folder as a path that does not depend on the working
        directory, a model of the Hub with its full commit.
        """

    @property
    def numbers(self) -> Sequence[BlendNumbers]:
        """How to blend, by dimension."""

    @property
    def forms(self) -> Sequence[tuple[str, str]]:
        """Dimension and form of each number in `ModelReading.forms`."""

    def read(
        self, documents: Sequence[Document], reply_to: Replies = None, *, details: bool = True
    ) -> list[ModelReading]:
        """What the model says of each document; the same whether alone or among others.

        Args:
            documents: the texts.
            reply_to: for each the message that it answers, or None.
            details: whether sentences and spans are asked for.

        Raises:
            ModelError: the model cannot be run.
        """


def check_named(model: object, revision: object, labels: object) -> None:
    """Whether what a caller names is of a type that a model can be named by.

    Raises:
        TypeError: it is not.
    """
    from os import PathLike

    if isinstance(model, PathLike):
        model = model.__fspath__()
    for name, value in (("model", model), ("revision", revision)):
        if value is not None and not isinstance(value, str):
            wanted = "a string or a path" if name == "model" else "a string"
            raise TypeError(f"{name} must be {wanted}, not {type(value).__name__}")
    if labels is not None and not isinstance(labels, Mapping):
        raise TypeError(
            "labels must be a mapping, as {'toxic': 'hostility', '*': None}, not "
            f"{type(labels).__name__}"
        )


def missing_library() -> str | None:
    """The library that the ONNX engine would need and that is not installed, if any.

    It is looked for without importing it, or anything else that takes long to import.
    """
    import sys
    from importlib.machinery import PathFinder

    for name in LIBRARIES:
        if name in sys.modules:
            spec = getattr(sys.modules[name], "__spec__", None)
            found = sys.modules[name] is not None and (spec is None or _is_module(spec))
        else:
            found = _is_module(PathFinder.find_spec(name))
        if not found:
            return name
    return None


def _is_module(spec: ModuleSpec | None) -> bool:
    """Whether it is more than a folder of that name, as `pip uninstall` may leave one."""
    return spec is not None and spec.origin is not None


def chunks(sizes: Sequence[int]) -> Iterator[slice]:
    """Cuts many texts into runs that may be in memory at once.

    Args:
        sizes: the lengths of the texts, in code points.

    >>> list(chunks([150_000, 40_000, 30_000]))
    [slice(0, 2, None), slice(2, 3, None)]
    """
    first = chars = 0
    for index, size in enumerate(sizes):
        full = index - first == _MOST_TEXTS or chars + size > _MOST_CHARS
        if full and index > first:
            yield slice(first, index)
            first, chars = index, 0
        chars += size
    if first < len(sizes):
        yield slice(first, len(sizes))
