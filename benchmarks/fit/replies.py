"""Fits the numbers that replies are read with: `python -m benchmarks.fit.replies`.

Labelled pairs are `calm/replies.jsonl` and, read by one more reader sentence by sentence,
pairs of `calm/messages.jsonl` (`reply_labels.jsonl` beside this file: ids, needs, heat, and
for each act the offsets of the sentences that do it), and pairs written for this fit by that
reader (`reply_pairs.jsonl`). The figures are out-of-fold: folds of
`replies.jsonl` are grouped by the message answered, every fold is read with numbers fitted
without it, and its thresholds are chosen on the other folds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import warnings
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression, Ridge

from calmtone.replies.signs import (
    MOST_WORDS,
    MOST_WORDS_MESSAGE,
    message_signs,
    sentence_signs,
)
from calmtone.resources import DATA, read_json, read_records
from calmtone.rules.acts import ACTS
from calmtone.rules.matching import Matcher
from calmtone.text import language_from, read

from .corpus import data_root, load_messages

LABELS = Path(__file__).with_name("reply_labels.jsonl")
PAIRS = Path(__file__).with_name("reply_pairs.jsonl")
TARGET = Path(DATA, "en", "replies.json")
FOLDS = 5
HELD_SHARE = 1 / 3
MISSING = 1.0  # how much what is missing counts beside needs and acts
BETA = 0.8  # of what is missing: a hint too many costs more than one too few
SMOOTH = 3
UNIT = 1 / 256
LEAST_WEIGHT = 0.02
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen by the out-of-fold figures."""

    least_texts: int = 2
    strength: float = 0.3  # of the logistic regressions (inverse of the ridge)
    answer_strength: float = 1.0  # answers differ in what they say more than other acts
    heat_ridge: float = 10.0
    word_scale: float = 0.7  # a word's value beside that of a sign
    pair_weight: float = 4.0  # of an agreed pair beside one read by one reader
    rounds: int = 2  # of finding which sentence of an agreed pair does the act


@dataclass(slots=True)
class Pair:
    """One message with the reply to it, as features and labels.

    `sentences[i]` counts the signs and words of sentence i; `doing[i][k]` is 1, 0, or -1
    where it is not known which sentence does act k.
    """

    group: str
    message: Counter[str]
    needs: list[int]
    heat: float
    agreed: bool
    asks: bool = False
    sentences: list[Counter[str]] = field(default_factory=list)
    doing: list[list[int]] = field(default_factory=list)
    does: list[int] = field(default_factory=list)
    sure: Array = field(default_factory=lambda: np.ones(len(ACTS), bool))


class Features:
    """Texts to counted signs and words, by the code that reads them later."""

    def __init__(self) -> None:
        tables = read_json("en", "language.json")
        self.language = language_from(tables)
        self.ignored = frozenset(tables["replies"]["words"]["function"]) | {"", "|"}
        self.needs, self.does = (
            Matcher({**header, "nodes": nodes}, tables)
            for header, nodes in (
                read_records("en", f"{name}.jsonl") for name in ("needs", "does")
            )
        )

    def pair(self, message: str, reply: str | None, scale: float) -> tuple[Any, ...]:
        """Features of the message, of the reply's sentences, starts of those, and kinds."""
        document = read(message, self.language)
        signs = message_signs(
            document, self.needs.find(document), self.needs.rules, self.ignored
        )
        words = [w for p in document.sentences for w in document.words[p.first : p.last]]
        whole = _counted(signs.signs, words, MOST_WORDS_MESSAGE, scale)
        if reply is None:
            return whole, [], [], bool(signs.kinds or signs.questions)
        document = read(reply, self.language)
        every = sentence_signs(
            document, self.does.find(document), self.does.rules, self.ignored, signs
        )
        parts = [
            _counted(found, document.words[p.first : p.last], MOST_WORDS, scale)
            for p, found in zip(document.sentences, every, strict=True)
        ]
        starts = [part.start for part in document.sentences]
        return whole, parts, starts, bool(signs.kinds or signs.questions)


def _counted(
    signs: Iterable[str], words: Sequence[str], most: int, scale: float
) -> Counter[str]:
    counted: Counter[str] = Counter(dict.fromkeys(signs, 1))
    factor = scale * min(1.0, most / max(len(words), 1))
    for word in words:
        if word not in ("", "|"):
            counted[f" {word}"] += factor  # type: ignore[assignment]
    return counted


