"""Steps that make the text of a cell what its writer wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable


def _unquoted(text: str) -> str:
    """A JSON string's content, where the text is one."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text, strict=False))
        except ValueError:
            return text[1:-1]
    return text


def _unescaped(text: str) -> str:
    """Text that was written as a Python literal: no outer quotes, escapes resolved."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    # Twice escaped in places; only known escapes, since a lone backslash may be a face.
    for _ in range(2):
        text = _ESCAPES.sub(_escape, text)
    return text


_ESCAPES = re.compile(
    r"\\\\|\\([ntr'\"])|((?:\\x[0-9a-fA-F]{2})+)|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})"
)


def _escape(match: re.Match[str]) -> str:
    letter, run, short, long = match.groups()
    if letter:
        return {"n": "\n", "t": "\t", "r": "\r"}.get(letter, letter)
    if run:
        data = bytes.fromhex(run.replace("\\x", ""))
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("latin-1")
    if not (short or long):
        return "\\"
    code = int(short or long, 16)
    surrogate = 0xD800 <= code <= 0xDFFF
    return match[0] if surrogate or code > 0x10FFFF else chr(code)


CLEANERS: dict[str, Callable[[str], str]] = {
    "json": _unquoted,
    "escapes": _unescaped,
    "linebreak": lambda text: re.sub(r" ?\[linebreak\] ?", "\n", text),
    "strip": str.strip,
}


def cleaned(text: str, names: Iterable[str]) -> str:
    """Text after the named steps of `CLEANERS`, in their order."""
    for name in names:
        text = CLEANERS[name](text)
    return text
