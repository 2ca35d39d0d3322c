"""The network, its loss and its export; needs torch and the rest of the extra `train`."""

import copy
import random
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")
onnx = pytest.importorskip("onnx")
transformers = pytest.importorskip("transformers")

from benchmarks.train.encoder import Reader, load_bert  # noqa: E402
from benchmarks.train.examples import FORMS, TOKEN_LABELS, Example  # noqa: E402
from benchmarks.train.export import export, export_small, fuse, run  # noqa: E402
from benchmarks.train.smoothing import largest_inputs, smooth  # noqa: E402
from benchmarks.train.starting import (  # noqa: E402
    average,
    fewer_layers,
    narrowed,
    records,
    write_record,
)
from benchmarks.train.targets import Encoded, loss, pad  # noqa: E402
from benchmarks.train.training import mix  # noqa: E402

from calmtone.onnx.session import INPUTS, UNFUSED  # noqa: E402


def network(layers: int = 2) -> Reader:
    torch.manual_seed(0)
    sizes: dict[str, Any] = {"width": 256, "heads": 4, "inner": 512, "layers": layers}
    made = Reader(90, 32, len(TOKEN_LABELS), len(FORMS), 2, **sizes)
    made.eval()
    torch.nn.init.normal_(made.focus_head)
    return made


def test_bert_weights_give_berts_hidden_states() -> None:
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=120,
        hidden_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=512,
    )
    bert = transformers.BertModel(config).eval()
    rows = random.Random(0).sample(range(120), 90)
    made = network()
    load_bert(made, bert.state_dict(), rows)
    ids, attention, _ = pad([[1, 5, 9, 30, 2], [1, 7, 2]])
    wanted = bert(input_ids=torch.tensor(rows)[ids], attention_mask=attention)
    got = made.encode(ids, attention)
    real = attention.bool()
    assert torch.allclose(got[real], wanted.last_hidden_state[real], atol=1e-4)


def test_padding_changes_nothing() -> None:
    made = network()
    alone = made(*pad([[1, 7, 2]]))
    among = made(*pad([[1, 7, 2], [1, 5, 9, 30, 2]]))
    assert torch.allclose(alone[0][0], among[0][0], atol=1e-4)
    assert torch.allclose(alone[1][0], among[1][0, :3], atol=1e-4)


def test_the_message_answered_is_heard_and_not_judged() -> None:
    made = network()
    with torch.no_grad():
        made.reply.fill_(0.5)
    ids, attention, types = pad([[1, 7, 2], [1, 7, 2]], [[], [9, 30]])
    assert ids.tolist() == [[1, 7, 2, 0, 0, 0], [1, 7, 2, 9, 30, 2]]
    assert attention.sum(1).tolist() == [3, 6]
    assert types.tolist() == [[0] * 6, [0, 0, 0, 1, 1, 1]]
    levels = made(ids, attention, types)[0]
    assert torch.allclose(levels[0], made(*pad([[1, 7, 2]]))[0][0], atol=1e-4)
    assert not torch.allclose(levels[0], levels[1], atol=1e-4)
    # With hidden states that know of nothing around them, the answered message has no say.
    made.layers = torch.nn.ModuleList()
    levels = made(ids, attention, types)[0]
    assert torch.allclose(levels[0], levels[1], atol=1e-5)


def test_fewer_layers_are_evenly_spread() -> None:
    state = network(3).state_dict()
    small = fewer_layers(state, 2)
    made = network(2)
    made.load_state_dict(small)
    assert torch.equal(made.layers[1].up.weight, state["layers.2.up.weight"])
    assert torch.equal(made.layers[0].up.weight, state["layers.0.up.weight"])


def test_narrow_word_vectors_keep_who_is_near_whom() -> None:
    torch.manual_seed(0)
    words = torch.randn(60, 4).double() @ torch.randn(4, 32).double()
    small = narrowed(words, 8)
    assert small.shape == (60, 8)
    assert torch.allclose(torch.cdist(words, words), torch.cdist(small, small), atol=1e-2)


