"""The graph of a small network, written node by node.

In a small network the nodes cost as much as the products, so there are as few as can be: a
graph that was traced has twice as many. Matrices are int8 with a scale for each column, their
inputs are made int8 with fixed ranges (`ranges`). Word vectors are int8 with a scale each; the
heads are one fp32 product. The input for what belongs to a message that is answered is there,
as in `export`, and not read: a small network judges every text by itself.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from benchmarks.fit.model import Array
from calmtone.onnx.session import INPUTS

from .encoder import LEVELS, Layer, Reader
from .export import OPSET, OUTPUTS, feed
from .ranges import fix_ranges

MICROSOFT = "com.microsoft"
IR_VERSION = 8
ACTIVATIONS = {"relu": ("Relu", ""), "gelu": ("Gelu", MICROSOFT)}
ASKED = 1  # the level that is asked for: "rated 2 or more"


class _Graph:
    """Nodes and constants, as they are written."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: Any) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(
        self, kind: str, *inputs: str, names: Sequence[str] = (), domain: str = "", **how: Any
    ) -> str:
        """A node with one output, or with the outputs named; gives the first one's name."""
        place = len(self.nodes)
        outputs = list(names) or [f"{kind}_{place}"]
        self.nodes.append(
            helper.make_node(kind, inputs, outputs, f"node_{place}", domain=domain, **how)
        )
        return outputs[0]

    def normalise(self, x: str, norm: nn.LayerNorm) -> str:
        return self.add(
            "LayerNormalization",
            x,
            self.constant(_numbers(norm.weight)),
            self.constant(_numbers(norm.bias)),
            axis=-1,
            epsilon=float(norm.eps),
        )

    def product(self, x: str, linear: nn.Linear) -> str:
        """A product with a matrix of int8, and its bias added."""
        table, scale = _small(_numbers(linear.weight).T, axis=0)
        return self.add(
            "DynamicQuantizeMatMul",
            x,
            self.constant(table),
            self.constant(scale.reshape(-1)),
            self.constant(np.zeros(table.shape[1], np.int8)),
            self.constant(_numbers(linear.bias)),
            domain=MICROSOFT,
        )


def export_compact(model: Reader, path: Path, rows: Sequence[Sequence[int]] = ()) -> None:
    """Write the graph of a network.

    Args:
        model: stays as it is; `relu` is quicker than `gelu`.
        path: of the file.
        rows: token ids of some texts, for the ranges; without them every call finds ranges
            of its own, and texts of a batch mix.
    """
    graph = _Graph()
    network = copy.deepcopy(model).eval()
    ids, mask = INPUTS[:2]
    x = _words(graph, network, ids)
    real = graph.add("Cast", mask, to=TensorProto.FLOAT)
    less = graph.add("Sub", real, graph.constant(np.float32(1)))
    hidden = graph.add("Mul", less, graph.constant(np.float32(10_000)))
    for_heads = graph.add("Unsqueeze", hidden, graph.constant(np.array([1, 2])))
    for layer in network.layers:
        assert isinstance(layer, Layer)
        x = _layer(graph, layer, x, for_heads)
    _heads(graph, network, x, real, hidden)
    labels, forms = network.token_head.out_features, network.form_head.out_features
    shapes = (["batch", 3], ["batch", "length", labels], ["batch", forms])
    body = helper.make_graph(
        graph.nodes,
        "reader",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in INPUTS
        ],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in zip(OUTPUTS, shapes, strict=True)
        ],
        graph.constants,
    )
    sets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    made = helper.make_model(body, opset_imports=sets, ir_version=IR_VERSION)
    if rows:
        fix_ranges(made, [feed(np.array([row], dtype=np.int64)) for row in rows])
    onnx.checker.check_model(made)
    onnx.save(made, path)


def _words(graph: _Graph, network: Reader, ids: str) -> str:
    table, scale = _small(_numbers(network.words.weight), axis=1)
    found = graph.add("Gather", graph.constant(table), ids)
    x = graph.add(
        "Mul",
        graph.add("Cast", found, to=TensorProto.FLOAT),
        graph.add("Gather", graph.constant(scale), ids),
    )
    none = graph.constant(np.array([0]))
    length = graph.add("Shape", ids, start=1, end=2)
    places = graph.constant(_numbers(network.places.weight))
    x = graph.add("Add", x, graph.add("Slice", places, none, length, none))
    return graph.normalise(x, network.norm)


