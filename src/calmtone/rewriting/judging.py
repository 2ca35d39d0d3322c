"""What the scores and rules say of a sentence that is edited: is it hot, does an edit help."""

from __future__ import annotations

import math

from ..results import DIMENSIONS, Analysis, Evidence, Scores, Span
from . import clauses
from .results import RewriteCheck
from .statements import content, words_of
from .words import tables

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from ..analyzer import Analyzer

SLIGHT = 0.02  # a score that rises by no more is as it was


class Judge:
    """Reads sentences, each once, and judges edits of them.

    Args:
        analyzer: what scores the texts.
        over: the score from which a text, or a sentence, is worked on.
    """

    def __init__(self, analyzer: Analyzer, over: float) -> None:
        self.analyzer = analyzer
        self.clear = over
        self._forms = {rule.id: rule.form for rule in analyzer._rules.rules}
        numbers = tables()["remarks"]
        self.score: float = numbers["score"]
        self._fall: float = numbers["least-fall"]
        self._fall_odds: float = numbers["least-fall-odds"]
        self._read: dict[str, Analysis] = {}

    def read(self, sentence: str) -> Analysis:
        """The analysis of a sentence by itself."""
        known = self._read.get(sentence)
        if known is None:
            known = self._read[sentence] = self.analyzer.analyze(sentence)
        return known

    def heat(self, scores: Scores) -> tuple[int, ...]:
        """The dimensions that are too high: 0 for hostility, 1 for defensiveness."""
        return tuple(k for k in (0, 1) if scores[k] >= self.clear)

    def defends(self, analysis: Analysis) -> bool:
        """Whether a text defends its writer so that it gets slots.

        A hostile one has to do so clearly, and one in which neither rules nor a model mark
        anything more clearly still; a warm one takes up the reader's side already.
        """
        scores = analysis.scores
        if scores.empathy >= tables()["remarks"]["warm"]:
            return False
        name = "defended" if scores[0] >= self.clear else "slotted"
        least: float = tables()["remarks"][name]
        if not any(map(_marks_defence, analysis.evidence)):
            least = self.score
        return scores[1] >= max(self.clear, least)

    def helps(self, before: Analysis, after: Analysis, k: int) -> bool:
        """Whether score `k` falls enough for an edit to be worth it."""
        fall = before.scores[k] - after.scores[k]
        return fall >= self._fall or (after.scores[k] < self.clear <= before.scores[k])

    def cools(self, before: Analysis, after: Analysis) -> bool:
        """Whether hostility falls, also where it stays high: its odds are what counts."""
        if self.helps(before, after, 0):
            return True
        old, new = (min(max(a.scores[0], 0.001), 0.999) for a in (before, after))
        return math.log(old / (1 - old)) - math.log(new / (1 - new)) >= self._fall_odds

    def rises(self, before: Analysis, after: Analysis) -> bool:
        """Whether hostility or defensiveness is clear, and clearer than before."""
        return any(
            after.scores[k] >= self.clear and after.scores[k] > before.scores[k] + SLIGHT
            for k in (0, 1)
        )

    def keeps(self, check: RewriteCheck, threat: bool, known: bool = False) -> bool:
        """Whether nothing is lost but what a remark or a threat denies or announces.

        Args:
            check: what the check finds.
            threat: whether a threat goes.
            known: whether the new words are known to say the same, so that a negation told
                in other words ("didn't bother to read": "did not read") is none that is lost.
        """
        if known:
            kinds = {fact.kind for fact in (*check.lost, *check.added)}
            return kinds.union(change.kind for change in check.changed) <= {"negation"}
        if check.changed or check.added:
            return False
        allowed = {"negation"} | ({"commitment"} if threat else set())
        return all(fact.kind in allowed for fact in check.lost)

    def rude(self, analysis: Analysis, start: int, end: int, k: int) -> list[Span]:
        """Matches of rules that find remarks, inside of the words."""
        forms = tables()["remarks"]["defensive-forms" if k else "forms"]
        return self.found(analysis, start, end, k, forms)

    def found(
        self, analysis: Analysis, start: int, end: int, k: int, forms: frozenset[str]
    ) -> list[Span]:
        """Matches of rules of some forms that raise score `k`, inside of the words."""
        return [
            item.span
            for item in analysis.evidence
            if item.weight > 0
            and self._forms.get(item.rule, "") in forms
            and item.dimension == DIMENSIONS[k]
            and start <= item.span.start
            and item.span.end <= end
        ]

    def threatens(self, analysis: Analysis, start: int, end: int) -> bool:
        """Whether a rule finds a threat inside of the words."""
        return bool(self.found(analysis, start, end, 0, tables()["remarks"]["threats"]))

    def is_taunt(self, analysis: Analysis, k: int) -> bool:
        """Whether a sentence is nothing but an insult or a taunt, as rules find them.

        A question is none, since it may want an answer; what a taunt denies or announces
        has to stand in what rules find.
        """
        text = analysis.text
        rude = self.rude(analysis, 0, len(text), k)
        if "?" in text or not rude or not self.is_remark(analysis, 0, len(text), k):
            return False
        words = words_of(text, Span(0, len(text)))
        rest = [
            word
            for word in words
            if not any(span.start < word.end and word.start < span.end for span in rude)
        ]
        most: int = tables()["remarks"]["most-content-taunt"]
        plain = {word.word for word in rest}
        told = tables()["polarity"]
        telling = told["negators"] | told["modals"] | tables()["clauses"]["imperatives"]
        return len(content(rest)) <= most and telling.isdisjoint(plain)

    def is_remark(
        self,
        analysis: Analysis,
        start: int,
        end: int,
        k: int,
        head: bool = False,
        hot: bool = False,
    ) -> bool:
        """Whether the words are a remark that holds no fact.

        Args:
            analysis: the sentence.
            start: where the words begin.
            end: where they end.
            k: 0 for hostility, 1 for defensiveness.
            head: whether more of the sentence follows.
            hot: whether they are known to be what heats it, whatever they score alone.
        """
        part = analysis.text[start:end]
        rude = self.rude(analysis, start, end, k)
        if k == 1 and not rude:
            return False  # a defensive sentence tells something, unless a rule knows it
        hot = hot or self.read(part.lstrip(" ,;:-\u2013\u2014")).scores[k] >= self.score
        if not rude and not hot:
            return False
        places = [Span(span.start - start, span.end - start) for span in rude]
        threat = self.threatens(analysis, start, end)
        numbers = tables()["remarks"]
        most: int = numbers["most-content" if rude else "most-content-unruled"]
        if k == 1:
            most = numbers["most-content-defensive"]
        elif head:
            most = numbers["most-content-head"]
        return clauses.is_remark(part, places, threat, hot, most)


def _marks_defence(item: Evidence) -> bool:
    """Whether evidence is of a rule or a model, and not of the tone of words alone."""
    toned = item.rule.startswith(("lexicon/", "context/"))
    return item.dimension == DIMENSIONS[1] and item.weight > 0 and not toned
