"""Rules and model together, as callers of the analyzer meet them."""

from __future__ import annotations

import json
import os
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from math import log
from pathlib import Path

import pytest
from support import BLANKS, GUARD, TEXTS, run_python

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
pytest.importorskip("tokenizers")

import numpy
import onnx
from onnx import numpy_helper
from tiny_model import SPECIAL, WORDS, make_graph, own_settings, write_model

from calmtone import Analysis, Analyzer, EngineUnavailableError, ModelError
from calmtone.blending import blend
from calmtone.cli import main
from calmtone.resources import DATA, read_json
from calmtone.results import DIMENSIONS
from calmtone.scoring import scores_of

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def heard(folder: Path) -> Analyzer:
    return Analyzer(model=folder)


def numbers(analysis: Analysis) -> list[float]:
    """All numbers of an analysis, in one list."""
    found: list[float] = [*analysis.scores, *analysis.base, *analysis.rule_scores]
    found += [score for part in analysis.sentences for score in part.scores]
    found += [item.weight for item in analysis.evidence]
    return found + [hint.effect for hint in analysis.hints]


def assert_same(first: Analysis, second: Analysis) -> None:
    assert numbers(first) == pytest.approx(numbers(second), abs=1e-5)
    assert [item[:3] for item in first.evidence] == [item[:3] for item in second.evidence]
    assert [hint[:6] for hint in first.hints] == [hint[:6] for hint in second.hints]
    assert first.engine == second.engine


def log_odds(score: float) -> float:
    return log(score / (1 - score))


@pytest.mark.parametrize("text", TEXTS)
def test_evidence_adds_up(heard: Analyzer, text: str) -> None:
    analysis = heard.analyze(text)
    for name in DIMENSIONS:
        weights = [item.weight for item in analysis.evidence if item.dimension == name]
        total = getattr(analysis.base, name) + sum(weights)
        assert total == pytest.approx(log_odds(analysis.scores[name]), abs=1e-6)
    places = [item.span for item in analysis.evidence]
    assert places == sorted(places)


@pytest.mark.parametrize("text", TEXTS)
def test_scores_stand_beside_what_they_are_made_of(heard: Analyzer, text: str) -> None:
    analysis = heard.analyze(text)
    plain = Analyzer(engine="rules").analyze(text)
    assert analysis.rule_scores == plain.scores == plain.rule_scores
    assert plain.model_scores is None
    assert analysis.model_scores is not None
    model = heard._model
    assert model is not None
    logits = [
        None if score is None else (log_odds(score) - part.shift) / part.slope
        for score, part in zip(analysis.model_scores, model.numbers, strict=True)
    ]
    rules = [log_odds(score) for score in analysis.rule_scores]
    final = scores_of(blend(rules, logits, model.numbers))
    assert analysis.scores == pytest.approx(final, abs=1e-6)


def test_the_engine_is_named(heard: Analyzer) -> None:
    engine = heard.analyze("Fine.").engine
    assert engine == heard.engine
    assert engine.name == "onnx"
    assert engine.model is not None
    assert engine.model.startswith("tiny-test ")
    assert engine.fallback is None


def test_a_text_without_words_has_no_scores(heard: Analyzer) -> None:
    for text in BLANKS:
        analysis = heard.analyze(text)
        assert analysis.scores == (0.0, 0.0, 0.0)
        assert analysis.model_scores is None
    assert heard.score_batch(BLANKS).tolist() == [[0.0] * 3] * len(BLANKS)


def test_batches_are_the_same_as_single_texts(heard: Analyzer) -> None:
    texts = [*TEXTS, *BLANKS, *TEXTS[::-1]] * 8  # more than are read at once
    batch = heard.analyze_batch(texts)
    single = {text: heard.analyze(text) for text in set(texts)}
    for text, analysis in zip(texts, batch, strict=True):
        assert analysis.text == text
        assert_same(analysis, single[text])
    expected = [list(single[text].scores) for text in texts]
    for row, scores in zip(heard.score_batch(texts).tolist(), expected, strict=True):
        assert row == pytest.approx(scores, abs=1e-5)
    assert heard.analyze_batch([]) == []
    assert heard.score_batch([]).shape == (0, 3)


