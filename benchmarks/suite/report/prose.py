"""The standing text of the page, from the files in `prose/`."""

from __future__ import annotations

from pathlib import Path
from string import Template

FOLDER = Path(__file__).with_name("prose")


def prose(name: str, **given: str) -> str:
    """A piece of text, with `$names` filled in."""
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    return Template(text).substitute(given)
