"""A document as rows of tokens: windows that lose nothing, and sentences by themselves."""

from __future__ import annotations

import re
from bisect import bisect_left

from ..records import NamedTuple
from ..text import Document
from .preparing import prepare
from .session import Loaded
from .settings import Settings

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    import tokenizers

Range = tuple[int, int]

_SURROGATES = re.compile("[\ud800-\udfff]")


class Tokens(NamedTuple):
    """The tokens of a document, special tokens aside.

    `offsets` are code points of the caller's text. `words` numbers the word of each
    token; it is None for what stands in place of the caller's words.
    """

    ids: list[int]
    offsets: list[Range]
    words: list[int | None]


class Row(NamedTuple):
    """What the model reads in one go: token ids with special tokens, and their types.

    `shift` is how many special tokens stand before the text.
    """

    ids: list[int]
    types: list[int]
    shift: int


def encode(text: str, loaded: Loaded) -> tokenizers.Encoding:
    """The tokens of any string, special tokens aside; surrogates count as unreadable."""
    if not text.isascii():
        text = _SURROGATES.sub("\ufffd", text)
    return loaded.tokenizer.encode(text, add_special_tokens=False)


def tokenize(document: Document, loaded: Loaded, settings: Settings) -> Tokens:
    """The tokens of all that the model may read of a document."""
    prepared = prepare(document, settings.mask)
    encoding = encode(prepared.text, loaded)
    ids, offsets, words = encoding.ids, encoding.offsets, encoding.word_ids
    if not prepared.starts:
        return Tokens(ids, offsets, words)
    origins = [prepared.origin(start, end) for start, end in offsets]
    own = [
        None if prepared.stands_in(start) else word
        for (start, _), word in zip(offsets, words, strict=True)
    ]
    return Tokens(ids, origins, own)


def sentence_ranges(document: Document, tokens: Tokens) -> list[Range]:
    """First and last token (exclusive) of each sentence."""
    # By their last code point: some tokens begin with the blank before a word.
    lasts = [end - 1 for _, end in tokens.offsets]
    return [
        (bisect_left(lasts, sentence.start), bisect_left(lasts, sentence.end))
        for sentence in document.sentences
    ]


def windows(first: int, last: int, room: int, overlap: int) -> list[Range]:
    """Tokens `first` to `last` (exclusive) in stretches of at most `room` that overlap.

    >>> windows(0, 10, 6, 2)
    [(0, 6), (4, 10)]
    """
    if last - first <= room:
        return [(first, last)]
    found = [(first, first + room)]
    while found[-1][1] < last:
        begin = found[-1][1] - overlap
        found.append((begin, min(begin + room, last)))
    return found


def room_of(loaded: Loaded, settings: Settings, reply: list[int]) -> int:
    """How many tokens of a text fit in a row."""
    room = settings.max_length - len(loaded.prefix) - len(loaded.suffix)
    return room - len(reply) - len(loaded.suffix) if reply else room


def row_of(tokens: Tokens, window: Range, reply: list[int], loaded: Loaded) -> Row:
    """A window as a row, with the message that the text answers after it."""
    prefix, suffix = loaded.prefix, loaded.suffix
    ids = [*prefix, *tokens.ids[window[0] : window[1]], *suffix]
    types = [0] * len(ids)
    if reply:
        ids += [*reply, *suffix]
        types += [1] * (len(ids) - len(types))
    return Row(ids, types, len(prefix))
