"""Where output goes: colour, encoding and width of the streams; error lines."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TextIO

from ..errors import CalmtoneError, RuleError

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PLAIN = str.maketrans(
    {
        "▇": "#",
        "▁": ".",
        "▂": ".",
        "▃": "-",
        "▄": "-",
        "▅": "=",
        "▆": "=",
        "█": "#",
        "▲": "^",
        "▽": "v",
        "◆": "*",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "−": "-",
        "—": "--",
        "…": "...",
        "→": "->",
        "·": "|",
        "│": "|",
        "⋮": ":",
        "\ufffd": "?",
    }
)
_CODES = {
    "hostility": "31",
    "defensiveness": "33",
    "empathy": "32",
    "bold": "1",
    "dim": "2",
    "underline": "4",
    "removed": "31;9",
    "added": "32",
}


class Output:
    """A stream of text, styled where it can be, in ASCII where it must be."""

    def __init__(self, stream: TextIO, *, color: bool) -> None:
        self._stream = stream
        self.color = color and is_colored(stream)
        self.unicode = (stream.encoding or "ascii").lower().replace("-", "").startswith("utf")
        self.width = min(max(shutil.get_terminal_size().columns, 40), 100)

    def line(self, text: str = "") -> None:
        """Write a line."""
        if not self.unicode:
            encoding = self._stream.encoding or "ascii"
            text = text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
        self._stream.write(f"{text}\n")

    def style(self, text: str, *styles: str) -> str:
        """The text in colour or weight, where there is colour."""
        if not self.color or not text:
            return text
        return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m"


def is_colored(stream: TextIO) -> bool:
    """Whether colour is wanted on a stream: NO_COLOR, FORCE_COLOR, then a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    terminal = os.environ.get("TERM", "dumb" if os.name != "nt" else "")
    if os.name == "nt" and not (os.environ.get("WT_SESSION") or terminal):
        return False
    return stream.isatty() and terminal != "dumb"


def safe(text: str) -> str:
    r"""The text without what could steer a terminal, of the same length.

    >>> safe("a\x1b[2Jb") == "a\ufffd[2Jb"
    True
    """
    return _UNSAFE.sub("\ufffd", text)


def complain(message: str) -> None:
    """Say on stderr what is wrong, each line marked as ours."""
    for line in message.splitlines() or [""]:
        sys.stderr.write(f"calmtone: {safe(line)}\n")


def describe(error: CalmtoneError | OSError) -> str:
    """The message of an error, for people."""
    if isinstance(error, OSError) and error.strerror:
        name = f"{error.filename}: " if error.filename is not None else ""
        return f"{name}{error.strerror}"
    if isinstance(error, RuleError):
        return "\n".join(error.problems)
    return str(error)
