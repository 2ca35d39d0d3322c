"""A run: what it writes, what it keeps, and what does not stop it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.suite import runner
from benchmarks.suite.datasets import BrokenFile, MissingFile
from benchmarks.suite.metrics import auc, tally
from benchmarks.suite.processes import SystemFailure
from benchmarks.suite.results import REFERENCE, Result, ResultsError, path_of, read, read_all
from benchmarks.suite.tasks import TASKS
from small import TASKS as NAMES
from small import FakeWorker, absent, dataset, run

OTHER = {"read": 0.6, "page": 0.3, "fool": 0.2}


def other(name: str) -> FakeWorker:
    return FakeWorker(name, OTHER)


def by_place(folder: Path) -> dict[tuple[str, str], Result]:
    return {(each.system, each.task): each for each in read_all(folder / "results")}


def test_every_system_and_task_has_a_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(monkeypatch, tmp_path, {REFERENCE: FakeWorker, "other": other})
    assert done.counts == {"done": 2 * len(NAMES)}
    assert done.problems == []
    found = by_place(tmp_path)
    assert found.keys() == {(system, task) for system in (REFERENCE, "other") for task in NAMES}
    result = found["other", "ranking"]
    assert result.n == 6
    assert result.provenance["data_sha256"] == {"small.csv": "0" * 64}
    assert result.provenance["system_version"] == "fake 1"
    assert result.provenance["seed"] > 0
    assert result.timing["measuring"] > 0
    assert found["other", "calibration"].curves["reliability"]


def test_differences_are_those_of_the_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, tmp_path, {REFERENCE: FakeWorker, "other": other}, tasks=["ranking"])
    found = by_place(tmp_path)
    assert all(figure.difference is None for figure in found[REFERENCE, "ranking"].figures)
    examples = dataset().examples
    labels = [each.labels["hostile"] for each in examples]
    scores = FakeWorker("", OTHER).score([each.text for each in examples], [None] * 6)[:, 0]
    expected = auc(tally(labels, scores))[0]
    figure = found["other", "ranking"].figures[0]
    assert figure.value == pytest.approx(expected, abs=1e-6)
    assert figure.difference is not None
    assert figure.difference.against == REFERENCE
    assert figure.difference.value == pytest.approx(expected - 1, abs=1e-6)


def without_timing(folder: Path) -> dict[str, Any]:
    contents = {}
    for path in sorted((folder / "results").rglob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        del content["timing"]
        contents[str(path.relative_to(folder))] = content
    return contents


def test_two_runs_agree_to_the_last_digit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        run(monkeypatch, tmp_path / name, {REFERENCE: FakeWorker, "other": other}, jobs=2)
    assert without_timing(tmp_path / "one") == without_timing(tmp_path / "two")


class Counted:
    """Starts workers, and keeps the last one."""

    last: FakeWorker

    def __call__(self, name: str) -> FakeWorker:
        self.last = FakeWorker(name)
        return self.last


def test_what_is_there_is_kept_and_fresh_measures_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counted()
    run(monkeypatch, tmp_path, {REFERENCE: counted})
    assert counted.last.asked
    assert run(monkeypatch, tmp_path, {REFERENCE: counted}).counts == {"kept": len(NAMES)}
    assert counted.last.asked == 0
    assert run(monkeypatch, tmp_path, {REFERENCE: counted}, fresh=True).counts == {
        "done": len(NAMES)
    }
    assert counted.last.asked


def test_scores_are_remembered_between_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that was stopped between tasks scores nothing again."""
    counted = Counted()
    run(monkeypatch, tmp_path, {REFERENCE: counted}, tasks=["ranking"])
    run(monkeypatch, tmp_path, {REFERENCE: counted}, tasks=["ranking", "agreement"])
    assert counted.last.asked == 0


