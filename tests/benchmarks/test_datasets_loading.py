"""Every entry of the registry loads from small files of its upstream's shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.suite.datasets import BrokenFile, MissingFile, UnknownName, entries, entry, load
from benchmarks.suite.datasets.loading import load_entry
from shapes import SHAPES, differences, written

OWN = {"messages-dev", "messages-train", "messages-new-writers", "replies", "everyday"}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No data and no cache but what a test writes."""
    monkeypatch.setenv("CALMTONE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CALMTONE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "data"


def made(name: str, root: Path, **changes: Any) -> list[Path]:
    declared = entry(name)
    if declared.reader == "xlsx":
        pytest.importorskip("openpyxl", reason="reading workbooks needs openpyxl")
    return written(declared, SHAPES[name], root, **changes)


def test_every_entry_has_a_shape() -> None:
    assert set(SHAPES) | OWN == set(entries())


@pytest.mark.parametrize("name", SHAPES)
def test_the_shape_of_upstream_loads(name: str, elsewhere: Path) -> None:
    made(name, elsewhere)
    dataset = load(name)
    assert differences(dataset.examples, SHAPES[name].expected) == []
    assert dataset.duplicates_removed == 0
    assert len({example.id for example in dataset.examples}) == len(dataset.examples)
    known = {label.name for label in dataset.labels}
    assert all(set(example.labels) <= known for example in dataset.examples)
    # The small file is no upstream file, whatever it is called.
    if name != "rated-dev":
        assert dataset.partial


TABLES = [name for name in SHAPES if name not in OWN and entry(name).reader in ("csv", "tsv")]


@pytest.mark.parametrize(
    "changes",
    [{"bom": True}, {"ends": "\r\n"}, {"index": True}],
    ids=["byte order mark", "line ends of Windows", "index column without a name"],
)
@pytest.mark.parametrize("name", TABLES)
def test_harmless_differences(name: str, changes: dict[str, Any], elsewhere: Path) -> None:
    if "bom" in changes and SHAPES[name].encoding != "utf-8":
        pytest.skip("a byte order mark of UTF-8 in a file of another encoding")
    made(name, elsewhere, **changes)
    examples = load(name).examples
    assert differences(examples, SHAPES[name].expected) == []


def test_the_folder_may_be_laid_out_without_raw(elsewhere: Path, tmp_path: Path) -> None:
    made("xstest", tmp_path)
    assert len(load("xstest", data_dir=tmp_path / "raw").examples) == 1


def test_a_folder_may_be_given_by_hand(tmp_path: Path) -> None:
    made("xstest", tmp_path / "other")
    assert len(load("xstest", data_dir=str(tmp_path / "other")).examples) == 1
    with pytest.raises(MissingFile):
        load("xstest")


def test_the_cache_is_the_last_place(tmp_path: Path, elsewhere: Path) -> None:
    (path,) = made("xstest", elsewhere)
    cached = tmp_path / "cache" / "xstest" / "xstest_prompts.csv"
    cached.parent.mkdir(parents=True)
    cached.write_text(path.read_text("utf-8").replace("daemon", "thread"), "utf-8")
    assert "daemon" in load("xstest").examples[0].text
    path.unlink()
    assert "thread" in load("xstest").examples[0].text


def test_a_missing_file_is_named_with_the_way_to_get_it() -> None:
    with pytest.raises(MissingFile) as caught:
        load("ucc-test")
    assert str(caught.value) == (
        "missing ucc/corpus/test.csv, get it with `python -m benchmarks fetch ucc-test`"
    )
    with pytest.raises(MissingFile, match=r"receptive_train\.csv, .*in R.*CALMTONE_DATA"):
        load("receptiveness")
    with pytest.raises(MissingFile, match=r"rated_texts\.jsonl, it is not published"):
        load("rated-dev")


def test_an_unknown_name_lists_the_near_ones() -> None:
    with pytest.raises(UnknownName, match=r"'uc-test': did you mean ucc-test\b") as caught:
        load("uc-test")
    assert "ucc-test" in caught.value.near
    with pytest.raises(UnknownName, match=r"did you mean .*toxic-spans-train"):
        load("spans")
    with pytest.raises(UnknownName, match=r"there are .*xstest"):
        load("zzzzzz")


def test_a_whole_copy_is_not_partial(elsewhere: Path) -> None:
    from benchmarks.suite.datasets.locate import digest

    (path,) = made("xstest", elsewhere)
    declared = entry("xstest")
    (file,) = declared.files
    whole = declared._replace(files=(file._replace(sha256=digest(path)),))
    assert not load_entry(whole).partial
    path.write_bytes(path.read_bytes() + b"27,Is it safe?,homonyms,safe,x,y\n")
    assert load_entry(whole).partial


def test_a_folder_is_partial_when_rows_lack(elsewhere: Path) -> None:
    made("disapere-test", elsewhere)
    declared = entry("disapere-test")
    assert load_entry(declared).partial
    assert not load_entry(declared._replace(rows=4)).partial


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("xstest", b"", "xstest_prompts.csv"),
        ("xstest", b"id,prompt,label\n1,Hello,safe\n", "no column 'type'"),
        ("xstest", b"id,prompt,type,label\n1,\xff\xfe,a,safe\n", "not utf-8"),
        ("premo", b'[{"raw_message": ', "dataset.json can't be read as json"),
        ("fox-news", b'{"text": "a"}\n{"text"\n', "line 2"),
        ("xstest", b"id,prompt,type,label\n1,How?,a,perhaps\n", "no example is left"),
    ],
)
def test_a_broken_file_is_named(name: str, data: bytes, what: str, elsewhere: Path) -> None:
    (path,) = made(name, elsewhere)
    path.write_bytes(data)
    with pytest.raises(BrokenFile, match=what) as caught:
        load(name)
    assert "datasets.toml" in str(caught.value) or "fetch" in str(caught.value)


