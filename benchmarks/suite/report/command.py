"""`python -m benchmarks report [--check]`: writes the page and its plots, or checks them."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from ..results import FOLDER, ResultsError, read_all
from .described import wording
from .drawing import DrawingError, is_current, svg
from .page import page
from .plots import Plot, plots
from .published import PublishedError, published

DOCS = Path(__file__).parents[3] / "docs"
PAGE = "benchmarks.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `report`."""
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit code 1 if the page or a plot is not what the results say",
    )
    parser.add_argument(
        "--results",
        type=Path,
        default=FOLDER,
        metavar="FOLDER",
        help="folder of the results files (default: benchmarks/results/suite)",
    )
    parser.add_argument(
        "--docs",
        type=Path,
        default=DOCS,
        metavar="FOLDER",
        help="folder of the page and its plots (default: docs)",
    )


def cmd_report(args: argparse.Namespace) -> int:
    """Make the page and its plots from the results files.

    Returns:
        0, or 1 where a file is stale (`--check`), a results file is damaged, none is there,
        or a plot can't be drawn.
    """
    try:
        return report(args.results, args.docs, check=args.check)
    except (ResultsError, PublishedError, DrawingError) as error:
        print(error, file=sys.stderr)
        return 1


def report(results_folder: Path, docs: Path, *, check: bool = False) -> int:
    """Write the page and its plots below `docs`, or only say which are stale.

    The plots are checked by the hash of their data: that needs no matplotlib.

    Raises:
        ResultsError: a results file is damaged, or there is none.
        PublishedError: `published.toml` can't be shown.
        DrawingError: a plot has to be drawn and matplotlib is missing.
    """
    results = read_all(results_folder)
    if not results:
        raise ResultsError(f"no results in {results_folder}: `python -m benchmarks run` first")
    others, words = published(), wording()
    wanted = plots(results, others, words)
    text = page(results, others, words, _by_task(wanted))
    stale = [plot.file for plot in wanted if not is_current(docs / plot.file, plot)]
    drawn = {plot.file: svg(plot) for plot in wanted if plot.file in stale and not check}
    old = sorted({path.name for path in docs.glob("benchmarks-*.svg")} - _files(wanted))
    if not _same(docs / PAGE, text):
        stale.insert(0, PAGE)
        drawn[PAGE] = text
    for name in stale:
        print(f"{name} {'is stale: python -m benchmarks report' if check else 'written'}")
        if not check:
            (docs / name).write_text(drawn[name], encoding="utf-8")
    for name in old:
        print(f"{name} {'shows nothing any more' if check else 'removed'}")
        if not check:
            (docs / name).unlink()
    return int(check and bool(stale or old))


def _by_task(wanted: Sequence[Plot]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for plot in wanted:
        found[plot.task].append((plot.file, plot.description))
    return found


def _files(wanted: Sequence[Plot]) -> set[str]:
    return {plot.file for plot in wanted}


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
