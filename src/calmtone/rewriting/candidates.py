"""What a rewriter offers: its texts, without what a language model wraps them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import CalmtoneError
from .results import SetAside
from .words import fact_tables

if TYPE_CHECKING:
    from ..results import Analysis, Hint

_MOST_CANDIDATES = 20
_LONGEST_LEAD = 120  # code points of a line that announces the text
_QUOTES = (('"', '"'), ("\u201c", "\u201d"), ("\u00ab", "\u00bb"))


def candidates(
    before: Analysis,
    rewriter: Callable[[str, Sequence[Hint]], object],
    aside: list[SetAside],
) -> list[str]:
    """The rewriter's texts, each once; why there are not more goes to `aside`.

    Args:
        before: the draft.
        rewriter: what is asked; whatever it raises is caught.
        aside: gets what is no text, and why.
    """
    found: dict[str, None] = {}
    try:
        offered: Any = rewriter(before.text, before.hints)
        if isinstance(offered, str):
            offered = (offered,)
        elif (reason := _no_texts(offered)) is not None:
            aside.append(SetAside(None, reason))
            return []
        for number, candidate in enumerate(offered):
            if number == _MOST_CANDIDATES:
                aside.append(SetAside(None, f"only {_MOST_CANDIDATES} candidates are read"))
                break
            if not isinstance(candidate, str):
                kind = type(candidate).__name__
                aside.append(SetAside(None, f"a candidate is no string but {kind}"))
            elif not candidate.strip():
                aside.append(SetAside(candidate, "the candidate is empty"))
            else:
                found[unwrapped(candidate, before.text)] = None
    except Exception as error:
        # whatever somebody else's code raises: the safe edits still help
        known = isinstance(error, CalmtoneError)
        name = "" if known else f"{type(error).__name__}: "
        aside.append(SetAside(None, f"the rewriter raised {name}{error}"))
    return list(found)


def _no_texts(offered: object) -> str | None:
    """Why what a rewriter returned is not gone through, or None."""
    if hasattr(offered, "__await__") or hasattr(offered, "__aiter__"):
        if hasattr(offered, "close"):
            offered.close()  # a coroutine that nobody awaits warns
        return "the rewriter must not be async: let it return its texts"
    if isinstance(offered, (bytes, bytearray, memoryview)):
        return f"the rewriter gave {type(offered).__name__}: decode them to a string"
    if isinstance(offered, Mapping):
        return f"the rewriter gave a {type(offered).__name__}: let it return a list of texts"
    return None


def unwrapped(candidate: str, text: str) -> str:
    r"""A candidate without a line that announces it, and without quotation marks around it.

    Both stay where the draft has them.

    >>> unwrapped('Sure! Here is a calmer version:\n\n"Where is my bag?"', "Where is it?!")
    'Where is my bag?'
    """
    plain = candidate.strip()
    lead, newline, rest = plain.partition("\n")
    if newline and rest.strip() and _announces(lead) and lead.strip() not in text:
        plain = rest.strip()
    for start, end in _QUOTES:
        inner = plain[1:-1].strip()
        wrapped = len(plain) > 2 and plain[0] == start and plain[-1] == end
        if wrapped and start not in inner and end not in inner and not text.startswith(start):
            return inner or plain
    return plain


def _announces(line: str) -> bool:
    """Whether a line says that a rewritten text follows: "Here is a calmer version:"."""
    line = line.strip().strip("*_#").strip()
    if not line.endswith(":") or len(line) > _LONGEST_LEAD:
        return False
    words = {word.strip(".,:;!*\"'()") for word in line.lower().split()}
    return not words.isdisjoint(fact_tables()["candidates"]["announcing"])
