"""Training, the parts that need no torch: masking, batches, vocabulary, files, fits."""

import hashlib
import json
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.fit.corpus import DIMENSIONS, Item, mask
from benchmarks.train import examples, package
from benchmarks.train.auxiliary import AUXILIARY
from benchmarks.train.batches import batches, draw
from benchmarks.train.masking import mask_with_places
from benchmarks.train.vocabulary import SPECIAL, prune

TEXTS = (
    "Plain words.",
    "See https://example.org/a?b=c, @ann, or write to ann.b@example.org now",
    "@a @b",
    "",
    "www.example.org",
)


@pytest.mark.parametrize("text", TEXTS)
def test_masking_is_that_of_the_corpus_and_keeps_places(text: str) -> None:
    masked, places = mask_with_places(text)
    assert masked == mask(text)
    assert len(places) == len(masked) + 1
    assert places[-1] == len(text)
    assert places == sorted(places)


def test_masked_words_keep_their_characters() -> None:
    text = "See https://example.org, @ann, thanks"
    masked, places = mask_with_places(text)
    start = masked.index("thanks")
    assert text[places[start] : places[start + 6]] == "thanks"
    link = masked.index("link")
    assert places[link : link + 4] == [4] * 4


def test_a_draw_holds_whole_repeats_and_chances() -> None:
    drawn = Counter(draw([2.0, 0.0, 0.5] * 200, random.Random(1)))
    assert all(drawn[unit] == 2 for unit in range(0, 600, 3))
    assert not any(drawn[unit] for unit in range(1, 600, 3))
    assert 60 < sum(drawn[unit] for unit in range(2, 600, 3)) < 140


def test_batches_hold_every_unit_within_their_tokens() -> None:
    rng = random.Random(0)
    lengths = [rng.randint(3, 128) for _ in range(500)]
    counts = [rng.choice((1, 2)) for _ in range(500)]
    planned = batches(range(500), lengths, counts, 512, random.Random(3))
    assert sorted(unit for batch in planned for unit in batch) == list(range(500))
    for batch in planned:
        tokens = max(lengths[u] for u in batch) * sum(counts[u] for u in batch)
        assert len(batch) == 1 or tokens <= 512
    padded = sum(max(lengths[u] for u in b) * sum(counts[u] for u in b) for b in planned)
    assert padded < 1.2 * sum(n * c for n, c in zip(lengths, counts, strict=True))


def test_batches_are_the_same_for_the_same_seed() -> None:
    plans = [
        batches(draw([1.5] * 90, rng), [5] * 90, [1] * 90, 40, rng)
        for rng in (random.Random(4), random.Random(4), random.Random(5))
    ]
    assert plans[0] == plans[1] != plans[2]


def test_pruning_keeps_special_pieces_characters_and_the_common() -> None:
    words = [f"word{i}" for i in range(50)]
    pieces = [*SPECIAL, *"abc!", "##a", "##b", *words]
    tokenizer = {"model": {"vocab": {piece: i for i, piece in enumerate(pieces)}}}
    counts = Counter({"word40": 9, "word7": 5, "word8": 5})
    kept = prune(tokenizer, counts, len(SPECIAL) + 6 + 3)
    assert kept == [*SPECIAL, *"abc!", "##a", "##b", "word7", "word8", "word40"]


