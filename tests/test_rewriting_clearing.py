"""Barbs that fill sentences: what goes, what stays, and what stands in their place."""

from __future__ import annotations

import pytest

from calmtone.rewriting import rewrite
from calmtone.rewriting.barbs import NOTHING, OPINION, TELLS, grade, is_taunt

pytestmark = pytest.mark.usefixtures("rules_only")

TROUBLE = "What troubles me is [what happened, and how it affects you]."
VIEW = "I see this differently: [how, and why]."


@pytest.mark.parametrize(
    "words",
    [
        "The alarm didn't ring, you genius.",
        "Eleven people were woken by your alarm.",
        "Move the car.",
        "Don't come to the house again.",
        "Why did you delete my post?",
        "When will it be fixed?",
        "I don't need a second opinion from you.",
        "There'll be no further correspondence.",
        "One more and you're off the list.",
        "Fix it or I tell everyone who you are.",
        "Proofreading is your job.",
        "I've already written to your manager.",
        "Reported, blocked, and sorry for you.",
        "Let me help: shared means you don't lock it.",
        "It doesn't open, does it?",
        "You owe me forty quid.",
        "It's in the drawer.",
        'What part of "do not touch" is hard for you?',
        "No.",
    ],
)
def test_what_tells_something_stays(words: str) -> None:
    assert grade(words) == TELLS


@pytest.mark.parametrize(
    "words",
    [
        "You are a joke and everybody here knows it.",
        "Do you people ever think?",
        "It must be lovely to be so sure of yourself.",
        "Honestly, some of you shouldn't be allowed near a keyboard.",
    ],
)
def test_what_may_go(words: str) -> None:
    assert grade(words) in (OPINION, NOTHING)


def test_the_end_of_a_sentence_that_gives_a_reason_stays() -> None:
    assert not is_taunt("so that you can read it")
    assert not is_taunt("as you were told on Monday")


def test_barbs_alone_become_one_sentence_with_a_slot() -> None:
    text = "You are a joke and everybody here knows it. Do you people ever think?"
    made = rewrite(text)
    assert made.text == TROUBLE
    (edit,) = made.edits
    assert edit.kind == "slot"
    assert text[slice(*edit.before)] == text
    assert made.text[slice(*edit.after)] == TROUBLE
    assert made.has_slots
    assert made.check.ok


def test_the_slot_keeps_the_way_of_writing() -> None:
    assert rewrite("you are a joke and everybody here knows it").text == TROUBLE[:-1].replace(
        "What", "what"
    )


def test_an_answer_gets_another_slot() -> None:
    barb = "You are a joke and everybody here knows it."
    assert rewrite(barb, "I think we should start earlier.").text == VIEW
    asked = rewrite(barb, "Could we start earlier on Monday?").text
    assert asked == "My answer is [what you can say to it, and why]."


def test_facts_stand_without_their_barbs() -> None:
    text = "The page takes 9 seconds to load. You are a joke and everybody here knows it."
    made = rewrite(text)
    assert made.text == "The page takes 9 seconds to load."
    assert rewrite(made.text).text == made.text


def test_what_is_left_points_at_nothing_that_went() -> None:
    text = "You are a joke and everybody here knows it. That is why I paid on Monday."
    assert "You are a joke" in rewrite(text).text
