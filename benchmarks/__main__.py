"""The benchmark suite: `python -m benchmarks list | fetch | run | report`.

`list` names the data sets, `fetch` downloads them, `run` measures systems on them and writes
results, `report` makes docs/benchmarks.md from the results. `CALMTONE_DATA` names a folder
with data sets that need no download.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .suite.commands import RunError, add_run
from .suite.datasets import DatasetError
from .suite.datasets.commands import add_commands
from .suite.report.command import add_arguments, cmd_report
from .suite.results import ResultsError


def parser() -> argparse.ArgumentParser:
    """The command line; each command sets `run` to its function."""
    whole = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    add_commands(commands)
    add_run(commands)
    report = commands.add_parser("report", help="make the page and its plots from the results")
    add_arguments(report)
    report.set_defaults(run=cmd_report)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns:
        0, 1 where something failed or is stale, 2 where what was asked for cannot be done.
    """
    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (DatasetError, ResultsError, RunError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
