"""Replies: what a message needs, what the reply to it does and lacks, and the pause."""

from __future__ import annotations

from ..rules.acts import ACTS
from .pause import Pauser, shipped_pauser
from .reader import ReplyReader, shipped_reader
from .types import ReplyAnalysis

__all__ = ["ACTS", "Pauser", "ReplyAnalysis", "ReplyReader", "shipped_pauser", "shipped_reader"]
