"""What several commands have in common: their parser, the engine's options, the analyzer."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..results import DIMENSIONS

if TYPE_CHECKING:
    from ..analyzer import Analyzer
    from .arguments import Options

Labels = Sequence[tuple[str, str | None]]
ENGINES = ("auto", "rules", "onnx")


def command_parser(command: str, description: str, epilog: str) -> argparse.ArgumentParser:
    """The parser of `calmtone COMMAND`, without arguments yet."""
    return argparse.ArgumentParser(
        prog=f"calmtone {command}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_engine_options(options: argparse._ActionsContainer) -> None:
    """Options for what reads the texts: engine, model, rules and the longest text."""
    options.add_argument(
        "--engine", choices=ENGINES, default="auto", help="(default: %(default)s)"
    )
    options.add_argument(
        "--model",
        metavar="MODEL",
        help="a model that ships, a folder, or OWNER/NAME on the Hugging Face Hub, which is "
        "fetched if it is not in the cache (see `calmtone model`)",
    )
    options.add_argument(
        "--revision", metavar="REVISION", help="commit, tag or branch of a model of the Hub"
    )
    add_labels_option(options)
    options.add_argument(
        "--threads",
        type=positive,
        default=1,
        metavar="N",
        help="threads that a model may use (default: %(default)s)",
    )
    options.add_argument(
        "--rules",
        action="append",
        default=[],
        metavar="PATH",
        help="a file or folder of your own rules (may be repeated)",
    )
    options.add_argument(
        "--max-chars",
        type=positive,
        default=100_000,
        metavar="N",
        help="refuse longer texts (default: %(default)s)",
    )


def add_labels_option(options: argparse._ActionsContainer) -> None:
    """The option --labels, which gives a list of lists of pairs; see `mapping_of`."""
    options.add_argument(
        "--labels",
        action="append",
        default=[],
        type=_labels,
        metavar="LABEL=DIMENSION[,...]",
        help="what a label of the model stands for; LABEL= for nothing, '*=' for all others",
    )


def mapping_of(labels: Iterable[Labels]) -> dict[str, str | None] | None:
    """What the labels of a model stand for, if anything was said of them."""
    return {label: dimension for pairs in labels for label, dimension in pairs} or None


def _labels(value: str) -> list[tuple[str, str | None]]:
    pairs = []
    for part in value.split(","):
        label, equals, dimension = part.rpartition("=")
        if not equals or dimension not in ("", *DIMENSIONS):
            raise argparse.ArgumentTypeError(
                f"{part!r} maps no label: write LABEL=DIMENSION with one of "
                f"{', '.join(DIMENSIONS)}, or LABEL= for nothing"
            )
        pairs.append((label, dimension or None))
    return pairs


def add_color_option(options: argparse._ActionsContainer) -> None:
    """The option --no-color."""
    options.add_argument(
        "--no-color",
        "--no-colour",
        dest="color",
        action="store_false",
        help="plain output (NO_COLOR and FORCE_COLOR work as well)",
    )


def positive(value: str) -> int:
    """A whole number above 0, as an argument's type."""
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is no whole number above 0")
    return number


def analyzer_of(known: argparse.Namespace | Options) -> Analyzer:
    """The analyzer that the engine's options ask for.

    Raises:
        CalmtoneError: the engine, the model or the rules cannot be used.
    """
    from ..analyzer import Analyzer

    return Analyzer(
        engine=known.engine,
        model=known.model,
        revision=known.revision,
        labels=mapping_of(known.labels),
        threads=known.threads,
        rules=list(known.rules) or None,
        max_chars=known.max_chars,
    )
