"""Arguments of an analyzer that are of the wrong kind, and analyzers in other processes."""

from __future__ import annotations

import os
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from calmtone import Analyzer, TextTooLongError

RULE = """
[zorb]
summary  = "Speaks of zorbs."
practice = "pause"
strength = "moderate"
find     = ["zorb(s)"]
hint     = "Consider another word."
match    = ["This is a <zorb>."]
no-match = ["This is a ball."]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules" / "hostility"
    folder.mkdir(parents=True)
    (folder / "own.toml").write_text(RULE)
    return tmp_path / "rules"


@pytest.mark.parametrize("name", ["threads", "max_chars"])
@pytest.mark.parametrize("value", [1.5, "2", None, float("nan"), float("inf"), [3], 2.0])
def test_counts_are_whole_numbers(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=f"{name} must be a whole number, not"):
        Analyzer(engine="rules", **{name: value})


@pytest.mark.parametrize("name", ["threads", "max_chars"])
def test_counts_are_at_least_one(name: str) -> None:
    values: tuple[Any, ...] = (0, -3, False)
    for value in values:
        with pytest.raises(ValueError, match=f"{name}=.* must be at least 1"):
            Analyzer(engine="rules", **{name: value})


def test_a_limit_of_pauses_is_a_share() -> None:
    for value in (-0.1, 1.1, float("nan"), float("inf"), Decimal(2)):
        with pytest.raises(ValueError, match=r"pause_over=.* must lie between 0 and 1"):
            Analyzer(engine="rules", pause_over=value)  # type: ignore[arg-type]
    for wrong in ("0.5", [0.5]):
        with pytest.raises(TypeError, match="pause_over must be a number"):
            Analyzer(engine="rules", pause_over=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("rules", [5, b"rules", [b"rules"], ["rules", None], 1.5])
def test_rules_are_paths(rules: Any) -> None:
    with pytest.raises(TypeError, match="rules must be paths"):
        Analyzer(engine="rules", rules=rules)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model": 5}, "model must be a string or a path, not int"),
        ({"model": b"calmtone-small"}, "model must be a string or a path, not bytes"),
        ({"revision": 5}, "revision must be a string, not int"),
        ({"labels": "toxic=hostility"}, "labels must be a mapping, as "),
        ({"labels": ["toxic"]}, "labels must be a mapping, as "),
    ],
)
@pytest.mark.parametrize("engine", ["auto", "onnx", "rules"])
def test_what_a_model_is_named_by(engine: str, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Analyzer(engine=engine, **arguments)


def test_messages_that_are_answered_are_not_one_string() -> None:
    analyzer = Analyzer(engine="rules")
    with pytest.raises(TypeError, match="reply_to must hold a message or None for each text"):
        analyzer.analyze_batch(["Thanks.", "No."], reply_to="hi")


def test_a_message_that_is_too_long_is_named() -> None:
    analyzer = Analyzer(engine="rules", max_chars=10)
    with pytest.raises(TextTooLongError, match=r"^the text has 11 characters") as caught:
        analyzer.analyze("a" * 11)
    assert caught.value.name == "the text"
    with pytest.raises(TextTooLongError, match=r"^reply_to has 12 characters") as caught:
        analyzer.analyze("a", reply_to="a" * 12)
    assert (caught.value.length, caught.value.name) == (12, "reply_to")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("kind", [str, Path, lambda path: [str(path)]])
def test_rules_are_found_from_another_working_directory(
    rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    analyzer = Analyzer(engine="rules", rules=kind(rules.relative_to(tmp_path)))
    expected = analyzer.analyze("What a zorb.")
    assert expected.hints[0].rule == "hostility/zorb"
    monkeypatch.chdir(os.sep)
    again = pickle.loads(pickle.dumps(analyzer))
    assert again.analyze("What a zorb.") == expected
    assert pickle.loads(pickle.dumps(again)).rules_hash == analyzer.rules_hash


def test_a_class_of_ones_own_stays_it() -> None:
    again = pickle.loads(pickle.dumps(Own(max_chars=30)))
    assert type(again) is Own
    assert again.max_chars == 30
    with pytest.raises(TextTooLongError):
        again.analyze("a" * 31)


class Own(Analyzer):
    """An analyzer of a caller's own class."""
