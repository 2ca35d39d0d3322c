"""Rows to examples: columns, cleaning, labels and spans as `datasets.toml` declares them."""

from __future__ import annotations

import ast
import fnmatch
import functools
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .records import Example

Row = Mapping[str, Any]
Spans = tuple[tuple[int, int, str], ...]

# How a label's value is found, beside `column` and `file`: see docs/datasets.md.
LABEL_RULES = frozenset(
    {"column", "one", "zero", "above", "each", "votes", "for", "against", "unless"}
)
SPAN_FORMS = ("offsets", "texts", "records")

_MISSING = frozenset({"", "nan"})
_ONE = frozenset({"1", "true", "yes", "y"})
_ZERO = frozenset({"0", "false", "no", "n"})


def cell(row: Row, column: str | Sequence[str]) -> Any:
    """The cell of a column, or of the first of several that is not empty; None if all are.

    Raises:
        KeyError: the row has none of the columns.
    """
    names = [column] if isinstance(column, str) else column
    found = [name for name in names if name in row]
    if not found:
        lowered = {key.strip().casefold(): key for key in row}
        found = [key for name in names if (key := lowered.get(name.strip().casefold()))]
        if not found:
            raise KeyError(" or ".join(names))
    for name in found:
        value = row[name]
        # Only short text can be a mark for an empty cell.
        if value is not None and (
            not isinstance(value, str | float)
            or (isinstance(value, str) and len(value) > 8)
            or plain(value) not in _MISSING
        ):
            return value
    return None


def plain(value: Any) -> str:
    """A cell as it is compared: no case, no outer space, `1.0` and `1` the same."""
    if value is None:
        return ""
    text = str(value).strip().casefold()
    return text[:-2] if text.endswith(".0") and text[:-2].lstrip("-").isdigit() else text


def _unquoted(text: str) -> str:
    """A JSON string's content, where the text is one."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text, strict=False))
        except ValueError:
            return text[1:-1]
    return text


def _unescaped(text: str) -> str:
    """Text that was written as a Python literal: no outer quotes, escapes resolved."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    # Twice escaped in places; only known escapes, since a lone backslash may be a face.
    for _ in range(2):
        text = _ESCAPES.sub(_escape, text)
    return text


_ESCAPES = re.compile(
    r"\\\\|\\([ntr'\"])|((?:\\x[0-9a-fA-F]{2})+)|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})"
)


def _escape(match: re.Match[str]) -> str:
    letter, run, short, long = match.groups()
    if letter:
        return {"n": "\n", "t": "\t", "r": "\r"}.get(letter, letter)
    if run:
        data = bytes.fromhex(run.replace("\\x", ""))
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("latin-1")
    if not (short or long):
        return "\\"
    code = int(short or long, 16)
    surrogate = 0xD800 <= code <= 0xDFFF
    return match[0] if surrogate or code > 0x10FFFF else chr(code)


CLEANERS: dict[str, Callable[[str], str]] = {
    "json": _unquoted,
    "escapes": _unescaped,
    "linebreak": lambda text: re.sub(r" ?\[linebreak\] ?", "\n", text),
    "strip": str.strip,
}


def cleaned(text: str, names: Iterable[str]) -> str:
    """Text after the named steps of `CLEANERS`, in their order."""
    for name in names:
        text = CLEANERS[name](text)
    return text


def label_value(row: Row, rule: Mapping[str, Any]) -> float | None:
    """What a row says about a label, None where it says nothing.

    Args:
        row: of the file.
        rule: `column` (default: the label's name); `one` and `zero`, lists of cells that
            mean 1 and 0 (without `zero`, all others; `*` ends a prefix); `above`, a number
            over which the label is 1; `each`, what separates several values in the cell: 1
            where one of them is in `one`, 0 where all are in `zero`; `votes`, patterns of
            columns of which the majority decides; `for` and `against`, patterns of columns
            whose ones are counted against each other; `unless`, columns with cells that
            make the label say nothing. Ties and unknown cells say nothing.

    Raises:
        KeyError: the row lacks the column.
        ValueError: a rating is no number.
    """
    for column, cells in rule.get("unless", {}).items():
        if _in(plain(cell(row, column)), cells):
            return None
    if "for" in rule:
        yes = sum(plain(row[c]) in _ONE for c in _matching(row, rule["for"]))
        no = sum(plain(row[c]) in _ONE for c in _matching(row, rule["against"]))
        return None if yes == no else float(yes > no)
    if "votes" in rule:
        cells = [found for c in _matching(row, rule["votes"]) if (found := cell(row, c))]
        votes = [_value(found, rule) for found in cells]
        return next((v for v in (0.0, 1.0) if votes.count(v) * 2 > len(votes)), None)
    return _value(cell(row, rule.get("column", rule["name"])), rule)


