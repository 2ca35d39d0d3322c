"""The model card says what the results say, and nothing else."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from benchmarks.fit.corpus import DIMENSIONS
from benchmarks.train import card, package

RESULTS = Path(card.__file__).parents[1] / "results" / "model-calmtone-small.json"
SYSTEMS = ("rules", "model", "blend")


def report() -> dict[str, Any]:
    """Made-up results of the shape that the evaluation writes."""
    one = {"auc": [0.9, 0.88, 0.92], "f1": [0.8, 0.7, 0.9], "ece": [0.03, 0.02, 0.05]}
    group = {**one, "n": 10, "positive": 4, "reliability": [[0.1, 0.2, 6], [0.9, 0.8, 4]]}
    groups = ("messages", "new writer", "real texts", "new sources")
    row = {**dict.fromkeys(groups, group), "pairs": 0.95, "pairs_n": 9}
    row |= {"rewrites": None, "rewrites_n": 0}
    by_system = {name: {"hostility": 0.011, "defensiveness": 0.012} for name in SYSTEMS}
    rho = {name: dict.fromkeys(DIMENSIONS, 0.4) for name in SYSTEMS}
    model = package.settings(
        "calmtone-small",
        "1",
        128,
        {
            "layers": 6,
            "width": 384,
            "pieces": 9,
            "steps": 5,
            "minutes": 1.0,
            "sets": [],
            "runs": [
                {
                    "start": "base",
                    "steps": 5,
                    "minutes": 1.0,
                    "all": True,
                    "settings": {"tokens": 7, "rate": 0.1},
                }
            ],
        },
        reply_length=20,
    )
    spans = {"recall": 0.71, "precision": 0.61, "marked": 5, "found": 6}
    alarms = {name: {"all": 0.1, "highest": 0.2, "terms": 50} for name in SYSTEMS}
    return {
        "model": model,
        "dev": {system: dict.fromkeys(DIMENSIONS, row) for system in SYSTEMS},
        "replies": {system: dict.fromkeys(DIMENSIONS, row) for system in SYSTEMS[1:]},
        "spans": dict.fromkeys(DIMENSIONS, spans),
        "outside": {
            "ucc-validation": {
                "n": 50,
                "hostile by hostility": {name: [0.83, None, None] for name in SYSTEMS},
            },
            "receptiveness": {"n": 8, **rho},
            "toxic-spans-trial": {"n": 3, "character_f1": 0.654},
            "xstest": {"n": 250, **by_system},
            "premo": {"n": 700, **by_system},
            "jigsaw-templates": {"n": 40, **alarms},
        },
        "failures": [
            {"dimension": "empathy", "rating": 2, "score": 0.1, "text": "a | b\nc"},
        ],
        "int8": {"largest": 0.4, "mean": 0.1},
        "size": 15_300_000,
        "speed": {
            "one_text_ms": 3.0,
            "fastest_ms": 2.5,
            "bert_base_ms": 50.0,
            "load_ms": 90.0,
            "batch": 32,
            "batch_ms": 2.0,
            "bert_base_batch_ms": 60.0,
        },
    }


def test_the_card_is_filled_in() -> None:
    text = card.render(report())
    assert "{{" not in text
    assert "15.3 MB" in text
    assert "| ucc-validation: hostile by hostility | 0.830 | 0.830 | 0.830 | 50 |" in text
    assert "0.900 (0.88–0.92)" in text
    assert "a \\| b c" in text
    assert "0.654" in text
    assert "20 times as long" in text
    assert "Sentences of a text do not count by themselves" in text


def test_the_card_names_the_margins() -> None:
    made = report()
    margins = {"hostility": 4.0, "defensiveness": 5.5, "empathy": 3.0}
    made["model"] = {**made["model"], "sentence_margin": margins}
    assert "4.0 (hostility), 5.5 (defensiveness), 3.0 (empathy)" in card.render(made)
    assert "below" not in card.render(made).split("The margins")[1].split("\n\n")[0]
    made["model"]["short"] = {"words": 12}
    assert "below 12 different words" in card.render(made)


def test_tables_have_as_many_cells_in_each_row() -> None:
    width = None
    for line in card.render(report()).splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
        assert cells is None or width is None or cells == width, line
        width = cells


def test_the_plot_shows_all_bins() -> None:
    tree = ElementTree.fromstring(card.plot(report()))
    circles = tree.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 3 * 2 * 2


def test_the_committed_card_is_that_of_the_committed_results() -> None:
    if not RESULTS.exists():
        pytest.skip("no results of a model are committed")
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert (card.DOCS / "model.md").read_text(encoding="utf-8") == card.render(results)
    assert (card.DOCS / card.PLOT).read_text(encoding="utf-8") == card.plot(results)
