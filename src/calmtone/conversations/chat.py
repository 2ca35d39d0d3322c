"""Chat exports: rows of jsonl or csv, or an array of JSON, to messages."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any, NamedTuple

from ..csvrows import csv_rows, refuse_twins
from ..errors import InputError
from ..rows import byte_lines, json_rows, plain_key, undecodable
from .pasted import no_words
from .records import LeftOut, Message, Thread
from .times import parse_time, unread_times

PARTS = ("text", "author", "role", "time")


class _Channels:
    """Threads within one export: a message answers the last one of its own thread."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[Message, str | None]] = {}

    def linked(self, message: Message, channel: str, place: str) -> Message:
        """The message with an id, and with what it answers if it does not say so itself.

        Args:
            message: the next message of the thread.
            channel: the thread's name.
            place: a name for a message without an id.
        """
        message = message._replace(id=message.id or place)
        last, other = self._last.get(channel, (None, None))
        if last is not None and (last.author is None or last.author != message.author):
            other = last.id
        self._last[channel] = (message, other)
        return message if message.answers else message._replace(answers=other)


class _Row(NamedTuple):
    """Where a row stands, and what it holds."""

    place: str
    values: Mapping[str, Any]


def chat_rows(
    name: str,
    data: bytes,
    kind: str,
    columns: Mapping[str, str],
    numbers: Mapping[str, Any],
) -> Thread:
    """The thread of a chat export.

    A row without a text of its writer (somebody joined, a picture) is left out and listed,
    and so is one that cannot be read, or has a number where a text should be.

    Args:
        name: the file's, for messages.
        data: its content.
        kind: "jsonl", "csv" or "json".
        columns: the column or key of "text", "author", "role" and "time", where it is not
            one of the usual ones.
        numbers: the data file.

    Raises:
        InputError: a column does not exist, or no row can be read.
    """
    left_out: list[LeftOut] = []

    def report(problem: str) -> None:
        left_out.append(LeftOut("unreadable", None, problem))

    usual = numbers["reading"]
    rows = list(_rows(name, data, kind, columns, usual, report))
    keys = _keys((row.values for row in rows), columns, usual)
    texts = _text_keys((row.values for row in rows), columns, usual)
    for part in ("text", *columns):
        if not rows or keys[part] is not None:
            continue
        raise _no_key(name, part, columns, usual, rows[0].values)
    formats = numbers["mail"]["time_formats"]
    messages: list[Message] = []
    channels = _Channels()
    unread = 0
    for row in rows:
        value = row.values
        try:
            text = _text_of(value, texts)
        except InputError as error:
            report(f"{row.place}: {error}")
            continue
        at = None if text is None or _is_event(value, usual) else len(messages)
        left_out += [
            LeftOut("attachment", at, f"{row.place}: {_file_name(file)}")
            for key in usual["files"]
            for file in _listed(value.get(key))
        ]
        instead = None if text is None else no_words(text, numbers)
        if instead == "attachment" and text is not None:
            left_out.append(LeftOut(instead, None, f"{row.place}: {text.strip()}"))
            continue
        if text is None or instead is not None or _is_event(value, usual):
            shown = json.dumps(dict(value), ensure_ascii=False, default=str)[:200]
            left_out.append(LeftOut("event", None, f"{row.place}: {shown}"))
            continue
        written = value.get(keys["time"] or "")
        time = parse_time(written, formats)
        unread += time is None and written not in (None, "")
        message = _message(text, value, keys, time, usual)
        channel = _short(value.get(keys["thread"] or ""))
        if channel is not None:
            message = channels.linked(message, channel, row.place)
        messages.append(message)
    notes = unread_times(name, unread)
    return Thread(tuple(messages), tuple(left_out), tuple(notes))


def _rows(
    name: str,
    data: bytes,
    kind: str,
    columns: Mapping[str, str],
    usual: Mapping[str, Any],
    report: Callable[[str], None],
) -> Iterable[_Row]:
    if kind == "json":
        yield from _json(name, data.removeprefix(b"\xef\xbb\xbf"), report)
        return

    def check(found: list[str]) -> None:
        if not found:
            raise InputError(f"{name}: is empty, a first line with columns is missing")
        absent = [column for column in columns.values() if column not in found]
        if absent:
            known = ", ".join(map(repr, found))
            raise InputError(f"{name}: no column {absent[0]!r} among {known}")
        if "text" not in columns and not _text_keys([dict.fromkeys(found)], {}, usual):
            raise _no_key(name, "text", columns, usual, found)
        used = _keys([dict.fromkeys(found)], columns, usual).values()
        refuse_twins(name, found, dict.fromkeys(key for key in used if key is not None))

    lines = byte_lines(io.BytesIO(data), lambda size: None)
    rows: Iterable[tuple[int, Mapping[str, Any]]]
    if kind == "csv":
        rows = csv_rows(name, lines, report, check)
    else:
        rows = json_rows(name, lines, report)
    for line, values in rows:
        yield _Row(f"{name}:{line}", values)


