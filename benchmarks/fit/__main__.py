"""Fit every number of the rule engine: `python -m benchmarks.fit [--soft FILE]`.

Reads the train split of the rated texts, and with `--soft` the soft labels that
`benchmarks.fit.teacher` wrote. Writes `lexicon.json` and `scoring.json` of the package.
The dev split is never read; `python -m benchmarks.quality` measures on it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import vstack

from calmtone.resources import DATA, read_json, read_records
from calmtone.rules.matching import Matcher, RuleSet
from calmtone.text import language_from

from .corpus import DIMENSIONS, Item, load_messages, load_real, mask, split
from .features import Features, features
from .model import Array, Design, Settings, choose_terms, fit_dimension, proper_names

FOLDS = 6
UNIT = 1 / 64  # weights of lexicon terms are whole multiples of it
FOLDER = Path(DATA, "en")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


def main() -> None:
    """Fit, calibrate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--soft", type=Path, help="soft labels of benchmarks.fit.teacher")
    parser.add_argument("--words", action="store_true", help="count words.txt anew, and stop")
    parser.add_argument("--no-calibration", action="store_true", help="skip the folds")
    options = parser.parse_args()
    settings = Settings()
    train = [item for items in (load_messages(), load_real()) for item in split(items)[0]]
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
    p_soft = np.array([[part[1] for part in row["soft"]] for row in soft]).reshape(-1, 3)
    print(f"features of {len(x)} + {len(x_soft)} texts: {time.time() - start:.0f} s")
    fitter = _Fitter(rules, train, x, x_soft, p_soft, settings)
    fitted = fitter.fit(range(len(train)))
    print(f"fit: {time.time() - start:.0f} s", flush=True)
    calibrations = [Calibration()] * 3 if options.no_calibration else fitter.calibrate()
    _write(rules, fitter, fitted, calibrations, settings, bool(soft))
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
    """Texts and settings, to be fitted as a whole or but for a fold."""

    def __init__(
        self,
        rules: RuleSet,
        train: Sequence[Item],
        x: Sequence[Features],
        x_soft: Sequence[Features],
        p_soft: Array,
        settings: Settings,
    ) -> None:
        self.settings = settings
        self.train, self.x = train, x
        self.y = np.array([item.ratings for item in train]) >= 2
        self.p_soft = p_soft
        self.messages = np.array([item.kind == "messages" for item in train])
        names = proper_names(item.text for item in train)
        known = choose_terms(x, settings.least_texts, names)
        self.wide = Design(rules.rules, known, settings)
        self.rules = rules
        self._parts = ([item.sentences for item in x], [item.sentences for item in x_soft])
        self._rules_x = (self.wide.rule_matrix(x), self.wide.rule_matrix(x_soft))

    def fit(self, rows: Sequence[int]) -> tuple[Design, list[tuple[float, Array, Array]]]:
        """Fit on some rows of the train split: all terms, then again the telling ones."""
        rows = list(rows)
        wide = self._fit(self.wide, rows)
        x = self.wide.term_matrix(self._parts[0])
        spread = np.sqrt(np.asarray(x.multiply(x).mean(0)).ravel())
        telling = sum(np.abs(terms) * spread / np.std(x @ terms) for _, terms, _ in wide)
        order = np.argsort(-telling)[: self.settings.lexicon_size]
        design = Design(
            self.rules.rules, sorted(self.wide.terms[i] for i in order), self.settings
        )
        return design, self._fit(design, rows)

    def _fit(self, design: Design, rows: list[int]) -> list[tuple[float, Array, Array]]:
        settings = self.settings
        x = design.term_matrix(self._parts[0])[rows]
        r = self._rules_x[0][rows]
        if len(self.p_soft):
            x = vstack([x, design.term_matrix(self._parts[1])]).tocsr()
            r = vstack([r, self._rules_x[1]]).tocsr()
        fitted = []
        for k, name in enumerate(DIMENSIONS):
            y = self.y[rows, k].astype(float)
            weights = np.where(self.messages[rows], settings.message_weight, 1.0)
            weights[y > 0] *= settings.positive_weight
            y = np.concatenate([y, self.p_soft[:, k]])
            weights = np.concatenate([weights, np.full(len(self.p_soft), settings.soft_weight)])
            fitted.append(fit_dimension(name, design, x, r, y, weights, settings))
        return fitted

    def log_odds(
        self, design: Design, fitted: list[tuple[float, Array, Array]], rows: Sequence[int]
    ) -> tuple[Array, Array, Array]:
        """Of the texts (n, 3), of all their sentences (m, 3), and the sentences' texts (m,)."""
        items = [self.x[i] for i in rows]
        parts = [
            (number, Features([terms], [hit for hit in item.hits if hit[1] == at]))
            for number, item in enumerate(items)
            for at, terms in enumerate(item.sentences)
        ]
        alone = [part for _, part in parts]
        owner = np.array([number for number, _ in parts])
        both = []
        for texts in (items, alone):
            x = design.term_matrix([text.sentences for text in texts])
            r = design.rule_matrix(texts)
            both.append(
                np.stack([bias + x @ terms + r @ rules for bias, terms, rules in fitted], 1)
            )
        return both[0], both[1], owner

    def calibrate(self) -> list[Calibration]:
        """Slope, shift and sentence margin of each dimension, on unseen sources.

        Each fold leaves out whole writers and whole sources, as every use does.
        """
        sources = sorted({item.source for item in self.train})
        whole = np.zeros((len(self.train), 3))
        alone, owner = [], []
        for fold in range(FOLDS):
            out = {source for i, source in enumerate(sources) if i % FOLDS == fold}
            left = np.array([i for i, item in enumerate(self.train) if item.source in out])
            rest = [i for i, item in enumerate(self.train) if item.source not in out]
            design, fitted = self.fit(rest)
            whole[left], parts, owners = self.log_odds(design, fitted, left.tolist())
            alone.append(parts)
            owner.append(left[owners])
            print(f"fold {fold + 1} of {FOLDS}: without {', '.join(sorted(out))}", flush=True)
        sentences, texts = np.concatenate(alone), np.concatenate(owner)
        balance = np.where(self.messages, (~self.messages).sum() / self.messages.sum(), 1.0)
        found = []
        for k, name in enumerate(DIMENSIONS):
            y = self.y[:, k].astype(float)
            slope, shift = _platt(whole[:, k], y, balance)
            of_texts = slope * whole[:, k] + shift
            of_sentences = slope * sentences[:, k] + shift
            best = np.full(len(y), -50.0)
            np.maximum.at(best, texts, of_sentences)
            losses = []
            for margin in np.arange(0.0, 4.01, 0.25):
                z = np.maximum(of_texts, best - margin)
                losses.append(
                    (float(np.average(np.logaddexp(0, z) - y * z, weights=balance)), margin)
                )
            loss, margin = min(losses)
            found.append(Calibration(slope, shift, float(margin)))
            print(f"{name}: loss {loss:.4f}, {found[-1]}", flush=True)
        return found


