"""The analyzer as its callers meet it: arguments, errors, notes, threads, processes."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from support import TEXTS, run_python

import calmtone
from calmtone import (
    Analysis,
    Analyzer,
    CalmtoneError,
    DataError,
    EngineUnavailableError,
    RuleError,
    TextTooLongError,
    UnknownEngineError,
    analyze,
    resources,
)

# Arguments


@pytest.mark.parametrize("text", [None, 3, b"bytes", ["a list"], object()])
def test_a_text_is_a_string(analyzer: Analyzer, text: Any) -> None:
    message = f"text must be a string, not {type(text).__name__}"
    for call in (
        lambda: analyze(text),
        lambda: analyzer.analyze(text),
        lambda: analyzer.analyze_batch(["fine", text]),
        lambda: analyzer.score_batch(["fine", text]),
    ):
        with pytest.raises(TypeError, match=message):
            call()


@pytest.mark.parametrize("reply_to", [3, b"bytes", ["a list"]])
def test_what_is_answered_is_a_string(analyzer: Analyzer, reply_to: Any) -> None:
    message = f"reply_to must be a string or None, not {type(reply_to).__name__}"
    with pytest.raises(TypeError, match=message):
        analyzer.analyze("Fine.", reply_to=reply_to)
    with pytest.raises(TypeError, match=message):
        analyzer.analyze_batch(["Fine."], reply_to=[reply_to])


def test_one_string_is_no_batch(analyzer: Analyzer) -> None:
    with pytest.raises(TypeError, match="not one: use analyze for one"):
        analyzer.analyze_batch("Fine.")
    with pytest.raises(TypeError, match="not one: use analyze for one"):
        analyzer.score_batch("Fine.")


def test_what_is_answered_comes_by_name(analyzer: Analyzer) -> None:
    with pytest.raises(TypeError):
        analyzer.analyze("Fine.", "My order never came!")  # type: ignore[call-arg]


def test_what_is_answered_is_accepted(analyzer: Analyzer) -> None:
    for reply_to in (None, "", "My order never came!"):
        assert isinstance(analyzer.analyze("Fine.", reply_to=reply_to), Analysis)
    first, second = analyzer.analyze_batch(["Fine.", "Good."], reply_to=[None, "Why?"])
    assert first == analyzer.analyze("Fine.")
    assert second == analyzer.analyze("Good.", reply_to="Why?")


@pytest.mark.parametrize("reply_to", [[], ["Why?"], ["Why?"] * 3])
def test_every_text_needs_what_it_answers(analyzer: Analyzer, reply_to: list[str]) -> None:
    message = f"reply_to has {len(reply_to)} messages for 2 texts"
    with pytest.raises(ValueError, match=message):
        analyzer.analyze_batch(["Fine.", "Good."], reply_to=reply_to)


def test_a_text_may_be_too_long() -> None:
    analyzer = Analyzer(engine="rules", max_chars=1_000)
    assert analyzer.analyze("a" * 1_000).text == "a" * 1_000
    for call in (
        lambda: analyzer.analyze("a" * 1_234),
        lambda: analyzer.analyze_batch(["Fine.", "a" * 1_234]),
        lambda: analyzer.score_batch(["Fine.", "a" * 1_234]),
    ):
        with pytest.raises(TextTooLongError, match=r"1,234 .* 1,000") as caught:
            call()
        assert (caught.value.length, caught.value.max_chars) == (1_234, 1_000)
        assert isinstance(caught.value, CalmtoneError)
        assert "max_chars" in str(caught.value)


def test_the_limit_counts_code_points(analyzer: Analyzer) -> None:
    assert analyzer.max_chars == 100_000
    assert Analyzer(max_chars=3).analyze("\U0001f622" * 3).text
    with pytest.raises(TextTooLongError):
        analyzer.analyze("a" * 100_001)


def test_errors_can_be_sent_between_processes() -> None:
    errors: list[CalmtoneError] = [
        TextTooLongError(12, 10),
        RuleError("one", "two"),
        UnknownEngineError("x"),
        EngineUnavailableError("x"),
        DataError("x"),
    ]
    for error in errors:
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)


@pytest.mark.parametrize("engine", ["", "Rules", "bert", None, 3])
def test_unknown_engines(engine: Any) -> None:
    with pytest.raises(UnknownEngineError, match="choose one of auto, rules, onnx") as caught:
        Analyzer(engine=engine)
    assert repr(engine) in str(caught.value)


def test_an_engine_that_cannot_run_says_what_to_do() -> None:
    try:
        analyzer = Analyzer(engine="onnx")
    except EngineUnavailableError as error:
        assert "onnx" in str(error).lower()
        assert "rules'" in str(error) or "calmtone[onnx]" in str(error)
    else:
        assert analyzer.analyze("Fine.").engine.name == "onnx"


def test_a_model_that_does_not_exist_is_refused() -> None:
    with pytest.raises(EngineUnavailableError):
        Analyzer(engine="onnx", model="./no/such/model")
    with pytest.raises(CalmtoneError):
        Analyzer(model="./no/such/model")


def test_the_rules_take_no_model() -> None:
    with pytest.raises(EngineUnavailableError, match="leave out model and labels"):
        Analyzer(engine="rules", model="small", labels={})


@pytest.mark.parametrize("name", ["threads", "max_chars"])
@pytest.mark.parametrize("value", [0, -1])
def test_numbers_are_at_least_one(name: str, value: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Analyzer(**{name: value})  # type: ignore[arg-type]


def test_auto_says_why_it_fell_back() -> None:
    engine = Analyzer(engine="auto").analyze("Fine.").engine
    if engine.name == "rules":
        assert engine.fallback
        assert engine.model is None
    else:
        assert engine.fallback is None
    assert Analyzer(engine="rules").analyze("Fine.").engine.fallback is None


def test_a_damaged_installation_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"scoring\.json cannot be read .* reinstall calmtone"):
        resources.read_json("en", "scoring.json")
    (tmp_path / "broken.json").write_bytes(b'{"a": \xff')
    with pytest.raises(DataError, match=r"broken\.json cannot be read"):
        resources.read_json("broken.json")
    (tmp_path / "half.json").write_text('{"a":', encoding="utf-8")
    with pytest.raises(DataError, match=r"half\.json cannot be read"):
        resources.read_json("half.json")


# Notes

FOREIGN = (
    "Guten Tag, leider können wir Ihnen den Betrag nicht erstatten, weil die Frist vorbei ist.",
    "Bonjour, nous sommes désolés du retard et vous enverrons un nouveau colis demain matin.",
    "Buenos días, lamentamos mucho las molestias y le enviaremos un paquete nuevo mañana.",
    "Добрый день, нам очень жаль, что ваш заказ не пришёл вовремя, мы отправим новый завтра.",
    "Zażółć gęślą jaźń, a potem proszę wysłać nam dokumenty dotyczące tej sprawy dzisiaj.",
)
ENGLISH = (
    "Fine.",
    "You are right, I sent Schadenfreude instead of Weltschmerz, and I will fix that today.",
    "Dear Ms Wójcik, your parcel to Łódź left our warehouse in Katowice this morning.",
    "The daemon crashed in libfoo.so after kubectl apply, so I restarted the pod.",
)


@pytest.mark.parametrize("text", FOREIGN)
def test_what_is_not_english_is_noted(text: str) -> None:
    [note] = analyze(text).notes
    assert "English" in note


@pytest.mark.parametrize("text", [*ENGLISH, *TEXTS[:11]])
def test_english_needs_no_note(text: str) -> None:
    assert analyze(text).notes == ()


# Threads and processes


def test_threads_may_share_an_analyzer() -> None:
    """A fresh one, so that what is remembered between texts is filled by all at once."""
    texts = list(TEXTS) * 10
    expected = Analyzer(engine="rules").analyze_batch(texts)
    shared, start = Analyzer(engine="rules"), Barrier(8)

    def work(turn: int) -> list[Analysis]:
        start.wait()
        turned = texts[turn:] + texts[:turn]
        analyses = [shared.analyze(text) for text in turned]
        return analyses[len(texts) - turn :] + analyses[: len(texts) - turn]

    with ThreadPoolExecutor(8) as pool:
        for analyses in pool.map(work, range(8)):
            assert analyses == expected


def test_threads_may_meet_at_the_first_call() -> None:
    script = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
import sys
sys.setswitchinterval(1e-6)
start = Barrier(8)
def work(_):
    start.wait()
    from calmtone import analyze
    return analyze("You idiot. Sorry, but you should have asked.").to_json()
with ThreadPoolExecutor(8) as pool:
    print(len(set(pool.map(work, range(8)))))
"""
    assert run_python(script).strip() == "1"