def test_a_hint_comes_where_the_rules_are_silent(tmp_path: Path) -> None:
    blend = {name: {"intercept": 0.0, "model": 1.0, "rules": 0.1} for name in DIMENSIONS}
    analyzer = Analyzer(model=write_model(tmp_path, own_settings(blend=blend)))
    text = "This is a fault and fault in it."
    assert not [
        item
        for item in Analyzer(engine="rules").analyze(text).hints
        if item.dimension == "defensiveness"
    ]
    analysis = analyzer.analyze(text)
    [hint] = [item for item in analysis.hints if item.dimension == "defensiveness"]
    assert hint.rule == "model/defensiveness"
    assert hint.span is not None
    assert text[hint.span.start : hint.span.end] == "fault and fault"
    assert hint.effect < -0.1
    assert hint.span in [item.span for item in analysis.evidence if item.rule == hint.rule]


def test_results_are_as_the_schema_says(heard: Analyzer) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads((HERE.parent / "docs" / "schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    for text in (*TEXTS, *BLANKS):
        data = json.loads(heard.analyze(text).to_json("utf-16"))
        assert [error.message for error in validator.iter_errors(data)] == []


def test_a_model_that_knows_one_dimension_leaves_the_others_to_the_rules(
    tmp_path: Path,
) -> None:
    config = {"id2label": {"0": "toxic", "1": "calm", "2": "dull"}}
    folder = write_model(tmp_path, config=config)
    analyzer = Analyzer(model=folder, labels={"toxic": "hostility", "*": None})
    for text in TEXTS:
        analysis = analyzer.analyze(text)
        assert analysis.model_scores is not None
        assert analysis.model_scores[1:] == (None, None)
        assert analysis.scores[1:] == analysis.rule_scores[1:]
    again = pickle.loads(pickle.dumps(analyzer))
    assert again.analyze(TEXTS[0]) == analyzer.analyze(TEXTS[0])


def test_what_is_answered_reaches_the_model(tmp_path: Path) -> None:
    settings = own_settings(reads_reply_to=True, reply_length=6)
    analyzer = Analyzer(model=write_model(tmp_path, settings, graph=make_graph(types=True)))
    plain = analyzer.analyze("That is it.")
    hot = analyzer.analyze("That is it.", reply_to="You useless idiot!")
    assert hot.model_scores is not None and plain.model_scores is not None
    assert hot.model_scores[0] > plain.model_scores[0]  # type: ignore[operator]
    both = analyzer.analyze_batch(["That is it."] * 2, reply_to=[None, "You useless idiot!"])
    assert_same(both[0], plain)
    assert_same(both[1], hot)


def test_heat_is_heard_by_models_that_have_it(tmp_path: Path) -> None:
    hot = Analyzer(model=write_model(tmp_path / "hot", graph=make_graph(heat=True)))
    none = Analyzer(model=write_model(tmp_path / "none", graph=make_graph()))
    calm, cross = "Is it open?", "Is it open, idiot?"
    texts = [("That is it.", calm), ("That is it.", cross)]
    heats = []
    for text, message in texts:
        reply = hot.analyze(text, reply_to=message).reply
        assert reply is not None
        heats.append(reply.heat)
        plain = none.analyze(text, reply_to=message).reply
        ruled = Analyzer(engine="rules").analyze(text, reply_to=message).reply
        assert plain == ruled
        assert reply._replace(heat=0.0) == ruled._replace(heat=0.0)  # type: ignore[union-attr]
    assert heats[0] < heats[1] == 1.0
    found = hot.analyze_batch(
        ["", *(t for t, _ in texts)], reply_to=[calm, *(m for _, m in texts)]
    )
    assert [a.reply.heat for a in found[1:]] == heats  # type: ignore[union-attr]


# Falling back


def test_without_the_extra_the_rules_serve() -> None:
    for name in ("onnxruntime", "tokenizers"):
        code = f"""
import sys
sys.modules[{name!r}] = None
from calmtone import Analyzer, EngineUnavailableError
engine = Analyzer().analyze("Fine.").engine
assert engine.name == "rules" and engine.model is None
assert {name!r} in engine.fallback and "calmtone[onnx]" in engine.fallback, engine.fallback
for named in ({{"engine": "onnx"}}, {{"model": "small"}}):
    try:
        Analyzer(**named)
    except EngineUnavailableError as error:
        assert "calmtone[onnx]" in str(error), error
    else:
        raise AssertionError(named)
print("rules")
"""
        assert run_python(code).strip() == "rules"


def test_a_damaged_model_makes_auto_fall_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "models"
    folder = write_model(shipped / "calmtone-small")
    monkeypatch.setattr("calmtone.onnx.loading._SHIPPED", shipped)
    good = Analyzer()
    assert good.engine.name == "onnx"
    assert Analyzer(model="small").engine == Analyzer(model="calmtone-small").engine
    data = bytearray((folder / "model.onnx").read_bytes())
    data[-20] ^= 1
    (folder / "model.onnx").write_bytes(data)
    auto = Analyzer()
    assert auto.engine.name == "rules"
    assert "model.onnx is damaged" in str(auto.engine.fallback)
    assert auto.analyze(TEXTS[0]).scores == Analyzer(engine="rules").analyze(TEXTS[0]).scores
    with pytest.raises(ModelError, match=r"model\.onnx is damaged"):
        Analyzer(engine="onnx")
    (folder / "calmtone.json").unlink()
    assert "calmtone-small is not in" in str(Analyzer().engine.fallback)


def test_a_processor_that_computes_otherwise_makes_auto_fall_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = {"tolerance": 0.02, "texts": [["You idiot.", [9.0, -2.0, -3.0]]]}
    write_model(tmp_path / "calmtone-small", own_settings(check=check))
    monkeypatch.setattr("calmtone.onnx.loading._SHIPPED", tmp_path)
    assert "computes other numbers" in str(Analyzer().engine.fallback)
    with pytest.raises(EngineUnavailableError, match="computes other numbers"):
        Analyzer(engine="onnx")


def test_what_was_named_is_not_replaced(folder: Path) -> None:
    with pytest.raises(ModelError, match=r"has no label"):
        Analyzer(model=folder, labels={"rude": "hostility"})
    with pytest.raises(EngineUnavailableError, match="leave out model"):
        Analyzer(engine="rules", model=folder)


BROKEN = """
import sys
sys.path.insert(0, {folder!r})
from calmtone import Analyzer, EngineUnavailableError
engine = Analyzer().analyze("Fine.").engine
assert engine.name == "rules" and engine.model is None, engine
for named in ({{"engine": "onnx"}}, {{"model": "small"}}):
    try:
        Analyzer(**named)
    except EngineUnavailableError as error:
        assert "engine='auto' or 'rules'" in str(error), error
    else:
        raise AssertionError(named)
print(engine.fallback)
"""


@pytest.mark.parametrize("name", ["onnxruntime", "tokenizers"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("raise RuntimeError('the processor lacks AVX2')", "lacks AVX2"),
        ("raise AttributeError('_ARRAY_API not found')", "_ARRAY_API"),
        ("raise SystemError('broken')", "broken"),
        ("raise ImportError('no such symbol')", "no such symbol"),
        ("import nothing_like_that", "needs nothing_like_that, which is not installed"),
        ("", "what is imported as that is something else (/"),
    ],
)
def test_a_library_that_cannot_run_makes_auto_fall_back(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text(content)
    assert message in run_python(BROKEN.format(folder=str(tmp_path)))


@pytest.mark.parametrize("name", ["onnxruntime", "tokenizers"])
def test_a_folder_with_the_name_of_a_library_is_none(tmp_path: Path, name: str) -> None:
    """As a project's own folder, or what is left after `pip uninstall`."""
    (tmp_path / name).mkdir()
    if name == "tokenizers":  # which is looked for after it
        (tmp_path / "onnxruntime.py").touch()
    for line in ("", f"import {name}"):
        code = f"""
import sys
import numpy
sys.path[:] = [{str(tmp_path)!r}, *(p for p in sys.path if "site-packages" not in p)]
{line}
{BROKEN.format(folder=str(tmp_path))}
"""
        assert run_python(code).startswith(f"the ONNX engine needs {name}, which is not inst")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "engine.json cannot be read"),
        ("{", "engine.json cannot be read"),
        ("[]", "engine.json has no key"),
        ("{}", "engine.json has no key"),
        ('{"default": "calmtone-small"}', "engine.json has no key 'batch.rows'"),
        ('{"default": 5}', "default must be a text"),
    ],
)
def test_damaged_numbers_of_the_engine_make_auto_fall_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, message: str
) -> None:
    def read(*parts: str) -> object:
        if parts != ("models", "engine.json"):
            return read_json(*parts)
        monkeypatch.setattr("calmtone.resources.DATA", str(tmp_path))
        try:
            return read_json(*parts)
        finally:
            monkeypatch.setattr("calmtone.resources.DATA", DATA)

    (tmp_path / "models").mkdir()
    if content is not None:
        (tmp_path / "models" / "engine.json").write_text(content)
    monkeypatch.setattr("calmtone.onnx.defaults.read_json", read)
    engine = Analyzer().engine
    assert engine.name == "rules"
    assert message in str(engine.fallback)
    assert "reinstall calmtone" in str(engine.fallback)
    with pytest.raises(ModelError, match="reinstall calmtone"):
        Analyzer(engine="onnx")


