"""The pages that are written by hand: what they list is what there is."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from calmtone import Analyzer, Message, analyze_conversation, check_rewrite, rewrite
from calmtone.results import PRACTICES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "src" / "calmtone"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rows(text: str) -> list[list[str]]:
    """The cells of all lines of tables."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def named(cells: list[str]) -> set[str]:
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_practice_is_explained_once() -> None:
    told = [name for row in rows(page("practices.md")) for name in named(row[:1])]
    assert sorted(told) == sorted(PRACTICES)


def test_the_examples_of_practices_get_such_a_hint(analyzer: Analyzer) -> None:
    wrong = [
        (row[0], text)
        for row in rows(page("practices.md"))
        if named(row[:1])
        for text in re.findall(r'"([^"]+)"', row[3])
        if row[0].strip("`") not in {hint.practice for hint in analyzer.analyze(text).hints}
    ]
    assert wrong == []
    assert all(row[3].count('"') for row in rows(page("practices.md")) if named(row[:1]))


def test_every_module_is_in_the_table() -> None:
    told = {
        name.split(".")[0] for row in rows(page("how-it-works.md")) for name in named(row[:1])
    }
    modules = {path.stem for path in PACKAGE.glob("*.py")}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert (modules | packages) - told == set()


def test_every_data_file_is_in_the_table() -> None:
    told = {name.strip("/") for row in rows(page("how-it-works.md")) for name in named(row[:1])}
    files = {path.name for path in (*PACKAGE.glob("data/*"), *PACKAGE.glob("data/en/*"))}
    assert files - {"en", "__pycache__"} - told == set()


def test_every_fit_is_named() -> None:
    told = page("how-it-works.md")
    fits = {
        path.stem
        for path in (ROOT / "benchmarks" / "fit").glob("*.py")
        if "\ndef main(" in path.read_text(encoding="utf-8") and path.stem != "__main__"
    }
    assert {name for name in fits if f"benchmarks.fit.{name}" not in told} == set()


def test_every_key_of_the_shipped_model_is_explained() -> None:
    model = PACKAGE / "data" / "models" / "calmtone-small" / "calmtone.json"
    told = {name for row in rows(page("models.md")) for name in named(row[:1])}
    assert set(json.loads(model.read_text(encoding="utf-8"))) - told == set()


def test_the_schemas_find_each_other_by_their_ids() -> None:
    analysis, conversation = (
        json.loads((DOCS / name).read_text(encoding="utf-8"))
        for name in ("schema.json", "conversation-schema.json")
    )
    registry: Registry[Any] = Resource.from_contents(analysis) @ Registry()
    data = analyze_conversation(
        [Message("Where is it?", "Ann"), Message("No.", "Bo")]
    ).to_dict()
    validator = Draft202012Validator(conversation, registry=registry)
    assert list(validator.iter_errors(data)) == []
    data["turns"][1]["analysis"]["scores"]["hostility"] = 2
    assert [error.message for error in validator.iter_errors(data)]


def test_the_keys_of_rewrites_are_explained() -> None:
    made = rewrite("Where is order 4471, you clown?").to_dict()
    check = check_rewrite("It costs £40.", "It costs £45, Ann.").to_dict()
    assert made["edits"]
    assert check["changed"]
    assert check["added"]
    of_rewrite, of_check = page("schema.md").split("## A rewrite")[1].split("`RewriteCheck.")
    for part, data in ((of_rewrite, made), (of_check, check)):
        told = {name for row in rows(part) for name in named(row[:1])}
        assert {name.split(".")[0].removesuffix("[]") for name in told} == set(data)
    told = {name for row in rows(of_rewrite) for name in named(row[:1])}
    assert {name[8:] for name in told if name.startswith("edits[].")} == set(made["edits"][0])


def test_what_the_readme_links_to_is_in_the_source_distribution() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "hatch"
    ]
    included = {*build["build"]["targets"]["sdist"]["include"], "README.md", "LICENSE"}
    links = re.findall(
        r"\]\((?!https?:)([^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert {link.split("/")[0] for link in links} - included == set()


@pytest.mark.parametrize("wrong", ["rules", 5, object()])
def test_what_is_no_analyzer_is_named(wrong: Any) -> None:
    for call in (
        lambda: rewrite("x y", analyzer=wrong),
        lambda: check_rewrite("x", "y", analyzer=wrong),
        lambda: analyze_conversation([Message("x")], analyzer=wrong),
    ):
        with pytest.raises(TypeError, match="analyzer must be an Analyzer or None, not"):
            call()
