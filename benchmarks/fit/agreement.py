"""How far raters agree on real texts: `python -m benchmarks.fit.agreement`.

On the texts of `ratings.jsonl` that two raters rated, picked since models were unsure of
them, and on texts of `calm/rated_texts.jsonl` (`CALMTONE_DATA`) that the raters of
`ratings.jsonl` rated again without seeing the first rating (`again.jsonl`). Writes
`benchmarks/results/agreement.json`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from .corpus import DIMENSIONS, OWN, load_real, read_rows

RESULTS = Path(__file__).parents[1] / "results" / "agreement.json"
CLEAR = 2  # what a score is the probability of


def kappa(first: Sequence[bool], second: Sequence[bool]) -> float:
    """Agreement beyond chance of two raters (Cohen 1960, 10.1177/001316446002000104).

    Raises:
        ValueError: both said the same of every text, so that nothing is left to agree on.
    """
    count = len(first)
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / count
    yes, other = sum(first) / count, sum(second) / count
    chance = yes * other + (1 - yes) * (1 - other)
    if chance == 1:
        raise ValueError("both raters gave one answer to every text")
    return (agreed - chance) / (1 - chance)


def doubtful() -> list[tuple[Sequence[int], Sequence[int]]]:
    """Both ratings of the texts of `ratings.jsonl` that have two."""
    rows = read_rows(OWN / "ratings.jsonl")
    return [(row["ratings"], row["second"]) for row in rows if "second" in row]


def again() -> list[tuple[Sequence[int], Sequence[int]]]:
    """The first and the second rating of the texts of `again.jsonl`."""
    first = {item.id: item.ratings for item in load_real()}
    return [(first[row["id"]], row["ratings"]) for row in read_rows(OWN / "again.jsonl")]


def agreement(pairs: Sequence[tuple[Sequence[int], Sequence[int]]]) -> dict[str, float]:
    """How many texts, and by dimension the kappa of "rated 2 or more"."""
    found: dict[str, float] = {"texts": len(pairs)}
    for k, dimension in enumerate(DIMENSIONS):
        found[dimension] = round(
            kappa([a[k] >= CLEAR for a, _ in pairs], [b[k] >= CLEAR for _, b in pairs]), 3
        )
    return found


def main() -> None:
    """Measure and write."""
    report = {"doubtful": agreement(doubtful()), "again": agreement(again())}
    text = json.dumps(report, indent=1) + "\n"
    RESULTS.write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
