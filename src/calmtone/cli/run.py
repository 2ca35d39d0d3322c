"""The run: read, analyse, take away what is ignored, compare with the limits, write."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..results import Analysis
from ..rows import Advance, Report
from .arguments import Options, refuse_nothing
from .formats import Excess, Format, GitHub, Json, JsonLines, Result, Sarif, TextFormat
from .ignoring import readable, unknown_ids, without_ignored
from .inputs import Message, read_source
from .output import Output, complain
from .progress import progress
from .sharing import analyzer_of
from .sources import Source, find_sources

if TYPE_CHECKING:
    from ..analyzer import Analyzer

_CHUNK = 64


def run(options: Options) -> int:
    """Analyse what the options name, and return the exit code.

    Raises:
        CalmtoneError: the engine, the rules or the only argument cannot be used.
        SystemExit: there is nothing to read.
    """
    if options.version:
        return _show_version(options)
    sources = find_sources(options, checked=bool(options.fail_over))
    if not sources:
        refuse_nothing()
    if options.quiet and not options.fail_over:
        complain("--quiet shows texts that are over a limit: give some with --fail-over")
    analyzer = analyzer_of(options)
    problems = 0

    def report(problem: str) -> None:
        nonlocal problems
        problems += 1
        sys.stdout.flush()  # so that both streams are in order in one log
        complain(problem)

    over = False
    form = _format(sources, options)
    with progress(sources, wanted=not options.quiet) as advance:
        for result in _results(sources, analyzer, options, report, advance):
            over = over or bool(result.excesses)
            if result.excesses or not options.quiet:
                form.add(result)
            _complain_of_excesses(result)
    form.finish()
    return 2 if problems else int(over)


def _show_version(options: Options) -> int:
    from .. import __version__
    from ..compiled import speedups

    analyzer = analyzer_of(options)
    model = analyzer.engine.model
    told = f"rules {analyzer.rules_hash}" + (f", model {model}" if model else "")
    told += "" if speedups else ", not compiled"
    Output(sys.stdout, color=False).line(f"calmtone {__version__} ({told})")
    return 0


def _format(sources: list[Source], options: Options) -> Format:
    rows = any(source.kind != "text" for source in sources)
    output = Output(sys.stdout, color=options.color)
    match options.format or ("jsonl" if rows else "text"):
        case "json":
            array = rows or len(sources) > 1
            return Json(output, options.offsets, array=array, quiet=options.quiet)
        case "jsonl":
            return JsonLines(output, options.offsets)
        case "github":
            return GitHub(output)
        case "sarif":
            return _sarif(output, options)
        case _:
            return TextFormat(output)


def _sarif(output: Output, options: Options) -> Sarif:
    from .. import __version__

    def describe_rules(met: Mapping[str, str]) -> list[dict[str, Any]]:
        from .rulebook import sarif_rules

        return sarif_rules(met, options.rules)

    return Sarif(output, __version__, describe_rules)


def _results(
    sources: list[Source],
    analyzer: Analyzer,
    options: Options,
    report: Report,
    advance: Advance,
) -> Iterator[Result]:
    for source in sources:
        messages = read_source(source, options, report, advance)
        for chunk in _chunks(messages):
            # rows are other people's texts: those may not ask to be ignored
            own = options.inline_ignore and source.kind == "text"
            for message, analysis in zip(chunk, _analyses(chunk, analyzer, own), strict=True):
                if own:
                    for remark in unknown_ids(message, analysis, options.rules):
                        complain(remark)
                if not any(analysis.scores) and re.search(r"\w", analysis.text):
                    place = message.place or source.name
                    complain(
                        f"{place}: none of its words is its writer's own: nothing is scored"
                    )
                yield Result(message, analysis, _excesses(analysis, options))


def _chunks(messages: Iterable[Message]) -> Iterator[list[Message]]:
    messages = iter(messages)
    while chunk := list(islice(messages, _CHUNK)):
        yield chunk


def _analyses(messages: list[Message], analyzer: Analyzer, own: bool) -> list[Analysis]:
    reply_to = [message.reply_to for message in messages]
    if not own:
        return analyzer.analyze_batch([message.text for message in messages], reply_to=reply_to)
    texts = [readable(message.text, message.file) for message in messages]
    return [
        without_ignored(analysis, message, analyzer)
        for analysis, message in zip(
            analyzer.analyze_batch(texts, reply_to=reply_to), messages, strict=True
        )
    ]


def _excesses(analysis: Analysis, options: Options) -> tuple[Excess, ...]:
    return tuple(
        Excess(dimension, analysis.scores[dimension], limit)
        for dimension, limit in options.fail_over
        if analysis.scores[dimension] > limit
    )


def _complain_of_excesses(result: Result) -> None:
    place = f"{result.message.place}: " if result.message.place else ""
    if result.excesses:
        sys.stdout.flush()
    for excess in result.excesses:
        complain(f"{place}{excess}")
