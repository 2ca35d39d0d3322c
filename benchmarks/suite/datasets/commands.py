"""`python -m benchmarks list` and `python -m benchmarks fetch [NAME…]`."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import sys
from collections.abc import Sequence

from .errors import DatasetError, MissingFile
from .locate import cache_dir, data_dir, digest, fetch, find
from .records import Entry
from .registry import entries, entry


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `list` and `fetch` to a parser's commands; each sets `run` to its function."""
    listing = subparsers.add_parser(
        "list", help="the data sets, tasks and systems, and which of them are here"
    )
    listing.add_argument("names", nargs="*", metavar="NAME", help="only these, in full")
    listing.set_defaults(run=cmd_list)
    fetching = subparsers.add_parser("fetch", help="download data sets into the cache")
    fetching.add_argument(
        "names", nargs="*", metavar="NAME", help="default: all that is missing"
    )
    fetching.set_defaults(run=cmd_fetch)


def cmd_list(args: argparse.Namespace) -> int:
    """Prints every data set, task and system, and which of them are here.

    Args:
        args: `names`, a list: only these data sets, with all that is known of them.

    Returns:
        0.

    Raises:
        UnknownName: a name that no data set has.
    """
    if names := list(getattr(args, "names", None) or ()):
        print("\n\n".join(described(entry(name)) for name in names))
        return 0
    rows = [
        (each.name, each.use, ", ".join(each.tasks), each.licence, state(each)[0])
        for each in entries().values()
    ]
    _print_table(("data set", "use", "tasks", "licence", "here"), rows)
    print()
    _print_table(("task", "what it asks"), _tasks())
    print()
    _print_table(("system", "what it is", "needs", "here"), _systems())
    print(f"\nCALMTONE_DATA: {data_dir() or 'not set'}; cache: {cache_dir() or 'needs pooch'}")
    return 0


def cmd_fetch(args: argparse.Namespace) -> int:
    """Downloads data sets and says of each what became of it.

    Args:
        args: `names`, a list; empty: all sets whose files are nowhere on this machine.

    Returns:
        0 when everything that was asked for is here, else 1.

    Raises:
        UnknownName: a name that no data set has.
    """
    names = list(getattr(args, "names", None) or ())
    wanted = [entry(name) for name in names] or [
        each for each in entries().values() if state(each)[0] == "missing"
    ]
    failed = 0
    for each in wanted:
        if not names and (each.fetch or not each.upstream):
            print(f"{each.name}: {state(each)[1]}")
            continue
        try:
            paths = fetch(each, progress=sys.stderr.isatty())
        except DatasetError as error:
            failed += 1
            print(f"{each.name}: {error}", file=sys.stderr)
        else:
            print(f"{each.name}: {', '.join(map(str, paths))} (licence: {each.licence})")
    if not wanted:
        print("every data set is here")
    return 1 if failed else 0


def state(declared: Entry) -> tuple[str, str]:
    """Whether the files of a set are here.

    Returns:
        `yes`, `partial copy` or `missing`, and where they are or how to get them.
    """
    try:
        paths = [find(declared, file) for file in declared.files]
    except MissingFile as error:
        return "missing", str(error)
    whole = all(
        file.sha256 is None or digest(path) == file.sha256
        for file, path in zip(declared.files, paths, strict=True)
    )
    return "yes" if whole else "partial copy", ", ".join(map(str, paths))


def described(declared: Entry) -> str:
    """All that is known of a data set, as lines of text."""
    here, where = state(declared)
    labels = [
        f"  {label.name} ({label.kind}): {'+' if label.sign > 0 else '-'}{label.dimension}"
        for label in declared.labels
    ]
    source = (
        f"{declared.upstream} at {declared.commit}" if declared.upstream else "this project"
    )
    files = [f"  {file.path}  {file.sha256 or ''}".rstrip() for file in declared.files]
    return "\n".join(
        [
            f"{declared.name}: {declared.title}",
            f"use: {declared.use}; tasks: {', '.join(declared.tasks)}",
            f"licence: {declared.licence}",
            f"source: {source}",
            *files,
            f"here: {here} ({where})",
            "labels:" if labels else "labels: none",
            *labels,
            f"notes: {declared.notes}",
            declared.citation,
        ]
    )


def _tasks() -> list[tuple[str, str]]:
    from ..tasks import TASKS

    return [(name, task.asks) for name, task in TASKS.items()]


def _systems() -> list[tuple[str, str, str, str]]:
    from ..systems import SYSTEMS

    rows = []
    for name, system in SYSTEMS.items():
        packages: tuple[str, ...] = getattr(system, "packages", ())
        lacking = [package for package in packages if not _installed(package)]
        here = f"needs {', '.join(lacking)}" if lacking else "yes"
        rows.append((name, getattr(system, "title", name), ", ".join(packages), here))
    return rows


def _installed(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        # On the path without being installed, as calmtone is in a checkout.
        return importlib.util.find_spec(package.replace("-", "_")) is not None
    return True


def _print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if sys.stdout.isatty():
        try:
            from rich.console import Console
            from rich.table import Table
        except ImportError:
            pass
        else:
            table = Table(*head)
            for row in rows:
                table.add_row(*row)
            Console().print(table)
            return
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        print(line.rstrip())
