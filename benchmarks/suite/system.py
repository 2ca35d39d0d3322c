"""What a system is: the class that all systems of the suite are made of."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Sequence
from typing import Any, ClassVar

Row = tuple[float | None, float | None, float | None]
FoundSpan = tuple[int, int, str]
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Unavailable(Exception):  # noqa: N818
    """The system cannot run here; the message says why and what to install."""


class System:
    """What every system has.

    Attributes:
        title: for tables.
        packages: distributions that it needs, as `pip` names them.
        thresholds: for each dimension the score from which the system's own documentation
            (or calmtone's: one half) says yes.
        probabilities: whether scores claim to be probabilities; only these are checked for
            calibration.
        points_at: the dimensions that `spans` speaks about.
        batches: whether its package takes many texts at once.
        setup: program text that imports the package and defines `read(text)`, for cold
            starts and memory; empty where that cannot be said in a few lines.
    """

    title: ClassVar[str]
    packages: ClassVar[tuple[str, ...]] = ()
    thresholds: ClassVar[tuple[float, float, float]] = (0.5, 0.5, 0.5)
    probabilities: ClassVar[bool] = False
    points_at: ClassVar[tuple[str, ...]] = ("hostility",)
    batches: ClassVar[bool] = False
    setup: ClassVar[str] = ""

    def version(self) -> str:
        """What has to change when the scores may: goes into the key of each result."""
        return " ".join(f"{name} {version(name)}" for name in self.packages)

    def score(self, texts: Sequence[str], contexts: Sequence[str | None]) -> list[Row]:
        """Scores of texts; `contexts` are the messages that they answer."""
        raise NotImplementedError

    def read(self, text: str) -> Any:
        """What a caller would do with one text: timed by the speed task."""
        return self.score([text], [None])

    def spans(self, text: str) -> list[FoundSpan]:
        """The words that the system would point at.

        Unless a system can say better: each word that alone passes the system's own
        threshold for hostility.
        """
        hostile = self._hostile_words([text])
        return [
            (word.start(), word.end(), "hostility")
            for word in _WORD.finditer(text)
            if hostile[word[0].lower()]
        ]

    def prepare(self, texts: Sequence[str]) -> None:
        """Called with texts whose spans will be asked for: scores their words at once."""
        self._hostile_words(texts)

    def _hostile_words(self, texts: Sequence[str]) -> dict[str, bool]:
        known: dict[str, bool] = self.__dict__.setdefault("_known", {})
        words = {word.lower() for text in texts for word in _WORD.findall(text)}
        new = sorted(words - known.keys())
        rows = self.score(new, [None] * len(new)) if new else []
        for word, (value, _, _) in zip(new, rows, strict=True):
            known[word] = value is not None and value >= self.thresholds[0]
        return known


def version(package: str) -> str:
    """The installed version of a distribution, or "not installed"."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
