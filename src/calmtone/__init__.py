"""How hostile, how defensive and how empathetic a draft will read, and what to change.

>>> from calmtone import analyze
>>> analysis = analyze("I'm sorry you feel that way, but you should have read the policy.")
>>> analysis.defensiveness > 0.5
True
"""

from __future__ import annotations

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
    ModelScores,
    Pause,
    Scores,
    SentenceAnalysis,
    Span,
)
from .version import __version__

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    from .analyzer import Analyzer, analyze
    from .conversations import (
        ConversationAnalysis,
        Message,
        Thread,
        analyze_conversation,
        parse_thread,
        read_thread,
    )
    from .rewriting import Rewrite, RewriteCheck, Rewriter, check_rewrite, rewrite

__all__ = [
    "Analysis",
    "Analyzer",
    "CalmtoneError",
    "ConversationAnalysis",
    "DataError",
    "EngineInfo",
    "EngineUnavailableError",
    "Evidence",
    "Hint",
    "InputError",
    "Message",
    "ModelError",
    "ModelScores",
    "Pause",
    "Rewrite",
    "RewriteCheck",
    "Rewriter",
    "RuleError",
    "Scores",
    "SentenceAnalysis",
    "Span",
    "TextTooLongError",
    "Thread",
    "UnknownEngineError",
    "__version__",
    "analyze",
    "analyze_conversation",
    "check_rewrite",
    "parse_thread",
    "read_thread",
    "rewrite",
]

_LATER = {  # names and their modules, which are loaded when first asked for
    "Analyzer": "analyzer",
    "ConversationAnalysis": "conversations",
    "Message": "conversations",
    "Rewrite": "rewriting",
    "RewriteCheck": "rewriting",
    "Rewriter": "rewriting",
    "Thread": "conversations",
    "analyze": "analyzer",
    "analyze_conversation": "conversations",
    "check_rewrite": "rewriting",
    "parse_thread": "conversations",
    "read_thread": "conversations",
    "rewrite": "rewriting",
    "speedups": "compiled",  # whether the compiled half is in use
}


def __getattr__(name: str) -> Any:
    """A public name whose module is loaded when it is first asked for."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
