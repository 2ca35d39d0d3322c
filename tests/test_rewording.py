"""Milder phrases, asides, requests, names: what is proposed for single sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from calmtone import Analyzer
from calmtone.rewriting import clauses, phrases, rewording, rewrite
from calmtone.rewriting.phrases import Proposal
from calmtone.rewriting.words import tables


def proposed(propose: Callable[[str], Iterator[Proposal]], sentence: str) -> list[str]:
    return [
        sentence[:start] + new + sentence[end:] for start, end, new, *_ in propose(sentence)
    ]


@pytest.mark.parametrize(
    ("sentence", "becomes"),
    [
        (
            "I'm sorry that you feel that way, but no.",
            "I'm sorry about [what happened], but no.",
        ),
        ("We are sorry for any inconvenience.", "We are sorry about [what happened]."),
        ("I'm sorry if anyone was offended.", "I'm sorry about [what happened]."),
        ("Apologies if you took it badly.", "Apologies for [what happened]."),
        ("You should have told us.", "It would have helped us if you had told us."),
        ("You couldn't be bothered to reply to me.", "You did not reply to me."),
        ("You failed to send it by Friday.", "You did not send it by Friday."),
        ("Sadly that's not my problem.", "Sadly that is not something I can settle myself."),
        ("You claim that it broke.", "You say that it broke."),
        ("You never listen.", "I don't feel heard."),
    ],
)
def test_phrases_in_milder_words(sentence: str, becomes: str) -> None:
    assert becomes in proposed(rewording.rewordings, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "I'm sorry about Friday.",
        "I apologise for any inconvenience that may have been caused by the works.",
        "I'm sorry that the parcel was late.",
        "You should have a letter by now.",
        "You failed the first test and passed the second one.",
        "It is not my problem to solve alone, but I can help.",
        "That is not my job to do, is it?",
        "Are you serious about the red one?",
        "Can't you read the second file?",
    ],
)
def test_phrases_that_are_fine(sentence: str) -> None:
    assert proposed(rewording.rewordings, sentence) == []


def test_every_rewording_can_be_found() -> None:
    for phrase, new in tables()["rewordings"].items():
        assert phrase.count("<") == phrase.count(">") == 1, phrase
        assert new.count("[") == new.count("]"), new
        plain = phrase.replace("<", "").replace(">", "").replace("...", "so").replace("~", "")
        while "(" in plain or "[" in plain:
            for opening, closing in ("()", "[]"):
                start = plain.find(opening)
                if start >= 0:
                    end = plain.index(closing, start)
                    kept = plain[start + 1 : end].split("|")[0] if opening == "[" else ""
                    plain = plain[:start] + kept + plain[end + 1 :]
        sentence = f"Well {' '.join(plain.split())} ."
        assert proposed(rewording.rewordings, sentence), phrase


@pytest.mark.parametrize(
    ("sentence", "becomes"),
    [
        ("It's fine, I might add, and it works.", "It's fine and it works."),
        ("The tide was out, as ever.", "The tide was out."),
        ("It is obviously on the form.", "It is on the form."),
        ("The bus, mate, it was late.", "The bus, it was late."),
    ],
)
def test_asides_are_left_out(sentence: str, becomes: str) -> None:
    assert becomes in proposed(rewording.asides, sentence)


@pytest.mark.parametrize(
    "sentence", ["Is it?", "Of course you can come.", "He was late, clearly."]
)
def test_what_is_no_aside(sentence: str) -> None:
    assert proposed(rewording.asides, sentence) in ([], ["He was late."])


@pytest.mark.parametrize(
    ("sentence", "becomes"),
    [
        ("Stop sending me this.", ["Please stop sending me this."]),
        ("You need to send it by Friday.", ["Please send it by Friday."]),
        ("don't park here", ["please don't park here"]),
        ("Please stop.", []),
        ("Stop it, please.", []),
        ("You need to know that we close at five.", []),
        ("Don't worry about it.", []),
        ("Send it to Ann and keep a copy.", ["Please send it to Ann and keep a copy."]),
        ("Show up again and I'll call the police.", []),
        ("Show up again and my brother will throw you out.", []),
        ("Touch my bike again and see what happens.", []),
        ("Park there again, and you'll be towed.", []),
        ("Call me once more, I'll report you.", []),
        ("Move it or it gets scratched.", []),
        ("Fix it by Friday, or else.", []),
    ],
)
def test_orders_become_requests(sentence: str, becomes: list[str]) -> None:
    assert proposed(rewording.requests, sentence) == becomes


@pytest.mark.parametrize(
    ("sentence", "becomes"),
    [
        ("Stop that noise you old git.", ["Stop that noise."]),
        ("Just answer me you absolute coward", ["Just answer me"]),
        ("Who do they think you idiots are?", []),
        ("They called you a coward.", []),
        ("He said you liar.", []),
    ],
)
def test_names_at_the_end(sentence: str, becomes: list[str]) -> None:
    assert proposed(clauses.called, sentence) == becomes


def test_an_opener_with_a_second_that_stays() -> None:
    sentence = "Please note that it is late and that it costs more."
    assert proposed(phrases.openers, sentence) == []
    assert proposed(phrases.openers, "Please note that it is late.") == ["It is late."]


def test_no_pattern_is_made_of_words_that_lean_on_others() -> None:
    """Each has a word of its own beside those that may be left out: "simple as" is whole."""
    lists = tables()
    phrases_ = (*lists["asides"]["phrases"], *lists["openers"]["phrases"])
    for phrase in phrases_:
        needed = re.sub(r"\([^)]*\)", " ", phrase)
        words = re.findall(r"[a-z']+", needed)
        assert not lists["clauses"]["open-ends"].issuperset(words), phrase
    for sentence in ("Don't buy it, simple as.", "dont buy it simple as", "As is."):
        assert proposed(rewording.asides, sentence) == []
        assert proposed(phrases.openers, sentence) == []


def test_what_a_rule_suggests_leaves_no_joining_word_first(rules: Analyzer) -> None:
    text = "To be fair, though, every shop here had thefts and nobody called those careless."
    assert any("Though" in hint.suggestions for hint in rules.analyze(text).hints)
    text = f"{text} That is not our fault, you clowns. The courier lost it."
    assert "\nThough" not in rewrite(text, analyzer=rules).text
    assert "To be fair, though, every shop" in rewrite(text, analyzer=rules).text


@pytest.mark.parametrize(
    "kept",
    [
        "Neither of you opened the file, you useless clowns.",
        "We won't refund it, you thieving parasites.",
        "Did you run this at all, you absolute clown?",
        "What, a spaceship for £5, you liars?",
        "I will not be there on Monday, you pathetic idiots.",
        "You idiots lost my bag.",
    ],
)
def test_what_a_heated_sentence_tells_is_kept(rules: Analyzer, kept: str) -> None:
    """Refusals, negations, questions and deeds stay in the words of the writer."""
    text = f"{kept} The shop closes at six."
    made = rewrite(text, analyzer=rules)
    assert made.check.changed == ()
    told = kept.split(", you ")[0].removeprefix("You idiots ")
    assert told.rstrip(".") in made.text
    assert "[" not in made.text
    assert "please show up" not in made.text.lower()


def test_a_question_is_no_tag() -> None:
    assert proposed(rewording.asides, "And when the roof came down where were you?") == []


def test_an_apology_keeps_its_name() -> None:
    assert proposed(clauses.vocatives, "I know, sorry sweetheart, it was late.") == []


@pytest.mark.parametrize("sentence", ["'Useless idiot', wow.", '"You clown", he said.'])
def test_somebody_elses_words_are_no_name(sentence: str) -> None:
    assert proposed(clauses.vocatives, sentence) == []


@pytest.fixture(scope="module")
def rules() -> Analyzer:
    return Analyzer(engine="rules")


def test_an_explanation_neither_begins_nor_ends_it(rules: Analyzer) -> None:
    made = rewrite("That is not our fault. The courier lost it, so ask them.", analyzer=rules)
    slots = tables()["slots"]
    place = made.text.index("courier lost it")
    assert made.text.index(slots["acknowledge-we"]) < place
    assert place < made.text.index(slots["differs-we"]) < made.text.index(slots["next-we"])


@pytest.mark.parametrize("aside", ["just so that you know", "more than you know"])
def test_words_that_the_sentence_needs_are_no_aside(aside: str) -> None:
    assert not proposed(rewording.asides, f"The shed is full, {aside}, and the door is open.")
    assert not proposed(rewording.asides, f"It is full {aside}.")
