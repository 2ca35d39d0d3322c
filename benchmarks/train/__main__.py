"""From data to shipped files: `python -m benchmarks.train --data DIR --base DIR --out DIR`.

Steps, each of which is taken up where it stopped: a teacher's soft labels
(`benchmarks.fit.teacher`), training, the rules' log-odds of the calibration part, export and
calibration, evaluation, and with `--ship` the package's folder and docs/model.md. What the
steps leave lies in `--out`. Training starts from the base encoder, or with `--start` from the
run in another folder; which runs stand behind the weights is written into `calmtone.json`.
With `--refit` nothing is trained: the numbers of the model that lies there are fitted again,
and the rest follows.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

from calmtone.resources import DATA

# Threads that wait must not spin: with other work on the machine that halves the speed.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

NAME = "calmtone-small"
RESULTS = Path(__file__).parents[1] / "results"


def main() -> None:
    """Run what is not done yet."""
    options = _options()
    os.environ["CALMTONE_DATA"] = str(options.data.resolve())
    # After the environment is set: torch reads it when imported.
    import torch

    from benchmarks.fit.corpus import load_more_ratings

    from . import card, package
    from .evaluation import evaluate
    from .examples import corpus, rated
    from .finish import finish, fit_again
    from .rule_scores import held_out_log_odds
    from .starting import average
    from .training import Settings, train

    torch.set_num_threads(options.threads)
    out: Path = options.out
    results = out / "results.json"
    soft = options.soft or out / "soft.jsonl"
    rules = out / "rules.json"
    if not (soft.exists() or (options.refit and rules.exists())):
        command = [sys.executable, "-m", "benchmarks.fit.teacher"]
        arguments = ["--base", str(options.base), "--out", str(out / "soft.jsonl")]
        subprocess.run([*command, *arguments], check=True)
    if not rules.exists():
        items, log_odds = held_out_log_odds(soft)
        rows = {i.id: row for i, row in zip(items, log_odds.tolist(), strict=True)}
        rules.write_text(json.dumps(rows), encoding="utf-8")
    log_odds_of = json.loads(rules.read_text(encoding="utf-8"))
    folder = out / NAME
    if options.refit:
        gap = json.loads(results.read_text(encoding="utf-8"))["int8"]
        fit_again(folder, log_odds_of)
    else:
        settings = replace(
            Settings(),
            **{
                field.name: getattr(options, field.name)
                for field in fields(Settings)
                if getattr(options, field.name) is not None
            },
        )
        learned = corpus(soft, load_more_ratings())
        run_folder = out / "run"
        folders = [out / f"run-{n}" for n in range(settings.branches)]
        for number, branch in enumerate(folders if len(folders) > 1 else [run_folder]):
            own = replace(settings, seed=settings.seed + number)
            network = train(options.base, options.start, learned, own, branch, rated("dev"))
        if len(folders) > 1:
            network.load_state_dict(average(folders, run_folder))
        gap = finish(
            network,
            run_folder,
            folder,
            name=NAME,
            settings=settings,
            sets=learned.sets,
            rules=log_odds_of,
        )
    report = {"int8": gap, **evaluate(folder)}
    text = json.dumps(report, indent=1) + "\n"
    results.write_text(text, encoding="utf-8")
    if options.ship:
        package.copy(folder, Path(DATA, "models", NAME))
        (RESULTS / f"model-{NAME}.json").write_text(text, encoding="utf-8")
        card.write(report)


def _options() -> argparse.Namespace:
    from .settings import Settings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--out", type=Path, required=True, help="where everything goes")
    parser.add_argument("--soft", type=Path, help="soft labels that are there already")
    parser.add_argument("--start", type=Path, help="folder of a run to go on from, or weights")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--refit", action="store_true", help="fit the numbers only, again")
    parser.add_argument("--ship", action="store_true", help="write into the package and docs")
    for field in fields(Settings):
        kind = type(field.default)
        flag = "--" + field.name.replace("_", "-")
        parser.add_argument(flag, type=kind, help=f"default {field.default}")
    return parser.parse_args()


if __name__ == "__main__":
    main()
