"""The graph of a small network; needs torch, onnx and onnxruntime."""

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")
onnx = pytest.importorskip("onnx")

import numpy as np  # noqa: E402
from benchmarks.train.compact import export_compact  # noqa: E402
from benchmarks.train.encoder import Reader  # noqa: E402
from benchmarks.train.export import OUTPUTS, run  # noqa: E402
from benchmarks.train.targets import pad  # noqa: E402

from calmtone.onnx.session import INPUTS  # noqa: E402

ROWS = [[2, *range(10, 30), 3], [2, 7, 3], [2, 50, 61, 7, 80, 3]]


def network(activation: str) -> Reader:
    torch.manual_seed(0)
    sizes = {"width": 64, "heads": 2, "inner": 128, "layers": 2}
    made: Reader = Reader(90, 32, 4, 32, 1, activation=activation, **sizes)
    torch.nn.init.normal_(made.focus.weight, std=0.3)
    torch.nn.init.normal_(made.focus_head, std=0.3)
    made.eval()
    return made


def session(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options)


@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("rows", [[], ROWS], ids=["ranges of a call", "fixed ranges"])
def test_the_graph_says_what_the_network_says(
    tmp_path: Path, activation: str, rows: list[list[int]]
) -> None:
    made = network(activation)
    export_compact(made, tmp_path / "model.onnx", rows)
    found = run(session(tmp_path / "model.onnx"), ROWS)
    for row, outputs in zip(ROWS, found, strict=True):
        with torch.no_grad():
            levels, tokens, forms, _ = made(*pad([row]))
        wanted = (levels[0, :, 1], tokens[0], forms[0])
        for name, ours, theirs in zip(OUTPUTS, outputs, wanted, strict=True):
            gap = np.abs(ours - theirs.numpy()).max()
            assert gap < 0.1 * float(theirs.std()) + 0.02, name


def test_with_fixed_ranges_a_text_is_read_alike_in_any_batch(tmp_path: Path) -> None:
    export_compact(network("relu"), tmp_path / "model.onnx", ROWS)
    made = session(tmp_path / "model.onnx")
    row = ROWS[0]
    alone = run(made, [row])[0][0]
    ids, attention, types = pad([row, row[::-1], [*row[:10], 3, *row[:11]]])
    given = dict(zip(INPUTS, (ids.numpy(), attention.numpy(), types.numpy()), strict=True))
    together = made.run([OUTPUTS[0]], given)[0]
    assert np.abs(together[0] - alone).max() < 1e-5
    assert np.abs(together[1] - alone).max() > 1e-3


def test_the_graph_holds_little_but_its_weights(tmp_path: Path) -> None:
    made = network("relu")
    export_compact(made, tmp_path / "model.onnx", ROWS)
    graph = onnx.load(tmp_path / "model.onnx").graph
    parts = ("words", "places", "layers")
    weights = sum(p.numel() for n, p in made.named_parameters() if n.startswith(parts))
    assert (tmp_path / "model.onnx").stat().st_size < 1.6 * weights + 60_000
    assert len(graph.node) < 80
