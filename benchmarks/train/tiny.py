"""The small tier, calmtone-tiny, from a trained run to shipped files.

`python -m benchmarks.train.tiny --data DIR --run DIR --soft FILE --rules FILE --out DIR`: the
run's network reads every text of the corpus (`lessons`), a small one learns what it made of
them (`distil`), and its graph is written (`compact`), calibrated and measured beside the
shipped model. Every step is taken up where it stopped. `--ship` puts the files into the
package, unless a figure is more than .02 below the shipped model's.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from calmtone.resources import DATA

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

NAME, LARGE = "calmtone-tiny", "calmtone-small"
RESULTS = Path(__file__).parents[1] / "results"
SLACK = 0.02
GROUPS = ("messages", "real texts")
# How often a pass draws a text; one that nobody and nothing has rated least often.
OFTEN = {"messages": 3.0, "real": 1.5, "soft": 1.0}
SELDOM = 0.5


def main() -> None:
    """Run what is not done yet."""
    options = _options()
    os.environ["CALMTONE_DATA"] = str(options.data.resolve())
    import torch
    from tokenizers import Tokenizer

    from benchmarks.fit.corpus import load_more_ratings

    from .distil import Settings, distil, load_run, student, targets
    from .examples import RATED, corpus
    from .lessons import teach
    from .targets import encode

    torch.set_num_threads(options.threads)
    given = {field.name: getattr(options, field.name) for field in fields(Settings)}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    learned = corpus(options.soft, load_more_ratings())
    tokenizer = Tokenizer.from_file(str(options.run / "tokenizer.json"))
    texts = [example.text for example in learned.examples]
    rows = [row.ids for row in encode(tokenizer, texts, settings.length)]
    out: Path = options.out
    run = out / "run"
    run.mkdir(parents=True, exist_ok=True)
    (run / "tokenizer.json").write_bytes((options.run / "tokenizer.json").read_bytes())
    if not (run / "final.pt").exists():
        rated = [i for i, example in enumerate(learned.examples) if example.kind in RATED]
        lessons = teach(load_run(options.run), rows, out / "lessons", first=rated)
        state = torch.load(options.run / "final.pt", weights_only=True)
        often = [OFTEN.get(example.kind, SELDOM) for example in learned.examples]
        wanted = targets(lessons, learned.examples)
        made = student(state, settings)
        distil(made, lessons, wanted, often, settings, run, teacher=options.run)
    report = finish(run, out / NAME, learned.sets, options.rules)
    write(report, out / NAME, out, ship=options.ship)


def finish(run: Path, folder: Path, sets: dict[str, int], rules: Path) -> dict[str, Any]:
    """Write and calibrate the model folder of a run; its figures beside the shipped ones.

    Args:
        run: what `distil` left, with the tokenizer.
        folder: to write.
        sets: texts by training set.
        rules: log-odds of the calibration items by rules fitted without them.
    """
    from . import finish as whole
    from .compact import export_compact
    from .distil import load_run
    from .package import folder_size
    from .settings import Settings
    from .timing import speed

    network = load_run(run)
    settings = Settings(
        layers=len(network.layers),
        width=network.words.embedding_dim,
        length=network.places.num_embeddings,
    )
    gap = whole.finish(
        network,
        run,
        folder,
        name=NAME,
        settings=settings,
        sets=sets,
        rules=json.loads(rules.read_text(encoding="utf-8")),
        reads_replies=False,
        write=export_compact,
    )
    return {
        "int8": gap,
        "dev": _dev(folder),
        "large": _dev(Path(DATA, "models", LARGE)),
        "model": json.loads((folder / "calmtone.json").read_text(encoding="utf-8")),
        "size": folder_size(folder),
        "speed": speed(folder),
    }


def _dev(folder: Path) -> dict[str, Any]:
    """Figures of a model folder on the dev split, alone and with the rules."""
    from .evaluation import SYSTEMS, dev_figures
    from .examples import rated
    from .reading import Reader

    reader = Reader(folder)
    dev = rated("dev")
    found = reader.read([item.text for item in dev])
    return {system: dev_figures(dev, found.scores(reader.model, system)) for system in SYSTEMS}


def short(report: Mapping[str, Any]) -> list[str]:
    """The figures in which the small tier is too far below the large one.

    Args:
        report: with the dev figures of both, `dev` and `large`.
    """
    found = []
    for system in ("model", "blend"):
        for dimension, figures in report["large"][system].items():
            for group in GROUPS:
                ours = _auc(report["dev"][system][dimension][group])
                theirs = _auc(figures[group])
                if theirs - ours > SLACK:
                    found.append(f"{system}, {group}, {dimension}: {ours:.3f} of {theirs:.3f}")
    return found


def _auc(figures: Mapping[str, Any]) -> float:
    value: float | Sequence[float] = figures["auc"]
    return float(value[0] if isinstance(value, (list, tuple)) else value)


def write(report: Mapping[str, Any], folder: Path, out: Path, *, ship: bool) -> None:
    """Keep the figures; ship the folder if asked to and if it is good enough.

    Raises:
        SystemExit: it is not good enough.
    """
    from . import package

    lacking = short(report)
    text = json.dumps({"short": lacking, **report}, indent=1) + "\n"
    (out / "results.json").write_text(text, encoding="utf-8")
    if not ship:
        return
    (RESULTS / f"model-{NAME}.json").write_text(text, encoding="utf-8")
    of_blend = [line for line in lacking if line.startswith("blend")]
    if of_blend:
        raise SystemExit("not shipped, too far below the large one:\n" + "\n".join(of_blend))
    package.copy(folder, Path(DATA, "models", NAME))


def _options() -> argparse.Namespace:
    from .distil import Settings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--run", type=Path, required=True, help="folder of the large run")
    parser.add_argument("--soft", type=Path, required=True, help="soft labels")
    parser.add_argument("--rules", type=Path, required=True, help="rules.json of the large one")
    parser.add_argument("--out", type=Path, required=True, help="where everything goes")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--ship", action="store_true", help="write into the package")
    for field in fields(Settings):
        flag = "--" + field.name.replace("_", "-")
        parser.add_argument(flag, type=type(field.default), help=f"default {field.default}")
    return parser.parse_args()


if __name__ == "__main__":
    main()
