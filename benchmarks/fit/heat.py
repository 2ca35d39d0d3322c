"""Fits what the shipped model adds to heat: `python -m benchmarks.fit.heat`.

To be run after the model is trained, and after `benchmarks.fit.replies`. Heat beside a model
is one ridge regression on the signs of a message (`replies`) and on the vector that the
network makes of it: the mean, over its tokens, of what one of the layers gives out. What the
vector adds becomes a further output of the graph, `heat`; the weights of signs are written to
`heat.json`. Middle layers tell more of what is at stake than the last one, which is all about
the tone (of the out-of-fold figures, those of the fourth of six were best).

The figures are out-of-fold, folds grouped by the message.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from scipy.sparse import csr_matrix, hstack
from scipy.stats import spearmanr
from sklearn.linear_model import Ridge
from tokenizers import Tokenizer

from benchmarks.train import package
from benchmarks.train.sessions import one_thread
from calmtone.onnx.session import HEAT, INPUTS
from calmtone.resources import DATA

from .corpus import mask
from .replies.__main__ import side
from .replies.figures import FOLDS, fold_of
from .replies.fitting import Columns, Field, Settings
from .replies.pairs import Array, Features, Pair, load_pairs
from .replies.vectors import word_vectors

MODEL = Path(DATA, "models", "calmtone-small")
TARGET = Path(DATA, "en", "heat.json")
PLACE = 0.6  # which layer, as a share of their number
SPREAD = 0.12  # of a channel of the vector, in the mean, beside signs that are 0 or 1
STRENGTH = 20.0  # of the ridge


def layer_of(graph: onnx.GraphProto) -> str:
    """The output of the layer whose vector is read.

    Raises:
        ValueError: the graph is not one of `benchmarks.train`.
    """
    ends = [
        output
        for node in graph.node
        for output in node.output
        if node.op_type == "LayerNormalization" and "last_norm" in output
    ]
    if not ends:
        raise ValueError("the graph has no layers that benchmarks.train writes")
    return ends[min(int(PLACE * len(ends)), len(ends) - 1)]


def vectors(folder: Path, texts: Sequence[str]) -> Array:
    """The vectors of texts, one a row."""
    model = onnx.load(folder / "model.onnx")
    layer = layer_of(model.graph)
    model.graph.output.append(helper.make_tensor_value_info(layer, TensorProto.FLOAT, None))
    session = one_thread(model.SerializeToString())
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    most = json.loads((folder / "calmtone.json").read_text(encoding="utf-8"))["max_length"]
    rows = []
    for text in texts:
        ids = np.array([tokenizer.encode(mask(text)).ids[:most]], dtype=np.int64)
        given = dict(zip(INPUTS, (ids, np.ones_like(ids), np.zeros_like(ids)), strict=True))
        rows.append(session.run([layer], given)[0][0].mean(0))
    return np.array(rows, dtype=float)


def with_heat(model: onnx.ModelProto, weights: Array, bias: float) -> None:
    """Give a graph the output `heat`, or other numbers if it has it.

    Args:
        model: changed in place.
        weights: of the vector, shape (width,).
        bias: the constant.
    """
    graph = model.graph
    mine = f"/{HEAT}/"
    for parts in (graph.node, graph.initializer, graph.output):
        for part in [p for p in parts if p.name.startswith(mine) or p.name == HEAT]:
            parts.remove(part)
    numbers = {
        "weights": weights.astype(np.float32)[:, None],
        "bias": np.array([bias], dtype=np.float32),
        "tokens": np.array([1], dtype=np.int64),
    }
    graph.initializer.extend(
        numpy_helper.from_array(value, mine + name) for name, value in numbers.items()
    )
    steps: list[tuple[str, list[str], str, dict[str, Any]]] = [
        ("Cast", [INPUTS[1]], "own", {"to": TensorProto.FLOAT}),
        ("MatMul", [layer_of(graph), mine + "weights"], "said", {}),
        ("Unsqueeze", [mine + "own", mine + "minus"], "column", {}),
        ("Mul", [mine + "said", mine + "column"], "heard", {}),
        ("ReduceSum", [mine + "heard", mine + "tokens"], "sum", {"keepdims": 0}),
        ("ReduceSum", [mine + "column", mine + "tokens"], "count", {"keepdims": 0}),
        ("Div", [mine + "sum", mine + "count"], "mean", {}),
    ]
    graph.initializer.append(
        numpy_helper.from_array(np.array([2], dtype=np.int64), mine + "minus")
    )
    for kind, inputs, output, attributes in steps:
        graph.node.append(
            helper.make_node(kind, inputs, [mine + output], name=mine + output, **attributes)
        )
    graph.node.append(
        helper.make_node("Add", [mine + "mean", mine + "bias"], [HEAT], name=mine + "end")
    )
    graph.output.append(helper.make_tensor_value_info(HEAT, TensorProto.FLOAT, ["batch", 1]))


class Heat:
    """Signs and vectors to heat, fitted together.

    Args:
        pairs: what to learn from.
        seen: their vectors, one a row.
        words: vectors of words (`replies.vectors`).
    """

    def __init__(
        self, pairs: Sequence[Pair], seen: Array, words: tuple[list[str], Array]
    ) -> None:
        settings = Settings()
        rows = [pair.message for pair in pairs]
        scales = settings.heat_word_scale, settings.heat_vector_scale
        columns = Columns(rows, settings.least_texts, words, *scales)
        signs = columns.matrix(rows)
        middle, scale = seen.mean(axis=0), SPREAD / seen.std(axis=0).mean()
        weights = dict(settings.weights)
        ridge = Ridge(alpha=STRENGTH).fit(
            hstack([signs, csr_matrix((seen - middle) * scale)]).tocsr(),
            [pair.heat for pair in pairs],
            sample_weight=[weights[pair.source] for pair in pairs],
        )
        size = signs.shape[1]
        self.signs = Field(columns, ridge.coef_[:size], float(ridge.intercept_))
        self.weights: Array = ridge.coef_[size:] * scale
        self.bias = -float(middle @ self.weights)

    def values(self, pairs: Sequence[Pair], seen: Array) -> Array:
        """The heat of messages, in a reader's ratings."""
        said = self.signs.values([pair.message for pair in pairs])
        return np.asarray(said + seen @ self.weights + self.bias)


