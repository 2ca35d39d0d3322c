"""The compiled engine and reader of replies, made of what their Python halves hold."""

from __future__ import annotations

from .compiled import Engine, Replier
from .results import Analysis, Evidence, Hint, Scores, SentenceAnalysis, Span
from .rules.matching import RuleSet
from .text import Language

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    from .replies import ReplyReader


def engine_of(language: Language, rules: RuleSet, settings: dict[str, Any]) -> Engine | None:
    """What goes from a text to its analysis, or None where the package is not compiled.

    Args:
        language: the language to read with.
        rules: the rules to match.
        settings: those of the scorer and the advisor (`settings`), and what analyses hold.
    """
    if Engine is None or language.reader is None:
        return None
    neutral, replaced = rules.neutral, rules.replaced
    parts = zip(settings["score_rules"], settings["hint_rules"], strict=True)
    return Engine(
        language.reader,
        tuple([matcher.walker for matcher in rules.matchers]),
        {
            **settings,
            "Analysis": Analysis,
            "Scores": Scores,
            "Span": Span,
            "Evidence": Evidence,
            "Hint": Hint,
            "SentenceAnalysis": SentenceAnalysis,
            "rules": tuple(
                [
                    (*score, index in neutral, index in replaced, *hint)
                    for index, (score, hint) in enumerate(parts)
                ]
            ),
        },
    )


def replier_of(language: Language, reader: ReplyReader) -> Replier | None:
    """What reads replies beside their messages, or None where the package is not compiled.

    Args:
        language: the language to read with.
        reader: the reader that it is to do the same as.
    """
    if Replier is None or language.reader is None:
        return None
    from .replies.types import Places, ReplyAnalysis

    return Replier(
        {
            **reader.settings(),
            "reader": language.reader,
            "ReplyAnalysis": ReplyAnalysis,
            "Places": Places,
            "Span": Span,
        }
    )
