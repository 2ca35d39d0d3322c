"""The names that others rely on, what importing them costs, and which way imports go."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

import pytest
from support import SOURCES, run_python

import calmtone
from calmtone import Analysis, Analyzer, Scores, Span, analyze
from calmtone.results import DIMENSIONS

FIELDS = {
    "Analysis": {
        *("text", "scores", "hints", "evidence", "sentences"),
        *("pause", "engine", "base", "notes", "rule_scores", "model_scores", "reply"),
    },
    "EngineInfo": {"name", "version", "model", "rules", "fallback"},
    "Evidence": {"rule", "dimension", "span", "weight"},
    "Hint": {"rule", "practice", "dimension", "span", "message", "suggestions", "effect"},
    "ModelScores": {"hostility", "defensiveness", "empathy"},
    "Pause": {"reason", "helps"},
    "Scores": {"hostility", "defensiveness", "empathy"},
    "SentenceAnalysis": {"span", "scores"},
    "Span": {"start", "end"},
}
LATER = {  # names that are loaded when they are first asked for, and their modules
    "ConversationAnalysis": "conversations",
    "Message": "conversations",
    "Thread": "conversations",
    "analyze_conversation": "conversations",
    "parse_thread": "conversations",
    "read_thread": "conversations",
    "Rewrite": "rewriting",
    "RewriteCheck": "rewriting",
    "Rewriter": "rewriting",
    "check_rewrite": "rewriting",
    "rewrite": "rewriting",
}
ERRORS = {
    "DataError": ValueError,
    "EngineUnavailableError": RuntimeError,
    "InputError": ValueError,
    "ModelError": RuntimeError,
    "RuleError": ValueError,
    "TextTooLongError": ValueError,
    "UnknownEngineError": ValueError,
}
DRAFT = "I'm sorry you feel that way, but you should have read the policy."


def test_all_is_what_is_exported() -> None:
    exported = {
        name
        for name in (*vars(calmtone), *dir(calmtone))
        if not name.startswith("_")
        if getattr(getattr(calmtone, name), "__module__", "").startswith("calmtone")
    }
    assert calmtone.__all__ == sorted(exported | {"__version__"})
    assert exported == {*FIELDS, *ERRORS, *LATER, "Analyzer", "CalmtoneError", "analyze"}


def test_names_for_later_are_loaded_when_asked_for() -> None:
    code = "import calmtone, sys; before = set(sys.modules); assert callable(calmtone.{})"
    for name, module in LATER.items():
        loaded = modules_after(f"{code.format(name)}; assert 'calmtone.{module}' not in before")
        assert f"calmtone.{module}" in loaded
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        calmtone.nothing  # noqa: B018
    assert set(LATER) <= set(dir(calmtone))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Message", ("text", "author", "role", "time", "id", "answers")),
        ("Thread", ("messages", "left_out", "notes", "subject")),
    ],
)
def test_what_goes_into_a_conversation_has_its_fields(
    name: str, fields: tuple[str, ...]
) -> None:
    assert getattr(calmtone, name)._fields == fields


def test_every_export_says_what_it_is() -> None:
    for name in calmtone.__all__:
        if name != "__version__":
            assert inspect.getdoc(getattr(calmtone, name)), name


@pytest.mark.parametrize(("name", "fields"), FIELDS.items())
def test_results_have_their_fields(name: str, fields: set[str]) -> None:
    assert set(getattr(calmtone, name)._fields) == fields


@pytest.mark.parametrize(("name", "base"), ERRORS.items())
def test_errors_descend_from_one(name: str, base: type[Exception]) -> None:
    error = getattr(calmtone, name)
    assert issubclass(error, calmtone.CalmtoneError)
    assert issubclass(error, base)


def test_an_analysis_gives_what_the_design_names() -> None:
    analysis = analyze(DRAFT, reply_to="My order never came!")
    assert analysis.hostility == analysis.scores["hostility"] == analysis.scores.hostility
    assert analysis.defensiveness == analysis.scores["defensiveness"] == analysis.scores[1]
    assert analysis.empathy == analysis.scores["empathy"] == analysis.scores[2]
    assert analysis.text == DRAFT
    assert analysis.engine.version == calmtone.__version__
    for kind in ("hints", "evidence", "sentences", "notes"):
        assert isinstance(getattr(analysis, kind), tuple)
    assert {type(hint) for hint in analysis.hints} == {calmtone.Hint}
    assert {type(evidence) for evidence in analysis.evidence} == {calmtone.Evidence}
    assert {type(hint.span) for hint in analysis.hints} == {Span, type(None)}


def test_scores_by_name_and_by_place() -> None:
    scores = Scores(0.1, 0.2, 0.3)
    assert (scores["hostility"], scores["defensiveness"], scores["empathy"]) == (0.1, 0.2, 0.3)
    assert (scores[0], scores[-1], scores[:2]) == (0.1, 0.3, (0.1, 0.2))
    assert dict(zip(Scores._fields, scores, strict=True)) == scores._asdict()
    with pytest.raises(KeyError, match="'warmth' is none of hostility, defensiveness, empathy"):
        scores["warmth"]
    with pytest.raises(KeyError):
        scores["_fields"]
    place = len(DIMENSIONS)
    with pytest.raises(IndexError):
        scores[place]


def test_results_are_frozen_and_slotted() -> None:
    analysis = analyze(DRAFT)
    parts: list[Any] = [
        *(analysis, analysis.scores, analysis.engine, analysis.hints[0]),
        *(analysis.evidence[0], analysis.sentences[0], analysis.evidence[0].span),
        calmtone.Pause("A breath.", ("Tea.",)),
        calmtone.ModelScores(0.1, None, 0.9),
    ]
    assert {type(part).__name__ for part in parts} == set(FIELDS)
    for part in parts:
        with pytest.raises(AttributeError):
            setattr(part, part._fields[0], None)


def test_results_compare_and_hash_by_value() -> None:
    assert analyze(DRAFT) == analyze(DRAFT)
    assert analyze(DRAFT) != analyze(DRAFT + " Sorry.")
    assert len({analyze(DRAFT), analyze(DRAFT)}) == 1


def test_the_analyzer_takes_what_the_design_says() -> None:
    assert [
        (name, parameter.default)
        for name, parameter in inspect.signature(Analyzer).parameters.items()
    ] == [
        ("engine", "auto"),
        ("model", None),
        ("rules", None),
        ("threads", 1),
        ("max_chars", 100_000),
        ("revision", None),
        ("labels", None),
        ("pause_over", None),
    ]
    for method, first in (("analyze", "text"), ("analyze_batch", "texts")):
        _, text, reply_to = inspect.signature(getattr(Analyzer, method)).parameters.values()
        assert (text.name, text.default) == (first, inspect.Parameter.empty)
        assert (reply_to.name, reply_to.default) == ("reply_to", None)
        assert reply_to.kind is inspect.Parameter.KEYWORD_ONLY
    assert list(inspect.signature(Analyzer.score_batch).parameters) == ["self", "texts"]
    assert inspect.signature(Analysis.to_dict).parameters["offsets"].default == "codepoint"


def test_engines_name_themselves() -> None:
    rules = Analyzer(engine="rules").analyze(DRAFT).engine
    assert rules.name == "rules"
    assert rules.fallback is None
    auto = Analyzer().analyze(DRAFT).engine
    assert auto.name in ("rules", "onnx")
    assert bool(auto.fallback) == (auto.name == "rules")
    assert auto.rules == rules.rules


def test_no_member_without_a_type() -> None:
    assert (SOURCES / "calmtone" / "py.typed").exists()


# What importing costs

COSTLY = {
    *("numpy", "regex", "onnxruntime", "tokenizers", "huggingface_hub", "rich", "pygments"),
    *("tomllib", "argparse", "dataclasses", "inspect", "pathlib", "logging", "unittest"),
    *("asyncio", "multiprocessing", "concurrent", "subprocess", "socket", "ssl", "http"),
    *("urllib", "email", "hashlib", "random", "tempfile", "statistics", "decimal", "ast"),
    *("importlib.metadata", "importlib.resources"),
    *(
        "calmtone.cli",
        "calmtone.html",
        "calmtone.conversations",
        "datetime",
        "calmtone.onnx",
        "calmtone.rules.loading",
    ),
    *("calmtone.rules.compiling", "calmtone.rules.checking", "calmtone.rules.build"),
}


def modules_after(code: str) -> set[str]:
    """The modules that running `code` adds to those of a bare interpreter."""
    script = (
        f"import sys; sys.path.insert(0, {str(SOURCES)!r}); before = set(sys.modules)\n"
        f"{code}\nimport json; print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    return set(json.loads(run_python(script, "-I", "-S")))


def test_importing_is_cheap() -> None:
    assert modules_after("import calmtone") & {*COSTLY, "calmtone.analyzer"} == set()
    modules = modules_after("from calmtone import Analyzer, analyze")
    assert "calmtone.analyzer" in modules
    assert modules & COSTLY == set()


def test_analysing_plain_text_is_cheap() -> None:
    modules = modules_after(f"import calmtone; calmtone.analyze({DRAFT!r}).to_json()")
    assert modules & COSTLY == set()


# Which way imports go: each group imports from those before it, never from those after.

GROUPS = (
    *(
        "version",
        "arguments",
        "_speedups",
        "compiled",
        "records",
        "errors",
        "rows",
        "csvrows",
        "resources",
        "results",
        "quotedmail",
        "text",
        "tongues",
        "placing",
        "trimming",
        "ranking",
        "rules",
        "model",
        "blending",
        "scoring",
        "telling",
        "hints",
        "replies",
        "composing",
        "onnx",
        "engines",
    ),
    *("analyzer", "html", "conversations", "rewriting", "", "cli", "integrations", "__main__"),
)
LATE = {  # the methods for notebooks and pages, loaded when one asks for them
    ("replies.html", "html"),
    ("results", "replies.types"),  # for type checkers only
    ("cli.sharing", "cli.arguments"),  # likewise
    ("replies.types", "rewriting.facts"),
    ("replies.hints", "rewriting.facts"),
    ("replies.types", "rewriting.results"),
    ("results", "html"),
    ("conversations.records", "conversations.report"),
    ("replies.types", "replies.html"),
}


def module_name(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").removesuffix("__init__").strip(".")


SOURCE_FILES = {
    module_name(file.relative_to(SOURCES / "calmtone").as_posix()): file
    for file in sorted((SOURCES / "calmtone").rglob("*.py"))
}


def imports(module: str) -> Iterator[str]:
    """All that a module imports, wherever; calmtone's own modules with a leading dot."""
    file = SOURCE_FILES[module]
    package = module.split(".") if file.name == "__init__.py" else module.split(".")[:-1]
    package = [part for part in package if part]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if not node.level:
                yield str(node.module)
                continue
            start = package[: len(package) - node.level + 1]
            target = ".".join([*start, *filter(None, [node.module])])
            for alias in node.names:
                inside = ".".join(filter(None, [target, alias.name]))
                yield "." + (inside if inside in SOURCE_FILES else target)


