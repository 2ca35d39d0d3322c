"""The runner's side of a worker: one process for each system."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .metrics import Array
from .tasks.types import FoundSpan, Traits

ROOT = Path(__file__).parents[2]
BATCH = 200
TIMEOUT = 900  # seconds for one answer
_LIMITS = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TOKENIZERS_PARALLELISM"),
    "1",
)


class SystemFailure(Exception):  # noqa: N818
    """A system failed at a request; the message is its error."""


class NotAvailable(Exception):  # noqa: N818
    """A system cannot run here; the message says why and what to install."""


class Worker:
    """A system in its process, started at once.

    Attributes:
        name: of the system.
        title: for tables.
        version: what its scores depend on.
        packages: versions of its packages, by name.
        traits: what tasks have to know.

    Args:
        name: of the system.
        command: how to start the worker; the suite's own unless given.

    Raises:
        NotAvailable: a package or a file is missing.
        SystemFailure: it failed to start.
    """

    def __init__(self, name: str, command: Sequence[str] | None = None) -> None:
        self.name = name
        self._command = list(command or (sys.executable, "-m", "benchmarks.suite.worker", name))
        self._start()
        hello = self._hello
        self.title: str = hello["title"]
        self.version: str = hello["version"]
        self.packages: dict[str, str] = hello["packages"]
        self.traits = Traits(
            tuple(hello["thresholds"]), hello["probabilities"], tuple(hello["points_at"])
        )

    def _start(self) -> None:
        path = os.pathsep.join([str(ROOT), *(each for each in sys.path if each)])
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, **_LIMITS, "PYTHONPATH": path, "PYTHONHASHSEED": "0"},
        )
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._complaints: list[str] = []
        self._listeners = [
            threading.Thread(target=listen, args=(self._process,), daemon=True)
            for listen in (self._listen, self._overhear)
        ]
        for thread in self._listeners:
            thread.start()
        hello = self._answer()
        if "unavailable" in hello:
            self.close()
            raise NotAvailable(hello["unavailable"])
        self._hello = hello

    def _listen(self, process: subprocess.Popen[str]) -> None:
        answers = self._answers
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                answers.put(line)
        answers.put(None)

    def _overhear(self, process: subprocess.Popen[str]) -> None:
        complaints = self._complaints
        assert process.stderr is not None
        with process.stderr:
            for line in process.stderr:
                complaints.append(line)
                del complaints[:-50]

    def _answer(self) -> dict[str, Any]:
        try:
            line = self._answers.get(timeout=TIMEOUT)
        except queue.Empty:
            self.close()
            raise SystemFailure(f"{self.name} gave no answer in {TIMEOUT} seconds") from None
        if line is None:
            self._process.wait()
            last = "".join(self._complaints).strip().splitlines()[-1:]
            said = f": {last[0]}" if last else ""
            raise SystemFailure(f"{self.name} ended with {self._process.returncode}{said}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise SystemFailure(answer["error"])
        return answer

    def ask(self, **request: Any) -> dict[str, Any]:
        """The answer to a request; a process that has ended is started anew.

        Raises:
            SystemFailure: the system failed.
        """
        if self._process.poll() is not None:
            self.close()
            self._start()
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended; why is said below
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        return self._answer()

    def score(
        self,
        texts: Sequence[str],
        contexts: Sequence[str | None],
        advance: Callable[[int], None] = lambda count: None,
    ) -> Array:
        """Scores of texts, shape (n, 3); NaN where the system has none.

        Args:
            texts: to score.
            contexts: the message that each answers.
            advance: called with the number of texts done.

        Raises:
            SystemFailure: the system failed.
        """
        blocks = [np.empty((0, 3))]
        for start in range(0, len(texts), BATCH):
            part = slice(start, start + BATCH)
            answer = self.ask(op="score", texts=texts[part], contexts=contexts[part])
            block = np.array(answer["scores"], dtype=np.float64)
            if block.shape != (len(texts[part]), 3):
                raise SystemFailure(f"{self.name} gave scores of shape {block.shape}")
            blocks.append(block)
            advance(len(block))
        scores = np.concatenate(blocks)
        holes = np.isnan(scores).any(0) & ~np.isnan(scores).all(0)
        if holes.any() or np.isinf(scores).any():
            raise SystemFailure(f"{self.name} gave scores that are no numbers for some texts")
        return scores

    def spans(self, texts: Sequence[str]) -> list[list[FoundSpan]]:
        """The spans that the system points at in each text.

        Raises:
            SystemFailure: the system failed.
        """
        found: list[list[FoundSpan]] = []
        for start in range(0, len(texts), BATCH):
            answer = self.ask(op="spans", texts=texts[start : start + BATCH])
            found += [[(a, b, name) for a, b, name in spans] for spans in answer["spans"]]
        return found

    def speed(
        self, texts: Sequence[str], *, whole: bool = True, quick: bool = False
    ) -> dict[str, Any]:
        """What `benchmarks.suite.speed.measure` gives.

        Raises:
            SystemFailure: the system failed.
        """
        return self.ask(op="speed", texts=texts, whole=whole, quick=quick)

    def kill(self) -> None:
        """End the process in the midst of its work; requests under way fail."""
        self._process.kill()

    def close(self) -> None:
        """End the process."""
        stream = self._process.stdin
        if stream is not None and not stream.closed:
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._listeners:
            thread.join()
