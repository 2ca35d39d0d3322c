"""Blocks of a page between `<!-- begin:NAME -->` and `<!-- end:NAME -->`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

Fill = Callable[[str], str]
_BLOCK = re.compile(
    r"<!-- begin:(?P<name>[\w-]+) -->\n(?P<body>.*?)<!-- end:(?P=name) -->", re.S
)


def filled(text: str, blocks: Mapping[str, Fill], page: Path, problems: list[str]) -> str:
    """The page with each block made anew from its present content."""

    def fill(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in blocks:
            problems.append(f"{page.name}: nothing fills the block {name!r}")
            return match[0]
        body = blocks[name](match["body"]).strip("\n")
        return f"<!-- begin:{name} -->\n{body}\n<!-- end:{name} -->"

    if text.count("<!-- begin:") != len(_BLOCK.findall(text)):
        problems.append(f"{page.name}: a block has a beginning and no end, or another end")
    return _BLOCK.sub(fill, text)


def table(head: list[str], rows: list[list[str]], right: int = 1) -> str:
    """A Markdown table; the columns from `right` on are aligned to the right."""
    rules = ["---" if i < right else "--:" for i in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rules, *rows))