def test_the_parts_of_the_rated_texts_are_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [
        Item(str(i), f"g{i // 2}", "A", f"text {i}", None, (0, 0, 0), "messages")
        for i in range(800)
    ]
    monkeypatch.setattr(examples, "load_messages", lambda: items)
    monkeypatch.setattr(examples, "load_real", list)
    parts = [{item.id for item in examples.rated(p)} for p in ("train", "calibration", "dev")]
    assert sum(map(len, parts)) == 800 == len(set.union(*parts))
    assert 30 < len(parts[1]) < 110
    groups = [{int(i) // 2 for i in part} for part in parts]
    assert not groups[0] & groups[1] | groups[1] & groups[2] | groups[0] & groups[2]


def test_spans_follow_masking_and_unknown_places_are_marked_so() -> None:
    text = "@someone you never read"
    item = Item("1", "1", "A", text, None, (2, 2, 0), "messages", ((9, 18, "hostility"),))
    example = examples.from_item(item, [("hostility", "accusation"), ("hostility", "none")])
    assert example.text == "@user you never read"
    assert [example.text[a:b] for a, b in example.spans[0]] == ["you never"]
    assert example.somewhere == {1}
    assert example.spans[2] == []
    assert example.forms == {examples.FORMS.index(("hostility", "accusation"))}
    assert example.levels is not None
    assert [round(p) for p in example.levels[0]] == [1, 1, 0]


def test_plain_sentences_name_everybody_alike() -> None:
    pytest.importorskip("scipy")
    from benchmarks.train.plain import plain_sentences, terms

    found = plain_sentences(each=5)
    assert len(found) == 5 * len(terms()) == len(set(found))
    assert not [text for text in found if "{" in text]
    for term in ("transgender", "deaf", "middle eastern", "older"):
        assert sum(f" {term} " in re.sub(r"[.,]", " ", text) for text in found) >= 5
    assert found == plain_sentences(each=5) != plain_sentences(each=5, seed=2)
    # The bias figures ask about "NAME is a kind TERM": no sentence has that form.
    assert not [text for text in found if re.fullmatch(r"[A-Z]\w+ is an? \w+ \w+\.?", text)]


def test_every_training_set_has_a_licence() -> None:
    names = {*AUXILIARY, "civil_comments", "calmtone messages"}
    found = package.training_sets(dict.fromkeys(names, 1))
    assert all(row["licence"] in LICENCES for row in found)
    whatabout = next(row for row in found if row["name"] == "whataboutism")
    assert whatabout["texts"] == 2
    with pytest.raises(KeyError):
        package.training_sets({"ucc": 1})


LICENCES = {"MIT", "CC0-1.0", "CC-BY-4.0", "Apache-2.0"}


def test_the_settings_name_their_files_hashes(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"graph")
    (tmp_path / "tokenizer.json").write_text("{}")
    package.write(
        tmp_path, package.settings("x", "1", 128, {"seed": 1}), [[1.0, 2.0, 3.00049]] * 2
    )
    content = json.loads((tmp_path / "calmtone.json").read_text(encoding="utf-8"))
    assert content["sha256"]["model.onnx"] == hashlib.sha256(b"graph").hexdigest()
    assert content["check"]["texts"] == [[text, [1.0, 2.0, 3.0]] for text in package.CHECK]
    assert set(content["calibration"]) == set(content["blend"]) == set(DIMENSIONS)
    assert [label["name"] for label in content["token_labels"]] == list(content["spans"])
    target = tmp_path / "copy"
    package.copy(tmp_path, target)
    assert package.folder_size(target) == package.folder_size(tmp_path)


def test_a_folder_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MOST_BYTES", 100)
    (tmp_path / "model.onnx").write_bytes(b"x" * 101)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ValueError, match="more than 100"):
        package.write(tmp_path, package.settings("x", "1", 128, {}))


def test_the_shipped_files_are_what_they_say() -> None:
    from calmtone.resources import DATA

    folders = [path.parent for path in Path(DATA, "models").glob("*/calmtone.json")]
    if not folders:
        pytest.skip("no model is shipped")
    for folder in folders:
        content = json.loads((folder / "calmtone.json").read_text(encoding="utf-8"))
        assert content["name"] == folder.name
        assert package.folder_size(folder) <= package.MOST_BYTES
        assert content["license"] == package.LICENSE
        assert content["summary"] == package.SUMMARY
        assert [text for text, _ in content["check"]["texts"]] == list(package.CHECK)
        for name, digest in content["sha256"].items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        for row in content["training"]["sets"]:
            assert row["licence"] in LICENCES, row
        for name in DIMENSIONS:
            blend = content["blend"][name]
            assert blend["model"] >= 0 <= blend["rules"], "more of a sign never means less"
            assert content["calibration"][name]["slope"] > 0
            assert content["sentence_margin"][name] >= 0


def test_training_keeps_onnxruntime_from_reporting() -> None:
    """Its switch is set before any module of the training can import it."""
    code = (
        "import os, sys\n"
        "os.environ.pop('ORT_DISABLE_TELEMETRY', None)\n"
        "import benchmarks.train\n"
        "print(os.environ['ORT_DISABLE_TELEMETRY'], 'onnxruntime' in sys.modules)"
    )
    root = str(Path(package.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1", "False"]
