"""Thresholds, and how good the fitted numbers are on pairs that they were fitted without."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from calmtone.replies.reader import lacking
from calmtone.rules.acts import ACTS

from .fitting import Fitted, Settings, Vectors
from .pairs import Array, Pair

FOLDS = 5
SMOOTH = 3
GRID = np.arange(-2.5, 2.51, 0.1)
SURE = np.arange(0.2, 0.8, 0.01)
AIM_PRECISION, AIM_RECALL = 0.80, 0.75  # of what is missing


def fold_of(group: str) -> int:
    """The fold of a message, the same on every machine."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:4], "big") % FOLDS


def f1(found: Array, true: Array) -> float:
    """F1 of two boolean arrays."""
    both = (found & true).sum()
    return float(2 * both / max(found.sum() + true.sum(), 1))


@dataclass(slots=True)
class Thresholds:
    """What a score must be over: for a need, for an act, and to call an act missing."""

    need: Array
    does: Array
    missing: float


@dataclass(slots=True)
class Scored:
    """Pairs scored by numbers fitted without them."""

    pairs: Sequence[Pair]
    message: Array
    reply: Array

    def part(self, use: Array) -> Scored:
        """Some of the pairs."""
        pairs = [pair for pair, used in zip(self.pairs, use, strict=True) if used]
        return Scored(pairs, self.message[use], self.reply[use])

    def truth(self) -> tuple[Array, Array, Array, Array]:
        """Needs, acts, what is missing, and what readers agree on; (pairs, acts) each."""
        needs = np.array([pair.needs for pair in self.pairs]) > 0
        does = np.array([pair.does for pair in self.pairs]) > 0
        sure = np.array([pair.sure for pair in self.pairs])
        return needs, does, needs & ~does & sure, sure

    def found(self, over: Thresholds) -> tuple[Array, Array, Array]:
        """Needs, acts and missing acts that are found."""
        needs, does = self.message[:, :-1] > over.need, self.reply > over.does
        sure_enough = lackings(self.message[:, :-1], self.reply) >= over.missing
        return needs, does, needs & ~does & sure_enough


def lackings(needs: Array, does: Array) -> Any:
    """How sure it is that an act is needed and not done (`reader.lacking`)."""
    return np.array(
        [
            [lacking(n, d) for n, d in zip(*row, strict=True)]
            for row in zip(needs, does, strict=True)
        ]
    )


def out_of_fold(
    pairs: Sequence[Pair], others: Sequence[Pair], settings: Settings, vectors: Vectors
) -> Scored:
    """Every pair scored by numbers fitted without its fold, and with all other pairs."""
    fold = np.array([fold_of(pair.group) for pair in pairs])
    message = np.zeros((len(pairs), len(ACTS) + 1))
    reply = np.zeros((len(pairs), len(ACTS)))
    for k in range(FOLDS):
        rest = [pair for pair, f in zip(pairs, fold, strict=True) if f != k]
        here = [pair for pair, f in zip(pairs, fold, strict=True) if f == k]
        fitted = Fitted([*rest, *others], settings, vectors)
        message[fold == k], reply[fold == k] = fitted.messages(here), fitted.replies(here)
    return Scored(pairs, message, reply)


def thresholds(scored: Scored, short: Scored) -> Thresholds:
    """The thresholds that are best for the F1 of needs and acts, and for what is missing.

    F1 of neighbouring thresholds is averaged: a broad top holds better on other texts than a
    sharp one. The F1 of an act is the mean of those on both kinds of pairs, since short
    sentences say less and score lower. What is missing is called so where precision and
    recall are furthest above their aims, the one that is less so counting.

    Args:
        scored: the pairs that readers agreed on.
        short: pairs with a mostly short reply.
    """
    needs, does, missing, sure = scored.truth()
    others_need, others_done, _, _ = short.truth()
    need, done = [], []
    for k in range(len(ACTS)):
        said = (scored.message[:, k], needs[:, k])
        need.append(_broad_top(said, (short.message[:, k], others_need[:, k])))
        said = (scored.reply[:, k], does[:, k])
        done.append(_broad_top(said, (short.reply[:, k], others_done[:, k])))
    over = Thresholds(np.array(need), np.array(done), 0.0)
    candidate = scored.found(over)[2] & sure
    certain = lackings(scored.message[:, :-1], scored.reply)
    margins = []
    for least in SURE:
        precision, recall = _precision_recall(candidate & (certain >= least), missing)
        margins.append(min(precision - AIM_PRECISION, recall - AIM_RECALL))
    smooth = np.convolve(np.pad(margins, SMOOTH, mode="edge"), _WINDOW, mode="valid")
    over.missing = float(SURE[int(np.argmax(smooth))])
    return over


