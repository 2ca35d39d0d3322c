"""Whether what a rule suggests can stand in the place of some words, and how.

How a replacement is written says where it can stand (docs/adding-a-rule.md): one with a
capital begins a clause, one with a mark at its end ends one, "" drops the words, and others
stand wherever their rule puts them. Where the words around do not allow it, there is no
suggestion: better none than one that reads wrong or says what nobody meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from .records import NamedTuple
from .results import Span

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    import re
    from typing import Any

_MARKS = frozenset(".!?\u2026")
_BREAKS = frozenset(",;:-\u2013\u2014")
_AROUND = 240  # code points that are looked at on either side: sentences may be endless


class Replacement(NamedTuple):
    """A replacement as its rule means it.

    `mark` is "." or "?" if it ends a clause, else empty; `starts` says whether it begins
    one; after it, though it ends a clause, may come one of the words `before`.
    """

    text: str
    starts: bool
    mark: str
    before: tuple[str, ...]


class _Word(NamedTuple):
    """A word or a sign: in small letters with plain apostrophes, and where it stands."""

    form: str
    start: int
    end: int


@cache
def parse(written: str) -> Replacement:
    """What a rule's replacement says.

    >>> parse("I am upset with you (because|for).")
    Replacement(text='I am upset with you', starts=True, mark='.', before=('because', 'for'))
    """
    text, mark, before = written, "", ""
    if len(text) > 1 and text[-1] in ".?":
        text, mark = text[:-1], text[-1]
        if text.endswith(")") and " (" in text:
            text, _, before = text[:-1].rpartition(" (")
    starts = text.lstrip("[")[:1].isupper()
    return Replacement(text, starts, mark, tuple(before.split("|")) if before else ())


class Place(NamedTuple):
    """Words that a hint is about, in their sentence.

    `text[start:end]` are the words, `first` and `last` the ends of their sentence; what a
    suggestion takes in beside the words may begin at `low` and end at `high` at most.
    """

    text: str
    start: int
    end: int
    first: int
    last: int
    low: int
    high: int


class Placer:
    """Puts replacements in place. Read-only after construction.

    Args:
        words: the word lists `placing` of hints.toml.
    """

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._lists = words

    def place(
        self,
        text: str,
        start: int,
        end: int,
        replacements: Sequence[str],
        first: int,
        last: int,
        low: int,
        high: int,
    ) -> tuple[Span, tuple[str, ...]]:
        """The span that suggestions replace, and those of them that can stand there.

        Args:
            text: the text, all places being code points of it.
            start: where the words start.
            end: where they end (exclusive).
            replacements: the rule's, as written.
            first: where their sentence starts.
            last: where it ends (exclusive), its mark included.
            low: from where on words may be taken in that stand before them.
            high: up to where (exclusive) words may be taken in that stand after them.
        """
        place = Place(text, start, end, first, last, low, high)
        words = _Surroundings(place, self._lists)
        own = text[start:end].split(maxsplit=1)[0].lower()
        parsed = list(map(parse, replacements))
        # "apologise for" rather than "sorry for" in the place of "apologise if"
        parsed = [r for r in parsed if r.text[:1] and r.text.split()[0] == own] or parsed
        found = [made for made in map(words.put, parsed) if made is not None]
        if not found:
            return Span(start, end), ()
        begin = min(span.start for span, _ in found)
        stop = max(span.end for span, _ in found)
        return Span(begin, stop), tuple(
            text[begin : span.start] + new + text[span.end : stop] for span, new in found
        )


class _Surroundings:
    """What stands before and after some words in their sentence."""

    __slots__ = ("_after", "_before", "_lists", "_own", "_place")

    def __init__(self, place: Place, lists: Mapping[str, Any]) -> None:
        text = place.text
        self._place = place
        self._lists = lists
        self._before = _split(text, max(place.first, place.start - _AROUND), place.start)
        self._after = _split(text, place.end, min(place.last, place.end + _AROUND))
        self._own = _split(text, place.start, min(place.end, place.start + _AROUND))

    def put(self, new: Replacement) -> tuple[Span, str] | None:
        """A replacement in its place, or None where it cannot stand."""
        if new.text and not any(map(str.isalpha, new.text)):
            return Span(self._place.start, self._place.end), new.text  # a mark
        lists = self._lists
        if any(word.form in lists["reported"] for word in self._before):
            return None  # somebody else's words
        if not new.text:
            return self._dropped()
        if new.starts:
            return self._clause(new)
        if new.mark:
            return self._tail(new)
        if new.text.split()[-1].lower() in lists["leans"] and not self._goes_on():
            return None
        return Span(self._place.start, self._place.end), self._cased(new.text)

    # Clauses

    def _clause(self, new: Replacement) -> tuple[Span, str] | None:
        """A clause of its own, or the beginning of one."""
        lists = self._lists
        taken = self._opening()
        if taken is None or (self._own and self._own[0].form in lists["subordinate"]):
            return None
        start = self._before[-taken].start if taken else self._place.start
        if start < self._place.low:
            return None
        ended = self._ended(new) if new.mark else self._begun()
        if ended is None:
            return None
        end, tail = ended
        text = self._cased(new.text, start)
        return Span(start, end), text + tail

    def _opening(self) -> int | None:
        """How many of the words before belong to the clause and go with it.

        None if the words do not begin a clause.
        """
        lists = self._lists
        head: list[str] = []
        for word in reversed(self._before):
            if word.form in _BREAKS or word.form in _MARKS:
                break
            if not word.form[0].isalnum():
                return None  # inside of brackets or quotation marks
            head.append(word.form)
        head.reverse()
        while head and head[0] in lists["stay"]:
            del head[0]
        rest = " ".join(head)
        for lead in lists["leads"]:
            if rest == lead or rest.startswith(f"{lead} "):
                rest = rest[len(lead) + 1 :]
                break
        if not rest:
            return 0
        return len(rest.split()) if rest in lists["taken"] else None

    def _begun(self) -> tuple[int, str] | None:
        """Where a beginning ends that the words after go on with, and what is added."""
        place, after = self._place, self._after
        marks = place.text[self._own[-1].end : place.last] if self._own else ""
        if not self._rest():
            return (place.end, "") if "?" not in marks else self._marked(place.end, ".")
        if not self._goes_on():
            return None
        if "?" not in marks:
            return place.end, ""
        if self._own[0].form not in self._lists["asks"] or place.high < place.last:
            return None
        rest = place.text[place.end : _last_word(after).end]
        return place.last, f"{rest}."

    def _goes_on(self) -> bool:
        """Whether a word comes next that what leans on it can do with."""
        after = self._after
        return bool(after) and after[0].form[0].isalnum() and not self._is_hollow(after[0])

    def _is_hollow(self, word: _Word) -> bool:
        return word.form in self._lists["hollow"]

    def _tail(self, new: Replacement) -> tuple[Span, str] | None:
        """Words that end a clause, or a part of one that can be added to."""
        lists = self._lists
        if any(word.form in lists["unreal"] for word in self._before):
            return None
        ended = self._ended(new)
        if ended is None:
            return None
        end, tail = ended
        return Span(self._place.start, end), self._cased(new.text) + tail

    def _ended(self, new: Replacement) -> tuple[int, str] | None:
        """Where the words end that a replacement takes, and the mark that it brings.

        None if the clause goes on with what the replacement cannot carry.
        """
        place, lists, rest = self._place, self._lists, self._rest()
        if not rest:
            return self._marked(place.end, new.mark)
        if ":" in new.text or rest[-1].form in lists["auxiliaries"]:
            return None
        first, words = rest[0], [word for word in rest if word.form[0].isalnum()]
        if first.form[0].isalnum():
            if first.form in new.before:
                fits = first.form != "for" or (
                    len(words) > 1
                    and (words[1].form.endswith("ing") or words[1].form in lists["for_what"])
                )
                return (place.end, "") if fits else None
            return (place.end, "") if self._joins(words, new) else None
        if first.form not in _BREAKS or new.mark == "?":
            return None
        forms = [word.form for word in words]
        if _is_tag(forms, lists):
            return self._marked(words[-1].end, new.mark)  # "aren't you?" goes as well
        named = len(words) < 3 and self._is_name(words[0]) and forms[0] not in lists["openers"]
        if named or forms[0] in lists["closers"]:
            if "?" not in place.text[words[-1].end : place.last]:
                return place.end, ""
            ended = self._marked(words[-1].end, new.mark)
            return ended and (ended[0], place.text[place.end : words[-1].end] + ended[1])
        if new.starts:  # "I am sorry that happened, you should have ..." takes it back
            fits = self._goes_forward(forms) or self._joins(words, new)
        else:
            fits = self._opens(words) or self._joins(words, new)
        return (place.end, "") if fits else None

    def _joins(self, words: Sequence[_Word], new: Replacement) -> bool:
        """Whether a clause comes after "and", or after a part of a clause anything."""
        if words[0].form not in self._lists["joins"]:
            return False
        if not new.starts:
            return len(words) > 1
        return self._goes_forward([word.form for word in words[1:]])

    def _goes_forward(self, forms: Sequence[str]) -> bool:
        """Whether a clause goes on with what a replacement says, as far as its words tell."""
        lists = self._lists["forward"]
        return len(forms) > 1 and (forms[0] in lists or " ".join(forms[:2]) in lists)

    def _opens(self, words: Sequence[_Word]) -> bool:
        """Whether words begin a clause rather than a list, a name or an apposition."""
        lists = self._lists
        if len(words) < 2 or words[0].form not in lists["openers"]:
            return False
        return words[0].form not in lists["articles"] or any(
            word.form in lists["auxiliaries"] or word.form.endswith("'s") for word in words[1:]
        )

    def _rest(self) -> list[_Word]:
        """What comes after, without the marks at the end; empty if there is no word."""
        after = list(self._after)
        while after and not after[-1].form[0].isalnum():
            after.pop()
        return after

    def _marked(self, end: int, mark: str) -> tuple[int, str] | None:
        """Where words end that end the sentence, and the mark that they need instead."""
        place = self._place
        marks = place.text[end : place.last].rstrip()
        fits = "?" in marks if mark == "?" else "?" not in marks
        if fits or (marks and not _MARKS.issuperset(marks)):
            if end > place.high:
                return None
            return (end, "") if fits else None
        stop = end + len(marks)
        return (stop, mark) if stop <= place.high else None

    # Leaving words out

    def _dropped(self) -> tuple[Span, str] | None:
        """The words left out, together with a word beside them, if a sentence is left."""
        before, after = self._before, self._after
        rest = self._rest()
        if not rest:
            return self._dropped_at_end()
        last = before[-1].form if before else ""
        if last and last[0].isalnum():
            if last not in self._lists["links"]:
                return None
        elif last and last not in _BREAKS:
            return None  # brackets, quotation marks
        place, lists = self._place, self._lists
        start, end = place.start, place.end
        if after[0].form[0].isalnum():  # no mark sets them off
            own = [word.form for word in self._own]
            comma = len(own) > 2 and own[-2] == ","
            if comma and after[0].form in lists["auxiliaries"]:
                kept, rest = self._own[-1], [self._own[-1], *rest]  # "..., this is"
            elif self._goes_alone(own[-1:], rest):
                kept = after[0]
            else:
                return None
        else:
            if after[0].form not in _BREAKS or len(after) < 2 or not after[1].form[0].isalnum():
                return None
            kept = after[1]
            if kept.form in ("and", "or", "nor"):
                return None
        end = kept.end
        word = place.text[kept.start : kept.end]
        if last == ",":
            link = before[-2] if len(before) > 1 else None
            if link is None:
                return None
            inside = kept.form in lists["auxiliaries"] or kept.form in lists["subordinate"]
            if link.form in lists["links"] or inside:
                start = link.start  # "it is, as I said, closed": both commas go
                word = f"{place.text[link.start : link.end]} {word}"
            elif not (kept.form in lists["openers"] or self._is_name(kept)):
                return None
        elif last and last[0] in _BREAKS and kept.form in lists["auxiliaries"]:
            return None
        if start < place.low or end > place.high:
            return None
        if start == place.first and place.text[start].isupper() and word.islower():
            word = word[0].upper() + word[1:]
        return Span(start, end), word

    def _goes_alone(self, own: Sequence[str], rest: Sequence[_Word]) -> bool:
        """Whether what comes after words begins a clause, though no mark says so."""
        if own in (["but"], ["that"]):
            return len(rest) > 1
        return rest[0].form in self._lists["openers"] or self._is_name(rest[0])

    def _dropped_at_end(self) -> tuple[Span, str] | None:
        """The words left out that end a sentence: a comma or a dash must set them off."""
        place, before = self._place, self._before
        if len(before) < 2 or before[-1].form not in _BREAKS - {":", ";"}:
            return None
        kept = before[-2]
        if not kept.form[0].isalnum() or kept.form in self._lists["links"]:
            return None
        words = [word for word in before if word.form[0].isalnum()]
        if words[0].form in self._lists["greetings"] and len(words) < 4:
            return None  # nothing but a greeting would be left
        if kept.start < place.low or (self._after and not self._marks_only()):
            return None
        return Span(kept.start, place.end), place.text[kept.start : kept.end]

    def _marks_only(self) -> bool:
        return all(word.form in _MARKS for word in self._after)

    def _is_name(self, word: _Word) -> bool:
        return self._place.text[word.start].isupper()

    # Capitals

    def _cased(self, text: str, start: int | None = None) -> str:
        """A replacement with the capital that its place asks for."""
        place = self._place
        start = place.start if start is None else start
        at = len(text) - len(text.lstrip("["))
        if start == place.first and place.text[start].isupper():
            return f"{text[:at]}{text[at : at + 1].upper()}{text[at + 1 :]}"
        if text[at + 1 : at + 2].islower():  # "I" keeps its capital
            return f"{text[:at]}{text[at : at + 1].lower()}{text[at + 1 :]}"
        return text


def _is_tag(forms: Sequence[str], lists: Mapping[str, Any]) -> bool:
    """Whether words after a comma only ask for assent: "aren't you", "eh", "why not"."""
    if forms[0] in lists["tags"]:
        return len(forms) < 3
    if len(forms) > 3:
        return False
    asks = forms[0] in lists["auxiliaries"] and forms[-1] in lists["persons"]
    return asks or (len(forms) == 2 and forms[0] in lists["asks"])


@cache
def _pattern() -> re.Pattern[str]:
    import re

    return re.compile(r"\w+(?:['\u2019-]\w+)*|[^\w\s]")


def _split(text: str, start: int, end: int) -> list[_Word]:
    """The words and signs between two places."""
    return [
        _Word(match[0].lower().replace("\u2019", "'"), match.start(), match.end())
        for match in _pattern().finditer(text, start, end)
    ]


def _last_word(words: Sequence[_Word]) -> _Word:
    return [word for word in words if word.form[0].isalnum()][-1]
