"""The safe edits: what is changed in a text that is not fine, and in which order.

Round by round each sentence that is too heated gets the mildest edit that helps, until the
text is fine or nothing more can be done. An edit is only made when the check finds every
fact still there; what was decided depends on the text alone, so that a rewritten text is
not rewritten again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..records import NamedTuple
from ..results import DIMENSIONS, Analysis
from . import clauses, phrases, rewording
from .checking import compare
from .draft import Draft
from .facts import find_facts
from .judging import Judge
from .listing import listed
from .reordering import moves
from .results import Edit
from .sentences import Sentence, joins_on, says_something, with_signs
from .slots import replacing, slot_changes
from .statements import SLOT
from .suggestions import fits
from .words import tables

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from ..analyzer import Analyzer

_MOST_ROUNDS = 30
_UNTOUCHED = ("quote", "code", "link", "email", "reference")
_REMARK = "This sentence holds nothing but a remark about the reader."


class Change(NamedTuple):
    """Characters `start` to `end` of the draft's text, and what is to stand there."""

    start: int
    end: int
    new: str
    kind: str
    reason: str


class Editor:
    """Makes the safe edits; remembers what it read.

    Args:
        analyzer: what scores the texts.
        over: the score from which a text, or a sentence, is worked on.
    """

    def __init__(self, analyzer: Analyzer, over: float) -> None:
        self._judge = Judge(analyzer, over)
        self._longest: int = tables()["remarks"]["longest"]
        self._known: dict[tuple[str, tuple[int, ...], bool], Change | None] = {}
        self._is_late = False
        self._framed = True
        self._defends = False

    def edited(self, text: str, *, framed: bool = True) -> tuple[str, tuple[Edit, ...]]:
        """The text after the safe edits, and these.

        Args:
            text: the draft.
            framed: whether an explanation is introduced as one's view.
        """
        before = self._judge.analyzer.analyze(text)
        self._defends = self._judge.defends(before.scores)
        self._is_late, self._framed = False, framed
        self._known.clear()
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
            changes = self._changes(analysis, heat) or self._moved(analysis, heat)
            while more and not changes:
                changes = more.pop(0)(analysis, heat)
            if not changes:
                break
            for change in reversed(changes):
                draft.replace(*change)
        analysis = self._judge.analyzer.analyze(draft.text)
        bare = draft.is_edited and not SLOT.search(draft.text)
        self._defends |= self._judge.defends(analysis.scores)
        if bare and self._defends and analysis.scores.empathy < tables()["remarks"]["warm"]:
            # what was taken out of a defence leaves it without what it lacked from the start
            for change in reversed(self._added(analysis, (1,))):
                draft.replace(*change)
        if not draft.is_edited:
            return text, ()
        return draft.text, listed(draft.edits(0), before)

    def _changes(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """The next change of every sentence, in the order of the text."""
        text = analysis.text
        sentences = self._sentences(analysis, heat)
        changes: list[Change] = []
        reached = 0
        left = len(sentences)
        for index, sentence in enumerate(sentences):
            change = self._change(sentence, text)
            if change is None:
                continue
            if change.kind == "remark":
                change = self._dropped(analysis, sentences, index, left)
                left -= change is not None and not change.new
            if change is not None and change.start >= reached:
                changes.append(change)
                reached = change.end
        return changes

    def _sentences(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Sentence]:
        text = analysis.text
        spans = [part.span for part in analysis.sentences]
        kept = [fact.span for fact in find_facts(text) if fact.kind in _UNTOUCHED]
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
            found.append(Sentence(span.start, end, own, self._judge.heat(own.scores)))
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

    def _change(self, sentence: Sentence, text: str) -> Change | None:
        """The first change of a sentence that passes, in places of the whole text."""
        words = sentence.analysis.text
        if len(words) > self._longest:
            return None
        key = (words, sentence.heat, text[:1].isupper())
        if key not in self._known:
            self._known[key] = self._found(sentence, text)
        change = self._known[key]
        if change is None:
            return None
        return change._replace(
            start=change.start + sentence.start, end=change.end + sentence.start
        )

    def _found(self, sentence: Sentence, text: str) -> Change | None:
        words, before = sentence.analysis.text, sentence.analysis
        kept = [fact.span for fact in find_facts(words) if fact.kind in _UNTOUCHED]
        quiet = [*phrases.marks(words), *phrases.capitals(words, text)]
        for start, end, new, kind, reason in quiet:
            if any(span.start < end and start < span.end for span in kept):
                continue
            after = self._judge.read(words[:start] + new + words[end:])
            if self._judge.keeps(compare(before, after), False):
                return Change(start, end, new, kind, reason)
        if not sentence.heat:
            return None
        for start, end, new, kind, reason in self._mild(words, sentence.heat):
            if any(span.start < end and start < span.end for span in kept):
                continue
            after = self._judge.read(words[:start] + new + words[end:])
            if self._judge.rises(before, after) or not self._judge.keeps(
                compare(before, after), False
            ):
                continue
            if joins_on(after.text) and not joins_on(words):
                continue
            if clauses.is_balanced(after.text) or not clauses.is_balanced(words):
                return Change(start, end, new, kind, reason)
        change = self._suggested(sentence)
        for k in sentence.heat:
            change = change or self._cut(sentence, k) or self._remark(sentence, k)
        return change

    def _mild(self, words: str, heat: tuple[int, ...]) -> Iterator[phrases.Proposal]:
        yield from clauses.vocatives(words)
        yield from clauses.called(words)
        yield from phrases.epithets(words)
        yield from phrases.swaps(words)
        yield from phrases.apologies(words)
        yield from rewording.rewordings(words)
        if self._is_late or self._judge.read(words).scores[0] < self._judge.score:
            # what marks sarcasm goes last: the sentence stays sarcastic without it
            yield from phrases.openers(words)
            yield from rewording.asides(words)
        if 0 in heat:
            yield from rewording.requests(words)

    def _suggested(self, sentence: Sentence) -> Change | None:
        """A replacement that a hint about the sentence suggests, if it helps."""
        before = sentence.analysis
        words = before.text
        for hint in before.hints:
            if hint.span is None or hint.dimension == DIMENSIONS[2]:
                continue
            k = DIMENSIONS.index(hint.dimension)
            start, end = hint.span
            for new in hint.suggestions:
                after = self._judge.read(words[:start] + new + words[end:])
                if not self._judge.helps(before, after, k) or "[" in words:
                    continue
                if not fits(hint, words, new):
                    continue
                if joins_on(after.text) and not joins_on(words):
                    continue
                if self._judge.keeps(compare(before, after), False):
                    kind = "slot" if "[" in new else "replace"
                    return Change(start, end, new, kind, hint.message)
        return None

    def _cut(self, sentence: Sentence, k: int) -> Change | None:
        """The part to leave out with which the sentence loses its heat, the shortest one."""
        words, before = sentence.analysis.text, sentence.analysis
        best: tuple[float, Change] | None = None
        for start, end, new, kind, reason in (*clauses.tails(words), *clauses.heads(words)):
            after = self._judge.read(words[:start] + new + words[end:])
            if not self._judge.helps(before, after, k) or self._judge.rises(before, after):
                continue
            cools = after.scores[k] < min(self._judge.clear, before.scores[k] / 2)
            if not self._judge.is_remark(before, start, end, k, start == 0, cools):
                continue
            inside = self._judge.rude(before, start, end, k)
            if any(span not in inside for span in self._judge.rude(before, 0, len(words), k)):
                continue  # the rudeness stays
            threat = self._judge.threatens(before, start, end)
            if not self._judge.keeps(compare(before, after), threat):
                continue
            change = Change(start, end, new, kind, reason)
            if after.scores[k] < tables()["remarks"]["cool"]:
                return change
            if not self._is_late:
                continue
            if after.scores[k] < self._judge.clear:
                return change
            if best is None or after.scores[k] < best[0]:
                best = after.scores[k], change
        return best and best[1]

    def _remark(self, sentence: Sentence, k: int) -> Change | None:
        """The whole sentence, where it is nothing but an insult or a taunt."""
        words, own = sentence.analysis.text, sentence.analysis
        if own.scores[k] < self._judge.score or not self._judge.is_taunt(own, k):
            return None
        threat = self._judge.threatens(own, 0, len(words))
        if not self._judge.keeps(compare(own, self._judge.read("")), threat):
            return None
        return Change(0, len(words), "", "remark", _REMARK)

    def _dropped(
        self, analysis: Analysis, sentences: Sequence[Sentence], index: int, left: int
    ) -> Change | None:
        """The change that leaves a sentence out, with the blanks on one of its sides."""
        text = analysis.text
        start, end = sentences[index].start, sentences[index].end
        first = sentences[index - 1].end if index else 0
        last = sentences[index + 1].start if index + 1 < len(sentences) else len(text)
        before, after = text[first:start], text[end:last]
        if (before + after).strip():
            return None  # a bracket, a bullet, a quotation mark
        following = text[last : last + 20].split(maxsplit=1)
        if following and following[0].lower() in tables()["clauses"]["needing"]:
            return None
        if left == 1 or not says_something(text, sentences, index):
            if SLOT.search(text):
                return None
            words = replacing(analysis, self._judge.clear)
            return Change(start, end, words, "slot", _REMARK)
        if index and (index + 1 == len(sentences) or ("\n" in after and "\n" not in before)):
            return Change(first, end, "", "drop", _REMARK)
        return Change(start, last, "", "drop", _REMARK)

    def _moved(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """A warm sentence that stands behind a defensive one, to the front."""
        if 1 not in heat:
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
        self._known.clear()
        return self._changes(analysis, heat)

    def _added(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """Slots for what a defensive text lacks."""
        if 1 not in heat or not self._defends:
            return []
        sentences = self._sentences(analysis, heat)
        for framed in (True, False) if self._framed else (False,):
            changes = [Change(*made) for made in slot_changes(analysis, sentences, framed)]
            after = self._judge.analyzer.analyze(_applied(analysis.text, changes))
            if not self._judge.rises(analysis, after):
                return changes
        return []


def _applied(text: str, changes: Sequence[Change]) -> str:
    for change in reversed(changes):
        text = text[: change.start] + change.new + text[change.end :]
    return text
