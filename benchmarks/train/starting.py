"""What a run starts from: the base encoder, a teacher, or an earlier run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from .encoder import HEAD_WIDTH, Reader, load_bert, spread
from .examples import FORMS, TOKEN_LABELS, Corpus
from .settings import Settings
from .vocabulary import count_pieces, prune, write

RECORD = "record.json"


def build(
    base: Path, start: Path | None, corpus: Corpus, settings: Settings, folder: Path
) -> Reader:
    """The network with the weights that it starts from; its pruned tokenizer on disk.

    With fewer layers than the start has, it takes as many, evenly spread. A narrower network
    starts from nothing, but for its word vectors: the directions in which those of the
    start differ most.

    Args:
        base: folder of the base encoder.
        start: weights to start from instead of the base's: those of
            `benchmarks.fit.teacher`, or the folder of an earlier run, whose word pieces are
            taken over.
        corpus: what to learn from.
        settings: of the run.
        folder: where the tokenizer goes.
    """
    if start and start.is_dir():
        (folder / "tokenizer.json").write_bytes((start / "tokenizer.json").read_bytes())
        pieces = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab_size()
        rows = list(range(pieces))
        state = torch.load(start / "final.pt", weights_only=True)
    else:
        rows = _pruned(base, corpus, settings, folder / "tokenizer.json")
        pieces = len(rows)
        if start:
            state = torch.load(start, weights_only=True)
        else:
            state = load_file(base / "model.safetensors")
    torch.manual_seed(settings.seed)
    width = settings.width
    model = Reader(
        pieces,
        settings.length,
        len(TOKEN_LABELS),
        len(FORMS),
        len(columns_of(corpus)),
        width=width,
        heads=width // HEAD_WIDTH,
        inner=4 * width,
        layers=settings.layers,
    )
    words = next(
        state[n] for n in state if n.endswith(("words.weight", "word_embeddings.weight"))
    )
    if words.shape[1] != width:
        with torch.no_grad():
            model.words.weight.copy_(narrowed(words[rows], width))
    elif "words.weight" in state:
        model.load_state_dict(fewer_layers(state, settings.layers))
    else:
        load_bert(model, state, rows)
    return model


def _pruned(base: Path, corpus: Corpus, settings: Settings, out: Path) -> list[int]:
    """Write the tokenizer with the pieces that the corpus uses most; their old ids."""
    full = Tokenizer.from_file(str(base / "tokenizer.json"))
    full.no_truncation()
    full.no_padding()
    data = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    counts = count_pieces(full, [example.text for example in corpus.examples])
    return write(base, prune(data, counts, settings.pieces), out)


def columns_of(corpus: Corpus) -> dict[str, int]:
    """The columns of other sets, in alphabetical order."""
    names = sorted({name for example in corpus.examples for name in example.aux})
    return {name: number for number, name in enumerate(names)}


def narrowed(words: Tensor, width: int) -> Tensor:
    """Word vectors along their first principal directions (pieces, width)."""
    centred = words - words.mean(0)
    _, _, directions = torch.linalg.svd(centred, full_matrices=False)
    return centred @ directions[:width].T


def fewer_layers(state: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Weights of a `Reader` with some of its layers, evenly spread.

    Args:
        state: of all layers.
        layers: how many to keep, at most as many as there are.
    """
    kept = {name: value for name, value in state.items() if not name.startswith("layers.")}
    old = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    for new, source in enumerate(spread(layers, old)):
        prefix = f"layers.{source}."
        kept |= {
            f"layers.{new}.{name.removeprefix(prefix)}": value
            for name, value in state.items()
            if name.startswith(prefix)
        }
    return kept


def records(folder: Path | None) -> list[dict[str, Any]]:
    """The runs behind the weights in a folder, the first one first.

    Each has its `settings`, `steps`, `minutes`, whether it did `all` of its steps, and
    its `start`: "base", "teacher" or "the run before"; those whose weights were averaged
    have the number of their `branch`.

    Args:
        folder: of a run; None, or the file of a teacher, has none.
    """
    if folder is None or not (folder / RECORD).is_file():
        return []
    found: list[dict[str, Any]] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    return found


def write_record(folder: Path, start: Path | None, own: dict[str, Any]) -> None:
    """Put the runs behind the weights into the folder of a run."""
    before = records(start)
    name = "base" if start is None else "the run before" if before else "teacher"
    text = json.dumps([*before, {"start": name, **own}], indent=1)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")


def average(folders: Sequence[Path], out: Path) -> dict[str, Tensor]:
    """The mean of the weights of runs that share a start (Wortsman et al. 2022, "soups").

    Args:
        folders: of the runs; their word pieces are the same.
        out: gets the weights, the word pieces and the runs behind them, those of a branch
            with its number.

    Returns:
        The weights.
    """
    out.mkdir(parents=True, exist_ok=True)
    states = [torch.load(folder / "final.pt", weights_only=True) for folder in folders]
    mean = {name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]}
    torch.save(mean, out / "final.pt")
    (out / "tokenizer.json").write_bytes((folders[0] / "tokenizer.json").read_bytes())
    chains = [records(folder) for folder in folders]
    shared = 0
    while all(chain[shared : shared + 1] == chains[0][shared : shared + 1] for chain in chains):
        shared += 1
        if shared >= len(chains[0]):
            break
    branches = [
        {"branch": number, **run}
        for number, chain in enumerate(chains, 1)
        for run in chain[shared:]
    ]
    text = json.dumps([*chains[0][:shared], *branches], indent=1)
    (out / RECORD).write_text(text + "\n", encoding="utf-8")
    return mean
