"""Labels of the public sets, each as columns of its own: "uncivil" differs between sets."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable

from benchmarks.fit.corpus import data_root


def read_rows(path: str, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a table under `raw/`."""
    csv.field_size_limit(10**8)
    where = data_root() / "raw" / path
    with where.open(encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def paradetox_pairs() -> list[tuple[str, str]]:
    """Toxic texts and their neutral versions."""
    rows = read_rows("paradetox/paradetox/paradetox.tsv", "\t")
    return [(row["toxic"], row["neutral1"]) for row in rows if row["neutral1"]]


Labelled = list[tuple[str, dict[str, float]]]


def _goemotions() -> Labelled:
    root = data_root() / "raw" / "goemotions" / "data" / "original"
    names = (root / "labels.txt").read_text(encoding="utf-8").split()
    found = []
    with (root / "train.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            text, labels, _ = line.rstrip("\n").split("\t")
            chosen = set(map(int, labels.split(",")))
            found.append(
                (text, {f"emotion/{n}": float(i in chosen) for i, n in enumerate(names)})
            )
    return found


def _paradetox() -> Labelled:
    found = []
    for toxic, neutral in paradetox_pairs():
        found += [(toxic, {"paradetox": 1.0}), (neutral, {"paradetox": 0.0})]
    return found


def _github() -> Labelled:
    """Uncivil comments (Ehsani et al. 2024), and the common ways of being so."""
    found = []
    for row in read_rows("gh_incivility_vcu/dataset/annotated_comment_level.csv"):
        label = row["tbdf"].lower()
        aux = {"github": float(label != "none")}
        for part in ("frustration", "impatience", "insult", "mocking"):
            aux[f"github/{part}"] = float(part in label)
        found.append((row["comment_body"], aux))
    return found


def _wiki() -> Labelled:
    rows = read_rows("context_toxicity/data/CAT_SMALL/cat_small.csv")
    return [
        (row["text"], {"wiki": (float(row["label_oc"]) + float(row["label_ic"])) / 2})
        for row in rows
    ]


def _convabuse() -> Labelled:
    found = []
    for row in read_rows("convabuse/2_splits/ConvAbuseEMNLPtrain.csv"):
        votes = {
            level: sum(
                row[name] == "1"
                for name in row
                if name.endswith(f"is_abuse.{level}") and name.startswith("Annotator")
            )
            for level in (1, 0, -1, -2, -3)
        }
        abuse = votes[-1] + votes[-2] + votes[-3]
        if sum(votes.values()):
            found.append((row["user"], {"convabuse": abuse / sum(votes.values())}))
    return found


def _flag(path: str, text: str, label: str, yes: str, name: str) -> Callable[[], Labelled]:
    def read() -> Labelled:
        return [(row[text], {name: float(row[label] == yes)}) for row in read_rows(path)]

    return read


def _fox() -> Labelled:
    path = data_root() / "raw" / "fox_news" / "fox-news-comments.json"
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [(row["text"], {"fox": float(row["label"])}) for row in rows]


def _casino() -> Labelled:
    path = data_root() / "raw" / "casino" / "data" / "split" / "casino_train.json"
    names = ("showing-empathy", "other-need", "self-need", "small-talk", "uv-part")
    return [
        (text, {f"casino/{name}": float(name in labels.split(",")) for name in names})
        for dialogue in json.loads(path.read_text(encoding="utf-8"))
        for text, labels in dialogue["annotations"]
    ]


def _empathic() -> Labelled:
    return [
        (
            row["essay"],
            {name: (float(row[name]) - 1) / 6 for name in ("empathy", "distress")},
        )
        for row in read_rows("empathic_reactions/data/responses/data/messages.csv")
    ]


_WHATABOUT = "whataboutism/data_split/"
AUXILIARY: dict[str, Callable[[], Labelled]] = {
    "goemotions": _goemotions,
    "paradetox": _paradetox,
    "gh_incivility": _github,
    "wiki": _wiki,
    "convabuse": _convabuse,
    "fox": _fox,
    "casino": _casino,
    "empathic": _empathic,
    "surge": _flag("surge_toxicity/toxicity_en.csv", "text", "is_toxic", "Toxic", "surge"),
    "strudel": _flag(
        "strudel/data/training/train_comments.csv", "text", "toxicity", "y", "strudel"
    ),
    "whataboutism/youtube": _flag(
        _WHATABOUT + "youtube_data_1645_sim_idx_train.csv",
        "Comment",
        "Label",
        "1",
        "whataboutism",
    ),
    "whataboutism/twitter": _flag(
        _WHATABOUT + "twitter_data_1204_train.csv", "Tweet", "Label", "1", "whataboutism"
    ),
}
