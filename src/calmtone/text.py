"""A text as the rules read it: normalised, in words and sentences, quotations masked.

Normalisation keeps the length, so that every offset is one of the caller's text: letters
are folded one to one (case, curly quotes, full-width and look-alike letters), what is not
the writer's own words (quoted mail, reported speech, code, addresses) is overwritten with
`MASK`, HTML tags become gaps, and invisible characters inside a word become `_`, which words
drop.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping
from functools import cache, partial
from itertools import accumulate, compress, repeat
from operator import add, eq
from sys import intern

from .compiled import Reader
from .records import NamedTuple

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    import re
    from typing import Any

# Tables whose words matching looks for, whatever the rules are.
_WORD_TABLES = [
    "disguised",
    "negators",
    "not-negating",
    "clause-breakers",
    "intensifiers",
    "hedges",
]
MASK = "|"
UNKNOWN = ""
_JOINER = "_"


class Language(NamedTuple):
    """The word tables of a language that reading a text needs.

    `spelling` maps variants to the spelling that rules and lexicon use; `counting` are those
    of the `abbreviations` that are words as well ("no"): the full stop after one ends a
    sentence unless a number or a small letter follows. `reporting` are
    words that announce somebody else's words; `disguised` holds the words that people
    spell with digits, stars or gaps; `vocabulary` has what every word is read as. `reader`
    is the compiled one, if there is any.
    """

    spelling: Mapping[str, str]
    abbreviations: frozenset[str]
    counting: frozenset[str]
    reporting: frozenset[str]
    disguised: Mapping[str, str]
    vocabulary: Mapping[str, str]
    reader: Reader | None


class Sentence(NamedTuple):
    """Words `first` to `last` (exclusive), their code points, and how it ends: . ? !

    The mark that it ends with is the document's word `last`.
    """

    first: int
    last: int
    start: int
    end: int
    mark: str


class Document(NamedTuple):
    """A text, ready for matching.

    `words[i]` stands at code points `starts[i]` to `ends[i]` (exclusive) of `text`; it is
    `UNKNOWN` where the word is not in the vocabulary. After the words of each sentence
    comes the mark that it ends with: ".", "?" or "!", also where the writer left it out.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[Sentence]


_STOPS = r"[.!?\n]+"
_AFTER_STOP = frozenset(" \t\r\n\"')]}*_" + MASK)
_BULLETS = frozenset("-*+>#")
_CLOSING = "\"')]}*_"  # after the mark that ends what they close
_STRETCHED = r"(.)\1\1+"
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_TICKED = r"(?s:```.*?```)|`[^`\n]{1,300}`"
_WHOLE = 0.8  # of a text in one pair of marks: they quote nothing
_PROSE = 5  # words between ticks that may be no code
# What is not the writer's own words, each with a text without which it can't be there.
_MASKS = (
    ("</", r"(?s:<(code|pre|blockquote)\b[^<>]{0,200}>.{0,1000}?</\1>)"),
    ("`", _TICKED),
    (">", r"(?m:^[ \t]*>[^\n]*$)"),
    ("wrote:", r"(?m:^on [^\n]{5,200}wrote:[ \t]*$)(?=\s*(?:>|\||$))"),
    (" message", r"(?sm:^-{2,} ?(?:original|forwarded) message ?-{2,}.*)"),
)
# What asks not to be read, and names of rules, which hold the words that those find.
_DIRECTIVE = r"\bcalmtone:[ \t]*ignore\b(?:\[[^\]\n]{0,400}\])?"
_SLUG = r"(?<![\w'-])you-[a-z]+(?![\w'-])"
_ADDRESSES = (
    ("/", r"\b(?:hostility|defensiveness|empathy)/[a-z0-9]+(?:-[a-z0-9]+)+"),
    ("://", r"\bhttps?://[^\s|]*[\w/=&#]"),
    ("www.", r"\bwww\.[^\s|]*[\w/=&#]"),
    ("@", r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]+)+|(?<![\w@])@\w+"),
)
# Tags of HTML that may stand in a message; those of the second kind begin a line.
_TAGS = (
    r"</?(?:a|abbr|b|big|center|code|del|em|font|i|img|ins|kbd|mark|q|s|small|span|strike|strong"
    r"|sub|sup|tt|u)(?:\s[^<>]{0,300})?/?>"
)
_LINE_TAGS = (
    r"</?(?:blockquote|body|br|dd|div|dl|dt|h[1-6]|head|hr|html|li|ol|p|pre|table|tbody|td|th"
    r"|thead|tr|ul)(?:\s[^<>]{0,300})?/?>"
)
_DOUBLE_QUOTED = r'"[^"|]{1,600}"'
_SINGLE_QUOTED = r"(?<![\w'])'(?:[^'\n|]|(?<=\w)'(?=\w)){2,400}'(?!\w)"
_AROUND = r"(?<!\S)'+|'+(?!\S)"
_ONLY_JOINERS = r"(?<!\S)_+(?!\S)"
_MOST_UNKNOWN = 4096  # words remembered at a time
_FOUR_LETTERS = b"\1\1\1\1"  # words of one letter in a row
_SPACED_OUT = r"(?<!\w)\w(?:[ .*\-]{1,2}\w){3,}(?!\w)"
_STARRED = r"(?<![a-z0-9@$*!#'])(?=[a-z0-9']{0,40}[@$*!#])[a-z0-9@$*!#']{1,40}"