def test_without_its_models_auto_falls_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calmtone.onnx.loading._SHIPPED", tmp_path / "nowhere")
    assert "calmtone-small is not in" in str(Analyzer().engine.fallback)


def test_whatever_fails_makes_auto_fall_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr("calmtone.onnx.loading.read_settings", fail)
    assert "KeyError: 'surprise'" in str(Analyzer().engine.fallback)
    with pytest.raises(KeyError):
        Analyzer(engine="onnx")


# Models that compute no numbers


def test_no_number_is_no_low_number(tmp_path: Path) -> None:
    for value in (numpy.nan, numpy.inf):
        graph = onnx.load_from_string(make_graph())
        table = next(item for item in graph.graph.initializer if item.name == "table")
        numbers = numpy_helper.to_array(table).copy()
        numbers[len(SPECIAL) + [*WORDS].index("idiot")] = value
        table.CopyFrom(numpy_helper.from_array(numbers, "table"))
        folder = write_model(tmp_path / str(value), graph=graph.SerializeToString())
        analyzer = Analyzer(model=folder)
        assert analyzer.analyze("Thank you.").model_scores
        with pytest.raises(ModelError, match="no numbers"):
            analyzer.analyze("You idiot.")
        with pytest.raises(ModelError, match="no numbers"):
            analyzer.score_batch(["Thank you.", "You idiot."])


