"""The figures of the README: perfect systems have perfect figures."""

from __future__ import annotations

from typing import Any

import pytest
from benchmarks import outside, quality
from benchmarks.fit.corpus import OWN, load_messages
from benchmarks.suite.datasets import Dataset, load
from benchmarks.suite.systems import System


class Knowing(System):
    """Says what the readers said."""

    title = "knowing"

    def __init__(self, *sets: Dataset) -> None:
        self._known = {each.text: each for data in sets for each in data.examples}

    def score(self, texts: Any, contexts: Any) -> Any:
        names = ("hostility", "defensiveness", "empathy")
        return [[self._known[text].labels[name] / 3 for name in names] for text in texts]

    def spans(self, text: str) -> Any:
        return list(self._known[text].spans or ())


@pytest.fixture
def knowing(monkeypatch: pytest.MonkeyPatch) -> Knowing:
    monkeypatch.delenv("CALMTONE_DATA", raising=False)
    data, new = load("messages-dev"), load("messages-new-writers")
    half = [e._replace(kind="tydip") if n % 2 else e for n, e in enumerate(data.examples)]
    sets = {
        "messages-dev": data,
        "rated-dev": data._replace(examples=half),
        "messages-new-writers": new,
    }
    monkeypatch.setattr(quality, "load", sets.__getitem__)
    others = load_messages(OWN / "new-writers.jsonl")  # the real ones are not published
    monkeypatch.setattr(outside, "load", lambda: others)
    monkeypatch.setattr(quality, "load_messages", lambda _: others)
    return Knowing(data, new)


def test_ranking_and_pairs(knowing: Knowing) -> None:
    for row in quality.measure(knowing).values():
        for group in (
            "messages",
            "new writer",
            "real texts",
            "new sources",
            "further writers",
            "outside sources",
            "very short",
        ):
            assert row[group]["auc"] == 1
            assert 0 < row[group]["positive"] < row[group]["n"]
        assert 0 < row["new writer"]["n"] < row["messages"]["n"]
        assert row["pairs"] == row["rewrites"] == row["further pairs"] == 1
        assert row["pairs_n"] > 10
        assert row["further pairs_n"] > 50


@pytest.mark.parametrize("dataset", ["messages-dev", "messages-new-writers"])
def test_spans(knowing: Knowing, dataset: str) -> None:
    for row in quality.span_agreement(knowing, dataset).values():
        assert row["recall"] == row["precision"] == 1
        assert row["marked"] == row["evidence"] > 20
