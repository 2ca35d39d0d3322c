"""From a trained network to a folder ready to ship: graph, calibration, hashes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnxruntime import InferenceSession
from tokenizers import Tokenizer

from benchmarks.fit.corpus import OWN, SHORT_WRITERS, TRAIN_WRITERS, Item, mask
from benchmarks.fit.model import Array
from benchmarks.fit.model import Settings as RuleSettings
from calmtone.resources import read_json
from calmtone.scoring import shortness
from calmtone.text import language_from, read

from . import package
from .calibration import Marked, calibrate, fit_short, fit_spans
from .encoder import Reader as Network
from .examples import INSULT, TOKEN_LABELS, Example, from_item, rated, toxic_spans
from .export import export_small, run
from .margins import fit_margins, heard, splice
from .reading import Reader, sigmoid
from .sessions import one_thread
from .settings import Settings
from .starting import records
from .targets import encode, pad

VERSION = "1.6.0"
RULES = RuleSettings()
SMOOTHED_EVERY = 100  # of the train texts, those whose large channels are looked for


def finish(
    network: Network,
    run_folder: Path,
    out: Path,
    *,
    name: str,
    settings: Settings,
    sets: dict[str, int],
    rules: dict[str, list[float]],
    reads_replies: bool = True,
    write: Callable[[Network, Path, Sequence[Sequence[int]]], None] = export_small,
) -> dict[str, Any]:
    """Write the model folder and fit its numbers.

    Args:
        network: trained.
        run_folder: of the training run, with `tokenizer.json` and `record.json`.
        out: the folder to write.
        name: of the model.
        settings: of the run.
        sets: texts by training set.
        rules: log-odds of the calibration items by rules fitted without them.
        reads_replies: whether the library shows it the message that a text answers.
        write: writes the graph, as `export_small` does.

    Returns:
        How far the int8 graph is from the network: largest and mean difference of logits.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_bytes((run_folder / "tokenizer.json").read_bytes())
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    learned = [mask(item.text) for item in rated("train")[::SMOOTHED_EVERY]]
    rows = [row.ids for row in encode(tokenizer, learned, settings.length)]
    write(network, out / "model.onnx", rows)
    runs = records(run_folder)
    content = package.settings(
        name,
        VERSION,
        settings.length,
        {
            "base": {"name": "all-MiniLM-L6-v2", "licence": "Apache-2.0"},
            "sets": package.training_sets(sets),
            "minutes": round(sum(run["minutes"] for run in runs), 2),
            "steps": sum(run["steps"] for run in runs),
            "layers": settings.layers,
            "width": settings.width,
            "pieces": tokenizer.get_vocab_size(),
            "runs": runs,
        },
        reply_length=settings.reply_length if reads_replies else 0,
    )
    session = one_thread(str(out / "model.onnx"))
    rows = [row.ids for row in encode(tokenizer, package.CHECK, settings.length)]
    check = [outputs[0].tolist() for outputs in run(session, rows)]
    fit(out, content, check, rules)
    items = [item for item in rated("calibration") if item.id in rules]
    return distance(network, session, tokenizer, items, settings.length)


def fit(
    folder: Path,
    content: dict[str, Any],
    check: Sequence[Sequence[float]],
    rules: Mapping[str, list[float]],
) -> None:
    """Fit the numbers of a model and write them into its folder.

    Args:
        folder: holds the graph and the tokenizer.
        content: of `calmtone.json`, before anything is fitted (`package.settings`).
        check: logits of the texts of `package.CHECK`.
        rules: log-odds of the calibration items by rules fitted without them.
    """
    package.write(folder, content, check)
    items = [item for item in rated("calibration") if item.id in rules]
    reader = Reader(folder)
    readings = reader.read([item.text for item in items], details=True).readings
    spliced = splice(items, [len(row.sentences) for row in readings])
    made = reader.read([one.text for one in spliced], details=True).readings
    margins = fit_margins(items, heard(readings), spliced, heard(made))
    content["sentence_margin"] = margins
    logits = [heard(readings).with_margins(margins)]
    log_odds = [np.array([rules[item.id] for item in items])]
    # Both ways of asking count: with the message that is answered, and without.
    answers = [item for item in items if item.context] if content["reads_reply_to"] else []
    if answers:
        found = reader.read(*_asked(answers), details=True)
        logits.append(heard(found.readings).with_margins(margins))
        log_odds.append(np.array([rules[item.id] for item in answers]))
    # The shipped rules have not read the replies either.
    own = replies()
    found = reader.read([item.text for item in own], details=True)
    logits.append(heard(found.readings).with_margins(margins))
    log_odds.append(found.rules)
    items_read = [*items, *answers, *own]
    # Among the later messages, half of them posts and halves of pairs, other shares are
    # rated high than among drafts: probabilities are not fitted on them.
    fair = [i for i, item in enumerate(items_read) if item.source not in TRAIN_WRITERS]
    both = np.concatenate(logits), np.concatenate(log_odds)
    content |= calibrate([items_read[i] for i in fair], both[0][fair], both[1][fair])
    fair += [i for i, item in enumerate(items_read) if item.source in SHORT_WRITERS]
    content["short"] = {
        "words": RULES.short_words,
        **fit_short(
            [items_read[i] for i in fair],
            both[0][fair],
            both[1][fair],
            _shortness([items_read[i].text for i in fair]),
            content["blend"],
        ),
    }
    content["spans"] = fit_spans(_marked(folder, items, content["max_length"]))
    package.write(folder, content, check)


