"""Compiles the shipped TOML files to what analysis reads: `python -m calmtone.rules.build`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ..resources import DATA, Records
from ..text import complete
from . import built_in
from .actfiles import acts_of_scores, load_acts
from .compiling import compile_rules, merge
from .loading import RuleFolder

FOLDER = Path(DATA, "en")


def built_files() -> dict[str, str]:
    """Names of the compiled files and what they should hold."""
    folder, tables = built_in()
    compiled = compile_rules(folder, tables)
    nodes = compiled.pop("nodes")
    words = f"{tables['vocabulary']} {compiled.pop('vocabulary')}".split()
    files = {"rules.jsonl": _records(compiled, nodes)}
    for name, acts in _acts(folder, tables).items():
        words += acts.pop("vocabulary").split()
        act_nodes = acts.pop("nodes")
        files[name] = _records(acts, act_nodes)
    tables = {**tables, "vocabulary": " ".join(sorted(complete(tables, words)))}
    return {"language.json": _line(tables) + "\n", **files}


def _acts(folder: RuleFolder, tables: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The compiled rules of acts, which have files of their own."""
    sides = load_acts([FOLDER / "acts"], known_lists=folder.lists)
    others = {"need": (), "does": acts_of_scores(folder.rules)}
    return {
        name: compile_rules(merge(RuleFolder(others[side], folder.lists), sides[side]), tables)
        for name, side in (("needs.jsonl", "need"), ("does.jsonl", "does"))
    }


def _records(header: dict[str, Any], nodes: list[dict[str, Any]]) -> str:
    return _line(header) + "\n" + Records.dump([_line(node) for node in nodes])


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
                # A running process keeps the file that it has mapped into memory.
                fresh = path.with_name(f"{name}.new")
                fresh.write_text(content, encoding="utf-8")
                fresh.replace(path)
            sys.stderr.write(f"{name} {'is stale' if check else 'written'}\n")
    return stale if check else 0


if __name__ == "__main__":
    sys.exit(main())