# Threads, processes, the outside world


def test_threads_may_share_an_analyzer(folder: Path) -> None:
    expected = Analyzer(engine="rules"), Analyzer(model=folder)
    shared = Analyzer(model=folder)
    right = [expected[1].analyze(text) for text in TEXTS]
    with ThreadPoolExecutor(6) as pool:
        for analyses in pool.map(lambda _: [shared.analyze(text) for text in TEXTS], range(6)):
            for analysis, other in zip(analyses, right, strict=True):
                assert_same(analysis, other)


PROCESSES = """
import multiprocessing, sys
sys.path.insert(0, {here!r})
from calmtone import Analyzer
TEXTS = {texts!r}
if __name__ == "__main__":
    analyzer = Analyzer(model={folder!r})
    here = [analyzer.analyze(text).to_json() for text in TEXTS]
    with multiprocessing.get_context({method!r}).Pool(2) as pool:
        assert [a.to_json() for a in pool.map(analyzer.analyze, TEXTS)] == here
    print("equal")
"""


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_processes(folder: Path, tmp_path: Path, method: str) -> None:
    if method == "fork" and sys.platform in ("win32", "darwin"):
        pytest.skip("no safe fork here")
    script = tmp_path / "processes.py"
    values = {"here": str(HERE), "texts": TEXTS[:5], "folder": str(folder), "method": method}
    script.write_text(PROCESSES.format(**values), encoding="utf-8")
    command = f"[sys.executable, {str(script)!r}]"
    code = (
        "import subprocess, sys\n"
        f"print(subprocess.run({command}, check=True, stdout=-1).stdout.decode())"
    )
    assert run_python(code).strip() == "equal"


