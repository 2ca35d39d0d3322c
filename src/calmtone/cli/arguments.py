"""The arguments of `calmtone`, as typed options."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ..results import DIMENSIONS, OFFSETS
from .sharing import Labels, add_color_option, add_engine_options

COMMANDS = ("rules", "thread", "model", "rewrite", "check-rewrite")
FORMATS = ("text", "json", "jsonl", "github", "sarif")
KINDS = ("text", "jsonl", "csv")

_USAGE = """\
calmtone [options] TEXT
       calmtone [options] FILE...
       calmtone [options] -
       calmtone thread FILE... [--html OUT]
       calmtone rewrite TEXT | FILE | -
       calmtone check-rewrite ORIGINAL CANDIDATE
       calmtone rules list | explain ID | check [PATH...]
       calmtone model list | pull OWNER/NAME | check MODEL"""

_DESCRIPTION = """\
Reads a draft and says how hostile, how defensive and how empathetic it will read,
which words do it, and what to consider instead. Nothing leaves this machine."""

_EPILOG = """\
exit codes:
  0  clean
  1  a score is over its --fail-over limit
  2  wrong usage, or input that cannot be read

examples:
  calmtone "As I already told you, read the manual."
  calmtone --reply-to "My order never came!" "That is not our fault."
  calmtone reviews.csv --text-column review > scores.jsonl
  calmtone --fail-over hostility=0.6,defensiveness=0.7 docs/*.md
"""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. None stands for "decide by the input"."""

    inputs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    text: str | None = None
    reply_to: str | None = None
    format: str | None = None
    fail_over: tuple[tuple[str, float], ...] = ()
    kind: str | None = None
    text_column: str | None = None
    context_column: str | None = None
    engine: str = "auto"
    model: str | None = None
    revision: str | None = None
    labels: tuple[Labels, ...] = ()
    threads: int = 1
    rules: tuple[str, ...] = ()
    offsets: str = "codepoint"
    max_chars: int = 100_000
    inline_ignore: bool = True
    color: bool = True
    quiet: bool = False
    version: bool = False


def parse(arguments: list[str]) -> Options:
    """The options that the arguments stand for.

    Raises:
        SystemExit: they are wrong (2), or asked for help (0).
    """
    parser = _parser()
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    known = parser.parse_intermixed_args(arguments[:cut])
    inputs = (*known.inputs, *arguments[cut + 1 :])
    if known.text is not None and (inputs or known.file):
        parser.error("give either --text or inputs, not both")
    if known.inputs and known.inputs[0] in COMMANDS and not Path(known.inputs[0]).exists():
        parser.error(
            f"options stand after the command: calmtone {' '.join(known.inputs)} [options]; "
            f"or, if it is a text, --text {known.inputs[0]}"
        )
    return Options(
        inputs=inputs,
        files=tuple(known.file),
        text=known.text,
        reply_to=known.reply_to,
        format=known.format,
        fail_over=tuple({k: v for part in known.fail_over for k, v in part}.items()),
        kind=known.kind,
        text_column=known.text_column,
        context_column=known.context_column,
        engine=known.engine,
        model=known.model,
        revision=known.revision,
        labels=tuple(known.labels),
        threads=known.threads,
        rules=tuple(known.rules),
        offsets=known.offsets,
        max_chars=known.max_chars,
        inline_ignore=known.inline_ignore,
        color=known.color,
        quiet=known.quiet,
        version=known.version,
    )


def refuse_nothing() -> NoReturn:
    """Show the help where no input was given.

    Raises:
        SystemExit: always, with 2.
    """
    _parser().print_help(sys.stderr)
    raise SystemExit(2)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="calmtone",
        usage=_USAGE,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "inputs",
        nargs="*",
        metavar="TEXT | FILE | -",
        help="a text; or text, .jsonl, .csv and .tsv files; or - for the standard input. "
        "One argument is a file if a file has this name, and an error if it looks like one "
        "that is not there; else it is a text",
    )
    parser.add_argument("--version", action="store_true", help="version and rule hash")
    _add_input_options(parser)
    _add_output_options(parser)
    return parser


def _add_input_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is read")
    group.add_argument("--text", metavar="TEXT", help="a text, whatever it looks like")
    group.add_argument(
        "--file",
        action="append",
        default=[],
        metavar="FILE",
        help="a file, whatever its name looks like (may be repeated)",
    )
    group.add_argument("--reply-to", metavar="TEXT", help="the message that the text answers")
    group.add_argument(
        "--input",
        dest="kind",
        choices=KINDS,
        help="what the input is (default: by the file's ending)",
    )
    group.add_argument(
        "--text-column",
        "--text-key",
        metavar="NAME",
        help="column or key of the messages in csv and jsonl (default: text, message or body)",
    )
    group.add_argument(
        "--context-column",
        "--context-key",
        metavar="NAME",
        help="column or key of the messages that they answer",
    )
    add_engine_options(group)
    group.add_argument(
        "--no-inline-ignore",
        dest="inline_ignore",
        action="store_false",
        help="pay no attention to 'calmtone: ignore' in texts",
    )


def _add_output_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is shown")
    group.add_argument(
        "--format",
        choices=FORMATS,
        help="(default: text, or jsonl for jsonl and csv input)",
    )
    group.add_argument(
        "--fail-over",
        action="append",
        default=[],
        type=_limits,
        metavar="DIMENSION=SCORE[,...]",
        help="exit with 1 if a text scores higher, e.g. hostility=0.6,defensiveness=0.7",
    )
    group.add_argument(
        "--offsets",
        choices=OFFSETS,
        default="codepoint",
        help="unit of the offsets in json and jsonl (default: %(default)s)",
    )
    add_color_option(group)
    group.add_argument(
        "--quiet",
        "-q",
        action="store_true",
        help="show only texts that are over a --fail-over limit, and errors",
    )


def _limits(value: str) -> list[tuple[str, float]]:
    limits = [_limit(part) for part in value.split(",")]
    if len(dict(limits)) < len(limits):
        raise argparse.ArgumentTypeError(f"{value!r} gives a dimension two limits: give one")
    return limits


def _limit(part: str) -> tuple[str, float]:
    dimension, _, number = part.partition("=")
    dimension = dimension.strip()
    if dimension not in DIMENSIONS:
        raise argparse.ArgumentTypeError(
            f"{dimension!r} is no dimension: choose from {', '.join(DIMENSIONS)}, "
            "as in hostility=0.6,defensiveness=0.7"
        )
    try:
        limit = float(number)
    except ValueError:
        limit = -1.0
    if not 0.0 <= limit <= 1.0:
        raise argparse.ArgumentTypeError(
            f"{number.strip()!r} is no limit for {dimension}: give a number from 0 to 1 "
            f"for each of {', '.join(DIMENSIONS)} that counts"
        )
    return dimension, limit
