"""The logistic regression behind the rule engine: design matrix, fit, evaluation.

Column groups of a dimension: a weight for each rule of the dimension (never negative, drawn
towards the common weight of its strength), a small weight for each form of the other
dimensions, a weight for each lexicon term, and a further one for each that counts times the
register of the text (`registers.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags

from calmtone.rules.matching import CompiledRule
from calmtone.scoring import shortness

from .corpus import Item
from .features import Features

Array = NDArray[np.float64]
IntArray = NDArray[np.intp]

_INSIDE = re.compile(r"(?<=[a-z,;] )[A-Za-z][a-z']+")
STRENGTH_PRIORS = {"mild": 0.3, "moderate": 2.0, "strong": 3.2}


@dataclass(frozen=True)
class Settings:
    """What may be tuned on cross-validation inside the train split."""

    term_ridge: float = 60.0
    by_register_ridge: float = 80.0
    register_ridge: float = 3.0
    register_texts: int = 20
    rule_ridge: float = 3.0
    form_ridge: float = 4.0
    least_texts: int = 2
    lexicon_size: int = 10_000
    message_weight: float = 6.0
    soft_weight: float = 2.0
    # Very short messages, times the weight of messages: there are many for what they say.
    short_weight: float = 0.5
    # While terms are chosen: what few messages have would be drowned by other texts.
    choosing_message_weight: float = 10.0
    choosing_soft_weight: float = 1.0
    # How much of what is learned by register counts: a text may stand in one of its own.
    register_share: float = 0.75
    # What a rating of 0, 1, 2, 3 counts as: the order within a side matters to rankings.
    message_targets: tuple[float, ...] = (0.0, 0.05, 0.95, 1.0)
    real_targets: tuple[float, ...] = (0.0, 0.15, 0.85, 1.0)
    pair_weight: float = 2.0
    choosing_steps: int = 40
    steps: int = 160
    term_scale: float = 3.0
    # Below so many different words a text is short.
    short_words: int = 12
    least_size: int = 24
    most_size: int = 200
    enough: float = 2.0
    sharpness: float = 3.0
    repeat: float = 0.5
    degree: float = 0.15
    evidence_least: tuple[float, float, float] = (0.35, 0.45, 0.7)


class Fitted(NamedTuple):
    """The weights of one dimension.

    The log-odds of a text are `base + register * shift`, plus its rules and forms times
    `rules`, plus its terms times `terms + register * by_register`.
    """

    base: float
    shift: float
    terms: Array
    by_register: Array
    rules: Array


class Design:
    """Column layout of the design matrices for some rules and lexicon terms."""

    def __init__(
        self,
        rules: Sequence[CompiledRule],
        terms: Sequence[str],
        settings: Settings,
    ) -> None:
        self.settings = settings
        self.rules = rules
        self.terms = list(terms)
        self.term_index = {term: i for i, term in enumerate(self.terms)}
        self.forms = sorted(
            {f"{r.dimension}/{r.form}" for r in rules if r.strength != "neutral"}
        )
        self.form_index = {form: i for i, form in enumerate(self.forms)}

    def term_matrix(self, items: Sequence[Features]) -> csr_matrix:
        """Columns: lexicon terms."""
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for row, item in enumerate(items):
            value = self.factor(item)
            for sentence in item.sentences:
                for term in sentence:
                    column = self.term_index.get(term)
                    if column is not None:
                        rows.append(row)
                        columns.append(column)
                        values.append(value)
        shape = (len(items), len(self.terms))
        return csr_matrix((values, (rows, columns)), shape=shape)

    def factor(self, item: Features) -> float:
        """What the weight of a term counts times: as in `calmtone.scoring`."""
        size = 2 * sum(map(len, item.words))
        value = self.settings.term_scale / max(size, self.settings.least_size) ** 0.5
        return float(value * self.fade(item))

    def fade(self, item: Features) -> float:
        """What a match counts times in a text: as in `calmtone.scoring`."""
        size = 2 * sum(map(len, item.words))
        return float(min(1.0, (self.settings.most_size / max(size, 1)) ** 0.5))

    def shortness(self, item: Features) -> float:
        """How short a text is, from 0 to 1."""
        words = [word for sentence in item.words for word in sentence]
        return shortness(words, self.settings.short_words)

    def rule_matrix(self, items: Sequence[Features], *, alone: bool = False) -> csr_matrix:
        """Columns: rules, then forms.

        Args:
            items: texts, or sentences.
            alone: whether they are sentences, in which a match counts in full.
        """
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        n = len(self.rules)
        for row, item in enumerate(items):
            counts: Counter[int] = Counter()
            sums: dict[int, float] = {}
            forms: set[int] = set()
            fade = 1.0 if alone else self.fade(item)
            for rule, _, degree in item.hits:
                value = 1 + self.settings.degree * degree
                sums[rule] = sums.get(rule, 0.0) + value * self.settings.repeat ** counts[rule]
                counts[rule] += 1
                forms.add(
                    self.form_index[f"{self.rules[rule].dimension}/{self.rules[rule].form}"]
                )
            for rule, total in sums.items():
                rows.append(row)
                columns.append(rule)
                values.append(total * fade)
            for index in forms:
                rows.append(row)
                columns.append(n + index)
                values.append(fade)
        shape = (len(items), n + len(self.forms))
        return csr_matrix((values, (rows, columns)), shape=shape)


def fit_dimension(
    dimension: str,
    design: Design,
    x_terms: csr_matrix,
    x_rules: csr_matrix,
    registers: Array,
    targets: Array,
    weights: Array,
    pairs: IntArray,
    settings: Settings,
) -> Fitted:
    """The weights of one dimension.

    Args:
        dimension: its name.
        design: the columns.
        x_terms: (texts, terms).
        x_rules: (texts, rules and forms).
        registers: (texts,), in [-1, 1].
        targets: (texts,), in [0, 1].
        weights: (texts,).
        pairs: (pairs, 2), rows of which the first is rated higher; what counts is the
            difference of their log-odds (Burges et al. 2005, RankNet).
        settings: how strongly what is drawn where, and how many steps of L-BFGS at most.
    """
    rules = design.rules
    n_rules, n_forms, n_terms = len(rules), len(design.forms), len(design.terms)
    df = np.bincount(x_terms.indices, minlength=n_terms) + 1.0
    rarity = np.log(x_terms.shape[0] / df) + 1.0
    # Rare terms are scaled up, as in TF-IDF, so that one ridge fits all.
    scaled = (x_terms @ diags(rarity)).tocsr()
    scaled_t = scaled.T.tocsr()
    own = np.array([r.dimension == dimension and r.strength != "neutral" for r in rules])
    prior = np.array([STRENGTH_PRIORS.get(r.strength, 0.0) for r in rules]) * own
    foreign = np.array([not form.startswith(dimension) for form in design.forms])
    rules_t = x_rules.T.tocsr()
    ridge = np.concatenate(
        [
            np.full(n_rules, settings.rule_ridge),
            np.full(n_forms, settings.form_ridge),
            np.full(n_terms, settings.term_ridge),
            np.full(n_terms, settings.by_register_ridge),
        ]
    )
    centre = np.concatenate([prior, np.zeros(n_forms + 2 * n_terms)])
    own_terms = slice(n_rules + n_forms, n_rules + n_forms + n_terms)
    by_register = slice(n_rules + n_forms + n_terms, None)
    higher, lower = pairs[:, 0], pairs[:, 1]

    def loss(values: Array) -> tuple[float, Array]:
        base, shift, rest = values[0], values[1], values[2:]
        # Both sums over the words in one pass, which is what takes the time.
        sums = scaled @ np.stack([rest[own_terms], rest[by_register]], 1)
        z = base + x_rules @ rest[: n_rules + n_forms] + sums[:, 0]
        z += registers * (shift + sums[:, 1])
        p = 1 / (1 + np.exp(-z))
        off = rest - centre
        value = np.sum(weights * (np.logaddexp(0, z) - targets * z)) + 0.5 * np.sum(
            ridge * off**2
        )
        residual = weights * (p - targets)
        ahead = z[higher] - z[lower]
        value += settings.pair_weight * np.sum(np.logaddexp(0, -ahead))
        pull = settings.pair_weight / (1 + np.exp(ahead))
        np.add.at(residual, higher, -pull)
        np.add.at(residual, lower, pull)
        leaning = registers * residual
        pulls = scaled_t @ np.stack([residual, leaning], 1)
        gradient = np.concatenate(
            [
                [residual.sum(), leaning.sum()],
                rules_t @ residual,
                pulls[:, 0],
                pulls[:, 1],
            ]
        )
        gradient[2:] += ridge * off
        return float(value), gradient

    start = np.concatenate([[-2.0, 0.0], centre])
    bounds = (
        [(None, None)] * 2
        + [(0.02, 4.0) if o else (0.0, 0.0) for o in own]
        + [(-1.5, 1.5) if f else (0.0, 0.0) for f in foreign]
        + [(None, None)] * (2 * n_terms)
    )
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": settings.steps},
    )
    rest = found.x[2:]
    return Fitted(
        float(found.x[0]),
        float(found.x[1]),
        rest[own_terms] * rarity,
        rest[by_register] * rarity,
        rest[: n_rules + n_forms],
    )


def pooled(
    values: Array,
    borne: Array,
    owner: IntArray,
    texts: int,
    margin: float,
    settings: Settings,
) -> Array:
    """The log-odds that sentences give their texts: as in `calmtone.scoring`.

    Args:
        values: of the sentences, (sentences,).
        borne: what matches of the dimension add to them, (sentences,).
        owner: the text of each, (sentences,).
        texts: how many texts there are.
        margin: how much a sentence counts less that no match bears out.
        settings: how much bears out, and how sharply the highest is taken.
    """
    values = values - margin * np.maximum(1 - borne / settings.enough, 0.0)
    best = np.full(texts, -50.0)
    np.maximum.at(best, owner, values)
    share = np.bincount(owner, np.exp(settings.sharpness * (values - best[owner])), texts)
    count = np.maximum(np.bincount(owner, minlength=texts), 1)
    found: Array = best + np.log(np.maximum(share, 1e-9) / count) / settings.sharpness
    return found


def choose_terms(
    items: Sequence[Features], least: int, names: Collection[str] = ()
) -> list[str]:
    """Terms that stand in at least `least` texts and hold no name."""
    counts: Counter[str] = Counter()
    for item in items:
        counts.update({term for sentence in item.sentences for term in sentence})
    return sorted(
        term
        for term, count in counts.items()
        if count >= least and not any(word in names for word in term.split())
    )


def proper_names(texts: Iterable[str], share: float = 0.7) -> frozenset[str]:
    """Words that mostly have a capital inside of sentences: no term is made of them.

    Names would let the score depend on who is written to.
    """
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for text in texts:
        for word in _INSIDE.findall(text):
            if word[0].islower():
                small[word] += 1
            else:
                capital[word.lower()] += 1
    return frozenset(
        word
        for word, count in capital.items()
        if count >= share * (count + small[word]) and not word.startswith("i'")
    )


def paired(items: Sequence[Item]) -> list[tuple[int, int]]:
    """Places of the contrast pairs, and of the rewrites with what they rewrite."""
    ids = {item.id: place for place, item in enumerate(items)}
    halves: dict[str, list[int]] = {}
    found = []
    for place, item in enumerate(items):
        if item.pair:
            halves.setdefault(item.pair, []).append(place)
        if item.rewrite_of in ids:
            found.append((ids[item.rewrite_of], place))
    return found + [(pair[0], pair[1]) for pair in halves.values() if len(pair) == 2]
