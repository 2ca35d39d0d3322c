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

from tiny_model import make_graph, own_settings, table_bytes, write_model

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
        ({"calibration": {"hostility": {"slope": 0, "intercept": 0}}}, "is not above 0"),
        ({"calibration": {"hostility": {"intercept": 0}}}, "has no key 'slope'"),
        ({"max_length": 4, "overlap": 3}, "leave no room for a text"),
        ({"max_length": "long"}, "calmtone.json is wrong"),
        ({"activation": "tanh"}, "neither 'sigmoid' nor 'softmax'"),
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
        ({"id2label": {"x": "a"}}, "is wrong"),
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
