"""Downloads go to the cache, are checked, and fail with what to do; list and fetch say so."""

from __future__ import annotations

import argparse
import functools
import http.server
import io
import json
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.fit.corpus import OWN
from benchmarks.suite.datasets import (
    Entry,
    FetchFailed,
    HashMismatch,
    MissingFile,
    UnknownName,
    commands,
    entries,
    entry,
    locate,
)
from benchmarks.suite.datasets.loading import load_entry
from benchmarks.suite.systems import SYSTEMS, System
from benchmarks.suite.tasks import TASKS
from shapes import SHAPES, written

COMMIT = "d7bb5bd738c1fcbc36edd83d5e7d1b71a3e2d84d"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, without a log."""

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def nothing_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALMTONE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CALMTONE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that stands for GitHub, served on this machine alone."""
    pytest.importorskip("pooch", reason="downloading needs pooch")
    folder = tmp_path / "upstream"
    folder.mkdir()
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(locate, "_RAW", address)
        monkeypatch.setattr(locate, "_ARCHIVES", address)
        yield folder
        server.shutdown()
        thread.join()


def served(declared: Entry, upstream: Path, tmp_path: Path) -> Entry:
    """The entry with the hash of its shape, which is put where a download looks."""
    (made,) = written(declared, SHAPES[declared.name], tmp_path / "made")
    (file,) = declared.files
    place = upstream / declared.upstream / declared.commit / file.path
    place.parent.mkdir(parents=True)
    made.rename(place)
    return declared._replace(files=(file._replace(sha256=locate.digest(place)),))


def test_a_file_is_fetched_once(upstream: Path, tmp_path: Path) -> None:
    declared = served(entry("xstest"), upstream, tmp_path)
    with pytest.raises(MissingFile):
        load_entry(declared)
    (path,) = locate.fetch(declared)
    assert path == tmp_path / "cache" / "xstest" / "xstest_prompts.csv"
    assert not load_entry(declared).partial
    assert [e.id for e in load_entry(declared).examples] == ["1"]
    # It is there now: the server is not asked again.
    for file in upstream.rglob("*.csv"):
        file.unlink()
    assert locate.fetch(declared) == [path]


def test_progress_is_shown_where_asked(
    upstream: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("rich", reason="progress bars need rich")
    declared = served(entry("xstest"), upstream, tmp_path)
    locate.fetch(declared, progress=True)
    assert not load_entry(declared).partial
    bar = locate._bar("xstest_prompts.csv")
    bar.total = 10
    bar.update(4)
    assert bar.progress.tasks[0].completed == 4
    assert bar.progress.tasks[0].total == 10
    bar.reset()
    assert bar.progress.tasks[0].completed == 0
    bar.close()


def test_a_changed_file_fails_with_what_to_do(upstream: Path, tmp_path: Path) -> None:
    declared = served(entry("xstest"), upstream, tmp_path)
    (file,) = upstream.rglob("*.csv")
    file.write_text("id,prompt\n", encoding="utf-8")
    with pytest.raises(HashMismatch, match=r"not what datasets\.toml declares for xstest") as c:
        locate.fetch(declared)
    assert "fetch again" in str(c.value)
    assert "CALMTONE_DATA" in str(c.value)
    assert "set commit, bytes and sha256" in str(c.value)
    with pytest.raises(MissingFile):
        load_entry(declared)


def test_a_wrong_file_in_the_cache_is_replaced(upstream: Path, tmp_path: Path) -> None:
    declared = served(entry("xstest"), upstream, tmp_path)
    old = tmp_path / "cache" / "xstest" / "xstest_prompts.csv"
    old.parent.mkdir(parents=True)
    old.write_text("cut sho", encoding="utf-8")
    locate.fetch(declared)
    assert not load_entry(declared).partial


def test_a_download_that_does_not_come(upstream: Path) -> None:
    with pytest.raises(FetchFailed, match=r"404.*below raw/xstest/ in the folder that CALM"):
        locate.fetch(entry("xstest"))


def archive(upstream: Path, declared: Entry, *names: str) -> Path:
    """The archive of the upstream commit, with one review under each of the names."""
    place = upstream / declared.upstream / "archive" / f"{declared.commit}.zip"
    place.parent.mkdir(parents=True, exist_ok=True)
    review = io.StringIO()
    json.dump(SHAPES[declared.name].rows[0], review)
    with zipfile.ZipFile(place, "w") as zipped:
        for name in names:
            zipped.writestr(f"DISAPERE-{declared.commit}/{name}", review.getvalue())
    return place


def test_a_folder_comes_out_of_the_archive(upstream: Path, tmp_path: Path) -> None:
    declared = entry("disapere-test")
    inside = "DISAPERE/final_dataset/test"
    archive(
        upstream, declared, f"{inside}/a.json", f"{inside}/b.json", "README.md", "../evil.json"
    )
    (path,) = locate.fetch(declared)
    assert path == tmp_path / "cache" / "disapere" / inside
    assert sorted(each.name for each in path.iterdir()) == ["a.json", "b.json"]
    assert not list(tmp_path.rglob("evil.json"))
    dataset = load_entry(declared)
    assert len(dataset.examples) == 6
    assert dataset.partial
    assert locate.fetch(declared) == [path]


def test_an_archive_without_the_folder(upstream: Path) -> None:
    archive(upstream, entry("disapere-test"), "DISAPERE/other/a.json")
    with pytest.raises(HashMismatch, match="has no DISAPERE/final_dataset/test/"):
        locate.fetch(entry("disapere-test"))


def test_a_folder_with_another_hash(upstream: Path) -> None:
    archive(upstream, entry("disapere-dev"), "DISAPERE/final_dataset/dev/a.json")
    with pytest.raises(
        HashMismatch, match=r"not what datasets\.toml declares for disapere-dev"
    ):
        locate.fetch(entry("disapere-dev"))
    with pytest.raises(MissingFile):
        load_entry(entry("disapere-dev"))


def test_a_broken_archive(upstream: Path) -> None:
    place = archive(upstream, entry("disapere-test"), "DISAPERE/final_dataset/test/a.json")
    place.write_bytes(b"<html>Rate limited</html>")
    with pytest.raises(FetchFailed, match="no whole archive: fetch disapere-test again"):
        locate.fetch(entry("disapere-test"))


def test_what_cannot_be_downloaded_says_how_to_get_it() -> None:
    with pytest.raises(MissingFile, match=r"in R.*CALMTONE_DATA"):
        locate.fetch(entry("receptiveness"))
    with pytest.raises(MissingFile, match="not published"):
        locate.fetch(entry("rated-dev"))
    assert locate.fetch(entry("messages-dev")) == [OWN / "messages.jsonl"]


def test_downloads_without_pooch_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(FetchFailed, match=r"need pooch: `pip install 'calmtone\[bench\]'`"):
        locate.fetch(entry("xstest"))
    monkeypatch.delenv("CALMTONE_CACHE")
    assert locate.cache_dir() is None


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers(required=True))
    options = parser.parse_args(words)
    code: int = options.run(options)
    return code


