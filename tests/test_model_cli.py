"""`calmtone model`: what it lists, fetches and checks, and how it says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
pytest.importorskip("tokenizers")
pytest.importorskip("huggingface_hub")

from hub_server import Client, Hub, serving
from tiny_model import make_graph, own_settings, write_model

from calmtone.cli import main
from calmtone.onnx.loading import shipped

CONFIG = {"id2label": {"0": "rude", "1": "evasive", "2": "kind"}}
NAME = "someone/tone-model"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    folder = write_model(tmp_path / "own")
    hub = Hub()
    hub.add(NAME, {path.name: path.read_bytes() for path in folder.iterdir()})
    with serving(hub):
        yield hub


def test_a_model_is_pulled_and_then_listed_and_used_offline(client: Client, hub: Hub) -> None:
    code, out, _ = client.command("model", "list")
    assert code == 0
    assert hub.asked == []
    assert out.splitlines()[-1] == "  none"
    commit = hub.names[NAME]["main"]
    code, out, _ = client.command("model", "pull", NAME)
    assert code == 0
    assert f"model={NAME!r}, revision={commit!r}" in out
    asked = len(hub.asked)
    code, out, _ = client.command("model", "list")
    assert f"  {NAME}  {commit}  0.0 MB" in out.splitlines()
    code, out, errors = client.command(
        "model", "check", NAME, "--revision", commit, HF_HUB_OFFLINE="1"
    )
    assert (code, errors) == (0, "")
    assert out.splitlines()[-1] == "The model can be used."
    assert len(hub.asked) == asked


def test_what_cannot_be_pulled(client: Client, hub: Hub) -> None:
    for arguments, message in (
        (["./folder"], "is no model of the Hugging Face Hub: give OWNER/NAME"),
        (["calmtone-small"], "is no model of the Hugging Face Hub: give OWNER/NAME"),
        (["someone/nothing"], "there is no model someone/nothing"),
        ([NAME, "--revision", "v9"], "has no revision 'v9'"),
    ):
        code, out, errors = client.command("model", "pull", *arguments)
        assert (code, out) == (2, "")
        assert message in errors
        assert "Traceback" not in errors


def test_what_ships_is_listed(client: Client) -> None:
    code, out, _ = client.command("model", "list")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "Shipped with calmtone"
    for files in shipped():
        assert any(line.startswith(f"  {files.name}  ") for line in lines)


def test_a_good_model_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_model(tmp_path / "model")
    assert main(["model", "check", str(folder)]) == 0
    out = capsys.readouterr().out
    for words in (
        "tiny-test",
        str(folder),
        "hostility     from hostility",
        "16 tokens, 4 of them shared",
        "model/hostility, model/defensiveness, model/empathy",
        "texts together",
        "The model can be used.",
    ):
        assert words in out


def test_labels_are_given_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(write_model(tmp_path / "model", config=CONFIG))
    assert main(["model", "check", folder]) == 1
    assert "no meaning yet: 'rude', 'evasive', 'kind'" in capsys.readouterr().err
    assert main(["model", "check", folder, "--labels", "rude=hostility,*="]) == 0
    out = capsys.readouterr().out
    assert "hostility     from rude" in out
    assert "empathy       by the rules alone" in out
    assert main(["model", "check", folder, "--labels", "rude"]) == 2
    assert "'rude' maps no label" in capsys.readouterr().err


def test_a_damaged_model_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_model(tmp_path / "model")
    (folder / "model.onnx").write_bytes(make_graph(width=4))
    assert main(["model", "check", str(folder)]) == 1
    assert "model.onnx is damaged" in capsys.readouterr().err
    for absent in (str(tmp_path / "nowhere"), "nowhere", ""):
        assert main(["model", "check", absent]) == 2
        assert "there is no model" in capsys.readouterr().err


def test_a_model_that_mixes_its_texts_is_found_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = make_graph(dynamic=True)
    folder = write_model(tmp_path / "model", graph=graph)
    assert main(["model", "check", str(folder)]) == 0
    assert "one text at a time" in capsys.readouterr().out
    monkeypatch.setattr("calmtone.onnx.session._is_alone", lambda _: False)
    assert main(["model", "check", str(folder)]) == 1
    assert '"batch_invariant": false' in capsys.readouterr().err
    settings = json.loads((folder / "calmtone.json").read_text()) | {"batch_invariant": False}
    write_model(folder, own_settings(**settings), graph=graph)
    assert main(["model", "check", str(folder)]) == 0


def test_labels_are_given_wherever_a_model_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(write_model(tmp_path / "model", config=CONFIG))
    assert main(["--model", folder, "You idiot."]) == 2
    assert "--labels 'rude=hostility,*='" in capsys.readouterr().err
    labels = ["--labels", "rude=hostility", "--labels", "*="]
    assert main(["--model", folder, *labels, "--format", "json", "You idiot."]) == 0
    scores = json.loads(capsys.readouterr().out)["model_scores"]
    assert scores["hostility"] > 0.5
    assert scores["empathy"] is None
    assert main(["--model", folder, "--labels", "rude=anger", "You idiot."]) == 2
    assert "'rude=anger' maps no label" in capsys.readouterr().err


def test_a_branch_is_not_pulled_without_the_hub(client: Client, hub: Hub) -> None:
    commit = hub.names[NAME]["main"]
    assert client.command("model", "pull", NAME)[0] == 0
    for away in ({"HF_ENDPOINT": "http://127.0.0.1:9"}, {"HF_HUB_OFFLINE": "1"}):
        code, out, errors = client.command("model", "pull", NAME, **away)
        assert (code, out) == (2, "")
        assert f"The cache has commit {commit}, which may not be the newest" in errors
        assert client.command("model", "pull", NAME, "--revision", commit, **away)[0] == 0


def test_a_model_in_a_folder_of_its_own_is_pulled_and_used(
    client: Client, hub: Hub, tmp_path: Path
) -> None:
    folder = write_model(tmp_path / "x", own_settings(model="int8/model.onnx"), hashes=False)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    files["int8/model.onnx"] = files.pop("model.onnx")
    hub.add("someone/inside", files)
    assert client.command("model", "pull", "someone/inside")[0] == 0
    code, _, errors = client.command("model", "check", "someone/inside")
    assert (code, errors) == (0, "")
    assert client.command("--model", "someone/inside", "Thanks.")[0] == 0


@pytest.mark.parametrize("arguments", [[], ["pull"], ["check"], ["remove", "x"]])
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", *arguments]) == 2
    assert "usage: calmtone model" in capsys.readouterr().err
