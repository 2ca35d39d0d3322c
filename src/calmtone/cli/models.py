"""`calmtone model`: list the models, fetch one of the Hub, check one."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..errors import EngineUnavailableError, ModelError
from ..results import DIMENSIONS
from .output import Output, complain
from .sharing import Labels, add_labels_option, mapping_of

if TYPE_CHECKING:
    from ..model import ModelReading
    from ..onnx import OnnxModel
    from ..text import Document

# Of all lengths, so that a batch of them has padding.
_TEXTS = (
    "Thank you.",
    "You should have read the policy before you wrote to us.",
    "I see how much work this was. Tell me what you need, and I will send it today.",
    "That is not our fault. " * 30,
)
_SAME = 1e-5
_RUNS = 5


def run_models(arguments: list[str]) -> int:
    """Run `calmtone model …`, and return the exit code.

    Raises:
        CalmtoneError: the model or its libraries cannot be had.
        SystemExit: the arguments are wrong, or asked for help.
    """
    known = _parser().parse_args(arguments)
    output = Output(sys.stdout, color=True)
    if known.command == "list":
        return _list(output)
    if known.command == "pull":
        return _pull(known.model, known.revision, output)
    return _check(known.model, known.revision, known.labels, output)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="calmtone model",
        description="Models for the ONNX engine. Nothing is fetched but what you name.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("list", help="models that ship, and models in the local cache")
    pull = commands.add_parser("pull", help="fetch a model of the Hugging Face Hub")
    pull.add_argument("model", metavar="OWNER/NAME", help="a model of the Hub")
    check = commands.add_parser("check", help="check a model: files, shapes, labels, batches")
    check.add_argument(
        "model", metavar="MODEL", help="a folder, a model that ships, or OWNER/NAME on the Hub"
    )
    add_labels_option(check)
    for command in (pull, check):
        command.add_argument(
            "--revision", metavar="REVISION", help="commit, tag or branch on the Hub"
        )
    return parser


def _list(output: Output) -> int:
    from ..onnx.hub import all_cached
    from ..onnx.loading import default_name, shipped

    output.line(output.style("Shipped with calmtone", "bold"))
    own = shipped()
    for files in own:
        stated = files.json("calmtone.json")
        size = sum(path.stat().st_size for path in files.folder.iterdir())
        told = [files.name, _size(size), str(stated.get("license", "no license stated"))]
        if files.name == default_name():
            told.append("the default")
        output.line("  ".join(["", *told, str(stated.get("summary", ""))]).rstrip())
    if not own:
        output.line("  none")
    output.line()
    output.line(output.style("In the cache of the Hugging Face Hub", "bold"))
    try:
        cached = list(all_cached())
    except EngineUnavailableError as error:
        output.line(f"  unknown: {error}")
        return 0
    for snapshot, size in cached:
        output.line(f"  {snapshot.repository}  {snapshot.commit}  {_size(size)}")
    if not cached:
        output.line("  none")
    return 0


def _pull(model: str, revision: str | None, output: Output) -> int:
    from ..onnx.hub import pull
    from ..onnx.loading import is_repository

    if not is_repository(model):
        raise ModelError(f"{model!r} is no model of the Hugging Face Hub: give OWNER/NAME")
    snapshot = pull(model, revision)
    output.line(f"{snapshot.repository} is in the cache, as of commit {snapshot.commit}:")
    output.line(f"  {snapshot.folder}")
    output.line(f"Use it with model={model!r}, revision={snapshot.commit!r}.")
    return 0


def _check(
    model: str,
    revision: str | None,
    labels: Sequence[Labels],
    output: Output,
) -> int:
    from ..onnx import load_model
    from ..resources import read_json
    from ..text import language_from, read

    _refuse_absent(model, revision)
    try:
        loaded = load_model(model, revision=revision, labels=mapping_of(labels))
    except ModelError as error:
        complain(str(error))
        return 1
    language = language_from(read_json("en", "language.json"))
    documents = [read(text, language) for text in _TEXTS]
    single = [loaded.read([document])[0] for document in documents]
    for line in _about(loaded):
        output.line(line)
    milliseconds = _milliseconds(loaded, documents[1])
    output.line(f"speed       {milliseconds:.1f} ms for a text of eleven words, one thread")
    apart = max(map(_apart, loaded.read(documents), single))
    if apart > _SAME:
        complain(
            f"texts of a batch differ by {apart:.2g} from texts alone: state "
            '"batch_invariant": false in calmtone.json'
        )
        return 1
    output.line("The model can be used.")
    return 0


def _refuse_absent(model: str, revision: str | None) -> None:
    """Refuse a model that cannot be had; one that is here and wrong fails the check.

    Raises:
        ModelError: there is none of this name.
    """
    from ..onnx.hub import find
    from ..onnx.loading import is_folder, is_repository, shipped

    own = [files.name for files in shipped()]
    if model and (is_folder(model) or {model, f"calmtone-{model}"} & {*own}):
        return
    if is_repository(model):
        find(model, revision)
        return
    names = ", ".join(own) or "none"
    raise ModelError(
        f"there is no model {model!r}: name a folder, owner/name on the Hugging Face Hub, or "
        f"one that ships with calmtone ({names})"
    )


def _about(model: OnnxModel) -> Iterator[str]:
    settings = model.settings
    yield f"model       {model.name} {model.hash}"
    yield f"folder      {model.folder}"
    for name, columns in zip(DIMENSIONS, settings.columns, strict=True):
        labels = ", ".join(settings.names[column] for column in columns)
        yield f"{name:<13} from {labels}" if labels else f"{name:<13} by the rules alone"
    yield f"windows     {settings.max_length} tokens, {settings.overlap} of them shared"
    spans = ", ".join(f"model/{label.name}" for label in settings.tokens)
    yield f"evidence    {spans or 'none: the model marks no words'}"
    yield f"batches     {'one text at a time' if model.runs_alone else 'texts together'}"


def _milliseconds(model: OnnxModel, document: Document) -> float:
    best = float("inf")
    for _ in range(_RUNS):
        start = time.perf_counter()
        model.read([document])
        best = min(best, time.perf_counter() - start)
    return best * 1000


def _apart(first: ModelReading, second: ModelReading) -> float:
    """The largest difference between the logits of two readings."""
    pairs = [
        (one, other)
        for left, right in zip(
            (first.logits, *first.sentences), (second.logits, *second.sentences), strict=True
        )
        for one, other in zip(left, right, strict=True)
    ]
    return max(
        (abs(one - other) for one, other in pairs if one is not None and other is not None),
        default=0.0,
    )


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"
