"""Examples to tensors, and what the outputs are asked to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from torch.nn.functional import softplus

from .examples import FORMS, TOKEN_LABELS, Example
from .padding import pad_ids
from .settings import Settings

# Shares of the tasks in the loss, the ratings being 1.
TOKEN_SHARE, SOMEWHERE_SHARE, FORM_SHARE, AUX_SHARE, PAIR_SHARE = 0.5, 0.1, 0.3, 0.3, 0.3


@dataclass(slots=True)
class Encoded:
    """Token ids of a text, and the places of its tokens in it (special ones empty).

    `reply` has the ids of the message that it answers, without special ones.
    """

    ids: list[int]
    offsets: list[tuple[int, int]]
    reply: list[int] = field(default_factory=list)


def encode(tokenizer: Any, texts: Sequence[str], length: int) -> list[Encoded]:
    """Texts to at most `length` tokens, the last one always the closing one."""
    encoded = []
    for one in tokenizer.encode_batch(list(texts)):
        ids, offsets = list(one.ids), list(one.offsets)
        if len(ids) > length:
            ids = [*ids[: length - 1], ids[-1]]
            offsets = [*offsets[: length - 1], (0, 0)]
        encoded.append(Encoded(ids, offsets))
    return encoded


def add_replies(
    tokenizer: Any, rows: Sequence[Encoded], replies: Sequence[str | None], settings: Settings
) -> None:
    """Put the ends of the messages answered beside the texts, in place."""
    where = [i for i, reply in enumerate(replies) if reply and settings.reply_length]
    found = tokenizer.encode_batch([replies[i] for i in where], add_special_tokens=False)
    for i, one in zip(where, found, strict=True):
        rows[i].reply = one.ids[-settings.reply_length :]


def pad(
    rows: Sequence[Sequence[int]], replies: Sequence[Sequence[int]] = ()
) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, attention mask and types, each (texts, tokens).

    Args:
        rows: word pieces of each text, special ones included.
        replies: of the message that each text answers, without special ones; it stands
            after the text, closed by the text's last piece. None where there is none.
    """
    whole = [list(row) for row in rows]
    for row, reply in zip(whole, replies, strict=bool(replies)):
        if reply:
            row += [*reply, row[-1]]
    ids, attention = pad_ids(whole)
    types = attention.clone()
    for i, row in enumerate(rows):
        types[i, : len(row)] = 0
    return ids, attention, types


def loss(
    outputs: tuple[Tensor, ...],
    examples: Sequence[Example],
    encoded: Sequence[Encoded],
    pairs: Sequence[tuple[int, int, Sequence[int]]],
    columns: dict[str, int],
) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch, and its parts.

    Args:
        outputs: of the network.
        examples: the texts of the batch.
        encoded: their tokens.
        pairs: (higher, lower, dimensions) as places in the batch.
        columns: the columns of other sets.
    """
    levels, tokens, forms, aux = outputs
    parts: dict[str, Tensor] = {}
    rows = [i for i, example in enumerate(examples) if example.levels is not None]
    if rows:
        wanted = torch.tensor([examples[i].levels for i in rows])
        weights = torch.tensor([examples[i].weight for i in rows])
        each = bce(levels[rows], wanted, reduction="none").mean((1, 2))
        parts["levels"] = (each * weights).sum() / weights.sum()
    parts.update(_token_losses(tokens, examples, encoded))
    rows = [i for i, example in enumerate(examples) if example.forms is not None]
    if rows:
        wanted = torch.zeros(len(rows), len(FORMS))
        for place, i in enumerate(rows):
            wanted[place, list(examples[i].forms or ())] = 1.0
        parts["forms"] = FORM_SHARE * bce(forms[rows], wanted) * len(rows) / len(examples) * 8
    known = [
        (i, columns[name], value)
        for i, example in enumerate(examples)
        for name, value in example.aux.items()
    ]
    if known:
        texts, places, values = zip(*known, strict=True)
        parts["aux"] = AUX_SHARE * bce(aux[list(texts), list(places)], torch.tensor(values))
    if pairs:
        gaps = [levels[a, k, 1] - levels[b, k, 1] for a, b, dims in pairs for k in dims]
        parts["pairs"] = PAIR_SHARE * softplus(1.0 - torch.stack(gaps)).mean()
    total = torch.stack(list(parts.values())).sum()
    return total, {name: float(part.detach()) for name, part in parts.items()}


def _token_losses(
    tokens: Tensor, examples: Sequence[Example], encoded: Sequence[Encoded]
) -> dict[str, Tensor]:
    wanted = torch.zeros(tokens.shape)
    known = torch.zeros(tokens.shape)
    somewhere = []
    for i, (example, one) in enumerate(zip(examples, encoded, strict=True)):
        last = len(one.ids) - 1
        for c, spans in example.spans.items():
            known[i, 1:last, c] = 1.0
            for t in range(1, last) if spans else ():
                start, end = one.offsets[t]
                if any(start < b and a < end for a, b in spans):
                    wanted[i, t, c] = 1.0
        for c in example.somewhere:
            best = tokens[i, 1:last, c]
            if len(best):
                somewhere.append(best.topk(min(3, len(best))).values.mean())
    parts = {}
    if known.any():
        each = bce(tokens, wanted, reduction="none")
        # Dimensions count the same, however many tokens are known of each.
        sums = (each * known).sum((0, 1)) / known.sum((0, 1)).clamp(min=1.0)
        parts["tokens"] = TOKEN_SHARE * sums.sum() / len(TOKEN_LABELS) * 4
    if somewhere:
        top = torch.stack(somewhere)
        parts["somewhere"] = SOMEWHERE_SHARE * bce(top, torch.ones_like(top))
    return parts
