"""The composer: messages to turns, course and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..errors import TextTooLongError
from ..resources import read_json
from ..results import Analysis
from . import measuring
from .linking import Placed, place
from .records import ConversationAnalysis, Message, Thread, Turn

if TYPE_CHECKING:
    from ..analyzer import Analyzer

_CHUNK = 256


@lru_cache(maxsize=1)
def numbers() -> dict[str, Any]:
    """Thresholds, words and names of columns: `data/en/conversations.json`."""
    data: dict[str, Any] = read_json("en", "conversations.json")
    return data


def analyze_conversation(
    messages: Iterable[Message] | Thread,
    *,
    analyzer: Analyzer | None = None,
    progress: Callable[[int], None] | None = None,
) -> ConversationAnalysis:
    """How a conversation goes: each message against what it answers, and the whole.

    It takes time and memory linear in the messages. An empty conversation gives an empty
    analysis with a note. docs/conversations.md defines the findings.

    Args:
        messages: the messages, in any order where they have times; or a `Thread` as
            `read_thread` gives it, whose remarks are kept.
        analyzer: what scores them; `calmtone.analyze`'s own by default.
        progress: called with the number of messages done since its last call.

    Raises:
        TypeError: something is no `Message`, a part of one has a wrong type, or `analyzer` is
            no analyzer.
        InputError: a time is a text that is not ISO 8601.
        TextTooLongError: a message is longer than the analyzer accepts.

    >>> conversation = analyze_conversation([
    ...     Message("Where is my parcel? It should be here since Monday.", "Dana"),
    ...     Message("That is not our fault, ask the courier.", "Sam"),
    ... ])
    >>> [(rise.turn, rise.by) for rise in conversation.rises]
    [(1, 'Sam')]
    """
    thread = messages if isinstance(messages, Thread) else Thread(_several(messages))
    placed, remarks = place(thread.messages)
    analyses = _analyses(placed, analyzer, progress)
    turns = _turns(placed, analyses, numbers())
    found = list(enumerate(turns))
    return ConversationAnalysis(
        turns=turns,
        overall=measuring.course(None, None, found),
        people=measuring.people(turns),
        rises=measuring.rises(turns, numbers()),
        deescalations=measuring.deescalations(turns, numbers()),
        turning_point=measuring.turning_point(turns, numbers()),
        backup=measuring.backup(turns, numbers()),
        left_out=thread.left_out,
        notes=(*thread.notes, *remarks, *_notes(turns)),
        subject=thread.subject,
        engine=analyses[0].engine if analyses else None,
    )


def _several(messages: Iterable[Message]) -> tuple[Message, ...]:
    if isinstance(messages, (str, Message)):
        kind = type(messages).__name__
        raise TypeError(f"messages must be several of Message, not one {kind}: give a list")
    if not isinstance(messages, Iterable):
        kind = type(messages).__name__
        raise TypeError(f"messages must be several of Message or a Thread, not {kind}")
    return tuple(messages)


def _analyses(
    placed: Sequence[Placed],
    analyzer: Analyzer | None,
    progress: Callable[[int], None] | None,
) -> list[Analysis]:
    from ..analyzer import analyzer_or_shared

    analyzer = analyzer_or_shared(analyzer)
    analyses: list[Analysis] = []
    for start in range(0, len(placed), _CHUNK):
        chunk = placed[start : start + _CHUNK]
        contexts = [
            None if part.answers is None else placed[part.answers].message.text or None
            for part in chunk
        ]
        texts = [part.message.text for part in chunk]
        try:
            analyses += analyzer.analyze_batch(texts, reply_to=contexts)
        except TextTooLongError as error:
            _say_which(chunk, error)
            raise
        if progress is not None:
            progress(len(chunk))
    return analyses


def _say_which(chunk: Sequence[Placed], error: TextTooLongError) -> None:
    for part in chunk:
        if len(part.message.text) == error.length:
            error.args = (f"message {part.given + 1} of the conversation: {error}",)
            return


def _turns(
    placed: Sequence[Placed], analyses: Sequence[Analysis], numbers: dict[str, Any]
) -> tuple[Turn, ...]:
    heats = _heats(placed, analyses)
    counted = [bool(analysis.sentences) for analysis in analyses]
    tensions = [max(analysis.hostility, analysis.defensiveness) for analysis in analyses]
    levels = measuring.levels(
        [
            tension if counts else None
            for tension, counts in zip(tensions, counted, strict=True)
        ],
        numbers["weight_of_last"],
    )
    return tuple(
        Turn(*part, *rest)
        for part, *rest in zip(placed, analyses, heats, tensions, levels, counted, strict=True)
    )


def _heats(placed: Sequence[Placed], analyses: Sequence[Analysis]) -> list[float | None]:
    """How heated each message is, as the analysis of its answer says; None where unknown."""
    heats: list[float | None] = [None] * len(placed)
    for part, analysis in zip(placed, analyses, strict=True):
        reply = analysis.reply
        if reply is not None and part.answers is not None:
            heats[part.answers] = float(reply.heat)
    return heats


def _notes(turns: Sequence[Turn]) -> Iterable[str]:
    if not turns:
        yield "The conversation has no messages, so there is nothing to say about it yet."
        return
    blank = sum(not turn.counted for turn in turns)
    if blank:
        verb = "message has" if blank == 1 else "messages have"
        yield f"{blank:,} {verb} no words: shown, and not counted in the course."
    if all(turn.speaker is None for turn in turns) and len(turns) > 1:
        yield (
            "Nobody is named as the author of any message, so each is read as answering "
            "the one before it."
        )
    foreign = sum(bool(turn.analysis.notes) for turn in turns)
    if foreign:
        verb = "message seems" if foreign == 1 else "messages seem"
        yield f"{foreign:,} {verb} not to be in English: take their scores lightly."
