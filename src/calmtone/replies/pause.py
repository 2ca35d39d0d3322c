"""Whether a draft is one to wait with, and what usually helps.

Two logistic regressions give the probability that readers rate a draft wholly hostile or
wholly defensive (3 of 3): one for a draft alone, from its scores, and one for an answer,
from its scores, the heat of the message, and what the answer lacks. Their constants are
shifted so that one half is where few drafts that readers find faultless are held up. What is
one to wait with by itself is so as an answer, too.
`python -m benchmarks.fit.pause` fits them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log
from operator import mul

from ..results import Scores
from ..rules.acts import ACTS

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    from .types import ReplyAnalysis

_LEAST = 1e-4  # scores nearer to 0 or 1 count as this far away
_MOST = 1 - _LEAST
_MIDDLE = 0.5


def alone_features(scores: Scores) -> list[float]:
    """What speaks for a pause in a draft by itself, and against it.

    The log-odds of hostility or defensiveness (a draft wholly hostile need not be defensive
    as well), and those of empathy.
    """
    hostility, defensiveness, empathy = map(log_odds, scores)
    return [_either(hostility, defensiveness), empathy]


def answer_features(scores: Scores, reply: ReplyAnalysis) -> list[float]:
    """What speaks for a pause in an answer: also heat, what is needed, and what is done."""
    needs, does, missing = reply.needs, reply.does, reply.missing
    hostility, defensiveness, empathy = map(log_odds, scores)
    return [
        _either(hostility, defensiveness),
        hostility,
        defensiveness,
        empathy,
        reply.heat,
        len(missing) / len(needs) if needs else 0.0,
        float(len(reply.weak)),
        *map(needs.__contains__, ACTS),
        *map(does.__contains__, ACTS),
        *map(missing.__contains__, ACTS),
    ]


class Pauser:
    """Decides on the pause. Read-only after construction.

    Args:
        numbers: the fitted numbers: `over`, and for each engine `alone` and `answer`.
        words: for each kind of pause its reason and what helps.
        engine: "rules" or "onnx": whose scores it is to judge by.
    """

    def __init__(
        self, numbers: Mapping[str, Any], words: Mapping[str, Any], engine: str = "rules"
    ) -> None:
        self._numbers = numbers[engine]
        self._words = words
        self.over: float = numbers["over"]

    def pressure(self, scores: Scores, reply: ReplyAnalysis | None = None) -> float:
        """How much speaks for waiting, in [0, 1]."""
        total = weighed(self._numbers["alone"], alone_features(scores))
        if reply is not None:
            values = answer_features(scores, reply)
            total = max(weighed(self._numbers["answer"], values), total)
        return 1 / (1 + exp(-max(min(total, 50.0), -50.0)))

    def decide(
        self,
        scores: Scores,
        reply: ReplyAnalysis | None = None,
        over: float | None = None,
    ) -> tuple[str, tuple[str, ...]] | None:
        """The reason to wait, in one sentence, and what usually helps; None to go on.

        Args:
            scores: the draft's.
            reply: what the draft does about the message that it answers, if it does.
            over: the least pressure that asks for a pause; the fitted one if None.
        """
        if self.pressure(scores, reply) < (self.over if over is None else over):
            return None
        heated = scores.hostility >= max(scores.defensiveness, _MIDDLE)
        if reply is not None and max(scores.hostility, scores.defensiveness) < _MIDDLE:
            kind = "unheard"  # it neither attacks nor defends: what it lacks asks for the pause
        elif reply is not None and reply.heat >= _MIDDLE:
            kind = "both" if heated else "defends"
        else:
            kind = "heated" if heated else "alone"
        words = self._words[kind]
        return words["reason"], tuple(words["helps"])


def weighed(fitted: Mapping[str, Any], values: Sequence[float]) -> float:
    """The log-odds that fitted numbers give features."""
    total: float = fitted["bias"] + sum(map(mul, fitted["weights"], values))
    return total


def _either(hostility: float, defensiveness: float) -> float:
    """The odds of the two added up; all as logarithms."""
    return log(exp(hostility) + exp(defensiveness))


def log_odds(score: float) -> float:
    """The log-odds of a score, one of 0 or 1 counting as near to it."""
    if score < _LEAST:
        score = _LEAST
    elif score > _MOST:
        score = _MOST
    return log(score / (1 - score))


def shipped_pauser(engine: str = "rules") -> Pauser:
    """The pause of the shipped numbers and words.

    Args:
        engine: "rules" or "onnx": whose scores it is to judge by.

    Raises:
        DataError: a data file is missing or damaged.
    """
    from ..resources import read_json

    words = read_json("en", "language.json")["replies"]["pause"]
    return Pauser(read_json("en", "pause.json"), words, engine)