def complete(tables: Mapping[str, Any], vocabulary: Iterable[str]) -> set[str]:
    """A vocabulary and the words that the tables themselves need."""
    words = {*vocabulary, *tables["spelling"].values()}
    for name in _WORD_TABLES:
        words.update(" ".join(tables[name]).split())
    return words.difference(tables["spelling"])


def language_from(
    tables: Mapping[str, Any], vocabulary: Iterable[str] | None = None
) -> Language:
    """Word tables as they stand in a data file.

    Args:
        tables: `language.json`.
        vocabulary: the words to know beside those that the tables need; without it the
            tables' own vocabulary, which is complete for the shipped rules.
    """
    spelling = tables["spelling"]
    words: str = tables["vocabulary"]
    if vocabulary is not None:
        words = " ".join(complete(tables, vocabulary))
    disguised = dict(zip(tables["disguised"], tables["disguised"], strict=True))
    language = Language(
        spelling=spelling,
        abbreviations=frozenset(tables["abbreviations"]),
        counting=frozenset(tables["abbreviations"]).intersection(tables["negators"]),
        reporting=frozenset(tables["reporting"]),
        disguised=disguised,
        vocabulary=_Vocabulary(words, spelling, disguised),
        reader=None,
    )
    if Reader is None:
        return language
    return language._replace(
        reader=Reader(
            words,
            spelling,
            tables["abbreviations"],
            list(language.counting),
            tables["reporting"],
            tables["disguised"],
            _FOLD,
            _FOREIGN,
            partial(_full_reading, language=language),
            Document,
            Sentence,
        )
    )


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """A pattern, compiled when the first text needs it."""
    import re

    return re.compile(source)


def read(text: str, language: Language) -> Document:
    """The document of a text; linear in its length."""
    if language.reader is not None:
        return language.reader.read(text)
    norm, tokens = _normalised(text, language)
    if MASK in norm and all(word[0] == MASK for word in tokens.words):
        return Document(text, [], [], [], [])  # none of the words is the writer's
    sentences = _sentences(text, norm, tokens, language)
    words = list(map(language.vocabulary.__getitem__, tokens.words))
    return _document(text, words, tokens, sentences)


def _full_reading(text: str, language: Language) -> str:
    """The text as it is read, at its length: for the compiled reader, which asks for it
    where there may be quotations or words spelled with signs.
    """
    return _normalised(text, language)[0]


