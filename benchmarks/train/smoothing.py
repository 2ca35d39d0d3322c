"""Outlying channels evened out before matrices are made int8 (SmoothQuant, Xiao et al. 2023).

A few channels of a BERT encoder are ten times as large as the others. With one int8 range
for all of them the others lose their digits. Dividing each input channel by a factor, and
multiplying the matching row of the matrix with it, gives the same product of two kinder
factors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from .encoder import Layer, Reader
from .targets import pad

# The products whose inputs have outliers; how much of a range moves into the matrix.
PARTS = ("attention", "up", "down")
STRENGTH = 0.8


class Smoothed(nn.Module):
    """A linear layer whose input channels are multiplied first, and its weights to match."""

    def __init__(self, linear: nn.Linear, largest: Tensor, strength: float) -> None:
        super().__init__()
        rows = linear.weight.detach().abs().amax(0).clamp(min=1e-5)
        factor = (largest.clamp(min=1e-5) ** strength / rows ** (1 - strength)).clamp(min=1e-4)
        self.register_buffer("shrink", 1 / factor)
        self.linear = nn.Linear(linear.in_features, linear.out_features)
        with torch.no_grad():
            self.linear.weight.copy_(linear.weight * factor)
            self.linear.bias.copy_(linear.bias)

    def forward(self, x: Tensor) -> Tensor:
        """What the linear layer gives."""
        out: Tensor = self.linear(x * self.get_buffer("shrink"))
        return out


def largest_inputs(model: Reader, rows: Iterable[Sequence[int]]) -> dict[str, Tensor]:
    """The largest magnitude of each input channel of each product, over some texts.

    Args:
        model: its inputs are watched, nothing is changed.
        rows: token ids of the texts.
    """
    found: dict[str, Tensor] = {}
    hooks = []

    def watch(name: str) -> object:
        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            high = inputs[0].detach().abs().amax((0, 1))
            found[name] = torch.maximum(found[name], high) if name in found else high

        return hook

    for number, layer in enumerate(model.layers):
        for part in PARTS:
            linear = getattr(layer, part)
            hooks.append(linear.register_forward_pre_hook(watch(f"{number}.{part}")))
    with torch.no_grad():
        for row in rows:
            model(*pad([row]))
    for hook in hooks:
        hook.remove()
    return found


def smooth(model: Reader, largest: dict[str, Tensor], strength: float = STRENGTH) -> None:
    """Replace the products with outlying inputs, in place; the outputs stay the same."""
    for number, layer in enumerate(model.layers):
        assert isinstance(layer, Layer)
        for part in PARTS:
            made = Smoothed(getattr(layer, part), largest[f"{number}.{part}"], strength)
            setattr(layer, part, made)
