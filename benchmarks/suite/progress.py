"""What a run tells while it works: a bar on a terminal, else a line for each data set."""

from __future__ import annotations

import sys
from threading import Lock
from types import TracebackType
from typing import Any


class Progress:
    """Told by the runner what it does; writes to standard error.

    Args:
        total: data sets times systems that will be run.
        bar: whether to draw a bar; by default on a terminal where rich is installed.
    """

    def __init__(self, total: int, bar: bool | None = None) -> None:
        self._lock = Lock()
        self._texts = 0
        self._bar: Any = None
        self._name = ""
        if sys.stderr.isatty() if bar is None else bar:
            self._bar = _bar(total)

    def __enter__(self) -> Progress:
        if self._bar:
            self._bar[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar[0].stop()

    def dataset(self, name: str) -> None:
        """A data set begins."""
        self._name = name
        self._show()
        if not self._bar:
            print(name, file=sys.stderr, flush=True)

    def texts(self, count: int) -> None:
        """So many texts more were scored."""
        with self._lock:
            self._texts += count
        self._show()

    def advance(self, count: int = 1) -> None:
        """So many systems are through with the data set."""
        if self._bar:
            self._bar[0].advance(self._bar[1], count)

    def line(self, text: str) -> None:
        """Something that stays on the screen."""
        if self._bar:
            self._bar[0].console.print(text, highlight=False, markup=False)
        else:
            print(text, file=sys.stderr, flush=True)

    def _show(self) -> None:
        if self._bar:
            about = f"{self._name} ({self._texts:,} texts scored)"
            self._bar[0].update(self._bar[1], description=about)


def _bar(total: int) -> Any:
    try:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar
    except ImportError:
        return None
    bar = Bar(
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
    )
    return bar, bar.add_task("", total=total)