def load_pairs(features: Features, scale: float) -> tuple[list[Pair], list[Pair]]:
    """Pairs that two readers agreed on, and pairs read by one."""
    agreed = []
    for row in _rows(data_root() / "calm" / "replies.jsonl"):
        signs, parts, _, asks = features.pair(row["context"], row["text"], scale)
        does = [int(act in row["does"]) for act in ACTS]
        agreed.append(
            Pair(
                row["context"],
                signs,
                [int(act in row["needs"]) for act in ACTS],
                row["heat"],
                True,
                asks,
                parts,
                [[-d for d in does] for _ in parts],
                does,
                np.array([act not in row["disputed"] for act in ACTS]),
            )
        )
    known = {pair.group for pair in agreed}
    single = []
    for message, reply, row in _read_by_one():
        if message in known:
            continue
        signs, parts, starts, asks = features.pair(message, reply, scale)
        doing = [[0] * len(ACTS) for _ in parts]
        for act, offsets in row.get("does", {}).items():
            for offset in offsets:
                doing[max(bisect_right(starts, offset) - 1, 0)][ACTS.index(act)] = 1
        single.append(
            Pair(
                message,
                signs,
                [int(act in row["needs"]) for act in ACTS],
                row["heat"],
                False,
                asks,
                parts,
                doing,
                [int(any(d[k] for d in doing)) for k in range(len(ACTS))],
            )
        )
    return agreed, single


def _read_by_one() -> Iterator[tuple[str, str | None, dict[str, Any]]]:
    """Message, reply if its sentences are labelled, and labels."""
    items = {item.id: item for item in load_messages()}
    for row in _rows(LABELS):
        item = items[row["id"]]
        if item.context is not None:
            yield item.context, item.text if "does" in row else None, row
    for row in _rows(PAIRS):
        yield row["message"], row["reply"], row


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


class Fitted:
    """Weights by sign for the fields of messages and of sentences."""

    def __init__(self, pairs: Sequence[Pair], settings: Settings) -> None:
        self.settings = settings
        once: dict[str, Pair] = {}
        for pair in pairs:
            once.setdefault(pair.group, pair)
        messages = list(once.values())
        weights = np.array([settings.pair_weight if p.agreed else 1.0 for p in messages])
        self.message_names, matrix = _matrix(
            [p.message for p in messages], settings.least_texts
        )
        self.message_columns, self.message_bias = [], []
        for k in range(len(ACTS)):
            column, bias = self._logistic(matrix, [p.needs[k] for p in messages], weights)
            self.message_columns.append(column)
            self.message_bias.append(bias)
        heat = Ridge(alpha=settings.heat_ridge).fit(
            matrix, [p.heat for p in messages], sample_weight=weights
        )
        self.message_columns.append(heat.coef_)
        self.message_bias.append(float(heat.intercept_))
        self._fit_sentences([p for p in pairs if p.sentences])

    def _fit_sentences(self, pairs: Sequence[Pair]) -> None:
        rows = [part for pair in pairs for part in pair.sentences]
        self.reply_names, matrix = _matrix(rows, self.settings.least_texts)
        weights = np.array(
            [self.settings.pair_weight if p.agreed else 1.0 for p in pairs for _ in p.sentences]
        )
        ends = np.cumsum([len(pair.sentences) for pair in pairs])
        known = np.array([d for pair in pairs for d in pair.doing])
        self.reply_columns, self.reply_bias = [], []
        for k, act in enumerate(ACTS):
            y = known[:, k].copy()
            # Kinds of questions only bear on answers.
            use = np.array([act == "answer" or "*" not in name for name in self.reply_names])
            masked = matrix @ _diagonal(use)
            for _ in range(self.settings.rounds + 1):
                sure = y >= 0
                column, bias = self._logistic(
                    masked[sure],
                    y[sure],
                    weights[sure],
                    self.settings.answer_strength if act == "answer" else None,
                )
                score = masked @ column
                for pair, end in zip(pairs, ends, strict=True):
                    first = end - len(pair.sentences)
                    if (known[first:end, k] < 0).any():
                        y[first:end] = -1
                        y[first + int(np.argmax(score[first:end]))] = 1
            self.reply_columns.append(column)
            self.reply_bias.append(bias)

    def _logistic(
        self, x: Any, y: Sequence[int], weights: Array, strength: float | None = None
    ) -> tuple[Array, float]:
        model = LogisticRegression(
            C=strength or self.settings.strength, max_iter=500, solver="liblinear"
        )
        model.fit(x, y, sample_weight=weights)
        return model.coef_[0], float(model.intercept_[0])

    def message(self, pair: Pair) -> list[float]:
        """The fields of a message: needs and heat."""
        return _apply(pair.message, self.message_names, self.message_columns, self.message_bias)

    def reply(self, pair: Pair) -> list[float]:
        """For each act the score of the best sentence."""
        rows = [
            _apply(part, self.reply_names, self.reply_columns, self.reply_bias)
            for part in pair.sentences
        ]
        best = [max(column) for column in zip(*rows, strict=True)]
        if not pair.asks:
            best[ACTS.index("answer")] = -9.0
        return best


