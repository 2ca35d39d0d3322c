"""Hints about telling words: on all that is bad, on nothing that is not, in a useful order."""

from __future__ import annotations

import pytest

from calmtone import Analysis, Analyzer, Hint, Scores, Span
from calmtone.ranking import rank
from calmtone.resources import read_json
from calmtone.trimming import Trimmer

WORDS = read_json("en", "language.json")["hints"]


@pytest.fixture(scope="module")
def onnx() -> Analyzer:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    return Analyzer(engine="onnx")


def told(analysis: Analysis, dimension: str = "") -> list[str]:
    """The words of the hints."""
    return [
        analysis.text[hint.span.start : hint.span.end]
        for hint in analysis.hints
        if hint.span and dimension in ("", hint.dimension)
    ]


# Which words


def test_the_worst_words_are_told_beside_others(analyzer: Analyzer) -> None:
    text = "Typical. Another brainless moron with a drill. Shut up and let me work."
    words = told(analyzer.analyze(text), "hostility")
    assert any("moron" in found for found in words)
    assert any("Shut up" in found for found in words)


def test_what_a_rule_says_is_said_once(analyzer: Analyzer) -> None:
    for text in (
        "It was just a joke, everyone else laughed. I didn't mean anything by it.",
        "Shut up. I said shut up. For once in your life, shut up.",
    ):
        said = [(h.rule, h.message) for h in analyzer.analyze(text).hints if not h.suggestions]
        assert said
        assert len(said) == len(set(said))


def test_further_words_have_a_shorter_message(analyzer: Analyzer) -> None:
    text = (
        "This clown wrote garbage again, the pathetic loser. And that moron with his "
        "disgusting stupid face nods. What a bunch of worthless idiots, all of them."
    )
    hints = [h for h in analyzer.analyze(text).hints if h.rule == "lexicon/hostility"]
    messages = [hint.message for hint in sorted(hints, key=lambda h: h.effect)]
    assert messages.count(WORDS["lexicon"]["hostility"]["message"]) <= 1


KIND = (
    "Thanks for the long letter, and I understand how worried you are about the garden. "
    "{} I'd like us to plant the hedge together on Saturday. How are the girls?"
)


@pytest.mark.parametrize("harsh", ["Your plan is idiotic and you know it."])
def test_one_harsh_sentence_in_a_kind_letter_is_told(onnx: Analyzer, harsh: str) -> None:
    analysis = onnx.analyze(KIND.format(harsh))
    assert any("idiotic" in words for words in told(analysis, "hostility"))


def test_kind_letters_get_no_hints(onnx: Analyzer, analyzer: Analyzer) -> None:
    text = KIND.format("Your plan has one gap, the fence by the road.")
    assert onnx.analyze(text).hints == ()
    assert analyzer.analyze(text).hints == ()


@pytest.mark.parametrize(
    "text",
    [
        "You left me alone with the stall, which was selfish and lazy, and you know it.",
        "We had many strong applications this year, and we chose somebody else. Good luck!",
        "I know the weeks were hard. But the naming in this file is off, and you know why.",
        "Maybe they lost it. Thanks for looking into it again.",
    ],
)
def test_defence_is_heard_in_clear_texts_and_several_words(onnx: Analyzer, text: str) -> None:
    analysis = onnx.analyze(text)
    for hint in analysis.hints:
        if hint.rule == "model/defensiveness" and hint.span:
            scores = [analysis.defensiveness, *(s.scores[1] for s in analysis.sentences)]
            assert max(scores) >= 0.5
            assert " " in text[hint.span.start : hint.span.end]


def test_what_a_model_marks_in_clear_texts_is_told(onnx: Analyzer) -> None:
    analysis = onnx.analyze("This code is garbage, and you are a pathetic liar.")
    assert analysis.hostility > 0.5
    assert told(analysis, "hostility")


# Where they end

TRIMMER = Trimmer(WORDS["trimming"])


@pytest.mark.parametrize(
    ("marked", "kept"),
    [
        ("<two brain cells you> could use", "two brain cells"),
        ("<a mess, and so is your> code", "a mess"),
        ("<nobody cares about your> plans", "nobody cares"),
        ("<follow a simple> rule", "follow"),
        ("<sent the wrong> part", "sent"),
        ("<accuse me of> lying", "accuse me"),
        ("<accuse you of> lying", "accuse you"),
        ("<People like you are> the reason", "People like you"),
        ("<nobody will> read it", "nobody"),
        ("<if you had> asked", "if you had"),
        ("<you are the> problem", "you are the"),
        ("<you are wrong> again", "you are wrong"),
        ("<What do you care about>?", "What do you care about"),
        ("<who is it for>", "who is it for"),
        ("<Shut up> now", "Shut up"),
        ("<it\u2019s Your> call", "it\u2019s"),
    ],
)
def test_words_that_lean_on_the_next_are_cut_off(marked: str, kept: str) -> None:
    start, end = marked.index("<"), marked.index(">") - 1
    text = marked.replace("<", "").replace(">", "")
    assert text[start : TRIMMER.trim(text, start, end)] == kept


# In which order


def hint(name: str, dimension: str, effect: float, start: int | None = 0) -> Hint:
    span = None if start is None else Span(start, start + 1)
    return Hint(name, "own-it", dimension, span, "Consider it.", (), effect)


def test_hints_of_a_full_score_are_told_apart() -> None:
    scores = Scores(0.9999999, 0.2, 0.1)
    small, big = hint("a", "hostility", -1e-8), hint("b", "hostility", -1e-6, 5)
    slight = hint("c", "defensiveness", -0.01, 9)
    assert rank([small, slight, big], scores) == (big, small, slight)


def test_hints_of_one_weight_stand_by_place() -> None:
    hints = [hint("a", "hostility", -0.1, 5), hint("b", "hostility", -0.1, 2)]
    assert [found.rule for found in rank(hints, Scores(0.6, 0.0, 0.0))] == ["b", "a"]


def test_an_attack_is_mended_before_anything_is_added() -> None:
    added, rude = hint("a", "empathy", 0.4, None), hint("b", "hostility", -0.2)
    assert rank([added, rude], Scores(0.95, 0.7, 0.02)) == (rude, added)
    assert rank([added, rude], Scores(0.3, 0.7, 0.02)) == (added, rude)


def test_effects_beyond_a_score_s_ends_can_be_ranked() -> None:
    hints = [hint(str(i), "hostility", -1.0, i) for i in range(40)]
    assert len(rank([*hints, hint("x", "empathy", 1.0, None)], Scores(1.0, 0.0, 0.5))) == 41
    assert rank([], Scores(0.0, 0.0, 0.0)) == ()
