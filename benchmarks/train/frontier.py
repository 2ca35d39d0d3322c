"""Size, speed and quality of networks: `python -m benchmarks.train.frontier --data DIR RUN …`.

Writes benchmarks/results/model-frontier.json and docs/model-frontier.svg. Every run is the
folder that `training` or `distil` left, the first one the shipped model's. All networks and
one of BERT-base's size are timed in turns, on one thread, so that other work on the machine
meets them alike; the fastest call of each counts. AUC is that of the network alone, as
exported, on the dev split, texts cut to one window. Nothing is fitted here.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .card import DOCS, table

RESULTS = Path(__file__).parents[1] / "results" / "model-frontier.json"
PLOT = "model-frontier.svg"
TOKENS, BATCH, ROUNDS = 64, 32, 30
BLOCK = 32  # weights of four bits that share a scale
MICROSOFT = "com.microsoft"
LEAST_WIDE = 256  # narrower networks get the graph of `compact`
KINDS = {"messages": "messages", "real": "real texts"}
COLOURS = {"int8": "#2b6cb0", "int4": "#b7791f", "fp32": "#718096"}


def main() -> None:
    """Measure all runs, and write the results and the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="timed calls of each")
    parser.add_argument("runs", type=Path, nargs="+", help="folders, the shipped run first")
    options = parser.parse_args()
    os.environ["CALMTONE_DATA"] = str(options.data.resolve())
    report = measure(options.runs, options.rounds)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (DOCS / PLOT).write_text(plot(report), encoding="utf-8")


def measure(runs: Sequence[Path], rounds: int = ROUNDS) -> dict[str, Any]:
    """Figures of some runs, the first one also with fp32 and int4 matrices."""
    import torch

    from .distil import load_run
    from .encoder import Reader
    from .examples import rated
    from .export import export
    from .starting import records

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary) / "base.onnx"
        # Random weights cost the same; few word pieces, since they cost no time.
        export(Reader(1000, 128, 3, 3, 1, width=768, heads=12, inner=3072, layers=12), base)
        paths: dict[str, Path] = {"BERT-base": base}
        points = []
        for number, run in enumerate(runs):
            network = load_run(run)
            layers, width = len(network.layers), network.words.embedding_dim
            last = records(run)[-1]
            for weights in ("int8", "int4", "fp32") if number == 0 else ("int8",):
                name = (
                    f"{layers} × {width}, {weights}" if layers else f"bag of {width}, {weights}"
                )
                paths[name] = Path(temporary) / f"{len(paths)}.onnx"
                _write(network, run, paths[name], weights)
                size = paths[name].stat().st_size + (run / "tokenizer.json").stat().st_size
                point = {
                    "name": name,
                    "layers": layers,
                    "width": width,
                    "weights": weights,
                    "megabytes": round(size / 1e6, 2),
                    "shipped": number == 0 and weights == "int8",
                    "steps": last["steps"],
                    "minutes": last["minutes"],
                    "auc": _auc(paths[name], run, network.places.num_embeddings, rated("dev")),
                }
                print(json.dumps(point), flush=True)
                points.append(point)
        times = speed(paths, rounds)
    slowest = times.pop("BERT-base")
    for point in points:
        point |= times[point["name"]]
        for key in ("one_ms", "batch_ms"):
            point["times_" + key.removesuffix("_ms")] = round(slowest[key] / point[key], 1)
    return {
        "tokens": TOKENS,
        "batch": BATCH,
        "rounds": rounds,
        "base": slowest,
        "points": points,
    }


