"""Hostile turns of speech told plainly: mock thanks, mock questions, orders with a threat.

"Thank you so much for stacking it upside down" says that it was stacked upside down, and
that the writer minds: the words that mock go, what was done stays, its verb in the form
that the new words need. The turns stand in the table `turns` of `data/en/rewriting.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .phrases import Proposal, compiled
from .statements import plain_words
from .verbs import base, ing
from .words import tables

_PLAIN = "The plain words say the same, and are heard."
_SLOT = re.compile(r"\{(ing|base|clause|thing)\}")
_WORD = r"(?P<verb>[A-Za-z]{2,})"
_IF = r"(?i)^(?:and |but |so )?(?:if|the next time|next time) "
_WRITER = r"(?:i|we)(?:['\u2019]?(?:ll|m|re|d)| will| am| swear| would)\b"
_AGAIN = re.compile(
    r"(?i)^(?:just |go on, |try |dare )?(?P<order>[a-z]{3,} [^,.;:!?]{0,120}?"
    r"\bagain\b[^.,;:!?]{0,80}?),? (?:and|or) (?:i|ill|im|we|you|youll|he|she|they|my|our|the"
    r"|it|there|see|watch|so)\b.*$"
)
_IF_AGAIN = re.compile(
    rf"{_IF}(?:you|u) (?:ever |so much as |dare (?:to )?)?"
    r"(?P<order>[a-z]{3,} [^,.;:!?]{0,120}?)(?P<again> again| ever again|(?=,))(?:,? .*)$"
)
_IF_SEEN = re.compile(
    rf"{_IF}(?P<who>i|we) (?:ever |so much as )?"
    r"(?P<verb>see|hear|find|catch|get|have to) (?P<rest>[^,.;:!?]{3,120}? again)(?:,? .*)$"
)
_ONE_MORE = re.compile(
    rf"{_IF}(?P<who>i|we) (?:so much as )?(?P<verb>see|hear|find|get|have to) "
    r"(?P<rest>(?:one more|another|any more|one single) [^,.;:!?]{2,100}?)"
    rf"(?:,|(?= {_WRITER})).*$"
)
_IF_OTHERS = re.compile(
    rf"{_IF}(?P<rest>(?:your?|he|she|they|that|this|it|the) [^,.;:!?]{{3,120}}? again)"
    rf",? {_WRITER}.*$"
)
_CONSEQUENCE = re.compile(r"(?i), (?:i|we|you|u|they|he|she|it|this|that|the)\b")
_NO_ORDER = re.compile(
    r"(?i)(?:i|we|you|whoever|whatever|anyone|someone|everyone|he|she|they|it|this|that|these|those|the|a|an|one|once|my|our|your|his|her"
    r"|their|there|here|if|when|what|why|who|how|never|do|don|does|did|is|are|was|and|but|so|or"
    r"|not|no|yes|same|late|wrong|another|time|yet|here|please|some|all|any)\b"
)


class _Turn:
    """A turn of speech, and what is said in its place."""

    def __init__(self, phrase: str, new: str) -> None:
        before, form, _ = _SLOT.split(phrase)
        self.form = form
        self.asks_much = "too much" in phrase
        self.new = new
        follows = _WORD if form in ("ing", "base") else r"(?P<verb>)(?=\w)"
        self.pattern = re.compile(rf"(?i){compiled(before)}{follows}(?P<rest>.*)$", re.DOTALL)


@lru_cache(maxsize=1)
def _turns() -> tuple[_Turn, ...]:
    return tuple(_Turn(phrase, new) for phrase, new in tables()["turns"].items())


@lru_cache(maxsize=1)
def _lead() -> re.Pattern[str]:
    words = "|".join(map(compiled, tables()["turning"]["leads"]))
    return re.compile(rf"(?i)(?:{words})*")


def turns(sentence: str) -> Iterator[Proposal]:
    """A turn of speech at the start of a sentence, told plainly."""
    lead = _lead().match(sentence)
    start = lead.end() if lead else 0
    for turn in _turns():
        match = turn.pattern.match(sentence, start)
        if match is None:
            continue
        made = _made(turn, match)
        if made is not None:
            new = made[0].upper() + made[1:] if sentence[:1].isupper() else made
            yield 0, len(sentence), new, "replace", _PLAIN
            return


def _made(turn: _Turn, match: re.Match[str]) -> str | None:
    """The sentence in plain words."""
    verb, rest = match["verb"].lower(), match["rest"]
    how = ""
    if turn.form in ("ing", "base") and _is_adverb(verb):
        following = re.match(r" ([A-Za-z]{2,})(.*)$", rest, re.DOTALL)
        if following is None or verb in tables()["turning"]["mocking"]:
            return None  # "nice of you to finally reply" says that it was late
        how, verb, rest = f"{verb} ", following[1].lower(), following[2]
    idle = tables()["turning"]["never"]
    if turn.form == "clause":
        words = rest.split()
        first = words[0].lower() if words else ""
        if len(words) < 3 or first in tables()["turning"]["degrees"] or first.endswith("ly"):
            return None  # "funny how little you know"
        new = turn.new.replace("{clause}", "")
    elif turn.form == "thing":
        if not _names_thing(rest):
            return None
        new = turn.new
    else:
        plain: str | None = verb
        if turn.form == "ing":
            plain = base(verb)
            if "unhappy" in turn.new and plain in tables()["turning"]["thanked"]:
                return None
        elif verb.endswith("ing") and verb not in ("bring", "ring", "sing", "sting", "swing"):
            return None
        if plain is None or plain in idle or _is_adverb(plain):
            return None
        if turn.asks_much and plain in ("ask", "to"):
            return None  # "is it too much to ask for once"
        if turn.form == "base" and "{ing}" in turn.new and _joins_verb(rest):
            return None  # the second verb would keep its form
        new = turn.new.replace("{ing}", how + ing(plain)).replace("{base}", how + plain)
    if turn.form == "base" and _CONSEQUENCE.search(rest):
        return None  # "if you could count, we wouldn't be here"
    made = f"{new}{rest}".rstrip()
    asks = re.match(r"(?i)(?:could|did) ", made) is not None
    body = made.rstrip(" .!?\u2026")
    return f"{body}{'?' if asks else '.'}"


def _names_thing(rest: str) -> bool:
    """Whether words are the name of something: "a reply within a week"."""
    lists = tables()["clauses"]
    words = plain_words(rest)
    return (
        len(words) > 1
        and words[0] in lists["articles"] | {"a", "an", "some", "one"}
        and (lists["finite"] | lists["subjects"]).isdisjoint(words)
        and not re.search("[,;:]", rest)
    )


def _is_adverb(word: str) -> bool:
    lists = tables()["turning"]
    return word in lists["mocking"] or (word.endswith("ly") and word not in lists["ly-verbs"])


def _joins_verb(rest: str) -> bool:
    """Whether another verb may follow: "to come in and shout"."""
    joined = re.search(r"\b(?:and|or) ([a-z]+)", rest.lower())
    return joined is not None and joined[1] not in tables()["clauses"]["articles"]


def conditions(sentence: str) -> Iterator[Proposal]:
    """Orders with what happens else: "Park here again and …" as a request not to do it."""
    match = _IF_SEEN.match(sentence) or _ONE_MORE.match(sentence)
    if match is not None:
        who = "I" if match["who"].lower() == "i" else "we"
        new = f"{who} would be unhappy to {match['verb'].lower()} {match['rest']}."
        yield _whole(sentence, new)
        return
    match = _IF_OTHERS.match(sentence)
    if match is not None and not match["rest"].lower().startswith(("you ", "u ")):
        yield _whole(sentence, f"I would be unhappy if {match['rest']}.")
        return
    match = _IF_AGAIN.match(sentence) or _AGAIN.match(sentence)
    if match is None or _NO_ORDER.match(match["order"]):
        return
    order = match["order"].strip()
    ended = "again" in order.lower().split() or not match.groupdict().get("again")
    again = "" if ended else " again"
    verb, _, rest = order.partition(" ")
    yield _whole(sentence, f"please avoid {ing(verb.lower())} {rest}{again}.")


def _whole(sentence: str, new: str) -> Proposal:
    if sentence[:1].isupper():
        new = new[0].upper() + new[1:]
    return 0, len(sentence), new, "replace", "A request is heard better than a threat."