def _normalised(text: str, language: Language) -> tuple[str, _Tokens]:
    """The text as it is read, at its length, and its words."""
    norm = text.lower() if text.isascii() else fold(text)
    if MASK in norm:
        norm = norm.replace(MASK, " ")
    if "\r" in norm:
        norm = norm.replace("\r\n", " \n").replace("\r", "\n")
    if (
        '"' in norm
        or " '" in norm
        or norm[:1] == "'"
        or ">" in norm
        or "@" in norm
        or "`" in norm
        or ":" in norm
        or "www." in norm
        or " message-" in norm
        or "you-" in norm
        or "y/" in norm
        or "ess/" in norm
    ):
        norm = _mask(norm, text, language)
    if "*" in norm or "$" in norm or "@" in norm or "#" in norm or "!" in norm:
        norm = _unstar(norm, language)
    tokens = _split(norm)
    if tokens.sizes.count(1) > 3 and _FOUR_LETTERS in bytes(map(eq, tokens.sizes, repeat(1))):
        norm = _pattern(_SPACED_OUT).sub(partial(_unspace, language=language), norm)
        tokens = _split(norm)
    return norm, tokens


class _Tokens(NamedTuple):
    """Words as written, and where they stand."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    sizes: list[int]


def _is_soft(code: int) -> bool:
    char = chr(code)
    return not (char.isalnum() or char in ("'", MASK, _JOINER))


_ASCII_SOFT = {code: " " for code in range(128) if _is_soft(code)}


def _split(norm: str) -> _Tokens:
    """The words of a normalised text."""
    soft = norm.translate(_ASCII_SOFT if norm.isascii() else _SOFT)
    if "' " in soft or " '" in soft or soft.endswith("'") or soft.startswith("'"):
        soft = _pattern(_AROUND).sub(_blank, soft)
    joined = _JOINER in soft
    if joined:
        soft = _pattern(_ONLY_JOINERS).sub(_blank, soft)
    pieces = soft.split(" ")
    # Where each piece starts, and where the next one would.
    places = list(accumulate(map(add, map(len, pieces), repeat(1)), initial=0))
    words = list(filter(None, pieces))
    starts = list(compress(places, pieces))
    sizes = list(map(len, words))
    if joined:
        words = [word.replace(_JOINER, "") for word in words]
    return _Tokens(words, starts, list(map(add, starts, sizes)), sizes)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _document(
    text: str, words: list[str], tokens: _Tokens, sentences: list[Sentence]
) -> Document:
    """The words, with the marks that end their sentences."""
    starts, ends = tokens.starts, tokens.ends
    if len(sentences) == 1:
        words.append(sentences[0].mark)
        starts.append(ends[-1])
        ends.append(sentences[0].end)
        return Document(text, words, starts, ends, sentences)
    all_words: list[str] = []
    all_starts: list[int] = []
    all_ends: list[int] = []
    at = 0
    for first, last, _, end, mark in sentences:
        after = at + last - first
        all_words += words[at:after]
        all_words.append(mark)
        all_starts += starts[at:after]
        all_starts.append(ends[after - 1])
        all_ends += ends[at:after]
        all_ends.append(end)
        at = after
    return Document(text, all_words, all_starts, all_ends, sentences)


class _Vocabulary(dict[str, str]):
    """Words to what is read for them: itself, another spelling of it, or `UNKNOWN`.

    It is empty until the first word is asked for. Words that are not in it are added as they
    come, unless there are too many.
    """

    __slots__ = ("_disguised", "_most", "_spelling", "_words")

    def __init__(
        self, words: str, spelling: Mapping[str, str], disguised: Container[str]
    ) -> None:
        super().__init__()
        self._words: str | None = words
        self._spelling = spelling
        self._disguised = disguised
        self._most = words.count(" ") + 1 + len(spelling) + _MOST_UNKNOWN

    def __missing__(self, word: str) -> str:
        words = self._words
        if words is not None:
            apart = list(map(intern, words.split()))
            self.update(self._spelling)
            self.update(zip(apart, apart, strict=True))
            self._words = None  # last, for other threads that wait for it
            return self[word]
        known = self._respell(word)
        # What stands for an insult is not kept, so that what was read before does not matter.
        if len(self) < self._most and known not in self._disguised:
            self[word] = known
        return known

    def _respell(self, word: str) -> str:
        if word[0] == MASK:
            return MASK
        stretched = _pattern(_STRETCHED)
        if stretched.search(word):
            for keep in (r"\1\1", r"\1"):
                known = self.get(stretched.sub(keep, word), UNKNOWN)
                if known != UNKNOWN:
                    return known
        if not word.isalpha() and not word.isdigit():
            plain = word.translate(_LEET)
            for candidate in (plain, plain.replace("i", "l")):
                if candidate in self._disguised:
                    return candidate
        return UNKNOWN


def _unspace(match: re.Match[str], language: Language) -> str:
    """An insult spelled with gaps ("i d i o t") as one word, at its length."""
    chunk = match[0]
    letters = "".join(filter(str.isalnum, chunk)).translate(_LEET)
    if letters in language.disguised:
        return letters.ljust(len(chunk), _JOINER)
    return chunk


def _unstar(norm: str, language: Language) -> str:
    """Insults with stars and signs for letters ("st*pid", "a$$") in plain letters."""

    def plain(match: re.Match[str]) -> str:
        chunk = match[0]
        if chunk.isalnum():
            return chunk
        core, word = chunk.strip("*'#"), chunk.rstrip("!")
        inner = word.strip("*'#")
        if inner.isalnum() and word.endswith("*"):
            if (
                word[0] == "*"
                or inner in language.disguised
                or _closes(norm, word, match.start())
            ):
                return chunk  # "**you idiot**": they are marks
            core = word  # "f***": the stars at the end are letters
        for candidate in (core, core.rstrip("!")):
            if not candidate.isalnum():
                known = _disguised(candidate.translate(_LEET), language)
                if known is not None:
                    return chunk.replace(candidate, known, 1)
        return chunk

    return _pattern(_STARRED).sub(plain, norm)


def _closes(norm: str, word: str, start: int) -> bool:
    """Whether the stars at the end of a word close what stars before it opened."""
    stars = word[len(word.rstrip("*")) :]
    line = norm[max(0, start - 300) : start].rpartition("\n")[2]
    return len(stars) < 4 and line.count(stars) % 2 == 1


def _disguised(letters: str, language: Language) -> str | None:
    """The word that `letters` stand for, `*` and `#` being any letter."""
    if letters.isalpha():
        spelled = language.spelling.get(letters, letters)
        return letters if spelled in language.disguised else None
    if sum(map(str.isalpha, letters)) < 1 or len(letters) < 3:
        return None
    first = letters[0]
    fitting = [
        word
        for word in language.disguised
        if len(word) == len(letters)
        and (first == word[0])
        and all(a == b or a in "*#" for a, b in zip(letters, word, strict=True))
    ]
    return fitting[0] if fitting else None


def _mask(norm: str, text: str, language: Language) -> str:
    """The text with everything overwritten that is not the writer's own words."""
    for trigger, source in _MASKS:
        if trigger in norm:
            cover = _overwrite
            if source is _TICKED:
                cover = partial(_overwrite_part, substance=len(norm.strip()))
            norm = _pattern(source).sub(cover, norm)
    if "wrote:" in norm or "from:" in norm:
        norm = _mask_mail(norm, text)
    if "calmtone:" in norm:
        norm = _pattern(_DIRECTIVE).sub(_overwrite, norm)
    if "you-" in norm:
        norm = _pattern(_SLUG).sub(
            partial(_overwrite_insult, text=text, language=language), norm
        )
    for trigger, source in _ADDRESSES:
        if trigger in norm:
            norm = _pattern(source).sub(_overwrite, norm)
    if "<" in norm and ">" in norm:
        norm = _pattern(_TAGS).sub(_blank, norm)
        norm = _pattern(_LINE_TAGS).sub(_break, norm)
    if '"' in norm:
        norm = _mask_quotations(norm, text, _DOUBLE_QUOTED, language)
    if "'" in norm:
        norm = _mask_quotations(norm, text, _SINGLE_QUOTED, language)
    return norm


