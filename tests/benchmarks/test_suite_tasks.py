"""Each task on six texts, against values worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.suite.bootstrap import Interval, interval, replicates
from benchmarks.suite.datasets.registry import entries
from benchmarks.suite.measuring import NoFigures, figures
from benchmarks.suite.store import Store
from benchmarks.suite.tasks import TASKS, Outputs, Traits
from small import FakeWorker, dataset

TRAITS = Traits((0.5, 0.5, 0.5), probabilities=True)
# The fake system's hostility of the six texts: .7 .6 .1 0 .4 0


def values(name: str) -> dict[tuple[str, str], Interval]:
    task, data = TASKS[name], dataset()
    outputs = Store(None).outputs(FakeWorker("fake"), data, task)  # type: ignore[arg-type]
    found = {}
    for block in task.blocks(data, outputs, TRAITS):
        drawn = replicates(block.evaluate, block.n, block.groups, resamples=50)
        for (measure, label), each in drawn.items():
            found[measure, label or block.label] = interval(each)
    return found


def value(name: str, measure: str, label: str) -> float | None:
    return values(name)[measure, label].value


def test_ranking_turns_labels_that_speak_against_it() -> None:
    # Hostile .7 .6 .4 against .1 0 0; kind wants low scores: .1 and 0 against .7 .6 .4 0.
    assert value("ranking", "auc", "hostile") == 1
    assert value("ranking", "auc", "kind") == pytest.approx((3 + 3.5) / 8)


def test_decisions_use_the_systems_threshold() -> None:
    assert value("decisions", "f1", "hostile") == pytest.approx(2 * 2 / (2 + 3))
    assert value("decisions", "best_f1", "hostile") == 1
    assert not [key for key in values("decisions") if key[1] == "kind"]


def test_agreement_with_ratings() -> None:
    scores, ratings = [0.7, 0.6, 0.1, 0, 0.4, 0], [3, 2, 0, 0, 2, 1]
    expected = np.corrcoef(scores, ratings)[0, 1]
    assert value("agreement", "pearson", "rated") == pytest.approx(expected)


def test_calibration() -> None:
    # Brier: .3^2 + .4^2 + .1^2 + .6^2 over six texts.
    assert value("calibration", "brier", "hostile") == pytest.approx(0.62 / 6)
    task, data = TASKS["calibration"], dataset()
    outputs = Store(None).outputs(FakeWorker("fake"), data, task)  # type: ignore[arg-type]
    assert task.curves is not None
    (curve,) = task.curves(data, outputs, TRAITS)["reliability"]
    assert curve["label"] == "hostile"
    assert sum(point[2] for point in curve["bins"]) == 6  # type: ignore[attr-defined]


def test_spans_are_found() -> None:
    assert value("spans", "character_f1", "marked") == 1
    assert value("spans", "span_recall", "marked") == 1


def test_a_system_that_points_at_nothing_has_no_spans() -> None:
    """It would be right on all texts without marks."""
    data = dataset()
    outputs = Outputs(np.zeros((6, 3)), [[]] * 6)
    silent = TRAITS._replace(points_at=("empathy",))
    assert TASKS["spans"].blocks(data, outputs, silent) == []
    with pytest.raises(NoFigures, match="does not point at words of hostility"):
        figures(TASKS["spans"], data, outputs, silent, None)


def test_rewrites_and_pairs() -> None:
    assert value("rewrites", "right", "rated") == 1
    assert value("pairs", "right", "rated") == 1
    assert value("pairs", "ties", "rated") == 0


def test_over_triggering_by_kind() -> None:
    assert value("over-triggering", "false_alarms", "harmless") == 0
    assert {key[1] for key in values("over-triggering")} == {"harmless", "page", "other"}


def test_bias_names_each_term() -> None:
    found = values("bias")
    assert {key[1] for key in found if key[0] == "bpsn_auc"} == {"page", "other"}
    assert ("bpsn_auc_mean", "hostile") in found


def test_robustness_compares_with_the_unchanged_texts() -> None:
    found = values("robustness")
    assert found["auc", "hostile"].value == 1
    # Look-alikes and l33t hide words from a system that looks for letters.
    assert (found["drift", "lower case"].value or 0) == 0
    assert (found["drift", "look-alikes"].value or 0) > 0
    assert (found["shift", "l33t"].value or 0) < 0
    assert found["auc_loss", "hostile: quoting"].value == 0


def test_a_dimension_that_a_system_lacks_gives_no_figures() -> None:
    nothing = Outputs(np.full((6, 3), np.nan), [[]] * 6, {})
    for task in TASKS.values():
        assert task.blocks(dataset(), nothing, TRAITS) == []


def test_every_measure_is_described() -> None:
    for name in ("ranking", "decisions", "calibration", "spans", "bias", "robustness"):
        task = TASKS[name]
        assert {measure for measure, _ in values(name)} == set(task.measures), name
        assert all(measure.about for measure in task.measures.values())


def test_every_task_of_the_registry_exists() -> None:
    for entry in entries().values():
        assert set(entry.tasks) <= set(TASKS), entry.name


def test_a_task_is_one_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with a tuple TASKS beside the others is all that it takes."""
    from benchmarks.suite import tasks

    (tmp_path / "added.py").write_text(
        "from benchmarks.suite.tasks.types import Task\n"
        "TASKS = (Task('added', 'Added', 'Asks?', {}, lambda d, o, t: [], place=0),)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(tasks, "__path__", [*tasks.__path__, str(tmp_path)])
    assert list(tasks._found()) == ["added", *TASKS]
