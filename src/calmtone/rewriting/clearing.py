"""Barbs of a hostile draft left out, and one slot put where something is missing then.

Sarcasm, scorn and taunts mostly fill whole sentences. Those that tell nothing go; where
opinions go with them, or nothing of substance would be left, one calm sentence with a slot
stands in their place and asks for what a message would need. The sentences are those of
the table `stand-ins` of `data/en/rewriting.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..results import Analysis
from . import turning
from .barbs import NOTHING, OPINION, TELLS, grade, is_exclamation
from .checking import compare
from .choosing import REMARK, Change, Chooser
from .clauses import NAMELESS, is_name
from .facts import find_facts
from .guards import strands
from .judging import Judge
from .phrases import QUIET
from .sentences import Sentence, following, says_something
from .slots import opening_place, speaks_of_we
from .statements import SLOT, plain_words
from .words import tables

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from ..replies.types import ReplyAnalysis

STANDS_IN = "What is meant, told plainly, is easier to answer than a barb."
_SHORT = 4  # words of a sentence that may lean on the one before it
_POINTS = re.compile(r"(?i)(?:on|at|in|for|with|of|by|to|from) (?:that|this|it|those)\b")
_LETTER = re.compile(r"[^\W\d_]")


def cleared(
    analysis: Analysis,
    sentences: Sequence[Sentence],
    judge: Judge,
    chooser: Chooser,
    reply: ReplyAnalysis | None,
    framed: bool,
) -> list[Change]:
    """The changes that take a draft's barbs out, in the order of the text.

    Args:
        analysis: the draft, which is hostile.
        sentences: its sentences, each read by itself.
        judge: what reads them.
        chooser: what chooses milder edits of them, which go first.
        reply: how the draft stands to the message that it answers, None where there is none.
        framed: whether a slot is there already, or others will be added.
    """
    text = analysis.text
    grades = [_graded(sentence, text, judge, chooser) for sentence in sentences]
    runs = _runs(text, sentences, grades)
    if not runs:
        return []
    gone = {at for first, last in runs for at in range(first, last + 1)}
    kept = [sentence for at, sentence in enumerate(sentences) if at not in gone]
    own = [
        s for s in kept if s.end > opening_place(text) and not is_exclamation(s.analysis.text)
    ]
    stands = says_something(text, own) or (reply is not None and own != [])
    asked = -1
    if not stands:
        asked = 0
    elif not framed:
        asked = next(
            (n for n, run in enumerate(runs) if _criticises(sentences, grades, run)), -1
        )
    if asked >= 0 and SLOT.search(text):
        if not stands:
            return []
        asked = -1
    changes = []
    for number, (first, last) in enumerate(runs):
        start, end = sentences[first].start, sentences[last].end
        if number == asked:
            words = "\n".join(sentences[at].analysis.text for at in sorted(gone))
            new = _stand_in(analysis, words, text[start:end], reply)
            changes.append(Change(start, end, new, "slot", STANDS_IN))
        else:
            change = left_out(text, sentences, first, last)
            if change is not None:
                changes.append(change)
    return changes


def left_out(text: str, sentences: Sequence[Sentence], first: int, last: int) -> Change | None:
    """The change that leaves sentences out, with the blanks on one of their sides.

    None where marks stand around them, or what follows needs them.

    Args:
        text: the draft.
        sentences: its sentences.
        first: the place of the first one that goes.
        last: the place of the last one.
    """
    start, end = sentences[first].start, sentences[last].end
    begin = sentences[first - 1].end if first else 0
    stop = sentences[last + 1].start if last + 1 < len(sentences) else len(text)
    before, after = text[begin:start], text[end:stop]
    if (before + after).strip():
        return None  # a bracket, a bullet, a quotation mark
    then = text[stop : stop + 20].split(maxsplit=1)
    if then and then[0].lower() in tables()["clauses"]["needing"]:
        return None
    rest = following(text, stop)
    if _is_fragment(rest):
        return None  # "And they are what? Priests?"
    if strands(text[start:end], rest) or _POINTS.match(rest):
        return None
    if first and (last + 1 == len(sentences) or ("\n" in after and "\n" not in before)):
        return Change(begin, end, "", "drop", REMARK)
    return Change(start, stop, "", "drop", REMARK)


def _is_fragment(rest: str) -> bool:
    """Whether a short sentence goes on with the one before it: "Windows, mostly."."""
    words = plain_words(rest)
    if not words or len(words) >= _SHORT or is_exclamation(rest):
        return False
    lists = tables()["clauses"]
    verbs = lists["finite"] | lists["imperatives"] | lists["past"]
    return rest.endswith("?") or (verbs.isdisjoint(words) and not find_facts(rest))


def _graded(sentence: Sentence, text: str, judge: Judge, chooser: Chooser) -> int:
    """What would be lost with a sentence."""
    words, own = sentence.analysis.text, sentence.analysis
    numbers = tables()["stand-ins"]
    mocks = is_exclamation(words)
    if (own.scores[0] < numbers["least"] and not mocks) or own.scores.empathy >= judge.clear:
        return TELLS
    if any(True for _ in turning.turns(words)):
        return TELLS  # it can be told plainly
    milder = chooser.change(sentence, text)
    if milder is not None and milder.reason in (NAMELESS, QUIET):
        return TELLS  # without the name it may be fine, and in lower case names are seen
    if is_name(words):
        return NOTHING
    threat = judge.threatens(own, 0, len(words))
    found = grade(words, threat=threat)
    if found != TELLS and not judge.keeps(compare(own, judge.read("")), threat):
        return TELLS
    return found


def _runs(
    text: str, sentences: Sequence[Sentence], grades: Sequence[int]
) -> list[tuple[int, int]]:
    """First and last places of sentences that may go together, those that follow left whole."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(sentences):
        if grades[at] == TELLS:
            at += 1
            continue
        last = at
        while (
            last + 1 < len(sentences)
            and grades[last + 1] != TELLS
            and not text[sentences[last].end : sentences[last + 1].start].strip(" ")
        ):
            last += 1
        after, first = last + 1, at
        while last >= first and left_out(text, sentences, first, last) is None:
            last -= 1
        if last >= first:
            found.append((first, last))
        at = after
    return found


