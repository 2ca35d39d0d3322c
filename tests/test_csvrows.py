"""Rows of csv: separators, broken rows, and that every row is read a few times at most."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmtone.csvrows import csv_rows, refuse_twins
from calmtone.errors import InputError


def read(data: str | bytes) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    """The rows with their lines, and what was reported; a column `text` is needed."""
    problems: list[str] = []
    raw = data.encode() if isinstance(data, str) else data
    rows = csv_rows("x.csv", raw.splitlines(keepends=True), problems.append, needs_text)
    return [(line, dict(row)) for line, row in rows], problems


def needs_text(columns: list[str]) -> None:
    if "text" not in columns:
        raise InputError(f"no text among {columns}")


def texts(data: str | bytes) -> list[str]:
    return [row["text"] for _, row in read(data)[0]]


def lines_of(problems: list[str]) -> list[int]:
    return [int(problem.split(":")[1]) for problem in problems]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_what_parts_the_cells_is_found(separator: str) -> None:
    rows = (("id", "text", "by"), ("1", '"Hi, you; two|and\ttabs"', "Kim"))
    data = "".join(f"{separator.join(row)}\n" for row in rows)
    assert read(data) == ([(2, {"id": "1", "text": "Hi, you; two|and\ttabs", "by": "Kim"})], [])
    quoted = data.replace("id", '"id"').replace("by", '"by"')
    assert texts(quoted) == ["Hi, you; two|and\ttabs"]


def test_a_stated_separator_and_blank_lines_come_first() -> None:
    assert read("sep=;\r\n\r\ntext;a,b\r\nyes;1\r\n")[0] == [(4, {"text": "yes", "a,b": "1"})]
    assert texts("\n\ntext\nyes\n") == ["yes"]


def test_separators_inside_of_a_columns_name_do_not_count() -> None:
    assert read('text,"a;b;c;d"\nyes,1\n')[0] == [(2, {"text": "yes", "a;b;c;d": "1"})]
    assert texts("text\none; two, three\n".replace(",", "")) == ["one; two three"]


def test_one_broken_row_costs_no_other() -> None:
    rows, problems = read('text,by\nfine,a\n"bro"ken,b\nYou idiot.,c\n')
    assert rows == [(2, {"text": "fine", "by": "a"}), (4, {"text": "You idiot.", "by": "c"})]
    assert lines_of(problems) == [3]
    assert "not valid CSV" in problems[0]


@pytest.mark.parametrize(
    ("data", "found", "broken"),
    [
        ('text\n"never\nb\nc\n', ["b", "c"], [2]),
        ('text,n\n"never,1\n"two\nlines",2\n"more\nof it",3\nc,4\n', None, [2]),
        ('text,n\na,"x\nb,"y\nc,3\n', ["c"], [2, 3]),
        ('text,n\n"two\nlines",2\nb"ad",1\n"a" b,1\n"",1\n', ["two\nlines", 'b"ad"', ""], [5]),
    ],
)
def test_quotes_that_go_wrong(data: str, found: list[str] | None, broken: list[int]) -> None:
    rows, problems = read(data)
    expected = ["two\nlines", "more\nof it", "c"] if found is None else found
    assert [row["text"] for _, row in rows] == expected
    assert lines_of(problems) == broken


def test_a_cell_may_be_as_long_as_it_likes() -> None:
    long = "word " * 100_000
    rows, problems = read(f'text,by\n"{long}",a\nb,c\n')
    assert problems == []
    assert [len(row["text"]) for _, row in rows] == [500_000, 1]


def test_a_row_of_too_many_lines_has_an_unclosed_quote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("calmtone.csvrows._MOST", 20)
    rows, problems = read('text\n"never closed\nsecond row\nthird row\nfourth row\n')
    assert lines_of(problems) == [2]
    assert [line for line, _ in rows] == [3, 4, 5]


def test_more_cells_than_columns_are_not_cut_off() -> None:
    rows, problems = read("text,by\nHello there, you idiot,Kim\nfine,Kim,,\nshort\n")
    assert lines_of(problems) == [2]
    assert "3 cells for 2 columns" in problems[0]
    assert "a comma in quotation marks" in problems[0]
    assert rows == [(3, {"text": "fine", "by": "Kim"}), (4, {"text": "short"})]


def test_lines_that_end_in_carriage_returns() -> None:
    assert texts(b"text,n\rone,1\rtwo,2\r") == ["one", "two"]
    assert texts(b"text,n\r\none,1\r\ntwo,2\r\n") == ["one", "two"]


def test_other_encodings_are_reported() -> None:
    rows, problems = read(b"text\nna\xefve\nfine\n")
    assert (rows, lines_of(problems)) == ([(3, {"text": "fine"})], [2])
    with pytest.raises(InputError, match=r"x\.csv:1: not UTF-8"):
        read("text\nfine\n".encode("utf-16"))


def test_columns_that_will_not_do() -> None:
    with pytest.raises(InputError, match=r"no text among \['id', 'note'\]"):
        read("id;note\n1;a\n")
    with pytest.raises(InputError, match=r"no text among \[\]"):
        read("")
    with pytest.raises(InputError, match=r"x\.csv:1: not valid CSV"):
        read('"text" x\n1\n')


def test_two_columns_of_one_name() -> None:
    refuse_twins("x.csv", ["text", "note", "note"], ["text"])
    with pytest.raises(InputError, match="2 columns are named 'note'"):
        refuse_twins("x.csv", ["text", "note", "note"], ["text", "note"])


@pytest.mark.parametrize("line", ['"', 'x","z', '"""', 'x,"', '"a","b', '""a"'])
def test_each_line_is_read_a_few_times_at_most(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = 0

    class Counted:
        def __init__(self, lines: Iterator[str], **options: object) -> None:
            import _csv

            self._reader = _csv.reader(self._count(lines), **options)  # type: ignore[arg-type]

        def _count(self, lines: Iterator[str]) -> Iterator[str]:
            nonlocal taken
            for one in lines:
                taken += 1
                yield one

        def __next__(self) -> list[str]:
            return next(self._reader)

    monkeypatch.setattr("calmtone.csvrows.csv.reader", Counted)
    count = 500
    read("text,n\n" + f"{line}\n" * count)
    assert taken <= 4 * count + 10


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6))
def test_what_the_csv_module_writes_is_read(rows: list[tuple[str, str]]) -> None:
    import csv
    import io

    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerows([("text", "n"), *rows])
    data = stream.getvalue().encode("utf-8", "replace")
    problems: list[str] = []
    read_rows = csv_rows("x", io.BytesIO(data), problems.append, needs_text)
    found = [(row["text"], row["n"]) for _, row in read_rows]
    expected = [tuple(c.encode("utf-8", "replace").decode() for c in row) for row in rows]
    assert found == expected
    assert problems == []
