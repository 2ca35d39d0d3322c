"""What the model adds to heat, and the noise that a pause is learnt with."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")
onnx = pytest.importorskip("onnx")
for name in ("onnxruntime", "scipy", "sklearn", "tokenizers"):
    pytest.importorskip(name)

from benchmarks.fit.heat import layer_of, with_heat  # noqa: E402
from benchmarks.fit.pause import COPIES, LEARNT, UNSEEN, Draft, blurred  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnxruntime import InferenceSession  # noqa: E402

from calmtone.onnx.session import INPUTS  # noqa: E402
from calmtone.results import Scores  # noqa: E402

WIDTH, LAYERS = 4, 5
TABLE = np.random.default_rng(1).normal(size=(9, WIDTH)).astype(np.float32)


def small_graph() -> Any:
    """Layers that are named as those of the shipped graph, one after the other."""
    nodes = [helper.make_node("Gather", ["table", INPUTS[0]], ["layer"])]
    last = "layer"
    for number in range(LAYERS):
        output = f"/model/layers.{number}/last_norm/out"
        nodes.append(helper.make_node("LayerNormalization", [last, f"scale{number}"], [output]))
        last = output
    nodes.append(helper.make_node("ReduceSum", [last, "one"], ["logits"], keepdims=0))
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(n, TensorProto.INT64, ["b", "l"]) for n in INPUTS[:2]],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["b", WIDTH])],
        initializer=[
            numpy_helper.from_array(TABLE, "table"),
            numpy_helper.from_array(np.array([1], np.int64), "one"),
            *(
                numpy_helper.from_array(np.full(WIDTH, n + 1, np.float32), f"scale{n}")
                for n in range(LAYERS)
            ),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def run(model: Any, output: str, ids: list[list[int]], mask: list[list[int]]) -> Any:
    session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    given = dict(zip(INPUTS, (np.array(ids), np.array(mask)), strict=False))
    return session.run([output], given)[0]


def test_heat_is_the_mean_of_a_middle_layer_weighed() -> None:
    model = small_graph()
    assert layer_of(model.graph) == "/model/layers.3/last_norm/out"
    weights = np.arange(WIDTH, dtype=float)
    with_heat(model, weights, 0.5)
    onnx.checker.check_model(model)
    rows, mask = [[1, 2, 3], [4, 5, 0]], [[1, 1, 1], [1, 1, 0]]
    found = run(model, "heat", rows, mask)
    for row, length, value in zip(rows, (3, 2), found, strict=True):
        x = TABLE[row[:length]]
        x = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True) * 4
        assert value == pytest.approx([x.mean(0) @ weights + 0.5], abs=1e-3)


def test_heat_can_be_fitted_again() -> None:
    model = small_graph()
    plain = run(model, "logits", [[1, 2]], [[1, 1]])
    with_heat(model, np.ones(WIDTH), 0.0)
    first = run(model, "heat", [[1, 2]], [[1, 1]])
    nodes = len(model.graph.node)
    with_heat(model, np.ones(WIDTH), 2.0)
    assert len(model.graph.node) == nodes
    assert run(model, "heat", [[1, 2]], [[1, 1]]) == pytest.approx(first + 2.0)
    assert (run(model, "logits", [[1, 2]], [[1, 1]]) == plain).all()


def test_other_graphs_have_no_layer_to_read() -> None:
    model = small_graph()
    for node in model.graph.node:
        node.op_type = "Identity"
    with pytest.raises(ValueError, match=r"no layers that benchmarks\.train writes"):
        layer_of(model.graph)


def drafts() -> list[Draft]:
    rng = np.random.default_rng(2)
    made = []
    for number in range(400):
        known, rating = (LEARNT, UNSEEN)[number % 2], (0, 3)[number // 2 % 2]
        mean = {LEARNT: 6.0, UNSEEN: 1.0}[known] * (1 if rating else -1)
        score = float(1 / (1 + np.exp(-rng.normal(mean, 1.0))))
        scores = Scores(score, score, 0.5)
        made.append(Draft(str(number), known, rating, 2.0, scores, scores, None))
    return made


def test_noise_makes_seen_scores_no_better_than_unseen_ones() -> None:
    made = drafts()
    bad = np.array([draft.rating == 3 for draft in made])
    width, copies = blurred(made, bad)
    assert width > 0
    assert len(copies) == COPIES
    for copy in copies:
        for draft, scores in zip(made, copy, strict=True):
            if draft.known == UNSEEN:
                assert scores == pytest.approx(draft.scores)
            else:
                assert scores != draft.scores
    seen = np.array([draft.known == LEARNT for draft in made])
    one = np.array([scores.hostility for scores in copies[0]])
    wrong = (one[seen] > 0.5) != bad[seen]
    assert 0 < wrong.mean() < 0.5


def test_no_noise_where_seen_scores_are_no_better() -> None:
    made = [draft for draft in drafts() if draft.known == UNSEEN]
    again = [Draft(d.group, LEARNT, d.rating, d.heat, d.alone, d.scores, None) for d in made]
    both = [*made, *again]
    bad = np.array([draft.rating == 3 for draft in both])
    assert blurred(both, bad)[0] == 0
