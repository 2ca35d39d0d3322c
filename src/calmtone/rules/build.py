"""Compiles the shipped TOML files to what analysis reads: `python -m calmtone.rules.build`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ..resources import DATA, Records
from ..text import complete
from . import built_in
from .compiling import compile_rules

FOLDER = Path(DATA, "en")


def built_files() -> dict[str, str]:
    """Names of the compiled files and what they should hold."""
    folder, tables = built_in()
    compiled = compile_rules(folder, tables)
    nodes = compiled.pop("nodes")
    words = f"{tables['vocabulary']} {compiled.pop('vocabulary')}".split()
    tables = {**tables, "vocabulary": " ".join(sorted(complete(tables, words)))}
    return {
        "language.json": _line(tables) + "\n",
        "rules.jsonl": _line(compiled) + "\n" + Records.dump([_line(node) for node in nodes]),
    }


def _line(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


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
