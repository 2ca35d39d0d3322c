"""What systems said, kept on disk, so that a run goes on and a new task scores nothing anew.

Scores and spans lie in the `scores` folder of the download cache; no texts are kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from .datasets.locate import cache_dir
from .datasets.records import Dataset, Example
from .metrics import Array
from .processes import Worker
from .tasks import Outputs, Task
from .tasks.types import FoundSpan


class Store:
    """Scores and spans by system and texts.

    Args:
        folder: where files lie; None keeps nothing.
        fresh: whether to ignore what is there (and write it anew).
    """

    def __init__(self, folder: Path | None, *, fresh: bool = False) -> None:
        self._folder = folder
        self._fresh = fresh
        self._known: dict[str, object] = {}

    def forget(self) -> None:
        """Free the memory; files stay."""
        self._known.clear()

    def outputs(
        self,
        worker: Worker,
        dataset: Dataset,
        task: Task,
        advance: Callable[[int], None] = lambda count: None,
    ) -> Outputs:
        """What a system says about a data set, as far as a task needs it.

        Args:
            worker: the system.
            dataset: whose examples are read.
            task: whose wishes count.
            advance: called with the number of texts scored.

        Raises:
            SystemFailure: the system failed.
        """
        examples = dataset.examples
        scores = self._scores(
            worker, [e.text for e in examples], [e.context for e in examples], advance
        )
        spans = self._spans(worker, [e.text for e in examples]) if task.spans else ()
        variants = {
            name: self._scores(
                worker,
                [text for _, text in changed],
                [examples[n].context for n, _ in changed],
                advance,
            )
            for name, changed in self._variants(task, examples).items()
        }
        return Outputs(scores, spans, variants)

    def _variants(
        self, task: Task, examples: Sequence[Example]
    ) -> dict[str, Sequence[tuple[int, str]]]:
        return dict(task.variants(examples)) if task.variants else {}

    def _scores(
        self,
        worker: Worker,
        texts: Sequence[str],
        contexts: Sequence[str | None],
        advance: Callable[[int], None],
    ) -> Array:
        name = _name(worker, "scores", texts, contexts)
        known = self._known.get(name)
        if known is None:
            path = self._path(name + ".npy")
            if path is not None and path.exists() and not self._fresh:
                known = np.load(path)
            if not isinstance(known, np.ndarray) or known.shape != (len(texts), 3):
                known = worker.score(texts, contexts, advance)
                if path is not None:
                    _whole(path, lambda part: _save(part, known))
            self._known[name] = known
        assert isinstance(known, np.ndarray)
        return known

    def _spans(self, worker: Worker, texts: Sequence[str]) -> Sequence[Sequence[FoundSpan]]:
        name = _name(worker, "spans", texts, ())
        path = self._path(name + ".json")
        if path is not None and path.exists() and not self._fresh:
            content = json.loads(path.read_text(encoding="utf-8"))
            return [[(a, b, dimension) for a, b, dimension in spans] for spans in content]
        found = worker.spans(texts)
        if path is not None:
            _whole(path, lambda part: part.write_text(json.dumps(found), encoding="utf-8"))
        return found

    def _path(self, name: str) -> Path | None:
        return self._folder / name if self._folder else None


def default_folder() -> Path | None:
    """The `scores` folder of the download cache; None where there is no cache."""
    cache = cache_dir()
    return cache / "scores" if cache else None


def _name(
    worker: Worker, what: str, texts: Sequence[str], contexts: Sequence[str | None]
) -> str:
    total = hashlib.sha256(f"{what} {worker.name} {worker.version}\n".encode())
    for part in (*texts, "\1", *contexts):
        total.update((part or "\2").encode("utf-8", "surrogatepass") + b"\0")
    return f"{worker.name.replace('/', '-').replace(':', '-')}-{total.hexdigest()[:24]}"


def _save(path: Path, scores: Array) -> None:
    with path.open("wb") as file:
        np.save(file, scores)


def _whole(path: Path, write: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    write(part)
    part.replace(path)
