"""Where output goes: colour, encoding and width of the streams; error lines."""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO

from ..errors import CalmtoneError, InputError, RuleError

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


_PLAINLY = "calmtone.plainly"  # what encoding errors are handled by


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """Signs that an encoding lacks as signs that it has, others as their numbers."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    told = (_PLAIN.get(ord(char)) or _numbered(char) for char in lacking)
    return "".join(told), error.end


def _numbered(char: str) -> str:
    return char.encode("ascii", "backslashreplace").decode("ascii")


codecs.register_error(_PLAINLY, _plainly)


class Output:
    """A stream of text, styled where it can be, with the signs that its encoding has."""

    def __init__(self, stream: TextIO, *, color: bool) -> None:
        self._stream = stream
        self.color = color and is_colored(stream)
        self.width = min(max(shutil.get_terminal_size().columns, 40), 100)

    def line(self, text: str = "") -> None:
        """Write a line for people: what the encoding lacks is shown by other signs."""
        encoding = self._stream.encoding or "ascii"
        self._stream.write(f"{text.encode(encoding, _PLAINLY).decode(encoding)}\n")

    def payload(self, text: str) -> None:
        """Write a text for files and programs, as it is, with a line end.

        Raises:
            InputError: the encoding of the stream lacks a character of it.
        """
        encoding = self._stream.encoding or "ascii"
        try:
            text.encode(encoding)
        except UnicodeEncodeError as error:
            char = text[error.start]
            advice = "" if _UNSAFE.match(char) else "set PYTHONIOENCODING=utf-8, or "
            raise InputError(
                f"the standard output is in {encoding}, which has no {_numbered(char)}: "
                f"{advice}use --format json"
            ) from None
        self._stream.write(f"{text}\n")

    def fallback(self, reason: str | None) -> None:
        """Say, at the end, why the rules alone have read; nothing without a reason."""
        if reason is not None:
            import textwrap

            self.line()
            words = f"Read by the rules alone: {safe(reason)}"
            for line in textwrap.wrap(words, self.width, break_long_words=False):
                self.line(self.style(line, "dim"))

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


class _Closed(io.TextIOBase):
    """In place of a standard output that was closed: no output is an error, some is one."""

    encoding = "utf-8"

    @property
    def buffer(self) -> BinaryIO:
        """Nothing can be written."""
        raise _closed("output")

    def write(self, text: str) -> int:
        """Nothing can be written."""
        raise _closed("output")


class _Nowhere(io.TextIOBase):
    """In place of a stderr that was closed."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        """Nobody reads it."""
        return len(text)


@contextmanager
def open_streams() -> Iterator[None]:
    """Lets standard streams be written to that the caller's shell has closed."""
    before = sys.stdout, sys.stderr
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = _Nowhere()
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def standard_input() -> BinaryIO:
    """The bytes of the standard input.

    Raises:
        OSError: it was closed.
    """
    if sys.stdin is None:
        raise _closed("input")
    return sys.stdin.buffer


def piped() -> bool:
    """Whether something is piped into the standard input."""
    return sys.stdin is not None and not sys.stdin.isatty()


def _closed(which: str) -> OSError:
    return OSError(errno.EBADF, f"the standard {which} is closed")


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
