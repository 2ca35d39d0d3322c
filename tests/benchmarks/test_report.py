"""The page of results: what stands in it, where from, and whether it is noticed to be stale."""

import argparse
import re
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from benchmarks.suite import results as suite_results
from benchmarks.suite.report import command, published, view
from benchmarks.suite.report.cells import interval, number, signed
from benchmarks.suite.report.drawing import DrawingError, is_current, svg
from benchmarks.suite.report.page import PAGE, pages
from benchmarks.suite.report.plots import Plot, digest, plots
from benchmarks.suite.report.wording import DatasetText, SystemText, TaskText, Wording
from benchmarks.suite.results import Difference, Figure, Result
from benchmarks.suite.tasks.types import Measure

WORDS = Wording(
    tasks={
        "ranking": TaskText(
            "Ranking",
            "Whether texts with the label score higher.",
            {
                "auc": Measure("AUC", "higher", "Area under the curve."),
                "average_precision": Measure("AP", "higher"),
            },
        ),
        "over-triggering": TaskText(
            "Over-triggering",
            "Silence.",
            {"false_alarms": Measure("False alarms", "lower")},
        ),
        "speed": TaskText(
            "Speed",
            "Time.",
            {"rate": Measure("Rate", "higher", "", None, "texts a second")},
        ),
    },
    systems={
        "calmtone-rules": SystemText("calmtone (rules)", "Ours."),
        "vader": SystemText("VADER", "A lexicon."),
        "tfidf": SystemText("TF-IDF", "Words."),
    },
    datasets={
        "forum-test": DatasetText(
            "Forum", "CC0", "@misc{forum, year = {1999}}", "https://example.org", "Rated.",
            {"rude": "rude on purpose"},
        ),
    },
)  # fmt: skip

PUBLISHED = """
[sources.paper]
citation = "Somebody (1999): A paper."
url = "https://example.org/paper"
where = "table"

[[results]]
source = "paper"
task = "ranking"
measure = "auc"
on = ["forum-test"]
near = ["forum-dev"]
differs = "another split"
remark = "They were trained."
values."A model".rude = 0.9173
values."A person".rude = 0.8846

[[elsewhere]]
source = "paper"
system = "Another model"
measure = "accuracy"
data = "Other forum"
value = 0.7391
why = "other texts"
"""


def values() -> Iterator[float]:
    """Numbers that don't occur twice, in whatever way they are rounded to three places."""
    return (0.111 + 0.0073 * step for step in count())


def made(fresh: Iterator[float], system: str, task: str, dataset: str, **given: Any) -> Result:
    """A made-up result, every number of its own."""
    measures = {"ranking": ["auc", "average_precision"], "speed": ["rate"]}
    figures = []
    for measure in measures.get(task, ["false_alarms"]):
        value, low, high = next(fresh), next(fresh), next(fresh)
        against = None
        if system != suite_results.REFERENCE:
            against = Difference(
                suite_results.REFERENCE, -next(fresh), -next(fresh), next(fresh)
            )
        figures.append(
            Figure(measure, "rude", "hostility", value, low, high, 1234, 567, against)
        )
    base = Result(
        system, task, dataset, "done", None, 1234, use="evaluate", figures=figures,
        provenance={"system_version": f"{system} 8.7", "machine": "m68k", "seed": 42},
    )  # fmt: skip
    return base._replace(**given)


