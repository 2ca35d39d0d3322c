"""Models of the Hugging Face Hub, fetched from a server on loopback that speaks like it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
pytest.importorskip("tokenizers")
pytest.importorskip("huggingface_hub")

from hub_server import Client, Hub, serving
from tiny_model import make_graph, own_settings, write_model

NAME = "someone/tone-model"
CONFIG = {
    "id2label": {"0": "rude", "1": "evasive", "2": "kind"},
    "problem_type": "multi_label_classification",
    "max_position_embeddings": 64,
}
LABELS = {"rude": "hostility", "evasive": "defensiveness", "kind": "empathy"}
DANGEROUS = {
    "modeling_tone.py": b"raise SystemExit('run')",
    "pytorch_model.bin": b"\x80\x04pickle",
    "model.safetensors": b"weights",
    "tf_model.h5": b"weights",
    "../outside.json": b"{}",
    "setup.sh": b"exit 1",
    ".gitattributes": b"",
}


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub with a calmtone model and with a classifier of someone else's."""
    hub = Hub()
    own = files_of(write_model(tmp_path / "own"))
    other = files_of(write_model(tmp_path / "other", config=CONFIG))
    hub.add(NAME, {**own, **DANGEROUS})
    hub.add("someone/classifier", {**other, **DANGEROUS})
    with serving(hub):
        yield hub


def test_a_model_is_fetched_because_it_was_named(client: Client, hub: Hub) -> None:
    found = client.load(NAME)
    assert found["logits"] == pytest.approx([2.0, -2.0, -3.0])
    assert found["name"] == "tiny-test"
    assert hub.asked


def test_only_what_is_safe_is_fetched(client: Client, hub: Hub) -> None:
    assert "logits" in client.load(NAME)
    asked = {
        path.split("/resolve/")[1].split("/", 1)[1]
        for path in hub.paths()
        if "/resolve/" in path
    }
    assert asked == {"calmtone.json", "tokenizer.json", "model.onnx"}
    kept = {path.name for path in (client.home / "hub").rglob("*") if path.is_file()}
    assert not kept & {Path(name).name for name in DANGEROUS}


def test_a_commit_that_is_in_the_cache_is_not_asked_for_again(client: Client, hub: Hub) -> None:
    commit = hub.names[NAME]["main"]
    first = client.load(NAME, revision=commit)
    asked = len(hub.asked)
    assert asked
    assert client.load(NAME, revision=commit) == first
    assert len(hub.asked) == asked


def test_a_branch_is_followed_and_a_commit_stays(
    client: Client, hub: Hub, tmp_path: Path
) -> None:
    old = hub.names[NAME]["main"]
    first = client.load(NAME)
    changed = own_settings(
        calibration={
            name: {"slope": 0.5, "intercept": 0.0}
            for name in ("hostility", "defensiveness", "empathy")
        }
    )
    hub.add(NAME, files_of(write_model(tmp_path / "new", changed)))
    second = client.load(NAME)
    assert second["hash"] != first["hash"]
    assert client.load(NAME, revision=old)["hash"] == first["hash"]


def test_offline_takes_the_cache_or_says_what_to_do(client: Client, hub: Hub) -> None:
    offline = {"HF_HUB_OFFLINE": "1"}
    error = client.load(NAME, env=offline)
    assert error["type"] == "ModelError"
    assert f"calmtone model pull {NAME}" in error["error"]
    assert hub.asked == []
    first = client.load(NAME)
    asked = len(hub.asked)
    assert client.load(NAME, env=offline) == first
    assert len(hub.asked) == asked


def test_the_cache_serves_when_the_hub_is_away(client: Client, hub: Hub) -> None:
    first = client.load(NAME)
    away = {"HF_ENDPOINT": "http://127.0.0.1:9"}
    assert client.load(NAME, env=away) == first
    error = client.load("someone/classifier", labels=LABELS, env=away)
    assert error["type"] == "ModelError"
    assert "could not be fetched from http://127.0.0.1:9" in error["error"]


def test_private_models_need_a_token(client: Client, hub: Hub) -> None:
    hub.private.add(NAME)
    assert "HF_TOKEN" in client.load(NAME)["error"]
    assert "logits" in client.load(NAME, env={"HF_TOKEN": hub.token})


