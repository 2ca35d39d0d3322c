"""The safe edits: what is changed in a text that is not fine, and in which order.

Round by round each sentence that is too heated gets the mildest edit that helps, until the
text is fine or nothing more can be done. An edit is only made when the check finds every
fact still there; what was decided depends on the text alone, so that a rewritten text is
not rewritten again.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..results import Analysis, Span
from .barbs import is_empty
from .checking import compare
from .choosing import UNTOUCHED, Change, Chooser
from .clearing import STANDS_IN, cleared, left_out
from .draft import Draft
from .facts import find_facts
from .guards import strands, takes_up, trailing
from .judging import Judge
from .listing import listed
from .phrases import IDLE
from .reordering import moves
from .results import Edit
from .sentences import Sentence, following, says_something, with_signs
from .slots import slot_changes
from .standing import Standing, standing
from .statements import SLOT, content, words_of
from .words import tables

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from ..analyzer import Analyzer
    from ..replies.types import ReplyAnalysis

_MOST_ROUNDS = 30
_MOST_BESIDE = 20
_LEAST = 2  # words that say what a text is about


class Editor:
    """Makes the safe edits; remembers what it read.

    Args:
        analyzer: what scores the texts.
        over: the score from which a text, or a sentence, is worked on.
    """

    def __init__(self, analyzer: Analyzer, over: float) -> None:
        self._judge = Judge(analyzer, over)
        self._chooser = Chooser(self._judge)
        self._standing = Standing(False, False, True)
        self._reply: ReplyAnalysis | None = None
        self._is_late = False
        self._defends = False

    def edited(
        self, text: str, reply: ReplyAnalysis | None = None
    ) -> tuple[str, tuple[Edit, ...]]:
        """The text after the safe edits, and these.

        Args:
            text: the draft.
            reply: how it stands to the message that it answers, None where there is none.
        """
        before = self._judge.analyzer.analyze(text)
        self._defends = self._judge.defends(before)
        self._standing = standing(before, reply)
        self._reply = reply
        self._is_late = False
        self._chooser.start(self._standing.admits)
        draft = Draft(text, 0)
        more = [self._late, self._added]
        if SLOT.search(text):
            more = []  # slots are to be filled before others are asked for
        for _ in range(_MOST_ROUNDS):
            analysis = (
                before if draft.text == text else self._judge.analyzer.analyze(draft.text)
            )
            heat = self._judge.heat(analysis.scores)
            if not heat:
                break
            changes = self._named(analysis, heat) or self._cleared(analysis, heat)
            changes = changes or self._changes(analysis, heat) or self._moved(analysis, heat)
            if self._is_late and not changes:
                changes = self._beside(analysis, heat)
            while more and not changes:
                changes = more.pop(0)(analysis, heat)
            if not changes:
                break
            for change in reversed(changes):
                draft.replace(*change)
        analysis = self._judge.analyzer.analyze(draft.text)
        bare = draft.is_edited and not SLOT.search(draft.text)
        bare = bare and analysis.scores.defensiveness >= self._judge.clear / 2
        self._defends |= self._judge.defends(analysis)
        if bare and self._defends and analysis.scores.empathy < tables()["remarks"]["warm"]:
            # what was taken out of a defence leaves it without what it lacked from the start
            for change in reversed(self._added(analysis, (1,))):
                draft.replace(*change)
        edits = draft.edits(0)
        asks = any(edit.reason == STANDS_IN for edit in edits)
        if not edits or (_says_less(draft.said(), text) and not asks):
            return text, ()
        return draft.text, listed(edits, before)

    def _named(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """Names that the reader is called, left out of a hostile text before all else."""
        if 0 not in heat:
            return []
        text = analysis.text
        sentences = self._sentences(analysis, heat)
        changes: list[Change] = []
        left = list(range(len(sentences)))
        for index, sentence in enumerate(sentences):
            change = self._chooser.named(sentence, text)
            if change is not None and change.kind == "remark":
                change = self._dropped(analysis, sentences, index, left)
                if change is not None:
                    left.remove(index)
            elif change is not None and change.kind == "drop":
                change = _guarded(text, sentence, change)
            if change is not None and (not changes or change.start >= changes[-1].end):
                changes.append(change)
        return changes

    def _cleared(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """Barbs left out, one slot in their place where something is missing then."""
        if 0 not in heat:
            return []
        sentences = self._sentences(analysis, heat)
        return cleared(
            analysis, sentences, self._judge, self._chooser, self._reply, self._defends
        )

    def _changes(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """The next change of every sentence, in the order of the text."""
        text = analysis.text
        sentences = self._sentences(analysis, heat)
        changes: list[Change] = []
        reached = 0
        left = list(range(len(sentences)))
        for index, sentence in enumerate(sentences):
            change = self._chooser.change(sentence, text)
            if change is not None and change.kind == "remark":
                dropped = self._dropped(analysis, sentences, index, left)
                if dropped is None:
                    change = self._chooser.without(sentence, text)
                    change = None if change is None or change.kind == "remark" else change
                else:
                    change = dropped
                    left.remove(index)
            elif change is not None and change.kind == "drop" and change.reason != IDLE:
                change = _guarded(text, sentence, change)
            if change is not None and change.start >= reached:
                changes.append(change)
                reached = change.end
        return changes

    def _sentences(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Sentence]:
        text = analysis.text
        spans = [part.span for part in analysis.sentences]
        kept = [fact.span for fact in find_facts(text) if fact.kind in UNTOUCHED]
        found = []
        at = 0
        for index, span in enumerate(spans):
            while at < len(kept) and kept[at].end <= span.start:
                at += 1
            if at < len(kept) and kept[at].start <= span.start and span.end <= kept[at].end:
                continue  # somebody else's words, or code
            limit = spans[index + 1].start if index + 1 < len(spans) else len(text)
            end = with_signs(text, span.end, limit)
            own = self._judge.read(text[span.start : end])
            found.append(
                Sentence(span.start, end, own, self._judge.heat(own.scores), 0 in heat)
            )
        for k in heat:
            if not any(k in sentence.heat for sentence in found):
                # no sentence is by itself: the most heated ones then
                top = max((sentence.analysis.scores[k] for sentence in found), default=1.0)
                found = [
                    sentence._replace(heat=(*sentence.heat, k))
                    if sentence.analysis.scores[k] >= top / 2
                    else sentence
                    for sentence in found
                ]
        return [
            sentence._replace(heat=tuple(k for k in sentence.heat if k in heat))
            for sentence in found
        ]

    def _dropped(
        self,
        analysis: Analysis,
        sentences: Sequence[Sentence],
        index: int,
        left: Sequence[int],
    ) -> Change | None:
        """The change that leaves a sentence out, with the blanks on one of its sides.

        Args:
            analysis: the text.
            sentences: its sentences.
            index: the place of this one.
            left: places of those that are not left out in the same round.
        """
        others = (sentences[at] for at in left if at != index)
        if not says_something(analysis.text, others):
            return None  # slots alone would say nothing
        return left_out(analysis.text, sentences, index, index)

    def _moved(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """A warm sentence that stands behind a defensive one, to the front."""
        if 1 not in heat or SLOT.search(analysis.text):
            return []
        for move in moves(analysis, self._judge.read):
            changes = [Change(*change) for change in move]
            after = self._judge.analyzer.analyze(_applied(analysis.text, changes))
            if not self._judge.rises(analysis, after) and self._judge.keeps(
                compare(analysis, after), False
            ):
                return changes
        return []

    def _late(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """Cuts that help less than other words would have."""
        self._is_late = True
        self._chooser.start(self._standing.admits, late=True)
        return self._changes(analysis, heat) or self._beside(analysis, heat)

    def _beside(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """The sentence that tells nothing, and is hostile only among the others."""
        if 0 not in heat:
            return []
        sentences = self._sentences(analysis, heat)
        places = list(range(len(sentences)))
        best: tuple[float, Change] | None = None
        for index, sentence in enumerate(sentences[:_MOST_BESIDE]):
            words = sentence.analysis.text
            if not is_empty(words) or sentence.analysis.scores.empathy >= self._judge.clear:
                continue
            change = self._dropped(analysis, sentences, index, places)
            if change is None:
                continue
            after = self._judge.analyzer.analyze(_applied(analysis.text, [change]))
            if not self._judge.cools(analysis, after) or not self._judge.keeps(
                compare(analysis, after), False
            ):
                continue
            if best is None or after.scores[0] < best[0]:
                best = after.scores[0], change
        return [best[1]] if best else []

    def _added(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """Slots for what a defensive text lacks; round a sneer they would mock."""
        if 1 not in heat or not self._defends or not self._standing.addresses:
            return []
        if analysis.scores[0] >= self._judge.score:
            return []
        sentences = self._sentences(analysis, heat)
        changes = [Change(*made) for made in slot_changes(analysis, sentences, self._standing)]
        after = self._judge.analyzer.analyze(_applied(analysis.text, changes))
        return [] if self._judge.rises(analysis, after) else changes


def _says_less(said: str, text: str) -> bool:
    """Whether hardly a word is left of a text that said more: "Else?"."""
    left = content(words_of(said, Span(0, len(said))))
    said_much = len(content(words_of(text, Span(0, len(text))))) >= _LEAST
    return said_much and len(left) < _LEAST and len(said.split()) <= _LEAST


def _guarded(text: str, sentence: Sentence, change: Change) -> Change | None:
    """The change without a conjunction left over; None where it strands what follows."""
    gone = text[change.start : change.end]
    inside = change.new and change.new[-1].isalnum()  # the first letter of what stays
    if len(gone.split()) > 2:
        after = (change.new if inside else "") + text[change.end : sentence.end]
        if not after.strip(" .!?,;:"):
            after = text[sentence.end :]
        rest = following(after, 0)
        gone = gone[:-1] if inside else gone
        if strands(gone, rest) or (change.start == sentence.start and takes_up(gone, rest)):
            return None
    left = text[sentence.start : change.start] + change.new + text[change.end : sentence.end]
    if len(gone.split()) > 2 and _says_less(left, text[sentence.start : sentence.end]):
        return None
    before = text[sentence.start : sentence.end]
    cut = trailing(left)
    if cut < 0 or trailing(before) >= 0 or sentence.start + cut > change.start:
        return change
    first = sentence.start + cut
    word = text[first : change.start].strip(" ,;:")
    if not left[:cut].strip() or change.new.strip(" .!?"):
        return None
    return change._replace(start=first) if word else change


def _applied(text: str, changes: Sequence[Change]) -> str:
    for change in reversed(changes):
        text = text[: change.start] + change.new + text[change.end :]
    return text