def suite() -> list[Result]:
    """A small suite in which everything occurs that the page has to show."""
    fresh = values()
    bins = [[next(fresh), next(fresh), 17], [next(fresh), next(fresh), 19]]
    curves = {"reliability": [{"label": "rude", "dimension": "hostility", "bins": bins}]}
    growth = {"growth": [{"label": "words", "points": [[10, 0.01], [1000, 0.5]]}]}
    return [
        made(fresh, "calmtone-rules", "ranking", "forum-test"),
        made(fresh, "vader", "ranking", "forum-test", duplicates_removed=31,
             notes=["23 rows left out: no text"]),
        made(fresh, "calmtone-rules", "ranking", "forum-dev", use="train", partial_copy=True),
        made(fresh, "calmtone-rules", "calibration", "forum-test", curves=curves),
        made(fresh, "calmtone-rules", "speed", "lengths", curves=growth),
        made(fresh, "vader", "over-triggering", "forum-test", status="failed",
             reason="ValueError: a | b", figures=()),
        made(fresh, "tfidf", "ranking", "forum-test", status="not run", figures=(),
             reason="scikit-learn is not installed"),
        made(fresh, "tfidf", "ranking", "forum-dev", status="not run", figures=(),
             reason="scikit-learn is not installed"),
    ]  # fmt: skip


@pytest.fixture
def others(tmp_path: Path) -> published.Published:
    path = tmp_path / "published.toml"
    path.write_text(PUBLISHED, encoding="utf-8")
    return published.published(path)


def page(results: list[Result], others: published.Published) -> str:
    return pages(results, others, WORDS, {})[PAGE]


@pytest.fixture
def text(others: published.Published) -> str:
    return page(suite(), others)


class Cell(NamedTuple):
    """A cell of a table of the page, with the headings above it."""

    section: str
    row: str
    column: str
    text: str


def cells(text: str) -> list[Cell]:
    """All cells of all tables; `section` is the last heading or summary before."""
    found: list[Cell] = []
    section, head = "", list[str]()
    for line in text.splitlines():
        if line.startswith(("#", "<summary>")):
            section = re.sub(r"^#+ |</?summary>", "", line)
        if not line.startswith("| "):
            head = []
            continue
        columns = re.split(r"(?<!\\)\|", line)[1:-1]
        columns = [column.strip() for column in columns]
        if not head:
            head = columns
        elif not all(re.fullmatch(r"-+:?", column) for column in columns):
            found += [
                Cell(section, columns[0], name, column)
                for name, column in zip(head, columns, strict=True)
            ]
    return found


def test_each_figure_stands_in_its_cell(others: published.Published) -> None:
    made = pages(suite(), others, WORDS, {})
    found = {
        (name, c.section, c.row.split("<br>")[0], c.column): c.text
        for name, text in made.items()
        for c in cells(text)
    }
    for result in suite():
        task, page_of_task = WORDS.task(result.task), f"benchmarks/{result.task}.md"
        for place, figure in enumerate(result.figures):
            measure = WORDS.measure(result.task, figure.measure)
            row, system = f"`{result.dataset}`", WORDS.system(result.system).title
            shown = [found[page_of_task, measure.title, row, system]]
            if place == 0:
                shown.append(found[PAGE, f"{task.title}: {measure.title}", row, system])
            value = number(figure.value, measure.digits)
            for cell in shown:
                assert re.match(rf"(\*\*)?{re.escape(value)}(\*\*)?( .)?<br>", cell), cell
                assert cell.endswith(interval(figure.low, figure.high, measure.digits))
            if figure.difference:
                section = f"{measure.title}: differences"
                cell = found[page_of_task, section, row, system]
                assert cell.startswith(signed(figure.difference.value, measure.digits))
    assert len(made) == 1 + len({r.task for r in suite() if r.status == "done"})


def test_counts_and_remarks_stand_in_their_cells(text: str) -> None:
    found = [c for c in cells(text) if c.section == "Ranking: AUC"]
    sizes = {c.row: c.text for c in found if c.column == "n"}
    assert sizes == {
        "`forum-dev`<br>rude<br><sub>trained on, partial copy</sub>": "1,234<br><sub>567</sub>",
        "`forum-test`<br>rude on purpose": "1,234<br><sub>567</sub>",
    }
    datasets = {(c.row, c.column): c.text for c in cells(text) if c.section == "Data sets"}
    assert datasets["`forum-test`", "removed"] == "31"
    assert datasets["`forum-test`", "use"] == "evaluate"
    assert datasets["`forum-test`", "to know"] == "Rated. 23 rows left out: no text."
    assert datasets["`forum-dev`", "partial copy"] == "yes"
    assert datasets["`forum-test`", "data set"] == "[Forum](https://example.org)"


