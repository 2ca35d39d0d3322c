"""`calmtone rewrite` and `calmtone check-rewrite`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import InputError
from ..results import DIMENSIONS, Scores
from .arguments import Options
from .inputs import read_source, too_long
from .output import Output, piped, safe
from .sharing import add_color_option, add_engine_options, analyzer_of, command_parser
from .sources import find_sources
from .wording import in_words, whole_words

if TYPE_CHECKING:
    from ..rewriting import Rewrite, RewriteCheck

_REWRITE = """\
Makes a draft calmer by safe edits alone: words are left out or replaced, an apology is
split from its "but", and [slots] are added for what only you know. Facts stay. A draft
that is fine comes back as it is. Nothing leaves this machine."""

_REWRITE_EPILOG = """\
In a terminal the changes are shown, with the reason of each; into a file or another
program goes the new text alone.

exit codes:
  0  done, whether or not anything was changed
  2  wrong usage, or input that cannot be read

examples:
  calmtone rewrite "Where is my order, you clowns?"
  calmtone rewrite draft.txt > calmer.txt
  calmtone rewrite --format json --reply-to "It never came!" - < draft.txt
"""

_CHECK = """\
Compares a rewrite with its original: which numbers, amounts, dates, times, names, links,
addresses, quotations, negations, promises and refusals were lost, added or changed, and
how the scores moved. For everyone who lets a language model rewrite."""

_CHECK_EPILOG = """\
exit codes:
  0  the rewrite keeps what it should
  1  something changed that should not have
  2  wrong usage, or input that cannot be read

examples:
  calmtone check-rewrite draft.txt rewritten.txt
  calmtone check-rewrite "We can't refund £40." "We will refund £40."