def test_gated_models_are_named_as_such(client: Client, hub: Hub) -> None:
    hub.gated.add(NAME)
    assert "gated: ask for access" in client.load(NAME)["error"]


@pytest.mark.parametrize(
    ("name", "revision", "message"),
    [
        ("someone/nothing", None, "there is no model someone/nothing on http://127.0.0.1"),
        (NAME, "v9", "has no revision 'v9'"),
        (NAME, "0" * 40, "has no revision '0000"),
        ("some--one/x..y", None, "no name of a model"),
    ],
)
def test_what_is_not_there(
    client: Client, name: str, revision: str | None, message: str
) -> None:
    error = client.load(name, revision=revision)
    assert error["type"] == "ModelError"
    assert message in error["error"]


def test_a_classifier_of_others_needs_its_labels_mapped(client: Client) -> None:
    error = client.load("someone/classifier")["error"]
    assert "'rude', 'evasive', 'kind'" in error
    assert "labels={'rude': 'hostility', '*': None}" in error
    found = client.load("someone/classifier", labels=LABELS)
    assert found["logits"] == pytest.approx([2.0, -2.0, -3.0])
    found = client.load("someone/classifier", labels={"rude": "hostility", "*": None})
    assert found["logits"] == [pytest.approx(2.0), None, None]


def test_repositories_that_lack_something(client: Client, hub: Hub, tmp_path: Path) -> None:
    whole = files_of(write_model(tmp_path / "whole"))
    without = {
        "tokenizer.json": "there is no tokenizer.json",
        "calmtone.json": "neither calmtone.json nor config.json",
        "model.onnx": "there is no ONNX file",
    }
    for missing, message in without.items():
        name = f"someone/no-{missing.split('.')[0]}"
        hub.add(name, {file: data for file, data in whole.items() if file != missing})
        assert message in client.load(name)["error"]
    several = {f"onnx/model_{kind}.onnx": whole["model.onnx"] for kind in ("int8", "fp16")}
    rest = {file: data for file, data in whole.items() if file != "model.onnx"}
    hub.add("someone/several", {**rest, **several})
    assert "several ONNX files (onnx/model_int8.onnx" in client.load("someone/several")["error"]
    hub.add("someone/inside", {**rest, "onnx/model.onnx": whole["model.onnx"]})
    assert "logits" in client.load("someone/inside")


def test_weights_outside_of_the_file_are_not_fetched(
    client: Client, hub: Hub, tmp_path: Path
) -> None:
    for location, message in (
        ("../../../../secret", "outside of its folder"),
        ("weights.bin", "a single ONNX file"),
    ):
        graph = make_graph(external=location)
        files = files_of(write_model(tmp_path / "x", graph=graph))
        hub.add("someone/external", {**files, "weights.bin": b"0" * 10_000})
        error = client.load("someone/external")["error"]
        assert message in error
    assert not any("weights.bin" in path for path in hub.paths())


def test_a_damaged_download_is_noticed(client: Client, hub: Hub, tmp_path: Path) -> None:
    files = files_of(write_model(tmp_path / "x"))
    files["model.onnx"] = files["model.onnx"][:-40]
    hub.add("someone/damaged", files)
    assert "model.onnx is damaged" in client.load("someone/damaged")["error"]


def test_another_process_takes_the_same_commit(client: Client, hub: Hub) -> None:
    done = client.run(f"""
import pickle
from calmtone.onnx import load_model
model = load_model({NAME!r})
again = pickle.loads(pickle.dumps(model))
assert again.hash == model.hash
arguments = model.__reduce__()[1]
print(arguments[:2])
""")
    assert done.returncode == 0, done.stderr
    assert repr((NAME, hub.names[NAME]["main"])) in done.stdout


# What the cache has


FETCH = """
import sys
from huggingface_hub import hf_hub_download
for file in sys.argv[3:]:
    hf_hub_download(sys.argv[1], file, revision=sys.argv[2])
"""


def partly(client: Client, repository: str, commit: str, *files: str) -> None:
    """Let another program put some files of a repository into the cache."""
    done = client.run(FETCH, repository, commit, *files)
    assert done.returncode == 0, done.stderr