def test_list_names_every_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Nothing(System):
        """Nothing."""

        title = "nothing"
        packages = ("no-such-package",)

    monkeypatch.setitem(SYSTEMS, "nothing", Nothing)
    assert run("list") == 0
    out = capsys.readouterr().out
    lines = {line.split()[0]: line for line in out.splitlines() if line}
    assert set(entries()) <= set(lines)
    assert lines["ucc-test"].endswith("missing")
    assert lines["messages-dev"].endswith("yes")
    assert {*TASKS, *SYSTEMS} <= set(lines)
    assert "needs no-such-package" in lines["nothing"]


def test_list_says_which_copies_are_partial(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(entry("xstest"), SHAPES["xstest"], tmp_path / "data")
    run("list")
    out = capsys.readouterr().out
    assert "partial copy" in next(line for line in out.splitlines() if "xstest" in line)


def test_list_describes_a_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "toxic-spans-test") == 0
    out = capsys.readouterr().out
    for part in (
        "CC0 1.0",
        "74f4dd08",
        "python -m benchmarks fetch toxic-spans-test",
        "@inproc",
    ):
        assert part in out
    with pytest.raises(UnknownName, match="toxic-spans-test"):
        run("list", "toxic-span-test")


def test_fetch_says_what_became_of_each(
    upstream: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("fetch", "messages-dev") == 0
    assert "licence: CC BY 4.0" in capsys.readouterr().out
    assert run("fetch", "messages-dev", "xstest", "receptiveness") == 1
    err = capsys.readouterr().err
    assert "xstest: http://127.0.0.1" in err
    assert "receptiveness: missing politeness_r/receptive_train.csv" in err
    with pytest.raises(UnknownName):
        run("fetch", "xtest")


def test_fetch_without_a_name_gets_all_that_is_missing(
    upstream: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    some = {name: entry(name) for name in ("messages-dev", "receptiveness", "premo")}
    some["xstest"] = served(entry("xstest"), upstream, tmp_path)
    monkeypatch.setattr(commands, "entries", lambda: some)
    assert run("fetch") == 1
    out, err = capsys.readouterr()
    assert "xstest: " in out
    assert "xstest_prompts.csv" in out
    assert "receptiveness: missing politeness_r/receptive_train.csv" in out
    assert "messages-dev" not in out
    assert err.startswith("premo: ")
    # All that can be downloaded is here now.
    some.pop("premo")
    assert run("fetch") == 0
