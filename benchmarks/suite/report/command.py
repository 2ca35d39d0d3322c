"""`python -m benchmarks report [--check]`: writes the pages and plots, or checks them."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from ..results import FOLDER as RESULTS
from ..results import ResultsError, read_all
from .described import wording
from .drawing import DrawingError, is_current, svg
from .page import FOLDER, PART, pages
from .plots import Plot, plots
from .published import PublishedError, published

DOCS = Path(__file__).parents[3] / "docs"


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
        default=RESULTS,
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
        0; 1 where a file is stale (`--check`); 2 where a results file is damaged, none is
        there, or a plot can't be drawn.
    """
    try:
        return report(args.results, args.docs, check=args.check)
    except (ResultsError, PublishedError, DrawingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


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
    wanted = {plot.file: plot for plot in plots(results, others, words)}
    texts = pages(results, others, words, _by_task(wanted.values()))
    stale = [name for name, text in texts.items() if not _same(docs / name, text)]
    stale += [name for name, plot in wanted.items() if not is_current(docs / name, plot)]
    if not check:
        texts |= {name: svg(wanted[name]) for name in stale if name in wanted}
    old = _written(docs) - set(texts) - set(wanted)
    for name in stale:
        print(f"{name} {'is stale: python -m benchmarks report' if check else 'written'}")
        if not check:
            (docs / name).parent.mkdir(exist_ok=True)
            (docs / name).write_text(texts[name], encoding="utf-8")
    for name in sorted(old):
        print(f"{name} {'shows nothing any more' if check else 'removed'}")
        if not check:
            (docs / name).unlink()
    return int(check and bool(stale or old))


def _written(docs: Path) -> set[str]:
    """What `report` wrote into its folder: plots, and pages that say they are a part."""
    return {
        f"{FOLDER}/{path.name}"
        for kind, sign in (("*.svg", "plot-data:"), ("*.md", PART))
        for path in (docs / FOLDER).glob(kind)
        if sign in path.read_text(encoding="utf-8", errors="replace")
    }


def _by_task(wanted: Iterable[Plot]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for plot in wanted:
        found[plot.task].append((plot.file, plot.description))
    return found


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