"""


def run_rewrite(arguments: list[str]) -> int:
    """Run `calmtone rewrite …`, and return the exit code.

    Raises:
        CalmtoneError: the input, the engine or the rules cannot be used.
        SystemExit: the arguments are wrong, or asked for help.
    """
    from ..rewriting import rewrite

    parser = _rewrite_parser()
    known = parser.parse_args(arguments)
    if known.text is not None and known.draft is not None:
        parser.error("give either a draft or --text, not both")
    if known.text is None and known.draft is None:
        if not piped():
            parser.error("give a draft: TEXT, FILE, - for the standard input, or --text TEXT")
        known.draft = "-"
    text = _read(known.draft, known.text, known)
    _refuse_long_message(known)
    analyzer = analyzer_of(known)
    made = rewrite(text, known.reply_to, analyzer=analyzer)
    output = Output(sys.stdout, color=known.color)
    if known.format == "json":
        output.line(json.dumps(made.to_dict()))
    elif known.diff or (known.diff is None and sys.stdout.isatty()):
        _show_rewrite(made, output)
        output.fallback(analyzer.engine.fallback)
    else:
        output.payload(made.text.removesuffix("\n"))
    return 0


def run_check(arguments: list[str]) -> int:
    """Run `calmtone check-rewrite …`, and return the exit code.

    Raises:
        CalmtoneError: the input, the engine or the rules cannot be used.
        SystemExit: the arguments are wrong, or asked for help.
    """
    from ..rewriting import check_rewrite

    parser = _check_parser()
    known = parser.parse_args(arguments)
    if known.original == known.candidate == "-":
        parser.error("only one of the two texts can come from the standard input")
    original = _read(known.original, None, known, checked=True)
    candidate = _read(known.candidate, None, known, checked=True)
    _refuse_long_message(known)
    analyzer = analyzer_of(known)
    check = check_rewrite(
        original,
        candidate,
        reply_to=known.reply_to,
        strict=known.strict,
        analyzer=analyzer,
    )
    output = Output(sys.stdout, color=known.color)
    if known.format == "json":
        output.line(json.dumps(check.to_dict()))
    else:
        _show_check(check, output)
        output.fallback(analyzer.engine.fallback)
    return 0 if check.ok else 1


def _read(
    argument: str | None, text: str | None, known: argparse.Namespace, *, checked: bool = False
) -> str:
    """The text that an argument names: a file if one has this name, else itself.

    Raises:
        InputError: it cannot be read, holds many messages, or nothing.
    """
    inputs = () if argument is None else (argument,)
    options = Options(inputs=inputs, text=text, max_chars=known.max_chars)
    problems: list[str] = []
    ways = {"as_text": "pipe it in: one of the two can be -"} if checked else {}
    for source in find_sources(options, checked=checked, **ways):
        if source.kind != "text":
            raise InputError(
                f"{source.name}: holds rows of messages: give one text, or pipe it in (-) if "
                "it is one all the same"
            )
        for message in read_source(source, options, problems.append, lambda _: None):
            if message.text.strip():
                return message.text
            problems.append(f"{source.name}: is empty, there is no text to read")
    raise InputError("\n".join(problems) or "there is no text to read")


def _refuse_long_message(known: argparse.Namespace) -> None:
    problem = too_long(known.reply_to or "", known.max_chars)
    if problem:
        raise InputError(f"the message answered (--reply-to): {problem}")


def _show_rewrite(made: Rewrite, output: Output) -> None:
    if not made.changed:
        output.line("Nothing to change.")
        return
    for line in "".join(_marked(made, output)).rstrip().split("\n"):
        output.line(line)
    output.line()
    _show_scores(made.before, made.after, output)
    for number, edit in enumerate(made.edits, 1):
        output.line()
        changed = in_words(made, edit.before, edit.after)
        old = made.original[slice(*changed.before)].strip()
        new = made.text[slice(*changed.after)].strip()
        change = " → ".join(f"“{safe(words)}”" for words in (old, new) if words)
        output.line(f"{number}. {edit.kind}: {change}")
        output.line(f"   {safe(edit.hint.message if edit.hint else edit.reason)}")
        if edit.hint is not None:
            output.line(output.style(f"   {edit.hint.practice} · {edit.hint.rule}", "dim"))
    if made.has_slots:
        output.line()
        output.line("Fill the [slots] before you send it.")


def _marked(made: Rewrite, output: Output) -> Iterator[str]:
    """The new text, with what was left out: coloured, or in [- -] and {+ +}."""
    at = 0
    for change in whole_words(made):
        start, end = change.after
        yield safe(made.text[at:start])
        yield _mark(made.original[slice(*change.before)], "removed", "[-", "-]", output)
        yield _mark(made.text[start:end], "added", "{+", "+}", output)
        at = end
    yield safe(made.text[at:])


def _mark(words: str, style: str, opening: str, closing: str, output: Output) -> str:
    if not words:
        return ""
    if output.color:
        return "\n".join(output.style(part, style) for part in safe(words).split("\n"))
    return f"{opening}{safe(words)}{closing}"


def _show_check(check: RewriteCheck, output: Output) -> None:
    output.line(output.style("ok" if check.ok else "not ok", "bold"))
    for problem in check.problems:
        output.line(f"  {safe(problem)}")
    for title, facts in (("lost", check.lost), ("added", check.added)):
        if facts:
            output.line()
            output.line(f"{title}:")
        for fact in facts:
            output.line(f"  {fact.kind}: {safe(' '.join(fact.text.split()))}")
    output.line()
    _show_scores(check.before, check.after, output)


def _show_scores(before: Scores, after: Scores, output: Output) -> None:
    width = max(map(len, DIMENSIONS))
    for name, old, new in zip(DIMENSIONS, before, after, strict=True):
        output.line(f"{name.ljust(width)} {old:.2f} → {new:.2f}")


def _rewrite_parser() -> argparse.ArgumentParser:
    parser = _parser("rewrite", _REWRITE, _REWRITE_EPILOG)
    parser.add_argument(
        "draft", nargs="?", metavar="TEXT | FILE | -", help="the draft to make calmer"
    )
    parser.add_argument("--text", metavar="TEXT", help="a draft, whatever it looks like")
    parser.add_argument(
        "--diff",
        action=argparse.BooleanOptionalAction,
        help="show what was changed, and why (default: in a terminal)",
    )
    return parser


def _check_parser() -> argparse.ArgumentParser:
    parser = _parser("check-rewrite", _CHECK, _CHECK_EPILOG)
    parser.add_argument("original", metavar="ORIGINAL", help="the text before: TEXT, FILE or -")
    parser.add_argument("candidate", metavar="CANDIDATE", help="the rewrite: TEXT, FILE or -")
    parser.add_argument(
        "--strict", action="store_true", help="let every loss and every addition count"
    )
    return parser


def _parser(command: str, description: str, epilog: str) -> argparse.ArgumentParser:
    parser = command_parser(command, description, epilog)
    parser.add_argument("--reply-to", metavar="TEXT", help="the message that the text answers")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="(default: %(default)s)"
    )
    add_engine_options(parser)
    add_color_option(parser)
    return parser
