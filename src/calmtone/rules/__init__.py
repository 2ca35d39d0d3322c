"""Rules: the phrase language, the files, the check, and the matcher.

Importing this package loads no rules; `built_in` reads the shipped TOML files, which only
checks, listings and user rules need. Analysis runs on their compiled form.
"""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False  # as in typing, which takes long to import

if TYPE_CHECKING:
    from typing import Any

    from .loading import RuleFolder


# Lists of words that people spell with digits, stars or gaps, the likeliest ones first.
_DISGUISED = ("swear", "insult", "insult-adj")


@lru_cache(maxsize=1)
def built_in() -> tuple[RuleFolder, dict[str, Any]]:
    """The shipped rules and lists, and the language's tables, from their source files."""
    import tomllib
    from pathlib import Path

    from ..resources import DATA
    from .loading import load

    source = Path(DATA, "en")
    folder = load([source / "rules"])
    tables = tomllib.loads((source / "language.toml").read_text(encoding="utf-8"))
    tables["hints"] = tomllib.loads((source / "hints.toml").read_text(encoding="utf-8"))
    tables["replies"] = tomllib.loads((source / "replies.toml").read_text(encoding="utf-8"))
    words = (source / "words.txt").read_text(encoding="utf-8").splitlines()
    tables["vocabulary"] = " ".join(word for word in words if word and word[0] != "#")
    disguised = (
        tables["spelling"].get(w, w) for name in _DISGUISED for w in folder.lists[name]
    )
    tables["disguised"] = list(
        dict.fromkeys(word for word in disguised if word.isalpha() and len(word) > 3)
    )
    return folder, tables


@lru_cache(maxsize=1)
def built_in_lists() -> dict[str, tuple[str, ...]]:
    """The shipped word lists, which rules of other folders may use."""
    from pathlib import Path

    from ..resources import DATA
    from .loading import load

    return dict(load(sorted(Path(DATA, "en", "rules").rglob("lists*.toml"))).lists)
