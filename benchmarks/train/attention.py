"""Attention as one node of the exported graph (onnxruntime's `MultiHeadAttention`)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from .encoder import Layer, Reader
from .smoothing import Smoothed


class _Attention(torch.autograd.Function):
    """Stands for the node while a graph is traced; computes nothing."""

    @staticmethod
    def forward(_: Any, q: Tensor, k: Tensor, v: Tensor, shown: Tensor, heads: int) -> Tensor:
        return torch.zeros_like(q)

    @staticmethod
    def symbolic(g: Any, q: Any, k: Any, v: Any, shown: Any, heads: int) -> Any:
        bias = g.op("prim::Constant")
        bias.setType(torch._C.OptionalType.ofTensor())
        name = "com.microsoft::MultiHeadAttention"
        found = g.op(name, q, k, v, bias, shown, num_heads_i=heads)
        found.setType(q.type())
        return found


class TracedLayer(nn.Module):
    """A layer for tracing: queries, keys and values apart, attention as one node."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer
        joint: nn.Module = layer.attention
        self.shrink: Tensor | None = None
        if isinstance(joint, Smoothed):
            self.shrink, joint = joint.get_buffer("shrink"), joint.linear
        assert isinstance(joint, nn.Linear)
        self.parts = nn.ModuleList()
        for weight, bias in zip(joint.weight.chunk(3), joint.bias.chunk(3), strict=True):
            part = nn.Linear(layer.width, layer.width)
            part.weight, part.bias = nn.Parameter(weight), nn.Parameter(bias)
            self.parts.append(part)

    def forward(self, x: Tensor, shown: Tensor) -> Tensor:
        """`x` (texts, tokens, width); `shown` (texts, tokens), 1 where there is a token."""
        layer = self.layer
        given = x if self.shrink is None else x * self.shrink
        q, k, v = (part(given) for part in self.parts)
        mixed = _Attention.apply(q, k, v, shown, layer.heads)
        x = layer.norm(x + layer.out(mixed))
        inner = getattr(nn.functional, layer.activation)(layer.up(x))
        out: Tensor = layer.last_norm(x + layer.down(inner))
        return out


class TracedReader(Reader):
    """A network for tracing; made of a `Reader`, whose weights it shares."""

    def __init__(self, model: Reader) -> None:
        nn.Module.__init__(self)
        self.__dict__ |= model.__dict__
        self._modules = dict(model._modules)
        self.layers = nn.ModuleList(TracedLayer(layer) for layer in model.layers)

    def hidden(self, attention: Tensor) -> Tensor:
        """What the layers are told of the tokens: 1 where there is one."""
        return attention.to(torch.int32)