def _mask_mail(norm: str, text: str) -> str:
    """The text with the mail overwritten that is quoted without signs; its lines stay."""
    from .quotedmail import quoted_mail

    pieces, at = [], 0
    for start, end in quoted_mail(norm, text):
        if end > at:
            pieces += [norm[at:start], MASK * (end - max(start, at))]
            at = end
    return "".join(pieces) + norm[at:]


def _break(match: re.Match[str]) -> str:
    """A line's end for a tag that breaks a line, an empty line for one of a block."""
    return ("\n" if match[0].startswith("<br") else "\n\n").rjust(len(match[0]))


def _overwrite(match: re.Match[str]) -> str:
    return MASK * len(match[0])


def _overwrite_insult(match: re.Match[str], text: str, language: Language) -> str:
    """A name such as "you-idiot" overwritten; who calls names writes no hyphens there."""
    name = match[0]
    written = text[match.start() : match.end()] == name
    insults = written and not language.disguised.keys().isdisjoint(name.split("-"))
    return _overwrite(match) if insults else name


def _overwrite_part(match: re.Match[str], substance: int) -> str:
    """What stands between ticks, overwritten where it is not the whole text."""
    code = match[0]
    whole = len(code) > _WHOLE * substance and code[:3] != "```"
    return code if whole and len(code.split()) >= _PROSE else _overwrite(match)


