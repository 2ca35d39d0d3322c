"""`python -m benchmarks report`: what is stale is noticed, and plots show the results."""

import argparse
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from benchmarks.suite import results as suite_results
from benchmarks.suite.report import command, published
from benchmarks.suite.report.drawing import DrawingError, is_current, svg
from benchmarks.suite.report.plots import Plot, digest, plots
from made_suite import WORDS, suite


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Results files and an empty folder for the page, with the words of these tests."""
    results, docs = tmp_path / "results", tmp_path / "docs"
    docs.mkdir()
    for result in suite():
        suite_results.write(result, results)
    monkeypatch.setattr(command, "wording", lambda: WORDS)
    return results, docs


def run(folders: tuple[Path, Path], *options: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    results, docs = folders
    options = ("--results", str(results), "--docs", str(docs), *options)
    return command.cmd_report(parser.parse_args(options))


def wanted() -> list[Plot]:
    return plots(suite(), published.published(), WORDS)


def draw_nothing(docs: Path) -> None:
    """Files that pass for the plots: they hold the hashes of their data."""
    (docs / "benchmarks").mkdir()
    for plot in wanted():
        (docs / plot.file).write_text(f"plot-data:{digest(plot)}", encoding="utf-8")


def test_a_stale_page_is_noticed_without_the_drawing_library(
    folders: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    results, docs = folders
    draw_nothing(docs)
    assert run(folders, "--check") == 1
    told = capsys.readouterr().out
    assert told.startswith("benchmarks.md is stale: python -m benchmarks report\n")
    assert "benchmarks/ranking.md is stale" in told
    assert "svg" not in told
    assert run(folders) == 0
    assert run(folders, "--check") == 0
    changed = suite()[0]._replace(n=4321)
    suite_results.write(changed, results)
    assert run(folders, "--check") == 1


def test_a_stale_plot_is_named_and_needs_the_drawing_library(
    folders: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    results, docs = folders
    draw_nothing(docs)
    assert run(folders) == 0
    first = suite()[0]
    figures = [figure._replace(value=0.5) for figure in first.figures]
    suite_results.write(first._replace(figures=figures), results)
    capsys.readouterr()
    assert run(folders, "--check") == 1
    assert "benchmarks/ranking-hostility.svg is stale" in capsys.readouterr().out
    assert run(folders) == 2
    assert "pip install -e '.[bench]'" in capsys.readouterr().err


def test_what_nothing_stands_for_is_removed_and_other_files_stay(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    draw_nothing(folders[1])
    assert run(folders) == 0
    folder = folders[1] / "benchmarks"
    (folder / "old.svg").write_text("plot-data:0", encoding="utf-8")
    (folder / "old.md").write_text("A part of [benchmarks](../benchmarks.md)", "utf-8")
    (folder / "mine.md").write_text("Notes", encoding="utf-8")
    capsys.readouterr()
    assert run(folders, "--check") == 1
    assert capsys.readouterr().out == (
        "benchmarks/old.md shows nothing any more\nbenchmarks/old.svg shows nothing any more\n"
    )
    assert run(folders) == 0
    assert not (folder / "old.svg").exists()
    assert (folder / "mine.md").exists()
    assert run(folders, "--check") == 0


def test_a_damaged_results_file_is_named(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    broken = folders[0] / "vader" / "ranking" / "forum-test.json"
    broken.write_text("{", encoding="utf-8")
    assert run(folders, "--check") == 2
    assert str(broken) in capsys.readouterr().err


def test_without_results_the_way_to_get_them_is_said(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run((tmp_path / "nothing", folders[1])) == 2
    assert "`python -m benchmarks run`" in capsys.readouterr().err


def test_the_plots_show_what_the_results_hold() -> None:
    by_file = {plot.file: plot for plot in wanted()}
    assert list(by_file) == [
        "benchmarks/ranking-hostility.svg",
        "benchmarks/calibration.svg",
        "benchmarks/speed.svg",
    ]
    lines = by_file["benchmarks/ranking-hostility.svg"].panels[0]
    assert lines.lines == ("forum-test: rude on purpose",)  # the other was trained on
    for series, result in zip(lines.series, suite()[:2], strict=True):
        figure = result.figures[0]
        assert series.points == ((figure.value, figure.low, figure.high),)
    curve = by_file["benchmarks/calibration.svg"].panels[0]
    assert curve.title == "forum-test · hostility, rude on purpose"
    assert curve.series[0].points[0][2] == 17


def test_a_plot_is_drawn_the_same_twice_and_known_by_its_data(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for plot in wanted():
        drawn = svg(plot)
        assert drawn == svg(plot)
        root = ElementTree.fromstring(drawn)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        path = tmp_path / Path(plot.file).name
        path.write_text(drawn, encoding="utf-8")
        assert is_current(path, plot)
        assert not is_current(path, plot._replace(x="something else"))


def test_drawing_without_the_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(DrawingError, match="pip install"):
        svg(wanted()[0])