def group(module: str) -> int:
    return GROUPS.index(module.split(".")[0])


@pytest.mark.parametrize("module", SOURCE_FILES)
def test_imports_go_one_way(module: str) -> None:
    own = [name[1:] for name in imports(module) if name[0] == "."]
    wrong = [name for name in own if group(name) > group(module) and (module, name) not in LATE]
    assert wrong == []


def test_no_module_imports_itself_through_others() -> None:
    graph = {
        module: {
            name[1:]
            for name in imports(module)
            if name[0] == "." and name[1:] != module and (module, name[1:]) not in LATE
        }
        for module in SOURCE_FILES
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {error.args[1]}")


def test_the_exceptions_are_needed() -> None:
    for module, name in LATE:
        assert f".{name}" in set(imports(module))


def test_only_one_module_touches_the_model_libraries() -> None:
    third_party = {
        (module, name.split(".")[0])
        for module in SOURCE_FILES
        for name in imports(module)
        if name.split(".")[0]
        in {"numpy", "regex", "rich", "onnxruntime", "tokenizers", "huggingface_hub", "torch"}
    }
    assert ("analyzer", "numpy") in third_party
    allowed = {"numpy", "regex"}
    for module, name in third_party:
        if module.split(".")[0] == "onnx":
            continue
        assert name in (allowed | {"rich"} if module.startswith("cli") else allowed), module


def test_no_absolute_import_of_itself() -> None:
    for module in SOURCE_FILES:
        assert not [name for name in imports(module) if name.split(".")[0] == "calmtone"]


def test_no_import_runs_the_network_or_a_shell() -> None:
    outside = {
        *("socket", "ssl", "http.client", "urllib.request", "subprocess", "pickle", "ctypes"),
    }
    for module in SOURCE_FILES:
        if module.split(".")[0] != "onnx":
            assert set(imports(module)) & outside == set(), module
