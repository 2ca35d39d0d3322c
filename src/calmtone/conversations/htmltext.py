"""HTML mail as text: quotations behind `>`, and what a reader does not see counted."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details"),
        *("dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav"),
        *("ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("tr", "ul"),
    )
)
_PARAGRAPHS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "table")
)
_UNREAD = frozenset(
    ("head", "script", "style", "title", "template", "noscript", "object", "svg", "math")
)
_VOID = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"),
        *("param", "source", "track", "wbr"),
    )
)
_CELLS = frozenset(("td", "th"))
_NEVER_NESTED = frozenset(("p", "li", "td", "th", "tr", "dt", "dd"))
_SIGNATURE = re.compile(
    r"gmail_signature|moz-signature|(?:^|[\s_-])signature(?:$|[\s_-])", re.I
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?!\.)", re.I
)
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_DEEPEST = 60


class HtmlText(NamedTuple):
    """What an HTML document shows, and what it also holds: kind and text of each."""

    text: str
    left_out: tuple[tuple[str, str], ...]


def html_to_text(html: str) -> HtmlText:
    r"""The text of an HTML mail.

    >>> html_to_text("<p>No.</p><blockquote><p>May I?</p></blockquote>").text
    'No.\n\n> May I?'
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return HtmlText(reader.text(), tuple(reader.left_out))


class _Aside:
    """An element whose text is no part of the message, while it is open."""

    def __init__(self, kind: str, tag: str) -> None:
        self.kind = kind
        self.tag = tag
        self.open = 1
        self.words: list[str] = []


class _Reader(HTMLParser):
    """Collects lines; where elements are not closed, it goes on all the same."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.left_out: list[tuple[str, str]] = []
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quoted = 0
        self._pre = 0
        self._aside: _Aside | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        if (aside := self._aside) is not None:
            if tag != aside.tag or tag not in _NEVER_NESTED:
                aside.open += tag == aside.tag
                aside.words += [" "] * (tag in _BLOCKS or tag == "br")
                return
            self._close_aside()
        values = {name: value or "" for name, value in attrs}
        kind = None if tag in _VOID else _kind_aside(tag, values)
        if kind is not None:
            self._break()
            self._aside = _Aside(kind, tag)
        elif tag == "img":
            name = values.get("alt") or values.get("src", "")[:120]
            self.left_out.append(("image", name or "without a name"))
        elif tag == "br":
            self._break(empty=True)
        elif tag == "a" and values.get("href", "").startswith(("http:", "https:")):
            self.left_out.append(("link", values["href"]))
        elif tag in _BLOCKS and tag not in _CELLS:
            self._break(paragraph=tag in _PARAGRAPHS)
            self._quoted += tag == "blockquote"
            self._pre += tag == "pre"
            if tag == "li":
                self._line.append("- ")
            if tag == "hr":
                self._line.append("________")
                self._break()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that closes itself; only void ones do."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if self._aside is not None:
            self._aside.open -= tag == self._aside.tag
            self._aside.words += [" "] * (tag in _BLOCKS)
            if not self._aside.open:
                self._close_aside()
        elif tag in _CELLS:
            self._line.append(" ")
        elif tag in _BLOCKS and tag not in _VOID:
            self._break(paragraph=tag in _PARAGRAPHS)
            self._quoted = max(0, self._quoted - (tag == "blockquote"))
            self._pre = max(0, self._pre - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        """Words."""
        if self._aside is not None:
            self._aside.words.append(data)
        elif self._pre:
            for number, part in enumerate(data.split("\n")):
                if number:
                    self._break(empty=True)
                self._line.append(part)
        else:
            self._line.append(_SPACE.sub(" ", data))

    def close(self) -> None:
        """The end; what is still open is taken as closed."""
        super().close()
        self._close_aside()
        self._break()

    def text(self) -> str:
        """All lines, no more than one empty between two."""
        text = re.sub(r"\n(?:[ >]*\n){2,}", "\n\n", "\n".join(self._lines))
        return re.sub(r"\A(?:[ >]*\n)+|(?:\n[ >]*)+\Z", "", text)

    def _close_aside(self) -> None:
        if self._aside is not None:
            text = _SPACE.sub(" ", "".join(self._aside.words)).strip()
            if text and self._aside.kind != "unread":
                self.left_out.append((self._aside.kind, text))
        self._aside = None

    def _break(self, *, empty: bool = False, paragraph: bool = False) -> None:
        """End the line; an empty one is kept where `empty` says so."""
        line = "".join(self._line)
        line = line.rstrip() if self._pre else _SPACE.sub(" ", line).strip()
        self._line = []
        quote = "> " * min(self._quoted, _DEEPEST)
        if line or empty:
            self._lines.append(f"{quote}{line}".rstrip())
        if paragraph and self._lines and self._lines[-1].strip("> "):
            self._lines.append(quote.rstrip())


def _kind_aside(tag: str, values: dict[str, str]) -> str | None:
    """What an element is whose text is no part of the message."""
    if tag in _UNREAD:
        return "unread"
    if _HIDDEN.search(values.get("style", "")) or "hidden" in values:
        return "hidden"
    if _SIGNATURE.search(f"{values.get('class', '')} {values.get('id', '')}"):
        return "signature"
    return None