def test_an_analyzer_can_be_sent(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'dimension = "hostility"\n[own]\nsummary = "x"\npractice = "pause"\n'
        'strength = "strong"\nfind = ["turnip"]\nhint = "Consider it."\n'
        'match = ["<turnip>"]\nno-match = ["x"]\n',
        encoding="utf-8",
    )
    analyzer = Analyzer(engine="rules", rules=[path], max_chars=50)
    for again in (pickle.loads(pickle.dumps(analyzer)), copy.deepcopy(analyzer)):
        assert again.max_chars == 50
        assert again.rules_hash == analyzer.rules_hash
        assert again.analyze("You turnip.") == analyzer.analyze("You turnip.")


def test_results_can_be_sent() -> None:
    for text in TEXTS:
        analysis = analyze(text)
        again = pickle.loads(pickle.dumps(analysis))
        assert again == analysis
        assert type(again.scores) is calmtone.Scores
        assert again.scores["hostility"] == analysis.hostility
        assert copy.deepcopy(analysis) == analysis


PROCESSES = """
import multiprocessing, sys
from calmtone import Analyzer, analyze
TEXTS = {texts!r}
if __name__ == "__main__":
    here = [analyze(text) for text in TEXTS]
    analyzer = Analyzer(engine="rules")
    scores = [analyzer.analyze(text).scores for text in TEXTS]
    with multiprocessing.get_context({method!r}).Pool(2) as pool:
        assert pool.map(analyze, TEXTS) == here
        assert [a.scores for a in pool.map(analyzer.analyze, TEXTS)] == scores
    print("equal")
"""


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_processes(tmp_path: Path, method: str) -> None:
    if method == "fork" and sys.platform in ("win32", "darwin"):
        pytest.skip("no safe fork here")
    script = tmp_path / "processes.py"
    script.write_text(PROCESSES.format(texts=TEXTS[:6], method=method), encoding="utf-8")
    code = f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')"
    if method == "spawn":
        command = f"[sys.executable, {str(script)!r}]"
        code = f"import subprocess, sys; subprocess.run({command}, check=True)"
    assert run_python(code).strip() == "equal"


