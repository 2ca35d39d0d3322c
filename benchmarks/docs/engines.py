"""What the two engines can do and cost, side by side, from their results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from calmtone.results import DIMENSIONS

from .blocks import table

TEXTS = {
    "further writers": "messages written for this project",
    "outside sources": "real texts",
}


def ranking(heard: Mapping[str, Any]) -> dict[tuple[str, str], float]:
    """AUC of rules and model together, by group and dimension.

    Args:
        heard: by group the figures of a results file of the suite, or a part of
            `outside.json`.
    """
    found = {}
    for group, results in heard.items():
        rows = _of_suite(results) if isinstance(results, list) else results
        for name in DIMENSIONS:
            value = rows.get(name, {}).get("auc")
            if value is not None:
                found[group, name] = float(value)
    return found


def _of_suite(figures: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    return {
        each["dimension"]: {"auc": each["value"]}
        for each in figures
        if each["measure"] == "auc"
    }


def cost(speed: Mapping[str, Any]) -> str:
    """Time and memory of both engines, as `benchmarks.speed` measured them."""
    ours, others = speed.get("engines", {}).get("rules"), speed.get("engines", {}).get("onnx")
    if not ours or not others:
        return "Not measured yet."
    rows = [
        ["one text", *(_time(part["text_ms"]) for part in (ours, others))],
        ["analyzer and first text", *(_time(part["first_ms"]) for part in (ours, others))],
        ["memory", *(f"{part['memory_mb']:.0f} MB" for part in (ours, others))],
    ]
    return (
        f"{table(['', 'rules', 'with onnx'], rows)}\n\n{speed['machine']}, one thread, the "
        f"{others['texts']:,} messages of the table below, {others['characters']} characters "
        "on average. Memory is what comes on top of Python alone."
    )


def _time(milliseconds: float) -> str:
    """Milliseconds with the digits that matter."""
    return f"{milliseconds:.2g} ms" if milliseconds < 10 else f"{milliseconds:.0f} ms"
