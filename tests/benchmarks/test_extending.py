"""What docs/extending-the-benchmarks.md tells people to write works as it stands there."""

import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from benchmarks.suite import systems, tasks
from benchmarks.suite.datasets import Example, LabelSpec, entry
from benchmarks.suite.datasets.loading import load_entry
from benchmarks.suite.tasks.types import Outputs, Traits

PAGE = Path(__file__).parents[2] / "docs" / "extending-the-benchmarks.md"


def block(language: str, having: str) -> str:
    """The one fenced block of a language that has these words in it."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    (found,) = (text for text in blocks if having in text)
    return str(found)


def module(source: str, **given: Any) -> ModuleType:
    made = ModuleType("added")
    made.__dict__.update(given)
    exec(compile(source, "<page>", "exec"), made.__dict__)
    return made


def test_the_data_set_of_the_page_loads(tmp_path: Path) -> None:
    registry = tmp_path / "datasets.toml"
    registry.write_text(block("toml", "helpdesk"), encoding="utf-8")
    (name,) = tomllib.loads(registry.read_text(encoding="utf-8"))
    file = tmp_path / "raw" / "helpdesk" / "data" / "test.csv"
    file.parent.mkdir(parents=True)
    file.write_text(block("csv", "ticket"), encoding="utf-8")
    dataset = load_entry(entry(name, registry), tmp_path)
    assert [example.labels for example in dataset.examples] == [
        {"rude": 0.0, "warmth": 4.5},
        {"rude": 1.0, "warmth": 1.0},
    ]
    assert {example.group for example in dataset.examples} == {"17"}
    assert dataset.examples[0].context == "Where is my parcel?"


def test_the_system_of_the_page_scores() -> None:
    known: dict[str, Any] = {}
    made = module(block("python", "class Shouting"), System=systems.System, SYSTEMS=known)
    system = known["shouting"]()
    assert isinstance(system, made.Shouting)
    assert system.score(["STOP it", "Thanks"], [None, None]) == [
        (4 / 6, None, None),
        (1 / 6, None, None),
    ]
    for named in ("packages", "version", "thresholds", "probabilities", "spans", "setup"):
        assert hasattr(system, named)
        assert f"`{named}" in PAGE.read_text(encoding="utf-8")


def test_the_task_of_the_page_measures() -> None:
    made = module(block("python", "TASKS = ("))
    (task,) = made.TASKS
    assert task.name not in tasks.TASKS
    examples = [
        Example(str(n), "text", labels={"rude": label}) for n, label in enumerate((1, 0, 1, 0))
    ]
    labels = (LabelSpec("rude", "hostility", "binary"),)
    dataset: Any = type("Made", (), {"examples": examples, "labels": labels})
    scores = np.column_stack([[0.9, 0.2, 0.7, 0.4], [0.0] * 4, [0.0] * 4])
    (found,) = task.blocks(dataset, Outputs(scores), Traits((0.5, 0.5, 0.5), True))
    values = found.evaluate(np.array([[1.0, 1, 1, 1], [1, 1, 0, 1]]))
    assert np.allclose(values["distance", None], [0.8 - 0.3, 0.9 - 0.3])
    assert set(task.measures) == {measure for measure, _ in values}
    assert (found.label, found.n, found.positives) == ("rude", 4, 2)
