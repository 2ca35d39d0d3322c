"""What the suggestions of the hints about what is missing add, measured: `adds` of hints.toml.

    python -m benchmarks.fit.hints

Some 250 drafts of the train split of the project's messages that readers found defensive, if
they get such a hint, are scored with the hint's suggestion before them, its slots filled in six
ways. The log-odds of empathy afterwards are fitted as `a + b * before` (least squares of the
scores), by hint and engine, and printed with the errors. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy

from calmtone import Analyzer
from calmtone.resources import read_json

from .corpus import Item, load_messages, split

# What writers may fill in; the slots of a suggestion take one row.
FILLINGS: dict[str, tuple[tuple[str, ...], ...]] = {
    "acknowledge": (
        ("a week without an answer", "no time to plan"),
        ("the late delivery", "nothing to give her on the day"),
        ("my remark in the meeting", "the feeling that your work does not count"),
        ("the double charge", "less money than you need this week"),
        ("the broken build", "a lost afternoon"),
        ("my silence", "a whole evening of waiting for me"),
    ),
    "help": (
        ("call you", "Friday"),
        ("send you a new one", "tomorrow noon"),
        ("find out what went wrong and write to you", "Monday at ten"),
        ("refund the difference", "the end of the week"),
        ("fix the test and push it", "tonight"),
        ("talk to my manager about it", "Thursday"),
    ),
}

_DRAFTS = 250  # about so many are scored


@dataclass(frozen=True)
class Fit:
    """The fitted numbers, the mean error of scores, and by how much the mean is off."""

    numbers: tuple[float, float]
    drafts: int
    added: float
    error: float
    off: float


def filled(suggestion: str, values: Sequence[str]) -> str:
    """A suggestion with its slots filled in, in their order.

    >>> filled("I will [what] by [when].", ["call", "noon"])
    'I will call by noon.'
    """
    for value in values:
        head, _, rest = suggestion.partition("[")
        suggestion = head + value + rest.partition("]")[2]
    return suggestion


def measure(
    empathy: Callable[[str], float], drafts: Sequence[str], added: Sequence[str]
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Scores before, of shape (n,), and with each of `added` in front, of shape (n, m)."""
    before = numpy.array([empathy(text) for text in drafts])
    after = numpy.array([[empathy(f"{new} {text}") for new in added] for text in drafts])
    return before, after


def fit(before: numpy.ndarray, after: numpy.ndarray) -> Fit:
    """The numbers with the least squared error, on a grid of tenths.

    Args:
        before: scores in (0, 1), of shape (n,).
        after: scores of shape (n, m).
    """
    odds = numpy.log(before / (1 - before))
    best = (numpy.inf, 0.0, 0.0)
    for a in numpy.arange(0.1, 4.05, 0.1):
        for b in numpy.arange(0.0, 1.05, 0.1):
            guess = 1 / (1 + numpy.exp(-(a + b * odds)))
            best = min(best, (float(((guess[:, None] - after) ** 2).mean()), a, b))
    a, b = best[1:]
    misses = 1 / (1 + numpy.exp(-(a + b * odds)))[:, None] - after
    return Fit(
        (round(float(a), 1), round(float(b), 1)),
        len(before),
        float((after - before[:, None]).mean()),
        float(abs(misses).mean()),
        float(misses.mean()),
    )


def fits(
    analyzer: Analyzer,
    drafts: Sequence[Item],
    missing: Mapping[str, Mapping[str, Sequence[str]]],
) -> dict[str, Fit]:
    """The fit of each hint about what is missing, with one engine."""
    texts = [item.text for item in drafts]
    told = [{hint.rule for hint in analyzer.analyze(text).hints} for text in texts]
    found = {}
    for name, rows in FILLINGS.items():
        [suggestion] = missing[name]["suggestions"]
        lacking = [
            text for text, rules in zip(texts, told, strict=True) if f"missing/{name}" in rules
        ]
        added = [filled(suggestion, row) for row in rows]
        found[name] = fit(
            *measure(lambda text: float(analyzer.score_batch([text])[0, 2]), lacking, added)
        )
    return found


def main() -> None:
    """Measure and print, for both engines."""
    drafts = [item for item in split(load_messages())[0] if item.ratings[1] >= 2]
    drafts = drafts[:: max(1, len(drafts) // _DRAFTS)]
    missing = read_json("en", "language.json")["hints"]["missing"]
    for engine in ("rules", "onnx"):
        for name, found in fits(Analyzer(engine=engine), drafts, missing).items():
            print(
                f"{engine} {name}: {list(found.numbers)}; {found.drafts} drafts, adds "
                f"{found.added:.2f} in the mean, mean error {found.error:.2f}, off by "
                f"{found.off:+.2f}"
            )


if __name__ == "__main__":
    main()
