"""Tables of figures, from the files in `benchmarks/results` and what the fits wrote."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from calmtone.resources import read_json
from calmtone.results import DIMENSIONS

from . import engines, findings
from .blocks import Fill, table

RESULTS = Path(__file__).parents[1] / "results"
SYSTEMS = {
    "calmtone": "calmtone, rules",
    "tfidf": "TF-IDF + logistic regression",
    "vader": "VADER",
}
GROUPS = {
    "messages": "written messages",
    "new writer": "written messages, new writer",
    "further writers": "written messages, two further writers",
    "real texts": "real texts",
    "new sources": "real texts, new sources",
    "outside sources": "real texts, outside sources",
    "very short": "written messages of 1 to 10 words",
}
_NONE = "–"


def figures(rules_hash: str, notes: list[str]) -> dict[str, Fill]:
    """The blocks of figures by name; results that are missing or old go to `notes`."""
    quality = {name: _results(f"quality-{name}", notes) for name in SYSTEMS}
    speed = _results("speed", notes)
    rewrites = _results("rewrites", notes)
    conversations = _results("conversations", notes)
    ranking = _results("suite/calmtone-onnx/ranking/messages-new-writers", notes)
    heard = {
        "further writers": ranking.get("figures", []),
        "outside sources": _results("outside", notes).get("calmtone-onnx", {}).get("all", {}),
    }
    measured = {
        "quality-calmtone": [quality["calmtone"]],
        "rewrites": rewrites.values(),
        "conversations": [conversations],
    }
    notes += [
        f"benchmarks/results/{name}.json is of other rules or numbers: run `make bench`"
        for name, parts in measured.items()
        if any(part.get("rules", rules_hash) != rules_hash for part in parts)
    ]
    if rules_hash not in ranking.get("provenance", {}).get("system_version", rules_hash):
        notes.append(
            "benchmarks/results/suite/calmtone-onnx is of other rules or numbers: run "
            "`python -m benchmarks run`"
        )
    tables = {
        "figures-short": _short(quality, engines.ranking(heard)),
        "figures-ranking": _ranking(quality),
        "figures-calibration": _calibration(quality),
        "figures-contrast": _contrast(quality),
        "figures-spans": _spans(quality),
        "figures-speed": _speed(speed),
        "figures-engines": engines.cost(speed),
        "figures-rewrites": findings.rewrites(rewrites),
        "figures-check": findings.check(rewrites),
        "figures-conversations": findings.conversations(conversations),
        "figures-replies": findings.replies(
            *(
                read_json("en", f"{name}.json")["provenance"]
                for name in ("replies", "heat", "pause")
            )
        ),
    }
    return {name: _always(content) for name, content in tables.items()}


def _always(content: str) -> Fill:
    return lambda _: content


def _results(name: str, notes: list[str]) -> dict[str, Any]:
    path = RESULTS / f"{name}.json"
    if not path.exists():
        notes.append(f"benchmarks/results/{name}.json is missing: run `make bench`")
        return {}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _number(value: float | None, digits: int = 2) -> str:
    if value is None or math.isnan(value):
        return _NONE
    return f"{value:.{digits}f}"


def _best(values: list[float | None]) -> list[str]:
    """Numbers as text, the highest in bold."""
    shown = [_number(value) for value in values]
    highest = max((text for text in shown if text != _NONE), default="")
    return [f"**{text}**" if text == highest else text for text in shown]


def _value(quality: dict[str, Any], system: str, *keys: str) -> float | None:
    value: Any = quality[system].get("scores", {})
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return None if value is None else float(value)


def _auc_row(quality: dict[str, Any], group: str, name: str) -> list[str]:
    return _best([_value(quality, system, name, group, "auc") for system in SYSTEMS])


def _count(quality: dict[str, Any], name: str, *keys: str) -> str:
    value = _value(quality, "calmtone", name, *keys)
    return _NONE if value is None else f"{value:,.0f}"


def _short(quality: dict[str, Any], heard: dict[tuple[str, str], float]) -> str:
    """The README's table: both engines and the peers on what no fit may read."""
    rows = []
    for group in ("further writers", "outside sources"):
        for name in DIMENSIONS:
            rules, *peers = (_value(quality, each, name, group, "auc") for each in SYSTEMS)
            shown = _best([rules, heard.get((group, name)), *peers])
            rows.append([name, engines.TEXTS[group], *shown])
    first, *others = SYSTEMS.values()
    return table(["score", "on", first, "calmtone, with onnx", *others], rows, right=2)


def _ranking(quality: dict[str, Any]) -> str:
    rows = [
        [
            name,
            title,
            _count(quality, name, group, "n"),
            _count(quality, name, group, "positive"),
            *_auc_row(quality, group, name),
        ]
        for group, title in GROUPS.items()
        for name in DIMENSIONS
    ]
    head = ["score", "on", "texts", "rated 2 or more", *SYSTEMS.values()]
    return table(head, rows, right=2) + "\n\n" + _measured(quality)


def _measured(quality: dict[str, Any]) -> str:
    ours = quality["calmtone"]
    if not ours:
        return "Not measured yet."
    return f"Measured with calmtone {ours['version']}, rules and numbers `{ours['rules']}`."


def _calibration(quality: dict[str, Any]) -> str:
    systems = ("calmtone", "tfidf")
    rows = [
        [
            name,
            title,
            *(_number(_value(quality, system, name, group, "ece"), 3) for system in systems),
        ]
        for group, title in GROUPS.items()
        for name in DIMENSIONS
    ]
    return table(["score", "on", *(SYSTEMS[system] for system in systems)], rows, right=2)


def _contrast(quality: dict[str, Any]) -> str:
    kinds = {
        "pairs": "same facts, other tone",
        "further pairs": "the same, two further writers",
        "rewrites": "a draft and its calm rewrite",
    }
    rows = [
        [
            name,
            title,
            _count(quality, name, f"{kind}_n"),
            *_best([_value(quality, system, name, kind) for system in SYSTEMS]),
        ]
        for kind, title in kinds.items()
        for name in DIMENSIONS
    ]
    return table(["score", "pairs of", "pairs", *SYSTEMS.values()], rows, right=2)


def _spans(quality: dict[str, Any]) -> str:
    kinds = {"spans": "dev", "further spans": "two further writers"}
    rows = [
        [
            name,
            title,
            f"{part['marked']:,}",
            _number(part["recall"]),
            f"{part['evidence']:,}",
            _number(part["precision"]),
        ]
        for kind, title in kinds.items()
        for name, part in quality["calmtone"].get(kind, {}).items()
    ]
    head = ["score", "on", "marked by readers", "found", "evidence", "on marked words"]
    return table(head, rows, right=2)


def _speed(speed: dict[str, Any]) -> str:
    if not speed:
        return "Not measured yet."
    rows = [
        [
            row["name"],
            f"{row['calmtone_us']:,.0f}",
            f"{row['vader_us']:,.0f}",
            _number(row["ratio"], 1),
        ]
        for row in speed["rows"]
    ]
    head = ["µs a text", "calmtone, rules", "VADER", "VADER / calmtone"]
    return (
        f"{table(head, rows)}\n\n"
        f"{speed['machine']}, one core, hints and evidence included. `import calmtone` takes "
        f"{speed['import_ms']:.0f} ms."
    )
