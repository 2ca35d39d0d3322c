"""The fitted numbers as the data files that the package ships: the lexicon and the scoring."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from calmtone.resources import DATA
from calmtone.rules.matching import RuleSet

from .corpus import DIMENSIONS
from .features import Features
from .model import Design, Fitted, Settings
from .registers import Register

UNIT = 1 / 64  # weights of lexicon terms are whole multiples of it
FOLDER = Path(DATA, "en")


class Calibration(NamedTuple):
    """Final log-odds are `slope * log-odds + shift + register * by_register`.

    What the rules add counts times `rules * (1 + shortness * steeper)` instead, and
    `shortness * lift` is added. `margin` is of the final ones.
    """

    slope: float = 1.0
    shift: float = 0.0
    by_register: float = 0.0
    margin: float = 2.5
    rules: float = 1.0
    steeper: float = 0.0
    lift: float = 0.0


def lexicon_data(terms: Sequence[str], units: Any) -> dict[str, Any]:
    """The lexicon's file: words, pairs by their first word, and in the same order weights.

    Weights are whole numbers of 16 bits, the low byte first, in base64: as JSON numbers
    they took a fifth of the time of a first analysis.

    Args:
        terms: words and pairs.
        units: (7, terms): the weights by dimension, these by register, and the register's.
    """
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
        **{name: _packed(units[k, order]) for k, name in enumerate(DIMENSIONS)},
        "by_register": {
            name: _packed(units[3 + k, order]) for k, name in enumerate(DIMENSIONS)
        },
        "register": _packed(units[6, order]),
    }


def lexicon_terms() -> list[str]:
    """The words and pairs of the shipped lexicon."""
    data = json.loads((FOLDER / "lexicon.json").read_text(encoding="utf-8"))
    pairs = [
        f"{first} {second}"
        for first, seconds in data["pairs"].items()
        for second in seconds.split(" ")
    ]
    return [*data["words"].split(" "), *pairs]


def _packed(weights: Any) -> str:
    return b64encode(np.asarray(weights).astype("<i2").tobytes()).decode("ascii")


def write(
    rules: RuleSet,
    items: Sequence[Features],
    soft_texts: int,
    fitted: tuple[Design, list[Fitted]],
    register: Register,
    calibrations: list[Calibration],
    settings: Settings,
    *,
    kept: bool = False,
) -> None:
    """Write both files.

    Args:
        rules: the rules that the fit was made for.
        items: the features of the rated texts.
        soft_texts: the number of texts with soft labels.
        fitted: the columns; the weights by dimension.
        register: what tells the register of a text.
        calibrations: what is made of the log-odds, by dimension.
        settings: of the fit.
        kept: whether the terms were those of the lexicon at hand.
    """
    design, parts = fitted
    bases, shifts, columns, by_register, rule_columns = [], [], [], [], []
    for part, how in zip(parts, calibrations, strict=True):
        bases.append(how.slope * part.base + how.shift)
        shifts.append(how.slope * part.shift + how.by_register)
        columns.append(how.slope * part.terms)
        by_register.append(how.slope * part.by_register)
        n = len(design.rules)
        rule_columns.append(
            np.concatenate([how.rules * part.rules[:n], how.slope * part.rules[n:]])
        )
    further = [word for word in register.weights if word not in design.term_index]
    terms = [*further, *design.terms]
    weights_of_terms = np.zeros((7, len(terms)))
    weights_of_terms[:6, len(further) :] = np.stack([*columns, *by_register])
    weights_of_terms[6] = [register.weights.get(term, 0.0) for term in terms]
    units = np.rint(weights_of_terms / UNIT).astype(int)
    kept = [i for i in range(len(terms)) if np.abs(units[:, i]).max() > 1]
    lexicon = lexicon_data([terms[i] for i in kept], units[:, kept])
    weights: dict[str, float] = {}
    strengths: dict[str, dict[str, list[float]]] = {name: {} for name in DIMENSIONS}
    n = len(rules.rules)
    seen = {hit[0] for item in items for hit in item.hits}
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
            "command": "python -m benchmarks.fit"
            + (" --soft FILE" if soft_texts else "")
            + (" --keep-terms" if kept else ""),
            "data": "messages.jsonl and rated_texts.jsonl, train split; ratings.jsonl"
            + (
                "; soft labels by a fine-tuned all-MiniLM-L6-v2 and by a model"
                if soft_texts
                else ""
            ),
            "texts": len(items),
            "soft_texts": soft_texts,
            "rules": rules.hash,
            "calibration": [how._asdict() for how in calibrations],
            "settings": {
                name: getattr(settings, name) for name in settings.__dataclass_fields__
            },
        },
        "base": [round(float(base), 3) for base in bases],
        "register": {
            "base": round(register.base, 3),
            "shift": [round(float(shift), 3) for shift in shifts],
        },
        "short": {
            "words": settings.short_words,
            "steeper": [round(how.steeper, 3) for how in calibrations],
            "lift": [round(how.lift, 3) for how in calibrations],
        },
        "pooling": {
            "margin": [how.margin for how in calibrations],
            "enough": settings.enough,
            "sharpness": settings.sharpness,
        },
        "term_scale": settings.term_scale,
        "least_size": settings.least_size,
        "most_size": settings.most_size,
        "repeat": settings.repeat,
        "degree": settings.degree,
        "evidence_least": list(settings.evidence_least),
        "strengths": {
            name: {s: round(float(np.mean(v)), 3) for s, v in sorted(values.items())}
            for name, values in strengths.items()
        },
        "rules": dict(sorted(weights.items())),
        "forms": forms,
        "hints": {"least_score": 0.2, "clear": 0.5, "most": 24},
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