def _mask_quotations(norm: str, text: str, source: str, language: Language) -> str:
    """Mask reported speech; a word or two in quotation marks are the writer's irony."""
    substance = len(norm.strip())

    def reported(match: re.Match[str]) -> str:
        if len(match[0]) > _WHOLE * substance:
            return match[0]
        if len(match[0].split()) < 3:
            before = norm[max(0, match.start() - 40) : match.start()]
            after = norm[match.end() : match.end() + 20]
            words = before.rstrip(" ,:").split()[-3:] + after.lstrip(" ,").split()[:2]
            if language.reporting.isdisjoint(words):
                return match[0]
        masked = _overwrite(match)
        if match[0][-2] in ".!?" and norm[match.end() : match.end() + 1] in ("", " ", "\n"):
            following = text[match.end() : match.end() + 20].lstrip()[:1]
            if not following.islower():
                return masked[:-1] + "."  # the quotation ends the writer's sentence too
        return masked

    return _pattern(source).sub(reported, norm)


def _sentences(text: str, norm: str, tokens: _Tokens, language: Language) -> list[Sentence]:
    """The sentences; each has its mark counted among the words."""
    sentences: list[Sentence] = []
    words, starts, ends, _ = tokens
    first, count, marks, length = 0, len(words), 0, len(norm)
    for stop in _pattern(_STOPS).finditer(norm):
        at, after = stop.span()
        last = bisect_left(starts, at, first)
        mark, end = norm[at], after
        if (
            after > at + 1
            or mark == "\n"
            or first == last
            or (after < length and norm[after] != " ")
            or (mark == "." and _may_go_on(words[last - 1], language))
        ):
            mark = _stops(text, norm, stop, tokens, first, last, language)
            if not mark:
                continue
            end = at + len(stop[0].rstrip("\n"))
        if first < last:
            end = max(end, ends[last - 1])
            if norm[at] == "\n":  # no space before the line's end
                end = ends[last - 1] + len(norm[ends[last - 1] : end].rstrip())
            sentences.append(Sentence(first + marks, last + marks, starts[first], end, mark))
            marks += 1
            first = last
            if first == count:
                break
        elif mark == "?" and sentences:
            sentences[-1] = sentences[-1]._replace(mark="?")
    if first < count:
        sentences.append(Sentence(first + marks, count + marks, starts[first], ends[-1], "."))
    return sentences


def _stops(
    text: str,
    norm: str,
    stop: re.Match[str],
    tokens: _Tokens,
    first: int,
    last: int,
    language: Language,
) -> str:
    """The mark with which a sentence of words `first` to `last` ends at `stop`, if any."""
    at, after = stop.span()
    if after < len(norm) and norm[after - 1] != "\n":
        if norm[after] not in _AFTER_STOP:
            return ""  # 3.5, e.g, file.txt
        if norm[after] in _CLOSING and _goes_on(text, after):
            return ""  # "Really?" he asked
    marks = stop[0].rstrip("\n")
    if not marks:
        if "\n\n" not in stop[0] and not _starts_anew(text, after):
            return ""  # a wrapped line
    elif marks[0] == "." and stop[0] == marks and first < last:
        doubtful = after - at > 1 or _may_go_on(tokens.words[last - 1], language)
        if doubtful and not _ends(text, at, after, tokens, first, last, language):
            return ""
    return "?" if "?" in marks else "!" if "!" in marks else "."