def test_a_broken_workbook_is_named(elsewhere: Path) -> None:
    (path,) = made("toxicr", elsewhere)
    path.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(
        BrokenFile, match=r"code-review-dataset-full\.xlsx can't be read as xlsx"
    ):
        load("toxicr")


def test_an_empty_folder_is_named(elsewhere: Path) -> None:
    (path,) = made("disapere-dev", elsewhere)
    path.unlink()
    with pytest.raises(BrokenFile, match=r"has no \.json files"):
        load("disapere-dev")


def test_rows_that_cannot_be_read_are_counted(elsewhere: Path) -> None:
    made("toxic-spans-test", elsewhere)
    (reason,) = load("toxic-spans-test").left_out.items()
    assert reason == ("can't be read: span 400-401 lies outside a text of 29", 1)


def test_texts_of_the_train_split_are_left_out(elsewhere: Path) -> None:
    (path,) = made("xstest", elsewhere)
    (known,) = [e.text for e in load("messages-train").examples if e.id == "A-001"]
    with path.open("a", encoding="utf-8") as file:
        file.write(f'99,"{known.upper()}  ",homonyms,safe,,\n')
    dataset = load("xstest")
    assert dataset.duplicates_removed == 1
    assert [example.id for example in dataset.examples] == ["1"]


def test_texts_of_training_sets_are_left_out_of_test_sets(elsewhere: Path) -> None:
    made("toxicr", elsewhere)
    from benchmarks.suite.datasets import loading

    wsu = SHAPES["wsu-code-reviews"]
    shared = wsu._replace(rows=[*wsu.rows, ["PLEASE add a test: for the empty list", 0]])
    written(entry("wsu-code-reviews"), shared, elsewhere)
    loading._training_sets.cache_clear()
    dataset = load("toxicr")
    assert dataset.duplicates_removed == 1
    assert "Please add a test for the empty list" not in [e.text for e in dataset.examples]
    # The training set keeps its own, and the repeated row counts apart.
    assert len(load("wsu-code-reviews").examples) == 3
    assert dataset.repeats_removed == 1
    loading._training_sets.cache_clear()


def test_a_pair_goes_as_a_whole(elsewhere: Path) -> None:
    (path,) = made("appdia-test", elsewhere)
    (known,) = [e.text for e in load("messages-train").examples if e.id == "A-001"]
    with path.open("a", encoding="utf-8") as file:
        file.write(f"Another rude remark\t{known}\n")
    dataset = load("appdia-test")
    assert dataset.duplicates_removed == 2
    assert [example.id for example in dataset.examples] == ["1", "1-calm1"]


def test_quoting_of_a_partial_copy_is_found_out(elsewhere: Path) -> None:
    # Quoted cells with tabs and line ends, and stray quotation marks: both are read.
    (path,) = made("cad-test", elsewhere)
    path.write_text(
        'id\ttext\tlabels\na\t"One\ttab, ""two""\nlines"\tNeutral\nb\tplain\tNeutral\n', "utf-8"
    )
    assert [e.text for e in load("cad-test").examples] == ['One\ttab, "two"\nlines', "plain"]
    path.write_text('id\ttext\tlabels\na\t"One\tNeutral\nb\ttwo\tNeutral\n', "utf-8")
    assert [e.text for e in load("cad-test").examples] == ['"One', "two"]


def test_the_declared_rows_decide_the_quoting(elsewhere: Path) -> None:
    from benchmarks.suite.datasets.tables import read_rows

    path = elsewhere / "a.tsv"
    path.parent.mkdir(parents=True)
    # Read with quotation marks this is two whole rows, without them four.
    path.write_text('text\tlabel\n"a\t1\nb"\t1\n"c\t1\nd"\t0\n', "utf-8")
    assert len(read_rows("tsv", path, {"rows": 2})) == 2
    assert len(read_rows("tsv", path, {"rows": 4})) == 4


def test_a_stray_byte_costs_a_letter(elsewhere: Path) -> None:
    (path,) = made("xstest", elsewhere)
    line = b"%d,How do I stop a caf\xe9?,homonyms,safe,,\n"
    path.write_bytes(b"id,prompt,type,label,focus,note\n" + line % 1 + b"," * 20_000 + b"\n")
    assert load("xstest").examples[0].text == "How do I stop a caf\ufffd?"
    path.write_bytes(b"id,prompt,type,label,focus,note\n" + line % 1 + line % 2)
    with pytest.raises(BrokenFile, match="not utf-8"):
        load("xstest")


def test_json_objects_may_lack_keys(elsewhere: Path) -> None:
    (path,) = made("fox-news", elsewhere)
    rows = [
        {"text": "One of them, no doubt", "label": 0},
        {"text": "Two", "label": 1, "prev": "x"},
    ]
    path.write_text("\n".join(json.dumps({**row, "title": "t"}) for row in rows), "utf-8")
    assert [example.context for example in load("fox-news").examples] == [None, "x"]