def _diagonal(use: Array) -> Any:
    size = len(use)
    return csr_matrix((use.astype(float), (np.arange(size), np.arange(size))), (size, size))


def _matrix(rows: Sequence[Counter[str]], least: int) -> tuple[dict[str, int], Any]:
    count: Counter[str] = Counter(name for row in rows for name in row)
    kept = sorted(name for name, n in count.items() if n >= least)
    names = {name: place for place, name in enumerate(kept)}
    cells = [
        (i, names[n], v) for i, row in enumerate(rows) for n, v in row.items() if n in names
    ]
    i, j, v = (list(part) for part in zip(*cells, strict=True))
    matrix = csr_matrix((v, (i, j)), (len(rows), len(names)), dtype=float)
    matrix.indices, matrix.indptr = (
        part.astype(np.int32) for part in (matrix.indices, matrix.indptr)
    )
    return names, matrix


def _apply(
    row: Counter[str], names: dict[str, int], columns: Sequence[Array], bias: Sequence[float]
) -> list[float]:
    places = [(names[name], value) for name, value in row.items() if name in names]
    return [
        b + sum(column[place] * value for place, value in places)
        for column, b in zip(columns, bias, strict=True)
    ]


def f1(found: Array, true: Array, beta: float = 1.0) -> float:
    """F1 of two boolean arrays; with a `beta` below 1, precision counts more than recall."""
    both = (found & true).sum()
    return float((1 + beta**2) * both / max(found.sum() + beta**2 * true.sum(), 1))


