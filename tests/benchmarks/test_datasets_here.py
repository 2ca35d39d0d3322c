"""The real files, where they are: every set that is here loads as declared."""

from __future__ import annotations

import pytest
from benchmarks.suite.datasets import MissingFile, entries, load
from benchmarks.suite.datasets.commands import state
from benchmarks.suite.datasets.locate import data_dir


@pytest.mark.parametrize("name", entries())
def test_a_set_that_is_here_loads(name: str) -> None:
    if data_dir() is None:
        pytest.skip(f"{name} needs the data folder: set CALMTONE_DATA")
    try:
        dataset = load(name)
    except MissingFile as error:
        pytest.skip(str(error))
    assert state(dataset.entry)[0] == ("partial copy" if dataset.partial else "yes")
    declared = dataset.entry.rows
    if declared is not None:
        assert dataset.rows <= declared if dataset.partial else dataset.rows == declared
    unread = sum(n for reason, n in dataset.left_out.items() if reason.startswith("can't"))
    assert unread <= 0.01 * dataset.rows
    assert len({example.id for example in dataset.examples}) == len(dataset.examples)
    # Every label says something, and a binary one has both sides.
    for label in dataset.labels:
        values = [e.labels[label.name] for e in dataset.examples if label.name in e.labels]
        if label.kind == "span":
            marked = [e for e in dataset.examples if e.spans]
            assert any(s[2] == label.dimension for e in marked for s in e.spans or ())
        elif label.kind == "false-alarm":
            assert 1.0 in values
        elif "keep-unlabelled" not in dataset.entry.options:
            assert len(set(values)) > 1, label.name
    for example in dataset.examples:
        assert all(0 <= a < b <= len(example.text) for a, b, _ in example.spans or ())
