"""Milder phrases, asides, requests, names, topics: what is proposed for single sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from calmtone import Analyzer
from calmtone.rewriting import check_rewrite, clauses, phrases, rewording, rewrite
from calmtone.rewriting.phrases import Proposal
from calmtone.rewriting.topics import topics
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
        ("It is clearly stated on the form.", "It is stated on the form."),
        ("I don't control the motorway, do I?", "I don't control the motorway."),
        ("That is a long while to wait, isn't it?", "That is a long while to wait."),
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


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "Your pathetic office lost the form on Monday.",
            ("your office lost the form on Monday",),
        ),
        ("You call £40 for two keys a bargain?", ("£40 for two keys a bargain",)),
        ("It cost £40. And two keys?", ("£40", "two keys")),
        ("Had you filled the form in, it would have been three.", ("the form", "three")),
        ("How lovely.", ()),
        ("You followed it like a toddler.", ()),
        ("Read https://example.org first.", None),
        ("Fill in [what you want] here.", None),
    ],
)
def test_topics(sentence: str, found: tuple[str, ...] | None) -> None:
    assert topics(sentence) == found


def test_an_opener_with_a_second_that_stays() -> None:
    sentence = "Please note that it is late and that it costs more."
    assert proposed(phrases.openers, sentence) == []
    assert proposed(phrases.openers, "Please note that it is late.") == ["It is late."]


@pytest.fixture(scope="module")
def rules() -> Analyzer:
    return Analyzer(engine="rules")


def test_a_sentence_in_other_words_keeps_what_it_is_about(rules: Analyzer) -> None:
    text = "Your useless office lost my form on Monday, you pathetic clowns. I sent it twice."
    made = rewrite(text, analyzer=rules)
    assert made.text.endswith("I sent it twice.")
    assert all(word in made.text for word in ("office", "lost", "form", "Monday"))
    assert made.check.ok
    assert made.check.lost == ()
    assert made.after.hostility < 0.3


def test_requests_and_deeds_are_not_put_in_other_words(rules: Analyzer) -> None:
    text = "You useless idiots. Refund me by Friday or your faces go online, you absolute scum."
    made = rewrite(text, analyzer=rules)
    assert "efund me by Friday" in made.text
    text = "I paid you £40 on Monday, you thieving parasites, you absolute scum."
    assert "I paid you £40 on Monday" in rewrite(text, analyzer=rules).text


def test_facts_in_slots_count_as_kept(rules: Analyzer) -> None:
    text = "Your crook of a driver lost order 4471 on Monday."
    kept = "I'm upset about [what happened: order 4471, Monday]."
    assert check_rewrite(text, kept, analyzer=rules, strict=True).ok
    lost = check_rewrite(text, "I'm upset about [what happened: Monday].", analyzer=rules)
    assert [fact.text for fact in lost.lost] == ["4471"]
    other = check_rewrite(text, kept.replace("4471", "4472"), analyzer=rules)
    assert [fact.text for fact in other.lost] == ["4471"]
    assert other.added == ()


def test_an_explanation_is_introduced_and_does_not_end_it(rules: Analyzer) -> None:
    made = rewrite("That is not our fault. The courier lost it, so ask them.", analyzer=rules)
    view, undone = tables()["slots"]["view-we"], tables()["slots"]["undone-we"]
    assert made.text.index(view) < made.text.index("courier lost it") < made.text.index(undone)