class Calibration(NamedTuple):
    """Final log-odds are `slope * log-odds + shift`; `margin` is of the final ones."""

    slope: float = 1.0
    shift: float = 0.0
    margin: float = 2.5


def _platt(z: Array, y: Array, weights: Array) -> tuple[float, float]:
    """Slope and shift of Platt's scaling (1999)."""
    x = np.column_stack([z, np.ones(len(z))])

    def loss(values: Array) -> tuple[float, Array]:
        t = x @ values
        residual = weights * (1 / (1 + np.exp(-t)) - y) / weights.sum()
        return float(np.average(np.logaddexp(0, t) - y * t, weights=weights)), x.T @ residual

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B")
    return float(found.x[0]), float(found.x[1])


def lexicon_data(terms: Sequence[str], units: Any) -> dict[str, Any]:
    """The lexicon's file: words, pairs by their first word, and in the same order weights."""
    first = {term: term.partition(" ")[0] for term in terms}
    order = sorted(
        range(len(terms)), key=lambda i: (" " in terms[i], first[terms[i]], terms[i])
    )
    pairs: dict[str, list[str]] = {}
    for i in order:
        if " " in terms[i]:
            pairs.setdefault(first[terms[i]], []).append(terms[i].partition(" ")[2])
    return {
        "unit": UNIT,
        "words": " ".join(terms[i] for i in order if " " not in terms[i]),
        "pairs": {word: " ".join(seconds) for word, seconds in pairs.items()},
        **{name: [int(units[k, i]) for i in order] for k, name in enumerate(DIMENSIONS)},
    }


