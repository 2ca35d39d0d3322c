"""Which hostile words hold nothing: only those may be left out."""

from __future__ import annotations

import pytest

from calmtone.rewriting.barbs import is_empty, is_exclamation

EMPTY = (
    "You people are a disgrace.",
    "Grow up.",
    "Learn to read.",
    "Nobody asked for your opinion.",
    "What is wrong with you?",
    "Who do you think you are?",
    "How dare you speak to me like that?",
    "A toddler could do better.",
    "I've seen better spelling from a goldfish.",
    "You couldn't find your own backside with a map.",
    "You thick, careless waste of a salary.",
    "I hope you are proud of yourself.",
    "It must be nice to have the time to write all that.",
    "You make me sick.",
    "I can't believe the nerve of it.",
    "You can shove it.",
    "I honestly don't know how you get your shoes on by yourself.",
)
TELLING = (
    "Did you open the file, or are we reviewing by vibes now?",
    "Some of us have jobs.",
    "The flat is to be sold in May.",
    "Reverted as unsourced.",
    "And the one before that.",
    "Not you.",
    "No.",
    "Everyone except you.",
    "Can't on Saturday.",
    "Never ordering from you clowns again.",
    "The van's there if you fill it up.",
    "There's a leaflet in the hall for people like you.",
    "Point two, grow up.",
    "I don't think you are crooks.",
    "You're the one who keeps bringing it up.",
    "Come back once you have read the contract.",
    "Perhaps you might be at home for the delivery.",
    "Enjoy your 'career break'.",
    "You know who has an agenda?",
    "You're just copy pasting.",
    "When you open a window.",
    "You must've run it with sudo.",
    "u mustve run it with sudo",
    "Shift your bikes to the cellar.",
    "You owe me forty quid.",
    "Your dog barks all night.",
    "The build is broken again.",
    "Your report is full of errors.",
    "It arrived broken.",
    "He took the last one.",
    "Did you check the log before you filed this?",
    "When will it be fixed?",
    "Why did you delete my post?",
    "Where is my order?",
    "is it written down somewhere that you skip the dishes",
    "I paid on the first.",
    "We can't refund this.",
    "You parked across my drive.",
    "You never answer the phone.",
    "You keep parking here.",
    "You are late again.",
    "You did finish the whole plate.",
    "You may take whatever you gave me.",
    "You can keep the deposit.",
    "Stop parking in my bay.",
    "Could you send the file?",
    "Put the lid back.",
    "You have to sign the form first.",
    "The meeting was moved without telling anyone.",
    "Thank you so much for stacking the crates upside down.",
    "You left the gate open and the dog got out.",
    "What a mess, and the invoice is £40 short.",
    "It's [what happened] again.",
    "sold as seen mate",
    "I notice that you forgot to mention the scratch.",
    "I see you left the gate open.",
)


@pytest.mark.parametrize("words", EMPTY)
def test_what_holds_nothing(words: str) -> None:
    assert is_empty(words)


@pytest.mark.parametrize("words", TELLING)
def test_what_tells_something(words: str) -> None:
    assert not is_empty(words)


def test_a_threat_is_no_promise() -> None:
    assert not is_empty("You will regret this.")
    assert is_empty("You will regret this.", threat=True)
    assert not is_empty("I will come round.")
    assert is_empty("I will come round.", threat=True)


def test_nothing_at_all() -> None:
    assert is_empty("")
    assert is_empty("…!")


def test_exclamations() -> None:
    assert is_exclamation("How lovely!")
    assert is_exclamation("Marvellous …")
    assert not is_exclamation("How lovely your garden is!")
