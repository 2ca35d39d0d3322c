"""What a reply lacks, to hints; and formulas and vague promises, to hints about words.

Suggestions hold slots for what only the writer knows. What they do fill in are the
message's own words; they promise nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from ..results import Hint, Span
from ..rules.acts import ACT_PRACTICES
from .types import ReplyAnalysis

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    from ..results import Analysis

MOST_SUGGESTIONS = 2
_DIGIT = re.compile("[0-9]")
_LONGEST_QUESTION = 120  # code points; a longer one is not repeated
_LONGEST_QUOTE = 60
_SHORTEST_QUOTE = 2  # words
_LONGEST_OPENING = 3  # words of a greeting or an adverb that a comma ends
_STOP = re.compile(r"[.!?;:,)\u2014]+(?=\s|$)|[\n(\u2014]| [-\u2013] ")  # where a clause ends
_SIDE = re.compile(r"; |, (?=(?:and|but|so|because|if|as|while|which) )")
_ENDS = ".!?\u2026 \t\r\n"
_DIMENSION = "empathy"


def missing_hints(reply: ReplyAnalysis, words: Mapping[str, Any], effect: float) -> list[Hint]:
    """A hint without a span for every act that is missing.

    Args:
        reply: what the reply does.
        words: the messages and suggestions by act (`missing` of `replies.toml`).
        effect: how much empathy such an act adds, in [-1, 1].
    """
    if not reply.missing:
        return []
    return [
        Hint(
            f"reply/{act}",
            ACT_PRACTICES[act],
            _DIMENSION,
            None,
            words[act]["message"],
            _filled(words[act], reply, act),
            effect,
        )
        for act in reply.missing
    ]


def weak_hints(
    reply: ReplyAnalysis,
    words: Mapping[str, Any],
    taken: Sequence[Hint],
    draft: Analysis | None = None,
) -> list[Hint]:
    """A hint for each phrase that only sounds like an act that is missing.

    A phrase that there is a suggestion for is widened to its clause, which the suggestion can
    stand in place of.

    Args:
        reply: what the reply does.
        words: the messages by rule, one an act (`weak` of `replies.toml`).
        taken: hints that there are already; no second one is given about their words.
        draft: what the reply itself reads like. Without it nothing is suggested.
    """
    places = [hint.span for hint in taken if hint.span is not None]
    hints = []
    for act, span in reply.weak.items():
        if act not in reply.missing:
            continue
        if any(place.start < span.end and span.start < place.end for place in places):
            continue
        [text] = [text for rule, text in words.items() if rule.startswith(f"{act}/")]
        suggestions: tuple[str, ...] = ()
        if draft is not None and text["suggestions"]:
            span, opens = _clause_around(draft, span)
            suggestions = tuple(
                [s.replace("[w", "[W", 1) if opens else s for s in text["suggestions"]]
            )
        places.append(span)
        hints.append(
            Hint(
                f"weak/{act}",
                text["practice"],
                _DIMENSION,
                span,
                text["message"],
                suggestions,
                0.0,
            )
        )
    return hints


def _clause_around(draft: Analysis, span: Span) -> tuple[Span, bool]:
    """The clause that words stand in, and whether it opens its sentence.

    The sentence's last mark stays outside, and so do clauses beside it, and a word or two
    before a comma ("Hi Ann,").
    """
    text = draft.text
    part = next((s.span for s in draft.sentences if s.span.end > span.start), span)
    start = part.start
    end = max(part.start + len(text[part.start : part.end].rstrip(_ENDS)), span.end)
    for stop in _SIDE.finditer(text, start, end):
        if stop.end() <= span.start:
            start = stop.end()
        elif stop.start() >= span.end:
            end = stop.start()
            break
    conjunction = _CONJUNCTION.match(text, start, span.start) if start > part.start else None
    if conjunction is not None:
        start = conjunction.end()
    comma = _COMMA.search(text, start, span.start)
    if comma is not None and len(text[start : comma.start()].split()) <= _LONGEST_OPENING:
        start = comma.end()
    return Span(start, end), start == part.start


_COMMA = re.compile(r",\s+")
_CONJUNCTION = re.compile("(?:and|but|so|because|if|as|while|which) ")


def _filled(words: Mapping[str, Any], reply: ReplyAnalysis, act: str) -> tuple[str, ...]:
    """The suggestions whose slots can all be filled, the first few of them."""
    filled: list[str] = []
    slots: dict[str, str] = {}
    for suggestion in words["suggestions"]:
        for name in _names(suggestion):
            if name not in slots:
                slots.update(_FINDERS[name](reply, act, words))
            if not slots[name]:
                break
            suggestion = suggestion.replace(f"{{{name}}}", slots[name], 1)
        else:
            filled.append(suggestion)
            if len(filled) == MOST_SUGGESTIONS:
                break
    return tuple(filled)


@lru_cache(maxsize=256)
def _names(suggestion: str) -> tuple[str, ...]:
    """The names of the slots of a suggestion."""
    return tuple([part.split("}")[0] for part in suggestion.split("{")[1:]])


def _question(reply: ReplyAnalysis, act: str, words: Mapping[str, Any]) -> dict[str, str]:
    """The first question that can be repeated."""
    for span in reply.questions:
        question = " ".join(reply.message[span.start : span.end].split())
        if len(question) <= _LONGEST_QUESTION and "“" not in question:
            return {"question": question}
    return {"question": ""}


def _quote(reply: ReplyAnalysis, act: str, words: Mapping[str, Any]) -> dict[str, str]:
    """The clause that shows best that an act is needed; a part of it where it is long."""
    message, span = reply.message, reply.needs[act]
    start, end = span
    stop = _STOP.search(message, start, end)
    if stop is not None and len(message[start : stop.start()].split()) >= _SHORTEST_QUOTE:
        end = stop.start()  # the first clause of several
    before = [stop.end() for stop in _STOP.finditer(message, 0, start)]
    after = _STOP.search(message, end)
    last = len(message) if after is None else after.start()
    if after is not None and "?" in after[0]:
        return {"quote": ""}  # a question is answered, not quoted back
    for first, final in ((before[-1] if before else 0, last), (start, last), (start, end)):
        quote = _trimmed(message[first:final].split(), words)
        if len(" ".join(quote)) <= _LONGEST_QUOTE:
            break
    said = " ".join(quote)
    if len(quote) < _SHORTEST_QUOTE or len(said) > _LONGEST_QUOTE or "“" in said or "?" in said:
        said = ""
    return {"quote": said}


def _trimmed(quote: list[str], words: Mapping[str, Any]) -> list[str]:
    """Words without those at either end that only join them to others."""
    first, last = 0, len(quote)
    while first < last and quote[first].lower().rstrip(",") in words["never-first"]:
        first += 1
    while first < last and quote[last - 1].lower() in words["never-last"]:
        last -= 1
    kept = quote[first:last]
    return [*kept[:-1], kept[-1].rstrip(".,;:!")] if kept else []


def _facts(reply: ReplyAnalysis, act: str, words: Mapping[str, Any]) -> dict[str, str]:
    """The amount and the date that stand nearest to the words that show the need.

    Of the dates only those by which something is due. A text without figures or days is not
    searched: to find facts takes longer than all the rest.
    """
    found = {"amount": "", "date": ""}
    if _DIGIT.search(reply.message) is None:
        return found
    from ..rewriting.facts import find_facts

    start, end = reply.needs[act]
    nearest: dict[str, int] = {}
    for fact in find_facts(reply.message):
        away = max(start - fact.span.end, fact.span.start - end, 0)
        if _STOP.search(reply.message, min(end, fact.span.end), max(start, fact.span.start)):
            away += _ELSEWHERE
        if fact.kind not in found or away >= nearest.get(fact.kind, away + 1):
            continue
        if fact.kind == "date" and not _is_ahead(reply.message, fact.span, words):
            continue
        found[fact.kind], nearest[fact.kind] = fact.text, away
    return found


def _is_ahead(message: str, span: Span, words: Mapping[str, Any]) -> bool:
    """Whether a date is one by which something is due."""
    date = message[span.start : span.end].lower()
    if date.split()[0] in words["ahead"]:
        return True
    before = message[max(span.start - _BEFORE, 0) : span.start].lower().split()
    return any(" ".join(before[-n:]) in words["before-dates"] for n in (1, 2, 3))


_BEFORE = 40  # code points before a date that are looked at
_ELSEWHERE = 1000  # code points that a fact of another clause counts as further away

# What finds the message's own words that fill a slot, by its name; nothing where there are
# none.
_FINDERS: dict[str, Callable[[ReplyAnalysis, str, Mapping[str, Any]], dict[str, str]]] = {
    "question": _question,
    "quote": _quote,
    "amount": _facts,
    "date": _facts,
}
