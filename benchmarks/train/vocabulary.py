"""A tokenizer with the word pieces that the texts use most."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def prune(tokenizer: dict[str, Any], counts: Counter[str], size: int) -> list[str]:
    """The word pieces to keep, in the order of the old vocabulary.

    Kept are the special ones, every printable ASCII character as a word and as the rest
    of one (so that no English text becomes unknown), and the pieces counted most often;
    between equals the earlier in the old vocabulary, which is sorted by frequency.

    Args:
        tokenizer: the content of a WordPiece `tokenizer.json`.
        counts: how often the texts use each piece.
        size: how many pieces to keep.
    """
    old: dict[str, int] = tokenizer["model"]["vocab"]
    characters = [chr(code) for code in range(33, 127)]
    sure = [*SPECIAL, *characters, *(f"##{c}" for c in characters)]
    kept = {piece for piece in sure if piece in old}
    rest = sorted((p for p in old if p not in kept), key=lambda p: (-counts[p], old[p]))
    kept.update(rest[: max(size - len(kept), 0)])
    return sorted(kept, key=old.__getitem__)


def count_pieces(tokenizer: Any, texts: Iterable[str]) -> Counter[str]:
    """How often a `tokenizers.Tokenizer` gives each piece."""
    counts: Counter[str] = Counter()
    for encoding in tokenizer.encode_batch(list(texts)):
        counts.update(encoding.tokens)
    return counts


def write(base: Path, kept: list[str], out: Path) -> list[int]:
    """Write the pruned tokenizer; return the old ids of its pieces.

    Truncation and padding are taken out: windows are the caller's business.
    """
    data = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    old = data["model"]["vocab"]
    new = {piece: number for number, piece in enumerate(kept)}
    data["model"]["vocab"] = new
    data["truncation"] = data["padding"] = None
    for token in data["added_tokens"]:
        token["id"] = new[token["content"]]
    for special in data["post_processor"].get("special_tokens", {}).values():
        special["ids"] = [new[token] for token in special["tokens"]]
    for name in ("sep", "cls"):
        if name in data["post_processor"]:
            piece = data["post_processor"][name][0]
            data["post_processor"][name] = [piece, new[piece]]
    out.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), "utf-8")
    return [old[piece] for piece in kept]
