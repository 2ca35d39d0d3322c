"""Fit every number of the rule engine: `python -m benchmarks.fit [--soft FILE]`.

Reads the train split of the rated texts, the further ratings of `ratings.jsonl`, and with
`--soft` the soft labels that `benchmarks.fit.labels` wrote. Writes `lexicon.json` and
`scoring.json` of the package. The dev split is never read; `python -m benchmarks.quality`
measures on it.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack

from calmtone.resources import read_json, read_records
from calmtone.rules.matching import Matcher, RuleSet
from calmtone.text import language_from

from .corpus import (
    DIMENSIONS,
    FILLING_WRITERS,
    RATED_NAMES,
    SHORT_WRITERS,
    Item,
    identities,
    load_messages,
    load_more_ratings,
    load_real,
    mask,
    split,
)
from .features import Features, features
from .model import (
    Array,
    Design,
    Fitted,
    IntArray,
    Settings,
    choose_terms,
    fit_dimension,
    paired,
    pooled,
    proper_names,
)
from .registers import Register, fit_register, register_words, unseen_registers, word_matrix
from .writing import FOLDER, Calibration, lexicon_terms, write

FOLDS = 6
# One telling sentence must show in a long text, even where that costs a little loss.
MOST_MARGIN = (1.5, 2.0, 2.0)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


def main() -> None:
    """Fit, calibrate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--soft", type=Path, help="soft labels of benchmarks.fit.labels")
    parser.add_argument("--words", action="store_true", help="count words.txt anew, and stop")
    parser.add_argument("--no-calibration", action="store_true", help="skip the folds")
    parser.add_argument(
        "--keep-terms", action="store_true", help="those of lexicon.json, none chosen anew"
    )
    options = parser.parse_args()
    settings = Settings()
    train = [item for items in (load_messages(), load_real()) for item in split(items)[0]]
    picked = load_more_ratings()
    train += picked
    soft = _soft(options.soft)
    if options.words:
        _write_words(train, soft)
        return
    start = time.time()
    language = read_json("en", "language.json")
    header, nodes = read_records("en", "rules.jsonl")
    rules = RuleSet(Matcher({**header, "nodes": nodes}, language))
    tables = language_from(language)
    x = [features(mask(item.text), rules, tables) for item in train]
    x_soft = [features(row["text"], rules, tables) for row in soft]
    p_soft = np.array([row["soft"] for row in soft]).reshape(-1, 3)
    print(f"features of {len(x)} + {len(x_soft)} texts: {time.time() - start:.0f} s")
    names = [RATED_NAMES.get(row["source"], row["source"]) for row in soft]
    fitter = _Fitter(
        rules,
        train,
        x,
        x_soft,
        p_soft,
        settings,
        picked=len(picked),
        soft_sources=names,
        known=lexicon_terms() if options.keep_terms else (),
    )
    fitted = fitter.fit()
    print(f"fit: {time.time() - start:.0f} s", flush=True)
    calibrations = [Calibration()] * 3 if options.no_calibration else fitter.calibrate()
    kept = options.keep_terms
    write(rules, x, len(soft), fitted, fitter.register(), calibrations, settings, kept=kept)
    print(f"done: {time.time() - start:.0f} s")


def _soft(path: Path | None) -> list[dict[str, Any]]:
    if path is None:
        return []
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _write_words(
    train: Sequence[Item], soft: Sequence[dict[str, Any]], least: int = 14
) -> None:
    counts: Counter[str] = Counter()
    for text in [item.text for item in train] * 2 + [row["text"] for row in soft]:
        counts.update(_WORD.findall(text.lower().replace("’", "'")))
    words = sorted(w for w, n in counts.items() if n >= least and (len(w) > 1 or w in "ai"))
    head = f"# Words that stand at least {least} times in the texts of the fit.\n"
    (FOLDER / "words.txt").write_text(head + "\n".join(words) + "\n", encoding="utf-8")
    print(f"{len(words)} words")


