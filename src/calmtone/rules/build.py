"""Compiles the shipped TOML files to what analysis reads: `python -m calmtone.rules.build`."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from ..resources import DATA
from . import built_in
from .compiling import compile_rules

FOLDER = Path(DATA, "en")
DISGUISED = ("insult", "insult-adj", "swear")


def built_files() -> dict[str, str]:
    """Names of the compiled files and what they should hold."""
    folder, language = built_in()
    compiled = compile_rules(folder, language)
    nodes = compiled.pop("nodes")
    tables: dict[str, Any] = dict(language)
    tables["disguised"] = sorted(
        {
            language["spelling"].get(word, word)
            for name in DISGUISED
            for word in folder.lists[name]
            if word.isalpha() and len(word) > 3
        }
    )
    tables["hints"] = tomllib.loads((FOLDER / "hints.toml").read_text(encoding="utf-8"))
    words = (FOLDER / "words.txt").read_text(encoding="utf-8").splitlines()
    tables["vocabulary"] = " ".join(word for word in words if word and word[0] != "#")
    return {
        "language.json": _line(tables) + "\n",
        "rules.jsonl": "".join(f"{_line(part)}\n" for part in (compiled, *nodes)),
    }


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> int:
    """Write the compiled files that differ; with `--check` only name them."""
    check = "--check" in sys.argv[1:]
    stale = 0
    for name, content in built_files().items():
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            stale = 1
            if not check:
                path.write_text(content, encoding="utf-8")
            sys.stderr.write(f"{name} {'is stale' if check else 'written'}\n")
    return stale if check else 0


if __name__ == "__main__":
    sys.exit(main())