@pytest.mark.parametrize("what", ["system", "reference", "data", "partial", "labels"])
def test_a_change_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    start: dict[str, Any] = {REFERENCE: FakeWorker, "other": other}
    run(monkeypatch, tmp_path, start, tasks=["ranking"])
    changed, data = dict(start), dataset()
    if what == "data":
        data.examples[0] = data.examples[0]._replace(text="You fool, read it.")
    elif what == "labels":
        specs = tuple(spec._replace(sign=-spec.sign) for spec in data.labels)
        data = data._replace(entry=data.entry._replace(labels=specs))
    elif what == "partial":
        data = data._replace(partial=True)
    else:
        name = REFERENCE if what == "reference" else "other"
        changed[name] = lambda name: FakeWorker(name, OTHER, version="fake 2")
    done = run(monkeypatch, tmp_path, changed, tasks=["ranking"], sets=[data])
    assert done.counts == ({"done": 1, "kept": 1} if what == "system" else {"done": 2})


def test_one_broken_task_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> Any:
        raise ZeroDivisionError("no way")

    task = TASKS["agreement"]
    monkeypatch.setitem(TASKS, "agreement", task._replace(blocks=broken))
    done = run(monkeypatch, tmp_path, {REFERENCE: FakeWorker})
    assert done.counts == {"done": len(NAMES) - 1, "failed": 1}
    (problem,) = done.problems
    assert "agreement, small: ZeroDivisionError: no way" in problem
    failed = by_place(tmp_path)[REFERENCE, "agreement"]
    assert (failed.status, failed.figures) == ("failed", ())
    monkeypatch.setitem(TASKS, "agreement", task)
    again = run(monkeypatch, tmp_path, {REFERENCE: FakeWorker})
    assert again.counts == {"done": 1, "kept": len(NAMES) - 1}


def test_a_failing_system_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(FakeWorker):
        def score(self, *given: Any, **more: Any) -> Any:
            raise SystemFailure("MemoryError: too much")

    workers = {REFERENCE: FakeWorker, "failing": Failing, "other": other}
    done = run(monkeypatch, tmp_path, workers, tasks=["ranking", "pairs"])
    assert done.counts == {"done": 4, "failed": 2}
    assert "too much" in str(by_place(tmp_path)["failing", "pairs"].reason)


def test_a_system_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = {REFERENCE: FakeWorker, "absent": absent}
    done = run(monkeypatch, tmp_path, workers, tasks=["ranking"])
    assert done.counts == {"done": 1, "not run": 1}
    result = by_place(tmp_path)["absent", "ranking"]
    assert (result.status, result.figures) == ("not run", ())
    assert "pip install absent" in str(result.reason)


def test_without_the_reference_there_are_no_differences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = {REFERENCE: absent, "other": other}
    run(monkeypatch, tmp_path, workers, tasks=["ranking"], systems=["other"])
    found = by_place(tmp_path)
    assert found.keys() == {("other", "ranking")}
    assert all(figure.difference is None for figure in found["other", "ranking"].figures)


def test_the_reference_is_asked_even_when_it_is_not_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = {REFERENCE: FakeWorker, "other": other}
    run(monkeypatch, tmp_path, workers, tasks=["ranking"], systems=["other"])
    figures = by_place(tmp_path)["other", "ranking"].figures
    assert all(figure.difference is not None for figure in figures)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (MissingFile("small", "data/small.csv"), "not run"),
        (BrokenFile("small.csv has no column 'text'"), "failed"),
    ],
)
def test_a_data_set_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, status: str
) -> None:
    whole = dataset("whole")

    def load(name: str) -> Any:
        if name == "small":
            raise error
        return whole

    done = run(
        monkeypatch,
        tmp_path,
        {REFERENCE: FakeWorker},
        sets=[dataset(), whole],
        load=load,
        tasks=["ranking"],
    )
    assert done.counts == {status: 1, "done": 1}
    result = read(path_of(tmp_path / "results", REFERENCE, "ranking", "small"))
    assert (result.status, result.reason) == (status, str(error))
    if status == "not run":
        assert "python -m benchmarks fetch small" in str(result.reason)


