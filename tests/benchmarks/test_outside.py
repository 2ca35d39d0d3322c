"""Ratings that name a text by its hash find it in the sets again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from benchmarks import outside
from benchmarks.fit.corpus import mask, read_rows, text_hash

LONG = "We thank the reviewer for the careful reading, and we have added the missing ablation."


def _table(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one or two texts a set."""
    monkeypatch.setenv("CALMTONE_DATA", str(tmp_path))
    (tmp_path / "calm").mkdir()
    (tmp_path / "calm/rated_texts.jsonl").write_text("", encoding="utf-8")
    raw = tmp_path / "raw"
    _table(
        raw / "ucc/corpus/val.csv",
        [{"comment": "Write to @ann, please."}, {"comment": "Not rated by anybody."}],
    )
    _table(
        raw / "epitome/dataset/emotional-reactions-reddit.csv",
        [{"response_post": "That sounds hard.", "seeker_post": "I lost my job."}],
    )
    _table(
        raw / "corrective_culture/final_data/train_results.csv",
        [{"resp_text": "Please ring the ward.", "story_text": "Nobody rang back."}],
    )
    thread = {
        "review_sentences": [{"text": "An ablation is missing."}, {"text": "Why?"}],
        "rebuttal_sentences": [
            {"text": "Dear reviewer,", "suffix": "\n\n", "alignment": ["context_global", None]},
            {"text": LONG, "suffix": "", "alignment": ["context_sentences", [0]]},
        ],
    }
    folder = raw / "disapere/DISAPERE/final_dataset/dev"
    folder.mkdir(parents=True)
    (folder / "one.json").write_text(json.dumps(thread), encoding="utf-8")
    return tmp_path


def test_rated_texts_are_found_by_their_hash(
    sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rated = {
        "ucc": "Write to @user, please.",
        "epitome": "That sounds hard.",
        "corrective_culture": "Please ring the ward.",
        "disapere": LONG,
        "gone": "A text that no set at hand holds.",
    }
    ratings = sets / "ratings.jsonl"
    ratings.write_text(
        "".join(
            json.dumps({"source": name, "hash": text_hash(text), "ratings": [0, 1, 2]}) + "\n"
            for name, text in rated.items()
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(outside, "RATINGS", ratings)
    found = {item.source: item for item in outside.load()}
    del rated["gone"]
    assert {name: item.text for name, item in found.items()} == rated
    assert {item.ratings for item in found.values()} == {(0, 1, 2)}
    assert found["disapere"].context == "An ablation is missing."
    assert found["epitome"].context == "I lost my job."
    assert found["ucc"].context is None


def test_paragraphs_of_rebuttals_have_their_length(sets: Path) -> None:
    read = [text for source, text, _ in outside.texts() if source == "disapere"]
    assert read == [LONG]  # "Dear reviewer," is too short


def test_two_raters_agree_on_the_shipped_ratings() -> None:
    found = outside.raters()
    assert found["texts"] == sum("second" in row for row in read_rows(outside.RATINGS))
    assert min(found.values()) > 0.6  # "substantial" (Landis and Koch 1977)


def test_masked_texts_are_what_is_hashed(sets: Path) -> None:
    texts = [text for source, text, _ in outside.texts() if source == "ucc"]
    assert mask(texts[0]) == "Write to @user, please."