# The outside world

CLOSED = f"""
import sys
def guard(event, arguments):
    kind = event.split(".")[0]
    if kind in ("socket", "urllib", "http", "ftplib", "smtplib", "subprocess", "webbrowser"):
        raise RuntimeError(event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise RuntimeError("writes " + str(arguments[0]))
sys.dont_write_bytecode = True
sys.addaudithook(guard)
from calmtone import Analyzer, analyze
texts = {TEXTS!r}
for analyzer in (Analyzer(), Analyzer(engine="rules")):
    analyzer.analyze_batch(texts)
    analyzer.score_batch(texts)
analyze(texts[0])._repr_html_()
caught = 0
import socket
for wrong in (lambda: socket.create_connection(("127.0.0.1", 9)), lambda: open("x.tmp", "w")):
    try:
        wrong()
    except RuntimeError:
        caught += 1
print("guarded", caught)
"""


def test_nothing_is_asked_of_the_network_or_written() -> None:
    assert run_python(CLOSED).strip() == "guarded 2"


def test_results_do_not_depend_on_the_process() -> None:
    """Neither the seed of hashes nor the locale nor optimisation changes a result."""
    script = (
        "import json; from calmtone import analyze\n"
        f"print(json.dumps([analyze(text).to_dict() for text in {TEXTS!r}]))"
    )
    expected = json.loads(json.dumps([analyze(text).to_dict() for text in TEXTS]))
    seeded = "import os, subprocess, sys\n" + (
        "print(subprocess.run([sys.executable, '-c', {0!r}], check=True, capture_output=True,"
        "env={{**os.environ, 'PYTHONHASHSEED': '{1}', 'LC_ALL': 'C'}}).stdout.decode())"
    )
    for seed in (1, 2):
        assert json.loads(run_python(seeded.format(script, seed))) == expected
    assert json.loads(run_python(script, "-OO")) == expected


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("Vous êtes nul.", True),
        ("Du Idiot!", True),
        ("Lo siento mucho", True),
        ("\u8c22\u8c22\u4f60\u3002\u518d\u89c1\u3002", True),
        ("\u3054\u3081\u3093\u306a\u3055\u3044\u3002", True),
        ("\u0e02\u0e2d\u0e42\u0e17\u0e29", True),
        ("Thanks, Wojciech!", False),
        ("Hi Søren", False),
        ("Acme GmbH", False),
        ("Ok.", False),
    ],
)
def test_few_words_of_another_language_are_noted(text: str, noted: bool) -> None:
    assert bool(Analyzer(engine="rules").analyze(text).notes) is noted
