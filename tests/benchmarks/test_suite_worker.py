"""Systems in processes of their own: the protocol, and packages that misbehave."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from benchmarks.suite.processes import NotAvailable, SystemFailure, Worker
from benchmarks.suite.system import System, Unavailable, version
from benchmarks.suite.systems import SYSTEMS, create, hub_options
from benchmarks.suite.worker import serve

from calmtone import Analyzer

TEXTS = [
    "You are an idiot.",
    "I can see how frustrating this is, and I'm sorry.",
    "",
    "lone \ud800 surrogate",
]


@pytest.fixture(scope="module")
def calmtone() -> Iterator[Worker]:
    worker = Worker("calmtone-rules")
    yield worker
    worker.close()


def test_a_process_says_what_the_library_says(calmtone: Worker, analyzer: Analyzer) -> None:
    seen: list[int] = []
    scores = calmtone.score(TEXTS * 120, [None] * 480, seen.append)
    assert np.array_equal(scores[:4], analyzer.score_batch(TEXTS))
    assert scores.shape == (480, 3)
    assert sum(seen) == 480
    assert calmtone.traits.probabilities
    assert analyzer.rules_hash in calmtone.version
    assert calmtone.packages.keys() == {"calmtone"}


def test_answers_are_read_with_their_messages(calmtone: Worker, analyzer: Analyzer) -> None:
    reply = "You should have read it."
    (scores,) = calmtone.score([reply], ["Where is my parcel?"])
    assert tuple(scores) == tuple(
        analyzer.analyze(reply, reply_to="Where is my parcel?").scores
    )


def test_spans_are_evidence(calmtone: Worker) -> None:
    found, nothing, *_ = calmtone.spans(TEXTS)
    assert "idiot" in {TEXTS[0][a:b].strip(".").split()[-1] for a, b, name in found}
    assert {name for _, _, name in nothing} <= {"empathy", "defensiveness", "hostility"}
    assert all(0 <= a < b <= len(TEXTS[0]) for a, b, _ in found)


def script(tmp_path: Path, body: str) -> list[str]:
    """The command of a worker whose system is made by `body`."""
    path = tmp_path / "odd.py"
    path.write_text(
        "import os, sys\n"
        "from benchmarks.suite import worker\n"
        "from benchmarks.suite.systems import System, SYSTEMS\n"
        "class Odd(System):\n"
        "    title = 'odd'\n"
        "    def version(self): return '1'\n"
        f"{body}\n"
        "SYSTEMS['odd'] = Odd\n"
        "worker.main()\n",
        encoding="utf-8",
    )
    return [sys.executable, str(path), "odd"]


def test_a_package_that_prints_disturbs_nothing(tmp_path: Path) -> None:
    body = (
        "    def score(self, texts, contexts):\n"
        "        print('hello'); os.write(1, b'from below')\n"
        "        return [(0.5, None, 1.0) for _ in texts]"
    )
    worker = Worker("odd", script(tmp_path, body))
    scores = worker.score(["a", "b"], [None, None])
    worker.close()
    assert scores[:, 0].tolist() == [0.5, 0.5]
    assert np.isnan(scores[:, 1]).all()


def test_an_error_is_told_and_the_next_request_answered(tmp_path: Path) -> None:
    body = (
        "    def score(self, texts, contexts):\n"
        "        if texts == ['bad']: raise ValueError('not this one')\n"
        "        return [(0.5, 0.5, 0.5) for _ in texts]"
    )
    worker = Worker("odd", script(tmp_path, body))
    with pytest.raises(SystemFailure, match="ValueError: not this one"):
        worker.score(["bad"], [None])
    assert worker.score(["good"], [None]).tolist() == [[0.5, 0.5, 0.5]]
    worker.close()


def test_a_process_that_dies_is_told_and_started_again(tmp_path: Path) -> None:
    body = (
        "    def score(self, texts, contexts):\n"
        "        if texts == ['bad']: sys.stderr.write('out of luck\\n'); os._exit(3)\n"
        "        return [(0.5, 0.5, 0.5) for _ in texts]"
    )
    worker = Worker("odd", script(tmp_path, body))
    with pytest.raises(SystemFailure, match="odd ended with 3"):
        worker.score(["bad"], [None])
    assert worker.score(["good"], [None]).tolist() == [[0.5, 0.5, 0.5]]
    worker.close()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("(0.5, 0.5)", "shape"),
        ("(0.5, None if texts.index(t) else 0.5, 0.5)", "no numbers for some"),
        ("(0.5, float('inf'), 0.5)", "no numbers"),
    ],
)
def test_scores_that_are_none_are_refused(tmp_path: Path, row: str, problem: str) -> None:
    body = f"    def score(self, texts, contexts): return [{row} for t in texts]"
    worker = Worker("odd", script(tmp_path, body))
    with pytest.raises(SystemFailure, match=problem):
        worker.score(["a", "b"], [None, None])
    worker.close()


def test_a_system_that_is_missing_says_what_to_install(tmp_path: Path) -> None:
    body = "    packages = ('odd-one',)\n    def __init__(self): import odd_one"
    with pytest.raises(NotAvailable, match="pip install odd-one"):
        Worker("odd", script(tmp_path, body))


def test_a_model_that_cannot_run_says_why() -> None:
    answers = io.StringIO()
    serve("hf:nobody/nothing", io.StringIO(), answers)
    (said,) = map(json.loads, answers.getvalue().splitlines())
    assert said["unavailable"]


def test_a_model_of_the_hub_is_named_with_revision_and_labels() -> None:
    assert hub_options("owner/name") == {"model": "owner/name"}
    assert hub_options("owner/name@v1?toxic=hostility&LABEL_0=") == {
        "model": "owner/name",
        "revision": "v1",
        "labels": {"toxic": "hostility", "LABEL_0": None, "*": None},
    }


def test_training_data_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("sklearn")
    monkeypatch.setenv("CALMTONE_DATA", str(tmp_path))
    with pytest.raises(Unavailable, match="CALMTONE_DATA"):
        create("tfidf")


class Counting(System):
    title = "counting"

    def __init__(self) -> None:
        self.calls = 0

    def score(self, texts, contexts):  # type: ignore[no-untyped-def]
        self.calls += 1
        return [(float("dull" in text), None, None) for text in texts]


def test_a_system_without_spans_points_at_words_that_pass_alone() -> None:
    system = Counting()
    texts = ["A dull, dull page.", "It's DULL!", "Nothing."]
    system.prepare(texts)
    assert [system.spans(text) for text in texts] == [
        [(2, 6, "hostility"), (8, 12, "hostility")],
        [(5, 9, "hostility")],
        [],
    ]
    assert system.calls == 1


@pytest.mark.parametrize("name", sorted(set(SYSTEMS) - {"calmtone-onnx", "tfidf"}))
def test_installed_systems_score_what_is_hostile_higher(name: str) -> None:
    try:
        system = create(name)
    except Unavailable as error:
        pytest.skip(str(error))
    texts = ["You stupid idiot, go to hell.", "Thanks, that is very kind of you."]
    (rude, _, _), (kind, _, warm) = system.score(texts, [None, None])
    assert rude is not None
    assert kind is not None
    assert 0 <= kind < system.thresholds[0] <= rude <= 1
    assert warm is None or 0 <= warm <= 1
    assert any(a <= 4 and b >= 10 for a, b, _ in system.spans(texts[0]))
    assert system.version()
    assert version("no-such-package") == "not installed"


def test_better_profanity_looked_up_faster_says_the_same() -> None:
    try:
        system = create("better-profanity")
    except Unavailable as error:
        pytest.skip(str(error))
    texts = [
        "You stupid idiot, go to hell.",
        "what the h3ll is this cr4p",
        "a s s",
        "Assessment of class passes.",
        "Thanks!",
        "",
        "d@mn it",
    ]
    fast = [value for value, _, _ in system.score(texts, [None] * len(texts))]
    assert fast == [float(system.read(text)) for text in texts]
    assert 0 < sum(fast) < len(texts)  # type: ignore[arg-type]
