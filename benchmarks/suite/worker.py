"""One system in a process of its own: `python -m benchmarks.suite.worker NAME`.

Reads a JSON object a line from standard input and answers with one a line:
`{"op": "score", "texts": [...], "contexts": [...]}`, `{"op": "spans", "texts": [...]}`,
`{"op": "speed", "texts": [...]}`. The first answer comes unasked: what the system is, or why
it cannot run. What a package prints goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

from .system import System, Unavailable, version
from .systems import create


def describe(system: System) -> dict[str, Any]:
    """What the runner has to know about a system."""
    return {
        "title": system.title,
        "version": system.version(),
        "packages": {name: version(name) for name in system.packages},
        "thresholds": list(system.thresholds),
        "probabilities": system.probabilities,
        "points_at": list(system.points_at),
    }


def answer(system: System, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request."""
    texts = request["texts"]
    if request["op"] == "score":
        return {"scores": system.score(texts, request["contexts"])}
    if request["op"] == "spans":
        system.prepare(texts)
        return {"spans": [system.spans(text) for text in texts]}
    if request["op"] == "speed":
        from .speed import measure

        return measure(system, texts, whole=request["whole"], quick=request["quick"])
    raise ValueError(f"no operation {request['op']!r}")


def serve(name: str, requests: TextIO, answers: TextIO) -> None:
    """Answer requests until there are no more."""

    def say(content: dict[str, Any]) -> None:
        answers.write(json.dumps(content) + "\n")
        answers.flush()

    try:
        system = create(name)
    except Unavailable as error:
        say({"unavailable": str(error)})
        return
    except Exception as error:
        say({"error": f"{type(error).__name__}: {error}"})
        return
    say(describe(system))
    for line in requests:
        try:
            say(answer(system, json.loads(line)))
        except Exception as error:  # whatever a package raises is its result
            say({"error": f"{type(error).__name__}: {error}"})


def main() -> None:
    """Serve on the standard streams."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a package that prints must not disturb the answers
    serve(sys.argv[1], sys.stdin, answers)


if __name__ == "__main__":
    main()
