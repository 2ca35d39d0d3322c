"""Which hostile words hold nothing that the reader needs, and can be left out.

That the words are hostile others have found; here they are read for what would be lost with
them: a report of what happened, a request, a question, a promise, a refusal. English is read
by its small words alone: who is spoken of, and whether the verb tells of the past. What is
not known to be empty counts as telling something. The words are in the tables `barbs` of
`data/en/rewriting.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ..results import Span
from .clauses import is_condition
from .facts import find_facts
from .phrases import phrases_of
from .statements import SLOT, content, plain_words, words_of
from .weighing import tells_by_words
from .words import tables

_PAST = re.compile(r"\w{2,}[^e\W]ed")
_GOING_ON = re.compile(r"\w{3,}ing")
_PLURAL = re.compile(r"\w{2,}[^s\W]s")
_SPLIT = re.compile(
    r"(?i)[,;:.!?\u2013\u2014\u2026\n()]+\s*|\s-+\s|\s+(?:and|but|or|because|yet|then)\s+"
)
# One of several points, which the others count on; words in quotation marks; a riddle.
_TELLING = re.compile(
    r"(?i)[\"\u201c\u201d]|(?<!\w)['\u2018]\w[^'\u2019]*['\u2019](?!\w)"
    r"|\b(?:guess|(?:you|u) know) (?:who|what)\b"
    r"|^\W*(?:(?:tip|step|point|item|number|rule|reason|lesson|option|part|question)"
    r" (?:\d+|one|two|three|four|five)\b|(?:\d+|[a-d])[.)]"
    r"|(?:first|second|third|fourth|last)(?:ly)?[,:]|finally[,:])"
)


def is_empty(part: str, *, threat: bool = False) -> bool:
    """Whether hostile words tell, ask, promise and refuse nothing.

    Args:
        part: a sentence or a part of one, known to be hostile.
        threat: whether it holds a threat: what is announced then is no promise.

    >>> is_empty("A toddler could have done that.")
    True
    >>> is_empty("You left the gate open and the dog got out.")
    False
    """
    if SLOT.search(part) or find_facts(part) or _TELLING.search(part):
        return False
    # Without turns of speech that look as if they told something.
    bare = phrases_of("barbs", "idle").sub(" ", part)
    if _weight(bare) > tables()["barbs"]["most-content"]:
        return False
    whole = plain_words(part)
    asked = part.rstrip(" \"')").endswith("?") or (
        bool(whole) and whole[0] in tables()["barbs"]["inverted"]
    )
    clauses = [words for clause in _SPLIT.split(bare) if (words := plain_words(clause))]
    if not threat and not all(map(_is_aimed, clauses)):
        return False
    wonders = asked or (bool(whole) and whole[0] in _WH)  # the mark is often left out
    if wonders and any(map(_wants_to_know, clauses)):
        return False
    threat = threat and _IF.isdisjoint(whole)
    return not any(_claims(words) or _tells(words, threat, asked) for words in clauses)


TELLS, OPINION, NOTHING = range(3)


def grade(part: str, *, threat: bool = False) -> int:
    """What would be lost with hostile words: `NOTHING`, an `OPINION`, or what they tell.

    An opinion may go where a slot asks for it instead. Rules of small words and a model of
    words have to agree: the surer the model is, the fewer rules may object.

    Args:
        part: a sentence or a part of one of a hostile draft.
        threat: whether it holds a threat.

    >>> grade("Do you ever think?") == TELLS, grade("The alarm didn't ring.") == TELLS
    (False, True)
    """
    numbers = tables()["stand-ins"]
    weak = tables()["numbers"]["weak"]
    facts = [fact for fact in find_facts(part) if fact.text.lower() not in weak]
    if SLOT.search(part) or facts or _TELLING.search(part):
        return TELLS
    odds = tells_by_words(part)
    whole = plain_words(part)
    if whole and _decides(part, whole):
        return TELLS
    if odds < numbers["plain"] and is_empty(part, threat=threat):
        return NOTHING
    if len(whole) < numbers["short"] or "please" in whole:
        return TELLS
    bare = phrases_of("barbs", "idle").sub(" ", part)
    if _weight(bare) > numbers["most-content"]:
        return TELLS
    asked = part.rstrip(" \"')").endswith("?") or whole[0] in tables()["barbs"]["inverted"]
    clauses = [words for clause in _SPLIT.split(bare) if (words := plain_words(clause))]
    if (asked or whole[0] in _WH) and any(map(_wants_to_know, clauses)):
        return TELLS
    if any(_reports_other(words) for words in clauses):
        return TELLS
    claims = (
        not _OWN.isdisjoint(whole) or any(map(_claims, clauses)) or any(map(_owns, clauses))
    )
    if claims:
        return OPINION if odds <= numbers["surest"] else TELLS
    told = any(_tells(words, threat, asked) for words in clauses)
    if odds <= numbers["sure"] and not told:
        return NOTHING
    orders = any(words[0] in tables()["clauses"]["imperatives"] for words in clauses)
    if told:
        return OPINION if odds <= numbers["ordered" if orders else "told"] else TELLS
    return OPINION if odds <= numbers["likely"] else TELLS


def _reports_other(words: Sequence[str]) -> bool:
    """Whether a clause tells something of a thing or person, and nothing of the reader."""
    if phrases_of("barbs", "generic").match(" ".join(words)):
        return _seen(words)
    who = tables()["clauses"]["articles"] | _OTHERS
    who -= {"your", "please", "there", "ur"}
    if not _AIMED.isdisjoint(words):
        return False
    if words[0] in tables()["barbs"]["no-one"] and words[1:2]:
        deed = words[2:3] if words[:2] == ["no", "one"] else words[1:2]
        return any(w in tables()["clauses"]["past"] or _PAST.fullmatch(w) for w in deed)
    return words[0] in who and _reports(words)


def _decides(part: str, words: Sequence[str]) -> bool:
    """Whether a sentence answers, refuses, sets a condition, or says where something is."""
    lists = tables()["barbs"]
    if words[0] in _YES_NO and _AIMED.isdisjoint(words):
        return True
    if list(words[:2]) in (["one", "more"], ["there", "will"], ["had", "you"]) or (
        words[0] == "not"
        or (list(words[:2]) in (["there", "is"], ["there", "are"]) and words[2:3] != ["no"])
    ):
        return True
    if is_condition(part) or "\n" in part.strip() or ":" in part:
        return True
    duties = tables()["stand-ins"]["duties"]
    if any(one == "your" and two in duties for one, two in pairwise(words)):
        return True
    while len(words) > 1 and words[0] in lists["before-clause"]:
        words = words[1:]
    if words[0] in _AIMED and words[2:3] == ["not"] and words[1] in ("can", "may", "must"):
        # "you can't park here" forbids
        return not _mental(words[3:]) and not _taunts(words[3:]) and len(words) > 4
    if words[:2] == ["do", "not"] or words[0] == "never":
        return not _taunts(words)
    if words[0] in ("i", "we") and "not" in words[1:4] and not _only_feels(words):
        return True
    if (
        words[0] in tables()["stand-ins"]["there"]
        and words[1:2] == ["is"]
        and not tables()["stand-ins"]["placed"].isdisjoint(words[2:4])
    ):
        return True
    return (
        _AIMED.isdisjoint(words)
        and tables()["stand-ins"]["refers"].isdisjoint(words)
        and not _has_verb(words)
    )


def _only_feels(words: Sequence[str]) -> bool:
    """Whether what the writer does not do is in his or her mind: "I don't see why"."""
    lists = tables()
    after = words[list(words).index("not") + 1 :]
    after = [word for word in after if word not in lists["barbs"]["filling"]]
    inner = lists["clauses"]["attitudes"] | lists["barbs"]["thinking"]
    inner |= lists["barbs"]["unbelieving"]
    inner -= lists["stand-ins"]["decided"]
    return not after or after[0] in inner


def _has_verb(words: Sequence[str]) -> bool:
    """Whether words are more than names of things: "carbonara with cream"."""
    lists = tables()["clauses"]
    verbs = lists["finite"] | lists["imperatives"] | lists["past"] | lists["attitudes"]
    return not verbs.isdisjoint(words) or words[0] in _WH | lists["articles"]


def _owns(words: Sequence[str]) -> bool:
    """Whether a clause says what the writer has, does or is: "unlike you I have a job"."""
    for at, word in enumerate(words):
        if word in ("i", "we") and words[at + 1 : at + 2] != ["would"]:
            return _writer_tells(words[at:])
    return False


def _claims(words: Sequence[str]) -> bool:
    """Whether a clause says what somebody did, other than in his or her mind."""
    lists = tables()["barbs"]
    past = tables()["clauses"]["past"]
    if words and _PAST.fullmatch(words[0]) and words[0] not in lists["verdicts"]:
        return True  # "reported, blocked"
    if words[:1] and words[0] in _OTHERS and words[2:3] == ["not"]:
        return True  # "it doesn't open"
    known = tables()["stand-ins"]
    for one, two, three in zip(words, words[1:], words[2:], strict=False):
        if (one, two) == ("instead", "of") and _GOING_ON.fullmatch(three):
            return three not in lists["verdicts"]  # "instead of running to the manager"
    for at, word in enumerate(words):
        if not at or word in known["no-deed"] | lists["mental"] | lists["verdicts"]:
            continue
        before = words[max(at - 4, 0) : at]
        if not known["unreal"].isdisjoint(before):
            continue
        if word in known["done"] and not _HAVING.isdisjoint(before[-2:]):
            return True
        deed = word in past or _PAST.fullmatch(word) is not None
        if deed and not known["who"].isdisjoint(before[-2:]):
            return True
    return False


def is_exclamation(sentence: str) -> bool:
    """Whether a sentence is one of the exclamations that mock in a hostile text."""
    words = sentence.lower().strip(" .!?\u2026").replace("\u2019", "'")
    return words in tables()["barbs"]["exclamations"]


def is_taunt(part: str) -> bool:
    """Whether the end of a sentence is about the reader, and nothing is lost with it.

    >>> is_taunt("so that nobody is hurt")
    False
    """
    if find_facts(part) or not is_aimed(part) or plain_words(part)[0] in ("so", "as"):
        return False
    bare = phrases_of("barbs", "idle").sub(" ", part)
    if any(_claims(plain_words(clause)) for clause in _SPLIT.split(bare)):
        return False
    return grade(part) != TELLS


def is_aimed(part: str) -> bool:
    """Whether a part speaks of the reader.

    >>> is_aimed("By all means"), is_aimed("You clowns")
    (False, True)
    """
    return not _AIMED.isdisjoint(plain_words(part))


def _is_aimed(words: Sequence[str]) -> bool:
    """Whether a clause is about the reader, or is known to say nothing by itself.

    "The house is to be sold." is neither, however cold the mail that it stands in.
    """
    lists = tables()
    words = _main(words)
    if not _AIMED.isdisjoint(words) or not lists["clauses"]["names"].isdisjoint(words):
        return True
    clause = " ".join(words)
    if phrases_of("barbs", "generic").search(clause) or is_exclamation(clause):
        return True
    if not _YES_NO.isdisjoint(words):
        return False
    idle: frozenset[str] = lists["guards"]["colouring"] | lists["barbs"]["filling"]
    return _taunts(words) or (idle | lists["barbs"]["before-clause"]).issuperset(words)


def _weight(part: str) -> int:
    """How many words of a part, names of contempt apart, say what it is about."""
    lists = tables()
    idle = lists["clauses"]["names"] | lists["clauses"]["epithets"]
    idle |= lists["guards"]["colouring"] | lists["barbs"]["filling"]
    words = words_of(part, Span(0, len(part)))
    return len(content(word for word in words if word.word not in idle))


def _wants_to_know(words: Sequence[str]) -> bool:
    """Whether a question, or a part of it, may want an answer."""
    lists = tables()["barbs"]
    while words and words[0] in lists["before-question"]:
        words = words[1:]
    request = phrases_of("barbs", "asks-for").match(" ".join(words))
    if request is not None:
        rest = " ".join(words)[request.end() :].split()
        return rest != [] and not _mocks_reader("will", rest)
    if words[1:2] == ["not"]:
        words = [words[0], *words[2:]]  # "can't you wait"
    if len(words) == 2 and words[0] in lists["inverted"] and words[1] in _TAGGED:
        return False  # "…, isn't it?"
    if words[1:2] == ["you"] and words[0] in lists["inverted"]:
        return not _mocks_reader(words[0], words[2:])
    if words[2:3] == ["you"] and words[0] in _WH and words[1] in lists["inverted"]:
        if words[:2] == ["who", "do"]:
            return False  # "who do you think you are"
        if words[:2] in (["what", "are"], ["who", "are"], ["why", "are"]):
            doing = any(map(_GOING_ON.fullmatch, words[3:4]))
            return (
                doing
                and words[3] not in lists["verdicts"]
                and not _mocks_reader(words[1], words[3:])
            )
        return not _mocks_reader(words[1], words[3:])
    if " ".join(words[:2]) in lists["asking"]:
        if words[2:3] == ["your"]:
            return len(words) > 4 or "".join(words[3:]) not in lists["mock-yours"]
        return "".join(words[2:3]) not in lists["mocking"]
    if words[:1] in (["which"], ["whose"], ["when"], ["where"]):
        return "".join(words[1:2]) not in lists["mocking"]
    if words[:1] in (["did"], ["have"], ["has"], ["was"], ["were"]):
        doubting: frozenset[str] = lists["doubting"]
        return doubting.isdisjoint(words)
    return False


def _mocks_reader(verb: str, rest: Sequence[str]) -> bool:
    """Whether a question to the reader expects no answer: "do you ever think".

    Args:
        verb: what stands before "you".
        rest: what follows it.
    """
    lists = tables()["barbs"]
    if "please" in rest:
        return False
    while rest and rest[0] in lists["after-you"]:
        rest = rest[1:]
    if rest and rest[0] in ("just", "only"):
        if verb in ("do", "did", "are", "were"):
            return True  # "do you just guess"
        rest = rest[1:]
    if not rest:
        return False
    if rest[0] in lists["mock-how"] or not lists["mock-things"].isdisjoint(rest):
        return True
    if phrases_of("barbs", "mock-phrases").search(" ".join(rest)):
        return True
    if verb in ("are", "were", "is"):
        names = tables()["clauses"]["names"] | tables()["clauses"]["epithets"]
        return rest[0] in lists["mock-said"] or not names.isdisjoint(rest)
    if rest[0] in lists["mock-asked"] or (len(rest) == 1 and rest[0] in lists["mental"]):
        return True
    said = [word for word in rest if word not in lists["filling"]]
    return said != [] and said[0] != "tell" and _taunts(said)


def _tells(words: Sequence[str], threat: bool, asked: bool) -> bool:
    """Whether a clause tells something, or asks for something to be done."""
    lists = tables()["barbs"]
    past = tables()["clauses"]["past"]
    if (
        words[:1]
        and words[0] in past
        and words[0] not in ("did", "have", "had", "was", "were", "am")
    ):
        return True  # "sold as seen"
    for at, word in enumerate(words):
        told = word in _SUBJECT_TO or (at > 0 and word == "who" and words[0] == "you")
        if told and _weight(" ".join(words[at + 1 :])) > 1:
            return True  # "come back once you have read the letter"
    words = _main(words)
    while words and words[0] in lists["before-clause"]:
        words = words[1:]
    if not words or (len(words) == 1 and words[0] not in tables()["clauses"]["imperatives"]):
        return False
    if "please" in words:
        return True
    if words[0] == "there" and words[1:2] in (["is"], ["are"], ["was"], ["were"]):
        return words[2:3] != ["no"]
    if words[0] == "not" and len(words) < 4:
        return True  # "not you"
    if not _THANKS.isdisjoint(words) and any(_GOING_ON.fullmatch(word) for word in words):
        return True  # what is done is said in mock thanks
    first = words[0]
    if phrases_of("barbs", "generic").match(" ".join(words)):
        return _seen(words)
    if first in ("i", "we") and "not" in words[1:4] and not _SAYING.isdisjoint(words[2:5]):
        return True  # "I don't think you're crooks"
    if "except" in words:
        return True
    if first in ("i", "we"):
        return not threat and (_writer_tells(words) or _says_that(words))
    if not _OWN.isdisjoint(words):
        return True
    if first in ("you", "u", "ya"):
        return _reader_did(words, threat)
    if words[1:2] == ["not"] and first in lists["modals"]:
        return "".join(words[2:3]) not in lists["unbelieving"]  # "can't on Saturday"
    if first in ("never", "not") and len(words) > 1 and _GOING_ON.fullmatch(words[1]):
        return words[1] not in lists["verdicts"]  # "never ordering there again"
    if first in lists["modals"] and words[1:2] == ["you"]:
        return not _taunts(words[2:]) and not _mocks_reader(first, words[2:])
    if first in tables()["clauses"]["questions"] and asked:
        return False
    if first in tables()["clauses"]["imperatives"] or (first == "do" and len(words) > 1):
        return not _taunts(words)
    if words[1:2] and words[1] in lists["objects"] and first not in lists["no-verbs"]:
        return not _taunts(words)
    if _GOING_ON.fullmatch(first) and not {"will", "would", "could"}.isdisjoint(words):
        return False  # "shouting at it won't help"
    return _reports(words)


_THANKS = frozenset({"thank", "thanks", "congratulations", "congrats", "kudos", "cheers"})
_WH = frozenset({"who", "whose", "what", "which", "when", "where", "why", "how"})
_SAYING = frozenset({"think", "mean", "say", "saying", "blame", "blaming", "call", "calling"})
_YES_NO = frozenset({"yes", "no", "yep", "nope", "nah"})
_AIMED = frozenset({"you", "yourself", "yourselves", "u", "ya", "yer"})
# After these stands what would have to be so, not a comparison.
_SUBJECT_TO = frozenset({"if", "before", "unless", "until", "after", "when", "once", "since"})
# What follows an "if" happens: it is more than bluster.
_IF = frozenset({"if", "unless", "or", "else", "otherwise", "once"})
_HAVING = frozenset({"have", "has", "had", "is", "was"})
_OTHERS = frozenset({"it", "they", "he", "she"})
_TAGGED = frozenset({"it", "they", "he", "she", "you", "we", "i", "that", "there"})
_OWN = frozenset({"my", "our", "mine", "ours"})


def _main(words: Sequence[str]) -> Sequence[str]:
    """The words up to a comparison or a relative clause, of which nothing depends."""
    beside = tables()["barbs"]["beside"]
    for at, word in enumerate(words):
        if at and word in beside:
            return words[:at]
    return words


def _writer_tells(words: Sequence[str]) -> bool:
    """Whether "I …" or "we …" is more than an attitude."""
    lists = tables()["barbs"]
    attitudes = tables()["clauses"]["attitudes"]
    after = [word for word in words[1:6] if word not in lists["filling"]]
    if not after:
        return False
    if after[0] == "not":
        after = [*after[1:], ""]
    if after[0] in ("am", "are", "was", "were", "have", "had", "do") and after[1:2] == ["not"]:
        after = [after[0], *after[2:]]
    verb = after[0]
    if verb in ("can", "could") and after[1:2] == ["not"]:
        return "".join(after[2:3]) not in lists["unbelieving"]
    if verb in ("would", "could", "might", "should"):
        return after[1:2] in (["like"], ["need"], ["appreciate"], ["prefer"], ["ask"])
    if verb in ("am", "are", "do") and after[1:2]:
        verb = after[1]
    return verb not in attitudes and verb not in lists["thinking"]


def _says_that(words: Sequence[str]) -> bool:
    """Whether "I notice that you …" goes on to tell something."""
    starts = tables()["clauses"]["subjects"] | tables()["clauses"]["articles"]
    for at, word in enumerate(words):
        if at > 1 and word in starts:
            rest = words[at + 1 :] if word == "that" else words[at:]
            return _tells(rest, False, False) if rest else False
    return False


def _seen(words: Sequence[str]) -> bool:
    """Whether "any idiot can see that …" goes on to tell something."""
    lists = tables()["barbs"]
    at = next((n for n, word in enumerate(words) if n and word in lists["seeing"]), len(words))
    rest = words[at + 1 :]
    while rest and rest[0] in ("that", "you", "me", "us", "out") and len(rest) > 2:
        if rest[0] == "you" and words[at] not in ("tell", "told", "tells"):
            break
        rest = rest[1:]
    if len(rest) < 2 or rest[0] in _WH:
        return False
    return _reader_did(rest, False) if rest[0] in _AIMED else True


def _reader_did(words: Sequence[str], threat: bool) -> bool:
    """Whether "you …" says what the reader did or does, and not what he or she is."""
    lists = tables()["barbs"]
    past = tables()["clauses"]["past"]
    after = [word for word in words[1:] if word not in lists["filling"]]
    if not after:
        return False
    verb = after[0]
    if words[1:2] == ["did"] and "not" not in words[2:3]:
        return not _mental(after)
    if verb in ("are", "r", "is"):
        if after[1:3] in (["the", "one"], ["the", "ones"]):
            return True  # "you're the one who …"
        rest = [word for word in after[1:] if word != "not"]
        doing = any(map(_GOING_ON.fullmatch, rest[1:2])) and rest[1] not in lists["verdicts"]
        return _state(rest) or doing
    if verb in ("must", "should", "need", "ought", "have", "had") and "to" in after[1:2]:
        return not _taunts(after[2:])
    if threat and verb in ("will", "shall", "going"):
        return False
    if verb in ("must", "should", "shall", "will"):
        return not _taunts([word for word in after[1:] if word != "not"])
    if verb in ("can", "may"):
        rest = [word for word in after[1:] if word != "not"]
        return not _mental(rest) and not _taunts(rest)
    if verb in ("could", "might"):
        return not _taunts(after[1:]) and {"not", "have"}.isdisjoint(after[1:2])
    if verb == "would":
        return False
    if verb == "do":
        return not _mental([word for word in after[1:] if word != "not"])
    if verb in ("never", "always", "keep", "rarely", "often", "constantly"):
        return not _mental(after[1:])
    if verb in past or _PAST.fullmatch(verb) is not None:
        return True
    return not _mental(after)


def _mental(words: Sequence[str]) -> bool:
    return words[:1] != [] and words[0] in tables()["barbs"]["mental"]


def _taunts(words: Sequence[str]) -> bool:
    """Whether an order is one to which nobody expects to be obeyed: "grow up"."""
    lists = tables()["barbs"]
    words = [word for word in words if word not in lists["filling"]]
    if words[:1] == ["do"] and words[1:2] == ["not"]:
        return words[2:3] != [] and words[2] in lists["idle-forbidden"]
    if words[:1] == ["do"]:
        words = words[1:]
    if words[:1] == []:
        return True
    return any(" ".join(words[:count]) in lists["idle-orders"] for count in (1, 2, 3))


def _state(words: Sequence[str]) -> bool:
    """Whether what something or somebody is said to be may be a fact."""
    lists = tables()["barbs"]
    words = [word for word in words if word not in lists["filling"]]
    if not words:
        return False
    if words[0] in lists["states"]:
        return True
    if _GOING_ON.fullmatch(words[0]):
        return words[0] not in lists["verdicts"]
    return _PAST.fullmatch(words[0]) is not None and words[0] not in lists["verdicts"]


def _reports(words: Sequence[str]) -> bool:
    """Whether a clause about a third thing or person tells what is or was."""
    lists = tables()["barbs"]
    clauses = tables()["clauses"]
    for at, word in enumerate(words):
        if at and word in tables()["barbs"]["stating"]:
            return True
        if word in ("is", "are", "s"):
            return _state([w for w in words[at + 1 :] if w != "not"])
        if word in ("will", "can"):
            return "not" in words[at : at + 2]
        if word in ("was", "were", "had", "did", "have", "has"):
            return True
        if at and (word in clauses["past"] or _PAST.fullmatch(word)):
            return word not in lists["verdicts"]
    if words[0] in clauses["subjects"] | clauses["articles"] | lists["determiners"]:
        return len(words) > 3 and any(_PLURAL.fullmatch(word) for word in words[1:6])
    return len(words) > 2 and any(_PLURAL.fullmatch(word) for word in words[1:3])
