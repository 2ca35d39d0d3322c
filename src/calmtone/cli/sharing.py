"""What several commands have in common: their parser, the engine's options, the analyzer."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from .arguments import ENGINES, positive

if TYPE_CHECKING:
    from ..analyzer import Analyzer


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
    """Options for what reads the texts: --engine, --rules and --max-chars."""
    options.add_argument(
        "--engine", choices=ENGINES, default="auto", help="(default: %(default)s)"
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


def add_color_option(options: argparse._ActionsContainer) -> None:
    """The option --no-color."""
    options.add_argument(
        "--no-color",
        "--no-colour",
        dest="color",
        action="store_false",
        help="plain output (NO_COLOR and FORCE_COLOR work as well)",
    )


def analyzer_of(known: argparse.Namespace) -> Analyzer:
    """The analyzer that the engine's options ask for.

    Raises:
        CalmtoneError: the engine or the rules cannot be used.
    """
    from ..analyzer import Analyzer

    return Analyzer(
        engine=known.engine, rules=list(known.rules) or None, max_chars=known.max_chars
    )
