"""The model card, docs/model.md, and its calibration plot, from the results of a model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.fit.corpus import DIMENSIONS

DOCS = Path(__file__).parents[2] / "docs"
RESULTS = Path(__file__).parents[1] / "results"
TEMPLATE = Path(__file__).with_name("card.md")
PLOT = "model-calibration.svg"
# What was asked of the first version, by dimension.
GOALS = {
    "messages": (0.94, 0.93, 0.96),
    "real texts": (0.97, 0.93, 0.95),
    "pairs": (0.98, 0.95, 0.95),
    "f1": (0.78, 0.80, 0.88),
    "spans": ("0.80 / 0.80", "0.75 / 0.80", "0.80 / 0.80"),
}
NAMES = {"rules": "rules", "model": "model alone", "blend": "final"}
# Of the run that was shipped; the power of two busy server cores and their memory.
CORES, WATTS = "two", 30
ROUNDS = 40
COLOURS = {"hostility": "#c0392b", "defensiveness": "#b7791f", "empathy": "#2a7f62"}


def write(report: Mapping[str, Any], docs: Path = DOCS) -> None:
    """Write the card and its plot."""
    (docs / "model.md").write_text(render(report), encoding="utf-8")
    (docs / PLOT).write_text(plot(report), encoding="utf-8")


def render(report: Mapping[str, Any]) -> str:
    """The text of the card.

    Args:
        report: `benchmarks/results/model-<name>.json`, with the model's `calmtone.json`
            under `model`.
    """
    from . import frontier  # which draws with this module's help

    beside = RESULTS / "beside-tfidf.json"
    model = report["model"]
    sizes = json.loads(frontier.RESULTS.read_text(encoding="utf-8"))
    blocks = {
        "frontier": frontier.block(sizes),
        "beside": _beside(json.loads(beside.read_text(encoding="utf-8"))),
        "name": model["name"],
        "facts": _facts(report),
        "margins": _margins(model),
        "replies": _replies(model),
        "runs": _runs(model),
        "sets": table(
            ("set", "licence", "texts"),
            [(row["name"], row["licence"], f"{row['texts']:,}") for row in _sets(model)],
        ),
        "dev": _dev(report["dev"], report.get("replies", {})),
        "calibration": _calibration(report["dev"]),
        "spans": _spans(report["spans"]),
        "outside": _outside(report["outside"]),
        "alarms": _alarms(report["outside"]),
        "terms": str(report["outside"]["jigsaw-templates"]["blend"]["terms"]),
        "failures": _failures(report["failures"]),
        "cost": _cost(report),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, content in blocks.items():
        text = text.replace("{{" + name + "}}", content)
    return text


def _beside(rows: Sequence[Mapping[str, Any]]) -> str:
    """Our scores and TF-IDF trained on each set (`benchmarks.beside_tfidf`)."""
    names = {"auc": "AUC", "spearman": "Spearman"}
    return table(
        ("set", "label", "score", "figure", "texts", "TF-IDF trained on it", "rules", "final"),
        [
            (
                row["set"],
                row["label"],
                row["dimension"],
                names[row["measure"]],
                f"{row['n']:,}",
                *(f"{row[system]:.2f}" for system in ("tfidf", "rules", "onnx")),
            )
            for row in rows
        ],
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _sets(model: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = model["training"]["sets"]
    return sorted(found, key=lambda row: (-row["texts"], row["name"]))


def _facts(report: Mapping[str, Any]) -> str:
    model = report["model"]
    training = model["training"]
    rows = [
        ("version", model["version"]),
        ("files", f"`model.onnx`, `tokenizer.json`, `calmtone.json`: {_megabytes(report)}"),
        (
            "network",
            f"BERT encoder, {training['layers']} layers of {training['width']}, "
            f"{training['pieces']:,} word "
            f"pieces, int8; windows of {model['max_length']} tokens, so nothing is cut off",
        ),
        (
            "answers",
            f"three scores, spans of {len(model['token_labels'])} kinds, "
            f"{len(model['forms'])} forms of the codebook",
        ),
        ("language", "English"),
        ("licence of the weights", f"{model['license']}, as the base encoder"),
    ]
    return "\n".join(f"| {name} | {value} |" for name, value in rows)


def _margins(model: Mapping[str, Any]) -> str:
    margins = model.get("sentence_margin")
    if margins is None:
        return "Sentences of a text do not count by themselves, only the whole does."
    values = ", ".join(f"{margins[name]:.1f} ({name})" for name in DIMENSIONS)
    return (
        "A harsh sentence in a long kind text is not lost: every sentence is read by itself "
        "too, and what they\npool to counts in place of the whole text where its raw log-odds, "
        f"less a margin, are higher.\nThe margins, {values},\nwere fitted on the calibration "
        "part and on texts made from it: one sentence at the end of another text."
    ) + _short(model)


def _short(model: Mapping[str, Any]) -> str:
    short = model.get("short")
    if short is None:
        return ""
    return (
        "\nA line that is all there is says more than in a text: below "
        f"{short['words']} different words raw log-odds\nare made steeper and lifted, by "
        "numbers fitted on such texts of the calibration part."
    )


def _replies(model: Mapping[str, Any]) -> str:
    if not model["reads_reply_to"]:
        return (
            "It reads a text by itself: the message that it answers is not an input of the "
            "network."
        )
    return (
        "It reads a text together with\nthe message that it answers, where that is given as "
        f"`reply_to`: of it the last {model['reply_length']} word pieces."
    )


def _runs(model: Mapping[str, Any]) -> str:
    head = ("run", "starts from", "steps", "word pieces in a step", "highest rate", "minutes")
    runs = model["training"]["runs"]
    branches = max(run.get("branch", 0) for run in runs)
    rows = [
        (
            f"{number}, branch {run['branch']}" if "branch" in run else number,
            run["start"],
            f"{run['steps']:,}",
            f"{run['settings']['tokens']:,} at most",
            run["settings"]["rate"],
            f"{run['minutes']:.0f}",
        )
        for number, run in enumerate(runs, 1)
    ]
    if not branches:
        return table(head, rows)
    return (
        f"The weights are the mean of {branches} branches, which went on from the same run "
        f"with other seeds.\n\n{table(head, rows)}"
    )


def _megabytes(report: Mapping[str, Any]) -> str:
    return f"{report['size'] / 1e6:.1f} MB"


def _range(values: Sequence[float | None]) -> str:
    value, low, high = values
    if value is None:
        return "–"
    return f"{value:.3f}" + (f" ({low:.2f}–{high:.2f})" if low is not None else "")


def _dev(dev: Mapping[str, Any], answering: Mapping[str, Any]) -> str:
    rows: list[Sequence[object]] = []
    for title, group, measure, goal in (
        ("AUC, messages", "messages", "auc", "messages"),
        ("AUC, messages of an unseen writer", "new writer", "auc", None),
        ("AUC, real texts", "real texts", "auc", "real texts"),
        ("AUC, real texts of unseen sources", "new sources", "auc", None),
        ("F1 at .5, messages", "messages", "f1", "f1"),
    ):
        for system, label in NAMES.items():
            rows.append(
                (
                    f"{title}: {label}",
                    *(_range(dev[system][name][group][measure]) for name in DIMENSIONS),
                )
            )
        if answering and not title.endswith(("writer", "sources")):
            found = answering["blend"]
            values = (_range(found[name][group][measure]) for name in DIMENSIONS)
            rows.append((f"{title}: {NAMES['blend']}, with what they answer", *values))
        if goal:
            rows.append((f"{title}: *goal*", *(f"*{v:.2f}*" for v in GOALS[goal])))
    for key, title in (("pairs", "contrast pairs right"), ("rewrites", "rewrites right")):
        for system, label in NAMES.items():
            rows.append(
                (
                    f"{title}: {label}",
                    *(
                        f"{dev[system][name][key]:.3f} of {dev[system][name][key + '_n']}"
                        if dev[system][name][key] is not None
                        else "–"
                        for name in DIMENSIONS
                    ),
                )
            )
        if key == "pairs":
            rows.append((f"{title}: *goal*", *(f"*{v:.2f}*" for v in GOALS["pairs"])))
    return table(("", *DIMENSIONS), rows)


def _calibration(dev: Mapping[str, Any]) -> str:
    return table(
        ("", *DIMENSIONS),
        [
            (
                f"{group}: {label}",
                *(_range(dev[system][name][group]["ece"]) for name in DIMENSIONS),
            )
            for group in ("messages", "real texts")
            for system, label in NAMES.items()
        ],
    )


def _spans(spans: Mapping[str, Any]) -> str:
    rows = [
        (
            name,
            f"{spans[name]['recall']:.2f}",
            f"{spans[name]['precision']:.2f}",
            spans[name]["marked"],
            spans[name]["found"],
            GOALS["spans"][k],
        )
        for k, name in enumerate(DIMENSIONS)
    ]
    head = ("", "recall", "precision", "marked", "found", "goal for all evidence")
    return table(head, rows)


def _outside(outside: Mapping[str, Any]) -> str:
    rows: list[Sequence[object]] = []
    for name, found in outside.items():
        for label, systems in found.items():
            if isinstance(systems, dict) and " by " in label:
                values = [_range(systems[system]) for system in NAMES]
                rows.append((f"{name}: {label}", *values, found["n"]))
    receptive = outside["receptiveness"]
    for dimension in DIMENSIONS:
        values = [f"{receptive[system][dimension]:.3f}" for system in NAMES]
        rows.append(
            (f"receptiveness, Spearman's rho with {dimension}", *values, receptive["n"])
        )
    toxic = outside["toxic-spans-trial"]
    title = "Toxic Spans trial, half of it, character F1 of `model/insult`"
    rows.append((title, "–", f"{toxic['character_f1']:.3f}", "–", toxic["n"]))
    return table(("", *NAMES.values(), "texts"), rows)


def _alarms(outside: Mapping[str, Any]) -> str:
    rows: list[Sequence[object]] = []
    for name, title in (("xstest", "XSTest, safe prompts"), ("premo", "neutral pull requests")):
        for dimension in DIMENSIONS[:2]:
            values = [f"{outside[name][system][dimension]:.1%}" for system in NAMES]
            rows.append((f"{title}: {dimension}", *values, outside[name]["n"]))
    templates = outside["jigsaw-templates"]
    for key, title in (("all", "all"), ("highest", "highest of any term")):
        values = [f"{templates[system][key]:.1%}" for system in NAMES]
        rows.append((f"kind templates with identity terms: {title}", *values, templates["n"]))
    return table(("", *NAMES.values(), "texts"), rows)


def _failures(failures: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            row["dimension"],
            f"{row['rating']} of 3",
            f"{row['score']:.2f}",
            row["text"].replace("|", "\\|").replace("\n", " "),
        )
        for row in failures
    ]
    return table(("dimension", "rated", "score", "message"), rows)


def _cost(report: Mapping[str, Any]) -> str:
    speed, training = report["speed"], report["model"]["training"]
    lines = [
        f"- Files: {_megabytes(report)}. int8 moves the raw log-odds by "
        f"{report['int8']['mean']:.2f} on average, {report['int8']['largest']:.2f} at most "
        "(200 texts).",
        f"- One text of 64 tokens, one thread: {speed['fastest_ms']:.1f} ms; a network of "
        f"BERT-base's size, fp32, takes {speed['bert_base_ms']:.0f} ms in the same run, "
        f"{speed['bert_base_ms'] / speed['fastest_ms']:.0f} times as long (goal: 15 times; the "
        f"fastest of {ROUNDS} calls each). Loading the graph takes {speed['load_ms']:.0f} ms.",
        f"- In batches of {speed['batch']} such texts: {speed['batch_ms']:.1f} ms a text, "
        f"BERT-base {speed['bert_base_batch_ms']:.0f} ms, "
        f"{speed['bert_base_batch_ms'] / speed['batch_ms']:.0f} times as long (goal: 25).",
        f"- Training: {training['steps']:,} steps in {training['minutes']:.0f} minutes on "
        f"{CORES} shared processor cores, without a GPU; at {WATTS} watts (an estimate, not "
        f"measured) {training['minutes'] / 60 * WATTS / 1000:.2f} kWh.",
    ]
    return "\n".join(lines)


def plot(report: Mapping[str, Any]) -> str:
    """The reliability diagram as SVG: score against share of texts rated 2 or more."""
    size, gap, left, top = 180, 46, 40, 34
    width, height = left + 3 * size + 2 * gap + 10, top + size + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11" role="img">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for k, name in enumerate(DIMENSIONS):
        x0 = left + k * (size + gap)
        parts += [
            f'<text x="{x0}" y="{top - 12}" font-weight="bold">{name}</text>',
            f'<rect x="{x0}" y="{top}" width="{size}" height="{size}" fill="none" '
            'stroke="#999"/>',
            f'<path d="M{x0} {top + size}L{x0 + size} {top}" stroke="#bbb" '
            'stroke-dasharray="3 3"/>',
        ]
        parts += [
            f'<text x="{x0 + v * size:.0f}" y="{top + size + 14}" text-anchor="middle">'
            f"{v}</text>"
            for v in (0, 0.5, 1)
        ]
        for group, dash in (("messages", ""), ("real texts", ' stroke-dasharray="5 3"')):
            bins = report["dev"]["blend"][name][group]["reliability"]
            points = [(x0 + s * size, top + size - p * size, n) for s, p, n in bins]
            line = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in points)
            colour = COLOURS[name]
            parts.append(f'<path d="M{line}" fill="none" stroke="{colour}"{dash}/>')
            parts += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{min(2 + n**0.5 / 6, 6):.1f}" '
                f'fill="{colour}" fill-opacity=".6"/>'
                for x, y, n in points
            ]
    middle = left + 1.5 * size + gap
    parts += [
        f'<text x="{middle:.0f}" y="{height - 8}" text-anchor="middle">score (line: messages, '
        "dashes: real texts; larger points: more texts)</text>",
        f'<text transform="translate(14 {top + size / 2:.0f}) rotate(-90)" '
        'text-anchor="middle">share rated 2 or more</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def read(path: Path) -> dict[str, Any]:
    """A results file."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
