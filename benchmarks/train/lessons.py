"""What a trained network makes of every text, kept on disk for smaller ones to learn.

Of each text: the log-odds of its levels and forms, those of the token labels, and the last
hidden states of its word pieces along the directions in which they differ most. A small
network that learns all of this from a large one needs no training of its own on plain text
(distillation: Hinton et al. 2015; of hidden states: Jiao et al. 2020, TinyBERT).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.fit.model import Array

from .encoder import LEVELS, Reader
from .targets import pad

DIRECTIONS = 192
SAMPLED = 1500  # texts from which the directions are taken
BLOCK = 4000  # texts that are sorted by length at a time
PARTS = ("start", "ids", "levels", "tokens", "forms", "hidden")


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a teacher says of texts; word pieces of text `i` are `start[i]` to `start[i + 1]`.

    `ids` are its word pieces, special ones included. `levels` (texts, 9), `forms` (texts,
    forms) and `tokens` (pieces, labels) are raw log-odds, `hidden` (pieces, directions) the
    states: `(state - mean) @ directions`. A text that the teacher has not come to yet has
    levels that are not numbers.
    """

    start: Array
    ids: Array
    levels: Array
    tokens: Array
    forms: Array
    hidden: Array
    mean: Tensor
    directions: Tensor

    def known(self) -> list[int]:
        """The texts that the teacher has read."""
        return [int(i) for i in np.flatnonzero(~np.isnan(self.levels[:, 0]))]

    def row(self, text: int) -> list[int]:
        """The word pieces of a text."""
        found: list[int] = self.ids[self.start[text] : self.start[text + 1]].tolist()
        return found


def read_lessons(folder: Path) -> Lessons:
    """The lessons in a folder, read from disk as they are asked for."""
    parts = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in PARTS]
    space = torch.load(folder / "space.pt", weights_only=True)
    return Lessons(*parts, space["mean"], space["directions"])


def teach(
    teacher: Reader,
    rows: Sequence[Sequence[int]],
    folder: Path,
    *,
    first: Sequence[int] = (),
    tokens: int = 4096,
    seed: int = 1,
) -> Lessons:
    """Have a network read texts, and keep what it makes of them.

    Args:
        teacher: trained.
        rows: word pieces of each text.
        folder: where it goes; one that was begun with the same texts is gone on with.
        first: texts to read before all others.
        tokens: most word pieces read at once, padding counted.
        seed: of the order.
    """
    teacher.eval()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "space.pt").exists():
        _prepare(teacher, rows, folder, seed)
    whole = read_lessons(folder)
    levels, labels, forms, hidden = (
        np.load(folder / f"{name}.npy", mmap_mode="r+")
        for name in ("levels", "tokens", "forms", "hidden")
    )
    early = set(first)
    order = [i for i in range(len(rows)) if np.isnan(levels[i, 0])]
    random.Random(seed).shuffle(order)
    order.sort(key=lambda i: i not in early)
    for begin in range(0, len(order), BLOCK):
        for batch in _alike(order[begin : begin + BLOCK], rows, tokens):
            states, said, marks, shapes, real = _say(teacher, [rows[i] for i in batch])
            points = (states - whole.mean) @ whole.directions
            for place, text in enumerate(batch):
                part = slice(int(whole.start[text]), int(whole.start[text + 1]))
                own = real[place]
                hidden[part] = points[place][own].half().numpy()
                labels[part] = marks[place][own].half().numpy()
            forms[batch] = shapes.half().numpy()
            levels[batch] = said.numpy()
        for array in (levels, labels, forms, hidden):
            array.flush()
    return read_lessons(folder)


def _prepare(teacher: Reader, rows: Sequence[Sequence[int]], folder: Path, seed: int) -> None:
    sizes = [len(row) for row in rows]
    start = np.concatenate([[0], np.cumsum(sizes)])
    np.save(folder / "start.npy", start)
    np.save(folder / "ids.npy", np.concatenate([np.array(row, np.int32) for row in rows]))
    count = min(DIRECTIONS, teacher.words.embedding_dim)
    widths = {
        "tokens": (int(start[-1]), teacher.token_head.out_features),
        "forms": (len(rows), teacher.form_head.out_features),
        "hidden": (int(start[-1]), count),
    }
    for name, shape in widths.items():
        np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.float16, shape)
    np.save(folder / "levels.npy", np.full((len(rows), 3 * LEVELS), np.nan, np.float32))
    sample = random.Random(seed).sample(range(len(rows)), min(SAMPLED, len(rows)))
    states = []
    for batch in _alike(sample, rows, 4096):
        found = _say(teacher, [rows[i] for i in batch])
        states.append(found[0][found[-1]])
    points = torch.cat(states)
    mean = points.mean(0)
    _, vectors = torch.linalg.eigh((points - mean).T @ (points - mean))
    space = {"mean": mean, "directions": vectors.flip(1)[:, :count].contiguous()}
    torch.save(space, folder / "space.pt")  # last: it says that the rest is there


def _alike(texts: Sequence[int], rows: Sequence[Sequence[int]], tokens: int) -> list[list[int]]:
    """Texts of like length together."""
    found: list[list[int]] = []
    for text in sorted(texts, key=lambda i: len(rows[i])):
        if found and (len(found[-1]) + 1) * len(rows[text]) <= tokens:
            found[-1].append(text)
        else:
            found.append([text])
    return found


def _say(teacher: Reader, rows: Sequence[Sequence[int]]) -> tuple[Tensor, ...]:
    """Hidden states, levels (texts, 9), token labels, forms, and which pieces are real."""
    ids, attention, _ = pad(rows)
    states = []
    last = teacher.layers[-1].register_forward_hook(lambda *given: states.append(given[2]))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        levels, tokens, forms, _ = teacher(ids, attention)
    last.remove()
    return (
        states[0].float(),
        levels.float().flatten(1),
        tokens.float(),
        forms.float(),
        attention.bool(),
    )
