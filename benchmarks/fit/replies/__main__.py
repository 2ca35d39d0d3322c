"""Fits the numbers that replies are read with: `python -m benchmarks.fit.replies`.

The figures are out-of-fold: folds of `replies.jsonl` are grouped by the message answered,
every fold is read with numbers fitted without it, and its thresholds are chosen on the other
folds.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from calmtone.resources import DATA
from calmtone.rules.acts import ACTS

from .figures import Thresholds, figures, out_of_fold, short_figures, thresholds
from .fitting import Field, Fitted, Settings
from .pairs import Array, Features, load_pairs, load_short_dev
from .vectors import word_vectors

TARGET = Path(DATA, "en", "replies.json")
UNIT = 1 / 256
LEAST_WEIGHT = 0.02


def main() -> None:
    """Fit, print the figures, write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry", action="store_true", help="print the figures, write nothing")
    options = parser.parse_args()
    warnings.simplefilter("ignore", FutureWarning)
    settings, features = Settings(), Features()
    vectors = word_vectors(features.words)
    agreed, single = load_pairs(features)
    short = [pair for pair in single if pair.source == "short" and pair.sentences]
    others = [pair for pair in single if pair.source != "short" or not pair.sentences]
    both = out_of_fold([*agreed, *short], others, settings, vectors)
    is_short = np.arange(len(both.pairs)) >= len(agreed)
    scored, beside = both.part(~is_short), both.part(is_short)
    over = thresholds(scored, beside)
    fitted = Fitted([*agreed, *single], settings, vectors)
    out = figures(scored, beside)
    unread = short_figures(load_short_dev(features), fitted, over)
    print(json.dumps({"out_of_fold": out, "unread_short_pairs": unread}, indent=1))
    if options.dry:
        return
    provenance = {
        "command": "python -m benchmarks.fit.replies",
        "data": "calmtone replies; contexts, pairs, short replies and heats of one reader",
        "pairs": len(agreed),
        "pairs_of_one_reader": len(single),
        "rules": [features.needs.hash, features.does.hash],
        "settings": {f.name: getattr(settings, f.name) for f in fields(settings)},
        "out_of_fold": out,
        "unread_short_pairs": unread,
    }
    numbers = numbers_of(fitted, over, provenance)
    TARGET.write_text(json.dumps(numbers, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TARGET.name} written")


def numbers_of(
    fitted: Fitted, over: Thresholds, provenance: Mapping[str, Any]
) -> dict[str, Any]:
    """The numbers as analysis reads them."""
    return {
        "provenance": provenance,
        "need_over": _by_act(over.need),
        "does_over": _by_act(over.does),
        "missing_over": round(over.missing, 2),
        "message": side([*ACTS, "heat"], fitted.message_fields),
        "reply": side(ACTS, fitted.reply_fields),
    }


def side(names: Sequence[str], fitted: Sequence[Field]) -> dict[str, Any]:
    """Fields as `calmtone.replies.signs.Weights` reads them.

    Args:
        names: of the fields.
        fitted: the fields.
    """
    folded = [field.folded() for field in fitted]
    every = sorted({name for weights in folded for name in weights})
    kept = [
        name
        for name in every
        if max(abs(weights.get(name, 0.0)) for weights in folded) >= LEAST_WEIGHT
    ]
    words = [name for name in kept if name[0] == " "]
    signs = [name for name in kept if name[0] != " "]
    return {
        "bias": [round(field.bias, 4) for field in fitted],
        "unit": UNIT,
        "words": "".join(words).strip(),
        "signs": signs,
        "weights": {
            name: {
                "words": [round(weights.get(word, 0.0) / UNIT) for word in words],
                "signs": [round(weights.get(sign, 0.0) / UNIT) for sign in signs],
            }
            for name, weights in zip(names, folded, strict=True)
        },
    }


def _by_act(values: Array) -> dict[str, float]:
    return {act: round(float(value), 2) for act, value in zip(ACTS, values, strict=True)}


if __name__ == "__main__":
    main()
