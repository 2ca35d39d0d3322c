"""Weights of signs and words: of messages for needs and heat, of sentences for acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression, Ridge

from calmtone.rules.acts import ACTS

from .pairs import HEAT_ALONE, Array, Pair

Vectors = tuple[list[str], Array]
NOT_ASKED = -9.0  # the score of an answer where nothing was asked


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen by the out-of-fold figures."""

    least_texts: int = 2
    strength: float = 0.6  # of the logistic regressions (inverse of the ridge)
    answer_strength: float = 1.0  # answers differ in what they say more than other acts
    word_scale: float = 0.7  # a word's value beside that of a sign
    heat_ridge: float = 20.0
    heat_word_scale: float = 0.3  # vectors do more for heat than the words by themselves
    heat_vector_scale: float = 0.5
    need_word_scale: float = 0.3
    need_vector_scale: float = 0.5
    does_vector_scale: float = 0.0
    weights: tuple[tuple[str, float], ...] = (
        ("replies", 4.0),
        ("pairs", 2.0),
        ("short", 4.0),
        ("contexts", 1.0),
        ("heats", 1.0),
        ("answered", 0.25),  # mostly short, unlike what the pairs answer
    )
    rounds: int = 2  # of finding which sentence of an agreed pair does the act


class Columns:
    """The columns of a design matrix: signs and words that are often enough, then vectors."""

    def __init__(
        self,
        rows: Sequence[Counter[str]],
        least: int,
        vectors: Vectors,
        word_scale: float,
        vector_scale: float,
    ) -> None:
        count: Counter[str] = Counter(name for row in rows for name in row)
        self.names = sorted(name for name, n in count.items() if n >= least)
        self._place = {name: place for place, name in enumerate(self.names)}
        self._scale = np.array([word_scale if n[0] == " " else 1.0 for n in self.names])
        self._known, self._vectors = vectors
        self._row_of = {f" {word}": row for row, word in enumerate(self._known)}
        self._vector_scale = vector_scale

    def matrix(self, rows: Sequence[Counter[str]]) -> Any:
        """The matrix of some texts, one a row."""
        own = _counts(rows, self._place) @ _diagonal(self._scale)
        if not self._vector_scale:
            return own
        near = _counts(rows, self._row_of) @ (self._vectors * self._vector_scale)
        return hstack([own, csr_matrix(near)]).tocsr()

    def folded(self, column: Array) -> dict[str, float]:
        """The weight of each sign and word, what its vector adds included."""
        own, near = column[: len(self.names)] * self._scale, column[len(self.names) :]
        weights = dict(zip(self.names, own.tolist(), strict=True))
        if self._vector_scale:
            added = (self._vectors @ near * self._vector_scale).tolist()
            for word, value in zip(self._known, added, strict=True):
                weights[f" {word}"] = weights.get(f" {word}", 0.0) + value
        return weights


def _counts(rows: Sequence[Counter[str]], place: dict[str, int]) -> Any:
    cells = [
        (i, place[n], v) for i, row in enumerate(rows) for n, v in row.items() if n in place
    ]
    i, j, v = (list(part) for part in zip(*cells, strict=True))
    matrix = csr_matrix((v, (i, j)), (len(rows), len(place)), dtype=float)
    matrix.indices, matrix.indptr = (
        part.astype(np.int32) for part in (matrix.indices, matrix.indptr)
    )
    return matrix


def _diagonal(values: Array) -> Any:
    size = len(values)
    return csr_matrix((values, (np.arange(size), np.arange(size))), (size, size))


class Field:
    """One fitted field: what its columns are, a weight for each, and a constant."""

    def __init__(self, columns: Columns, weights: Array, bias: float) -> None:
        self.columns, self.weights, self.bias = columns, weights, bias

    def values(self, rows: Sequence[Counter[str]]) -> Array:
        """The value of each text."""
        return np.asarray(self.columns.matrix(rows) @ self.weights) + self.bias

    def folded(self) -> dict[str, float]:
        """The weight of each sign and word."""
        return self.columns.folded(self.weights)