def test_published_values_stand_apart_and_say_where_they_are_from(text: str) -> None:
    column = {
        c.row.split("<br>")[0]: c.text
        for c in cells(text)
        if c.column == "published by others" and c.section == "Ranking: AUC"
    }
    assert column["`forum-test`"] == (
        "*0.92* <sub>A model</sub>[^paper]<br>*0.88* <sub>A person</sub>[^paper]"
    )
    assert column["`forum-dev`"].startswith("*≠\u00a00.92* <sub>A model</sub>")
    footnote = "[^paper]: Somebody (1999): A paper. [table](https://example.org/paper)."
    assert f"{footnote} ≠: another split. They were trained.\n" in text
    elsewhere = [c.text for c in cells(text) if c.section == "Published elsewhere"]
    assert "*0.739*" in elsewhere
    assert "other texts[^paper]" in elsewhere


def test_a_published_value_waits_for_the_run_of_its_data_set(
    others: published.Published,
) -> None:
    missing = [
        result._replace(status="not run", reason="missing forum.csv", figures=())
        if result.dataset == "forum-test"
        else result
        for result in suite()
    ]
    shown = cells(page(missing, others))
    rows = {(c.row, c.column): c.text for c in shown if c.section == "Ranking: AUC"}
    row = "`forum-test`<br>rude on purpose<br><sub>not run</sub>"
    assert rows[row, "published by others"].startswith("*0.92*")
    assert rows[row, "calmtone (rules)"] == "–"


def test_what_was_not_run_is_listed_with_its_reason(text: str) -> None:
    rows: dict[tuple[str, str], list[str]] = {}
    for cell in cells(text):
        if cell.section == "Not run":
            rows.setdefault((cell.row, ""), []).append(cell.text)
    assert rows["failed", ""] == [
        "failed", "`vader`", "`over-triggering`", "`forum-test`", r"ValueError: a \| b",
    ]  # fmt: skip
    assert rows["not run", ""] == [
        "not run", "`tfidf`", "`ranking`", "`forum-dev`, `forum-test`",
        "scikit-learn is not installed",
    ]  # fmt: skip


def test_gaps_never_claim_more_than_is_missing() -> None:
    def missing(system: str, task: str, dataset: str, reason: str = "no file") -> Result:
        return Result(system, task, dataset, "not run", reason)

    results = [
        missing("a", "t", "x"), missing("b", "t", "x"), missing("a", "u", "x"),
        missing("a", "t", "y"), missing("b", "t", "y", "other"),
    ]  # fmt: skip
    told = {
        (gap.reason, system, task, dataset)
        for gap in view.gaps(results)
        for system in gap.systems
        for task in gap.tasks
        for dataset in gap.datasets
    }
    assert told == {(r.reason, r.system, r.task, r.dataset) for r in results}


@pytest.mark.parametrize(
    ("low", "high", "better", "expected"),
    [
        (0.1, 0.2, "higher", 1),
        (-0.2, -0.1, "higher", -1),
        (0.1, 0.2, "lower", -1),
        (-0.2, -0.1, "lower", 1),
        (-0.1, 0.1, "higher", 0),
        (0.0, 0.1, "higher", 0),
        (0.1, 0.2, None, 0),
        (None, None, "higher", 0),
    ],
)
def test_a_mark_needs_an_interval_without_zero(
    low: float | None, high: float | None, better: str | None, expected: int
) -> None:
    figure = Figure("auc", "l", "d", 0.5, difference=Difference("r", 0.1, low, high))
    assert view.standing(figure, better) == expected


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.8449, 2, "0.84"), (-0.126, 2, "−0.13"), (-0.001, 2, "0.00"), (None, 2, "–"),
        (12345.6, None, "12,300"), (999.6, None, "1,000"), (123.4, None, "123"),
        (0.012345, None, "0.0123"), (0.0, None, "0"), (1234.5, 0, "1,234"),
    ],
)  # fmt: skip
def test_numbers_are_shown_with_their_decimals(
    value: float | None, digits: int | None, expected: str
) -> None:
    assert number(value, digits) == expected