def test_scores_that_are_no_probabilities_are_not_asked_for_calibration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lexicon(name: str) -> FakeWorker:
        worker = FakeWorker(name)
        worker.traits = worker.traits._replace(probabilities=False)
        return worker

    run(monkeypatch, tmp_path, {REFERENCE: lexicon}, tasks=["calibration", "ranking"])
    found = by_place(tmp_path)
    assert found[REFERENCE, "calibration"].status == "not run"
    assert "probabilities" in str(found[REFERENCE, "calibration"].reason)
    assert found[REFERENCE, "ranking"].status == "done"


def test_a_score_that_a_system_lacks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent(FakeWorker):
        def score(self, texts: Any, *given: Any, **more: Any) -> Any:
            return np.full((len(texts), 3), np.nan)

    run(monkeypatch, tmp_path, {REFERENCE: FakeWorker, "silent": Silent}, tasks=["ranking"])
    assert by_place(tmp_path)["silent", "ranking"].reason == "it has no score for hostility"


def test_a_damaged_results_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, tmp_path, {REFERENCE: FakeWorker}, tasks=["ranking"])
    path = path_of(tmp_path / "results", REFERENCE, "ranking", "small")
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ResultsError, match=r"ranking/small\.json"):
        run(monkeypatch, tmp_path, {REFERENCE: FakeWorker}, tasks=["ranking"])
    fresh = run(monkeypatch, tmp_path, {REFERENCE: FakeWorker}, tasks=["ranking"], fresh=True)
    assert fresh.counts == {"done": 1}


def test_a_quick_run_takes_a_sample_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "QUICK_TEXTS", 4)
    run(monkeypatch, tmp_path, {REFERENCE: FakeWorker}, tasks=["pairs", "rewrites"], quick=True)
    for result in read_all(tmp_path / "results"):
        assert (result.quick, result.n) == (True, 4)


def test_timings_come_from_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = dataset(tasks=["speed", "ranking"])
    run(monkeypatch, tmp_path, {REFERENCE: FakeWorker}, sets=[data], tasks=["ranking", "speed"])
    result = by_place(tmp_path)[REFERENCE, "speed"]
    assert [(f.measure, f.label, f.value, f.n) for f in result.figures] == [
        ("latency_us", "half", 1.5, 6)
    ]
    assert result.curves["growth"] == [{"label": "one text", "points": [[10, 0.5]]}]


def test_no_text_gets_into_the_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, tmp_path, {REFERENCE: FakeWorker, "other": other})
    written = "".join(p.read_text("utf-8") for p in (tmp_path / "results").rglob("*.json"))
    assert all(each.text not in written for each in dataset().examples)


def test_a_run_that_is_stopped_writes_nothing_half_done_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[str] = []

    class Stopped(FakeWorker):
        def score(self, *given: Any, **more: Any) -> Any:
            if self.name == "stopped":
                raise KeyboardInterrupt
            return super().score(*given, **more)

        def kill(self) -> None:
            killed.append(self.name)

    workers = {REFERENCE: Stopped, "stopped": Stopped}
    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch, tmp_path, workers, tasks=["ranking"])
    assert by_place(tmp_path).keys() == {(REFERENCE, "ranking")}
    assert set(killed) == {REFERENCE, "stopped"}
    done = run(
        monkeypatch, tmp_path, {REFERENCE: FakeWorker, "stopped": other}, tasks=["ranking"]
    )
    assert done.counts == {"kept": 1, "done": 1}


def test_a_task_is_measured_again_when_code_that_it_uses_has_changed() -> None:
    from benchmarks.suite import provenance

    assert provenance._code("bias") == provenance._code("over-triggering")  # one module
    codes = {provenance._code(name) for name in TASKS}
    assert len(codes) > 4