def _matching(row: Row, patterns: Sequence[str]) -> list[str]:
    found = [c for c in row if any(fnmatch.fnmatchcase(c, pattern) for pattern in patterns)]
    if not found:
        raise KeyError(" or ".join(patterns))
    return found


def _value(found: Any, rule: Mapping[str, Any]) -> float | None:
    if found is None:
        return None
    if "above" in rule:
        return float(_number(found) > rule["above"])
    if rule["kind"] == "rating":
        return _number(found)
    one, zero = rule.get("one"), rule.get("zero")
    if one is None and zero is None:
        one, zero = _ONE, _ZERO
    if "each" in rule:
        parts = re.split(f"[{re.escape(rule['each'])}]", re.sub(r"[\[\]'\"]", "", str(found)))
        values = [_binary(part, one, zero) for part in parts if part.strip()]
        if 1.0 in values:
            return 1.0
        return 0.0 if values and None not in values else None
    return _binary(found, one, zero)


def _binary(found: Any, one: Iterable[str] | None, zero: Iterable[str] | None) -> float | None:
    value = plain(found)
    # What is named as 0 comes first, so that `one = ["*"]` means all the others.
    if zero is not None and _in(value, zero):
        return 0.0
    if _in(value, one or ()):
        return 1.0
    return 0.0 if zero is None else None


def _in(value: str, wanted: Iterable[str]) -> bool:
    return any(
        value.startswith(each[:-1].casefold()) if each[-1:] == "*" else value == plain(each)
        for each in wanted
    )


def _number(found: Any) -> float:
    number = float(found)
    if not math.isfinite(number):
        raise ValueError(f"{found!r} is no finite number")
    return number


def spans_of(row: Row, rule: Mapping[str, Any], text: str) -> Spans | None:
    """The marked spans of a row's text.

    Args:
        row: of the file.
        rule: `column`; `form`: `offsets` (a list of code points, SemEval-2021 task 5),
            `texts` (the marked words, put apart by `separator`), or `records` (a list of
            objects with start, end and dimension); `dimension`, for all but `records`.
        text: the text that they lie in.

    Returns:
        The spans in order, none of them empty; None where texts are marked that can't be
        found in the text.

    Raises:
        KeyError: the row lacks the column.
        ValueError: the offsets can't be read, or lie outside the text.
    """
    column = rule.get("column", "spans")
    form = rule["form"]
    # A key that is left out of a JSON record says that nothing was marked.
    found = cell(row, column) if form != "records" else row.get(column)
    if form == "records":
        if found is None:
            return None
        parts = [(r["start"], r["end"], str(r["dimension"])) for r in found]
    elif form == "offsets":
        parts = [(a, b, rule["dimension"]) for a, b in _runs(_offsets(found))]
    else:
        marked = [p.strip() for p in str(found or "").split(rule["separator"]) if p.strip()]
        places = [_find(text, part) for part in marked]
        if None in places:
            return None
        parts = [(a, b, rule["dimension"]) for a, b in filter(None, places)]
    for start, end, _ in parts:
        if not 0 <= start < end <= len(text):
            raise ValueError(f"span {start}-{end} lies outside a text of {len(text)}")
    return tuple(sorted(set(parts)))


def _offsets(found: Any) -> list[int]:
    if found is None:
        return []
    try:
        values = ast.literal_eval(found) if isinstance(found, str) else found
        if isinstance(values, int):
            values = [values]
        # A pair of pairs is a list of ranges; numbers are single characters.
        flat: list[int] = []
        for value in values:
            flat += range(*value) if isinstance(value, (list, tuple)) else [int(value)]
    except (SyntaxError, TypeError, ValueError) as error:
        raise ValueError(f"{str(found)[:40]!r} is no list of offsets") from error
    return flat