def test_signs_and_intervals_can_be_read() -> None:
    assert [signed(value, 2) for value in (0.126, -0.126, -0.001)] == ["+0.13", "−0.13", "0.00"]
    assert interval(0.1, 0.25, 2) == "<br><sub>0.10\u20110.25</sub>"
    assert interval(-0.1, 0.25, 2) == "<br><sub>−0.10\u00a0to\u00a00.25</sub>"
    assert interval(None, 0.25, 2) == ""


def test_the_best_of_a_line_is_bold(others: published.Published) -> None:
    first, second = suite()[:2]
    figures = [figure._replace(value=0.2) for figure in second.figures]
    shown = cells(page([first, second._replace(figures=figures)], others))
    bold = [c.column for c in shown if c.section == "Ranking: AUC" and "**" in c.text]
    assert bold == ["VADER"]


def test_of_labels_with_parts_the_first_stands_on_the_main_page(
    others: published.Published,
) -> None:
    parts = [
        Figure("auc_loss", f"{label}: {change}", "hostility", value, n=9)
        for label, value in (("angry", 0.25), ("rude", 0.5))
        for change in ("typos", "emoji")
    ]
    words = WORDS._replace(
        datasets={"forum-test": DatasetText("F", labels={"rude": "Rude", "angry": "Angry"})}
    )
    result = Result("vader", "robustness", "forum-test", "done", figures=parts)
    made = pages([result], others, words, {})
    rows = {c.row: c.text for c in cells(made[PAGE]) if c.column == "VADER"}
    assert rows == {
        "`forum-test`<br>Rude: emoji": "0.50", "`forum-test`<br>Rude: typos": "0.50",
    }  # fmt: skip
    assert made["benchmarks/robustness.md"].count("| 0.25 |") == 2
    (grid,) = plots([result], others, words)
    assert grid.panels[0].title == "forum-test · hostility, Rude"
    assert grid.panels[0].lines == ("emoji", "typos")
    assert grid.panels[0].series[0].points == ((0.5,), (0.5,))


def test_a_quick_run_is_not_to_be_quoted(others: published.Published) -> None:
    quick = [result._replace(quick=True) for result in suite()]
    assert "not to be quoted" in page(quick, others)
    assert "not to be quoted" not in page(suite(), others)


def test_all_links_inside_the_page_lead_somewhere(text: str) -> None:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert links
    assert links <= anchors
    used = set(re.findall(r"\[\^([\w-]+)\](?!:)", text))
    assert used == set(re.findall(r"^\[\^([\w-]+)\]:", text, re.MULTILINE))


# ------------------------------------------------------------------- every number has a source

LARGEST = 500_000  # bytes of a page that code hosts still show as one
SAID = {  # numbers in the prose of the page: what an interval is, and what chance is
    "95",
}


