"""A small encoder, fine-tuned on the rated texts, that rates unlabelled ones.

`python -m benchmarks.fit.teacher --base DIR --out FILE` writes the soft labels that
`benchmarks.fit` learns the lexicon from beside the human-readable ratings. It never
sees the dev split. The encoder is all-MiniLM-L6-v2 (Apache-2.0) in a local folder.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer

from benchmarks.train.padding import pad_ids

from .corpus import load_messages, load_real, mask, split, unlabelled

LEVELS = (1, 2, 3)  # one output for "rated at least this", each dimension


class Rater(nn.Module):
    """Mean-pooled encoder with nine outputs: three dimensions by three levels."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base)
        self.head = nn.Linear(self.encoder.config.hidden_size, 9)

    def forward(self, ids: torch.Tensor, attention: torch.Tensor) -> torch.Tensor:
        """Logits of shape (texts, 3, 3) for token ids and mask of shape (texts, tokens)."""
        hidden = self.encoder(input_ids=ids, attention_mask=attention).last_hidden_state
        weights = attention.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * weights).sum(1) / weights.sum(1)
        return self.head(pooled).view(-1, 3, 3)


def _batches(lengths: list[int], size: int, rng: random.Random | None) -> list[list[int]]:
    order = list(range(len(lengths)))
    if rng:
        rng.shuffle(order)
    chunks = []
    for start in range(0, len(order), size * 40):
        block = sorted(order[start : start + size * 40], key=lengths.__getitem__)
        chunks += [block[i : i + size] for i in range(0, len(block), size)]
    if rng:
        rng.shuffle(chunks)
    return chunks


def main() -> None:
    """Train, save, and rate the unlabelled texts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit-each", type=int, default=12_000)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    tokenizer = AutoTokenizer.from_pretrained(options.base)

    def encode(texts: list[str]) -> list[list[int]]:
        return tokenizer(texts, truncation=True, max_length=160)["input_ids"]

    train, dev = [], []
    for items in (load_messages(), load_real()):
        for part, chosen in zip((train, dev), split(items), strict=True):
            part += chosen
    model = Rater(options.base)
    optimizer = torch.optim.AdamW(
        [
            {"params": model.encoder.parameters(), "lr": 6e-5},
            {"params": model.head.parameters(), "lr": 1e-3},
        ],
        weight_decay=0.01,
    )
    ids = encode([mask(item.text) for item in train])
    ratings = torch.tensor([item.ratings for item in train])
    targets = torch.stack([ratings >= level for level in LEVELS], -1).float()
    weights = torch.tensor([2.0 if item.kind == "messages" else 1.0 for item in train])
    steps = options.epochs * len(_batches([1] * len(train), 32, None))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [6e-5, 1e-3], total_steps=steps + options.epochs + 5, pct_start=0.1
    )

    def rate(texts: list[str]) -> torch.Tensor:
        model.eval()
        rows = encode(texts)
        out = torch.zeros(len(rows), 3, 3)
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            for chunk in _batches([len(row) for row in rows], 64, None):
                out[chunk] = model(*pad_ids([rows[i] for i in chunk])).float()
        return out

    def report() -> None:
        from sklearn.metrics import roc_auc_score

        logits = rate([mask(item.text) for item in dev])
        for kind in ("messages", "real"):
            rows = [i for i, item in enumerate(dev) if item.kind == kind]
            aucs = [
                roc_auc_score([dev[i].ratings[d] >= 2 for i in rows], logits[rows, d, 1])
                for d in range(3)
            ]
            print(kind, [round(auc, 3) for auc in aucs], flush=True)

    start = time.time()
    for epoch in range(options.epochs):
        model.train()
        for chunk in _batches([len(row) for row in ids], 32, rng):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(*pad_ids([ids[i] for i in chunk]))
            loss = nn.functional.binary_cross_entropy_with_logits(
                logits.float(), targets[chunk], reduction="none"
            )
            loss = (loss.mean((1, 2)) * weights[chunk]).mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1}: {time.time() - start:.0f} s", flush=True)
        report()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), options.out.with_suffix(".pt"))
    held_out = {" ".join(mask(item.text).lower().split()) for item in dev}
    with options.out.open("w", encoding="utf-8") as file:
        for name, texts in unlabelled(options.limit_each).items():
            texts = [t for t in texts if " ".join(t.lower().split()) not in held_out]
            for text, row in zip(texts, rate(texts).sigmoid().tolist(), strict=True):
                soft = [[round(value, 4) for value in part] for part in row]
                file.write(json.dumps({"source": name, "text": text, "soft": soft}) + "\n")
            print(name, len(texts), f"{time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
