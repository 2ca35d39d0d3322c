"""Every number of the pages comes from the results or from what others have published."""

import re
from pathlib import Path
from typing import Any

import pytest
from benchmarks.suite import results as suite_results
from benchmarks.suite.report import command, published
from benchmarks.suite.report.cells import number
from benchmarks.suite.report.page import PAGE, pages
from benchmarks.suite.report.wording import Wording
from benchmarks.suite.results import Result
from made_suite import PUBLISHED, WORDS, others_in, suite

from calmtone.results import DIMENSIONS

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
    tmp_path: Path,
) -> None:
    others = others_in(tmp_path)
    made = pages(suite(), others, WORDS, {})
    for page_of_task in made.values():
        assert unexplained(page_of_task, suite(), others, WORDS) == set()
    assert unexplained(made[PAGE] + "\n0.4321\n", suite(), others, WORDS) == {"0.4321"}


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
        assert value.dimension in DIMENSIONS, value
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
