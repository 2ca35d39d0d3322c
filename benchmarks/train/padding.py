"""Rows of word pieces to tensors."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def pad_ids(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Ids, 0 where a row is filled up, and attention mask; each (texts, tokens)."""
    width = max(map(len, rows))
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    attention = torch.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        attention[i, : len(row)] = 1
    return ids, attention
