"""What an edit must not leave behind: pointing words, headless parts."""

from __future__ import annotations

import pytest

from calmtone import Analyzer
from calmtone.rewriting import rewrite
from calmtone.rewriting.barbs import is_empty
from calmtone.rewriting.clauses import heads
from calmtone.rewriting.guards import headless, strands, takes_up, trailing
from calmtone.rewriting.slots import slot_changes
from calmtone.rewriting.standing import Standing

pytestmark = pytest.mark.usefixtures("rules_only")


@pytest.mark.parametrize(
    ("dropped", "rest", "is_so"),
    [
        ("Your precious shed is a joke.", "The bit about the roof is wrong.", True),
        ("Nobody wants your soup.", "There was hair in there.", True),
        ("Your soup is a disgrace.", "I found a hair in there.", True),
        ("Some of us work for a living.", "I know that's new to you.", True),
        ("What a useless lawyer.", "He lost the file.", True),
        ("The lad you sent is a clown.", "Broke the sink and left.", True),
        ("How brave of you.", "I do worry about you, though.", True),
        ("Delete your account.", "Genuinely.", True),
        ("As if anyone read your essay.", "I did.", True),
        ("You absolute clowns!", "It never came.", False),
        ("Learn to read.", "The shop closes at six.", False),
    ],
)
def test_what_would_be_stranded(dropped: str, rest: str, is_so: bool) -> None:
    assert strands(dropped, rest) is is_so


def test_what_stays_of_a_sentence_may_point_at_its_start() -> None:
    assert takes_up("If sympathy is all you have", "offer it to a shelter.")
    assert not takes_up("If sympathy is all you have", "offer soup to a shelter.")
    assert not takes_up("You clown", "bring it back.")


def test_a_question_is_not_headless() -> None:
    assert not headless("Did you read it?")
    assert headless("Took three weeks.")
    assert not any("Was" in new for *_, new, _, _ in heads("You're a joke, was told Monday."))


@pytest.mark.parametrize(
    ("words", "place"), [("Ask them, so.", 8), ("I told you so.", -1), ("Ring him and.", 8)]
)
def test_a_conjunction_left_over(words: str, place: int) -> None:
    assert trailing(words) == place


@pytest.mark.parametrize("question", ["Which team.", "where is it", "Whose bike is that."])
def test_a_question_without_its_mark(question: str) -> None:
    assert not is_empty(question)


@pytest.mark.parametrize("kisses", [" x", " xx", " x Jo", "\nx", "\nxx\nJo"])
def test_kisses_stay_last(kisses: str) -> None:
    analysis = Analyzer().analyze(f"The courier lost it so ask them{kisses}")
    made = slot_changes(analysis, (), Standing(True, False, True))
    assert made[-1][0] == len("The courier lost it so ask them")


def test_a_short_answer_stays_with_its_question() -> None:
    analysis = Analyzer().analyze("I did. The courier lost it so ask them.")
    made = slot_changes(analysis, (), Standing(True, False, True))
    assert made[0][0] == len("I did. ")


@pytest.mark.parametrize("text", ["You'd lose a debate to a bollard.", "You pathetic clown."])
def test_a_barb_alone_becomes_one_slot(text: str) -> None:
    made = rewrite(text)
    assert made.text == "What troubles me is [what happened, and how it affects you]."
    assert [edit.kind for edit in made.edits] == ["slot"]
    assert rewrite(made.text).text == made.text
