"""The compiled engine, made of what the language, rules, scorer and advisor hold."""

from __future__ import annotations

from .compiled import Engine
from .results import Analysis, Evidence, Hint, Scores, SentenceAnalysis, Span
from .rules.matching import RuleSet
from .text import Language

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any


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
