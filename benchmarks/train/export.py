"""From trained weights to the shipped graph: int8 weights, one file, no outside data.

Matrices of the encoder are int8 with a scale for each column, their inputs are made int8
while running with one range for each call (Jacob et al. 2018). That range depends on all
texts of a call, so texts go through one at a time. Word vectors are int8 with a scale
each. The heads stay fp32.
"""

from __future__ import annotations

import copy
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from .encoder import Reader

OPSET = 17
OUTPUTS = ("logits", "token_logits", "form_logits")


class SmallEmbedding(nn.Module):
    """An embedding table in int8, with a scale for each row."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("scale", scale)
        self.register_buffer("table", (weight / scale).round().to(torch.int8))

    def forward(self, ids: Tensor) -> Tensor:
        """Rows of the table, fp32."""
        table, scale = self.get_buffer("table"), self.get_buffer("scale")
        return table[ids].float() * scale[ids]


class Exported(nn.Module):
    """The network as it is shipped: what is read of its outputs, and no more."""

    def __init__(self, model: Reader) -> None:
        super().__init__()
        self.model = copy.deepcopy(model).eval()
        self.model.words = SmallEmbedding(model.words.weight.detach())

    def forward(self, ids: Tensor, attention: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Log-odds of "rated 2 or more", of token labels and of forms."""
        levels, tokens, forms, _ = self.model(ids, attention)
        return levels[:, :, 1], tokens, forms


def export(model: Reader, path: Path) -> None:
    """Write the graph with fp32 matrices; batch and length are free."""
    ids = torch.ones(2, 9, dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Exported(model).eval(),
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=list(OUTPUTS),
            dynamic_axes={
                "input_ids": {0: "batch", 1: "length"},
                "attention_mask": {0: "batch", 1: "length"},
                "logits": {0: "batch"},
                "token_logits": {0: "batch", 1: "length"},
                "form_logits": {0: "batch"},
            },
            opset_version=OPSET,
            dynamo=False,
        )


def export_small(model: Reader, path: Path) -> None:
    """Write the graph as it is shipped, with the encoder's matrices in int8."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        export(model, plain)
        quantize_dynamic(
            plain,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=_head_products(onnx.load(plain)),
        )
    onnx.checker.check_model(str(path), full_check=True)


def _head_products(graph: onnx.ModelProto) -> list[str]:
    """Names of the products with matrices narrower than the encoder's."""
    narrow = {t.name for t in graph.graph.initializer if len(t.dims) == 2 and min(t.dims) < 256}
    return [node.name for node in graph.graph.node if narrow.intersection(node.input)]


def run(session: object, rows: Sequence[Sequence[int]]) -> list[list[np.ndarray]]:
    """Outputs for token ids, a text at a time.

    Args:
        session: an `onnxruntime.InferenceSession`.
        rows: ids of each text.
    """
    found = []
    for row in rows:
        ids = np.array([row], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        found.append([out[0] for out in session.run(list(OUTPUTS), feed)])  # type: ignore[attr-defined]
    return found
