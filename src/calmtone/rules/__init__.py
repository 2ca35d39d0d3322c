"""Rules: the phrase language, the files, the check, and the matcher.

Importing this package loads no rules; `built_in` reads the shipped TOML files, which only
checks, listings and user rules need. Analysis runs on their compiled form.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .loading import RuleFolder


@lru_cache(maxsize=1)
def built_in() -> tuple[RuleFolder, dict[str, Any]]:
    """The shipped rules and lists, and the language's tables, from their TOML files."""
    import tomllib
    from pathlib import Path

    from ..resources import DATA
    from .loading import load

    folder = Path(DATA, "en")
    language = tomllib.loads((folder / "language.toml").read_text(encoding="utf-8"))
    return load([folder / "rules"]), language


@lru_cache(maxsize=1)
def built_in_lists() -> dict[str, tuple[str, ...]]:
    """The shipped word lists, which rules of other folders may use."""
    from pathlib import Path

    from ..resources import DATA
    from .loading import load

    return dict(load(sorted(Path(DATA, "en", "rules").rglob("lists*.toml"))).lists)
