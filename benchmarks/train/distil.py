"""A smaller network learns what a larger one makes of every text (`lessons`)."""

from __future__ import annotations

import json
import math
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from torch.nn.functional import smooth_l1_loss

from benchmarks.fit.model import Array

from .batches import batches, draw
from .encoder import HEAD_WIDTH, Reader
from .examples import FORMS, TOKEN_LABELS, Example
from .lessons import Lessons
from .padding import pad_ids
from .starting import fewer_layers, narrowed, records, write_record

# Shares of what is learned in the loss, the levels being 1.
ODDS_SHARE, HIDDEN_SHARE, TOKEN_SHARE, FORM_SHARE = 0.1, 1.0, 0.5, 0.5
# How much a rating counts beside the teacher's word on the same text.
RATING_SHARE = 0.5
# How large vectors of words and of places are to begin with, where nothing is taken over.
WORDS, PLACES = 0.3, 0.03


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is made of.

    `minutes` caps it: the learning rate falls with the steps done or the time spent,
    whichever is further on. `length` is the longest text in word pieces.
    """

    seed: int = 1
    layers: int = 2
    width: int = 192
    activation: str = "relu"
    length: int = 128
    passes: int = 8
    tokens: int = 4096
    rate: float = 1.5e-3
    warm_up: float = 0.04
    word_dropout: float = 0.08
    minutes: float = 30.0
    save_every: int = 200


def student(state: dict[str, Tensor], settings: Settings) -> Reader:
    """A network with less of everything, ready to learn.

    As wide as the teacher, it takes some of its layers, evenly spread. A narrower one starts
    from nothing, but for its word vectors: the directions in which the teacher's differ most.
    Without layers it is a bag of word pieces, some of which count more than others.

    Args:
        state: weights of the teacher, a `Reader`.
        settings: of the run.
    """
    torch.manual_seed(settings.seed)
    words = state["words.weight"]
    made = Reader(
        len(words),
        settings.length,
        len(TOKEN_LABELS),
        len(FORMS),
        1,
        width=settings.width,
        heads=settings.width // HEAD_WIDTH,
        inner=4 * settings.width,
        layers=settings.layers,
        activation=settings.activation,
    )
    if words.shape[1] == settings.width:
        kept = fewer_layers(state, settings.layers)
        kept["places.weight"] = kept["places.weight"][: settings.length]
        kept = {name: value for name, value in kept.items() if "aux_head" not in name}
        made.load_state_dict(kept, strict=False)
    else:
        found = narrowed(words, settings.width)
        with torch.no_grad():
            # Places must not drown words: both are added before they are normalised.
            made.words.weight.copy_(found * (WORDS / found.square().mean().sqrt()))
            made.places.weight.normal_(std=PLACES)
            # New layers change nothing at first: the network starts as a bag of word pieces.
            for layer in made.layers:
                nn.init.zeros_(layer.out.weight)
                nn.init.zeros_(layer.down.weight)
    return made


def load_run(folder: Path) -> Reader:
    """The network that a run left in its folder, of the sizes that its weights have."""
    state = torch.load(folder / "final.pt", weights_only=True)
    width = state["words.weight"].shape[1]
    runs = records(folder)
    made = Reader(
        state["words.weight"].shape[0],
        state["places.weight"].shape[0],
        state["token_head.weight"].shape[0],
        state["form_head.weight"].shape[0],
        state["aux_head.weight"].shape[0],
        width=width,
        heads=width // HEAD_WIDTH,
        inner=4 * width,
        layers=len({name.split(".")[1] for name in state if name.startswith("layers.")}),
        activation=runs[-1]["settings"].get("activation", "gelu") if runs else "gelu",
    )
    made.load_state_dict(state)
    return made.eval()


def targets(lessons: Lessons, examples: Sequence[Example]) -> Array:
    """What the levels are asked to be (texts, 9): the teacher's word and the ratings.

    Args:
        lessons: of the teacher.
        examples: the same texts in the same order; `levels` are known of some.
    """
    wanted: Array = 1 / (1 + np.exp(-np.array(lessons.levels, np.float32)))
    for i, example in enumerate(examples):
        if example.levels is not None:
            known = np.array(example.levels, np.float32).reshape(-1)
            wanted[i] += RATING_SHARE * (known - wanted[i])
    return wanted


def distil(
    made: Reader,
    lessons: Lessons,
    wanted: Array,
    repeats: Sequence[float],
    settings: Settings,
    folder: Path,
    look: Callable[[Reader], Any] | None = None,
    teacher: Path | None = None,
) -> Reader:
    """Train a student, or go on with it; its weights go to `final.pt`.

    Args:
        made: what `student` gave, or one that was trained before.
        lessons: of the teacher.
        wanted: what `targets` gave.
        repeats: how often a pass draws each text.
        settings: of the run; one that is resumed must have the same.
        folder: where checkpoint, log and weights go.
        look: called four times with the student, its answer is logged; for figures on the
            dev split, from which nothing is learned.
        teacher: the folder of its run, for the record of what stands behind the weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    steps = _plan(lessons, repeats, settings)
    projection = nn.Linear(settings.width, lessons.hidden.shape[1])
    if lessons.directions.shape[0] == settings.width:
        with torch.no_grad():
            projection.weight.copy_(lessons.directions.T)
            projection.bias.copy_(-lessons.mean @ lessons.directions)
    both = nn.ModuleDict({"student": made, "projection": projection})
    optimizer = torch.optim.AdamW(
        both.parameters(), lr=settings.rate, weight_decay=0.01, fused=True
    )
    # Directions count as they differ; a state that is guessed by its mean has a loss of 1.
    sample = lessons.hidden[: 200_000 if len(lessons.hidden) > 200_000 else None]
    spread = float(np.square(np.array(sample, np.float32)).sum(1).mean()) or 1.0
    done, spent = 0, 0.0
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if {**state["settings"], "minutes": settings.minutes} != asdict(settings):
            raise SystemExit(f"{checkpoint} is of a run with other settings: move it away")
        both.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        done, spent = state["done"], state["spent"]
    began = time.monotonic() - spent
    means: dict[str, list[float]] = defaultdict(list)
    reports = 0

    def write_log(row: dict[str, Any]) -> None:
        with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
            print(json.dumps(row), file=log)

    def save() -> None:
        state = {
            "model": both.state_dict(),
            "optimizer": optimizer.state_dict(),
            "settings": asdict(settings),
            "done": done,
            "spent": spent,
        }
        torch.save(state, checkpoint.with_suffix(".new"))
        checkpoint.with_suffix(".new").replace(checkpoint)

    write_log({"steps": len(steps), "settings": asdict(settings), "resumed_at": done})
    made.train()
    while done < len(steps):
        spent = time.monotonic() - began
        progress = max(done / len(steps), spent / 60 / settings.minutes)
        if progress >= 1:
            break
        rise = min((done + 1) / len(steps) / settings.warm_up, 1.0)
        for group in optimizer.param_groups:
            group["lr"] = settings.rate * rise * (0.5 + 0.5 * math.cos(math.pi * progress))
        parts = _step(both, optimizer, lessons, wanted, steps[done], settings, done, spread)
        for name, value in parts.items():
            means[name].append(value)
        done += 1
        if done % settings.save_every == 0:
            save()
            row = {name: round(sum(v) / len(v), 4) for name, v in sorted(means.items())}
            means.clear()
            write_log({"step": done, "minutes": round(spent / 60, 2), **row})
        if look and progress > (reports + 1) / 4:
            reports += 1
            write_log({"step": done, "dev": look(made.eval())})
            made.train()
    spent = time.monotonic() - began
    save()
    own = {"steps": done, "minutes": round(spent / 60, 2), "all": done == len(steps)}
    write_record(folder, teacher, {**own, "settings": asdict(settings)})
    torch.save(made.eval().state_dict(), folder / "final.pt")
    write_log({**own, "dev": look(made) if look else None})
    return made


