"""How hostile, how defensive and how empathetic a draft will read, and what to change.

>>> from calmtone import analyze
>>> analysis = analyze("I'm sorry you feel that way, but you should have read the policy.")
>>> analysis.defensiveness > 0.5
True
"""

from __future__ import annotations

from .analyzer import Analyzer, __version__, analyze
from .errors import (
    CalmtoneError,
    DataError,
    EngineUnavailableError,
    InputError,
    ModelError,
    RuleError,
    TextTooLongError,
    UnknownEngineError,
)
from .results import (
    Analysis,
    EngineInfo,
    Evidence,
    Hint,
    Pause,
    Scores,
    SentenceAnalysis,
    Span,
)

__all__ = [
    "Analysis",
    "Analyzer",
    "CalmtoneError",
    "DataError",
    "EngineInfo",
    "EngineUnavailableError",
    "Evidence",
    "Hint",
    "InputError",
    "ModelError",
    "Pause",
    "RuleError",
    "Scores",
    "SentenceAnalysis",
    "Span",
    "TextTooLongError",
    "UnknownEngineError",
    "__version__",
    "analyze",
]
