"""Who answers a complaint, and who makes one: only the first is given words of apology."""

from __future__ import annotations

import pytest

from calmtone import Analyzer
from calmtone.rewriting import rewrite
from calmtone.rewriting.phrases import apologies
from calmtone.rewriting.slots import opening_place
from calmtone.rewriting.standing import standing

pytestmark = pytest.mark.usefixtures("rules_only")

COMPLAINT = "My parcel never came and I'm really upset. I have waited for three weeks!"


def test_a_complaint_answered() -> None:
    analyzer = Analyzer()
    draft = analyzer.analyze("The courier lost it, so ask them.", reply_to=COMPLAINT)
    assert standing(draft, draft.reply).answers
    words = "Learn to read, you useless clown."
    draft = analyzer.analyze(words, reply_to="How do I undo a commit?")
    assert not standing(draft, draft.reply).answers


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("We did everything by the book and the courier lost it.", True),
        ("I'm sorry you feel that way.", True),
        ("You idiots lost my bag, and my mother cried all night.", False),
    ],
)
def test_a_draft_alone(text: str, answers: bool) -> None:
    assert standing(Analyzer().analyze(text), None).answers is answers


def test_what_is_denied_is_not_admitted() -> None:
    made = rewrite("That is not our fault. The courier lost it, so ask them.", COMPLAINT)
    assert made.has_slots
    assert "[your own part in it]" not in made.text
    assert "Please tell us if we have missed something." in made.text


def test_one_who_answers_owns_a_part() -> None:
    text = "I only missed one deadline, and nobody else complained, so I don't see the fuss."
    made = rewrite(text, COMPLAINT)
    assert "[your own part in it]" in made.text
    made = rewrite("The courier lost it, so there is nothing we can do.", COMPLAINT)
    assert made.has_slots
    assert "[your own part in it]" not in made.text


@pytest.mark.parametrize(
    ("text", "admits"),
    [
        ("I only missed one meeting.", True),
        ("Sorry I was short with you, but it had been a long day.", True),
        ("It was just a joke, lighten up.", True),
        ("That was not our fault.", False),
        ("I never said that.", False),
        ("We never touched it. I should have said so.", False),
        ("I forgot, but you should have reminded me.", False),
        ("The reader was at the beach that week.", False),
        ("I'm sorry you feel that way.", False),
        ("I shouldn't have to explain my own lease.", False),
    ],
)
def test_who_admits(text: str, admits: bool) -> None:
    assert standing(Analyzer().analyze(text), None).admits is admits


def test_an_if_stays_where_the_draft_admits_nothing() -> None:
    text = "We are truly sorry if the wording hurt"
    (split,) = apologies(f"{text}, but we did not say a word.", False)
    assert split[3] == "split"
    (told,) = apologies(f"{text}.")
    assert told[2] == " that "


@pytest.mark.parametrize(
    "greeting",
    [
        "Hi Sam,\n\n",
        "Dear Ms Lee,\n",
        "Hola Petra! ",
        "Hello all\n\n",
        "Sam,\n",
        "Hi Sam, ",
        "Hi there, ",
    ],
)
def test_the_greeting_stays_first(greeting: str) -> None:
    assert opening_place(f"{greeting}The courier lost it.") == len(greeting)


def test_an_inline_closing_stays_last() -> None:
    text = "The courier lost it, so there is nothing we can do. Kind regards, Customer Care"
    assert rewrite(text, COMPLAINT).text.endswith("by [when]. Kind regards, Customer Care")
