"""What the rules say of texts that their fit has not read.

The shipped numbers of the rules were fitted on the texts that the model is calibrated on,
so there they look better than they are. Here they are fitted again without these texts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.fit.__main__ import _Fitter
from benchmarks.fit.corpus import (
    RATED_NAMES,
    Item,
    load_messages,
    load_more_ratings,
    load_real,
    mask,
    split,
)
from benchmarks.fit.features import features
from benchmarks.fit.model import Array, IntArray, Settings, pooled
from calmtone.resources import read_json, read_records
from calmtone.rules.matching import Matcher, RuleSet
from calmtone.text import language_from

from .examples import is_calibration, key


def held_out_log_odds(soft: Path) -> tuple[list[Item], Array]:
    """Calibration items, and the rules' log-odds of them, fitted without them.

    Slopes, shifts and sentence margin are the shipped ones, five numbers a dimension.

    Args:
        soft: the soft labels that the shipped rules were fitted with
            (`benchmarks.fit.labels`).

    Returns:
        The items, and an array (items, 3).
    """
    picked = load_more_ratings()
    items = [item for part in (load_messages(), load_real()) for item in split(part)[0]]
    items += picked
    rated_first = len(items) - len(picked)
    apart = [i for i, item in enumerate(items[:rated_first]) if is_calibration(item)]
    hidden = {key(items[i].text) for i in apart}
    rest = [
        i
        for i, item in enumerate(items)
        if not (i < rated_first and is_calibration(item)) and key(item.text) not in hidden
    ]
    # Sentences of our messages are among the softly labelled texts.
    own = {item.source for item in items if item.kind == "messages"}
    joined = "\n".join(hidden)
    language = read_json("en", "language.json")
    header, nodes = read_records("en", "rules.jsonl")
    rules = RuleSet(Matcher({**header, "nodes": nodes}, language))
    tables = language_from(language)
    with soft.open(encoding="utf-8") as lines:
        rows = [
            row
            for row in map(json.loads, lines)
            if (name := key(row["text"])) not in hidden
            and not (row["source"] in own and name in joined)
        ]
    fitter = _Fitter(
        rules,
        items,
        [features(mask(item.text), rules, tables) for item in items],
        [features(row["text"], rules, tables) for row in rows],
        np.array([row["soft"] for row in rows]).reshape(-1, 3),
        Settings(),
        picked=len(picked),
        soft_sources=[RATED_NAMES.get(row["source"], row["source"]) for row in rows],
    )
    design, fitted = fitter.fit(rest)
    whole, alone, owner = fitter.log_odds(design, fitted, apart)
    how = read_json("en", "scoring.json")["provenance"]["calibration"]
    registers = fitter.registers[0][apart]
    shortness = np.array([design.shortness(fitter.x[i]) for i in apart])
    found = combine(whole, alone, owner, registers, shortness, how)
    return [items[i] for i in apart], found


def combine(
    whole: Array,
    alone: Array,
    owner: IntArray,
    registers: Array,
    shortness: Array,
    how: Sequence[dict[str, float]],
) -> Array:
    """Log-odds of texts from those of the whole and of the most telling sentences.

    Args:
        whole: (texts, 3, 2): by dimension what the rules add, and all the rest.
        alone: (sentences, 3, 2).
        owner: the text of each sentence.
        registers: (texts,), see `benchmarks.fit.registers`.
        shortness: (texts,), from 0 to 1.
        how: slopes of both, shift, shift by register, margin, and what short texts have,
            by dimension.
    """
    rules, slope, shift, by_register, margin, steeper, lift = (
        np.array([part[name] for part in how])
        for name in ("rules", "slope", "shift", "by_register", "margin", "steeper", "lift")
    )
    shifts = shift + registers[:, None] * by_register + shortness[:, None] * lift
    steep = rules * (1 + shortness[:, None] * steeper)
    found: Array = whole[..., 0] * steep + whole[..., 1] * slope + shifts
    values = alone[..., 0] * steep[owner] + alone[..., 1] * slope + shifts[owner]
    for k in range(len(margin)):
        borne = alone[:, k, 0] * rules[k]
        best = pooled(values[:, k], borne, owner, len(found), float(margin[k]), Settings())
        found[:, k] = np.maximum(found[:, k], best)
    return found