def numbers_of(text: str) -> set[str]:
    """Numbers that stand by themselves in a page: no parts of names, links or code."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\]\([^)]*\)|\[\^[^\]]*\]|`[^`]*`|!\[[^\]]*\]", "", text)
    text = text.replace("\u2011", " ")
    return set(re.findall(r"(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?![\w/-]|\.\d)", text))


def renderings(item: Any) -> set[str]:
    """Every way in which the numbers of a result, or in its strings, may be shown."""
    if isinstance(item, bool) or item is None:
        return set()
    if isinstance(item, int | float):
        ways: list[int | None] = [None, 0, 1, 2, 3, 4]
        return {number(abs(float(item)), digits) for digits in ways} | {f"{item:,}", f"{item}"}
    if isinstance(item, str):
        return numbers_of(item) | set(re.findall(r"\d[\d,]*(?:\.\d+)?", item))
    parts = item.values() if isinstance(item, dict) else item
    return {way for part in parts for way in renderings(part)}


def unexplained(
    text: str, results: list[Result], others: published.Published, words: Wording
) -> set[str]:
    known = SAID | renderings([result._asdict() for result in results])
    known |= renderings([others.values, others.elsewhere, dict(others.remarks)])
    known |= renderings(list(others.sources.values()))
    titles = [
        [part for part in described if isinstance(part, str)]
        for kind in (words.datasets, words.systems, words.tasks)
        for described in kind.values()
    ]
    labels = [list(dataset.labels.values()) for dataset in words.datasets.values()]
    measures = [
        [m.title, m.about, m.unit]
        for task in words.tasks.values()
        for m in task.measures.values()
    ]
    return numbers_of(text) - known - renderings([titles, labels, measures])


def test_every_number_comes_from_the_results_or_the_published(
    text: str, others: published.Published
) -> None:
    for page_of_task in pages(suite(), others, WORDS, {}).values():
        assert unexplained(page_of_task, suite(), others, WORDS) == set()
    assert unexplained(text + "\n0.4321\n", suite(), others, WORDS) == {"0.4321"}


# ---------------------------------------------------------------------- published.toml


def test_the_published_results_belong_to_the_suite() -> None:
    from benchmarks.suite.report.described import wording

    words, found = wording(), published.published()
    assert found.values
    for value in found.values:
        assert value.dataset in words.datasets, value
        assert value.task in words.tasks, value
        assert value.measure in words.tasks[value.task].measures, value
        if value.measure != "false_alarms":  # whose labels are kinds of texts as well
            assert value.label in words.datasets[value.dataset].labels, value
        assert 0 <= value.value <= 1, value
    used = {value.source for value in found.values}
    assert used | {item.source for item in found.elsewhere} == set(found.sources)
    for source in found.sources.values():
        assert source.url.startswith("https://")
        assert source.citation.endswith(".")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("[sources.paper]", "[sources.other]"), "no \\[sources.paper\\]"),
        (('differs = "another split"\n', ""), "needs both `near` and `differs`"),
        (("remark =", "remarks ="), "unknown key 'remarks'"),
        (("0.9173", '"high"'), "'high' is no number"),
        (('why = "other texts"', ""), "a key is missing"),
        (('task = "ranking"', ""), "a key is missing or unknown: 'task'"),
        (("[[elsewhere]]", "[[elsewhere"), "no valid TOML"),
    ],
)
def test_a_wrong_published_file_is_explained(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    path = tmp_path / "published.toml"
    path.write_text(PUBLISHED.replace(*change), encoding="utf-8")
    with pytest.raises(published.PublishedError, match=message):
        published.published(path)


# ------------------------------------------------------------------------ command and plots


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
    assert run(folders) == 1
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
    assert run(folders, "--check") == 1
    assert str(broken) in capsys.readouterr().err


def test_without_results_the_way_to_get_them_is_said(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run((tmp_path / "nothing", folders[1])) == 1
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


# ---------------------------------------------------------------------------- the real page


def test_the_page_of_the_project_is_what_its_results_say(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from benchmarks.suite.report.described import wording

    if not suite_results.FOLDER.exists():
        pytest.skip("no results of the suite in benchmarks/results/suite")
    assert command.report(suite_results.FOLDER, command.DOCS, check=True) == 0, (
        capsys.readouterr().out
    )
    results, others, words = suite_results.read_all(), published.published(), wording()
    for name, text in pages(results, others, words, {}).items():
        assert unexplained(text, results, others, words) == set(), name
        assert len(text.encode()) < LARGEST, f"{name} is too large to be shown as a page"