def _plan(lessons: Lessons, repeats: Sequence[float], settings: Settings) -> list[list[int]]:
    """The texts of every step."""
    rng = random.Random(settings.seed)
    known = lessons.known()
    often = [repeats[i] for i in known]
    lengths = [int(lessons.start[i + 1] - lessons.start[i]) for i in known]
    found: list[list[int]] = []
    for _ in range(settings.passes):
        drawn = draw(often, rng)
        found += batches(drawn, lengths, [1] * len(known), settings.tokens, rng)
    return [[known[place] for place in batch] for batch in found]


def _step(
    both: nn.ModuleDict,
    optimizer: torch.optim.Optimizer,
    lessons: Lessons,
    wanted: Array,
    texts: list[int],
    settings: Settings,
    number: int,
    spread: float,
) -> dict[str, float]:
    made = both["student"]
    rows = [lessons.row(i)[: settings.length] for i in texts]
    ids, attention = pad_ids(rows)
    real = attention.bool()
    generator = torch.Generator().manual_seed(settings.seed * 1_000_003 + number)
    # [UNK] (id 1) in place of some word pieces; the teacher had seen them all.
    gone = torch.rand(ids.shape, generator=generator) < settings.word_dropout
    ids[gone & (ids > 4)] = 1
    states: list[Tensor] = []
    last = made.layers[-1] if len(made.layers) else made.norm
    hook = last.register_forward_hook(lambda *given: states.append(given[2]))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        levels, tokens, forms, _ = made(ids, attention)
        points = both["projection"](states[0])
    hook.remove()
    sizes = [len(row) for row in rows]
    begins = lessons.start[texts]
    places = np.concatenate([np.arange(b, b + n) for b, n in zip(begins, sizes, strict=True)])
    odds = torch.from_numpy(np.array(lessons.levels[texts]))
    said = levels.float().flatten(1)
    gaps = points.float()[real] - torch.from_numpy(np.array(lessons.hidden[places])).float()
    marks = torch.from_numpy(np.array(lessons.tokens[places])).float().sigmoid()
    shapes = torch.from_numpy(np.array(lessons.forms[texts])).float().sigmoid()
    parts = {
        "levels": bce(said, torch.from_numpy(wanted[texts])),
        "odds": ODDS_SHARE * smooth_l1_loss(said, odds.clamp(-8, 8)),
        "hidden": HIDDEN_SHARE * gaps.square().sum(1).mean() / spread,
        "tokens": TOKEN_SHARE * bce(tokens.float()[real], marks),
        "forms": FORM_SHARE * bce(forms.float(), shapes),
    }
    total = torch.stack(list(parts.values())).sum()
    optimizer.zero_grad()
    total.backward()
    torch.nn.utils.clip_grad_norm_(both.parameters(), 1.0)
    optimizer.step()
    return {name: float(part.detach()) for name, part in parts.items()}