def _criticises(
    sentences: Sequence[Sentence], grades: Sequence[int], run: tuple[int, int]
) -> bool:
    """Whether an opinion about work is among sentences that go: that is one to ask for."""
    words = tables()["stand-ins"]["work-words"]
    return any(
        grades[at] == OPINION and not words.isdisjoint(plain_words(sentences[at].analysis.text))
        for at in range(run[0], run[1] + 1)
    )


def _stand_in(
    analysis: Analysis, barbs: str, replaced: str, reply: ReplyAnalysis | None
) -> str:
    """The sentence with a slot that suits what was said, in the writer's way of writing."""
    text = analysis.text
    lists = tables()["stand-ins"]
    name = _kind(barbs, reply)
    new: str = lists[f"{name}-we" if speaks_of_we(text) else name]
    letter = _LETTER.search(replaced)
    if letter is not None and letter[0].islower():
        new = new[0].lower() + new[1:]
    return new if replaced[-1:] in ".!?\u2026" else new.removesuffix(".")


def _kind(barbs: str, reply: ReplyAnalysis | None) -> str:
    """What the writer of barbs would have to say: the name of a stand-in."""
    lists = tables()["stand-ins"]
    words = frozenset(plain_words(barbs))
    starts = {first[0] for line in barbs.split("\n") if (first := plain_words(line))}
    if reply is not None and reply.questions:
        return "answer"
    if not words.isdisjoint(lists["work-words"]):
        return "work"
    if not words.isdisjoint(lists["rage-words"]):
        return "trouble"
    if not words.isdisjoint(lists["asking-words"]) or not starts.isdisjoint(
        tables()["requests"]["verbs"]
    ):
        return "ask"
    return "view" if reply is not None else "trouble"