_WINDOW = np.ones(2 * SMOOTH + 1)


def _broad_top(*parts: tuple[Array, Array]) -> float:
    total = [sum(f1(score > over, true) for score, true in parts) for over in GRID]
    smooth = np.convolve(np.pad(total, SMOOTH, mode="edge"), _WINDOW, mode="valid")
    return float(GRID[int(np.argmax(smooth))])


def _precision_recall(found: Array, true: Array) -> tuple[float, float]:
    both = (found & true).sum()
    return float(both / max(found.sum(), 1)), float(both / max(true.sum(), 1))


def figures(scored: Scored, short: Scored) -> dict[str, Any]:
    """Figures, the thresholds of each fold chosen on the other folds."""
    fold = np.array([fold_of(pair.group) for pair in scored.pairs])
    other = np.array([fold_of(pair.group) for pair in short.pairs])
    found = [np.zeros((len(fold), len(ACTS)), bool) for _ in range(3)]
    for k in range(FOLDS):
        over = thresholds(scored.part(fold != k), short.part(other != k))
        for whole, part in zip(found, scored.part(fold == k).found(over), strict=True):
            whole[fold == k] = part
    needs, does, missing, sure = scored.truth()
    precision, recall = _precision_recall(found[2] & sure, missing)
    heat = [pair.heat for pair in scored.pairs]
    return {
        "pairs": len(scored.pairs),
        "needs_f1": round(f1(found[0], needs), 3),
        "does_f1": round(f1(found[1], does), 3),
        "missing_precision": round(precision, 3),
        "missing_recall": round(recall, 3),
        "missing_precision_at_aimed_recall": round(_at_recall(scored, missing, sure), 3),
        "heat_spearman": round(float(spearmanr(scored.message[:, -1], heat)[0]), 3),
        "needs_f1_by_act": _by_act(found[0], needs),
        "does_f1_by_act": _by_act(found[1], does),
    }


def short_figures(pairs: Sequence[Pair], fitted: Fitted, over: Thresholds) -> dict[str, Any]:
    """Figures on short pairs that no fit has read.

    Args:
        pairs: those pairs, messages without a reply included.
        fitted: the final weights.
        over: the final thresholds.
    """
    messages = list({pair.group: pair for pair in pairs}.values())
    needed = np.array([pair.needs for pair in messages]) > 0
    answered = [pair for pair in pairs if pair.sentences]
    scored = Scored(answered, fitted.messages(answered), fitted.replies(answered))
    found, (_, does, missing, _) = scored.found(over), scored.truth()
    precision, recall = _precision_recall(found[2], missing)
    return {
        "messages": len(messages),
        "pairs": len(answered),
        "needs_f1": round(f1(fitted.messages(messages)[:, :-1] > over.need, needed), 3),
        "does_f1": round(f1(found[1], does), 3),
        "missing_precision": round(precision, 3),
        "missing_recall": round(recall, 3),
        "does_f1_by_act": _by_act(found[1], does),
    }


def _at_recall(scored: Scored, missing: Array, sure: Array) -> float:
    """Precision of what is missing at the aimed recall, by certainty alone."""
    certain = lackings(scored.message[:, :-1], scored.reply)[sure]
    ordered = missing[sure][np.argsort(-certain, kind="stable")]
    right = np.cumsum(ordered)
    enough = int(np.argmax(right >= AIM_RECALL * missing.sum()))
    return float(right[enough] / (enough + 1))


def _by_act(found: Array, true: Array) -> dict[str, float]:
    return {act: round(f1(found[:, k], true[:, k]), 3) for k, act in enumerate(ACTS)}
