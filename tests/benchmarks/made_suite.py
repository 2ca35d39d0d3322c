"""A small made-up suite in which everything occurs that the pages have to show."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.suite import results as suite_results
from benchmarks.suite.report import published
from benchmarks.suite.report.page import PAGE, pages
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
score = "hostility"
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


def others_in(folder: Path) -> published.Published:
    """The published values of the made-up suite, by way of a file."""
    path = folder / "published.toml"
    path.write_text(PUBLISHED, encoding="utf-8")
    return published.published(path)


def page(results: list[Result], others: published.Published) -> str:
    """The main page."""
    return pages(results, others, WORDS, {})[PAGE]


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
