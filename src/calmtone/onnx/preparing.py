"""A document as models read it: addresses and quotations replaced, with the way back.

What `calmtone.text.read` masks as not the writer's own words is not shown to a model:
quoted mail is dropped, reported speech and code give way to a sign for themselves. What
people spell with digits, stars or gaps ("st*pid") is shown as the word that is meant. Web
addresses, e-mail addresses and user names are masked if the model was trained so.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from ..records import NamedTuple
from ..text import MASK, Document

_OPENING = frozenset("\"'\u201c\u201d\u201e\u201f\u2033\uff02\u00ab\u00bb\u2018\u2019\u201b")
# In ASCII, signs that can stand for letters, and gaps between single letters.
_SIGNS = re.compile(r"\w[*#$@0-9]|[*#$@0-9]\w|\w!\w|(?<!\w)\w[ .*-]{1,2}\w(?!\w)")
_WITHIN = frozenset("'\u2019-/\u200b\u200c\u200d\u00ad")
_NAMES = {"http": "link", "www.": "link"}
_LINK = re.compile(r"(?:https?://|www\.)\S+")
# Every run of such signs is taken, with an address or without one: to look for the rest of
# an address from each sign of a long run anew would take quadratic time.
_MAIL = re.compile(r"[\w.+-]+(@[\w-]+\.[\w.]+)?")
_USER = re.compile(r"(?<!\w)@\w+")


class Prepared(NamedTuple):
    """The text for the model, and which code points it came from.

    `starts[i]` is where piece `i` begins in `text`, `origins[i]` and `ends[i]` where it
    begins and ends (exclusive) in the caller's text. What is `replaced` stands for all of
    its own; what is `foreign` stands for words that are not the writer's. Without pieces the
    text is the caller's own.
    """

    text: str
    starts: list[int]
    origins: list[int]
    ends: list[int]
    replaced: list[bool]
    foreign: list[bool]

    def stands_in(self, start: int) -> bool:
        """Whether what begins at `start` stands in place of words that are not the writer's."""
        return bool(self.starts) and self.foreign[bisect_right(self.starts, start) - 1]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Code points of the caller's text for `start` to `end` of the prepared one."""
        if not self.starts:
            return start, end
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, max(end - 1, start)) - 1
        if self.replaced[first]:
            begin = self.origins[first]
        else:
            begin = self.origins[first] + start - self.starts[first]
        if self.replaced[last]:
            return begin, self.ends[last]
        return begin, self.origins[last] + end - self.starts[last]


def prepare(document: Document, mask: bool = True) -> Prepared:
    """The text that a model is given for a document.

    Args:
        document: a text as `calmtone.text.read` gives it.
        mask: whether web addresses, e-mail addresses and user names become `link`,
            `someone` and `@user`.
    """
    text = document.text
    prepared = Prepared(text, [], [], [], [], [])
    parts_of = [*_masked(document), *_disguised(document)]
    if not parts_of:
        return prepared
    parts: list[str] = []
    size = at = 0

    def add(part: str, origin: int, end: int, replaced: bool, foreign: bool) -> None:
        nonlocal size
        if part:
            parts.append(part)
            prepared.starts.append(size)
            prepared.origins.append(origin)
            prepared.ends.append(end)
            prepared.replaced.append(replaced)
            prepared.foreign.append(foreign)
            size += len(part)

    for start, end, word in sorted(parts_of):
        if start < at:
            continue
        sign = word or _sign(text[start:end], mask)
        if sign is None:
            continue
        if sign == '"..."' and text[end : end + 1] in _OPENING:
            end += 1
        add(text[at:start], at, start, False, False)
        add(sign, start, end, True, not word)
        at = end
    add(text[at:], at, len(text), False, False)
    return prepared._replace(text="".join(parts))


def without_addresses(text: str) -> str:
    """A message that is answered, its addresses and user names masked.

    >>> without_addresses("@ann See https://example.org")
    '@user See link'
    """
    text = _LINK.sub("link", text)
    if "@" not in text:
        return text
    text = _MAIL.sub(lambda found: "someone" if found[1] else found[0], text)
    return _USER.sub("@user", text)


def _masked(document: Document) -> list[tuple[int, int, str]]:
    """Code points of what the document masks."""
    if MASK not in document.words:
        return []
    return [
        (start, end, "")
        for word, start, end in zip(document.words, document.starts, document.ends, strict=True)
        if word == MASK
    ]


def _disguised(document: Document) -> list[tuple[int, int, str]]:
    """Code points of words that are spelled with other signs, and the words."""
    text = document.text
    if text.isascii() and not _SIGNS.search(text):
        return []
    return [
        (start, end, word)
        for word, start, end in zip(document.words, document.starts, document.ends, strict=True)
        if word.isalpha()
        and not (shown := text[start:end]).isalpha()
        and any(map(str.isalpha, shown))
        and not any(sign in shown for sign in _WITHIN)
    ]


def _sign(words: str, mask: bool) -> str | None:
    """What stands in place of masked words, or None to leave them."""
    name = _NAMES.get(words[:4].lower())
    if name is not None:
        return name if mask else None
    if words[0] in _OPENING:
        return '"..."'
    if words[0] == "`":
        return "code"
    if "@" in words and not any(map(str.isspace, words)):
        if not mask:
            return None
        return "@user" if words[0] == "@" else "someone"
    return ""
