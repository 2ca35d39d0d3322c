"""From trained weights to the shipped graph: int8 weights, one file, no outside data.

Matrices of the encoder are int8 with a scale for each column, their inputs are made int8
with fixed ranges (`ranges`). Word vectors are int8 with a scale each. The heads stay fp32.
What onnxruntime would fuse at every start is fused here, once.
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
from onnx import numpy_helper
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from calmtone.onnx.session import INPUTS, UNFUSED

from .attention import TracedReader
from .encoder import Reader
from .ranges import fix_ranges
from .smoothing import largest_inputs, smooth

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
        self.model = TracedReader(copy.deepcopy(model).eval())
        self.model.words = SmallEmbedding(model.words.weight.detach())

    def forward(
        self, ids: Tensor, attention: Tensor, types: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Log-odds of "rated 2 or more", of token labels and of forms."""
        levels, tokens, forms, _ = self.model(ids, attention, types)
        return levels[:, :, 1], tokens, forms


def export(model: Reader, path: Path) -> None:
    """Write the graph with fp32 matrices; batch and length are free."""
    ids = torch.ones(2, 9, dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Exported(model).eval(),
            (ids, torch.ones_like(ids), torch.zeros_like(ids)),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={
                **{name: {0: "batch", 1: "length"} for name in INPUTS},
                "logits": {0: "batch"},
                "token_logits": {0: "batch", 1: "length"},
                "form_logits": {0: "batch"},
            },
            opset_version=OPSET,
            dynamo=False,
        )


def export_small(model: Reader, path: Path, rows: Sequence[Sequence[int]]) -> None:
    """Write the graph as it is shipped, with the encoder's matrices in int8.

    Args:
        model: stays as it is.
        path: of the file.
        rows: token ids of some texts, to know the channels that are large, and the ranges.
    """
    largest = largest_inputs(model, rows)
    model = copy.deepcopy(model)
    smooth(model, largest)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        export(model, plain)
        graph = onnx.load(plain)
        plain_reshapes(graph)
        onnx.save(graph, plain)
        quantize_dynamic(
            plain,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=_head_products(graph),
        )
    onnx.checker.check_model(str(path), full_check=True)
    fuse(path)
    graph = onnx.load(path)
    fix_ranges(graph, [feed(np.array([row], dtype=np.int64)) for row in rows])
    onnx.save(graph, path)


def fuse(path: Path) -> None:
    """Put what onnxruntime makes of a graph in its place, which halves the time to load it.

    The fusions ("extended", without `UNFUSED`) are those of any processor; the library has
    onnxruntime make the same ones from a plain graph.
    """
    with tempfile.TemporaryDirectory() as folder:
        fused = Path(folder) / "fused.onnx"
        options = SessionOptions()
        options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(fused)
        InferenceSession(
            str(path),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=list(UNFUSED),
        )
        graph = onnx.load(fused)
    # All operator sets that this onnxruntime knows are named; an older one knows fewer.
    used = {node.domain for node in graph.graph.node}
    sets = [one for one in graph.opset_import if one.domain in used]
    del graph.opset_import[:]
    graph.opset_import.extend(sets)
    onnx.save(graph, path)


def plain_reshapes(graph: onnx.ModelProto) -> int:
    """Give reshapes fixed target shapes, where 0 stands for "as it was"; say how many.

    Tracing writes "texts" and "tokens" as chains of small nodes that read the shape again and
    again. Here every dimension that such a reshape takes from the text stays in its place.
    """
    made = {output: node for node in graph.graph.node for output in node.output}
    fixed = {t.name: numpy_helper.to_array(t) for t in graph.graph.initializer}
    fixed |= {
        node.output[0]: numpy_helper.to_array(node.attribute[0].t)
        for node in graph.graph.node
        if node.op_type == "Constant"
    }
    shapes = []
    for node in graph.graph.node:
        source = made.get(node.input[1]) if node.op_type == "Reshape" else None
        if source is not None and source.op_type == "Concat":
            sizes = [int(fixed[name].item()) if name in fixed else 0 for name in source.input]
            name = f"{node.name}_shape"
            shapes.append(numpy_helper.from_array(np.array(sizes, dtype=np.int64), name))
            node.input[1] = name
    graph.graph.initializer.extend(shapes)
    _drop_unused(graph.graph)
    return len(shapes)


def _drop_unused(graph: onnx.GraphProto) -> None:
    while True:
        used = {name for node in graph.node for name in node.input}
        used |= {output.name for output in graph.output}
        idle = [node for node in graph.node if not used.intersection(node.output)]
        if not idle:
            return
        for node in idle:
            graph.node.remove(node)


def _head_products(graph: onnx.ModelProto) -> list[str]:
    """Names of the products with matrices narrower than the encoder's."""
    narrow = {t.name for t in graph.graph.initializer if len(t.dims) == 2 and min(t.dims) < 256}
    names = [node.name for node in graph.graph.node if narrow.intersection(node.input)]
    # A Gemm is split before it is made int8, and its product is called so.
    return [*names, *(f"{name}_MatMul" for name in names)]


def run(session: object, rows: Sequence[Sequence[int]]) -> list[list[np.ndarray]]:
    """Outputs for token ids, a text at a time.

    Args:
        session: an `onnxruntime.InferenceSession`.
        rows: ids of each text.
    """
    found = []
    for row in rows:
        given = feed(np.array([row], dtype=np.int64))
        found.append([out[0] for out in session.run(list(OUTPUTS), given)])  # type: ignore[attr-defined]
    return found


def feed(ids: np.ndarray) -> dict[str, np.ndarray]:
    """The inputs of a graph for word pieces (texts, tokens), none of them filled up."""
    return dict(zip(INPUTS, (ids, np.ones_like(ids), np.zeros_like(ids)), strict=True))
