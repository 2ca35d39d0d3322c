"""Tables of figures of rewrites, conversations and replies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .blocks import table

SPLITS = {"dev": "dev split", "train": "train split"}
KINDS = {"hostility": "hostile messages", "defensiveness": "defensive messages"}
COPIES = {
    "number/copy": "copies with another number, amount or time: caught",
    "date/copy": "copies with another date: caught",
    "name/copy": "copies with another name: caught",
    "negation/copy": "copies with a negation more or less: caught",
    "refusal/copy": "copies with a promise for a refusal: caught",
    "number/paraphrase": "calm rewrites with another number, amount or time: caught",
    "date/paraphrase": "calm rewrites with another date: caught",
    "name/paraphrase": "calm rewrites with another name: caught",
}
ACTS_AND_MORE = {  # title, and the aim that was set beforehand
    "needs_f1": ("needs, F1", "0.85"),
    "does_f1": ("does, F1", "0.85"),
    "missing_precision": ("missing, precision", "0.80"),
    "missing_recall": ("missing, recall", "0.75"),
    "missing_precision_at_aimed_recall": ("missing, precision where recall is 0.75", "0.80"),
    "heat_spearman": ("heat, Spearman, rules engine", "0.80"),
}
_UNMEASURED = "Not measured yet."
_NONE = "–"


def rewrites(results: dict[str, Any]) -> str:
    """What safe edits do to the messages of each split that was measured."""
    found = {name: results[name]["rewrites"] for name in SPLITS if name in results}
    rows = []
    for dimension, kind in KINDS.items():
        parts = [part[dimension] for part in found.values()]
        rows += [
            [f"{kind} (rated 2 or more)", *(f"{part['of']:,}" for part in parts)],
            ["– changed", *_shares(parts, "changed")],
            ["– changed, with slots to fill", *_shares(parts, "with_slots")],
            [f"– mean fall of {dimension}", *(f"{part['fall']:.2f}" for part in parts)],
            ["– that lose a fact, a promise or a refusal", *_shares(parts, "facts_lost")],
        ]
    fine = [part["rated_0"] for part in found.values()]
    rows.append(["messages rated 0 on both", *(f"{part['of']:,}" for part in fine)])
    rows.append(["– changed", *_shares(fine, "changed")])
    return _by_split(results, rows)


def check(results: dict[str, Any]) -> str:
    """What `check_rewrite` catches, and complains of, on each split that was measured."""
    parts = [results[name]["check"] for name in SPLITS if name in results]
    rows = [
        [title, *(_share_of(part["caught"].get(kind), "share") for part in parts)]
        for kind, title in COPIES.items()
    ]
    alarms = [part["false_alarms"] for part in parts]
    rows.append(
        ["true calm rewrites: complained of", *(_share_of(part, "share") for part in alarms)]
    )
    return _by_split(results, rows)


def conversations(results: dict[str, Any]) -> str:
    """How the findings go with what people annotated."""
    if not results:
        return _UNMEASURED
    comments, rises, points = (results[key] for key in ("comments", "rises", "turning_points"))
    rows = [
        ["all comments: annotated as uncivil", *_counted(comments, "uncivil")],
        [
            "comments said to raise the tension: annotated as uncivil",
            *_counted(rises, "uncivil"),
        ],
        [
            "turning points: the share of uncivil comments moves as said",
            *_counted(points, "as_annotated"),
        ],
    ]
    head = [f"{results['threads']:,} threads", "of", "share"]
    return f"{table(head, rows)}\n\n{_made_by([results])}"


PAUSES = {
    "answer": "answers to heat 2 or more",
    "answer_new": "answers to heat 2 or more, of writers in no fit",
    "alone": "drafts by themselves",
    "alone_new": "drafts by themselves, of writers in no fit",
}


def replies(acts: dict[str, Any], heat: dict[str, Any], pause: dict[str, Any]) -> str:
    """How well replies are read, and drafts held up, from what the fits wrote.

    Args:
        acts: the provenance in `replies.json` of the package.
        heat: that in `heat.json`.
        pause: that in `pause.json`.
    """
    found = acts["out_of_fold"]
    rows = [[title, f"{found[key]:.3f}", aim] for key, (title, aim) in ACTS_AND_MORE.items()]
    rows.append(
        ["heat, Spearman, onnx engine", f"{heat['out_of_fold']['heat_spearman']:.3f}", "0.80"]
    )
    for engine, parts in pause["out_of_fold"].items():
        for part, which in PAUSES.items():
            if part not in parts:
                continue
            held = parts[part]
            rows += [
                [
                    f"pause, {engine} engine, {which}: drafts rated 3, held up",
                    f"{held['held_up']:.3f} of {held['to_hold_up']}",
                    "0.90" if part.startswith("answer") else "",
                ],
                [
                    f"pause, {engine} engine, {which}: drafts rated 0 on both, held up",
                    f"{held['of_faultless_held_up']:.3f} of {held['faultless']}",
                    "0.02",
                ],
            ]
    return table(["", f"{found['pairs']} pairs, out of fold", "aim"], rows)


def _by_split(results: dict[str, Any], rows: list[list[str]]) -> str:
    found = [name for name in SPLITS if name in results]
    if not found:
        return _UNMEASURED
    shown = table(["", *(SPLITS[name] for name in found)], rows)
    return f"{shown}\n\n{_made_by(results[name] for name in found)}"


def _shares(parts: list[dict[str, Any]], key: str) -> list[str]:
    return [f"{part[key]:.1%}".replace("%", " %") for part in parts]


def _share_of(part: dict[str, Any] | None, key: str) -> str:
    return _NONE if part is None else f"{_shares([part], key)[0]} of {part['of']:,}"


def _counted(part: dict[str, int], key: str) -> list[str]:
    share = part[key] / max(part["of"], 1)
    return [f"{part['of']:,}", f"{share:.0%}".replace("%", " %")]


def _made_by(results: Iterable[dict[str, Any]]) -> str:
    """Which version, engine, rules and model the results are of."""
    engines = {"rules": "the rules alone", "onnx": "rules and model"}
    made = []
    for part in results:
        model = f", model `{part['model']}`" if part.get("model") else ""
        made.append(
            f"calmtone {part['version']}, {engines[part['engine']]}{model}, rules and numbers "
            f"`{part['rules']}`"
        )
    return f"Measured with {'; '.join(dict.fromkeys(made))}."
