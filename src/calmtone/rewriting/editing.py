"""The safe edits: what is changed in a text that is not fine, and in which order.

Round by round each sentence that is too heated gets the mildest edit that helps, until the
text is fine or nothing more can be done. An edit is only made when the check finds every
fact still there; what was decided depends on the text alone, so that a rewritten text is
not rewritten again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..records import NamedTuple
from ..results import DIMENSIONS, Analysis, Scores, Span
from . import clauses, phrases
from .checking import compare
from .draft import Draft
from .facts import find_facts
from .listing import listed
from .reordering import moves
from .results import Edit, RewriteCheck
from .sentences import Sentence, joins_on, says_something, with_signs
from .slots import replacing, slot_changes
from .suggestions import fits
from .words import tables

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from ..analyzer import Analyzer

_MOST_ROUNDS = 30
_UNTOUCHED = ("quote", "code", "link", "email", "reference")
SLIGHT = 0.02  # a score that rises by no more is as it was
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
        self._analyzer = analyzer
        self._forms = {rule.id: rule.form for rule in analyzer._rules.rules}
        numbers = tables()["remarks"]
        self._clear = over
        self._score: float = numbers["score"]
        self._fall: float = numbers["least-fall"]
        self._longest: int = numbers["longest"]
        self._known: dict[tuple[str, tuple[int, ...], bool], Change | None] = {}
        self._read: dict[str, Analysis] = {}

    def edited(self, text: str) -> tuple[str, tuple[Edit, ...]]:
        """The text after the safe edits, and these."""
        before = self._analyzer.analyze(text)
        draft = Draft(text, 0)
        for _ in range(_MOST_ROUNDS):
            analysis = before if draft.text == text else self._analyzer.analyze(draft.text)
            heat = self._heat(analysis.scores, self._clear)
            if not heat:
                break
            changes = (
                self._changes(analysis, heat)
                or self._moved(analysis, heat)
                or self._added(analysis, heat)
            )
            if not changes:
                break
            for change in reversed(changes):
                draft.replace(*change)
        if not draft.is_edited:
            return text, ()
        return draft.text, listed(draft.edits(0), before)

    def _heat(self, scores: Scores, over: float) -> tuple[int, ...]:
        return tuple(k for k in (0, 1) if scores[k] >= over)

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
            own = self._analysis(text[span.start : end])
            found.append(Sentence(span.start, end, own, self._heat(own.scores, self._clear)))
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

    def _analysis(self, sentence: str) -> Analysis:
        known = self._read.get(sentence)
        if known is None:
            known = self._read[sentence] = self._analyzer.analyze(sentence)
        return known

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
            after = self._analysis(words[:start] + new + words[end:])
            if self._keeps(compare(before, after), False):
                return Change(start, end, new, kind, reason)
        if not sentence.heat:
            return None
        for start, end, new, kind, reason in self._mild(words):
            if any(span.start < end and start < span.end for span in kept):
                continue
            after = self._analysis(words[:start] + new + words[end:])
            if self._rises(before, after) or not self._keeps(compare(before, after), False):
                continue
            if joins_on(after.text) and not joins_on(words):
                continue
            if clauses.is_balanced(after.text) or not clauses.is_balanced(words):
                return Change(start, end, new, kind, reason)
        change = self._suggested(sentence)
        for k in sentence.heat:
            change = change or self._cut(sentence, k) or self._remark(sentence, k)
        return change

    def _mild(self, words: str) -> Iterator[phrases.Proposal]:
        yield from phrases.openers(words)
        yield from clauses.vocatives(words)
        yield from phrases.epithets(words)
        yield from phrases.swaps(words)
        yield from phrases.apologies(words)

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
                after = self._analysis(words[:start] + new + words[end:])
                if not self._helps(before, after, k) or "[" in words:
                    continue
                if not fits(hint, words, new):
                    continue
                if joins_on(after.text) and not joins_on(words):
                    continue
                if self._keeps(compare(before, after), False):
                    kind = "slot" if "[" in new else "replace"
                    return Change(start, end, new, kind, hint.message)
        return None

    def _cut(self, sentence: Sentence, k: int) -> Change | None:
        """The part to leave out with which the sentence loses its heat, the shortest one."""
        words, before = sentence.analysis.text, sentence.analysis
        best: tuple[float, Change] | None = None
        for start, end, new, kind, reason in (*clauses.tails(words), *clauses.heads(words)):
            if not self._is_remark(before, start, end, k, start == 0):
                continue
            threat = self._threatens(before, start, end)
            after = self._analysis(words[:start] + new + words[end:])
            if not self._helps(before, after, k) or self._rises(before, after):
                continue
            if not self._keeps(compare(before, after), threat):
                continue
            change = Change(start, end, new, kind, reason)
            if after.scores[k] < self._clear:
                return change
            if best is None or after.scores[k] < best[0]:
                best = after.scores[k], change
        return best and best[1]

    def _remark(self, sentence: Sentence, k: int) -> Change | None:
        """The whole sentence, where it is nothing but a remark about the reader."""
        words, own = sentence.analysis.text, sentence.analysis
        if own.scores[k] < self._score or not self._is_remark(own, 0, len(words), k):
            return None
        threat = self._threatens(own, 0, len(words))
        if not self._keeps(compare(own, self._analysis("")), threat):
            return None
        return Change(0, len(words), "", "remark", _REMARK)

    def _is_remark(
        self, analysis: Analysis, start: int, end: int, k: int, head: bool = False
    ) -> bool:
        """Whether the words are a remark that holds no fact; `head` if more follows."""
        part = analysis.text[start:end]
        rude = self._rude(analysis, start, end, k)
        if k == 1 and not rude:
            return False  # a defensive sentence tells something, unless a rule knows it
        hot = self._analysis(part.lstrip(" ,;:-\u2013\u2014")).scores[k] >= self._score
        if not rude and not hot:
            return False
        places = [Span(span.start - start, span.end - start) for _, span in rude]
        threat = self._threatens(analysis, start, end)
        numbers = tables()["remarks"]
        most: int = numbers["most-content" if rude else "most-content-unruled"]
        if k == 1:
            most = numbers["most-content-defensive"]
        elif head:
            most = numbers["most-content-head"]
        return clauses.is_remark(part, places, threat, hot, most)

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
        if following and following[0].lower() in tables()["clauses"]["leaning"]:
            return None
        if left == 1 or not says_something(text, sentences, index):
            if "[" in text:
                return None
            return Change(start, end, replacing(analysis, self._clear), "slot", _REMARK)
        if index and (index + 1 == len(sentences) or ("\n" in after and "\n" not in before)):
            return Change(first, end, "", "drop", _REMARK)
        return Change(start, last, "", "drop", _REMARK)

    def _moved(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """A warm sentence that stands behind a defensive one, to the front."""
        if 1 not in heat:
            return []
        for move in moves(analysis, self._analysis):
            changes = [Change(*change) for change in move]
            after = self._analyzer.analyze(_applied(analysis.text, changes))
            if not self._rises(analysis, after) and self._keeps(
                compare(analysis, after), False
            ):
                return changes
        return []

    def _added(self, analysis: Analysis, heat: tuple[int, ...]) -> list[Change]:
        """Slots for what a defensive text lacks."""
        if 1 not in heat:
            return []
        changes = [Change(*change) for change in slot_changes(analysis)]
        after = self._analyzer.analyze(_applied(analysis.text, changes))
        return changes if not self._rises(analysis, after) else []

    def _helps(self, before: Analysis, after: Analysis, k: int) -> bool:
        """Whether score `k` falls enough, and no other one rises."""
        fall = before.scores[k] - after.scores[k]
        return fall >= self._fall or (after.scores[k] < self._clear <= before.scores[k])

    def _rude(self, analysis: Analysis, start: int, end: int, k: int) -> list[tuple[str, Span]]:
        """Matches of rules that find remarks, inside of the words."""
        forms = tables()["remarks"]["defensive-forms" if k else "forms"]
        return [
            (item.rule, item.span)
            for item in analysis.evidence
            if item.weight > 0
            and self._forms.get(item.rule, "") in forms
            and item.dimension == DIMENSIONS[k]
            and start <= item.span.start
            and item.span.end <= end
        ]

    def _threatens(self, analysis: Analysis, start: int, end: int) -> bool:
        threats = tables()["remarks"]["threats"]
        return any(
            self._forms.get(rule) in threats for rule, _ in self._rude(analysis, start, end, 0)
        )

    def _rises(self, before: Analysis, after: Analysis) -> bool:
        """Whether hostility or defensiveness is clear, and clearer than before."""
        return any(
            after.scores[k] >= self._clear and after.scores[k] > before.scores[k] + SLIGHT
            for k in (0, 1)
        )

    def _keeps(self, check: RewriteCheck, threat: bool) -> bool:
        """Whether nothing is lost but what a remark or a threat denies or announces."""
        if check.changed or check.added:
            return False
        allowed = {"negation"} | ({"commitment"} if threat else set())
        return all(fact.kind in allowed for fact in check.lost)


def _applied(text: str, changes: Sequence[Change]) -> str:
    for change in reversed(changes):
        text = text[: change.start] + change.new + text[change.end :]
    return text
