"""Mail as it is stored (RFC 5322, "RFC 822 files"; mbox): headers, text and attachments."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email import policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from .htmltext import html_to_text
from .quoting import person

_MBOX = re.compile(rb"(?m)^From [^\r\n]*\r?\n")
_ESCAPED_FROM = re.compile(rb"(?m)^>(>*From )")
_ID = re.compile(r"<[^<>\s]+>")
_START = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")
_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9_-]+[ \t]*:[^\x00-\x08\x0e-\x1f\n]*(?:\n|\Z)")
_TELLING = re.compile(rb"(?mi)^(?:message-id|mime-version|received|date|content-type):")


class Mail(NamedTuple):
    """One mail. `left_out` holds kind and text of what is no part of its text."""

    text: str
    author: str | None
    address: str | None
    time: datetime | None
    id: str | None
    answers: str | None
    subject: str | None
    left_out: tuple[tuple[str, str], ...]


def looks_like_mail(data: bytes) -> bool:
    """Whether a file starts with headers that only a stored mail has."""
    data = data.lstrip()[:20_000]
    if _MBOX.match(data):
        data = _MBOX.sub(b"", data, count=1)
    head = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0] + b"\n"
    return bool(_START.match(head) and _TELLING.search(head))


def is_no_mail(data: bytes) -> bool:
    """Whether a file that is called a mail begins with no header, and is no text either."""
    data = data.lstrip(b"\r\n \t\xef\xbb\xbf")
    if _MBOX.match(data) or _FIELD.match(data):
        return False
    try:
        return "\0" in data.decode("utf-8")
    except UnicodeDecodeError:
        return True


def read_mails(data: bytes) -> list[Mail]:
    """The mails of a file: one, or those of an mbox."""
    data = data.lstrip(b"\r\n \t\xef\xbb\xbf")
    if not _MBOX.match(data):
        return [read_mail(data)]
    starts = [
        found.start()
        for found in _MBOX.finditer(data)
        if found.start() == 0 or data[: found.start()].endswith((b"\n\n", b"\r\n\r\n"))
    ]
    pieces = [data[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]
    return [
        read_mail(_ESCAPED_FROM.sub(rb"\1", _MBOX.sub(b"", piece, count=1))) for piece in pieces
    ]


def read_mail(data: bytes) -> Mail:
    """One mail, however broken: what cannot be decoded is replaced."""
    mail = email.message_from_bytes(data, policy=policy.default)
    left_out: list[tuple[str, str]] = []
    texts = [_readable(part, left_out) for part in _parts(mail, left_out)]
    name, address = person(_header(mail, "from") or "")
    time, date = None, _header(mail, "date")
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        time = parsedate_to_datetime(date or "")
    if date and time is None:
        left_out.append(("header", f"Date: {date}"))
    above = _ID.findall(_header(mail, "in-reply-to") or "")[:1]
    above = above or _ID.findall(_header(mail, "references") or "")[-1:]
    own = _ID.findall(_header(mail, "message-id") or "")
    return Mail(
        "\n\n".join(filter(str.strip, texts)),
        name,
        address,
        time,
        own[0] if own else None,
        above[0] if above else None,
        _header(mail, "subject"),
        tuple(left_out),
    )


def _header(mail: Message, name: str) -> str | None:
    """A header's text; the standard parser fails on some that spammers write."""
    try:
        value = mail[name]
        return None if value is None else " ".join(str(value).split())
    except Exception:  # many kinds, all from a header that is not well formed
        raw = next((v for k, v in mail.raw_items() if k.lower() == name), "")
    try:
        return " ".join(str(make_header(decode_header(str(raw)))).split())
    except (ValueError, LookupError, UnicodeError):
        return " ".join(str(raw).split())


def _parts(part: Message, left_out: list[tuple[str, str]]) -> Iterator[Message]:
    """The parts that a reader is shown; others are noted."""
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        children = _children(part)
        shown = _best(children)
        for child in children:
            if child is shown:
                yield from _parts(child, left_out)
            elif not child.get_content_type().startswith(("text/", "multipart/")):
                left_out.append(("attachment", _describe(child)))
    elif part.is_multipart() and kind != "message/rfc822":
        for child in _children(part):
            yield from _parts(child, left_out)
    elif (
        kind in ("text/plain", "text/html")
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    ):
        yield part
    else:
        left_out.append(("attachment", _describe(part)))


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [p for p in payload if isinstance(p, Message)] if isinstance(payload, list) else []


def _best(children: list[Message]) -> Message | None:
    """Of alternatives the plain text if it has words, else the last one that can be read."""
    for child in children:
        if child.get_content_type() == "text/plain" and _decoded(child).strip():
            return child
    readable = [
        c for c in children if c.get_content_type().startswith(("text/html", "multipart/"))
    ]
    return readable[-1] if readable else (children[0] if children else None)


def _readable(part: Message, left_out: list[tuple[str, str]]) -> str:
    text = _decoded(part)
    if part.get_content_type() == "text/html":
        read = html_to_text(text)
        left_out += read.left_out
        return read.text
    if str(part.get_param("format", "")).lower() == "flowed":
        return _unflowed(text, str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = str(part.get_content_charset("utf-8"))
    for name in (charset, "utf-8", "cp1252"):
        with suppress(LookupError, UnicodeError):
            return data.decode(name).replace("\r\n", "\n")
    return data.decode("latin-1").replace("\r\n", "\n")


def _unflowed(text: str, delete_space: bool) -> str:
    """Lines that end in a space joined with the next one of the same depth (RFC 3676)."""
    lines: list[str] = []
    flowing = False
    for line in text.split("\n"):
        signs = len(line) - len(line.lstrip(">"))
        content = line[signs:].removeprefix(" ")
        before = lines[-1] if lines else ""
        same = signs == len(before) - len(before.lstrip(">"))
        if flowing and same and content != "-- ":
            lines[-1] = (before.removesuffix(" ") if delete_space else before) + content
        else:
            lines.append(f"{'>' * signs}{' ' * bool(signs)}{content}")
        flowing = content.endswith(" ") and content != "-- "
    return "\n".join(lines)


def _describe(part: Message) -> str:
    """Name, type and size of an attachment."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inside = _children(part)
        subject = _header(inside[0], "subject") if inside else None
        return f"mail “{subject or 'without subject'}” ({kind})"
    payload = part.get_payload(decode=True)
    size = len(payload) if isinstance(payload, bytes) else 0
    return f"{part.get_filename() or 'without a name'} ({kind}, {size:,} bytes)"
