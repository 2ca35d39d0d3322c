"""Which parts of a sentence, or which whole sentences, can be left out without loss.

A sentence is cut where a mark or a conjunction divides it. What stays must be able to stand
by itself, which is judged by its words: it needs a finite verb or an imperative, and must
not begin or end with a word that leans on what is gone. There is no parser here: where the
words don't show it, nothing is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from ..results import Span
from .facts import find_facts
from .guards import headless
from .phrases import Proposal
from .statements import Word, content, words_of
from .words import tables

_PAIRS = (("(", ")"), ("[", "]"), ("\u201c", "\u201d"))
_ASKED = re.compile(r"(?i)(?:i(?:'d| would) like|i need|please|could you|can you|would you)\b")
_NAMED = re.compile(
    r"(?i),? (?:you|u|ya|yer)(?P<between>(?: [a-z-]+,?){0,3}) (?P<name>[a-z]+)$"
)
_THEN = re.compile(
    r"(?i)(?:\b(?P<joint>and|or|else|otherwise)\b|[,;:\u2013\u2014]|\s-\s|\.{2,})\s*"
)
_PAST = re.compile(r"\w{3,}ed")
_LONG_HEAD = 30  # words
_LONG_NAME = 5
_YOU = frozenset({"you", "u", "ya", "yer", "ye"})
_NO_CLAUSE = re.compile(
    r"(?i)(?:the|every|any|each|this|next) (?:next |last |first )?(?:time|moment|minute)\b"
)
_COURTESY = frozenset({"sorry", "thanks", "thank", "please", "apologies", "cheers"})
# What begins so speaks of what was said before it.
_LEANING = frozenset(
    {"it", "they", "he", "she", "this", "these", "those", "how", "what", "why", "who"}
)
NAMELESS = "The point stands without the name."
_REASON_PART = "The point stands without this part."
_CALLED = re.compile(r"[A-Za-z'\u2019-]+")


@lru_cache(maxsize=1)
def _boundaries() -> re.Pattern[str]:
    words = tables()["clauses"]
    joined = "|".join(sorted(words["conjunctions"]))
    bare = "|".join(sorted(words["bare"]))
    joining = "|".join(sorted(words["joining"]))
    after = "|".join(sorted(words["subjects"] | words["finite"]))
    return re.compile(
        rf"(?i)(?P<mark>[,;:]|\s*(?:\u2013|\u2014|--)|\s-(?=\s)|\s?\.{{2,3}}|\s?\u2026)\s+"
        rf"(?P<word>(?:{joined})\b)?|\s+(?P<bare>(?:{bare})\b"
        rf"|(?:{joining})(?=[ ](?:{after})\b)|or(?=[ ](?:your?|else|i)\b))"
    )


def tails(sentence: str, empty: bool = False) -> Iterator[Proposal]:
    """Ends of the sentence that may be left out, the shortest first.

    Args:
        sentence: the sentence.
        empty: whether only ends will be left out that tell nothing.
    """
    ending = _ending(sentence)
    body = sentence[: len(sentence) - len(ending)]
    links = tuple(tables()["clauses"]["linking"])
    for boundary in reversed(list(_boundaries().finditer(body))):
        head, tail = body[: boundary.start()], body[boundary.end() :]
        if not tail.strip() or not stands_alone(head) or not is_balanced(head):
            continue
        joint = (boundary["word"] or boundary["bare"] or "").lower()
        if joint in ("and", "or") and (_lists(head) or not (empty or _has_subject(tail))):
            continue
        joined = f"{boundary['word'] or boundary['bare'] or ''} {tail.lstrip()}".lstrip()
        if joined.lower().replace("\u2019", "'").startswith(links):
            continue
        if joint != "or" and is_condition(sentence):
            continue  # "show up again and he'll …"
        if "?" in ending and not asks(head) and boundary["bare"]:
            continue  # "you can't, or you won't?"
        last = head.rpartition(",")[2].split(maxsplit=1)
        left = tables()["clauses"]["dependent"] - ({"not"} if empty else set())
        if "," in head and last and last[0].lower() in left:
            continue  # it goes with what would be left out
        mark = "." if "?" in ending and not asks(head) else ending
        yield boundary.start(), len(sentence), mark, "drop", _REASON_PART


def is_condition(sentence: str) -> bool:
    """Whether an order says what happens if it is done, or if it is not.

    >>> is_condition("Show up again and my brother will throw you out.")
    True
    >>> is_condition("Send it to Ann and keep a copy.")
    False
    """
    lists = tables()["clauses"]
    for joint in _THEN.finditer(sentence):
        after = words_of(sentence, Span(joint.end(), len(sentence)))[:5]
        plain = [word.word for word in after]
        if not plain:
            continue
        word = (joint["joint"] or "").lower()
        if word in ("else", "otherwise") or (word == "and" and plain[0] in ("see", "watch")):
            return True
        if word == "or" and plain[0] in lists["subjects"] | lists["articles"] | {"else"}:
            return True
        if plain[0] not in lists["dependent"] and not lists["consequences"].isdisjoint(
            plain[1:]
        ):
            return True
    return False


def _has_subject(tail: str) -> bool:
    """Whether what follows an "and" is a clause, not one more thing to do."""
    lists = tables()["clauses"]
    words = words_of(tail, Span(0, len(tail)))[:3]
    return any(word.word in lists["subjects"] | lists["second-person"] for word in words)


def _lists(head: str) -> bool:
    """Whether a list is under way, which its last item has to end."""
    return any(not match["word"] for match in _boundaries().finditer(head))


def heads(sentence: str, empty: bool = False) -> Iterator[Proposal]:
    """Beginnings of the sentence that may be left out, the shortest first.

    Args:
        sentence: the sentence.
        empty: whether only beginnings will be left out that tell nothing.
    """
    ending = _ending(sentence)
    body = sentence[: len(sentence) - len(ending)]
    for boundary in _boundaries().finditer(body):
        word = (boundary["word"] or boundary["bare"] or "").lower()
        if word not in ("", "but", "so") and not (empty and word == "and"):
            continue
        rest = body[boundary.end() :].lstrip()
        start = len(body) - len(rest)
        if not rest or not stands_alone(rest) or not is_balanced(rest):
            continue
        lists = tables()["clauses"]
        opening = rest.split(maxsplit=1)[0].lower().replace("\u2019", "'").split("'")[0]
        if (
            opening
            not in lists["subjects"]
            | lists["articles"]
            | lists["imperatives"]
            | (lists["questions"])
        ):
            continue
        head = body[: boundary.start()]
        if _leans(head, rest) or len(head.split()) > _LONG_HEAD or " who " in head:
            continue
        if empty and (" which" in head or len(rest.split()) < 3 or opening in _LEANING):
            continue
        if _NO_CLAUSE.match(rest):
            continue
        if "?" in ending and not asks(rest):
            continue
        if "?" not in ending and asks(head):
            continue  # a question without its mark
        if "?" not in ending and headless(rest):
            continue  # a verb without its subject
        first = rest[0].upper() if sentence[:1].isupper() else rest[0]
        yield 0, start + 1, first, "drop", _REASON_PART


def vocatives(sentence: str) -> Iterator[Proposal]:
    """Names that the reader is called, between marks or at an end: ", you clown,"."""
    ending = _ending(sentence)
    body = sentence[: len(sentence) - len(ending)]
    cuts = [0, *(match.end() for match in re.finditer(r"[,;:]\s+|\s[\u2013\u2014-]\s", body))]
    for first, start in enumerate(cuts):
        stop = cuts[first + 1] if first + 1 < len(cuts) else len(body)
        part = body[start:stop].rstrip(" ,;:-\u2013\u2014")
        words = _CALLED.findall(part.lower())
        if not words or len(words) > 6 or not _is_name(words):
            continue
        if words[0] not in _YOU and len(words) > 3:
            continue
        if not _COURTESY.isdisjoint(words):
            continue  # "sorry love"
        if any(word in tables()["clauses"]["finite"] or "'" in word for word in words):
            continue
        if start == 0 and stop == len(body):
            return
        if not body[start].isalpha() or (stop < len(body) and not body[stop].isalnum()):
            continue  # somebody else's word in quotation marks
        praise = body[:start].rstrip(" ,;:-\u2013\u2014").lower()
        if praise in tables()["barbs"]["mock-praise"] and stop < len(body):
            # "Nice work, genius, the site is down": without the name it mocks still
            fresh = body[stop].upper() if sentence[0].isupper() else body[stop]
            yield 0, stop + 1, fresh, "drop", NAMELESS
        elif start == 0:
            fresh = body[stop].upper() if sentence[0].isupper() else body[stop]
            yield 0, stop + 1, fresh, "drop", NAMELESS
        elif stop == len(body):
            begin = len(body[:start].rstrip(" ,;:-\u2013\u2014"))
            yield begin, len(body), "", "drop", NAMELESS
        elif body[start + len(body[start:stop].rstrip(" ,;:-\u2013\u2014"))] != ",":
            # a colon or a dash joins what stands around the name
            begin = len(body[:start].rstrip(" ,;:-\u2013\u2014"))
            end = start + len(body[start:stop].rstrip(" ,;:-\u2013\u2014"))
            yield begin, end, "", "drop", NAMELESS
        else:
            yield start, stop, "", "drop", NAMELESS


def is_name(sentence: str) -> bool:
    """Whether a sentence is nothing but a name that the reader is called.

    >>> is_name("You absolute clowns!"), is_name("You left, clown.")
    (True, False)
    """
    words = _CALLED.findall(sentence.lower())
    lists = tables()["clauses"]
    return (
        1 < len(words) <= _LONG_NAME
        and words[0] in _YOU
        and not re.search(r"[\d,;:?]", sentence)
        and _is_name(words)
        and (lists["finite"] | lists["open-ends"] | _COURTESY).isdisjoint(words)
        and not any("'" in word or "\u2019" in word for word in words)
    )


def _is_name(words: Sequence[str]) -> bool:
    """Whether words between marks are what the reader is called: "you lazy slob"."""
    lists = tables()["clauses"]
    if words[-1] in lists["names"]:
        return True
    if words[0] not in _YOU or len(words) < 2 or words[-1] in lists["open-ends"]:
        return False
    if words[-1] in lists["thrown"]:
        return True
    between = words[1:-1]
    return (
        not lists["epithets"].isdisjoint(between)
        and lists["open-ends"].isdisjoint(between)
        and (lists["dependent"] | lists["past"]).isdisjoint(words[1:])
        and not words[-1].endswith("ed")
    )


def called(sentence: str) -> Iterator[Proposal]:
    """A name that the reader is called at the end, without a comma: "stop it you old git"."""
    names = tables()["clauses"]["names"]
    ending = _ending(sentence)
    body = sentence[: len(sentence) - len(ending)]
    match = _NAMED.search(body)
    if match is None or match["name"].lower() not in names:
        return
    before = words_of(body, Span(0, match.start()))
    between = words_of(match["between"], Span(0, len(match["between"])))
    lists = tables()["clauses"]
    if len(before) < 2 or before[-1].word in lists["open-ends"] | lists["before-name"]:
        return
    if any(word.word in lists["finite"] | lists["open-ends"] for word in between):
        return
    yield match.start(), len(body), "", "drop", NAMELESS


def stands_alone(part: str) -> bool:
    """Whether a part of a sentence reads as a sentence."""
    lists = tables()["clauses"]
    words = words_of(part, Span(0, len(part)))
    if len(words) < 2 or words[0].word in lists["dependent"] | lists["conjunctions"]:
        return False
    if words[-1].word in lists["open-ends"] or part.rstrip()[-1:] in ",;:-\u2013\u2014":
        return False
    if words[0].word in lists["imperatives"]:
        return True
    for word, after in pairwise(words):
        if word.word in lists["finite"]:
            return True
        if word.word in lists["subjects"] and after.word not in lists["conjunctions"]:
            return _is_verb(after, lists)
    return words[-1].word in lists["finite"] and len(words) > 2


def _is_verb(word: Word, lists: dict[str, frozenset[str]]) -> bool:
    """Whether the word after a subject may be its verb."""
    if word.word in lists["finite"]:
        return True
    return word.word not in lists["dependent"] and word.word not in lists["open-ends"]


def asks(part: str) -> bool:
    """Whether a part of a question is a question by itself."""
    words = words_of(part, Span(0, len(part)))
    return bool(words) and words[0].word in tables()["clauses"]["questions"]


def is_balanced(part: str) -> bool:
    """Whether no bracket or quotation is left open."""
    return part.count('"') % 2 == 0 and all(
        part.count(opening) == part.count(closing) for opening, closing in _PAIRS
    )


def _leans(head: str, rest: str) -> bool:
    """Whether what follows makes no sense without the beginning."""
    first = words_of(head, Span(0, len(head)))[:1]
    words = {word.word for word in words_of(rest, Span(0, len(rest)))}
    if first and first[0].word in ("if", "had", "were", "should", "unless", "when", "until"):
        return not _ASKED.match(rest)
    return not words.isdisjoint({"neither", "either", "otherwise"})


def _ending(sentence: str) -> str:
    return sentence[len(sentence.rstrip(".!?\u2026 ")) :]


def is_remark(part: str, evidence: Sequence[Span], threat: bool, hot: bool, most: int) -> bool:
    """Whether words are nothing but a remark about the reader, and hold no fact.

    Args:
        part: the words.
        evidence: where in them rules found hostile words.
        threat: whether one of them finds threats.
        hot: whether the words are hostile taken by themselves.
        most: how many words of content may stand outside of the evidence.
    """
    lists = tables()["clauses"]
    if find_facts(part):
        return False
    words = words_of(part, Span(0, len(part)))
    plain = [word.word for word in words]
    if not threat and _tells(plain, bool(evidence)):
        return False
    if not evidence and plain[:1] and plain[0] in lists["imperatives"]:
        return False
    rest = [word for word in words if not _inside(word, evidence)]
    if _asks_for(plain) or _accuses(rest) or len(content(rest)) > most:
        return False
    if _goes_on(words, evidence):
        return False
    asked = part.rstrip().endswith("?")
    reader = not lists["second-person"].isdisjoint(plain)
    return bool(evidence) or (hot and (asked or reader))


def _asks_for(words: Sequence[str]) -> bool:
    """Whether a question for something one may want to know stands in the words."""
    pairs = set(pairwise(words))
    asked = {("when", w) for w in ("is", "will", "it", "are", "can", "do", "did", "does")}
    asked |= {("where", "is"), ("where", "are"), ("how", "long"), ("how", "much")}
    return not pairs.isdisjoint({*asked, ("how", "many"), ("what", "time")})


def _did(words: Sequence[str]) -> bool:
    """Whether the first of the words is the writer, and one of the next what was done."""
    lists = tables()["clauses"]
    after = words[1:]
    return (
        words[0] in ("i", "we")
        and any(w in lists["past"] or _PAST.fullmatch(w) for w in after[:2])
        and lists["attitudes"].isdisjoint(after)
    )


def _inside(word: Word, evidence: Sequence[Span]) -> bool:
    return any(span.start < word.end and word.start < span.end for span in evidence)


def _goes_on(words: Sequence[Word], evidence: Sequence[Span]) -> bool:
    """Whether a name that the reader is called is followed by what he or she did."""
    past = tables()["clauses"]["past"]
    return any(
        _inside(word, evidence)
        and not _inside(after, evidence)
        and (after.word in past or _PAST.fullmatch(after.word))
        for word, after in pairwise(words)
    )


def _accuses(words: Sequence[Word]) -> bool:
    """Whether the words say what the reader did: that may be a fact."""
    past = tables()["clauses"]["past"]
    for at, word in enumerate(words):
        if word.word in ("was", "were", "been") and any(
            _PAST.fullmatch(after.word) for after in words[at + 1 : at + 3]
        ):
            return True  # "your post was removed"
        if word.word not in ("you", "u"):
            continue
        for after in words[at + 1 : at + 3]:
            if after.word in past or _PAST.fullmatch(after.word):
                return True
    return False


def _tells(words: Sequence[str], rude: bool) -> bool:
    """Whether the writer tells something about himself or herself that may be a fact.

    In words that a rule finds rude, that is what the writer did or owns; in others any
    mention of the writer but as one who hopes, doubts or wonders.
    """
    lists = tables()["clauses"]
    for at, word in enumerate(words):
        if word not in lists["first-person"]:
            continue
        after = words[at + 1 : at + 4]
        if word in ("my", "our", "mine", "ours"):
            return True
        if rude:
            if _did(words[at : at + 4]):
                return True
        elif word not in ("i", "we") or lists["attitudes"].isdisjoint(after):
            return True
    return False
