"""Heated sentences put in other words: a slot names what they are about, the heat goes.

A sentence that holds a request, a promise, a refusal or what the writer did is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..records import NamedTuple
from ..results import Analysis, Span
from . import clauses
from .checking import compare
from .judging import Judge
from .sentences import Sentence, says_something
from .slots import about, speaks_of_we
from .statements import Word, content, words_of
from .topics import topics
from .words import tables

REASON = "What it is about is heard better in plain words of your own."
_TOPICS = re.compile(r"\[what [a-z ]{5,30}: (?P<topics>[^\[\]\n]+)\]")
_SORRY = re.compile(r"(?i)\b(?:sorry|apolog)")
_MOST_WORDS = 45
_MOST_TOPICS = 7
_MOST_CHARS = 150


class Told(NamedTuple):
    """What a sentence is about, and the part of it that stays ("" for none).

    `first` is True where the part that stays comes first.
    """

    topics: tuple[str, ...]
    kept: str
    first: bool


class Block(NamedTuple):
    """Sentences beside each other that are restated, `start` to `end` (exclusive).

    `kept` and `first` are those of `Told`.
    """

    start: int
    end: int
    kept: str
    first: bool

    def words(self, new: str) -> str:
        """What stands in place of the block, `new` in place of what goes."""
        pair = (self.kept, new) if self.first else (new, self.kept)
        return " ".join(filter(None, pair))


class Restatement(NamedTuple):
    """The blocks to leave out, and what stands in place of the first one ("" for nothing).

    `slot` is the place and the new words of a slot that takes the topics of all of them, if
    the text has one already.
    """

    blocks: list[Block]
    words: str
    slot: tuple[int, int, str] | None


def restatement(
    analysis: Analysis, sentences: Sequence[Sentence], judge: Judge
) -> Restatement | None:
    """Which sentences of a text are put in other words, and in which; None if there are none.

    Args:
        analysis: the text.
        sentences: its sentences, each read by itself.
        judge: what reads and judges them.
    """
    for careful in (True, False):
        found = {
            index: told
            for index, sentence in enumerate(sentences)
            if (told := _told(sentence, judge, careful)) is not None
        }
        if found:
            break
    else:
        return None
    hottest = sorted(found, key=lambda index: -max(sentences[index].analysis.scores[:2]))
    chosen: dict[int, Told] = {}
    there = _TOPICS.search(analysis.text)
    had = there["topics"].split(", ") if there else []
    listed = dict.fromkeys(had)
    for index in hottest:
        more = listed | dict.fromkeys(found[index].topics)
        if len(more) <= _MOST_TOPICS and sum(map(len, more)) <= _MOST_CHARS:
            chosen[index] = found[index]
            listed = more
    if not chosen:
        return None
    chosen = dict(sorted(chosen.items()))
    named = dict.fromkeys(topic for told in chosen.values() for topic in told.topics)
    blocks = _blocks(analysis.text, sentences, chosen)
    if there is None:
        return Restatement(
            blocks, _words(analysis, sentences, chosen, list(named), judge.clear), None
        )
    together = ", ".join(dict.fromkeys([*had, *named]))
    return Restatement(blocks, "", (*there.span("topics"), together))


def _told(sentence: Sentence, judge: Judge, careful: bool) -> Told | None:
    """What a sentence is about, if it or a part of it may be put in other words."""
    numbers = tables()["remarks"]
    own = sentence.analysis
    for k in sentence.heat:
        # what stays must be cool to be better than other words for all of it
        told = _partly(own, k, judge, careful, numbers["cool"])
        if told is not None:
            return told
        most: int = numbers["most-untold-defensive" if k else "most-untold"]
        named = _named(own, own, k, judge, careful, most)
        if named is not None:
            return Told(named, "", False)
        told = _partly(own, k, judge, careful, judge.clear)
        if told is not None:
            return told
    return None


def _partly(own: Analysis, k: int, judge: Judge, careful: bool, cool: float) -> Told | None:
    """What a part of a sentence is about, where the rest scores below `cool`."""
    if not clauses.is_balanced(own.text):
        return None
    most: int = tables()["remarks"]["most-untold-part"]
    for start, end, new, *_ in (*clauses.tails(own.text), *clauses.heads(own.text)):
        gone = own.text[start:end].strip(" ,;:-\u2013\u2014")
        if topics(gone) is None:
            continue
        kept = own.text[:start] + new + own.text[end:]
        if judge.read(kept).scores[k] >= cool:
            continue
        named = _named(judge.read(gone), own, k, judge, careful, most, kept)
        if named is not None:
            return Told(named, kept, start > 0)
    return None


def _named(
    part: Analysis,
    own: Analysis,
    k: int,
    judge: Judge,
    careful: bool,
    most: int,
    kept: str = "",
) -> tuple[str, ...] | None:
    """What a part of a sentence is about, if it may be put in other words.

    Args:
        part: the part.
        own: the sentence.
        k: 0 for hostility, 1 for defensiveness.
        judge: what reads and judges them.
        careful: see `_may_go`.
        most: how many words of content may be lost.
        kept: what stays of the sentence.
    """
    if not _may_go(part, k, judge, careful):
        return None
    rude = judge.found(part, 0, len(part.text), 0, tables()["remarks"]["names"])
    named = topics(part.text, rude)
    if named is None:
        return None
    left = _untold(part, named, judge, k)
    if clauses.accuses(left) or len(content(left)) > most:
        return None  # it tells what somebody did, or too much
    after = judge.read(f"{kept} {about('upset-about', named)}".lstrip())
    threat = judge.threatens(part, 0, len(part.text))
    return named if judge.keeps(compare(own, after), threat) else None


def _may_go(own: Analysis, k: int, judge: Judge, careful: bool) -> bool:
    """Whether a sentence tells and asks nothing that its topics would not keep.

    `careful` keeps what the reader is said to have done, where no rule finds it rude.
    """
    text = own.text
    words = words_of(text, Span(0, len(text)))
    plain = [word.word for word in words]
    if (
        not 0 < len(words) <= _MOST_WORDS
        or not clauses.is_balanced(text)
        or (clauses.requests(plain) and not judge.threatens(own, 0, len(text)))
    ):
        return False
    if clauses.tells_deeds(words) or _SORRY.search(text):
        return False
    if k == 1:
        forms = tables()["remarks"]["restated-defensive"]
        asked = text.rstrip().endswith("?")
        if asked and own.scores[k] >= judge.score:
            return True
        return bool(judge.found(own, 0, len(text), 1, forms))
    if judge.rude(own, 0, len(text), 0):
        return True
    asked = text.rstrip().endswith("?")
    reader = asked or not tables()["clauses"]["second-person"].isdisjoint(plain)
    hot: float = tables()["remarks"]["hot-to-reader" if reader else "hot"]
    return own.scores[0] >= hot and not (careful and clauses.accuses(words))


def _untold(own: Analysis, named: Sequence[str], judge: Judge, k: int) -> list[Word]:
    """The words that neither a rule finds rude nor the topics hold."""
    text = own.text
    rude = judge.rude(own, 0, len(text), 0)
    if k == 1:
        rude += judge.found(own, 0, len(text), 1, tables()["remarks"]["restated-defensive"])
    kept = {
        word.word for topic in named for word in words_of(topic, Span(0, len(topic)))
    } - tables()["words"]["empty"]
    kept.update("you" for topic in named if topic.startswith("you "))
    return [
        word
        for word in words_of(text, Span(0, len(text)))
        if word.word not in kept
        and not any(span.start < word.end and word.start < span.end for span in rude)
    ]


def _blocks(
    text: str, sentences: Sequence[Sentence], chosen: Mapping[int, Told]
) -> list[Block]:
    """The chosen sentences, those beside each other in a paragraph together."""
    blocks: list[Block] = []
    for index, told in chosen.items():
        if blocks and blocks[-1].end == index and not told.kept and not blocks[-1].kept:
            between = text[sentences[index - 1].end : sentences[index].start]
            if not between.strip() and "\n" not in between:
                blocks[-1] = blocks[-1]._replace(end=index + 1)
                continue
        blocks.append(Block(index, index + 1, told.kept, told.first))
    return blocks


def _words(
    analysis: Analysis,
    sentences: Sequence[Sentence],
    chosen: Mapping[int, Told],
    listed: Sequence[str],
    clear: float,
) -> str:
    """The sentence that stands in place of the chosen ones; "" where none is needed."""
    left = [s for index, s in enumerate(sentences) if index not in chosen]
    if not listed:
        return ""
    if analysis.scores.defensiveness >= clear:
        return about("ask-we" if speaks_of_we(analysis.text) else "ask", listed)
    if says_something(analysis.text, left, -1) or any(t.kept for t in chosen.values()):
        return about("upset-about", listed)
    return f"{about('upset-about', listed)} {tables()['slots']['need']}"