def test_the_runs_behind_weights_are_kept(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    write_record(first, None, {"steps": 5})
    write_record(second, first, {"steps": 7})
    assert records(second) == [
        {"start": "base", "steps": 5},
        {"start": "the run before", "steps": 7},
    ]
    write_record(first, tmp_path / "teacher.pt", {"steps": 1})
    assert records(first) == [{"start": "teacher", "steps": 1}]
    assert records(None) == []


def test_branches_are_averaged_and_recorded(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("trunk", "left", "right")]
    for place, folder in enumerate(folders):
        folder.mkdir()
        torch.save({"a": torch.tensor([float(place)])}, folder / "final.pt")
        (folder / "tokenizer.json").write_text("{}")
        write_record(folder, folders[0] if place else None, {"steps": place})
    mean = average(folders[1:], tmp_path / "mean")
    assert mean["a"].tolist() == [1.5]
    assert records(tmp_path / "mean") == [
        {"start": "base", "steps": 0},
        {"branch": 1, "start": "the run before", "steps": 1},
        {"branch": 2, "start": "the run before", "steps": 2},
    ]
    assert (tmp_path / "mean" / "tokenizer.json").read_text() == "{}"


def test_the_loss_falls_when_its_targets_are_learned() -> None:
    made = network(1)
    calm, hot = ((0.0,) * 3,) * 3, ((1.0,) * 3,) * 3
    examples = [
        Example("a", "messages", hot, spans={0: [(0, 4)]}, forms={1}, aux={"x": 1.0}),
        Example("b", "messages", calm, spans={0: []}, forms=set(), somewhere={1}),
    ]
    encoded = [
        Encoded([1, 8, 9, 2], [(0, 0), (0, 4), (5, 9), (0, 0)]),
        Encoded([1, 20, 2], [(0, 0), (0, 4), (0, 0)]),
    ]
    optimizer = torch.optim.Adam(made.parameters(), lr=1e-3)
    totals = []
    for _ in range(25):
        outputs = made(*pad([one.ids for one in encoded]))
        total, parts = loss(outputs, examples, encoded, [(0, 1, [0, 2])], {"x": 0})
        assert set(parts) == {"levels", "tokens", "somewhere", "forms", "aux", "pairs"}
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        totals.append(float(total.detach()))
    assert totals[-1] < 0.5 * totals[0]
    tokens = made(*pad([one.ids for one in encoded]))[1]
    assert tokens[0, 1, 0] > tokens[0, 2, 0]


def test_mixing_draws_all_but_new_heads_towards_the_start() -> None:
    made, start = network(1), network(1).state_dict()
    with torch.no_grad():
        for value in made.parameters():
            value.add_(1.0)
    mix(made, start, 0.25)
    after = made.state_dict()
    assert torch.allclose(after["words.weight"], start["words.weight"] + 0.25, atol=1e-5)
    assert torch.allclose(after["token_head.weight"], start["token_head.weight"] + 1, atol=1e-5)


def test_smoothing_changes_no_output_and_shrinks_outliers() -> None:
    made = network()
    with torch.no_grad():
        made.layers[0].norm.weight[3] = 40.0
    row = [1, *range(30, 50), 2]
    largest = largest_inputs(made, [row])
    assert largest["0.up"].argmax() == 3
    smoothed = copy.deepcopy(made)
    smooth(smoothed, largest)
    for wanted, got in zip(made(*pad([row])), smoothed(*pad([row])), strict=True):
        assert torch.allclose(wanted, got, atol=1e-3)
    after = (largest["0.up"] * smoothed.layers[0].up.shrink).max()
    spread = largest["0.up"].max() / largest["0.up"].median()
    assert after / (largest["0.up"] * smoothed.layers[0].up.shrink).median() < spread / 2


def test_the_exported_graph_says_what_the_network_says(tmp_path: Path) -> None:
    made = network()
    rows = [[1, 7, 2], [1, *range(30, 60), 2], [1, *range(40, 60), 2]]
    export_small(made, tmp_path / "model.onnx", rows)
    assert not list(tmp_path.glob("*.data"))
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"))
    assert [i.name for i in session.get_inputs()] == list(INPUTS)
    for row in ([1, 7, 2], [1, *range(40, 60), 2]):
        with torch.no_grad():
            wanted = made(*pad([row]))
        levels, tokens, forms = run(session, [row])[0]
        assert levels == pytest.approx(wanted[0][0, :, 1].numpy(), abs=0.3)
        assert tokens.shape == (len(row), len(TOKEN_LABELS))
        assert tokens == pytest.approx(wanted[1][0].numpy(), abs=0.1)
        assert forms == pytest.approx(wanted[2][0].numpy(), abs=0.1)


def test_a_text_gets_the_same_numbers_in_any_batch(tmp_path: Path) -> None:
    rows = [[1, 7, 2], [1, *range(30, 60), 2], [1, *range(40, 60), 2]]
    export_small(network(), tmp_path / "model.onnx", rows)
    assert b"DynamicQuantize" not in (tmp_path / "model.onnx").read_bytes()
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"))
    given = (part.numpy() for part in pad(rows, [[], [], [9, 30]]))
    levels, tokens, forms = session.run(None, dict(zip(INPUTS, given, strict=True)))
    for place, row in enumerate(rows[:2]):
        alone = run(session, [row])[0]
        assert levels[place] == pytest.approx(alone[0], abs=1e-5)
        assert tokens[place, : len(row)] == pytest.approx(alone[1], abs=1e-5)
        assert forms[place] == pytest.approx(alone[2], abs=1e-5)
    assert levels[2] != pytest.approx(run(session, [rows[2]])[0][0], abs=1e-5)


def session(path: Path) -> object:
    return onnxruntime.InferenceSession(str(path), disabled_optimizers=list(UNFUSED))


def test_fusing_a_graph_changes_no_number(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    export(network(), path)
    rows = [[1, 7, 2], [1, *range(40, 60), 2]]
    plain = run(session(path), rows)
    nodes = len(onnx.load(path).graph.node)
    fuse(path)
    graph = onnx.load(path)
    assert len(graph.graph.node) < nodes
    assert {one.domain for one in graph.opset_import} <= {"", "com.microsoft"}
    fused = run(session(path), rows)
    for before, after in zip(plain, fused, strict=True):
        for wanted, got in zip(before, after, strict=True):
            assert (wanted == got).all()
