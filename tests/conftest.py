from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.docs.examples import rules_alone
from hub_server import Client, Hub
from hypothesis import settings
from support import Drawn

from calmtone import Analyzer

# Tests import onnxruntime themselves, some before the library can switch its reports off.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
settings.register_profile(
    "calmtone", deadline=None, derandomize=True, database=None, max_examples=150
)
settings.load_profile("calmtone")


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The shipped rules; shared, as callers are told to do."""
    return Analyzer(engine="rules")


@pytest.fixture(scope="module")
def rules_only() -> Iterator[None]:
    """For what is expected of the rules alone."""
    with rules_alone():
        yield


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """The progress bars of a test, on what passes for a terminal once a test says so."""
    pytest.importorskip("rich")
    from rich.progress import Progress

    found = Drawn()
    add_task = Progress.add_task

    def add(self: Progress, *args: Any, **options: Any) -> Any:
        found.totals.append(options["total"])
        return add_task(self, *args, **options)

    monkeypatch.setattr(Progress, "add_task", add)
    monkeypatch.setattr(
        Progress, "advance", lambda self, task, done: found.advanced.append(done)
    )
    return found


@pytest.fixture
def client(hub: Hub, tmp_path: Path) -> Client:
    """A user of the test module's own `hub`, with a home folder of its own."""
    home = tmp_path / "home"
    home.mkdir()
    return Client(hub, home)