def _layer(graph: _Graph, layer: Layer, x: str, hidden: str) -> str:
    heads, size = layer.heads, layer.width // layer.heads
    three = graph.add(
        "Reshape",
        graph.product(x, layer.attention),
        graph.constant(np.array([0, 0, 3 * heads, size])),
    )
    parts = [f"{three}_{name}" for name in ("query", "key", "value")]
    graph.add(
        "Split",
        graph.add("Transpose", three, perm=[0, 2, 1, 3]),
        graph.constant(np.array([heads] * 3)),
        names=parts,
        axis=1,
    )
    query, key, value = parts
    weights = graph.add("FusedMatMul", query, key, domain=MICROSOFT, transB=1, alpha=size**-0.5)
    weights = graph.add("Softmax", graph.add("Add", weights, hidden), axis=-1)
    mixed = graph.add("Transpose", graph.add("MatMul", weights, value), perm=[0, 2, 1, 3])
    mixed = graph.add("Reshape", mixed, graph.constant(np.array([0, 0, layer.width])))
    x = graph.normalise(graph.add("Add", x, graph.product(mixed, layer.out)), layer.norm)
    kind, domain = ACTIVATIONS[layer.activation]
    inner = graph.add(kind, graph.product(x, layer.up), domain=domain)
    both = graph.add("Add", x, graph.product(inner, layer.down))
    return graph.normalise(both, layer.last_norm)


def _heads(graph: _Graph, network: Reader, x: str, real: str, hidden: str) -> None:
    """All heads: focus and token labels in one product, levels and forms in another."""
    width = network.words.embedding_dim
    labels, forms = network.token_head.out_features, network.form_head.out_features
    first = [network.focus, network.token_head]
    matrix = np.concatenate([_numbers(one.weight) for one in first]).T
    bias = np.concatenate([_numbers(one.bias) for one in first])
    product = graph.add("MatMul", x, graph.constant(matrix))
    both = graph.add("Add", product, graph.constant(bias))
    graph.add(
        "Split",
        both,
        graph.constant(np.array([3, labels])),
        names=("focus", OUTPUTS[1]),
        axis=-1,
    )
    one = graph.constant(np.array([1]))
    focus = graph.add(
        "Add",
        graph.add("Transpose", "focus", perm=[0, 2, 1]),
        graph.add("Unsqueeze", hidden, one),
    )
    count = graph.add("ReduceSum", real, one, keepdims=1)
    even = graph.add("Unsqueeze", graph.add("Div", real, count), one)
    # Weights of the word pieces, four a text: even ones, and what each score goes by.
    weights = graph.add("Concat", even, graph.add("Softmax", focus, axis=-1), axis=1)
    pooled = graph.add("MatMul", weights, x)
    pooled = graph.add("Reshape", pooled, graph.constant(np.array([0, 4 * width])))
    matrix = np.zeros((4, width, 3 + forms), np.float32)
    levels = _numbers(network.mean_head.weight).reshape(3, LEVELS, width)
    matrix[0, :, :3] = levels[:, ASKED].T
    matrix[0, :, 3:] = _numbers(network.form_head.weight).T
    for k in range(3):
        matrix[1 + k, :, k] = _numbers(network.focus_head)[k, :, ASKED]
    bias = np.concatenate(
        [
            _numbers(network.mean_head.bias).reshape(3, LEVELS)[:, ASKED],
            _numbers(network.form_head.bias),
        ]
    )
    rows = graph.constant(matrix.reshape(4 * width, 3 + forms))
    graph.add(
        "Split",
        graph.add("Gemm", pooled, rows, graph.constant(bias)),
        graph.constant(np.array([3, forms])),
        names=(OUTPUTS[0], OUTPUTS[2]),
        axis=-1,
    )


def _numbers(tensor: Tensor) -> Array:
    found: Array = tensor.detach().numpy().astype(np.float32)
    return found


def _small(matrix: Array, axis: int) -> tuple[Array, Array]:
    """A matrix in int8, with a scale for all numbers along an axis."""
    scale = np.maximum(np.abs(matrix).max(axis, keepdims=True), 1e-8) / 127
    return np.round(matrix / scale).astype(np.int8), scale.astype(np.float32)
