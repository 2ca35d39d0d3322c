"""The training loop: seeded, resumable, at most as long as it may take."""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from benchmarks.fit.corpus import Item, mask

from .batches import batches, draw
from .encoder import Reader
from .examples import RATED, Corpus
from .settings import Settings
from .starting import build, columns_of, write_record
from .targets import Encoded, add_replies, encode, loss, pad


def plan(
    corpus: Corpus, encoded: list[Encoded], settings: Settings
) -> list[list[tuple[Any, ...]]]:
    """All batches of a run, as units."""
    rng = random.Random(settings.seed)
    texts = [unit[:2] if len(unit) == 3 else unit for unit in corpus.units]
    lengths = [max(len(encoded[i].ids) + len(encoded[i].reply) for i in u) for u in texts]
    counts = [len(unit) for unit in texts]
    repeats = [
        often if corpus.examples[unit[0]].kind in RATED else often * settings.others
        for unit, often in zip(corpus.units, corpus.repeats, strict=True)
    ]
    found: list[list[int]] = []
    for _ in range(settings.passes):
        drawn = draw(repeats, rng)
        found += batches(drawn, lengths, counts, settings.tokens, rng)
    return [[corpus.units[unit] for unit in batch] for batch in found]


def train(
    base: Path,
    start: Path | None,
    corpus: Corpus,
    settings: Settings,
    folder: Path,
    dev: list[Item] | None = None,
) -> Reader:
    """Train, or go on with training, and give the network.

    Args:
        base: folder of the base encoder.
        start: what to start from instead of the base's weights, see `starting.build`.
        corpus: what to learn from.
        settings: of the run; one that is resumed must have the same.
        folder: where checkpoints, tokenizer and log go.
        dev: texts whose figures are logged a few times; nothing is learned from them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model = build(base, start, corpus, settings, folder)
    start_weights = {name: value.clone() for name, value in model.state_dict().items()}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    longest = settings.length - settings.reply_length - 1
    encoded = encode(tokenizer, [e.text for e in corpus.examples], longest)
    add_replies(tokenizer, encoded, [e.reply_to for e in corpus.examples], settings)
    for example, one in zip(corpus.examples, encoded, strict=True):
        if example.kind not in RATED and len(one.ids) > settings.soft_length:
            one.ids[settings.soft_length - 1 :] = one.ids[-1:]
            one.offsets[settings.soft_length - 1 :] = one.offsets[-1:]
    columns = columns_of(corpus)
    steps = plan(corpus, encoded, settings)
    heads = [p for n, p in model.named_parameters() if "head" in n or "focus" in n]
    bodies = [p for n, p in model.named_parameters() if not ("head" in n or "focus" in n)]
    optimizer = torch.optim.AdamW(
        [{"params": bodies, "lr": settings.rate}, {"params": heads, "lr": settings.head_rate}],
        weight_decay=0.01,
        fused=True,
    )
    done, spent = 0, 0.0
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        free = {"minutes": settings.minutes, "mix": settings.mix}
        if {**asdict(Settings()), **state["settings"], **free} != asdict(settings):
            raise SystemExit(f"{checkpoint} is of a run with other settings: move it away")
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        done, spent = state["done"], state["spent"]
    log = (folder / "log.jsonl").open("a", encoding="utf-8")

    def write_log(row: dict[str, Any]) -> None:
        line = json.dumps(row)
        print(line, flush=True)
        log.write(line + "\n")
        log.flush()

    write_log({"texts": len(encoded), "units": len(corpus.units), "steps": len(steps),
               "tokens": sum(len(encoded[i].ids) for s in steps for u in s for i in u[:2]
                             if isinstance(i, int)),
               "settings": asdict(settings), "resumed_at": done})  # fmt: skip
    began = time.monotonic() - spent
    means: dict[str, list[float]] = defaultdict(list)
    progress, reports = done / len(steps), 0
    model.train()
    while done < len(steps):
        spent = time.monotonic() - began
        progress = max(done / len(steps), spent / 60 / settings.minutes)
        if progress >= 1:
            break
        rise = min(progress / settings.warm_up, 1.0)
        fall = (1 - progress) / (1 - settings.warm_up)
        for group, rate in zip(
            optimizer.param_groups, (settings.rate, settings.head_rate), strict=True
        ):
            group["lr"] = rate * min(rise, settings.floor + (1 - settings.floor) * fall)
        parts = _step(model, optimizer, corpus, encoded, columns, steps[done], settings, done)
        for name, value in parts.items():
            means[name].append(value)
        done += 1
        if done % settings.save_every == 0 or done == len(steps):
            spent = time.monotonic() - began
            _save(checkpoint, model, optimizer, settings, done, spent)
            row = {name: round(sum(v) / len(v), 4) for name, v in sorted(means.items())}
            means.clear()
            write_log({"step": done, "minutes": round(spent / 60, 2),
                       "progress": round(progress, 3), **row})  # fmt: skip
        if dev and progress > (reports + 1) / 4:
            reports += 1
            write_log({"step": done, "dev": dev_auc(model, tokenizer, dev, settings)})
            model.train()
    spent = time.monotonic() - began
    _save(checkpoint, model, optimizer, settings, done, spent)
    own = {"steps": done, "minutes": round(spent / 60, 2), "all": done == len(steps)}
    write_log({"step": done, **own})
    write_record(folder, start, {**own, "settings": asdict(settings)})
    mix(model, start_weights, settings.mix)
    torch.save(model.state_dict(), folder / "final.pt")
    if dev:
        write_log({"step": done, "dev": dev_auc(model, tokenizer, dev, settings)})
    log.close()
    return model.eval()


def mix(model: Reader, start: dict[str, torch.Tensor], share: float) -> None:
    """Draw the weights towards those of the start, in place.

    Heads that started from nothing stay as they are.

    Args:
        model: trained.
        start: the weights that it started from.
        share: of the trained weights, in [0, 1].
    """
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if not name.startswith(("token_head", "form_head", "aux_head")):
                value.lerp_(start[name], 1 - share)


def _step(
    model: Reader,
    optimizer: torch.optim.Optimizer,
    corpus: Corpus,
    encoded: list[Encoded],
    columns: dict[str, int],
    units: list[tuple[Any, ...]],
    settings: Settings,
    number: int,
) -> dict[str, float]:
    texts: list[int] = []
    pairs = []
    for unit in units:
        if len(unit) == 3:
            pairs.append((len(texts), len(texts) + 1, unit[2]))
        texts += unit[:2]
    rows = [encoded[i] for i in texts]
    generator = torch.Generator().manual_seed(settings.seed * 1_000_003 + number)
    # Texts are judged with the message that they answer and without; pairs alike.
    shown = (torch.rand(len(units), generator=generator) < settings.reply_share).tolist()
    answered = [s for s, unit in zip(shown, units, strict=True) for _ in unit[:2]]
    replies = [row.reply if s else [] for s, row in zip(answered, rows, strict=True)]
    ids, attention, types = pad([row.ids for row in rows], replies)
    # [UNK] (id 1) in place of some tokens: the regulariser, cheaper here than dropout.
    gone = torch.rand(ids.shape, generator=generator) < settings.word_dropout
    ids[gone & (ids > 4)] = 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outputs = model(ids, attention, types)
    outputs = tuple(output.float() for output in outputs)
    total, parts = loss(outputs, [corpus.examples[i] for i in texts], rows, pairs, columns)
    optimizer.zero_grad()
    total.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return parts


def _save(
    path: Path,
    model: Reader,
    optimizer: torch.optim.Optimizer,
    settings: Settings,
    done: int,
    spent: float,
) -> None:
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "settings": asdict(settings),
        "done": done,
        "spent": spent,
    }
    fresh = path.with_suffix(".new")
    torch.save(state, fresh)
    fresh.replace(path)


def level_logits(
    model: Reader,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    settings: Settings,
    replies: Sequence[str | None] = (),
) -> torch.Tensor:
    """Raw log-odds of "rated 2 or more" (texts, 3) of masked texts, cut to one window.

    Args:
        model: it is set to evaluation.
        tokenizer: its own.
        texts: masked.
        settings: for the lengths.
        replies: the messages that they answer, masked; none by default.
    """
    longest = settings.length - (settings.reply_length + 1 if replies else 0)
    rows = encode(tokenizer, texts, longest)
    add_replies(tokenizer, rows, replies or [None] * len(rows), settings)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids) + len(rows[i].reply))
    out = torch.zeros(len(rows), 3)
    model.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), 64):
            chunk = order[start : start + 64]
            row = pad([rows[i].ids for i in chunk], [rows[i].reply for i in chunk])
            levels = model(*row)[0]
            out[chunk] = levels[:, :, 1].float()
    return out


def dev_auc(
    model: Reader, tokenizer: Tokenizer, dev: list[Item], settings: Settings
) -> dict[str, list[float]]:
    """AUC by dimension on messages and on real texts, without and with what they answer."""
    from benchmarks.suite.metrics import auc, tally

    texts = [mask(item.text) for item in dev]
    replies = [mask(item.context) if item.context else None for item in dev]
    found = {}
    for title, given in (("", []), (" as replies", replies)):
        logits = level_logits(model, tokenizer, texts, settings, given).numpy()
        for kind in ("messages", "real"):
            rows = [i for i, item in enumerate(dev) if item.kind == kind]
            labels = [[dev[i].ratings[k] >= 2 for i in rows] for k in range(3)]
            values = [auc(tally(labels[k], logits[rows, k]))[0] for k in range(3)]
            found[kind + title] = [round(float(value), 4) for value in values]
    return found
