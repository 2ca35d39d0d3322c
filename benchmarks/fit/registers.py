"""The register of a text: from a message to somebody (-1) to talk in public (1).

What words say of a text depends on where it was written: "order", "policy" and "sorry" mean
one thing in a reply to a customer, and another in a discussion of the news. So the lexicon has
two weights for each term, and the second counts times the register. That is read off the words
alone, by a logistic regression that tells the messages written for this project from texts of
public sets. The fit sees for each text the register that it would have if the writers and
sources of its fold were unknown, as they are in use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from calmtone.scoring import STEPS
from calmtone.text import MASK, UNKNOWN

from .features import Features
from .model import Array, Design

MOST_STEPS = 60
# Words that no dimension has a weight for, but that tell a register.
SIGNS = (UNKNOWN, MASK)


class Register(NamedTuple):
    """The log-odds that a text is public talk: `base`, plus its words times `weights`."""

    base: float
    weights: dict[str, float]

    def values(self, x: csr_matrix, words: Sequence[str]) -> Array:
        """The registers in [-1, 1], in the steps that the engine knows, for `word_matrix`."""
        weights = np.array([self.weights.get(word, 0.0) for word in words])
        share = 1 / (1 + np.exp(-(self.base + x @ weights)))
        return np.asarray(np.floor((2 * share - 1) * STEPS + 0.5) / STEPS)


def register_words(design: Design, x: csr_matrix, least: int) -> list[str]:
    """The words that may tell a register: `SIGNS`, and those that many texts have.

    Args:
        design: the columns of `x`.
        x: (texts, terms).
        least: the least number of texts.
    """
    texts = np.bincount(x.indices[x.data > 0], minlength=len(design.terms))
    frequent = zip(design.terms, texts, strict=True)
    return [*SIGNS, *(term for term, n in frequent if n >= least and " " not in term)]


def word_matrix(design: Design, words: Sequence[str], items: Sequence[Features]) -> csr_matrix:
    """Rows: texts. Columns: words, as the engine counts them."""
    index = {word: place for place, word in enumerate(words)}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, item in enumerate(items):
        value = design.factor(item)
        for sentence in item.words:
            for word in sentence:
                column = index.get(word)
                if column is not None:
                    rows.append(row)
                    columns.append(column)
                    values.append(value)
    return csr_matrix((values, (rows, columns)), shape=(len(items), len(words)))


def fit_register(
    words: Sequence[str],
    x: csr_matrix,
    public: NDArray[np.bool_],
    sources: Sequence[str],
    ridge: float,
) -> Register:
    """Fit on some texts.

    Args:
        words: the columns of `x`.
        x: (texts, words).
        public: (texts,), whether a text is of a public set.
        sources: of the texts; each counts as the square root of its texts, so that what
            is common to many is learned.
        ridge: how strongly weights are drawn to 0.
    """
    counts = Counter(sources)
    weights = np.array([counts[source] ** -0.5 for source in sources])
    weights /= np.where(public, weights[public].sum(), weights[~public].sum())
    weights *= len(weights) / 2
    y = public.astype(float)
    transposed = x.T.tocsr()

    def loss(values: Array) -> tuple[float, Array]:
        z = values[0] + x @ values[1:]
        value = np.sum(weights * (np.logaddexp(0, z) - y * z))
        residual = weights * (1 / (1 + np.exp(-z)) - y)
        gradient = np.concatenate([[residual.sum()], transposed @ residual])
        gradient[1:] += ridge * values[1:]
        return float(value + 0.5 * ridge * np.sum(values[1:] ** 2)), gradient

    found = minimize(
        loss,
        np.zeros(len(words) + 1),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MOST_STEPS},
    )
    return Register(float(found.x[0]), dict(zip(words, found.x[1:].tolist(), strict=True)))


def unseen_registers(
    words: Sequence[str],
    x: csr_matrix,
    public: NDArray[np.bool_],
    sources: Sequence[str],
    folds: dict[str, int],
    ridge: float,
) -> Array:
    """The register of each text, fitted without the sources of its fold.

    Args:
        words: the columns of `x`.
        x: (texts, words).
        public: (texts,), whether a text is of a public set.
        sources: of the texts.
        folds: of the sources; what has none is fitted on by nobody.
        ridge: how strongly weights are drawn to 0.
    """
    fold = np.array([folds.get(source, -1) for source in sources])
    values = np.zeros(len(sources))
    for number in sorted({*fold.tolist()}):
        rows = np.flatnonzero((fold != number) & (fold >= 0))
        some = [sources[row] for row in rows.tolist()]
        found = fit_register(words, x[rows], public[rows], some, ridge)
        values[fold == number] = found.values(x[fold == number], words)
    return values
