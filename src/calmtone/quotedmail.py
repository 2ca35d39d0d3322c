"""Where a text holds somebody else's mail: quoted below a line, or behind mail headers.

A block of headers that starts the text is the writer's own and announces nothing: the body
below it is read. The names of headers are those of conversations (`conversations.json`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from .resources import read_json

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    import re
    from typing import Any

_ATTRIBUTION = r"(?m)^on ([^\n]{5,200})wrote:[ \t]*$"
_HEADER = r"[ \t]*\*?([a-z][a-z-]{1,30}):\*?(?:[ \t]|$)"
_LEAST_HEADERS = 3  # where no address says that they are some


def quoted_mail(norm: str, text: str) -> list[tuple[int, int]]:
    r"""Spans of a text that are no words of its writer.

    Below "On 3 March, Ann wrote:", which names a person and a date or an address, all that
    follows is hers; below one that is vaguer, or quotes "you", the next paragraph is; and
    what "I wrote" is the writer's. A block of From, Sent, To, Subject in the text announces
    a mail up to the end.

    Args:
        norm: the text in lower case, line for line.
        text: the text itself, of the same length.

    >>> text = "Gone by noon.\n\nOn 3 March, Ann wrote:\nWhen?"
    >>> [text[start:end] for start, end in quoted_mail(text.lower(), text)]
    ['On 3 March, Ann wrote:\nWhen?']
    """
    spans = list(_attributed(norm, text)) if "wrote:" in norm else []
    if "from:" in norm:
        spans += _headed(norm)
    return sorted(spans)


@cache
def _words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Names of headers, words that are no names, and those of them that mean the writer."""
    mail: Mapping[str, Any] = read_json("en", "conversations.json")["mail"]
    return (
        frozenset(mail["headers"]),
        frozenset(mail["no_names"]),
        frozenset(mail["own_names"]),
    )


@cache
def _pattern(source: str) -> re.Pattern[str]:
    import re

    return re.compile(source)


def _attributed(norm: str, text: str) -> Iterator[tuple[int, int]]:
    """What stands below lines such as "On Monday, Ann wrote:"."""
    _, no_names, own_names = _words()
    done = 0
    for line in _pattern(_ATTRIBUTION).finditer(norm):
        if line.start() < done:
            continue
        said = line[1].split()
        who = said[-1] if said else ""
        if who in own_names:
            continue
        start, end = line.span(1)
        named = "@" in who or text[start:end].split()[-1:] != [who]  # it has a capital
        dated = "@" in line[1] or any(map(str.isdigit, line[1]))
        if named and dated and who not in no_names:
            yield line.start(), len(norm)
            return
        done = _paragraph_end(norm, line.end())
        yield line.start(), done


def _paragraph_end(norm: str, at: int) -> int:
    """Where the paragraph that begins after `at` ends."""
    while at < len(norm) and norm[at].isspace():
        at += 1
    blank = _pattern(r"\n[ \t]*\n").search(norm, at)
    return blank.start() if blank else len(norm)


def _headed(norm: str) -> Iterator[tuple[int, int]]:
    """The block of headers at the start, and the rest from another one on."""
    known, _, _ = _words()
    names: dict[str, None] = {}
    start = end = at = 0
    address = False
    first = True  # whether nothing but headers has come
    for line in [*norm.split("\n"), ""]:
        found = _pattern(_HEADER).match(line)
        name = found[1] if found else ""
        if name and name not in names and (name in known or first):
            if not names:
                start = at
            names[name], end = None, at + len(line)
            address = address or "@" in line
        elif names and (line[:1] in (" ", "\t") or (first and name)) and line.strip():
            end = at + len(line)  # folded, or "Received:" once more
        else:
            if _is_block(names, known, address):
                yield start, (end if first else len(norm))
                if not first:
                    return
            first = first and not names and not line.strip()
            names, address = {}, False
            if name in known:  # it begins anew
                names, start, end, address = {name: None}, at, at + len(line), "@" in line
        at += len(line) + 1


def _is_block(names: Mapping[str, None], known: frozenset[str], address: bool) -> bool:
    if "from" not in names:
        return False
    met: Sequence[str] = [name for name in names if name in known]
    return len(met) >= _LEAST_HEADERS or (len(met) == _LEAST_HEADERS - 1 and address)