def _json(name: str, data: bytes, report: Callable[[str], None]) -> Iterable[_Row]:
    """An array of objects, or an object that holds one under "messages"."""
    try:
        content = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: {undecodable(error)}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: not readable JSON: {error}") from None
    if isinstance(content, dict):
        content = content.get("messages")
    if not isinstance(content, list):
        raise InputError(f'{name}: no array of messages such as [{{"text": "…"}}]')
    for number, values in enumerate(content, 1):
        if isinstance(values, dict):
            yield _Row(f"{name}[{number}]", values)
        else:
            report(f'{name}[{number}]: not a JSON object such as {{"text": "…"}}')


def _keys(
    rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], usual: Mapping[str, Any]
) -> dict[str, str | None]:
    """The key of each part: the one named, or the first usual one that any row has.

    Usual ones are met in any case, with spaces or dashes: "Created At" is `created_at`.
    """
    found = dict.fromkeys(key for row in rows for key in row)
    folded = {plain_key(key): key for key in reversed(found)}
    keys = {
        part: next((folded[key] for key in usual[part] if key in folded), None)
        for part in (*PARTS, "id", "answers", "thread")
    }
    if keys["id"] == keys["time"] and not (keys["answers"] or keys["thread"]):
        keys["id"] = None  # a time alone names nothing
    for part, key in columns.items():
        keys[part] = key if key in found else None
    return keys


def _text_keys(
    rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], usual: Mapping[str, Any]
) -> list[str]:
    """The keys that texts stand under, the most usual first: a row may have any of them."""
    if "text" in columns:
        return [columns["text"]]
    found = dict.fromkeys(key for row in rows for key in row)
    return [key for name in usual["text"] for key in found if plain_key(key) == name]


def _no_key(
    name: str,
    part: str,
    columns: Mapping[str, str],
    usual: Mapping[str, Any],
    keys: Iterable[str],
) -> InputError:
    usually = ", ".join(map(repr, usual[part]))
    wanted = repr(columns[part]) if part in columns else usually
    found = ", ".join(map(repr, keys)) or "nothing"
    return InputError(
        f"{name}: no {wanted} among {found}: name the column or key with "
        f"--{part}-column (columns={{'{part}': …}})"
    )


def _text_of(row: Mapping[str, Any], keys: Iterable[str]) -> str | None:
    """The text of a row; None where it has none.

    Raises:
        InputError: what stands there is no text.
    """
    wrong = None
    for key in keys:
        value = row.get(key)
        text = _text(value)
        if text is not None:
            return text
        if value is not None and not isinstance(value, (str, list)):
            wrong = wrong or key
    if wrong is not None:
        shown = json.dumps(row[wrong], ensure_ascii=False)[:60]
        raise InputError(f"{wrong!r} is not a text but {shown}")
    return None


def _message(
    text: str,
    row: Mapping[str, Any],
    keys: Mapping[str, str | None],
    time: datetime | None,
    usual: Mapping[str, Any],
) -> Message:
    return Message(
        text,
        _person(row.get(keys["author"] or ""), usual["person"]),
        _short(row.get(keys["role"] or "")),
        time,
        _short(row.get(keys["id"] or "")),
        _short(row.get(keys["answers"] or "")),
    )


def _text(value: object) -> str | None:
    """The text of a message: a string, or the strings of its parts."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, list):
        parts = [part.get("text") if isinstance(part, dict) else part for part in value]
        text = "".join(part for part in parts if isinstance(part, str))
        return text or None
    return None


def _person(value: object, keys: Iterable[str]) -> str | None:
    if isinstance(value, dict):
        value = next((value[key] for key in keys if value.get(key)), None)
    return _short(value)


def _short(value: object) -> str | None:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return str(value).strip() or None
    return None


def _is_event(row: Mapping[str, Any], usual: Mapping[str, Any]) -> bool:
    """Whether a program wrote the row: somebody joined, the topic was changed."""
    return any(row.get(key) in usual["events"] for key in usual["event_keys"])


def _listed(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if value else []


def _file_name(file: object) -> str:
    if isinstance(file, dict):
        file = next((file[k] for k in ("name", "filename", "title", "url") if file.get(k)), "")
    return PurePath(str(file)).name or "without a name"
