"""Replies: what a message needs, what the reply to it does and lacks, and the pause."""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    from ..rules.acts import ACTS
    from .pause import Pauser, shipped_pauser
    from .reader import ReplyReader, shipped_reader
    from .types import ReplyAnalysis

__all__ = ["ACTS", "Pauser", "ReplyAnalysis", "ReplyReader", "shipped_pauser", "shipped_reader"]

_LATER = {  # names and their modules, which are loaded when first asked for
    "ACTS": "..rules.acts",
    "Pauser": ".pause",
    "ReplyAnalysis": ".types",
    "ReplyReader": ".reader",
    "shipped_pauser": ".pause",
    "shipped_reader": ".reader",
}


def __getattr__(name: str) -> Any:
    """A name whose module is loaded when it is first asked for."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_LATER[name], __name__), name)
    globals()[name] = value
    return value
