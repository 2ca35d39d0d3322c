"""The mildest edit of one sentence that helps it, if there is one.

What is mild goes first: marks and capitals, turns of speech told plainly, hostile words that
hold nothing, words left out or replaced, what a hint suggests, and last what rules know to be
a remark. An edit is only made when the check finds every fact still there.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..records import NamedTuple
from ..results import DIMENSIONS
from . import clauses, phrases, rewording, turning
from .barbs import TELLS, grade, is_aimed, is_empty, is_exclamation, is_taunt
from .checking import compare
from .facts import find_facts
from .judging import Judge
from .results import Fact
from .sentences import Sentence, joins_on
from .suggestions import fits
from .words import tables

UNTOUCHED = ("quote", "code", "link", "email", "reference")
REMARK = "This sentence holds nothing but a remark about the reader."


class Change(NamedTuple):
    """Characters `start` to `end` of the draft's text, and what is to stand there."""

    start: int
    end: int
    new: str
    kind: str
    reason: str


def _other(facts: tuple[Fact, ...], words: str) -> tuple[Fact, ...]:
    """Facts but names and times that stand in words, in whatever letters."""
    return tuple(
        fact
        for fact in facts
        if fact.kind not in ("name", "time") or fact.text.lower() not in words.lower()
    )


class Chooser:
    """Chooses edits of sentences; remembers what it chose.

    Args:
        judge: what reads the sentences.

    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        numbers = tables()["remarks"]
        self._longest: int = numbers["longest"]
        self._barb: float = numbers["barb"]
        self._known: dict[tuple[str, tuple[int, ...], bool], Change | None] = {}
        self._is_late = False
        self._admits = False
        self._kept: set[str] = set()

    def start(self, admits: bool, *, late: bool = False) -> None:
        """Choose anew.

        Args:
            admits: whether the draft admits a share in what its writer is blamed for.
            late: whether what helps less than other words would have may be cut as well.
        """
        self._is_late, self._admits = late, admits
        self._known.clear()
        self._kept.clear()

    def change(self, sentence: Sentence, text: str) -> Change | None:
        """The first change of a sentence that passes, in places of the whole text.

        A change of kind "remark" leaves the sentence out.
        """
        words = sentence.analysis.text
        if len(words) > self._longest:
            return None
        key = (words, sentence.heat, text[:1].isupper())
        if key not in self._known:
            self._known[key] = self._found(sentence, text)
        change = self._known[key]
        return change and change._replace(
            start=change.start + sentence.start, end=change.end + sentence.start
        )

    def named(self, sentence: Sentence, text: str) -> Change | None:
        """The sentence without a name that the reader is called, where the rest says something.

        A barb with a name goes as a whole. A sentence that is such a name alone is a "remark".
        Marks and capitals go first, since names are seen in small letters.
        """
        words, before = sentence.analysis.text, sentence.analysis
        if len(words) > self._longest:
            return None
        if clauses.is_name(words):
            return Change(sentence.start, sentence.end, "", "remark", REMARK)
        quiet = self._quiet(sentence, text)
        if quiet is not None:
            at = sentence.start
            return quiet._replace(start=quiet.start + at, end=quiet.end + at)
        kept = [fact.span for fact in find_facts(words) if fact.kind in UNTOUCHED]
        for start, end, new, kind, reason in (
            *clauses.vocatives(words),
            *clauses.called(words),
        ):
            left = words[:start] + new + words[end:]
            if any(span.start < end and start < span.end for span in kept):
                continue
            for _, _, told, how, why in turning.turns(left):
                # with the name it mocks for sure, and is told plainly at once
                check = compare(before, self._judge.read(told))
                if self._judge.keeps(check, True) or self._judge.keeps(check, False, True):
                    return Change(sentence.start, sentence.end, told, how, why)
            if (is_empty(left) or grade(left) != TELLS) and not any(
                True for _ in turning.turns(left)
            ):
                continue
            if self._judge.keeps(compare(before, self._judge.read(left)), False):
                at = sentence.start
                return Change(at + start, at + end, new, kind, reason)
        return None

    def without(self, sentence: Sentence, text: str) -> Change | None:
        """Another change than leaving out the sentence, which cannot be left out here."""
        self._kept.add(sentence.analysis.text)
        key = (sentence.analysis.text, sentence.heat, text[:1].isupper())
        self._known.pop(key, None)
        return self.change(sentence, text)

    def _found(self, sentence: Sentence, text: str) -> Change | None:
        words, before = sentence.analysis.text, sentence.analysis
        quiet = self._quiet(sentence, text)
        if quiet is not None:
            return quiet
        kept = [fact.span for fact in find_facts(words) if fact.kind in UNTOUCHED]
        if 0 in sentence.heat or (sentence.hostile and is_exclamation(words)):
            change = self._plain(sentence, text)
            if change is not None:
                return change
        if not sentence.heat:
            return None
        named = [*clauses.vocatives(words), *clauses.called(words), *phrases.epithets(words)]
        for start, end, new, kind, reason in named:
            after = self._judge.read(words[:start] + new + words[end:])
            if any(span.start < end and start < span.end for span in kept):
                continue
            if self._judge.keeps(compare(before, after), False):
                return Change(start, end, new, kind, reason)
        for start, end, new, kind, reason in self._mild(words, sentence.heat):
            if any(span.start < end and start < span.end for span in kept):
                continue
            after = self._judge.read(words[:start] + new + words[end:])
            check = compare(before, after)
            known = reason == rewording.MATTER
            if self._judge.rises(before, after) or not self._judge.keeps(check, False, known):
                continue
            if joins_on(after.text) and not joins_on(words):
                continue
            if reason == rewording.ASKED and not (
                after.scores[0] < self._judge.clear <= before.scores[0]
            ):
                continue  # a sneer that says please
            if clauses.is_balanced(after.text) or not clauses.is_balanced(words):
                return Change(start, end, new, kind, reason)
        change = self._suggested(sentence)
        for k in sentence.heat:
            change = change or self._cut(sentence, k) or self._remark(sentence, k)
        return change

    def _quiet(self, sentence: Sentence, text: str) -> Change | None:
        """Runs of marks and capitals, made quiet."""
        words, before = sentence.analysis.text, sentence.analysis
        kept = [fact.span for fact in find_facts(words) if fact.kind in UNTOUCHED]
        quiet = [*phrases.marks(words), *phrases.capitals(words, text)]
        if phrases.is_shouted(words):
            quiet.reverse()
        for start, end, new, kind, reason in quiet:
            if any(span.start < end and start < span.end for span in kept):
                continue
            after = self._judge.read(words[:start] + new + words[end:])
            check = compare(before, after)
            if reason == phrases.QUIET and phrases.is_shouted(words):
                # which of the words are names is seen otherwise among small letters
                check = check._replace(
                    added=_other(check.added, words), lost=_other(check.lost, after.text)
                )
            if self._judge.keeps(check, False):
                return Change(start, end, new, kind, reason)
        return None

    def _plain(self, sentence: Sentence, text: str) -> Change | None:
        """A hostile sentence told plainly, left out, or without its hostile part."""
        words, before = sentence.analysis.text, sentence.analysis
        score = before.scores[0]
        if words not in self._kept and is_exclamation(words):
            return Change(0, len(words), "", "remark", REMARK)
        if score < (self._judge.clear if self._is_late else self._barb):
            return None
        threat = self._judge.threatens(before, 0, len(words))
        if "\n" not in words and '"' not in words:
            made = [*turning.turns(words)]
            known = len(made)
            if threat:
                made += turning.conditions(words)
            for number, (start, end, new, kind, reason) in enumerate(made):
                after = self._judge.read(new)
                check = compare(before, after)
                if self._judge.cools(before, after) and (
                    self._judge.keeps(check, True)
                    or (number < known and self._judge.keeps(check, False, known=True))
                ):
                    return Change(start, end, new, kind, reason)
        if (
            words not in self._kept
            and is_empty(words, threat=threat)
            and self._judge.keeps(compare(before, self._judge.read("")), threat)
        ):
            return Change(0, len(words), "", "remark", REMARK)
        return self._barbed(sentence, threat)

    def _barbed(self, sentence: Sentence, threat: bool) -> Change | None:
        """The hostile part of a sentence that holds nothing, left out."""
        words, before = sentence.analysis.text, sentence.analysis
        best: tuple[float, Change] | None = None
        for start, end, new, kind, reason in (
            *clauses.tails(words, True),
            *clauses.heads(words, True),
        ):
            after = self._judge.read(words[:start] + new + words[end:])
            if not self._judge.cools(before, after):
                continue
            part = words[start : end - 1] if start == 0 else words[start:end]
            part = part.strip(" ,;:-\u2013\u2014")
            if not is_empty(part, threat=threat) and (start == 0 or not is_taunt(part)):
                continue
            if start == 0 and not is_aimed(part):
                continue  # "By all means, it was my fault."
            if is_empty(after.text) or not self._judge.keeps(compare(before, after), threat):
                continue
            if best is None or after.scores[0] < best[0] - 0.1:
                best = after.scores[0], Change(start, end, new, kind, reason)
        return best and best[1]

    def _mild(self, words: str, heat: tuple[int, ...]) -> Iterator[phrases.Proposal]:
        yield from phrases.swaps(words)
        yield from phrases.apologies(words, self._admits)
        yield from rewording.rewordings(words)
        if self._is_late or self._judge.read(words).scores[0] < self._judge.score:
            # what marks sarcasm goes last: the sentence stays sarcastic without it
            yield from phrases.openers(words)
            yield from rewording.asides(words)
        # "keep telling yourself that" asks for nothing
        if 0 in heat and grade(words) == TELLS and not is_empty(words):
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
            part = words[start : end - 1] if start == 0 else words[start:end]
            if not is_empty(part.strip(" ,;:-\u2013\u2014"), threat=threat):
                continue
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
        if not is_empty(words, threat=threat):
            return None
        if not self._judge.keeps(compare(own, self._judge.read("")), threat):
            return None
        return Change(0, len(words), "", "remark", REMARK)
