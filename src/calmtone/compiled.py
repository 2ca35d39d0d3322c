"""The compiled half of the package, where it was built.

`Reader`, `Walker` and `Engine` are those of the extension `calmtone._speedups`, or None
where there was no compiler, or where the environment variable `CALMTONE_PURE` is set to
anything but 0. They do what `text.read`, `rules.walking.Walker`, and `scoring.Scorer` and
`hints.Advisor` do, with the same results. `speedups` tells whether they are there.
"""

from __future__ import annotations

import os

__all__ = ["Engine", "Reader", "Walker", "speedups"]

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from ._speedups import Engine, Reader, Walker
else:
    Engine = Reader = Walker = None
    if os.environ.get("CALMTONE_PURE", "0") in ("", "0"):
        try:
            from ._speedups import Engine, Reader, Walker
        except ImportError:  # not built, or for another Python
            Engine = Reader = Walker = None

speedups: bool = Engine is not None
