"""The network: a BERT encoder (Devlin et al. 2019) with heads for all tasks.

Written out, so that the exported graph holds what is needed and nothing else: queries,
keys and values in one product, no dropout, no token types.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

LEVELS = 3
HEAD_WIDTH = 32


class Layer(nn.Module):
    """One transformer layer, normalised after each half.

    `activation` is the name of a function in `torch.nn.functional`.
    """

    def __init__(self, width: int, heads: int, inner: int, activation: str = "gelu") -> None:
        super().__init__()
        self.heads, self.width = heads, width
        self.activation = activation
        self.attention = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, 1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.last_norm = nn.LayerNorm(width, 1e-12)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        """`x` (texts, tokens, width); `hidden` (texts, 1, 1, tokens) is added to weights."""
        texts, tokens, _ = x.shape
        size = self.width // self.heads
        parts = self.attention(x).view(texts, tokens, 3, self.heads, size)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        weights = torch.matmul(q, k.transpose(-1, -2)) * size**-0.5 + hidden
        mixed = torch.matmul(weights.softmax(-1).to(v.dtype), v)
        x = self.norm(x + self.out(mixed.transpose(1, 2).reshape(texts, tokens, self.width)))
        inner = getattr(nn.functional, self.activation)(self.up(x))
        out: Tensor = self.last_norm(x + self.down(inner))
        return out


class Reader(nn.Module):
    """Encoder and heads.

    Args:
        vocabulary: word pieces.
        length: longest text in tokens.
        tokens: token labels.
        forms: codebook forms.
        aux: columns of other sets.
        activation: "gelu" as BERT has it, or "relu", which takes less time.
    """

    def __init__(
        self,
        vocabulary: int,
        length: int,
        tokens: int,
        forms: int,
        aux: int,
        *,
        width: int = 384,
        heads: int = 12,
        inner: int = 1536,
        layers: int = 6,
        activation: str = "gelu",
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(length, width)
        self.reply = nn.Parameter(torch.zeros(width))
        self.norm = nn.LayerNorm(width, 1e-12)
        self.layers = nn.ModuleList(
            Layer(width, heads, inner, activation) for _ in range(layers)
        )
        self.focus = nn.Linear(width, 3)
        self.mean_head = nn.Linear(width, 3 * LEVELS)
        self.focus_head = nn.Parameter(torch.zeros(3, width, LEVELS))
        self.token_head = nn.Linear(width, tokens)
        self.form_head = nn.Linear(width, forms)
        self.aux_head = nn.Linear(width, aux)
        nn.init.zeros_(self.focus.weight)
        nn.init.zeros_(self.focus.bias)

    def encode(self, ids: Tensor, attention: Tensor, types: Tensor | None = None) -> Tensor:
        """Hidden states (texts, tokens, width)."""
        x = self.words(ids) + self.places.weight[: ids.shape[1]]
        if types is not None:
            x = x + types.unsqueeze(-1).to(x.dtype) * self.reply
        x = self.norm(x)
        hidden = self.hidden(attention)
        for layer in self.layers:
            x = layer(x, hidden)
        return x

    def hidden(self, attention: Tensor) -> Tensor:
        """What the layers are told of the tokens: what to add to weights of attention."""
        return (1.0 - attention[:, None, None, :].to(self.reply.dtype)) * -10000.0

    def forward(
        self, ids: Tensor, attention: Tensor, types: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        """Raw log-odds.

        Args:
            ids: word pieces (texts, tokens).
            attention: 1 where there is one, 0 where the row is filled up.
            types: 1 for the message that a text answers, which stands after it; it is
                heard, and not judged.

        Returns:
            Levels (texts, 3, 3), token labels (texts, tokens, labels), forms (texts,
            forms) and columns of other sets (texts, columns).
        """
        x = self.encode(ids, attention, types).float()
        own = attention if types is None else attention * (1 - types)
        real = own.to(x.dtype).unsqueeze(-1)
        pooled = (x * real).sum(1) / real.sum(1)
        weights = (self.focus(x) - (1.0 - real) * 10000.0).softmax(1)
        focused = torch.matmul(weights.transpose(1, 2), x)  # (texts, 3, width)
        levels = self.mean_head(pooled).view(-1, 3, LEVELS)
        levels = levels + (focused.unsqueeze(-1) * self.focus_head).sum(2)
        return levels, self.token_head(x), self.form_head(pooled), self.aux_head(pooled)


def load_bert(model: Reader, state: dict[str, Tensor], rows: list[int]) -> None:
    """Fill the encoder with the weights of a BERT checkpoint.

    Args:
        model: filled in place; takes as many layers as it has, evenly spread.
        state: the checkpoint, names as in BERT, or as `benchmarks.fit.teacher` saves
            them; the teacher's head for the ratings is taken over too.
        rows: rows of the checkpoint's word embeddings, one for each word piece kept.
    """
    head = {name: value for name, value in state.items() if name.startswith("head.")}
    if head:
        state = {name.removeprefix("encoder."): value for name, value in state.items()}
    old = 1 + max(int(n.split(".")[2]) for n in state if n.startswith("encoder.layer."))
    with torch.no_grad():
        if head:
            _copy(model.mean_head, head, "head")
        model.words.weight.copy_(state["embeddings.word_embeddings.weight"][rows])
        places = state["embeddings.position_embeddings.weight"]
        # Token type 0 is added to every place: it is part of the place from here on.
        first, second = state["embeddings.token_type_embeddings.weight"][:2]
        model.reply.copy_(second - first)
        model.places.weight.copy_(places[: model.places.num_embeddings] + first)
        _copy(model.norm, state, "embeddings.LayerNorm")
        places_of = spread(len(model.layers), old)
        for number, layer in enumerate(model.layers):
            source = f"encoder.layer.{places_of[number]}."
            assert isinstance(layer, Layer)
            for part in ("weight", "bias"):
                three = [
                    state[f"{source}attention.self.{name}.{part}"]
                    for name in ("query", "key", "value")
                ]
                getattr(layer.attention, part).copy_(torch.cat(three))
            _copy(layer.out, state, source + "attention.output.dense")
            _copy(layer.norm, state, source + "attention.output.LayerNorm")
            _copy(layer.up, state, source + "intermediate.dense")
            _copy(layer.down, state, source + "output.dense")
            _copy(layer.last_norm, state, source + "output.LayerNorm")


def spread(count: int, old: int) -> list[int]:
    """Which layers of `old` a network of `count` takes, evenly spread, first and last too.

    >>> spread(3, 6)
    [0, 2, 5]
    """
    return [round(number * (old - 1) / max(count - 1, 1)) for number in range(count)]


def _copy(module: nn.Module, state: dict[str, Tensor], name: str) -> None:
    module.get_parameter("weight").copy_(state[f"{name}.weight"])
    module.get_parameter("bias").copy_(state[f"{name}.bias"])