def out_of_fold(pairs: Sequence[Pair], seen: Array, words: tuple[list[str], Array]) -> Array:
    """The heat of each message by numbers fitted without its fold."""
    fold = np.array([fold_of(pair.group) for pair in pairs])
    found = np.zeros(len(pairs))
    for k in range(FOLDS):
        rest, here = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        fitted = Heat([pairs[i] for i in rest], seen[rest], words)
        found[here] = fitted.values([pairs[i] for i in here], seen[here])
    return found


def main() -> None:
    """Fit, print the figures, write the graph and the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of the model")
    parser.add_argument("--dry", action="store_true", help="print the figures, write nothing")
    options = parser.parse_args()
    warnings.simplefilter("ignore", FutureWarning)
    features = Features()
    words = word_vectors(features.words)
    agreed, single = load_pairs(features)
    once: dict[str, Pair] = {}
    for pair in [*agreed, *single]:
        once.setdefault(pair.group, pair)
    pairs = list(once.values())
    seen = vectors(options.model, [pair.group for pair in pairs])
    found = out_of_fold(pairs, seen, words)
    heats = np.array([pair.heat for pair in pairs])
    ours = np.array([pair.source == "replies" for pair in pairs])
    figures = {
        "pairs": int(ours.sum()),
        "heat_spearman": round(float(spearmanr(found[ours], heats[ours])[0]), 3),
        "others": int((~ours).sum()),
        "heat_spearman_others": round(float(spearmanr(found[~ours], heats[~ours])[0]), 3),
    }
    print(json.dumps(figures, indent=1))
    if options.dry:
        return
    fitted = Heat(pairs, seen, words)
    model = onnx.load(options.model / "model.onnx")
    with_heat(model, fitted.weights, fitted.bias)
    onnx.checker.check_model(model, full_check=False)
    onnx.save(model, options.model / "model.onnx")
    settings = json.loads((options.model / "calmtone.json").read_text(encoding="utf-8"))
    package.write(options.model, settings)
    numbers = {
        "provenance": {
            "command": "python -m benchmarks.fit.heat",
            "data": "calmtone replies; calmtone contexts, pairs and heats, one reader",
            "model": settings["name"],
            "model_version": settings["version"],
            "out_of_fold": figures,
        },
        "message": side(["heat"], [fitted.signs]),
    }
    TARGET.write_text(json.dumps(numbers, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TARGET.name} and the model's graph written")


if __name__ == "__main__":
    main()
