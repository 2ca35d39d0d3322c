"""Mock thanks, mock questions and threats told plainly, with the verb in its right form."""

from __future__ import annotations

import pytest

from calmtone.rewriting import check_rewrite, rewrite
from calmtone.rewriting.turning import conditions, turns
from calmtone.rewriting.verbs import base, ing

pytestmark = pytest.mark.usefixtures("rules_only")

TOLD = {
    "Thank you SO much for stacking the tins upside down.": (
        "I'm unhappy about you stacking the tins upside down."
    ),
    "Thanks a bunch for parking on my drive!": "I'm unhappy about you parking on my drive.",
    "How kind of you to share your music with the whole street until two.": (
        "I'm unhappy about you sharing your music with the whole street until two."
    ),
    "Nice job breaking the build.": "I'm unhappy about you breaking the build.",
    "I love how you shouted at the intern in front of everyone.": (
        "It bothers me that you shouted at the intern in front of everyone."
    ),
    "Funny how you forgot to mention the scratch on the door.": (
        "I notice that you forgot to mention the scratch on the door."
    ),
    "Try reading the page next time.": "Please read the page next time.",
    "Would it kill you to answer an email?": "Could you please answer an email?",
    "do you ever answer the phone": "could you please answer the phone?",
    "Is it too much to ask for you to park in your own space?": (
        "Could you please park in your own space?"
    ),
    "How hard is it to put the lid back?": "Could you please put the lid back?",
    "Did you even bother to open the file?": "Did you open the file?",
    "Be a perfect angel and send the file.": "Please send the file.",
    "You didn't even have the decency to reply to her.": "You did not reply to her.",
}
ASKED = {
    "Park there again and I will have it towed.": "Please avoid parking there again.",
    "If you touch my bike again, I'll break your fingers.": (
        "Please avoid touching my bike again."
    ),
    "If I see your dog in my yard again, I'm calling the pound.": (
        "I would be unhappy to see your dog in my yard again."
    ),
    "If your son lays a finger on mine again, I'll be waiting by your car.": (
        "I would be unhappy if your son lays a finger on mine again."
    ),
    "If I get one more letter like this I will come down there.": (
        "I would be unhappy to get one more letter like this."
    ),
}
LEFT = (
    "Thank you so much for sharing.",
    "Thanks for nothing.",
    "Funny how little you know.",
    "Try harder.",
    "Try thinking for a change.",
    "How hard is it?",
    "Thank you for the string.",
    "Have you considered therapy?",
    "I love how.",
)


@pytest.mark.parametrize("sentence", TOLD)
def test_a_turn_told_plainly(sentence: str) -> None:
    ((start, end, new, kind, reason),) = turns(sentence)
    assert (start, end, kind) == (0, len(sentence), "replace")
    assert reason
    assert new == TOLD[sentence]
    assert check_rewrite(sentence, new).ok


@pytest.mark.parametrize("sentence", ASKED)
def test_a_threat_told_as_a_request(sentence: str) -> None:
    ((_, _, new, _, _),) = conditions(sentence)
    assert new == ASKED[sentence]


@pytest.mark.parametrize("sentence", LEFT)
def test_what_is_no_turn(sentence: str) -> None:
    assert not list(turns(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "It broke again and I am sad.",
        "Late again and you know it.",
        "You did it again.",
        "whoever did it again ur a git and i will know",
    ],
)
def test_what_is_no_order(sentence: str) -> None:
    assert not list(conditions(sentence))


@pytest.mark.parametrize(
    ("plain", "form"),
    [
        ("share", "sharing"),
        ("put", "putting"),
        ("stop", "stopping"),
        ("lie", "lying"),
        ("see", "seeing"),
        ("answer", "answering"),
        ("forget", "forgetting"),
        ("visit", "visiting"),
        ("call", "calling"),
        ("pass", "passing"),
        ("use", "using"),
        ("read", "reading"),
        ("show", "showing"),
        ("fix", "fixing"),
        ("ignore", "ignoring"),
    ],
)
def test_verb_forms(plain: str, form: str) -> None:
    assert ing(plain) == form
    assert base(form) == plain


def test_a_text_of_turns_and_barbs() -> None:
    text = "Thanks a bunch for parking on my drive, you absolute clown. Learn to read the sign."
    made = rewrite(text)
    assert "parking on my drive" in made.text
    assert "clown" not in made.text
    assert made.check.ok


@pytest.mark.parametrize(
    "text",
    [
        "Nice of you to finally call back.",
        "How kind of you to even look at it.",
        "How thoughtful of you to come in and shout.",
        "How generous of you to go ahead and cancel.",
    ],
)
def test_turns_that_need_more_than_one_form_are_left(text: str) -> None:
    assert list(turns(text)) == []


def test_an_adverb_stays_before_its_verb() -> None:
    [(_, _, new, _, _)] = turns("How kind of you to quietly sell my bike.")
    assert new == "I'm unhappy about you quietly selling my bike."
