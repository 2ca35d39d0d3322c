"""A progress bar on a terminal's stderr; without rich a line that says what takes time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .output import complain
from .sources import Source

_MANY = 200  # things; fewer are done before a bar would be seen


@contextmanager
def progress(sources: list[Source], *, wanted: bool) -> Iterator[Callable[[int], None]]:
    """Gives what to call with the number of bytes that were read."""
    batch = any(source.kind != "text" for source in sources)
    if not (wanted and batch and sys.stderr.isatty() and not sys.stdout.isatty()):
        yield lambda size: None
        return
    try:
        from rich.console import Console
        from rich.progress import Progress
    except ImportError:
        yield lambda size: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=_bytes(sources))
        yield lambda size: bar.advance(task, size)


@contextmanager
def counting(total: int, what: str, *, wanted: bool) -> Iterator[Callable[[int], None]]:
    """Gives what to call with the number of things that were done, of `total`."""
    if wanted and total >= _MANY and sys.stderr.isatty():
        try:
            from rich.console import Console
            from rich.progress import MofNCompleteColumn, Progress
        except ImportError:
            complain(f"{what}: {total:,}")
        else:
            console = Console(stderr=True)
            columns = (*Progress.get_default_columns(), MofNCompleteColumn())
            with Progress(*columns, console=console, transient=True) as bar:
                task = bar.add_task(what, total=total)
                yield lambda done: bar.advance(task, done)
            return
    yield lambda done: None


def _bytes(sources: list[Source]) -> int | None:
    """How much there is to read; None where nobody knows."""
    total = 0
    for source in sources:
        if source.path is None:
            return None
        if source.kind != "text" and source.path.is_file():
            total += source.path.stat().st_size
    return total