def _may_go_on(word: str, language: Language) -> bool:
    """Whether a full stop after the word may be one that ends no sentence."""
    return len(word) < 2 or word in language.abbreviations or word.isdigit()


def _starts_anew(text: str, after: int) -> bool:
    """Whether the line at `after` begins a sentence rather than goes on with one."""
    gap = text[after : after + 80]
    following = gap.lstrip()[:1]
    if not following or following in _BULLETS or not following.islower():
        return True
    gap = gap[: gap.index(following)]
    return "\n" in gap or "\r" in gap  # an empty line


def _goes_on(text: str, after: int) -> bool:
    """Whether a small letter follows the closing marks at `after`, and the gap behind them."""
    closed = text[after : after + 20].lstrip(_CLOSING)
    following = closed.lstrip()
    return closed != following and following[:1].islower()


def _ends(
    text: str,
    at: int,
    after: int,
    tokens: _Tokens,
    first: int,
    last: int,
    language: Language,
) -> bool:
    """Whether the full stops at `at` end a sentence."""
    following = text[after : after + 20].lstrip()[:1]
    if after - at > 1:
        return not following.islower()  # "well... you know"
    word = tokens.words[last - 1]
    if tokens.ends[last - 1] != at:
        return True
    if word in language.abbreviations:  # "no. 12", "no. of", but "I said no. Then he left."
        goes_on = following.isdigit() or following.islower() or following == "#"
        return word in language.counting and not goes_on
    if last - first == 1 and word.isdigit():
        return not following  # "1. Open the page."
    return len(word) > 1 or word.isdigit() or word == "i" or not following.isalpha()


class _Fold(dict[int, str]):
    """Characters to what they are read as, one to one, filled as characters come."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _fold_char(char)
        if len(self) < 4096:
            self[code] = folded
        return folded


class _Soft(dict[int, str]):
    """Characters between words to a space; the others stay."""

    def __missing__(self, code: int) -> str:
        soft = " " if _is_soft(code) else chr(code)
        if len(self) < 4096:
            self[code] = soft
        return soft


_FOLD = _Fold(
    {
        **{ord(char): "'" for char in "\u2018\u2019\u201b\u02bc\u2032\uff07\u00b4"},
        **{ord(char): '"' for char in "\u201c\u201d\u201e\u201f\u2033\uff02\u00ab\u00bb"},
        ord("\u2026"): ".",
        ord("\u3002"): ".",
        0x2028: "\n",
        0x2029: "\n",
        0x85: "\n",
    }
)


def _fold_char(char: str) -> str:
    import unicodedata

    category = unicodedata.category(char)
    if category[0] == "M" or category == "Cf":
        return _JOINER
    if category == "Zs":
        return " "
    base = unicodedata.normalize("NFKD", char)[0]
    if base.isascii() and (base.isalnum() or category[0] in "PS"):
        return base.lower()
    lower = char.lower()
    return lower if len(lower) == 1 else char


def fold(text: str) -> str:
    """Letters as they are read, one to one: lower case, plain, and of one script."""
    norm = text.translate(_FOLD)
    if norm.isascii() or _FOREIGN.isdisjoint(norm):
        return norm
    import regex  # Unicode scripts: only it knows them

    return regex.sub(
        r"\b(?=\w*\p{Latin})(?=\w*[\p{Cyrillic}\p{Greek}])\w++\b",
        lambda match: match[0].translate(_LOOK_ALIKES),
        norm,
    )


_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u0432\u043a\u043c\u043d\u0442"
    "\u03bf\u03b1\u03b5\u03b9\u03ba\u03bd\u03c1\u03c4\u03c5\u03c7",
    "aeopcyxijsdqbkmhtoaeikvptux",
)
_FOREIGN = frozenset(map(chr, _LOOK_ALIKES))
_SOFT = _Soft()
