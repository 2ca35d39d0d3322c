"""The phrases of `data/en/rewriting.toml` as patterns, and the edits that need nothing else.

Each function proposes changes to one sentence: (start, end, new words, kind, reason).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from .words import tables

Proposal = tuple[int, int, str, str, str]

_RUN = re.compile(r"(?:[!?\u203c\u2047-\u2049][ ]?){1,50}[!?\u203c\u2047-\u2049]")
_CAPITALS = re.compile(
    r"(?<![\w'\u2019.-])[A-Z][A-Z'\u2019]*(?:[ ,][ ]?[A-Z][A-Z'\u2019]*)*(?![\w-]|\.\w)"
)
_EMPTY_NOUNS = frozenset({"thing", "way", "person", "people", "time", "place", "day", "man"})
# Before an epithet that the phrase can't do without: "such a stupid thing to say".
_NEEDED = re.compile(r"(?i)\b(?:such|quite|rather|ask|how|as|so) (?:an? )?$")
_LONG = 5  # letters, from which on a word is hardly a short form
_INSIDE = re.compile(r"(?<!\w)['\u2018][^'\u2019]{0,60}$")
# "…, don't you?", "you always have": said of what somebody is.
_TAG = re.compile(r"(?i), [a-z]+n['\u2019]?t (?:you|u)\s*[?.!]*$")
_MONTH = re.compile(
    r"(?:(?<=\b(?:in|by|of) )|(?<=since )|(?<=until )|(?<=last )|(?<=next )|(?<=\d ))"
    r"(?:may|march)\b"
    r"|\b(?:may|march)(?= \d)"
)
_VOWEL = re.compile("[aeiouy]")
_WORD = re.compile(r"[A-Za-z]+(?:['\u2019][A-Za-z]+)*")
_SORRY_BUT = re.compile(
    r"(?i:\b(?:(?:(?:i am|i'm|im|we are|we're) (?:so |very |really |truly )?)?sorry"
    r"|(?:i|we) (?:do |sincerely )?apologi[sz]e)\b[^,;.!?]{0,120}?)"
    r"(?P<cut>,? (?i:but|however|though|although)[,]? )(?P<rest>\w[^?]*)$"
)
_SORRY_IF = re.compile(
    r"(?i)\b(?P<sorry>(?:am|'m|im|are|'re|so|very|really|truly|deeply|genuinely|terribly|^)"
    r"[ ]?sorry|apologi[sz]e) if "
    r"(?:(?:you|u) (?:felt|feel|thought|think|found) (?:that )?)?"
    r"(?P<rest>(?:the|this|it|my|our|we|i|your|his|her|their|something|anything|any)\b)"
)


def compiled(phrase: str) -> str:
    """A phrase as the source of a pattern: `[a|b]` a choice, `(a)` may be there.

    `...` stands for all up to the end of the part of the sentence, `~` for that end.

    >>> bool(re.fullmatch(compiled("to be [fair|honest] ,"), "to be fair, "))
    True
    """
    source = ""
    for lexeme in re.findall(r"\[[^\]]*\]|\([^)]*\)|[^\s\[\]()]+", phrase):
        if lexeme == "...":
            source += _REST
        elif lexeme == "~":
            source += _PART_END
        elif lexeme[0] == "[":
            source += _choice(lexeme[1:-1].split("|"))
        elif lexeme[0] == "(":
            source += f"(?:{_choice(lexeme[1:-1].split('|'))})?"
        else:
            source += _literal(lexeme)
    return source


@lru_cache(maxsize=16)
def phrases_of(table: str, name: str) -> re.Pattern[str]:
    """The phrases of a list of `rewriting.toml`, any of them, at the start of a word."""
    sources = "|".join(map(compiled, tables()[table][name]))
    return re.compile(rf"(?i)(?<![\w'\u2019])(?:{sources})")


def _choice(options: Sequence[str]) -> str:
    """One of some words; the blank after them is looked for once, where it can be."""
    sources = [_literal(option) for option in options]
    if all(source.endswith(_GAP) for source in sources):
        return f"(?:{'|'.join(source.removesuffix(_GAP) for source in sources)}){_GAP}"
    return f"(?:{'|'.join(sources)})"


def _literal(words: str) -> str:
    """Words, each with the blank after it; a mark stands close to the word before it."""
    source = ""
    for word in words.split():
        if word in ",:;":
            source += rf"{word}\s+"
        else:
            source += re.escape(word).replace("'", "['\u2019]") + _GAP
    return source


# Up to a mark or a "but".
_REST = r"(?:(?! (?:but|however|though|although)\b)[^,.;:!?\n]){1,160}"
_PART_END = r"(?=\s*(?:[,.;:!?)]|$))"
# After a word: blanks, or nothing before a mark or a clitic.
_GAP = r"(?:\s+|(?=[,:;.!?)'\u2019]|$))"


@lru_cache(maxsize=1)
def _openers() -> re.Pattern[str]:
    sources = map(compiled, tables()["openers"]["phrases"])
    return re.compile(rf"(?i)(?P<lead>(?:and |but |so )?)(?:{'|'.join(sources)})(?P<rest>\w)")


@lru_cache(maxsize=1)
def _swaps() -> re.Pattern[str]:
    words = sorted(tables()["swaps"], key=len, reverse=True)
    return re.compile(rf"(?i)\b(?:{'|'.join(map(re.escape, words))})\b")


@lru_cache(maxsize=1)
def _epithets() -> re.Pattern[str]:
    words = tables()["clauses"]
    before = "|".join(map(re.escape, sorted(words["before-epithet"])))
    epithets = "|".join(map(re.escape, sorted(words["epithets"], key=len, reverse=True)))
    return re.compile(
        rf"(?i)\b(?P<before>{before}) (?P<gone>(?:(?:absolute|complete|total|utter|little),? )?"
        rf"(?:{epithets}),? (?:(?:and |little )?(?:{epithets}),? )?)(?P<noun>[a-z]{{3,}})"
    )


@lru_cache(maxsize=1)
def _called() -> re.Pattern[str]:
    names = (
        word for word in tables()["clauses"]["names"] if word.endswith("s") or word == "lot"
    )
    several = "|".join(map(re.escape, sorted(names)))
    return re.compile(
        rf"(?i)\b(?P<you>you|u)(?P<gone>(?: [a-z-]{{3,}}){{0,2}} (?:{several}))(?= [a-z])"
    )


@lru_cache(maxsize=1)
def _expletives() -> re.Pattern[str]:
    words = sorted(tables()["clauses"]["expletives"], key=len, reverse=True)
    return re.compile(rf"(?i)(?<=\w) (?:{'|'.join(map(re.escape, words))})\b(?=[ ,.!?])")


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """English words that calmtone knows: what is none of them may be a name or code."""
    from ..resources import read_json

    return frozenset(read_json("en", "language.json")["vocabulary"].split())


def marks(sentence: str) -> Iterator[Proposal]:
    """Runs of exclamation and question marks, as one mark."""
    for match in _RUN.finditer(sentence):
        mark = "?" if any(char in match[0] for char in "?\u2047\u2048\u2049") else "!"
        yield *match.span(), mark, "replace", "One mark carries as much as several."


QUIET = "Lower case carries the point with less heat."


def is_shouted(sentence: str) -> bool:
    """Whether all words of a sentence are in capitals, and more than a title or a name.

    >>> is_shouted("WHERE IS MY REFUND?"), is_shouted("NASA ESA")
    (True, False)
    """
    words = _WORD.findall(sentence)
    known = vocabulary()
    plain = sum(len(word) > 2 and word.lower() in known for word in words)
    return len(words) > 2 and plain > 1 and all(word.isupper() for word in words)


def capitals(sentence: str, text: str) -> Iterator[Proposal]:
    """Words in capitals, in lower case; codes, short forms and names stay as they are.

    Only words of calmtone's vocabulary are lowered, since others may be names. A sentence
    that is shouted from end to end is lowered as a whole, with its marks.

    Args:
        sentence: the sentence.
        text: the whole text: where it begins in a small letter, the sentence may.
    """
    known = vocabulary()
    if is_shouted(sentence):
        new = _WORD.sub(lambda word: _lowered(word[0], known), sentence)
        new = _MONTH.sub(lambda match: match[0].capitalize(), new)
        first = _WORD.search(new)
        if first is not None:
            new = new[: first.start()] + new[first.start()].upper() + new[first.start() + 1 :]
        for start, end, mark, _, _ in reversed(list(marks(new))):
            new = new[:start] + mark + new[end:]
        if new != sentence:
            yield 0, len(sentence), new, "replace", QUIET
        return
    for match in _CAPITALS.finditer(sentence):
        if _INSIDE.search(sentence, 0, match.start()):
            continue  # somebody's words
        words = list(_WORD.finditer(match[0]))
        shouted = len(words) > 1 and any(len(word[0]) > 3 for word in words)
        lone = len(words) == 1 and len(match[0]) > 2 and not _may_be_short(match[0])
        lone = lone and match[0].lower() not in tables()["names"]["files"]
        if not shouted and not lone:
            continue
        new = match[0]
        for word in reversed(words):
            lowered = _lowered(word[0], known)
            new = new[: word.start()] + lowered + new[word.end() :]
        start = match.start()
        if not sentence[:start].strip(" \"'*(") and text[:1].isupper():
            new = new[:1].upper() + new[1:]
        if new != match[0]:
            yield *match.span(), new, "replace", QUIET


def _may_be_short(word: str) -> bool:
    """Whether a word in capitals may be a short form: "NPOV", but not "WAS"."""
    lists = tables()
    plain = word.lower().replace("\u2019", "'")
    small = lists["words"]["empty"] | lists["clauses"]["finite"] | lists["polarity"]["negators"]
    return len(plain) < _LONG and "'" not in plain and plain not in small


def _lowered(word: str, known: frozenset[str]) -> str:
    plain = word.lower().replace("\u2019", "'")
    dates, polarity = tables()["dates"], tables()["polarity"]
    if plain == "i" or plain.startswith("i'"):
        return "I" + word[1:].lower()
    if plain in dates["weekdays"] or (
        plain in dates["months"] and plain not in ("may", "march")
    ):
        return word.capitalize()
    if plain in tables()["names"]["common"] - tables()["words"]["empty"] and len(plain) < 4:
        return word
    contracted = "'" in plain and plain.split("'")[1] in ("t", "s", "re", "ve", "ll", "d", "m")
    if len(plain) < _LONG and not _VOWEL.search(plain):
        return word  # "VPN"
    if plain in known or plain in polarity["negators"] or contracted:
        return word.lower()
    if plain.removesuffix("s") in known or plain.removesuffix("ed") in known:
        return word.lower()
    return word


IDLE = "The point is clearer without these words."


def openers(sentence: str) -> Iterator[Proposal]:
    """Words before what is meant, left out: "I must say that", "To be fair,"."""
    match = _openers().match(sentence)
    if match is None:
        return
    rest = match.start("rest")
    following = sentence[rest:].split(maxsplit=1)[0].lower().strip(",")
    alone = len(sentence[rest:].split()) == 1
    if alone and following.strip(".!?") not in tables()["clauses"]["imperatives"]:
        return  # "Grow up, mate."
    if following in tables()["clauses"]["conjunctions"] | {"that", "however", "please"}:
        return
    if "that" in match[0].lower().split() and " and that " in sentence[rest:].lower():
        return  # "Note that it is late and that it costs more."
    lead = match["lead"]
    first = sentence[rest]
    if not lead and sentence[:1].isupper():
        first = first.upper()
    yield len(lead), rest + 1, first, "drop", IDLE


def swaps(sentence: str) -> Iterator[Proposal]:
    """Absolute and rude words, as milder ones."""
    for match in _swaps().finditer(sentence):
        if match[0].lower().endswith(("always", "constantly")) and _is_said_of_them(sentence):
            continue
        new = tables()["swaps"][match[0].lower()]
        if match[0][:1].isupper():
            new = new[:1].upper() + new[1:]
        yield *match.span(), new, "replace", "A milder word says the same."


def _is_said_of_them(sentence: str) -> bool:
    """Whether "you always" says what somebody is, where "often" would mean nothing."""
    being = tables()["guards"]["not-often"]
    found = re.finditer(r"(?i)\b(?:always|constantly) ([a-z]+)", sentence)
    return _TAG.search(sentence) is not None or any(m[1].lower() in being for m in found)


def epithets(sentence: str) -> Iterator[Proposal]:
    """Words of contempt before a noun, and expletives, left out."""
    for match in _epithets().finditer(sentence):
        if match["noun"].lower() in tables()["clauses"]["open-ends"]:
            continue
        if _NEEDED.search(sentence, 0, match.start("gone")) or (
            match["before"].lower() in ("a", "an") and match["noun"].lower() in _EMPTY_NOUNS
        ):
            continue
        new, start, end = "", *match.span("gone")
        before = match["before"].lower()
        if before in ("a", "an"):
            start, article = match.start("before"), "an" if match["noun"][0] in "aeiou" else "a"
            new = (article.capitalize() if match["before"][0].isupper() else article) + " "
        yield start, end, new, "drop", "The thing is named without the verdict."
    for match in _called().finditer(sentence):
        yield *match.span("gone"), "", "drop", "The point stands without the name."
    for match in _expletives().finditer(sentence):
        yield *match.span(), "", "drop", "The sentence says the same without it."


def apologies(sentence: str, admitted: bool = True) -> Iterator[Proposal]:
    """Apologies that take themselves back: a "but" in a sentence of its own, no "if".

    Args:
        sentence: the sentence.
        admitted: whether the draft admits a share in it: else the "if" stays, since without
            it the apology would do so.
    """
    match = _SORRY_BUT.search(sentence)
    if match is not None and not sentence[: match.start()].strip():
        rest = match.start("rest")
        first = sentence[rest]
        if sentence[:1].isupper():
            first = first.upper()
        yield (
            match.start("cut"),
            rest + 1,
            f". {first}",
            "split",
            ("An apology is heard better in a sentence of its own."),
        )
    match = _SORRY_IF.search(sentence)
    idle = ("something", "anything", "any")
    if match is not None and admitted and match["rest"].lower() not in idle:
        start, end = match.end("sorry"), match.start("rest")
        yield start, end, " that ", "replace", "An apology without an if is heard as one."
