"""Fixed int8 ranges for the inputs of matrices, so that texts of a batch don't mix.

`quantize_dynamic` has every call find the range of its inputs, over all texts of the call.
Here each input gets one range for good, from what some texts need (Jacob et al. 2018,
"static" quantisation): a text then gets the same numbers in any batch.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .sessions import one_thread

# Of the texts, those whose largest and smallest value lie inside the range.
COVERED = 0.99
_LEVELS = 255
_MICROSOFT = "com.microsoft"
DYNAMIC = ("DynamicQuantizeMatMul", "DynamicQuantizeLinear")


def fix_ranges(graph: onnx.ModelProto, feeds: Sequence[dict[str, np.ndarray]]) -> int:
    """Replace the ranges found at every call by fixed ones, in place; say how many.

    Args:
        graph: as onnxruntime fuses what `quantize_dynamic` gives.
        feeds: inputs of the graph, a text each.
    """
    nodes = [node for node in graph.graph.node if node.op_type in DYNAMIC]
    names = list(dict.fromkeys(node.input[0] for node in nodes))
    if not names:
        return 0
    for name, (scale, zero) in _ranges(graph, names, feeds).items():
        constants = {"_scale": np.float32(scale), "_zero": np.uint8(zero)}
        graph.graph.initializer.extend(
            numpy_helper.from_array(np.array(value), name + suffix)
            for suffix, value in constants.items()
        )
    made: list[onnx.NodeProto] = []
    renamed: dict[str, str] = {}
    seen: set[str] = set()
    for node in graph.graph.node:
        if node.op_type not in DYNAMIC:
            made.append(node)
            continue
        name = node.input[0]
        scale, zero, small = name + "_scale", name + "_zero", name + "_int8"
        if name not in seen:
            made.append(helper.make_node("QuantizeLinear", [name, scale, zero], [small]))
            seen.add(name)
        if node.op_type == "DynamicQuantizeLinear":
            renamed |= dict(zip(node.output, (small, scale, zero), strict=True))
            continue
        matrix, matrix_scale, matrix_zero, *bias = node.input[1:]
        given = [small, matrix, scale, matrix_scale, zero, matrix_zero, *bias]
        made.append(
            helper.make_node(
                "MatMulIntegerToFloat", given, list(node.output), domain=_MICROSOFT
            )
        )
    for node in made:
        for place, name in enumerate(node.input):
            node.input[place] = renamed.get(name, name)
    del graph.graph.node[:]
    graph.graph.node.extend(made)
    return len(names)


def _ranges(
    graph: onnx.ModelProto, names: Sequence[str], feeds: Sequence[dict[str, np.ndarray]]
) -> dict[str, tuple[float, int]]:
    """Scale and zero point of each input."""
    watched = onnx.ModelProto()
    watched.CopyFrom(graph)
    watched.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names
    )
    session = one_thread(watched.SerializeToString())
    lows: list[list[float]] = []
    highs: list[list[float]] = []
    for feed in feeds:
        values = session.run(list(names), feed)
        lows.append([float(value.min()) for value in values])
        highs.append([float(value.max()) for value in values])
    low = np.minimum(np.quantile(np.array(lows), 1 - COVERED, axis=0), 0.0)
    high = np.maximum(np.quantile(np.array(highs), COVERED, axis=0), 1e-6)
    scales = (high - low) / _LEVELS
    zeros = np.clip(np.round(-low / scales), 0, _LEVELS)
    return {
        name: (float(scale), int(zero))
        for name, scale, zero in zip(names, scales, zeros, strict=True)
    }
