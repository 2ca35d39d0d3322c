"""Soft labels for the rule engine's lexicon: `python -m benchmarks.fit.labels`.

`--teacher FILE` is what `benchmarks.fit.teacher` wrote. The shipped model rates the texts
of `--sets` among them as well, and short texts written for this project: the messages that
the train split answers, the sentences of its messages, and the examples of the rules. Where
both have rated a text, the mean of their log-odds counts. Neither has read the dev split,
and nothing of it is rated here.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from math import exp, log
from pathlib import Path

from calmtone.blending import model_scores
from calmtone.model import Model
from calmtone.onnx import load_model
from calmtone.resources import read_json
from calmtone.rules import built_in
from calmtone.rules.checking import unmark
from calmtone.text import Language, language_from, read

from .corpus import load_messages, load_real, mask, split

LEAST_CHARS = 13
# The sets nearest to what the library reads: people who answer each other.
SETS = (
    *("twitter_care", "receptive", "gh_incivility", "wiki", "convabuse"),
    *("empathic", "surge", "whataboutism", "premo"),
)
_BATCH = 128


def own_texts(language: Language) -> Iterator[tuple[str, str]]:
    """What was written for this project, in sentences: the writer or "examples", and text."""
    folder, _ = built_in()
    for rule in folder.rules:
        for example in (*rule.match, *rule.no_match):
            yield "examples", unmark(example)[0]
    for item in split(load_messages())[0]:
        answered = mask(item.context or "")
        yield item.source, answered
        for text in (mask(item.text), answered):
            document = read(text, language)
            if len(document.sentences) > 1:
                for sentence in document.sentences:
                    yield item.source, text[sentence.start : sentence.end]


def rate(
    model: Model, texts: Sequence[str], language: Language
) -> Iterator[tuple[str, list[float]]]:
    """The model's own scores of each text that it can read."""
    for start in range(0, len(texts), _BATCH):
        part = texts[start : start + _BATCH]
        documents = [(text, read(text, language)) for text in part]
        documents = [(text, document) for text, document in documents if document.words]
        readings = model.read([document for _, document in documents], details=False)
        for (text, _), reading in zip(documents, readings, strict=True):
            scores = [each for each in model_scores(reading.logits, model.numbers) if each]
            if len(scores) == len(reading.logits):
                yield text, scores


def _key(text: str) -> str:
    return " ".join(mask(text).lower().split())


def _mean(one: float, other: float) -> float:
    """Of two probabilities, by their log-odds."""
    odds = [log(min(max(p, 1e-4), 1 - 1e-4) / (1 - min(max(p, 1e-4), 1 - 1e-4)))
            for p in (one, other)]  # fmt: skip
    return 1 / (1 + exp(-sum(odds) / 2))


def main() -> None:
    """Rate, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sets", nargs="*", default=SETS, help="of the teacher's")
    options = parser.parse_args()
    language = language_from(read_json("en", "language.json"))
    model = load_model()
    dev = [item for items in (load_messages(), load_real()) for item in split(items)[1]]
    seen = {_key(item.text) for item in dev}
    own: dict[str, str] = {}
    for name, text in own_texts(language):
        key = _key(text)
        if len(text) >= LEAST_CHARS and key not in seen:
            seen.add(key)
            own[text] = name
    with options.teacher.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    taught = {row["text"]: row for row in rows if _key(row["text"]) not in seen}
    chosen = [text for text, row in taught.items() if row["source"] in options.sets]
    shared = dict(rate(model, chosen, language))
    with options.out.open("w", encoding="utf-8") as file:

        def write(source: str, text: str, soft: Sequence[float]) -> None:
            row = {"source": source, "text": text, "soft": [round(each, 4) for each in soft]}
            file.write(json.dumps(row) + "\n")

        for text, scores in rate(model, list(own), language):
            write(own[text], text, scores)
        for text, row in taught.items():
            soft = [part[1] for part in row["soft"]]
            if text in shared:
                soft = [_mean(a, b) for a, b in zip(soft, shared[text], strict=True)]
            write(row["source"], text, soft)


if __name__ == "__main__":
    main()
