"""Small ONNX models for tests, whose answers can be worked out by hand.

A token of `WORDS` adds its three numbers to the logits of the text, and is marked by the
token head for the dimensions where they are above 1.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

from calmtone.results import DIMENSIONS

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
WORDS: dict[str, tuple[float, float, float]] = {
    "idiot": (4.0, 0.0, -1.0),
    "useless": (3.0, 0.0, -0.5),
    "fault": (0.0, 3.0, 0.0),
    "policy": (0.0, 2.0, -0.5),
    "sorry": (-0.5, 0.5, 2.0),
    "understand": (-0.5, -0.5, 3.0),
    "##ly": (0.25, 0.0, 0.0),
    "link": (0.0, 0.0, 0.5),
    "code": (0.0, 0.0, 0.5),
}
PLAIN = "you are not our the a is i we that this it and . , ! ? ' \" t don in mail @ user"
BIAS = (-2.0, -2.0, -2.0)


def vocabulary() -> list[str]:
    return [*SPECIAL, *WORDS, *PLAIN.split(), *"abcdefghijklmnopqrstuvwxyz"]


def make_tokenizer() -> Tokenizer:
    names = dict.fromkeys(vocabulary())
    numbers = {name: number for number, name in enumerate(names)}
    tokenizer = Tokenizer(WordPiece(numbers, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return tokenizer


def make_graph(
    *,
    width: int = 3,
    tokens: bool = True,
    heat: bool = False,
    dynamic: bool = False,
    types: bool = False,
    external: str | None = None,
    fixed: bool = False,
    rank: int = 2,
    extra_input: str | None = None,
) -> bytes:
    """The model file.

    Args:
        width: columns of the logits; those after the third repeat the first three.
        tokens: whether there is a token head.
        heat: whether there is an output `heat`: the sum of the text's first numbers.
        dynamic: whether a step depends on the other rows of a batch.
        types: whether tokens of type 1 count half.
        external: where the file says that its weights are.
        fixed: whether a batch has one row always.
        rank: number of dimensions of the logits.
        extra_input: the name of one more input.
    """
    names = list(dict.fromkeys(vocabulary()))
    table = numpy.array([WORDS.get(name, (0.0, 0.0, 0.0)) for name in names], numpy.float32)
    table = numpy.tile(table, (1, width // 3 + 1))[:, :width]
    bias = numpy.tile(numpy.array(BIAS, numpy.float32), width // 3 + 1)[:width]
    weights = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(bias, "bias"),
        numpy_helper.from_array(numpy.array([1], numpy.int64), "one"),
        numpy_helper.from_array(numpy.array([2], numpy.int64), "two"),
        numpy_helper.from_array(numpy.array(0.5, numpy.float32), "half"),
        numpy_helper.from_array(numpy.array(-1.0, numpy.float32), "minus"),
        numpy_helper.from_array(numpy.array([4.0] * width, numpy.float32), "four"),
        numpy_helper.from_array(numpy.eye(width, 1, dtype=numpy.float32), "first"),
    ]
    if external is not None:
        weights[0].ClearField("raw_data")
        weights[0].data_location = TensorProto.EXTERNAL
        for key, value in (("location", external), ("length", str(table.nbytes))):
            entry = weights[0].external_data.add()
            entry.key, entry.value = key, value
    shape: list[Any] = [1 if fixed else "batch", "length"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, shape)
        for name in (
            "input_ids",
            "attention_mask",
            *(["token_type_ids"] if types else []),
            *([extra_input] if extra_input else []),
        )
    ]
    node = helper.make_node
    nodes = [
        node("Gather", ["table", "input_ids"], ["each"]),
        node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["mask", "two"], ["mask3"]),
        node("Mul", ["each", "mask3"], ["seen"]),
    ]
    total = "seen"
    if types:
        nodes += [
            node("Cast", ["token_type_ids"], ["types"], to=TensorProto.FLOAT),
            node("Mul", ["types", "half"], ["halved"]),
            node("Mul", ["halved", "minus"], ["less"]),
            node("Unsqueeze", ["less", "two"], ["less3"]),
            node("Mul", ["seen", "less3"], ["off"]),
            node("Add", ["seen", "off"], ["weighed"]),
        ]
        total = "weighed"
    nodes.append(node("ReduceSum", [total, "one"], ["summed"], keepdims=0))
    if dynamic:
        nodes += [
            node("DynamicQuantizeLinear", ["summed"], ["bytes", "scale", "zero"]),
            node("DequantizeLinear", ["bytes", "scale", "zero"], ["rounded"]),
            node("Add", ["rounded", "bias"], ["logits"]),
        ]
    else:
        nodes.append(node("Add", ["summed", "bias"], ["logits"]))
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", width])]
    if rank == 3:
        nodes[-1].output[0] = "flat"
        nodes.append(node("Unsqueeze", ["flat", "one"], ["logits"]))
        outputs = [
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 1, width])
        ]
    if tokens:
        nodes += [
            node("Mul", ["each", "four"], ["steep"]),
            node("Sub", ["steep", "four"], ["token_logits"]),
        ]
        outputs.append(
            helper.make_tensor_value_info(
                "token_logits", TensorProto.FLOAT, ["batch", "length", width]
            )
        )
    if heat:
        nodes.append(node("MatMul", ["summed", "first"], ["heat"]))
        outputs.append(helper.make_tensor_value_info("heat", TensorProto.FLOAT, ["batch", 1]))
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initializer=weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    if external is None:
        onnx.checker.check_model(model)
    data: bytes = model.SerializeToString()
    return data


def table_bytes(width: int = 3) -> bytes:
    """The content of the file that `make_graph(external=…)` speaks of."""
    names = list(dict.fromkeys(vocabulary()))
    table = numpy.array([WORDS.get(name, (0.0, 0.0, 0.0)) for name in names], numpy.float32)
    return numpy.tile(table, (1, width // 3 + 1))[:, :width].tobytes()


def own_settings(**changes: Any) -> dict[str, Any]:
    """A `calmtone.json` for the model."""
    numbers: dict[str, Any] = {
        "schema": 1,
        "name": "tiny-test",
        "version": "1",
        "license": "MIT",
        "summary": "A model for tests.",
        "labels": list(DIMENSIONS),
        "token_labels": [{"name": name, "dimension": name} for name in DIMENSIONS],
        "pad_id": 0,
        "max_length": 16,
        "overlap": 4,
        "mask": True,
        "reads_reply_to": False,
        "batch_invariant": True,
        "windows": "max",
        "calibration": {name: {"slope": 0.8, "intercept": 0.1} for name in DIMENSIONS},
        "blend": {name: {"intercept": 0.2, "model": 0.7, "rules": 0.4} for name in DIMENSIONS},
        "spans": {
            name: {"threshold": 0.5, "join": 1, "least_chars": 3, "least_score": 0.1}
            for name in DIMENSIONS
        },
    }
    numbers.update(changes)
    return {key: value for key, value in numbers.items() if value is not None}


def write_model(
    folder: Path,
    settings: dict[str, Any] | None = None,
    *,
    config: dict[str, Any] | None = None,
    graph: bytes | None = None,
    hashes: bool = True,
) -> Path:
    """A folder with a model.

    Args:
        folder: where; it is made.
        settings: `calmtone.json`; without it and `config` that of `own_settings`.
        config: `config.json`, as models of the Hub have one.
        graph: the model file, by default `make_graph()`.
        hashes: whether `calmtone.json` states them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(make_graph() if graph is None else graph)
    make_tokenizer().save(str(folder / "tokenizer.json"))
    if settings is None and config is None:
        settings = own_settings()
    if config is not None:
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    if settings is not None:
        if hashes:
            settings["sha256"] = {
                name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
                for name in ("model.onnx", "tokenizer.json")
            }
        (folder / "calmtone.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder
