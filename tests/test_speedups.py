"""The compiled half: it says the same as the Python half, and the package does without it."""

from __future__ import annotations

import gc
import json
import os
import pickle
import shutil
import sys
from collections import namedtuple
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support import BLANKS, TEXTS, rule_examples, run_python

import calmtone
from calmtone import Analyzer, analyzer, composing, text
from calmtone.compiled import Engine, Replier, Walker, speedups
from calmtone.errors import TextTooLongError
from calmtone.replies.reader import shipped_reader
from calmtone.replies.types import Places, ReplyAnalysis
from calmtone.resources import read_records
from calmtone.results import Scores, Span
from calmtone.rules import matching

ROOT = Path(__file__).parents[1]
MESSAGES = ROOT / "benchmarks" / "data" / "messages.jsonl"
PAIRS = ROOT / "benchmarks" / "data" / "pairs.jsonl"
compiled_only = pytest.mark.skipif(not speedups, reason="the compiled half is not built here")

# Pieces that reading, matching or features of a text look for.
PIECES = (
    *" \n.!?'\"_|`>@*#$:-,()/0123459aAiIzé",
    *"\u2019\u201c\u00a0\u200b\u0301\ud83d\u0430\u043e\u0130\u01c5\U0001f622\x00\x1c\x85\u2028",
    *("...", "!!", "?!", "\n\n", " '", "' ", "``", "```", "www.", "http://a.b", "a@b.de"),
    *("On 3 May, Ann wrote:\n", "To: a@b.c\n", "you-idiot", "calmtone: ignore[a-b]", "\n\n"),
    *("hostility/you-idiot", "defensiveness/a-b", "empathy/", "On Mon I wrote:\n"),
    *("On Mon, Ann wrote:\n> ", "from: a\nsent: b", "-- original message --", " message -"),
    *("you", "You", "are", "an", "idiot", "IDIOT", "STUPID", "m0r0n", "1diot", "st*pid"),
    *("a$$", "not", "n't", "don't", "never", "sorry", "Sorry", "but", "sooo", "idiooot"),
    *("e.g.", "etc.", "Mr.", "said", "he said ", "I", "i", "i d i o t", " you ", " the "),
    *("policy", "thank you", "I understand", "as I said", "it's", "very", "maybe", "___"),
)
# Pieces that messages and their answers are read for.
ASKED = (
    *(
        "why ",
        "how much ",
        "what ",
        "where ",
        "can I ",
        "refund",
        "\u20ac",
        "\xa3",
        "ABCD",
        "? ",
    ),
    *("my fault. ", "I will ", "tomorrow ", "because ", "instead ", "waiting ", "broken "),
)


@pytest.fixture(scope="module")
def fast() -> Analyzer:
    return Analyzer(engine="rules")


@pytest.fixture(scope="module")
def pure() -> Iterator[Analyzer]:
    """An analyzer that is Python all through."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "Reader", None)
        patch.setattr(matching, "CompiledWalker", None)
        analyzer._shipped.cache_clear()
        made = Analyzer(engine="rules")
    analyzer._shipped.cache_clear()
    assert made._compiled is None
    assert made._language.reader is None
    yield made


def check(fast: Analyzer, pure: Analyzer, draft: str) -> None:
    """Documents, matches, analyses and scores are the same to the last bit."""
    document = text.read(draft, pure._language)
    assert text.read(draft, fast._language) == document
    if document.sentences:
        found = fast._rules.matchers[0].find(document)
        assert found == pure._rules.matchers[0].find(document)
    expected = pure.analyze(draft)
    assert repr(fast.analyze(draft)) == repr(expected)
    assert tuple(fast.score_batch([draft])[0]) == expected.scores


@compiled_only
def test_both_say_the_same_of_texts_and_examples(fast: Analyzer, pure: Analyzer) -> None:
    for draft in (*TEXTS, *BLANKS, *rule_examples()[::3]):
        check(fast, pure, draft)


def check_answer(fast: Analyzer, pure: Analyzer, message: str, draft: str) -> None:
    """What is read of a message and its answer is the same to the last bit."""
    expected = pure.analyze(draft, reply_to=message)
    assert repr(fast.analyze(draft, reply_to=message)) == repr(expected)


@compiled_only
@pytest.mark.parametrize("draft", [*TEXTS[:12], "You idiot, calm down!", " "])
def test_both_say_the_same_of_answers(fast: Analyzer, pure: Analyzer, draft: str) -> None:
    for message in ("Where is order 4471? It was due on Monday!", "ok", ""):
        check_answer(fast, pure, message, draft)


@compiled_only
@pytest.mark.skipif(not PAIRS.exists(), reason="the pairs of benchmarks are not here")
def test_both_say_the_same_of_pairs(fast: Analyzer, pure: Analyzer) -> None:
    pairs = [json.loads(row) for row in PAIRS.read_text(encoding="utf-8").splitlines()]
    messages, replies = ([row[key] or "" for row in pairs] for key in ("message", "reply"))
    others = [*replies[1:], replies[0]]
    for message, reply, other in zip(messages, replies, others, strict=True):
        check_answer(fast, pure, message, reply)
        check_answer(fast, pure, message, other)
    for draft in ("\n\n".join(replies), " ".join(replies[:20])):
        check_answer(fast, pure, "\n".join(messages), draft)


@compiled_only
@settings(max_examples=150, deadline=None)
@given(*[st.lists(st.sampled_from((*PIECES, *ASKED)), max_size=40).map("".join)] * 2)
@example("", "")
@example("Why?", "why")
@example("Why? " * 300, "Because it is late. " * 300)
@example("\ud83d \U0001f622 \u20ac\xa3", "\ud83d. \U0001f622!")
@example("word " * 4000, "word " * 4000)
def test_both_say_the_same_of_odd_answers(
    fast: Analyzer, pure: Analyzer, message: str, draft: str
) -> None:
    check_answer(fast, pure, message, draft)


@compiled_only
@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(codec=None), max_size=40), st.text(max_size=40))
def test_both_say_the_same_of_any_answer(
    fast: Analyzer, pure: Analyzer, message: str, draft: str
) -> None:
    check_answer(fast, pure, message, draft)


@compiled_only
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"acts": None}, "acts"),
        ({"acts": ("own",) * 9}, "too many acts"),
        ({"kinds": 99}, "kinds"),
        ({"only": "none"}, "only"),
        ({"crossed": ()}, "rows of weights"),
        ({"needs": None}, "needs"),
        ({"message": ()}, "function missing required argument|takes exactly 6"),
        ({"message_features": ((0,) * 99,) * 10}, "few numbers"),
        ({"troubles": ((1 << 20,),) * 96}, "out of range"),
        ({"reply_features": ((-1, -1, 99, ()),) * 13}, "out of range"),
        ({"need_over": (1.0,)}, "5 numbers"),
        ({"Places": tuple}, "Places must have"),
        ({"Span": Scores}, "Span must have 2 fields"),
    ],
)
def test_numbers_of_replies_that_make_no_sense_are_refused(
    fast: Analyzer, change: dict[str, Any], problem: str
) -> None:
    reader = fast._language.reader
    assert reader is not None
    others = {"reader": reader, "ReplyAnalysis": ReplyAnalysis, "Places": Places, "Span": Span}
    sound = {**shipped_reader().settings(), **others}
    assert Replier(sound).read("Why?", "Because.").questions == (Span(0, 4),)
    with pytest.raises((TypeError, ValueError), match=problem):
        Replier({**sound, **change})
    with pytest.raises(KeyError, match="the settings lack reader"):
        Replier({})


@compiled_only
def test_words_without_weights_are_refused(fast: Analyzer) -> None:
    reader, found = fast._language.reader, shipped_reader()
    assert reader is not None
    others = {"reader": reader, "ReplyAnalysis": ReplyAnalysis, "Places": Places, "Span": Span}
    sound = {**found.settings(), **others}
    for columns in ([], [1 << 20], ["one"]):
        numbers, _, *rest = sound["message"]
        side = (dict.fromkeys(numbers, 0), (columns,) * 6, *rest)
        with pytest.raises((TypeError, ValueError)):
            Replier({**sound, "message": side}).read("Where is it?", "Here.")


@compiled_only
@pytest.mark.skipif(not MESSAGES.exists(), reason="the messages of benchmarks are not here")
def test_both_say_the_same_of_messages(fast: Analyzer, pure: Analyzer) -> None:
    rows = MESSAGES.read_text(encoding="utf-8").splitlines()[::5]
    drafts = [str(json.loads(row)["text"]) for row in rows]
    for draft in drafts:
        check(fast, pure, draft)
    check(fast, pure, "\n\n".join(drafts[:60]))


@compiled_only
@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@example("He said 'you are an idiot.' And \"go away now please\" again: 'fine'")
@example("y o u  i d i o t, st*pid a$$ m0r0n, sooo idiooot, idiot!!! #1! $50 *very* bad*")
@example("'" * 500 + "you " * 300 + '"' * 301)
@example("a.b e.g. this Mr. X. 1. Go\n\nOn it... and On? no.)\n* you")
def test_both_say_the_same_of_odd_texts(fast: Analyzer, pure: Analyzer, draft: str) -> None:
    check(fast, pure, draft)


@compiled_only
@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_both_say_the_same_of_any_text(fast: Analyzer, pure: Analyzer, draft: str) -> None:
    check(fast, pure, draft)


@compiled_only
def test_both_say_the_same_with_own_rules(tmp_path: Path) -> None:
    file = tmp_path / "hostility" / "own.toml"
    file.parent.mkdir()
    file.write_text(
        '[made-of-cheese]\nsummary = "s"\npractice = "pause"\n'
        'strength = "strong"\nfind = ["made of cheese", "you ... cheese"]\nhint = "Consider."\n'
        'match = ["You are <made of cheese>."]\nno-match = ["I like cheese."]\n',
        encoding="utf-8",
    )
    drafts = (*TEXTS, "You are made of cheese. You people and your cheese!")
    fast = Analyzer(engine="rules", rules=tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "Reader", None)
        patch.setattr(matching, "CompiledWalker", None)
        analyzer._shipped.cache_clear()
        slow = Analyzer(engine="rules", rules=tmp_path)
    analyzer._shipped.cache_clear()
    assert slow._compiled is None
    for draft in drafts:
        assert repr(fast.analyze(draft)) == repr(slow.analyze(draft))


@compiled_only
def test_threads_share_an_analyzer(pure: Analyzer) -> None:
    fresh = Analyzer(engine="rules")
    drafts = [*TEXTS, *rule_examples()[::20]] * 3
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(fresh.analyze, drafts))
    assert [repr(item) for item in found] == [repr(pure.analyze(draft)) for draft in drafts]


@compiled_only
def test_it_survives_pickling_and_freeing(fast: Analyzer) -> None:
    again = pickle.loads(pickle.dumps(fast))
    assert again.analyze(TEXTS[2]) == fast.analyze(TEXTS[2])
    del again
    gc.collect()
    assert fast.analyze(TEXTS[2]).hints


@compiled_only
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_it_survives_a_fork() -> None:
    code = (
        "import os, sys; from calmtone import Analyzer; a = Analyzer(engine='rules')\n"
        f"text = {TEXTS[2]!r}; before = a.analyze(text); child = os.fork()\n"
        "if not child: os._exit(a.analyze(text) != before)\n"
        "print(os.waitpid(child, 0)[1])"
    )
    assert run_python(code).strip() == "0"


@compiled_only
def test_it_survives_a_second_import() -> None:
    code = (
        "import sys; from importlib import import_module; from calmtone import Analyzer\n"
        "old = Analyzer(engine='rules'); del sys.modules['calmtone._speedups']\n"
        "assert import_module('calmtone._speedups').Reader is not type(old._language.reader)\n"
        f"print(Analyzer(engine='rules').analyze({TEXTS[2]!r}) == old.analyze({TEXTS[2]!r}))"
    )
    assert run_python(code).strip() == "True"


@compiled_only
@pytest.mark.parametrize("name", ["Analysis", "Scores", "Span", "Evidence", "Hint"])
def test_results_of_another_shape_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(composing, name, namedtuple("Other", ["field"]))
    with pytest.raises(TypeError, match=f"{name} must have"):
        Analyzer(engine="rules")


@compiled_only
def test_results_have_the_hash_of_their_equals(fast: Analyzer) -> None:
    scores = fast.analyze(TEXTS[2]).scores
    assert hash(scores) == hash(tuple(scores))


@compiled_only
def test_results_are_freed(fast: Analyzer) -> None:
    drafts = [*TEXTS, LEAKY]
    for draft in drafts:
        fast.analyze(draft)
        fast.analyze(draft, reply_to=drafts[0])
    gc.collect()
    before = len(gc.get_objects()), sys.getallocatedblocks()
    for _ in range(50):
        for draft in drafts:
            fast.analyze(draft)
            fast.analyze(draft, reply_to=drafts[0])
        fast.score_batch(drafts)
    gc.collect()
    after = len(gc.get_objects()), sys.getallocatedblocks()
    assert after[0] - before[0] < 100
    assert after[1] - before[1] < 200


LEAKY = "\u201cYou idiot\u201d, he said. I\u2019m sorry you feel that way, st*pid! > `x`" * 20


@compiled_only
@pytest.mark.parametrize(
    "document",
    [
        (),
        ("a", ["you"], [0], [1], []),
        ("a", ["you", "."], [0, 9], [1, 1], [(0, 1, 0, 1, ".")]),
        ("a", ["you", "."], [0, 1], [1, 1], [(0, 5, 0, 1, ".")]),
        ("a", ["you", "."], [0, 1], [1, 1], [(0, 1, 0, 1, ";")]),
        ("a", [1, "."], [0, 1], [1, 1], [(0, 1, 0, 1, ".")]),
        ("a", [type("Word", (str,), {})("you"), "."], [0, 1], [1, 1], [(0, 1, 0, 1, ".")]),
        ("a", ["you", "."], [0], [1, 1], [(0, 1, 0, 1, ".")]),
    ],
)
def test_documents_that_make_no_sense_are_refused(fast: Analyzer, document: Any) -> None:
    walker = fast._rules.matchers[0].walker
    assert isinstance(walker, Walker)
    with pytest.raises((TypeError, ValueError)):
        walker.find(document)


class Odd:
    """A key that stands where a setting is looked up, and fails when compared."""

    def __hash__(self) -> int:
        return hash("forms")

    def __eq__(self, other: object) -> bool:
        raise MemoryError


@compiled_only
def test_an_error_while_settings_are_read_is_shown_as_it_is(fast: Analyzer) -> None:
    reader = fast._language.reader
    assert reader is not None
    walkers = tuple(matcher.walker for matcher in fast._rules.matchers)
    with pytest.raises(MemoryError):
        Engine(reader, walkers, {Odd(): ()})  # type: ignore[dict-item]
    with pytest.raises(KeyError, match="the settings lack forms"):
        Engine(reader, walkers, {})


def test_the_nodes_of_shipped_rules_can_be_gone_through() -> None:
    _, nodes = read_records("en", "does.jsonl")
    found = list(nodes)
    assert len(found) == len(nodes) > 1000
    assert found[0] == nodes[0] and found[-1] == nodes[len(nodes) - 1]
    for number in (-1, len(nodes)):
        with pytest.raises(IndexError, match=f"no record {number} of"):
            nodes[number]


@compiled_only
def test_texts_of_a_batch_are_checked_before_any_is_read(fast: Analyzer) -> None:
    class Text(str):
        pass

    assert (fast.score_batch([Text("You idiot.")]) == fast.score_batch(["You idiot."])).all()
    assert fast.score_batch([]).shape == (0, 3)
    with pytest.raises(TypeError, match="text must be a string, not int"):
        fast.score_batch(["Hello.", 3])  # type: ignore[list-item]
    with pytest.raises(TextTooLongError):
        fast.score_batch(["Hello.", "a" * (fast.max_chars + 1)])


def test_the_environment_chooses_the_python_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALMTONE_PURE", "1")
    code = (
        "import calmtone; a = calmtone.Analyzer(engine='rules')\n"
        f"print(calmtone.speedups, a._compiled, a.analyze({TEXTS[2]!r}).scores)"
    )
    scores = Analyzer(engine="rules").analyze(TEXTS[2]).scores
    assert run_python(code).strip() == f"False None {scores!r}"


@compiled_only
@pytest.mark.parametrize(("age", "used"), [(-60, True), (60, False)])
def test_what_is_older_than_its_sources_is_not_used(
    age: int, used: bool, tmp_path: Path
) -> None:
    """As after new sources were fetched into a checkout, and nothing was built."""
    package = tmp_path / "calmtone"
    ours = Path(calmtone.__file__).parent
    shutil.copytree(ours, package, ignore=shutil.ignore_patterns("models", "csrc"))
    (extension,) = (*package.glob("_speedups*.so"), *package.glob("_speedups*.pyd"))
    built = extension.stat().st_mtime
    (package / "csrc").mkdir()
    source = package / "csrc" / "module.c"
    source.write_text("/* other */")
    os.utime(source, (built + age, built + age))
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import calmtone; print(calmtone.__file__, calmtone.speedups)"
    )
    assert run_python(code).split() == [str(package / "__init__.py"), str(used)]


def test_the_package_says_which_half_it_is() -> None:
    assert calmtone.speedups is speedups


def test_without_a_compiler_the_wheel_is_pure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("hatchling")
    pytest.importorskip("setuptools")
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("CC", "false")
    monkeypatch.delenv("CALMTONE_PURE", raising=False)
    hatch_build = pytest.importorskip("hatch_build")
    said: list[str] = []

    class App:
        display_warning = staticmethod(said.append)

    hook = hatch_build.SpeedupsHook(str(ROOT), {}, None, None, str(tmp_path), "wheel", App())
    data: dict[str, Any] = {"force_include": {}}
    hook.initialize("standard", data)
    hook.finalize("standard", data, "")
    assert data == {"force_include": {}}
    assert "without its compiled half" in said[0]
