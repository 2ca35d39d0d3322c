"""The order of hints: the most useful first."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

from .results import Hint, Scores, Span

_NEAREST = 1e-15  # to 0 and 1, for log-odds


def rank(hints: Sequence[Hint], scores: Scores) -> tuple[Hint, ...]:
    """Hints in their order: the most useful first, then by their place.

    Where a draft has several faults, mending one hardly moves its score, and effects say
    little about which to mend first. So the score of a dimension, as far as its hints together
    lower the odds of it, goes to them in proportion to the log-odds that each brings. What is
    to be added gets what all such hints add to the score, and less the more hostile the draft
    is: nobody hears it beside an attack.

    Args:
        hints: the hints of a text.
        scores: its scores.
    """
    if len(hints) < 2:
        return tuple(hints)
    changes = [_change(scores[hint.dimension], hint.effect) for hint in hints]
    sums: dict[tuple[str, bool], float] = {}
    for hint, change in zip(hints, changes, strict=True):
        key = hint.dimension, change > 0
        sums[key] = sums.get(key, 0.0) + change
    shares = {
        key: _worth(scores, key[0], total) / abs(total) if total else 0.0
        for key, total in sums.items()
    }
    keys = [
        (-abs(change) * shares[hint.dimension, change > 0], hint.span or Span(0, 0))
        for hint, change in zip(hints, changes, strict=True)
    ]
    return tuple([hints[i] for i in sorted(range(len(hints)), key=keys.__getitem__)])


def _log_odds(score: float) -> float:
    score = min(max(score, _NEAREST), 1 - _NEAREST)
    return log(score / (1 - score))


def _change(score: float, effect: float) -> float:
    """The change in log-odds that a change of a score is."""
    return _log_odds(score + effect) - _log_odds(score)


def _worth(scores: Scores, dimension: str, change: float) -> float:
    """What all hints that change the log-odds of a score one way are worth, at least 0."""
    score = scores[dimension]
    if change <= 0:
        return score * (1 - exp(change))
    moved = 1 / (1 + exp(-(_log_odds(score) + change))) - score
    return moved * (1 - scores.hostility)
