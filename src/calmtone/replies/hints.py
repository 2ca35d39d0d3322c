"""What a reply lacks, to hints; and formulas and vague promises, to hints about words.

Suggestions hold slots for what only the writer knows. What they do fill in are the
message's own words; they promise nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from ..results import Hint
from ..rules.acts import ACT_PRACTICES
from .types import ReplyAnalysis

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

MOST_SUGGESTIONS = 2
_DIGIT = re.compile("[0-9]")
_LONGEST_QUESTION = 120  # code points; a longer one is not repeated
_LONGEST_QUOTE = 60
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
            _filled(words[act]["suggestions"], reply, act),
            effect,
        )
        for act in reply.missing
    ]


def weak_hints(
    reply: ReplyAnalysis, words: Mapping[str, Any], taken: Sequence[Hint]
) -> list[Hint]:
    """A hint for each phrase that only sounds like an act that is missing.

    Args:
        reply: what the reply does.
        words: the messages by rule, one an act (`weak` of `replies.toml`).
        taken: hints that there are already; no second one is given about their words.
    """
    places = [hint.span for hint in taken if hint.span is not None]
    hints = []
    for act, span in reply.weak.items():
        if act not in reply.missing:
            continue
        if any(place.start < span.end and span.start < place.end for place in places):
            continue
        places.append(span)
        [text] = [text for rule, text in words.items() if rule.startswith(f"{act}/")]
        suggestions = tuple(text["suggestions"])
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


def _filled(suggestions: Sequence[str], reply: ReplyAnalysis, act: str) -> tuple[str, ...]:
    """The suggestions whose slots can all be filled, the first few of them."""
    filled: list[str] = []
    slots: dict[str, str] = {}
    for suggestion in suggestions:
        for name in _names(suggestion):
            if name not in slots:
                slots.update(_FINDERS[name](reply, act))
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


def _question(reply: ReplyAnalysis, act: str) -> dict[str, str]:
    """The first question that can be repeated."""
    for span in reply.questions:
        question = " ".join(reply.message[span.start : span.end].split())
        if len(question) <= _LONGEST_QUESTION and "“" not in question:
            return {"question": question}
    return {"question": ""}


def _quote(reply: ReplyAnalysis, act: str) -> dict[str, str]:
    """The words that show best that an act is needed."""
    span = reply.needs[act]
    quote = " ".join(reply.message[span.start : span.end].split()).rstrip(".,;")
    if len(quote.split()) < 3 or len(quote) > _LONGEST_QUOTE or "“" in quote:
        quote = ""
    return {"quote": quote}


def _facts(reply: ReplyAnalysis, act: str) -> dict[str, str]:
    """The first amount and the first date, unless there are no figures: to find them takes
    longer than all the rest.
    """
    found = {"amount": "", "date": ""}
    if _DIGIT.search(reply.message) is not None:
        from ..rewriting.facts import find_facts

        for fact in find_facts(reply.message):
            if not found.get(fact.kind, fact):
                found[fact.kind] = fact.text
    return found


# What finds the message's own words that fill a slot, by its name; nothing where there are
# none.
_FINDERS: dict[str, Callable[[ReplyAnalysis, str], dict[str, str]]] = {
    "question": _question,
    "quote": _quote,
    "amount": _facts,
    "date": _facts,
}
