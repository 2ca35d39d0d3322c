"""The shipped folder: graph, tokenizer and `calmtone.json`."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.fit.corpus import DIMENSIONS

from .examples import FORMS, TOKEN_LABELS

MOST_BYTES = 16_000_000
# Texts with known logits: a processor that computes others is told on loading.
CHECK = ("Thank you for telling us, I will fix it today.", "You clearly never read my email.")
TOLERANCE = 0.35
LICENSE = "Apache-2.0"  # as the base encoder
SUMMARY = "English messages: three scores, the words behind them, forms of the codebook"
LICENCES = {
    "calmtone messages": "CC-BY-4.0",
    "calmtone plain sentences": "CC-BY-4.0",
    "casino": "CC-BY-4.0",
    "civil_comments": "CC0-1.0",
    "convabuse": "CC-BY-4.0",
    "empathic": "CC-BY-4.0",
    "fox": "MIT",
    "gh_incivility": "MIT",
    "goemotions": "Apache-2.0",
    "paradetox": "CC0-1.0",
    "pull_requests": "MIT",
    "receptiveness": "MIT",
    "strudel": "MIT",
    "surge": "MIT",
    "twitter_care": "Apache-2.0",
    "whataboutism": "MIT",
    "wiki_context": "Apache-2.0",
    "wsu_gitter": "CC0-1.0",
}
# One set may be read in several ways: as rated texts, and for its own labels.
SAME = {
    "empathic_reactions": "empathic",
    "premo": "pull_requests",
    "receptive": "receptiveness",
    "wiki": "wiki_context",
    "whataboutism/youtube": "whataboutism",
    "whataboutism/twitter": "whataboutism",
}


def training_sets(sets: Mapping[str, int]) -> list[dict[str, Any]]:
    """Names, licences and texts of the training sets.

    Raises:
        KeyError: a set has no licence in `LICENCES`.
    """
    counts: dict[str, int] = {}
    for name, texts in sets.items():
        one = SAME.get(name, name)
        counts[one] = counts.get(one, 0) + texts
    return [
        {"name": name, "licence": LICENCES[name], "texts": counts[name]}
        for name in sorted(counts)
    ]


def settings(
    name: str,
    version: str,
    max_length: int,
    training: Mapping[str, Any],
    *,
    reply_length: int = 0,
) -> dict[str, Any]:
    """`calmtone.json` before anything is fitted: the model as it is, without the rules.

    Args:
        name: of the model.
        version: of the model.
        max_length: of a row, in word pieces.
        training: what it was made of.
        reply_length: the most word pieces that are shown of a message that is answered; 0
            for a model that reads texts by themselves.
    """
    return {
        "schema": 1,
        "name": name,
        "version": version,
        "codebook": "calmtone 1",
        "license": LICENSE,
        "summary": SUMMARY,
        "labels": list(DIMENSIONS),
        "token_labels": [
            {"name": label, "dimension": label if label in DIMENSIONS else "hostility"}
            for label in TOKEN_LABELS
        ],
        "forms": [{"dimension": dimension, "form": form} for dimension, form in FORMS],
        "pad_id": 0,
        "max_length": max_length,
        "overlap": 32,
        "mask": True,
        "reads_reply_to": reply_length > 0,
        "reply_length": reply_length,
        "batch_invariant": True,
        "windows": "max",
        "calibration": {name: {"slope": 1.0, "intercept": 0.0} for name in DIMENSIONS},
        "blend": {name: {"intercept": 0.0, "model": 1.0, "rules": 0.0} for name in DIMENSIONS},
        "spans": {
            label: {"threshold": 0.5, "join": 1, "least_chars": 3, "least_score": 0.3}
            for label in TOKEN_LABELS
        },
        "training": dict(training),
    }


def write(
    folder: Path, content: Mapping[str, Any], check: Sequence[Sequence[float]] = ()
) -> None:
    """Write `calmtone.json` beside the graph and the tokenizer, with their hashes.

    Args:
        folder: holds `model.onnx` and `tokenizer.json`.
        content: what `settings` gave, perhaps with fitted numbers.
        check: logits of the texts of `CHECK`.

    Raises:
        ValueError: the files are larger than may be shipped.
    """
    files = ("model.onnx", "tokenizer.json")
    body = dict(content)
    if check:
        texts = [
            [text, [round(value, 3) for value in row]]
            for text, row in zip(CHECK, check, strict=True)
        ]
        body["check"] = {"texts": texts, "tolerance": TOLERANCE}
    body["sha256"] = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files
    }
    text = json.dumps(body, indent=1, ensure_ascii=False)
    (folder / "calmtone.json").write_text(text + "\n", encoding="utf-8")
    size = folder_size(folder)
    if size > MOST_BYTES:
        raise ValueError(f"{folder} has {size} bytes, more than {MOST_BYTES}")


def folder_size(folder: Path) -> int:
    """Bytes of all files of a model folder."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def copy(source: Path, target: Path) -> None:
    """Copy the three files of a model folder."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("model.onnx", "tokenizer.json", "calmtone.json"):
        shutil.copyfile(source / name, target / name)