def _runs(offsets: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for offset in sorted(set(offsets)):
        if runs and runs[-1][1] == offset:
            runs[-1] = (runs[-1][0], offset + 1)
        else:
            runs.append((offset, offset + 1))
    return runs


def _find(text: str, part: str) -> tuple[int, int] | None:
    start = text.find(part)
    if start >= 0:
        return start, start + len(part)
    # Annotation tools change white space and case; words and order stay.
    pattern = r"\s*".join(re.escape(word) for word in part.split())
    match = re.search(pattern, text, re.IGNORECASE)
    return match.span() if match else None


def example_of(row: Row, options: Mapping[str, Any], number: int) -> Example:
    """A row as an example.

    Args:
        row: of the file.
        options: of the entry: `columns`, `clean`, `labels`, `spans`, `terms`.
        number: of the row in its set, its id where no column has one.

    Raises:
        KeyError: the row lacks a column that the entry needs.
        ValueError: a cell can't be read.
    """
    columns = options["columns"]

    def of(key: str) -> str | None:
        if key not in columns:
            return None
        try:
            found = cell(row, columns[key])
        except KeyError:
            # Copies lose or gain an index column; the number of the row does as well.
            if key != "id":
                raise
            return None
        return None if found is None else str(found)

    found = of("text")
    text = cleaned(found or "", options.get("clean", ()))
    context = of("context")
    marked = options.get("spans")
    labels = {}
    for rule in options.get("labels", ()):
        if rule["kind"] not in ("span", "rewrite"):
            value = label_value(row, rule)
            if value is not None:
                labels[rule["name"]] = value
    kind = of("kind")
    if terms := options.get("terms"):
        kind = term_in(text, tuple(terms))
    identity, group = of("id"), of("group")
    return Example(
        id=plain_id(identity) if identity is not None else str(number),
        text=text,
        context=cleaned(context, options.get("clean", ())) if context else None,
        labels=labels,
        spans=spans_of(row, marked, text) if marked and text else None,
        group=plain_id(group) if group is not None else None,
        partner=of("partner"),
        kind=kind,
    )


def rewrites_of(row: Row, options: Mapping[str, Any], number: int) -> list[Example]:
    """A row with a text and calm versions of it, as one example each.

    Args:
        row: of the file.
        options: of the entry: `rewrites` (`original`, one column; `calm`, a list of columns
            that may be empty), `columns`, `clean`, `labels`.
        number: of the row in its set; the original's id is the number (or the row's id),
            those of the calm versions end in `-calm1`, `-calm2`, …

    Raises:
        KeyError: the row lacks a column that the entry needs.
    """
    pair, columns = options["rewrites"], options.get("columns", {})
    clean = options.get("clean", ())
    base = str(cell(row, columns["id"])) if "id" in columns else str(number)
    names = [rule["name"] for rule in options["labels"] if rule["kind"] != "span"]
    original = cell(row, pair["original"])
    texts = [str(found) for column in pair["calm"] if (found := cell(row, column)) is not None]
    if original is None or not texts:
        return []
    text = cleaned(str(original), clean)
    made = [Example(base, text, labels=dict.fromkeys(names, 1.0), group=base)]
    for place, each in enumerate(dict.fromkeys(cleaned(calm, clean) for calm in texts), 1):
        if each.strip() and each != text:
            zeros = dict.fromkeys(names, 0.0)
            name = f"{base}-calm{place}"
            made.append(Example(name, each, labels=zeros, group=base, partner=base))
    return made if len(made) > 1 else []


def plain_id(value: str) -> str:
    """An id that is the same whether it was written as an integer or a float."""
    return plain(value) if value.strip().endswith(".0") else value.strip()


def term_in(text: str, terms: tuple[str, ...]) -> str | None:
    """The longest of the terms that stands in the text as a word, None without any."""
    found = _terms(terms).findall(text.casefold())
    return max(found, key=len, default=None)


@functools.cache
def _terms(terms: tuple[str, ...]) -> re.Pattern[str]:
    # Longest first: "african american" before "african".
    parts = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
    return re.compile(rf"(?<![a-z])(?:{parts})(?![a-z])")
