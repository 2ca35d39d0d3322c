r"""Conversations: threads read from mail and chats, and how their tone goes.

>>> from calmtone.conversations import analyze_conversation, parse_thread
>>> thread = parse_thread("Ann: Who broke the build again?\nBo: It's not my fault.")
>>> [turn.speaker for turn in analyze_conversation(thread).turns]
['Ann', 'Bo']
"""

from __future__ import annotations

from .analyzing import analyze_conversation
from .reading import KINDS, parse_thread, parse_threads, read_thread
from .records import (
    Backup,
    ConversationAnalysis,
    Course,
    Deescalation,
    LeftOut,
    Message,
    Rise,
    Thread,
    Turn,
    TurningPoint,
)

__all__ = [
    "KINDS",
    "Backup",
    "ConversationAnalysis",
    "Course",
    "Deescalation",
    "LeftOut",
    "Message",
    "Rise",
    "Thread",
    "Turn",
    "TurningPoint",
    "analyze_conversation",
    "parse_thread",
    "parse_threads",
    "read_thread",
]