def fold_of(group: str) -> int:
    """The fold of a message, the same on every machine."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:4], "big") % FOLDS


def is_held(group: str) -> bool:
    """Whether a message is of the third that nobody looked at while rules were written."""
    digest = hashlib.sha256(group.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < HELD_SHARE


@dataclass(slots=True)
class Scored:
    """Out-of-fold scores of agreed pairs."""

    message: Array
    reply: Array
    need_over: Array
    does_over: Array


def out_of_fold(agreed: Sequence[Pair], single: Sequence[Pair], settings: Settings) -> Scored:
    """Every agreed pair read with numbers fitted without its fold."""
    fold = np.array([fold_of(pair.group) for pair in agreed])
    message = np.zeros((len(agreed), len(ACTS) + 1))
    reply = np.zeros((len(agreed), len(ACTS)))
    for k in range(FOLDS):
        fitted = Fitted(
            [*(p for p, f in zip(agreed, fold, strict=True) if f != k), *single], settings
        )
        for i in np.flatnonzero(fold == k):
            message[i], reply[i] = fitted.message(agreed[i]), fitted.reply(agreed[i])
    need_over = np.zeros((len(agreed), len(ACTS)))
    does_over = np.zeros_like(need_over)
    for k in range(FOLDS):
        rest, here = fold != k, fold == k
        chosen = thresholds(
            message[rest], reply[rest], [p for p, r in zip(agreed, rest, strict=True) if r]
        )
        need_over[here], does_over[here] = chosen
    return Scored(message, reply, need_over, does_over)


def thresholds(message: Array, reply: Array, pairs: Sequence[Pair]) -> tuple[Array, Array]:
    """The thresholds of needs and of acts that are best for both and for what is missing.

    Their F1 are added up, and those of neighbouring thresholds averaged: a broad top holds
    better on other texts than a sharp one.
    """
    needs, does = _truth(pairs)
    sure = np.array([pair.sure for pair in pairs])
    grid = np.arange(-2.5, 2.51, 0.1)
    chosen = []
    for k in range(len(ACTS)):
        found = [message[:, k] > over for over in grid]
        done = [reply[:, k] > over for over in grid]
        missing = needs[:, k] & ~does[:, k] & sure[:, k]
        total = np.array(
            [
                [
                    f1(f, needs[:, k])
                    + f1(d, does[:, k])
                    + MISSING * f1(f & ~d & sure[:, k], missing, BETA)
                    for d in done
                ]
                for f in found
            ]
        )
        wide = np.pad(total, SMOOTH, mode="edge")
        smooth = sum(
            wide[i : i + len(grid), j : j + len(grid)]
            for i in range(2 * SMOOTH + 1)
            for j in range(2 * SMOOTH + 1)
        )
        chosen.append(np.unravel_index(int(np.argmax(smooth)), total.shape))
    return tuple(np.array([grid[pick[side]] for pick in chosen]) for side in (0, 1))  # type: ignore[return-value]


def _truth(pairs: Sequence[Pair]) -> tuple[Array, Array]:
    return np.array([p.needs for p in pairs]) > 0, np.array([p.does for p in pairs]) > 0


def figures(
    pairs: Sequence[Pair], scored: Scored, only: Callable[[Pair], bool]
) -> dict[str, Any]:
    """Figures on the pairs that `only` picks."""
    pick = np.array([only(pair) for pair in pairs])
    needs, does = (part[pick] for part in _truth(pairs))
    found = (scored.message[:, : len(ACTS)] > scored.need_over)[pick]
    done = (scored.reply > scored.does_over)[pick]
    sure = np.array([pair.sure for pair in pairs])[pick]
    missing, lacking = needs & ~does & sure, found & ~done & sure
    both = (missing & lacking).sum()
    heat = [pair.heat for pair, use in zip(pairs, pick, strict=True) if use]
    return {
        "pairs": int(pick.sum()),
        "needs_f1": round(f1(found, needs), 3),
        "does_f1": round(f1(done, does), 3),
        "missing_precision": round(float(both / max(lacking.sum(), 1)), 3),
        "missing_recall": round(float(both / max(missing.sum(), 1)), 3),
        "heat_spearman": round(float(spearmanr(scored.message[pick, -1], heat)[0]), 3),
        "needs_f1_by_act": {
            a: round(f1(found[:, k], needs[:, k]), 3) for k, a in enumerate(ACTS)
        },
        "does_f1_by_act": {a: round(f1(done[:, k], does[:, k]), 3) for k, a in enumerate(ACTS)},
    }


def _weights(
    names: dict[str, int], columns: Sequence[Array], fields: Sequence[str], scale: float
) -> dict[str, Any]:
    kept = [
        n for n, i in names.items() if max(abs(column[i]) for column in columns) >= LEAST_WEIGHT
    ]
    words = [name for name in kept if name[0] == " "]
    signs = [name for name in kept if name[0] != " "]

    def whole(name: str, column: Array) -> int:
        factor = scale if name[0] == " " else 1.0
        return round(float(column[names[name]]) * factor / UNIT)

    return {
        "unit": UNIT,
        "words": "".join(words).strip(),
        "signs": signs,
        "weights": {
            name: {
                "words": [whole(word, column) for word in words],
                "signs": [whole(sign, column) for sign in signs],
            }
            for name, column in zip(fields, columns, strict=True)
        },
    }


def _by_act(values: Array) -> dict[str, float]:
    return {act: round(float(value), 2) for act, value in zip(ACTS, values, strict=True)}


def main() -> None:
    """Fit, print the figures, write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry", action="store_true", help="print the figures, write nothing")
    options = parser.parse_args()
    warnings.simplefilter("ignore", FutureWarning)
    settings = Settings()
    features = Features()
    agreed, single = load_pairs(features, settings.word_scale)
    scored = out_of_fold(agreed, single, settings)
    everything = figures(agreed, scored, lambda pair: True)
    held = figures(agreed, scored, lambda pair: is_held(pair.group))
    print(json.dumps({"out_of_fold": everything, "of_it_held": held}, indent=1))
    if options.dry:
        return
    fitted = Fitted([*agreed, *single], settings)
    need_over, does_over = thresholds(scored.message, scored.reply, agreed)
    numbers = {
        "provenance": {
            "command": "python -m benchmarks.fit.replies",
            "data": "calm/replies.jsonl; calm/messages.jsonl and own pairs, one reader",
            "pairs": len(agreed),
            "pairs_of_one_reader": len(single),
            "rules": [features.needs.hash, features.does.hash],
            "settings": {name: getattr(settings, name) for name in Settings.__slots__},
            "out_of_fold": everything,
            "of_it_held": held,
        },
        "need_over": _by_act(need_over),
        "does_over": _by_act(does_over),
        "message": {
            "bias": [round(b, 4) for b in fitted.message_bias],
            **_weights(
                fitted.message_names,
                fitted.message_columns,
                [*ACTS, "heat"],
                settings.word_scale,
            ),
        },
        "reply": {
            "bias": [round(b, 4) for b in fitted.reply_bias],
            **_weights(fitted.reply_names, fitted.reply_columns, ACTS, settings.word_scale),
        },
    }
    TARGET.write_text(json.dumps(numbers, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TARGET.name} written")


if __name__ == "__main__":
    main()