def _write(
    rules: RuleSet,
    fitter: _Fitter,
    fitted: tuple[Design, list[tuple[float, Array, Array]]],
    calibrations: list[Calibration],
    settings: Settings,
    soft: bool,
) -> None:
    design, parts = fitted
    bases, columns, rule_columns = [], [], []
    for part, how in zip(parts, calibrations, strict=True):
        bases.append(how.slope * part[0] + how.shift)
        columns.append(how.slope * part[1])
        rule_columns.append(how.slope * part[2])
    terms = np.stack(columns)
    units = np.rint(terms / UNIT).astype(int)
    kept = [i for i in range(len(design.terms)) if np.abs(units[:, i]).max() > 1]
    lexicon = lexicon_data([design.terms[i] for i in kept], units[:, kept])
    weights: dict[str, float] = {}
    strengths: dict[str, dict[str, list[float]]] = {name: {} for name in DIMENSIONS}
    n = len(rules.rules)
    seen = {hit[0] for item in fitter.x for hit in item.hits}
    for index, rule in enumerate(rules.rules):
        if rule.strength != "neutral":
            k = DIMENSIONS.index(rule.dimension)
            weights[rule.id] = round(float(rule_columns[k][index]), 3)
            if index in seen:
                strengths[rule.dimension].setdefault(rule.strength, []).append(weights[rule.id])
    forms = {
        form: [round(float(rule_columns[k][n + i]), 3) for k in range(3)]
        for i, form in enumerate(design.forms)
    }
    scoring = {
        "provenance": {
            "command": "python -m benchmarks.fit" + (" --soft FILE" if soft else ""),
            "data": "calm/messages.jsonl and calm/rated_texts.jsonl, train split"
            + ("; soft labels by a fine-tuned all-MiniLM-L6-v2" if soft else ""),
            "texts": len(fitter.train),
            "soft_texts": len(fitter.p_soft),
            "rules": rules.hash,
            "calibration": [how._asdict() for how in calibrations],
            "settings": {
                name: getattr(settings, name) for name in settings.__dataclass_fields__
            },
        },
        "base": [round(float(base), 3) for base in bases],
        "sentence_margin": [how.margin for how in calibrations],
        "term_scale": settings.term_scale,
        "least_size": settings.least_size,
        "repeat": settings.repeat,
        "degree": settings.degree,
        "evidence_least": list(settings.evidence_least),
        "strengths": {
            name: {s: round(float(np.mean(v)), 3) for s, v in sorted(values.items())}
            for name, values in strengths.items()
        },
        "rules": dict(sorted(weights.items())),
        "forms": forms,
        "hints": {
            "least_score": 0.2,
            "clear": 0.5,
            "most": 24,
            "pause": {"hostility": 0.8, "defensiveness": 0.9},
        },
        "notes": {"unknown_share": 0.4, "least_words": 6},
    }
    body = json.dumps([scoring, lexicon], sort_keys=True).encode()
    scoring["hash"] = hashlib.sha256(body).hexdigest()[:8]
    for name, content, indent in (("scoring", scoring, 1), ("lexicon", lexicon, None)):
        text = json.dumps(
            content,
            indent=indent,
            separators=None if indent else (",", ":"),
            ensure_ascii=False,
        )
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(kept)} terms, {len(weights)} rules")


if __name__ == "__main__":
    main()