class Fitted:
    """The fields of messages (needs, then heat) and those of sentences (acts)."""

    def __init__(self, pairs: Sequence[Pair], settings: Settings, vectors: Vectors) -> None:
        self._settings, self._vectors = settings, vectors
        once: dict[str, Pair] = {}
        for pair in pairs:
            once.setdefault(pair.group, pair)
        self.message_fields = self._fit_messages(list(once.values()))
        self.reply_fields = self._fit_sentences([p for p in pairs if p.sentences])

    def _fit_messages(self, pairs: Sequence[Pair]) -> list[Field]:
        settings = self._settings
        labelled = [pair for pair in pairs if pair.source not in HEAT_ALONE]
        rows = [pair.message for pair in labelled]
        weights = self._weights(labelled)
        columns = self._columns(rows, settings.need_word_scale, settings.need_vector_scale)
        matrix = columns.matrix(rows)
        fields = [
            Field(columns, *_logistic(matrix, y, weights, settings.strength))
            for y in np.array([pair.needs for pair in labelled]).T
        ]
        rows = [pair.message for pair in pairs]
        weights = self._weights(pairs)
        columns = self._columns(rows, settings.heat_word_scale, settings.heat_vector_scale)
        heat = Ridge(alpha=settings.heat_ridge).fit(
            columns.matrix(rows), [pair.heat for pair in pairs], sample_weight=weights
        )
        return [*fields, Field(columns, heat.coef_, float(heat.intercept_))]

    def _fit_sentences(self, pairs: Sequence[Pair]) -> list[Field]:
        settings = self._settings
        rows = [part for pair in pairs for part in pair.sentences]
        columns = self._columns(rows, settings.word_scale, settings.does_vector_scale)
        matrix = columns.matrix(rows)
        weights = np.repeat(self._weights(pairs), [len(pair.sentences) for pair in pairs])
        ends = np.cumsum([len(pair.sentences) for pair in pairs])
        known = np.array([d for pair in pairs for d in pair.doing])
        fields = []
        for k, act in enumerate(ACTS):
            y = known[:, k].copy()
            strength = settings.answer_strength if act == "answer" else settings.strength
            # Kinds of questions only bear on answers.
            use = [float(act == "answer" or "*" not in name) for name in columns.names]
            use += [1.0] * (matrix.shape[1] - len(use))
            masked = matrix @ _diagonal(np.array(use))
            for _ in range(settings.rounds + 1):
                sure = y >= 0
                column, bias = _logistic(masked[sure], y[sure], weights[sure], strength)
                score = masked @ column
                for pair, end in zip(pairs, ends, strict=True):
                    first = end - len(pair.sentences)
                    if (known[first:end, k] < 0).any():
                        y[first:end] = -1
                        y[first + int(np.argmax(score[first:end]))] = 1
            fields.append(Field(columns, column, bias))
        return fields

    def _columns(
        self, rows: Sequence[Counter[str]], word_scale: float, vector_scale: float
    ) -> Columns:
        least = self._settings.least_texts
        return Columns(rows, least, self._vectors, word_scale, vector_scale)

    def _weights(self, pairs: Sequence[Pair]) -> Array:
        weights = dict(self._settings.weights)
        return np.array([weights[pair.source] for pair in pairs])

    def messages(self, pairs: Sequence[Pair]) -> Array:
        """The fields of messages, needs and then heat: array of shape (pairs, acts + 1)."""
        rows = [pair.message for pair in pairs]
        return np.array([field.values(rows) for field in self.message_fields]).T

    def replies(self, pairs: Sequence[Pair]) -> Array:
        """For each act the score of the best sentence: array of shape (pairs, acts)."""
        rows = [part for pair in pairs for part in pair.sentences]
        values = np.array([field.values(rows) for field in self.reply_fields]).T
        ends = np.cumsum([len(pair.sentences) for pair in pairs])
        best = np.array(
            [
                values[end - len(pair.sentences) : end].max(axis=0)
                for pair, end in zip(pairs, ends, strict=True)
            ]
        )
        best[[not pair.asks for pair in pairs], ACTS.index("answer")] = NOT_ASKED
        return best


def _logistic(
    x: Any, y: Sequence[int] | Array, weights: Array, strength: float
) -> tuple[Array, float]:
    model = LogisticRegression(C=strength, max_iter=500, solver="liblinear")
    model.fit(x, y, sample_weight=weights)
    return model.coef_[0], float(model.intercept_[0])