def _write(network: Any, run: Path, path: Path, weights: str) -> None:
    """The graph of a network with int8, int4 or fp32 matrices."""
    import onnx
    from tokenizers import Tokenizer

    from benchmarks.fit.corpus import mask

    from .compact import export_compact
    from .examples import rated
    from .export import _head_products, export, export_small, fuse
    from .finish import SMOOTHED_EVERY
    from .targets import encode

    if weights == "int8":
        tokenizer = Tokenizer.from_file(str(run / "tokenizer.json"))
        texts = [mask(item.text) for item in rated("train")[::SMOOTHED_EVERY]]
        rows = [row.ids for row in encode(tokenizer, texts, network.places.num_embeddings)]
        narrow = network.words.embedding_dim < LEAST_WIDE
        (export_compact if narrow else export_small)(network, path, rows)
        return
    export(network, path)
    if weights == "int4":
        graph = onnx.load(path)
        four_bits(graph, _head_products(graph))
        onnx.save(graph, path)
    fuse(path)


def four_bits(graph: Any, without: Sequence[str]) -> int:
    """Give products weights of four bits, with a scale for 32 of them, in place.

    Args:
        graph: an ONNX model whose products have fp32 matrices.
        without: names of products that stay as they are.

    Returns:
        How many products there were.
    """
    import numpy as np
    from onnx import helper, numpy_helper

    tables = {tensor.name: tensor for tensor in graph.graph.initializer}
    found = 0
    for place, node in enumerate(graph.graph.node):
        if node.op_type != "MatMul" or node.name in without or node.input[1] not in tables:
            continue
        matrix = numpy_helper.to_array(tables[node.input[1]])
        rows, columns = matrix.shape
        blocks = matrix.T.reshape(columns, rows // BLOCK, BLOCK)
        scales = np.maximum(np.abs(blocks).max(-1), 1e-8) / 7
        small = (np.round(blocks / scales[..., None]) + 8).clip(0, 15).astype(np.uint8)
        names = [f"{node.input[1]}_{part}" for part in ("int4", "scale")]
        packed = small[..., 0::2] | small[..., 1::2] << 4
        for name, value in zip(names, (packed, scales.reshape(-1)), strict=True):
            graph.graph.initializer.append(numpy_helper.from_array(value, name))
        made = helper.make_node(
            "MatMulNBits",
            [node.input[0], *names],
            list(node.output),
            node.name,
            domain=MICROSOFT,
            K=rows,
            N=columns,
            bits=4,
            block_size=BLOCK,
            accuracy_level=4,
        )
        graph.graph.node[place].CopyFrom(made)
        found += 1
    used = {name for node in graph.graph.node for name in node.input}
    for name in tables.keys() - used:
        graph.graph.initializer.remove(tables[name])
    if MICROSOFT not in {one.domain for one in graph.opset_import}:
        graph.opset_import.append(helper.make_opsetid(MICROSOFT, 1))
    return found


def speed(paths: Mapping[str, Path], rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds for a text of 64 tokens, alone and in batches of 32, and for loading."""
    import numpy as np

    from .export import feed
    from .timing import _session

    found: dict[str, dict[str, float]] = {}
    sessions = {}
    for name, path in paths.items():
        start = time.perf_counter()
        sessions[name] = _session(path)
        found[name] = {"load_ms": round((time.perf_counter() - start) * 1e3, 1)}
    rng = np.random.default_rng(0)
    one, many = (feed(rng.integers(5, 999, (texts, TOKENS))) for texts in (1, BATCH))
    best = {name: [math.inf, math.inf] for name in paths}
    for turn in range(rounds):
        for name, session in sessions.items():
            for place, given in enumerate((one, many)):
                if place and turn % 6:
                    continue  # a batch takes long
                start = time.perf_counter()
                session.run(None, given)
                spent = time.perf_counter() - start
                best[name][place] = min(best[name][place], spent)
    for name, (alone, together) in best.items():
        found[name] |= {
            "one_ms": round(alone * 1e3, 3),
            "batch_ms": round(together * 1e3 / BATCH, 3),
        }
    return found


def _auc(path: Path, run: Path, length: int, dev: Sequence[Any]) -> dict[str, list[float]]:
    """AUC by dimension on the messages and the real texts of the dev split."""
    import numpy as np
    from tokenizers import Tokenizer

    from benchmarks.fit.corpus import mask
    from benchmarks.suite.metrics import auc, tally

    from .export import run as outputs
    from .targets import encode
    from .timing import _session

    tokenizer = Tokenizer.from_file(str(run / "tokenizer.json"))
    rows = [row.ids for row in encode(tokenizer, [mask(i.text) for i in dev], length)]
    logits = np.array([found[0] for found in outputs(_session(path), rows)])
    figures = {}
    for kind, title in KINDS.items():
        places = [i for i, item in enumerate(dev) if item.kind == kind]
        values = [
            auc(tally([dev[i].ratings[k] >= 2 for i in places], logits[places, k]))[0]
            for k in range(3)
        ]
        figures[title] = [round(float(value), 4) for value in values]
    return figures


def block(report: Mapping[str, Any]) -> str:
    """The table of the model card."""
    rows = []
    for point in sorted(report["points"], key=lambda row: -row["megabytes"]):
        name = f"**{point['name']}** (shipped)" if point["shipped"] else point["name"]
        figures = [
            " / ".join(f"{value:.3f}" for value in point["auc"][title])
            for title in KINDS.values()
        ]
        rows.append(
            (
                name,
                f"{point['megabytes']:.1f}",
                f"{point['one_ms']:.2f} ({point['times_one']:.0f} times)",
                f"{point['batch_ms']:.2f} ({point['times_batch']:.0f} times)",
                *figures,
            )
        )
    head = ("layers × width", "MB", "ms, one text", f"ms, in batches of {report['batch']}")
    return table((*head, *(f"AUC, {title}" for title in KINDS.values())), rows)


def plot(report: Mapping[str, Any]) -> str:
    """Time for a text against mean AUC, as SVG; the area of a dot is the size of the files."""
    size, gap, left, top, room = 300, 70, 52, 34, 24
    width, height = left + 2 * size + gap + 30, top + size + 48
    points = report["points"]
    slow, fast = (
        math.log10(max(p["one_ms"] for p in points) * 1.8),
        math.log10(min(p["one_ms"] for p in points) / 1.8),
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11" role="img">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for column, title in enumerate(KINDS.values()):
        x0 = left + column * (size + gap)
        values = [sum(point["auc"][title]) / 3 for point in points]
        low, high = math.floor(min(values) * 50) / 50, math.ceil(max(values) * 50 + 0.2) / 50
        parts += [
            f'<text x="{x0}" y="{top - 12}" font-weight="bold">{title}: mean AUC</text>',
            f'<rect x="{x0}" y="{top}" width="{size}" height="{size}" fill="none" '
            'stroke="#999"/>',
        ]

        def across(ms: float, x0: int = x0) -> float:
            share = (math.log10(ms) - fast) / (slow - fast)
            return x0 + room + share * (size - 2 * room)

        def down(value: float, low: float = low, high: float = high) -> float:
            return top + size - room - (value - low) / (high - low) * (size - 2 * room)

        for step in range(round((high - low) * 50) + 1):
            value, y = low + step / 50, down(low + step / 50)
            parts += [
                f'<line x1="{x0}" x2="{x0 + size}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eee"/>',
                f'<text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.2f}</text>',
            ]
        for ms in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50):
            if fast <= math.log10(ms) <= slow:
                parts.append(
                    f'<text x="{across(ms):.1f}" y="{top + size + 16}" '
                    f'text-anchor="middle">{ms:g}</text>'
                )
        parts.append(
            f'<text x="{x0 + size / 2}" y="{top + size + 36}" text-anchor="middle">'
            f"ms for a text of {report['tokens']} tokens, one thread</text>"
        )
        for point, value in zip(points, values, strict=True):
            x, y = across(point["one_ms"]), down(value)
            radius = 2.2 * math.sqrt(point["megabytes"])
            parts += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" '
                f'fill="{COLOURS[point["weights"]]}" fill-opacity=".55"/>',
                f'<text x="{x:.1f}" y="{y - radius - 3:.1f}" text-anchor="middle" '
                f'font-size="9">{point["name"]}, {point["megabytes"]:.1f} MB</text>',
            ]
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    main()
