"""A model folder and the rules, asked the way the library asks them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.fit.model import Array
from calmtone import Analyzer
from calmtone.blending import blend
from calmtone.model import ModelReading
from calmtone.onnx import OnnxModel, load_model
from calmtone.resources import read_json
from calmtone.text import language_from, read

Answer = tuple[str, str | None]


class Readings(NamedTuple):
    """What model and rules say of texts: log-odds (texts, 3), and the model's readings."""

    logits: Array
    rules: Array
    readings: list[ModelReading]

    def scores(self, model: OnnxModel, system: str) -> Array:
        """Scores in [0, 1] by `"rules"`, `"model"` alone or `"blend"`; shape (texts, 3)."""
        if system == "rules":
            return sigmoid(self.rules)
        if system == "model":
            slope = np.array([part.slope for part in model.numbers])
            shift = np.array([part.shift for part in model.numbers])
            return sigmoid(self.logits * slope + shift)
        rows = [
            blend(rules, logits, model.numbers)
            for rules, logits in zip(self.rules.tolist(), self.logits.tolist(), strict=True)
        ]
        return sigmoid(np.array(rows))


def sigmoid(x: Array) -> Array:
    """Log-odds to probabilities."""
    found: Array = 1 / (1 + np.exp(-x))
    return found


class Reader:
    """Asks a model folder and the shipped rules about texts.

    Args:
        folder: with `model.onnx`, `tokenizer.json` and `calmtone.json`.
    """

    def __init__(self, folder: Path) -> None:
        self.model = load_model(folder.resolve(), threads=1)
        self._language = language_from(read_json("en", "language.json"))
        self._rules = Analyzer(engine="rules", max_chars=1_000_000)
        self._known: dict[Answer, ModelReading] = {}

    def read(
        self,
        texts: Sequence[str],
        reply_to: Sequence[str | None] | None = None,
        *,
        details: bool = False,
    ) -> Readings:
        """Log-odds of the model, windows combined, and of the rules.

        Args:
            texts: any texts; one without words counts as the model's and rules' zero.
            reply_to: the messages that they answer; none by default.
            details: whether spans are asked for too; without, a text is read once only.
        """
        answers: list[Answer] = list(zip(texts, reply_to or [None] * len(texts), strict=True))
        fresh = (
            answers if details else [a for a in dict.fromkeys(answers) if a not in self._known]
        )
        documents = [read(text, self._language) for text, _ in fresh]
        found = self.model.read(documents, [reply for _, reply in fresh], details=details)
        if details:
            readings = found
        else:
            self._known.update(zip(fresh, found, strict=True))
            readings = [self._known[answer] for answer in answers]
        logits = np.array([[v or 0.0 for v in row.logits] for row in readings]).reshape(-1, 3)
        scores = np.clip(self._rules.score_batch(texts), 1e-9, 1 - 1e-9)
        return Readings(logits, np.log(scores / (1 - scores)), readings)
