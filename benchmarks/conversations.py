"""Checks the findings on real threads: `python -m benchmarks.conversations`.

GitHub threads whose comments people have annotated for incivility (the data set
`gh_incivility_vcu`, see its SOURCE.txt): how many of the comments that are said to raise the
tension are uncivil, against all comments, and whether the share of uncivil comments moves as
a turning point says. The set names no authors, so that each comment is read as answering
the one before it, and nobody can be said to stay tense. Read with the rules alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from calmtone import Analyzer, Message, analyze_conversation

from .fit.corpus import data_root

FILE = Path("raw", "gh_incivility_vcu", "dataset", "annotated_comment_level.csv")
RESULTS = Path(__file__).parent / "results" / "conversations.json"
LONGEST = 20_000
Comments = Sequence[tuple[str, bool]]


def threads(path: Path) -> dict[str, list[tuple[str, bool]]]:
    """Comments by thread, in order, and whether each is annotated as uncivil."""
    csv.field_size_limit(sys.maxsize)
    found: dict[str, list[tuple[str, bool]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            uncivil = row["tbdf"] not in ("None", "")
            found.setdefault(row["issue_id"], []).append((row["comment_body"], uncivil))
    return found


def share(values: list[bool]) -> float:
    """How many of the values are true."""
    return sum(values) / max(len(values), 1)


def measure(found: Mapping[str, Comments], analyzer: Analyzer) -> dict[str, Any]:
    """Counts: all comments, rises and turning points, and those that the annotation is with."""
    everything: list[bool] = []
    rising: list[bool] = []
    agreeing: list[bool] = []
    for comments in found.values():
        uncivil = [label for _, label in comments]
        conversation = analyze_conversation(
            [Message(text[:LONGEST]) for text, _ in comments], analyzer=analyzer
        )
        everything += uncivil
        rising += [uncivil[rise.turn] for rise in conversation.rises]
        point = conversation.turning_point
        if point is not None:
            before, after = share(uncivil[: point.turn]), share(uncivil[point.turn :])
            agreeing.append((after > before) == (point.direction == "worse"))
    return {
        "threads": len(found),
        "comments": {"of": len(everything), "uncivil": sum(everything)},
        "rises": {"of": len(rising), "uncivil": sum(rising)},
        "turning_points": {"of": len(agreeing), "as_annotated": sum(agreeing)},
    }


def main() -> int:
    """Measure, print, and write the results."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    path = data_root() / FILE
    if not path.exists():
        print(f"{path}: not there; the data sets are named in docs/how-it-works.md")
        return 1
    analyzer = Analyzer(engine="rules")
    report = {
        "version": analyzer.engine.version,
        "engine": analyzer.engine.name,
        "rules": analyzer.rules_hash,
        **measure(threads(path), analyzer),
    }
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
