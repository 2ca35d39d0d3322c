"""The README's picture of a terminal, from a run of the command line.

A grid of characters as SVG without fonts or links of its own; each run of one style has
its own width, so that the grid holds whatever monospaced font the reader has.
"""

from __future__ import annotations

import re
from html import escape

from .examples import terminal

DRAFT = "I'm sorry you feel that way, but you should have read the policy."
COLUMNS = 84
_WIDTH, _HEIGHT, _PAD, _TOP = 8.4, 19, 18, 40
_CODES = {"1": "b", "2": "d", "4": "u", "31": "h", "32": "e", "33": "f"}
_STYLE = (
    "text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
    "fill:#d8dee9;white-space:pre}"
    ".b{font-weight:bold}.d{fill:#8b95a7}.u{text-decoration:underline}"
    ".h{fill:#ff7b72}.f{fill:#e3b341}.e{fill:#7ee787}"
)
_RUN = re.compile(r"\x1b\[([\d;]*)m|([^\x1b]+)")


def picture() -> str:
    """The SVG."""
    lines = [f'\x1b[2m$\x1b[0m calmtone "{DRAFT}"', *terminal([DRAFT], COLUMNS).splitlines()]
    width = round(COLUMNS * _WIDTH + 2 * _PAD)
    height = _TOP + len(lines) * _HEIGHT + _PAD
    rows = "\n".join(
        f'<text y="{_TOP + (number + 1) * _HEIGHT - 5}">{row}</text>'
        for number, line in enumerate(lines)
        if (row := _row(line))
    )
    dots = "".join(f'<circle cx="{x}" cy="20" r="5" fill="#4c566a"/>' for x in (22, 40, 58))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-labelledby="title">\n'
        f'<title id="title">calmtone in a terminal: {escape(DRAFT)}</title>\n'
        f"<style>{_STYLE}</style>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="#161b22"/>{dots}\n'
        f"{rows}\n</svg>\n"
    )


def _row(line: str) -> str:
    """A line's runs of one style, each at its column."""
    spans, column, classes = [], 0, ""
    for codes, text in _RUN.findall(line):
        if not text:
            classes = " ".join(_CODES[code] for code in codes.split(";") if code in _CODES)
            continue
        bare = text.strip(" ")
        if bare:
            start = _PAD + (column + text.index(bare)) * _WIDTH
            style = f' class="{classes}"' if classes else ""
            spans.append(
                f'<tspan x="{start:.1f}" textLength="{len(bare) * _WIDTH:.1f}"'
                f"{style}>{escape(bare)}</tspan>"
            )
        column += len(text)
    return "".join(spans)
