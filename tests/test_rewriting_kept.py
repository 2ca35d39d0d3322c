"""What the safe edits must not lose: what is told, asked and requested beside an insult."""

from __future__ import annotations

import pytest

from calmtone.rewriting import rewrite
from calmtone.rewriting.barbs import TELLS, grade, is_empty, is_taunt
from calmtone.rewriting.clauses import is_name, vocatives
from calmtone.rewriting.phrases import capitals, swaps

pytestmark = pytest.mark.usefixtures("rules_only")

FRAME = "[what it meant for them]"


@pytest.mark.parametrize(
    "words",
    [
        "Any fool can see that the ladder is cracked.",
        "Even a toddler could tell you the milk is off.",
        "A monkey could see that you swapped the labels.",
        "What will you do about it?",
        "Who is your landlord?",
        "Why did you leave the meeting?",
        "When will you come?",
        "Do you sell stamps?",
        "Are you coming on Friday night?",
        "Did you tell your mother about the plan?",
        "Do you have a child seat?",
        "What is your problem with the invoice?",
        "Can you finally post the keys?",
        "Is it too much to ask you to be on time for once?",
        "Would you mind moving the van?",
        "You can't park a lorry there.",
        "You could have rung me, instead of writing to the whole street.",
    ],
)
def test_what_tells_or_asks(words: str) -> None:
    assert not is_empty(words)
    assert grade(words) == TELLS


@pytest.mark.parametrize(
    "words",
    [
        "Do you ever think?",
        "Are you blind?",
        "Do you have a brain?",
        "Any fool can see what you are.",
        "Can you even read?",
    ],
)
def test_what_only_mocks(words: str) -> None:
    assert is_empty(words)


def test_what_nobody_did_is_no_taunt() -> None:
    assert not is_taunt("you clowns, and nobody answered")


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (
            "Any idiot can see that the tap drips. Shut the valve.",
            "Anyone can see that the tap drips. Shut the valve.",
        ),
        (
            "The oven is broken, you clowns. When will you come?",
            "The oven is broken. When will you come?",
        ),
        ("You thieves. Do you take cards?", "Do you take cards?"),
        (
            "You clown. Have you paid the deposit for the hall in Mill Lane yet?",
            "Have you paid the deposit for the hall in Mill Lane yet?",
        ),
        ("Can you finally post the keys, you lazy slob?", "Can you finally post the keys?"),
        ("Would it kill you to close the gate, you slob?", "Could you please close the gate?"),
        (
            "I got the wrong soup, you idiots, and nobody apologised.",
            "I got the wrong soup, and nobody apologised.",
        ),
        ("Bravo for breaking the gate, you drunk.", "I'm unhappy about you breaking the gate."),
        (
            "I'm only saying it once, you muppet: leave the door open.",
            "I'm only saying it once: leave the door open.",
        ),
        ("Nice work, genius, the lift is stuck since 08:30.", "The lift is stuck since 08:30."),
        ("Is it too much to ask that you knock first?", "Could you please knock first?"),
        (
            "Is it really too much to ask for an answer, you muppets?",
            "Could I please have an answer?",
        ),
    ],
)
def test_the_name_goes_and_the_rest_stays(text: str, new: str) -> None:
    assert rewrite(text).text == new


@pytest.mark.parametrize("text", ["Grow up, Daniel. Pay me back the £50.", "Grow up, Ann."])
def test_no_name_is_left_over(text: str) -> None:
    made = rewrite(text).text
    assert not made.startswith(("Daniel", "Ann"))


def test_the_matter_of_an_order_is_named_once() -> None:
    assert "about about" not in rewrite("Shut up about the bins, I'll pay you on Friday.").text


@pytest.mark.parametrize(
    "text",
    [
        "She called me a liar in front of the team, and I don't know what to say.",
        "I never received the coat, and your driver said it's my own fault. Could you check?",
        "My aunt keeps telling everyone that I stole it. I never did. What should I do?",
        "I didn't scratch the car, it was like that. Here are the photos from 2 May.",
    ],
)
def test_one_who_was_let_down_gets_no_frame(text: str) -> None:
    assert FRAME not in rewrite(text).text


def test_one_who_answers_keeps_the_frame() -> None:
    assert FRAME in rewrite("The courier lost it, so there is nothing we can do.").text


@pytest.mark.parametrize(
    ("sentence", "quiet"),
    [
        ("GIVE ME MY MONEY, I PAID AT IKEA ON MONDAY!!", "Give me my money, I paid at IKEA"),
        ("FIX THE VPN NOW!", "Fix the VPN now!"),
        ("WE TALKED ABOUT IT IN MAY.", "We talked about it in May."),
    ],
)
def test_a_shouted_sentence_is_lowered_as_a_whole(sentence: str, quiet: str) -> None:
    ((start, end, new, *_),) = capitals(sentence, sentence)
    assert (start, end) == (0, len(sentence))
    assert new.startswith(quiet)


def test_a_name_in_capitals_is_not_lowered() -> None:
    made = rewrite("Don't touch it, you fool! CALL MIRIAM IN LEEDS.")
    assert made.text == "Don't touch it! Call MIRIAM in LEEDS."


def test_a_shouted_text_is_lowered_throughout() -> None:
    made = rewrite("WHERE IS MY REFUND, YOU THIEVES? I PAID $80 VIA PAYPAL ON MONDAY!!!")
    assert made.text == "Where is my refund? I paid $80 via PAYPAL on Monday!"
    assert "drop" not in {edit.kind for edit in made.edits}
    assert "ANNA" in rewrite("YOU ARE AN IDIOT, ANNA. THE KEY IS UNDER THE MAT.").text


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("You absolute clowns!", True),
        ("You lazy slob.", True),
        ("You stupid cow!", True),
        ("You lost it.", False),
        ("You greedy?", False),
        ("You both won.", False),
        ("Clown shoes.", False),
    ],
)
def test_a_sentence_that_is_a_name(sentence: str, is_so: bool) -> None:
    assert is_name(sentence) is is_so


def test_a_person_is_no_name_that_is_thrown_in() -> None:
    assert not list(vocatives("I saw you, drunk, by the door."))
    assert not list(vocatives("Ask Ben, you two, before you leave."))


def test_always_stays_where_often_means_nothing() -> None:
    assert not list(swaps("You always have to be right, don't you?"))
    assert [new for _, _, new, *_ in swaps("You always leave the tap on.")] == ["You often"]


def test_an_edit_is_credited_to_the_hint_about_its_words() -> None:
    made = rewrite("Dear idiots,\n\nWhere is my parcel? It was due on Monday.")
    for edit in made.edits:
        if edit.hint is not None and edit.hint.span is not None:
            both = range(
                max(edit.before.start, edit.hint.span.start),
                min(edit.before.end, edit.hint.span.end),
            )
            assert len(both) > 1


def test_new_words_are_no_drop() -> None:
    made = rewrite("Thanks for breaking the gate again, idiot.")
    assert made.text.startswith("I'm unhappy about you")
    assert made.edits[0].kind == "replace"


def test_a_mock_question_about_the_mind_may_go() -> None:
    assert grade("Have you lost your mind?") != TELLS
