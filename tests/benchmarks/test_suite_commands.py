"""`python -m benchmarks run`: names, and what is asked for and not here."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.__main__ import main, parser
from benchmarks.suite.commands import plan_of
from benchmarks.suite.results import FOLDER, QUICK_FOLDER, read_all
from benchmarks.suite.runner import Plan
from benchmarks.suite.systems import SYSTEMS
from benchmarks.suite.tasks import TASKS


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No data but what the repository holds, and a cache of its own."""
    monkeypatch.delenv("CALMTONE_DATA", raising=False)
    monkeypatch.setenv("CALMTONE_CACHE", str(tmp_path / "cache"))


def plan(*arguments: str) -> Plan:
    return plan_of(parser().parse_args(["run", *arguments]))


def test_without_names_everything_is_run() -> None:
    found = plan()
    assert list(found.tasks) == list(TASKS)
    assert list(found.systems) == list(SYSTEMS)
    assert {"messages-dev", "ucc-test", "hatecheck"} <= set(found.datasets)
    assert found.folder == FOLDER
    assert plan("--quick").folder == QUICK_FOLDER


def test_names_are_taken_in_the_suites_order() -> None:
    found = plan("--tasks", "pairs,ranking", "--datasets", "messages-dev")
    assert list(found.tasks) == ["ranking", "pairs"]
    assert list(plan("--systems", "hf:owner/name").systems) == ["hf:owner/name"]
    both = plan("--systems", "vader,hf:owner/name").systems
    assert list(both) == ["vader", "hf:owner/name"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tasks", "rankin"], "no task is called 'rankin': did you mean ranking?"),
        (["--systems", "vadr"], "no system is called 'vadr': did you mean vader?"),
        (["--datasets", "message-dev"], "did you mean messages-dev"),
        (["--datasets", "everyday", "--tasks", "pairs"], "no data set serves pairs"),
    ],
)
def test_unknown_names_list_near_ones(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["run", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_data_set_asked_for_by_name_has_to_be_here(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["run", "--datasets", "ucc-test"]) == 2
    said = capsys.readouterr().err
    assert "corpus/test.csv" in said
    assert "python -m benchmarks fetch ucc-test" in said


def test_a_system_asked_for_by_name_has_to_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ["run", "--systems", "hf:nobody/nothing", "--datasets", "everyday"]
    assert main([*arguments, "--results", str(tmp_path / "results")]) == 2
    assert "hf:nobody/nothing cannot run" in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


def test_a_run_of_the_repositorys_own_sets(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The real thing, in its own process, on the sets that are committed."""
    folder = tmp_path / "results"
    arguments = ["run", "--systems", "calmtone-rules", "--datasets", "everyday,messages-dev"]
    arguments += ["--tasks", "over-triggering,pairs", "--results", str(folder)]
    assert main(arguments) == 0
    assert "2 done" in capsys.readouterr().out
    alarms, right = read_all(folder)
    assert (alarms.dataset, alarms.task) == ("everyday", "over-triggering")
    assert (alarms.figures[0].value or 0) < 0.5
    pairs = {figure.label: figure for figure in right.figures if figure.measure == "right"}
    assert (pairs["hostility"].value or 0) > 0.5
    assert pairs["hostility"].low is not None
    assert main(arguments) == 0
    assert "2 kept" in capsys.readouterr().out


def test_what_is_missing_is_named_and_the_rest_is_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "results"
    arguments = ["run", "--systems", "calmtone-rules", "--tasks", "over-triggering", "--quick"]
    assert main([*arguments, "--results", str(folder)]) == 0
    assert "xstest: not run, missing" in capsys.readouterr().err
    found = {result.dataset: result for result in read_all(folder)}
    assert found["everyday"].status == "done"
    assert found["everyday"].quick
    assert found["xstest"].status == "not run"
    assert "python -m benchmarks fetch xstest" in str(found["xstest"].reason)