def test_a_commit_is_the_same_whatever_others_have_cached(
    client: Client, hub: Hub, tmp_path: Path
) -> None:
    mapping = own_settings(labels={**LABELS}, token_labels=None)
    files = files_of(write_model(tmp_path / "both", mapping, config=CONFIG, hashes=False))
    smaller = files_of(write_model(tmp_path / "less", graph=make_graph(heat=True)))[
        "model.onnx"
    ]
    files["onnx/model_int8.onnx"] = smaller
    files["onnx/model.onnx"] = files.pop("model.onnx")
    commit = hub.add("someone/both", files)
    fresh = Client(hub, tmp_path / "fresh")
    fresh.home.mkdir()
    expected = fresh.load("someone/both", revision=commit)
    assert expected["name"] == "tiny-test"
    partly(client, "someone/both", commit, "config.json", "tokenizer.json")
    partly(client, "someone/both", commit, "onnx/model_int8.onnx")
    offline = client.load("someone/both", revision=commit, env={"HF_HUB_OFFLINE": "1"})
    assert "calmtone model pull someone/both" in offline["error"]
    assert "is not in the cache as a whole" in offline["error"]
    assert client.load("someone/both", revision=commit) == expected
    offline = client.load("someone/both", revision=commit, env={"HF_HUB_OFFLINE": "1"})
    assert offline == expected


def test_a_damaged_note_is_written_anew(client: Client, hub: Hub) -> None:
    commit = hub.names[NAME]["main"]
    first = client.load(NAME, revision=commit)
    [note] = (client.home / "assets" / "calmtone").rglob("*.json")
    assert note.stem == commit
    for content in ("", "{}", "[1]", "\xff"):
        note.write_text(content, encoding="latin-1")
        assert client.load(NAME, revision=commit) == first
    assert "model.onnx" in note.read_text()


def test_a_hub_that_never_answers_is_not_waited_for(client: Client, hub: Hub) -> None:
    first = client.load(NAME)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        away = {"HF_ENDPOINT": address, "HF_HUB_ETAG_TIMEOUT": "1"}
        assert client.load(NAME, env=away) == first
        error = client.load("someone/classifier", labels=LABELS, env=away)
        assert f"could not be fetched from {address}" in error["error"]


def test_a_branch_that_moves_while_it_is_fetched(
    client: Client, hub: Hub, tmp_path: Path
) -> None:
    old = hub.names[NAME]["main"]
    settings = own_settings(model="int8/model.onnx", name="moved")
    files = files_of(write_model(tmp_path / "new", settings, hashes=False))
    files["int8/model.onnx"] = files.pop("model.onnx")
    hub.add(NAME, files)
    new = hub.names[NAME]["main"]
    hub.names[NAME]["main"] = old
    hub.moves[NAME] = new  # after the first answer
    found = client.load(NAME)
    assert found["name"] == "moved"
    assert client.load(NAME, revision=new, env={"HF_HUB_OFFLINE": "1"}) == found


def test_a_path_is_never_asked_of_the_hub(client: Client, hub: Hub) -> None:
    done = client.run(f"""
from pathlib import Path
from calmtone import Analyzer, ModelError
for name in ({NAME!r}, "./" + {NAME!r}):
    try:
        Analyzer(model=Path(name))
    except ModelError as error:
        print(error)
""")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("there is no folder 'someone/tone-model'") == 2
    assert hub.asked == []


def test_an_analyzer_keeps_its_commit_when_it_is_sent(
    client: Client, hub: Hub, tmp_path: Path
) -> None:
    code = f"""
import pickle, sys
from calmtone import Analyzer
with open(sys.argv[1], "wb") as file:
    analyzer = Analyzer(model={NAME!r})
    pickle.dump(analyzer, file)
print(analyzer.engine.model)
"""
    read = "import pickle, sys; print(pickle.load(open(sys.argv[1], 'rb')).engine.model)"
    sent = str(tmp_path / "analyzer.pickle")
    done = client.run(code, sent)
    assert done.returncode == 0, done.stderr
    hub.add(NAME, files_of(write_model(tmp_path / "new", own_settings(max_length=20))))
    asked = len(hub.asked)
    again = client.run(read, sent)
    assert again.returncode == 0, again.stderr
    assert again.stdout == done.stdout
    assert len(hub.asked) == asked
    assert client.run(code, sent).stdout != done.stdout
