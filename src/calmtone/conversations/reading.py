"""Files to a thread: mail, pasted threads and chats, chat exports."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..errors import InputError
from ..rows import undecodable
from .analyzing import numbers
from .assembling import thread_of
from .chat import PARTS, chat_rows
from .htmltext import html_to_text
from .mail import Mail, is_no_mail, looks_like_mail, read_mails
from .pasted import chat_of, looks_like_chat
from .records import LeftOut, Message, Thread

KINDS = ("mail", "text", "html", "jsonl", "csv", "json")
_NO_SPEAKERS = (
    "{}: no speakers were recognised, so it is read as one message. Chats are read where each "
    'message starts with its speaker, as in "Ann: …" or "[10:12] Ann: …".'
)
_KINDS = {
    ".eml": "mail",
    ".mbox": "mail",
    ".mbx": "mail",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".json": "json",
    ".html": "html",
    ".htm": "html",
}


def read_thread(
    *files: str | os.PathLike[str],
    kind: str | None = None,
    columns: Mapping[str, str] | None = None,
    me: str | None = None,
) -> Thread:
    """The messages of files, as one thread.

    Read are stored mails (`.eml`, `.mbox`), chat exports (`.jsonl`, `.csv`, `.json`), and
    texts and pages with a pasted mail thread or chat. What is no message (attachments,
    signatures, quotations of messages that are there anyway, unreadable rows) is listed in
    `Thread.left_out`.

    Args:
        files: files, or folders of `.eml` files.
        kind: one of "mail", "text", "html", "jsonl", "csv", "json", for all files; by
            default told by each file's ending and content.
        columns: of a chat export: the column or key of "text", "author", "role", "time".
        me: who wrote the newest message of a pasted mail thread, which names everybody but
            its own author.

    Raises:
        InputError: a file cannot be read, or is not what it should be.
        ValueError: `kind` or a key of `columns` is unknown.
    """
    if not files:
        raise ValueError("give at least one file")
    contents: list[tuple[str, bytes]] = []
    for file in files:
        contents += contents_of(Path(os.fspath(file)))
    return parse_threads(contents, kind=kind, columns=columns, me=me)


def parse_thread(
    content: str | bytes,
    *,
    kind: str | None = None,
    columns: Mapping[str, str] | None = None,
    me: str | None = None,
    name: str = "the text",
) -> Thread:
    r"""The messages of one text, such as a pasted thread; as `read_thread` otherwise.

    Args:
        content: the text, or the bytes of a file.
        kind: as `read_thread`; by default mail or text.
        columns: as `read_thread`.
        me: as `read_thread`.
        name: what messages about it call it.

    Raises:
        InputError: the text is not what it should be.
        ValueError: `kind` or a key of `columns` is unknown.

    >>> thread = parse_thread("I'm on it.\n\nOn 3 Mar 2025, Kim wrote:\n> Is it done?")
    >>> [(message.author, message.text) for message in thread.messages]
    [('Kim', 'Is it done?'), (None, "I'm on it.")]
    """
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    return parse_threads([(name, data)], kind=kind, columns=columns, me=me)


def parse_threads(
    contents: list[tuple[str, bytes]],
    *,
    kind: str | None = None,
    columns: Mapping[str, str] | None = None,
    me: str | None = None,
) -> Thread:
    """The thread of several contents, given with their names; as `read_thread`."""
    columns = columns or {}
    if kind is not None and kind not in KINDS:
        raise ValueError(f"kind={kind!r} is none of {', '.join(KINDS)}")
    unknown = [part for part in columns if part not in PARTS]
    if unknown:
        raise ValueError(f"columns names {unknown[0]!r}, which is none of {', '.join(PARTS)}")
    mails: list[Mail] = []
    threads: list[Thread] = []
    alone: list[str] = []  # texts that look like chats, and are none that is known
    for name, data in contents:
        of = kind or _kind(name, data)
        if of == "mail":
            if is_no_mail(data):
                raise InputError(
                    f"{name}: is no mail: it begins with no header, and is no text in UTF-8"
                )
            mails += read_mails(data)
        elif of in ("jsonl", "csv", "json"):
            threads.append(chat_rows(name, data, of, columns, numbers()))
        else:
            text = _decoded(name, data)
            chat = chat_of(text, numbers()) if of == "text" else None
            if chat is not None:
                threads.append(chat)
            else:
                mails += _pasted(text, of, me)
                if of == "text" and looks_like_chat(text, numbers()):
                    alone.append(name)
    if columns and not threads:
        raise InputError(
            f"{contents[0][0]}: is no chat export, so no column can be named: leave the "
            "columns out, or say what it is (kind=, --input)"
        )
    if mails:
        thread = thread_of(mails, numbers()["mail"])
        if len(thread.messages) == 1 and alone:
            thread = thread._replace(notes=(*thread.notes, _NO_SPEAKERS.format(alone[0])))
        threads.insert(0, thread)
    return _joined(threads)


def contents_of(path: Path) -> list[tuple[str, bytes]]:
    """Name and content of a file, or of the mails in a folder.

    Raises:
        InputError: it cannot be read, or the folder holds no mail.
    """
    try:
        if path.is_dir():
            files = sorted(path.glob("*.eml"))
            if not files:
                raise InputError(f"{path}: a folder without .eml files: give the files")
        else:
            files = [path]
        return [(str(file), file.read_bytes()) for file in files]
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


def _kind(name: str, data: bytes) -> str:
    kind = _KINDS.get(Path(name).suffix.lower())
    if kind is not None:
        return kind
    if looks_like_mail(data):
        return "mail"
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    return "html" if start.startswith((b"<!doctype html", b"<html")) else "text"


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}:{line}: {undecodable(error)}") from None


def _pasted(text: str, kind: str, me: str | None) -> list[Mail]:
    """A pasted mail thread: one mail without headers of its own."""
    left_out: tuple[tuple[str, str], ...] = ()
    if kind == "html":
        text, left_out = html_to_text(text)
    if not text.strip() and not left_out:
        return []
    return [Mail(text, me, None, None, None, None, None, left_out)]


def _joined(threads: list[Thread]) -> Thread:
    """Several threads as one; what was left out keeps its message."""
    messages: list[Message] = []
    left_out: list[LeftOut] = []
    for thread in threads:
        start = len(messages)
        messages += thread.messages
        left_out += [
            part if part.message is None else part._replace(message=part.message + start)
            for part in thread.left_out
        ]
    notes = tuple(note for thread in threads for note in thread.notes)
    subject = next((thread.subject for thread in threads if thread.subject), None)
    return Thread(tuple(messages), tuple(left_out), notes, subject)
