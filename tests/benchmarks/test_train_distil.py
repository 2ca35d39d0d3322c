"""What a network learns from another one; needs torch and the rest of the extra `train`."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("tokenizers")
pytest.importorskip("safetensors")
pytest.importorskip("scipy")

import numpy as np  # noqa: E402
from benchmarks.train import distil as module  # noqa: E402
from benchmarks.train.distil import (  # noqa: E402
    Settings,
    distil,
    load_run,
    student,
    targets,
)
from benchmarks.train.encoder import Reader  # noqa: E402
from benchmarks.train.examples import FORMS, TOKEN_LABELS, Example  # noqa: E402
from benchmarks.train.frontier import block, four_bits, plot  # noqa: E402
from benchmarks.train.lessons import Lessons, teach  # noqa: E402
from benchmarks.train.starting import write_record  # noqa: E402
from benchmarks.train.targets import pad  # noqa: E402
from benchmarks.train.tiny import short  # noqa: E402

ROWS = [[2, *(5 + (7 * i + k) % 80 for k in range(3 + i % 9)), 3] for i in range(60)]
SMALL = Settings(layers=1, width=32, length=24, passes=3, tokens=120, save_every=5)


def teacher() -> Reader:
    torch.manual_seed(3)
    sizes: dict[str, Any] = {"width": 64, "heads": 2, "inner": 256, "layers": 3}
    made = Reader(90, 32, len(TOKEN_LABELS), len(FORMS), 2, **sizes)
    made.eval()
    torch.nn.init.normal_(made.mean_head.weight, std=0.5)
    return made


def lessons(folder: Path) -> Lessons:
    return teach(teacher(), ROWS, folder / "lessons")


def test_lessons_hold_what_the_teacher_says(tmp_path: Path) -> None:
    found = lessons(tmp_path)
    assert found.known() == list(range(len(ROWS)))
    assert [found.row(i) for i in range(len(ROWS))] == ROWS
    with torch.no_grad():
        levels, tokens, _, _ = teacher()(*pad([ROWS[4]]))
        states = teacher().encode(*pad([ROWS[4]])[:2])[0]
    place = slice(found.start[4], found.start[5])
    assert np.allclose(found.levels[4], levels.flatten().numpy(), atol=0.1)
    assert np.allclose(found.tokens[place], tokens[0].numpy(), atol=0.1)
    wanted = (states - found.mean) @ found.directions
    gap = np.abs(found.hidden[place] - wanted.numpy()).mean()
    assert gap < 0.1 * float(wanted.std())


def test_lessons_that_were_broken_off_are_gone_on_with(tmp_path: Path) -> None:
    whole = lessons(tmp_path)
    wanted = np.array(whole.levels)
    levels = np.load(tmp_path / "lessons" / "levels.npy", mmap_mode="r+")
    levels[10:20] = np.nan
    levels.flush()
    assert len(whole.known()) == len(ROWS) - 10
    again = lessons(tmp_path)
    assert len(again.known()) == len(ROWS)
    assert np.allclose(again.levels, wanted, atol=0.1)


def test_ratings_count_beside_the_teachers_word(tmp_path: Path) -> None:
    found = lessons(tmp_path)
    examples = [Example("a", "soft") for _ in ROWS]
    examples[1].levels = ((1.0, 1.0, 0.0),) * 3
    wanted = targets(found, examples)
    teachers = 1 / (1 + np.exp(-found.levels))
    assert np.allclose(wanted[0], teachers[0])
    assert np.allclose(wanted[1], (teachers[1] + [1, 1, 0] * 3) / 2)


def test_a_student_of_the_same_width_starts_as_the_teacher() -> None:
    state = teacher().state_dict()
    same: dict[str, Any] = {"width": 64, "activation": "gelu", "length": 24}
    made = student(state, replace(SMALL, layers=3, **same))
    ids, attention, _ = pad(ROWS[:3])
    with torch.no_grad():
        gap = made.eval()(ids, attention)[0] - teacher()(ids, attention)[0]
    assert float(gap.abs().max()) < 1e-4
    assert len(student(state, replace(SMALL, layers=2, **same)).layers) == 2
    assert student(state, SMALL).words.embedding_dim == 32


@pytest.mark.parametrize("layers", [0, 1])
def test_a_student_comes_nearer_to_its_teacher(tmp_path: Path, layers: int) -> None:
    found = lessons(tmp_path)
    settings = replace(SMALL, layers=layers, passes=25, rate=1e-2, tokens=200)
    wanted = targets(found, [Example("a", "soft") for _ in ROWS])
    made = student(teacher().state_dict(), settings)

    def gap(one: Reader) -> float:
        with torch.no_grad():
            said = [one.eval()(*pad([row])[:2])[0].flatten().numpy() for row in ROWS]
        return float(np.abs(np.array(said) - found.levels).mean())

    before = gap(made)
    distil(made, found, wanted, [1.0] * len(ROWS), settings, tmp_path / "run")
    assert gap(made) < 0.6 * before
    again = load_run(tmp_path / "run")
    assert gap(again) == pytest.approx(gap(made))
    log = (tmp_path / "run" / "log.jsonl").read_text(encoding="utf-8")
    assert json.loads(log.splitlines()[-1])["all"]


def test_a_run_is_gone_on_with_and_not_with_other_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = lessons(tmp_path)
    wanted = targets(found, [Example("a", "soft") for _ in ROWS])
    often = [1.0] * len(ROWS)

    def run(folder: str, settings: Settings = SMALL) -> Reader:
        made = student(teacher().state_dict(), settings)
        return distil(made, found, wanted, often, settings, tmp_path / folder)

    straight = run("straight")
    step, calls = module._step, []

    def broken(*given: Any) -> dict[str, float]:
        calls.append(1)
        if len(calls) == 8:
            raise KeyboardInterrupt
        return step(*given)

    monkeypatch.setattr(module, "_step", broken)
    with pytest.raises(KeyboardInterrupt):
        run("broken")
    monkeypatch.setattr(module, "_step", step)
    resumed = run("broken")
    for a, b in zip(straight.parameters(), resumed.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-5)
    with pytest.raises(SystemExit, match="other settings"):
        run("broken", replace(SMALL, rate=0.1))


def test_the_sizes_of_a_run_are_known_from_its_folder(tmp_path: Path) -> None:
    made = student(teacher().state_dict(), SMALL)
    torch.save(made.state_dict(), tmp_path / "final.pt")
    write_record(tmp_path, None, {"steps": 1, "settings": {"activation": "relu"}})
    found = load_run(tmp_path)
    assert (len(found.layers), found.words.embedding_dim) == (1, 32)
    assert found.layers[0].activation == "relu"


def report(ours: float, theirs: float) -> dict[str, Any]:
    def dev(value: float) -> dict[str, Any]:
        groups = {name: {"auc": [value, 0.1, 0.99]} for name in ("messages", "real texts")}
        return {name: {"hostility": groups} for name in ("model", "blend")}

    return {"dev": dev(ours), "large": dev(theirs)}


def test_figures_too_far_below_the_large_models_are_named() -> None:
    assert short(report(0.91, 0.92)) == []
    assert short(report(0.95, 0.92)) == []
    assert len(short(report(0.89, 0.92))) == 4
    assert "blend, messages, hostility: 0.890 of 0.920" in short(report(0.89, 0.92))


def test_the_frontier_becomes_a_table_and_a_plot() -> None:
    point = {
        "layers": 6,
        "width": 384,
        "weights": "int8",
        "megabytes": 15.4,
        "one_ms": 3.0,
        "batch_ms": 2.9,
        "times_one": 20.0,
        "times_batch": 21.0,
        "shipped": True,
        "auc": {"messages": [0.9, 0.9, 0.9], "real texts": [0.95, 0.85, 0.96]},
    }
    low = {"messages": [0.8, 0.8, 0.8], "real texts": [0.8, 0.8, 0.8]}
    points = [
        {**point, "name": "6 × 384, int8"},
        {**point, "name": "bag", "one_ms": 0.1, "shipped": False, "auc": low},
    ]
    figures = {"tokens": 64, "batch": 32, "points": points}
    drawn = plot(figures)
    assert drawn.count("<circle") == 4
    assert drawn == plot(figures)
    shown = block(figures)
    assert "**6 × 384, int8** (shipped)" in shown
    assert "0.950 / 0.850 / 0.960" in shown
    assert "3.00 (20 times)" in shown


def test_weights_of_four_bits_are_near_the_matrix() -> None:
    from onnx import TensorProto, helper, numpy_helper

    matrix = np.random.default_rng(0).normal(size=(64, 32)).astype(np.float32)
    shapes = {"x": [1, 3, 64], "y": [1, 3, 32]}
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in shapes.items()]
    node = helper.make_node("MatMul", ["x", "w"], ["y"], "product")
    tables = [numpy_helper.from_array(matrix, "w")]
    graph = helper.make_graph([node], "one", ends[:1], ends[1:], tables)
    sets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=sets, ir_version=8)
    assert four_bits(model, ["product"]) == 0
    assert four_bits(model, []) == 1
    assert sum(len(t.raw_data) for t in model.graph.initializer) < matrix.nbytes / 5
    x = np.random.default_rng(1).normal(size=(1, 3, 64)).astype(np.float32)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    gap = session.run(None, {"x": x})[0] - x @ matrix
    assert 0 < np.abs(gap).mean() < 0.15 * np.abs(x @ matrix).mean()
