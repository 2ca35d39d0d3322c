"""Calmer texts by safe edits, and the check of anyone's rewrite."""

from __future__ import annotations

from .checking import check_rewrite
from .facts import find_facts
from .results import Change, Edit, Fact, Rewrite, RewriteCheck, SetAside
from .rewriters import Rewriter, rewrite

__all__ = [
    "Change",
    "Edit",
    "Fact",
    "Rewrite",
    "RewriteCheck",
    "Rewriter",
    "SetAside",
    "check_rewrite",
    "find_facts",
    "rewrite",
]