MOVED = """
import os, pickle, sys
from calmtone import Analyzer
first, second = {folders!r}
os.chdir(os.path.dirname(first))
analyzer = Analyzer(model=os.path.basename(first), rules="rules")
sent = pickle.dumps(analyzer)
expected = analyzer.analyze("You idiot, sorry.").to_json()
os.chdir("/")
assert pickle.loads(sent).analyze("You idiot, sorry.").to_json() == expected
def child(wanted):
    number = os.fork()
    if number == 0:
        try:
            found = analyzer.analyze("You idiot, sorry.").to_json()
        except Exception as error:
            found = str(error)
        os._exit(0 if wanted in found else 1)
    assert os.waitpid(number, 0)[1] == 0
child(expected)
os.replace(second + "/model.onnx", first + "/model.onnx")
assert analyzer.analyze("You idiot, sorry.").to_json() == expected
child("have changed since the model was loaded")
try:
    pickle.loads(sent)
except Exception as error:
    assert type(error).__name__ == "ModelError" and "by now" in str(error), error
else:
    raise AssertionError("another model")
print("same")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_an_analyzer_stays_the_same_wherever_it_goes(tmp_path: Path) -> None:
    """In another working directory, in children, and when its files are replaced."""
    first = write_model(tmp_path / "first", hashes=False)
    second = write_model(tmp_path / "second", graph=make_graph(heat=True))
    rules = tmp_path / "rules" / "hostility"
    rules.mkdir(parents=True)
    (rules / "own.toml").write_text(
        "[zorb]\nsummary = 'Z.'\npractice = 'pause'\nstrength = 'mild'\n"
        "find = ['zorb']\nhint = 'Consider it.'\nmatch = ['<Zorb>.']\nno-match = ['It.']\n"
    )
    code = MOVED.format(folders=(str(first), str(second)))
    assert run_python(code).strip() == "same"


def test_nothing_is_asked_of_the_network_or_written(folder: Path) -> None:
    code = f"""{GUARD}
from calmtone import Analyzer
for analyzer in (Analyzer(), Analyzer(model={str(folder)!r})):
    analyzer.analyze_batch({TEXTS!r})
    analyzer.score_batch({TEXTS!r})
print(analyzer.engine.name, "huggingface_hub" in sys.modules)
"""
    assert run_python(code).strip() == "onnx False"


# The command line


def test_the_command_line_names_the_model(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--model", str(folder), "--format", "json", "You idiot."]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["engine"]["name"] == "onnx"
    assert data["model_scores"]["hostility"] > 0.5
    assert main(["--model", str(folder), "--version"]) == 0
    assert ", model tiny-test " in capsys.readouterr().out
    assert main(["--model", "./nowhere", "You idiot."]) == 2
    assert "there is no model './nowhere'" in capsys.readouterr().err


def test_hints_of_the_model_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "explain", "model/hostility"]) == 0
    assert "the model marks" in capsys.readouterr().out
