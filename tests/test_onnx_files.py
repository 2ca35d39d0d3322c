"""Model folders that cannot be used: each says what is wrong and what to do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support import document_of

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
pytest.importorskip("tokenizers")

import numpy
import onnx
from onnx import helper, numpy_helper
from tiny_model import make_graph, own_settings, table_bytes, write_model

from calmtone import Analyzer
from calmtone.errors import CalmtoneError, EngineUnavailableError, ModelError
from calmtone.onnx import load_model
from calmtone.onnx.external import external_files

NAMES = {"id2label": {"0": "rude", "1": "evasive", "2": "kind"}}


def refused(folder: Path, message: str, **options: Any) -> None:
    with pytest.raises(ModelError, match=re.escape(message)) as caught:
        load_model(folder, **options)
    assert isinstance(caught.value, EngineUnavailableError | CalmtoneError)
    assert folder.name in str(caught.value)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("model.onnx", "there is no ONNX file"),
        ("tokenizer.json", "tokenizer.json is missing"),
        ("calmtone.json", "neither calmtone.json nor config.json"),
    ],
)
def test_missing_files(tmp_path: Path, file: str, message: str) -> None:
    folder = write_model(tmp_path / "model")
    (folder / file).unlink()
    refused(folder, message)


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_damaged_files(tmp_path: Path, file: str) -> None:
    folder = write_model(tmp_path / "model")
    data = bytearray((folder / file).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / file).write_bytes(data)
    refused(folder, f"{file} is damaged: its sha256 is")


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("model.onnx", b"", "model.onnx is no ONNX model (it has no graph)"),
        ("model.onnx", b"hello world" * 9, "model.onnx is no ONNX model"),
        ("model.onnx", make_graph()[:-7], "model.onnx is no ONNX model"),
        ("tokenizer.json", b"{}", "tokenizer.json is no tokenizer"),
        ("tokenizer.json", b"\xff\xfe", "tokenizer.json is no UTF-8"),
        ("calmtone.json", b'{"schema":', "calmtone.json is no JSON"),
        ("calmtone.json", b"[]", "calmtone.json is no JSON object"),
        ("calmtone.json", b'{"schema": 99}', "calmtone.json has schema 99"),
    ],
)
def test_files_that_are_something_else(
    tmp_path: Path, file: str, content: bytes, message: str
) -> None:
    folder = write_model(tmp_path / "model", own_settings(), hashes=False)
    (folder / file).write_bytes(content)
    refused(folder, message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"token_labels": [{"name": "x", "dimension": "anger"}]}, "calmtone.json is wrong"),
        (
            {"calibration": {"hostility": {"slope": 0, "intercept": 0}}},
            "hostility.slope must be above 0, not 0",
        ),
        (
            {"calibration": {"hostility": {"intercept": 0}}},
            "has no key 'calibration.hostility.slope'",
        ),
        ({"max_length": 4, "overlap": 3}, "leave no room for a text"),
        ({"max_length": "long"}, "calmtone.json is wrong"),
        ({"activation": "tanh"}, "activation must be 'sigmoid' or 'softmax', not 'tanh'"),
        ({"labels": ["hostility", "hostility", "empathy"]}, "two labels have the same name"),
        ({"labels": ["a", "b", "c"]}, "no label stands for"),
        ({"labels": ["hostility", "empathy"]}, "has 3 columns, and its settings name 2"),
        ({"token_labels": [{"name": "x", "dimension": "empathy"}]}, "settings name 1"),
        ({"model": "other.onnx"}, "names 'other.onnx' as the model"),
    ],
)
def test_settings_that_are_wrong(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    refused(write_model(tmp_path / "model", own_settings(**changes)), message)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rank": 3, "tokens": False}, "only text classifiers can be used"),
        ({"fixed": True}, "dynamic axes"),
        ({"extra_input": "pixel_values"}, "wants an input 'pixel_values'"),
        ({"width": 5}, "has 5 columns, and its settings name 3"),
    ],
)
def test_models_of_the_wrong_shape(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    refused(write_model(tmp_path / "model", graph=make_graph(**options)), message)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (None, "these labels have no meaning yet: 'rude', 'evasive', 'kind'"),
        ({"rude": "hostility"}, "these labels have no meaning yet: 'evasive', 'kind'"),
        ({"rude": "hostility", "mean": None, "*": None}, "the model has no label 'mean'"),
        ({"rude": "anger", "*": None}, "'anger' is no dimension"),
        ({"*": None}, "no label stands for hostility"),
    ],
)
def test_labels_that_are_not_mapped(
    tmp_path: Path, labels: dict[str, str | None] | None, message: str
) -> None:
    refused(write_model(tmp_path / "model", config=NAMES), message, labels=labels)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({}, "nothing names the model's labels"),
        ({"id2label": {"1": "a", "2": "b"}}, "are not 0, 1, 2"),
        ({"id2label": {"x": "a"}}, "config.json is wrong: the numbers of id2label"),
    ],
)
def test_configurations_without_labels(
    tmp_path: Path, names: dict[str, Any], message: str
) -> None:
    refused(write_model(tmp_path / "model", config={"pad_token_id": 0, **names}), message)


# Weights in other files


@pytest.mark.parametrize(
    "location",
    ["../weights.bin", "/etc/passwd", "a/../../weights.bin", "C:\\weights", "..", "", "a\\b"],
)
def test_weights_that_leave_the_folder_are_refused(tmp_path: Path, location: str) -> None:
    (tmp_path / "weights.bin").write_bytes(table_bytes())
    graph = make_graph(external=location)
    assert external_files(graph) == [location]
    refused(write_model(tmp_path / "model", graph=graph), "outside of its folder")


def test_a_link_does_not_lead_outside(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(table_bytes())
    folder = write_model(tmp_path / "model", graph=make_graph(external="weights.bin"))
    (folder / "weights.bin").symlink_to(tmp_path / "weights.bin")
    refused(folder, "outside of its folder")


def test_weights_beside_the_model_are_used(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model", graph=make_graph(external="weights.bin"))
    refused(folder, "keeps weights in 'weights.bin', which is not there")
    (folder / "weights.bin").write_bytes(table_bytes())
    [found] = load_model(folder).read([document_of("You idiot.")])
    assert found.logits == pytest.approx([2.0, -2.0, -3.0])


def test_a_plain_model_names_no_other_files() -> None:
    assert external_files(make_graph()) == []
    for broken in (
        b"",
        b"\x3a",
        b"\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x3b\x00",
    ):
        with pytest.raises(ValueError, match="it "):
            external_files(broken)


# Which model


def test_names_that_stand_for_nothing(tmp_path: Path) -> None:
    for name in ("no-such-model", "./nowhere", str(tmp_path / "nowhere"), ""):
        with pytest.raises(ModelError, match=r"there is no model .* name a folder"):
            load_model(name)
    folder = write_model(tmp_path / "model")
    with pytest.raises(ModelError, match="revision='v1' is for models of the Hugging Face Hub"):
        load_model(folder, revision="v1")


def test_several_model_files_need_a_name(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model", own_settings(), hashes=False)
    data = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").unlink()
    (folder / "a.onnx").write_bytes(data)
    assert load_model(folder).name == "tiny-test"
    (folder / "b.onnx").write_bytes(data)
    refused(folder, "there are several ONNX files (a.onnx, b.onnx)")
    settings = own_settings(model="b.onnx")
    (folder / "calmtone.json").write_text(json.dumps(settings))
    assert load_model(folder).name == "tiny-test"


def test_the_hash_is_of_all_that_decides_results(tmp_path: Path) -> None:
    first = load_model(write_model(tmp_path / "a")).hash
    assert load_model(write_model(tmp_path / "b")).hash == first
    changed = own_settings(max_length=20)
    assert load_model(write_model(tmp_path / "c", changed)).hash != first


# Machines that compute something else


def test_a_machine_that_computes_other_numbers_is_noticed(tmp_path: Path) -> None:
    good = {"tolerance": 0.02, "texts": [["You idiot.", [2.0, -2.0, -3.0]]]}
    assert load_model(write_model(tmp_path / "a", own_settings(check=good))).name
    bad = {"tolerance": 0.02, "texts": [["You idiot.", [2.1, -2.0, -3.0]]]}
    with pytest.raises(EngineUnavailableError, match="computes other numbers") as caught:
        load_model(write_model(tmp_path / "b", own_settings(check=bad)))
    assert not isinstance(caught.value, ModelError)
    assert "engine='auto' or 'rules'" in str(caught.value)


# What settings may be


WORD = {"name": "x", "dimension": "hostility"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sha256": "abc"}, "sha256 must be an object, not 'abc'"),
        ({"sha256": {"tokenizer.json": 5}}, "sha256.tokenizer.json must be a text, not 5"),
        ({"check": []}, "check must be an object"),
        ({"check": {"texts": [["Hi.", [1.0, 2.0]]]}}, "check.texts must be a list of [text"),
        ({"check": {"texts": [[5, [1.0, 2.0, 3.0]]]}}, "check.texts must be a list of [text"),
        ({"check": {"texts": "Hi."}}, "check.texts must be a list of [text"),
        ({"check": {"texts": [["Hi.", [1, 2, "3"]]]}}, "check.texts must be a list of [text"),
        ({"check": {"tolerance": -1}}, "check.tolerance must be a number from 0"),
        ({"pad_id": 10**30}, "pad_id must be a whole number from 0 to 2147483647"),
        ({"pad_id": -1}, "pad_id must be a whole number from 0"),
        ({"pad_id": True}, "pad_id must be a whole number"),
        ({"max_length": float("inf")}, "max_length must be a whole number"),
        ({"max_length": 16.5}, "max_length must be a whole number"),
        ({"overlap": "4"}, "overlap must be a whole number"),
        ({"mask": "yes"}, "mask must be true or false, not 'yes'"),
        ({"batch_invariant": 0}, "batch_invariant must be true or false, not 0"),
        ({"reads_reply_to": True, "reply_length": -5}, "reply_length must be a whole number"),
        ({"spans": {"hostility": {"threshold": "x"}}}, "spans.hostility.threshold must be"),
        ({"spans": {"hostility": {"join": 1.5}}}, "spans.hostility.join must be a whole"),
        ({"spans": {"hostility": 3}}, "spans.hostility must be an object, not 3"),
        ({"token_labels": {"name": "x"}}, "token_labels must be a list of objects"),
        ({"token_labels": [WORD, WORD, {"name": "x"}]}, "no key 'token_labels[2].dimension'"),
        ({"forms": [{"dimension": "empathy"}]}, "has no key 'forms[0].form'"),
        ({"forms": [{"dimension": "anger", "form": "x"}]}, "forms[0].dimension must be one of"),
        ({"calibration": []}, "calibration must be an object"),
        (
            {"blend": {"empathy": {"intercept": "0"}}},
            "blend.empathy.intercept must be a number",
        ),
        ({"sentence_margin": {"hostility": 1}}, "has no key 'sentence_margin.defensiveness'"),
        ({"short": {"words": 0}}, "short.words must be"),
        ({"short": {"words": 9, "steeper": {}}}, "has no key 'short.steeper.hostility'"),
        ({"labels": [1, 2, 3]}, "labels must be names of labels"),
        ({"labels": {"a": ["hostility"]}, "columns": ["a", "b", "c"]}, "is no dimension"),
        ({"labels": "hostility"}, "nothing names the model's labels"),
        ({"columns": "abc"}, "columns must be names of labels"),
        ({"schema": True}, "calmtone.json has schema True"),
        ({"model": 5}, "calmtone.json names 5 as the model"),
        ({"model": "../model.onnx"}, "names '../model.onnx' as the model"),
    ],
)
def test_settings_of_the_wrong_kind(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    folder = write_model(tmp_path / "model", own_settings(**changes), hashes=False)
    refused(folder, message)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"pad_token_id": "x"}, "config.json is wrong: pad_token_id must be a whole number"),
        ({"pad_token_id": 10**40}, "config.json is wrong: pad_token_id must be"),
        ({"pad_token_id": 9_999}, "padded with token 9999"),
        ({"max_position_embeddings": "x"}, "config.json is wrong: max_position_embeddings"),
        ({"id2label": ["a", "b", "c"]}, "config.json is wrong: id2label must be an object"),
        ({"id2label": {"0": "a", "1": None, "2": "c"}}, "config.json is wrong: id2label must"),
        ({"id2label": {"0": "a", "1": "b", "2": "a"}}, "two labels have the same name"),
    ],
)
def test_configurations_of_the_wrong_kind(
    tmp_path: Path, config: dict[str, Any], message: str
) -> None:
    folder = write_model(tmp_path / "model", config={**NAMES, **config})
    labels = None if "id2label" in config else {"*": None, "rude": "hostility"}
    refused(folder, message, labels=labels)


def test_settings_too_deep_to_read(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model")
    (folder / "calmtone.json").write_text("[" * 100_000)
    refused(folder, "calmtone.json is no JSON")


def test_a_model_that_cannot_read_its_longest_window_is_refused(tmp_path: Path) -> None:
    graph = onnx.load_from_string(make_graph())
    names = [value.name for value in graph.graph.input]
    places = numpy_helper.from_array(numpy.zeros((8, 3), numpy.float32), "places")
    graph.graph.initializer.append(places)
    zero = numpy_helper.from_array(numpy.array(0, numpy.int64), "zero_at")
    length = numpy_helper.from_array(numpy.array([1], numpy.int64), "one_at")
    graph.graph.initializer.extend([zero, length])
    node = helper.make_node
    graph.graph.node[0].output[0] = "each_bare"
    for place, made in enumerate(
        [
            node("Shape", [names[0]], ["size"], start=1, end=2),
            node("Squeeze", ["size"], ["size0"]),
            node("Range", ["zero_at", "size0", "step"], ["at"]),
            node("Gather", ["places", "at"], ["placed"]),
            node("Add", ["each_bare", "placed"], ["each"]),
        ]
    ):
        graph.graph.node.insert(1 + place, made)
    step = numpy_helper.from_array(numpy.array(1, numpy.int64), "step")
    graph.graph.initializer.append(step)
    data = graph.SerializeToString()
    folder = write_model(tmp_path / "model", own_settings(max_length=8, overlap=2), graph=data)
    assert load_model(folder).name == "tiny-test"
    folder = write_model(tmp_path / "model", own_settings(max_length=9, overlap=2), graph=data)
    refused(folder, "but not beside one of 9 tokens")


def test_outputs_of_the_wrong_shape(tmp_path: Path) -> None:
    graph = onnx.load_from_string(make_graph(heat=True))
    graph.graph.output[-1].CopyFrom(
        helper.make_tensor_value_info("heat", onnx.TensorProto.FLOAT, ["batch"])
    )
    refused(
        write_model(tmp_path / "model", graph=graph.SerializeToString()), "of shape (batch, 1)"
    )


# What a caller may name


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": b"calmtone-small"}, "model must be a string or a path, not bytes"),
        ({"model": 5}, "model must be a string or a path, not int"),
        ({"model": "calmtone-small", "revision": 5}, "revision must be a string, not int"),
        ({"labels": "toxic=hostility"}, "labels must be a mapping"),
        ({"labels": [("toxic", "hostility")]}, "labels must be a mapping"),
    ],
)
def test_arguments_of_the_wrong_type(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        load_model(**options)
    with pytest.raises(TypeError, match=message):
        Analyzer(**options)


@pytest.mark.parametrize("labels", [{"rude": ["hostility"]}, {"rude": 5}, {"rude": "anger"}])
def test_a_caller_is_told_of_the_callers_labels(tmp_path: Path, labels: Any) -> None:
    folder = write_model(tmp_path / "model", config=NAMES)
    refused(folder, "in labels ", labels={**labels, "*": None})
    refused(folder, "which labels names", labels={5: "hostility", "*": None})


@pytest.mark.parametrize("name", ["x" * 5_000, "x" * 300 + "/y", "/" + "x" * 5_000, "a\0b"])
def test_names_that_no_folder_can_have(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match=r"there is no model|no name of a model"):
        load_model(name)
    with pytest.raises(ModelError, match="there is no folder"):
        load_model(Path(name))


def test_a_path_is_a_folder_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("acme/toxic", "models/foo", "calmtone-small", "small"):
        with pytest.raises(ModelError, match="there is no folder"):
            load_model(Path(name))
        write_model(tmp_path / name, own_settings(name="my-own"))
        assert load_model(Path(name)).name == "my-own"
        assert Analyzer(model=Path(name)).engine.model.startswith("my-own ")  # type: ignore[union-attr]


# All files count


def test_weights_beside_the_model_are_in_its_hash(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model", graph=make_graph(external="weights.bin"))
    (folder / "weights.bin").write_bytes(table_bytes())
    first = load_model(folder)
    (folder / "weights.bin").write_bytes(bytes(len(table_bytes())))
    assert load_model(folder).hash != first.hash
    settings = own_settings()
    settings["sha256"] = {"weights.bin": "0" * 64}
    (folder / "calmtone.json").write_text(json.dumps(settings))
    refused(folder, "weights.bin is damaged: its sha256 is")


@pytest.mark.parametrize("location", ["a\0b", "x" * 5_000, "\0"])
def test_locations_that_no_file_can_have(tmp_path: Path, location: str) -> None:
    folder = write_model(tmp_path / "model", graph=make_graph(external=location))
    with pytest.raises(ModelError, match=r"outside of its folder|which is not there"):
        load_model(folder)


def test_a_model_in_a_folder_of_its_own(tmp_path: Path) -> None:
    folder = write_model(
        tmp_path / "model", own_settings(model="int8/model.onnx"), hashes=False
    )
    refused(folder, "names 'int8/model.onnx' as the model, and there is no such file")
    (folder / "int8").mkdir()
    (folder / "model.onnx").rename(folder / "int8" / "model.onnx")
    assert load_model(folder).name == "tiny-test"


# Checks and labels


def test_checks_speak_of_the_models_own_labels(tmp_path: Path) -> None:
    check = {"tolerance": 0.02, "texts": [["You idiot.", [2.0, -2.0, -3.0]]]}
    folder = write_model(tmp_path / "model", own_settings(check=check))
    model = load_model(folder, labels={"hostility": "empathy", "*": None})
    [found] = model.read([document_of("You idiot.")])
    assert found.logits == [None, None, pytest.approx(2.0)]


def test_labels_that_exclude_each_other_cannot_all_be_the_same(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model", config=NAMES)
    refused(folder, "all of them stand for hostility", labels={"*": "hostility"})
    several = {**NAMES, "problem_type": "multi_label_classification"}
    folder = write_model(tmp_path / "several", config=several)
    assert load_model(folder, labels={"*": "hostility"}).name == "several"