class _Fitter:
    """Texts and settings, to be fitted as a whole or but for a fold.

    `known` are the terms of the lexicon, where none are to be chosen.
    """

    def __init__(
        self,
        rules: RuleSet,
        train: Sequence[Item],
        x: Sequence[Features],
        x_soft: Sequence[Features],
        p_soft: Array,
        settings: Settings,
        *,
        picked: int = 0,
        soft_sources: Sequence[str] = (),
        known: Sequence[str] = (),
    ) -> None:
        self.settings = settings
        self.train, self.x = train, x
        self.ratings = np.array([item.ratings for item in train])
        self.y = self.ratings >= 2
        self.p_soft, self.soft_sources = p_soft, soft_sources
        self.messages = np.array([item.kind == "messages" for item in train])
        self.short = np.array([item.source in SHORT_WRITERS for item in train])
        # The last ones were picked because a model was not sure: they are not calibrated on.
        self.picked = np.arange(len(train)) >= len(train) - picked
        self.pairs = paired(train)
        terms = known
        if not known:
            names = proper_names(item.text for item in train) | identities()
            terms = choose_terms(x, settings.least_texts, names)
        wide = Design(rules.rules, terms, settings)
        self.rules = rules
        self._wide = (wide, wide.term_matrix(x), wide.term_matrix(x_soft))
        self._chosen: tuple[Design, csr_matrix, csr_matrix] | None = None
        if known:
            self._chosen = self._wide
        self._rules_x = (wide.rule_matrix(x), wide.rule_matrix(x_soft))
        sources = sorted({item.source for item in train})
        self.folds = {source: number % FOLDS for number, source in enumerate(sources)}
        self._words = register_words(wide, self._wide[1], settings.register_texts)
        self._words_x = vstack(
            [word_matrix(wide, self._words, x), word_matrix(wide, self._words, x_soft)]
        ).tocsr()
        # Whoever writes for this project has a letter.
        self._sources = [*(item.source for item in train), *soft_sources]
        self._public = np.array([len(source) > 1 for source in self._sources])
        both = unseen_registers(
            self._words,
            self._words_x,
            self._public,
            self._sources,
            self.folds,
            settings.register_ridge,
        )
        self.registers = both[: len(train)], both[len(train) :]

    def register(self) -> Register:
        """What tells the register of a text, fitted on all of them."""
        known = np.array([source in self.folds for source in self._sources])
        return fit_register(
            self._words,
            self._words_x[known],
            self._public[known],
            [source for source in self._sources if source in self.folds],
            self.settings.register_ridge,
        )

    def fit(
        self, rows: Sequence[int] | None = None, soft: Sequence[int] | None = None
    ) -> tuple[Design, list[Fitted]]:
        """Fit on some rows of rated and softly labelled texts, or on all of them.

        The terms are the known ones, or those that tell most in a fit with all terms, on the
        first rows that this is called with.
        """
        rows = list(range(len(self.train)) if rows is None else rows)
        soft = list(range(len(self.p_soft)) if soft is None else soft)
        if self._chosen is None:
            self._chosen = self._choose(rows, soft)
        return self._chosen[0], self._fit(*self._chosen, rows, soft, self.settings)

    def _choose(
        self, rows: list[int], soft: list[int]
    ) -> tuple[Design, csr_matrix, csr_matrix]:
        design, x, x_soft = self._wide
        settings = replace(
            self.settings,
            message_weight=self.settings.choosing_message_weight,
            soft_weight=self.settings.choosing_soft_weight,
            register_share=1.0,
            steps=self.settings.choosing_steps,
        )
        wide = self._fit(design, x, x_soft, rows, soft, settings)
        spread = np.sqrt(np.asarray(x.multiply(x).mean(0)).ravel())
        telling = sum(
            (np.abs(part.terms) + np.abs(part.by_register)) * spread / np.std(x @ part.terms)
            for part in wide
        )
        order = np.sort(np.argsort(-telling)[: self.settings.lexicon_size])
        chosen = Design(self.rules.rules, [design.terms[i] for i in order], self.settings)
        return chosen, x[:, order].tocsr(), x_soft[:, order].tocsr()

    def _fit(
        self,
        design: Design,
        x: csr_matrix,
        x_soft: csr_matrix,
        rows: list[int],
        soft: list[int],
        settings: Settings,
    ) -> list[Fitted]:
        x, r = x[rows], self._rules_x[0][rows]
        registers = np.concatenate([self.registers[0][rows], self.registers[1][soft]])
        if soft:
            x = vstack([x, x_soft[soft]]).tocsr()
            r = vstack([r, self._rules_x[1][soft]]).tocsr()
        fitted = []
        weights = np.where(self.messages[rows], settings.message_weight, 1.0)
        weights[self.short[rows]] *= settings.short_weight
        weights = np.concatenate([weights, np.full(len(soft), settings.soft_weight)])
        for k, name in enumerate(DIMENSIONS):
            ratings = self.ratings[rows, k]
            y = np.where(
                self.messages[rows],
                np.array(settings.message_targets)[ratings],
                np.array(settings.real_targets)[ratings],
            )
            y = np.concatenate([y, self.p_soft[soft, k]])
            pairs = self._ordered(rows, k)
            part = fit_dimension(name, design, x, r, registers, y, weights, pairs, settings)
            share = settings.register_share
            fitted.append(
                part._replace(shift=share * part.shift, by_register=share * part.by_register)
            )
        return fitted

    def _ordered(self, rows: list[int], k: int) -> IntArray:
        """Places in `rows` of the pairs that both are there: the higher rated, the lower."""
        place = {row: number for number, row in enumerate(rows)}
        ordered = [
            (place[a], place[b])
            for one, other in self.pairs
            for a, b in ((one, other), (other, one))
            if a in place and b in place and self.ratings[a, k] > self.ratings[b, k]
        ]
        return np.array(ordered, dtype=np.intp).reshape(-1, 2)

    def log_odds(
        self, design: Design, fitted: list[Fitted], rows: Sequence[int]
    ) -> tuple[Array, Array, IntArray]:
        """Of the texts (n, 3, 2), of all their sentences (m, 3, 2), and their texts (m,).

        The last axis is what the rules add, and all the rest.
        """
        items = [self.x[i] for i in rows]
        parts = [
            (
                number,
                Features([terms], [hit for hit in item.hits if hit[1] == at], [item.words[at]]),
            )
            for number, item in enumerate(items)
            for at, terms in enumerate(item.sentences)
        ]
        alone = [part for _, part in parts]
        owner = np.array([number for number, _ in parts])
        registers = self.registers[0][list(rows)]
        n = len(design.rules)
        both = []
        for texts, register in ((items, registers), (alone, registers[owner])):
            x = design.term_matrix(texts)
            r = design.rule_matrix(texts, alone=texts is alone)
            columns = [
                np.stack(
                    [
                        r[:, :n] @ part.rules[:n],
                        part.base
                        + x @ part.terms
                        + r[:, n:] @ part.rules[n:]
                        + register * (part.shift + x @ part.by_register),
                    ],
                    1,
                )
                for part in fitted
            ]
            both.append(np.stack(columns, 1))
        return both[0], both[1], owner

    def calibrate(self) -> list[Calibration]:
        """Slopes, shifts and sentence margin of each dimension, on unseen sources.

        Each fold leaves out whole writers and whole sources, as every use does. Rules have a
        slope of their own, since they are overfitted less than the words.
        """
        whole = np.zeros((len(self.train), 3, 2))
        alone, owner = [], []
        for fold in range(FOLDS):
            out = {source for source, number in self.folds.items() if number == fold}
            left = np.array(
                [
                    i
                    for i, item in enumerate(self.train)
                    if item.source in out and not self.picked[i]
                ]
            )
            rest = [i for i, item in enumerate(self.train) if item.source not in out]
            soft = [i for i, name in enumerate(self.soft_sources) if name not in out]
            design, fitted = self.fit(rest, soft)
            whole[left], parts, owners = self.log_odds(design, fitted, left.tolist())
            alone.append(parts)
            owner.append(left[owners])
            print(f"fold {fold + 1} of {FOLDS}: without {', '.join(sorted(out))}", flush=True)
        sentences, texts = np.concatenate(alone), np.concatenate(owner)
        filling = np.array([item.source in FILLING_WRITERS for item in self.train])
        real = ~self.messages & ~self.picked
        drawn = self.messages & ~filling
        balance = np.where(drawn, real.sum() / drawn.sum(), 1.0)
        balance[self.picked | filling] = 0.0
        design = self._wide[0]
        shortness = np.array([design.shortness(item) for item in self.x])
        found = []
        for k, name in enumerate(DIMENSIONS):
            y = self.y[:, k].astype(float)
            register = self.registers[0]
            rules, slope, shift, by_register, steeper, lift = _platt(
                whole[:, k], register, shortness, y, balance
            )
            shifts = shift + by_register * register + lift * shortness
            steep = rules * (1 + steeper * shortness)
            of_texts = whole[:, k, 0] * steep + whole[:, k, 1] * slope + shifts
            of_sentences = sentences[:, k, 0] * steep[texts] + sentences[:, k, 1] * slope
            of_sentences += shifts[texts]
            borne = sentences[:, k, 0] * rules
            losses = []
            for margin in np.arange(0.0, MOST_MARGIN[k] + 0.01, 0.25):
                best = pooled(of_sentences, borne, texts, len(y), float(margin), self.settings)
                z = np.maximum(of_texts, best)
                losses.append(
                    (float(np.average(np.logaddexp(0, z) - y * z, weights=balance)), margin)
                )
            loss, margin = min(losses)
            how = (slope, shift, by_register, float(margin), rules, steeper, lift)
            found.append(Calibration(*how))
            print(f"{name}: loss {loss:.4f}, {found[-1]}", flush=True)
        return found


def _platt(
    parts: Array, register: Array, shortness: Array, y: Array, weights: Array
) -> tuple[float, ...]:
    """Slopes of both parts, shift (Platt's scaling, 1999), and what the register shifts.

    And for short texts how much more the rules count, and what lifts the log-odds.
    """
    ones = np.ones(len(parts))
    x = np.column_stack([parts, ones, register, shortness * parts[:, 0], shortness])

    def loss(values: Array) -> tuple[float, Array]:
        t = x @ values
        residual = weights * (1 / (1 + np.exp(-t)) - y) / weights.sum()
        return float(np.average(np.logaddexp(0, t) - y * t, weights=weights)), x.T @ residual

    start = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    found = minimize(loss, start, jac=True, method="L-BFGS-B").x.tolist()
    rules, slope, shift, by_register, steeper, lift = found
    return rules, slope, shift, by_register, steeper / rules, lift


if __name__ == "__main__":
    main()
