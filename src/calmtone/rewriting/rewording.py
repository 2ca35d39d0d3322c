"""Milder words for what people say when they are hot or on guard, from a table of phrases.

The phrases stand in the tables `rewordings`, `asides` and `requests` of
`data/en/rewriting.toml`. Each function proposes changes to one sentence: (start, end, new
words, kind, reason).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..results import Span
from .clauses import is_condition
from .guards import trailing
from .phrases import Proposal, compiled
from .statements import content, words_of
from .words import tables

_ASIDE = "The point stands without this aside."
_CLAUSE = re.compile(r"(?i)\s+(?:i|you|u|we|they|he|she|it|this|that|there)\b")
ASKED = "A request is heard better than an order."
_MOST_CONTENT = 3  # words of content that a slot may stand for
_LONG_ASIDE = 3  # words, from which on it needs no comma before it


class _Rewording:
    """A phrase with the part to replace and what to put there; its pattern is made when needed.

    `anchors` are words one of which the phrase holds.
    """

    def __init__(self, phrase: str, new: str) -> None:
        self.phrase = phrase
        self.new = new
        bare = re.sub(r"\([^)]*\)|[<>]", " ", phrase)
        first = re.search(r"\[([^\]]+)\]|[^\s\[\]]+", bare)
        options = (first[1] or first[0]).split("|") if first else []
        self.anchors = tuple(option.lower().split()[0].split("'")[0] for option in options)

    def search(self, sentence: str) -> re.Match[str] | None:
        """Where the phrase stands; the group "gone" is what is replaced."""
        lower = sentence.lower()
        if not any(anchor in lower for anchor in self.anchors):
            return None
        return _pattern(self.phrase).search(sentence)


@lru_cache(maxsize=256)
def _pattern(phrase: str) -> re.Pattern[str]:
    before, _, rest = phrase.partition("<")
    gone, _, after = rest.partition(">")
    return re.compile(
        rf"(?i)(?<![\w'\u2019]){compiled(before)}(?P<gone>{compiled(gone)}){compiled(after)}"
    )


@lru_cache(maxsize=1)
def _rewordings() -> tuple[_Rewording, ...]:
    return tuple(_Rewording(phrase, new) for phrase, new in tables()["rewordings"].items())


@lru_cache(maxsize=1)
def _asides() -> re.Pattern[str]:
    sources = "|".join(map(compiled, tables()["asides"]["phrases"]))
    return re.compile(rf"(?i)(?P<comma>,?) (?:{sources})(?P<after>\s*(?:[,;.!?)]|$))")


@lru_cache(maxsize=1)
def _adverbs() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(tables()["asides"]["adverbs"])))
    return re.compile(rf"(?i)(?<=[a-z]) (?:{words})(?= [a-z])")


@lru_cache(maxsize=1)
def _orders() -> re.Pattern[str]:
    lists = tables()["requests"]
    needs, verbs = ("|".join(sorted(lists[name])) for name in ("needs", "verbs"))
    return re.compile(
        rf"(?i)(?:(?:you|u) (?:really |just )?(?:{needs}) |(?:just |now |so )?)"
        rf"(?P<verb>(?:{verbs}|don['\u2019]?t|do not|never)\b)"
    )


MATTER = "These words take the matter up, not the person."


def rewordings(sentence: str) -> Iterator[Proposal]:
    """Phrases of the table, in milder words."""
    for reword in _rewordings():
        match = reword.search(sentence)
        if match is None:
            continue
        start, end = match.span("gone")
        end = start + len(match["gone"].rstrip())
        new = reword.new
        if sentence[start : start + 1].isupper() and start == 0:
            new = new[:1].upper() + new[1:]
        kind = "slot" if "[" in new else "replace"
        if (
            kind == "slot"
            and len(content(words_of(sentence, Span(start, end)))) > _MOST_CONTENT
        ):
            continue  # what it is about would be lost
        yield start, end, new, kind, MATTER


def asides(sentence: str) -> Iterator[Proposal]:
    """Asides between marks or at the end, and adverbs that insist, left out."""
    for match in _asides().finditer(sentence):
        following = sentence[match.end() :]
        mark = match["after"].strip()
        if not match["comma"] and len(match[0].split()) < _LONG_ASIDE:
            continue  # "just so that you know"
        if following.lstrip(" ,").lower().startswith("because"):
            continue  # it would give the reason of something else
        if mark == "," and match["comma"] and following.strip():
            joined = trailing(sentence[: match.start()]) >= 0 or not _CLAUSE.match(following)
            end = match.end() - (0 if joined else 1)
            yield match.start(), end, "", "drop", _ASIDE
        elif mark != "," or not match["comma"]:
            yield match.start(), match.end() - len(match["after"]), "", "drop", _ASIDE
    for match in _adverbs().finditer(sentence):
        yield *match.span(), "", "drop", "The point stands without the stress."


def requests(sentence: str) -> Iterator[Proposal]:
    """Commands as requests: "Stop …" and "You need to stop …" as "Please stop …"."""
    lists = tables()["requests"]
    first = _orders().match(sentence)
    if first is None or "please" in sentence.lower() or sentence.rstrip().endswith("?"):
        return
    if is_condition(sentence) or " again" in sentence.lower():
        return  # "come back and I'll …" asks for nothing, "do that again" neither
    following = sentence[first.end() :].split(maxsplit=1)
    if not following or following[0].lower().strip(",.!") in lists["not-before"]:
        return
    verb = first["verb"].lower()
    if verb == "never":
        verb = "don't"
    new = f"please {verb}"
    if sentence[:1].isupper():
        new = "P" + new[1:]
    yield 0, first.end(), new, "replace", ASKED
