"""The compiled half of the package, where it was built.

`Reader`, `Walker`, `Engine` and `Replier` are those of the extension
`calmtone._speedups`, or None where there was no compiler, or where the environment variable
`CALMTONE_PURE` is set to anything but 0. They do what `text.read`, `rules.walking.Walker`,
`scoring.Scorer` and `hints.Advisor`, and `replies.reader.ReplyReader` do, with the same
results. `speedups` tells whether they are there. In a checkout they are not used once their
sources are newer than they are.
"""

from __future__ import annotations

import os

__all__ = ["Engine", "Reader", "Replier", "Walker", "speedups"]

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from ._speedups import Engine, Reader, Replier, Walker
else:
    Engine = Reader = Replier = Walker = None

    def _outdated(extension: str) -> bool:
        sources = extension.rpartition(os.sep)[0] + os.sep + "csrc"
        try:
            built = os.stat(extension).st_mtime  # noqa: PTH116
            with os.scandir(sources) as files:
                return any(file.stat().st_mtime > built for file in files)
        except OSError:  # an installed wheel has no sources
            return False

    if os.environ.get("CALMTONE_PURE", "0") in ("", "0"):
        try:
            from ._speedups import Engine, Reader, Replier, Walker
            from ._speedups import __file__ as _file

            if _outdated(_file):
                raise ImportError
        except ImportError:  # not built, or for another Python
            Engine = Reader = Replier = Walker = None

speedups: bool = Engine is not None
