"""Arguments to what they name: a text, files, the standard input."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ..errors import InputError
from .arguments import Options
from .output import piped

_KIND_BY_SUFFIX = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
}
_ENDINGS = re.compile(
    r"(?i)\.(?:txt|text|md|markdown|mdx|rst|adoc|asciidoc|tex|org|log|eml|mbox|msg|jsonl|ndjson"
    r"|json|csv|tsv|tab|html?|xml|ya?ml|toml|docx?|odt|rtf|pdf|diff|patch)"
)
_PUNCTUATION = re.compile(r"[.,;:!?…](?:\s|$)")
_LONGEST_PATH = 1_000  # characters; a longer argument is a text
_MOST_NAMES = 10_000  # of a folder that are compared
_CLOSE = 0.8


class Source(NamedTuple):
    """Something to read. `path` is None for a given text and for the standard input."""

    name: str
    kind: str
    path: Path | None = None
    text: str | None = None
    may_be_empty: bool = True


_AS_TEXT = "pass it as --text '{}' or through the standard input (-)"
_CONVERSATIONS = (".eml", ".mbox", ".mbx", ".json")


def find_sources(
    options: Options, *, checked: bool = False, as_text: str = _AS_TEXT
) -> list[Source]:
    """What the arguments name; empty where there is nothing to read.

    Args:
        options: inputs, files and text.
        checked: whether somebody relies on the exit code, so that a lone word is rather
            taken for a file with a wrong name than for a text.
        as_text: how the command takes a text that looks like a file; `{}` is the text.

    Raises:
        InputError: a lone argument looks like a file that does not exist, several are texts,
            or a file holds a conversation.
    """
    if options.text is not None:
        return [Source("the text", "text", text=options.text)]
    names = [*options.files, *options.inputs]
    if not names:
        if not piped():
            return []
        return [Source("stdin", options.kind or "text", may_be_empty=False)]
    if len(names) == 1 and not options.files and names[0] != "-":
        return [_text_or_file(names[0], options.kind, checked, as_text)]
    refuse_text(options.inputs, one="give one text at a time")
    return [_file(name, options.kind) for name in names]


def refuse_text(names: Iterable[str], *, one: str = "pipe it in (-)") -> None:
    """Say of a text that stands among the names of files what it is.

    Args:
        names: what should be files.
        one: how the command takes a text.

    Raises:
        InputError: one of them is no file, and looks like a text.
    """
    for name in names:
        text = re.search(r"\s", name) or _PUNCTUATION.search(name)
        if name != "-" and not _exists(name) and text and not _looks_like_file(name, False):
            raise InputError(f"no file {name}: these are read as files; if it is a text, {one}")


def _text_or_file(argument: str, kind: str | None, checked: bool, as_text: str) -> Source:
    if _exists(argument):
        return _file(argument, kind)
    close = _close_name(argument)
    if close or _looks_like_file(argument, checked):
        meant = f"did you mean {close}? If not, " if close else ""
        raise InputError(
            f"no file {argument}: {meant}check its name, or, if it is a text, "
            + as_text.format(argument)
        )
    return Source("the text", "text", text=argument)


def _looks_like_file(argument: str, checked: bool) -> bool:
    """Whether an argument was meant for a file, rather than for a text."""
    if not argument or len(argument) > _LONGEST_PATH or "\n" in argument:
        return False
    folder, name = os.path.split(argument)
    parted = "/" in argument or os.sep in argument
    if not re.search(r"\s", argument):
        if parted or Path(argument).suffix:
            return True
        return checked and not _PUNCTUATION.search(argument)
    if folder and name == name.lstrip() and _exists(folder):
        return True
    if _PUNCTUATION.search(argument):
        return False
    return _ENDINGS.fullmatch(Path(argument).suffix) is not None or (checked and parted)


def _close_name(argument: str) -> str | None:
    """The file beside the named one whose name, with or without its ending, is like it."""
    folder, name = os.path.split(argument)
    if not name or len(name) > 100 or _PUNCTUATION.search(name):
        return None
    try:
        with os.scandir(folder or os.curdir) as entries:
            files = [entry.name for entry in islice(entries, _MOST_NAMES) if entry.is_file()]
    except (OSError, ValueError):  # no such folder, or no path at all
        return None
    known: dict[str, str] = {}
    for file in sorted(files):
        known.setdefault(Path(file).stem.lower(), file)
    known.update((file.lower(), file) for file in files)
    found = difflib.get_close_matches(name.lower(), known, n=1, cutoff=_CLOSE)
    return str(Path(folder, known[found[0]])) if found else None


def _exists(argument: str) -> bool:
    try:
        return argument != "" and Path(argument).exists()
    except (OSError, ValueError):  # a text too long for a name, or with a NUL
        return False


def _file(name: str, kind: str | None) -> Source:
    if name == "-":
        return Source("stdin", kind or "text")
    path = Path(name)
    if kind is None and path.suffix.lower() in _CONVERSATIONS and path.exists():
        raise InputError(
            f"{name}: holds a conversation, and this reads drafts: calmtone thread {name} "
            "reads it; if it is a draft all the same, pipe it in (-)"
        )
    return Source(name, kind or _KIND_BY_SUFFIX.get(path.suffix.lower(), "text"), path)