def _shortness(texts: Sequence[str]) -> Array:
    language = language_from(read_json("en", "language.json"))
    words = (read(text, language).words for text in texts)
    return np.array([shortness(those, RULES.short_words) for those in words])


def _asked(items: Sequence[Item]) -> tuple[list[str], list[str | None]]:
    return [item.text for item in items], [item.context for item in items]


def fit_again(folder: Path, rules: Mapping[str, list[float]]) -> None:
    """Fit the numbers of a finished model again; its graph and tokenizer stay as they are.

    Args:
        folder: as `finish` left it.
        rules: log-odds of the calibration items by rules fitted without them.
    """
    old = json.loads((folder / "calmtone.json").read_text(encoding="utf-8"))
    content = package.settings(
        old["name"],
        VERSION,
        old["max_length"],
        old["training"],
        reply_length=old.get("reply_length", 0),
    )
    fit(folder, content, [logits for _, logits in old["check"]["texts"]], rules)


def replies() -> list[Item]:
    """The project's replies, from which neither network nor scores learned."""
    with (OWN / "replies.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Item(
            id=row["id"],
            group=row["id"],
            source="replies",
            text=row["text"],
            context=row["context"],
            ratings=(
                row["ratings"]["hostility"],
                row["ratings"]["defensiveness"],
                row["ratings"]["empathy"],
            ),
            kind="messages",
        )
        for row in rows
    ]


def _marked(folder: Path, items: Sequence[Item], length: int) -> dict[str, list[Marked]]:
    """Marked texts of the calibration part by token label, and half of the trial part."""
    session = one_thread(str(folder / "model.onnx"))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    examples: dict[str, list[Example]] = {label: [] for label in TOKEN_LABELS}
    for item in items:
        example = from_item(item, None)
        for c, spans in example.spans.items():
            if spans:
                examples[TOKEN_LABELS[c]].append(example)
    examples[TOKEN_LABELS[INSULT]] = [
        Example(row["text"], "toxic_spans", spans={INSULT: row["spans"]})
        for row in toxic_spans("trial")[0::2]
    ]
    found: dict[str, list[Marked]] = {}
    for c, label in enumerate(TOKEN_LABELS):
        encodings = tokenizer.encode_batch([example.text for example in examples[label]])
        found[label] = []
        for example, one in zip(examples[label], encodings, strict=True):
            ids = one.ids[:length]
            values = sigmoid(run(session, [ids])[0][1][:, c]).tolist()
            found[label].append(
                Marked(
                    one.offsets[: len(ids)],
                    one.word_ids[: len(ids)],
                    values,
                    example.spans[c],
                )
            )
    return found


def distance(
    network: Network,
    session: InferenceSession,
    tokenizer: Tokenizer,
    items: Sequence[Item],
    length: int,
) -> dict[str, float]:
    """Largest and mean difference of int8 and fp32 logits on texts."""
    rows = [row.ids for row in encode(tokenizer, [mask(i.text) for i in items[:200]], length)]
    small = np.array([outputs[0] for outputs in run(session, rows)])
    exact: list[Array] = []
    with torch.no_grad():
        for row in rows:
            exact.append(network(*pad([row]))[0][0, :, 1].numpy())
    gaps = np.abs(small - np.array(exact))
    return {"largest": round(float(gaps.max()), 4), "mean": round(float(gaps.mean()), 4)}
