"""`calmtone thread FILE…`: a conversation in the terminal, as JSON, and as a page."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..results import OFFSETS
from .output import Output, complain, piped, standard_input
from .progress import counting
from .sharing import add_color_option, add_engine_options, analyzer_of, command_parser
from .sources import refuse_text

if TYPE_CHECKING:
    from ..conversations import ConversationAnalysis, Thread

_DESCRIPTION = """\
Reads a thread and says how its tone goes: where tension rises, where it turns, who calms
it, and whether to bring someone in. Nothing leaves this machine."""

_START = 100_000  # bytes that hold the head of a report
_REPORT = re.compile(r"(?is)\s*<!doctype html>.*?<title>[^<]*· calmtone</title>")

_EPILOG = """\
what is read:
  .eml and .mbox files, folders of .eml files, texts with a pasted mail thread or chat,
  saved HTML mail, and chat exports as jsonl, csv or json. Several files make one thread.

exit codes:
  0  done
  2  wrong usage, or something that cannot be read

examples:
  calmtone thread complaint.eml
  calmtone thread chat.csv --author-column agent_name --html report.html
  pbpaste | calmtone thread
"""


def run_thread(arguments: list[str]) -> int:
    """Run `calmtone thread …`, and return the exit code.

    Raises:
        CalmtoneError: nothing can be read, or the engine or rules cannot be used.
        SystemExit: the arguments are wrong, or asked for help.
    """
    parser = _parser()
    known = parser.parse_args(arguments)
    if not known.files:
        if not piped():
            parser.error("give files, or - for the standard input")
        known.files = ["-"]
    known.files = list(dict.fromkeys(known.files))  # one that is named twice is read once
    if known.html == "-" and known.format == "json":
        parser.error("--html - and --format json both write to the standard output: choose one")
    if known.html not in (None, "-"):
        _refuse_to_overwrite(Path(known.html), known.files)
    thread = _read(known)
    problems = [part.text for part in thread.left_out if part.kind == "unreadable"]
    for problem in problems:
        complain(problem)
    if not thread.messages:
        names = ", ".join(known.files)
        raise InputError(f"{names}: no message found: give a mail, a chat or a thread")
    conversation = _analyze(thread, known)
    if known.html is not None:
        _write(known.html, conversation.to_html(known.title))
    output = Output(sys.stdout, color=known.color)
    if known.format == "json":
        output.line(conversation.to_json(known.offsets))
    elif known.html != "-" and not known.quiet:
        from .threadview import show_conversation

        show_conversation(conversation, output, full=known.full, title=known.title)
    if known.html not in (None, "-") and not known.quiet:
        complain(f"the report is in {known.html}")
    return 2 if problems else 0


def _refuse_to_overwrite(report: Path, files: list[str]) -> None:
    """Keep what the user has: a report replaces nothing but a report.

    Raises:
        InputError: a file that is no report, or is read, has the report's name.
    """
    for file in files:
        if file != "-" and report.exists() and report.samefile(file):
            raise InputError(
                f"{report}: is read, so the report cannot go there: name another file, "
                "as in --html report.html"
            )
    if not report.is_file():
        return  # a new file, a device, or a folder, which cannot be written
    with report.open("rb") as stream:
        start = stream.read(_START).decode("utf-8", "replace")
    if start.strip() and not _REPORT.match(start):
        raise InputError(
            f"{report}: exists and is no report: --html takes the name of the report, as in "
            "--html report.html; remove the file first if it is to be replaced"
        )


def _read(known: argparse.Namespace) -> Thread:
    from ..conversations.reading import contents_of, parse_threads

    columns = {
        part: getattr(known, f"{part}_column")
        for part in ("text", "author", "role", "time")
        if getattr(known, f"{part}_column") is not None
    }
    contents: list[tuple[str, bytes]] = []
    refuse_text(known.files)
    for name in known.files:
        if name == "-":
            contents.append(("stdin", standard_input().read()))
        else:
            contents += contents_of(Path(name))
    return parse_threads(contents, kind=known.kind, columns=columns, me=known.me)


def _analyze(thread: Thread, known: argparse.Namespace) -> ConversationAnalysis:
    from ..conversations import analyze_conversation

    analyzer = analyzer_of(known)
    with counting(len(thread.messages), "reading messages", wanted=not known.quiet) as advance:
        return analyze_conversation(thread, analyzer=analyzer, progress=advance)


def _write(place: str, page: str) -> None:
    if place == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(page.encode("utf-8"))
        return
    try:
        Path(place).write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{place}: the report cannot be written: {error.strerror}") from None


def _parser() -> argparse.ArgumentParser:
    from ..conversations import KINDS

    parser = command_parser("thread", _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="files, folders of .eml files, or -"
    )
    reading = parser.add_argument_group("what is read")
    reading.add_argument(
        "--input", dest="kind", choices=KINDS, help="what the files are (default: they tell)"
    )
    for part, what in (
        ("text", "the messages"),
        ("author", "their authors"),
        ("role", "the authors' roles"),
        ("time", "the times"),
    ):
        reading.add_argument(
            f"--{part}-column",
            f"--{part}-key",
            metavar="NAME",
            help=f"column or key of {what} in a chat export",
        )
    reading.add_argument(
        "--me", metavar="NAME", help="who wrote the newest message of a pasted mail thread"
    )
    add_engine_options(reading)
    shown = parser.add_argument_group("what is shown")
    shown.add_argument(
        "--html", metavar="OUT", help="write a report to this file (- for stdout)"
    )
    shown.add_argument("--title", metavar="TEXT", help="its heading (default: the subject)")
    shown.add_argument("--format", choices=("text", "json"), default="text")
    shown.add_argument(
        "--offsets",
        choices=OFFSETS,
        default="codepoint",
        help="unit of the offsets in json (default: %(default)s)",
    )
    shown.add_argument(
        "--full", action="store_true", help="every message with its scores and hints"
    )
    add_color_option(shown)
    shown.add_argument("--quiet", "-q", action="store_true", help="only write the report")
    return parser
