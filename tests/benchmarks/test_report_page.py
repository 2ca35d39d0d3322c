"""The pages of results: each figure in its cell, and all that a reader has to know."""

import re
from pathlib import Path

import pytest
from benchmarks.suite.report import published, view
from benchmarks.suite.report.cells import interval, number, signed
from benchmarks.suite.report.gaps import gaps
from benchmarks.suite.report.page import PAGE, pages
from benchmarks.suite.report.plots import plots
from benchmarks.suite.report.wording import DatasetText
from benchmarks.suite.results import Difference, Figure, Result
from made_suite import WORDS, cells, others_in, page, suite


@pytest.fixture
def others(tmp_path: Path) -> published.Published:
    return others_in(tmp_path)


@pytest.fixture
def text(others: published.Published) -> str:
    return page(suite(), others)


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
        "`forum-test`<br>rude on purpose": "1,234<br><sub>567</sub>",
        "`forum-dev`<br>rude<br><sub>trained on, partial copy</sub>": "1,234<br><sub>567</sub>",
    }
    assert next(iter(sizes)).startswith("`forum-test`"), "what was trained on comes last"
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
    hostile = pages(missing, others, WORDS, {})[PAGE].split("### Ranking: AUC")[1]
    assert hostile.strip().startswith("**hostility**")
    assert hostile.split("## ")[0].count("| data set and label |") == 1


def test_what_was_not_run_is_listed_with_its_reason(text: str) -> None:
    rows: dict[tuple[str, str], list[str]] = {}
    for cell in cells(text):
        if cell.section == "Not run":
            rows.setdefault((cell.row, ""), []).append(cell.text)
    assert rows["failed", ""] == [
        "failed", "`vader`", "`over-triggering`", "`forum-test`", r"ValueError: a \| b",
    ]  # fmt: skip
    assert rows["not run", ""] == [
        "not run", "`tfidf`", "all", "all", "scikit-learn is not installed",
    ]  # fmt: skip


def test_gaps_never_claim_more_than_is_missing() -> None:
    def missing(system: str, task: str, dataset: str, reason: str = "no file") -> Result:
        return Result(system, task, dataset, "not run", reason)

    results = [
        missing("a", "t", "x"), missing("b", "t", "x"), missing("a", "u", "x"),
        missing("a", "t", "y"), missing("b", "t", "y", "other"),
    ]  # fmt: skip
    done = Result("a", "u", "y", "done")
    told = [
        (r.reason or "", r.system, r.task, r.dataset)
        for gap in gaps([*results, done])
        for r in results
        if r.system in (gap.systems or (r.system,))
        and r.task in (gap.tasks or (r.task,))
        and r.dataset in (gap.datasets or (r.dataset,))
        and r.reason == gap.reason
    ]
    assert sorted(told) == sorted(
        (r.reason or "", r.system, r.task, r.dataset) for r in results
    )


def test_systems_and_data_sets_without_any_figures_take_one_line() -> None:
    results = [
        Result("a", "t", "x", "done"),
        Result("b", "t", "x", "not run", "no package"),
        Result("a", "t", "y", "not run", "no file"),
        Result("a", "u", "y", "not run", "no file"),
        Result("b", "t", "y", "not run", "no file"),
    ]
    assert gaps(results) == [
        ("not run", "no file", (), (), ("y",)),
        ("not run", "no package", ("b",), (), ()),
    ]


def test_what_was_never_run_is_named() -> None:
    done = [Result("a", "t", "x", "done"), Result("b", "t", "x", "done")]
    (gap,) = gaps([*done, Result("a", "u", "x", "done")], {"x": ["t", "u"]})
    assert (gap.systems, gap.tasks, gap.datasets) == (("b",), ("u",), ("x",))
    assert "python -m benchmarks run" in gap.reason
    assert gaps(done, {"x": ["t"]}) == []


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
