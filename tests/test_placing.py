"""Suggestions: put in place they read well; where they cannot stand there are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from calmtone import Analyzer
from calmtone.placing import Placer, parse
from calmtone.rules import built_in
from calmtone.rules.checking import dangling, followed, unmark
from calmtone.rules.loading import Rule
from calmtone.text import language_from, read

FOLDER, TABLES = built_in()
PLAIN = language_from(TABLES, frozenset())
REPLACING = [rule for rule in FOLDER.rules if rule.replace]
# What no sentence of ours holds, whatever is put in place.
BROKEN = {
    "two blanks": r"\S  +\S",
    "a blank before a mark": r"\s[,.;:!?](?=\s|$)",
    "two marks": r",\s*[,.;:!?]|\?\.",
    "a comma at the start": r"(?:^|[.!?\n]\s+)[,;:]",
    "a word twice": r"(?i)\b(the|a|an|to|of|is|are|I|you|we|and|but)\s+\1\b",
    "a conjunction at the end": r"(?i)\b(and|but|or|because|the|an?|your|my)[.!?]",
    "a verb without its subject": r"^(Is|Are|Was|Has|To|In),? [^?]*[.!]$",
    "two verbs": r"(?i)\b(I'm|it's|you're|we're) (I|you|we|what|let's|\[who)\b",
    "a letter that was small": r"\bIPhone\b",
}


def placed(rule: Rule) -> Iterator[tuple[str, str]]:
    """The rule's examples, each with one of its replacements in place."""
    for example in rule.match:
        text, marked = unmark(example)
        for new in rule.replace:
            for changed in followed(read(text, PLAIN), marked, new, TABLES):
                yield text, changed


def faults(text: str) -> set[str]:
    found = {name for name, pattern in BROKEN.items() if re.search(pattern, text)}
    return found | ({"a dangling word"} if dangling(text, TABLES) else set())


@pytest.mark.parametrize("rule", REPLACING, ids=lambda rule: rule.id)
def test_a_rule_s_suggestions_read_well_in_its_own_examples(rule: Rule) -> None:
    made = list(placed(rule))
    assert made
    assert [changed for text, changed in made if faults(changed) - faults(text)] == []
    assert all(changed != text for text, changed in made)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("I'm uninstalling your.", "a dangling word"),
        ("In, you complain.", "a verb without its subject"),
        ("Is the courier's fault.", "a verb without its subject"),
        ("It's [who can help] is the right person.", "two verbs"),
        ("IPhone cases.", "a letter that was small"),
        ("He is late and.", "a conjunction at the end"),
    ],
)
def test_faults_are_seen(text: str, fault: str) -> None:
    assert fault in faults(text)
    assert faults("Well, it's closed, and your desk is in room 5.") == set()


@pytest.fixture(scope="module")
def made() -> Placer:
    return Placer(TABLES["hints"]["placing"])


def put(placer: Placer, example: str, *replacements: str) -> str | None:
    """The example with what can stand in place of the marked words, or None."""
    text, [(start, end)] = unmark(example)
    [sentence] = read(text, PLAIN).sentences
    first, last = sentence.start, sentence.end
    span, new = placer.place(text, start, end, replacements, first, last, first, last)
    return text[: span.start] + new[0] + text[span.end :] if new else None


UPSET = "I am upset with you (because|for)."


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ("<You are late again>.", "I am upset with you."),
        ("<You are late again>?!", "I am upset with you."),
        ("Hello Ann, <you are late again>.", "Hello Ann, I am upset with you."),
        ("Sorry, but <you are late>, Ann.", "Sorry, but I am upset with you, Ann."),
        ("<You are late> because you slept.", "I am upset with you because you slept."),
        ("<You are late> for meeting him.", "I am upset with you for meeting him."),
        ("<You are late>, aren't you?", "I am upset with you."),
        ("<You are late>, and we can wait.", "I am upset with you, and we can wait."),
        ("<You are late>, let's go.", "I am upset with you, let's go."),
        ("<You are late>, please hurry.", "I am upset with you, please hurry."),
        ("<You are late>, it's your own fault.", None),
        ("<You are late>, I'm not waiting.", None),
        ("<You are late>; the rest of us came.", None),
        ("<You are late> and nobody cares why.", None),
        ("<You are late>, but you never listen.", None),
        ("(<You are late>.)", None),
        ("He wrote that <you are late>.", None),
        ("He wrote: <you are late>.", None),
        ("It amazes me how <late you are>.", None),
        ("You failed because <you are late>.", None),
        ("If <you are late>, nobody waits.", None),
        ("<You are late> for school.", None),
        ("<You are late> and a liar.", None),
        ("<You are late>, lazy and rude.", None),
        ("<You are late> who never calls.", None),
        ("<You are late>, a liar and a thief.", None),
    ],
)
def test_a_clause_stands_for_a_clause(made: Placer, example: str, expected: str | None) -> None:
    if expected is None and example.startswith("("):
        expected = "(I am upset with you.)"  # brackets around the whole of it
    assert put(made, example, UPSET) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ("<As I said>, it is shut.", "It is shut."),
        ("<As I said>, iPhone cases stay.", "iPhone cases stay."),
        ("<As I said> it is shut.", "It is shut."),
        ("Hello Ann, <as I said>, it is shut.", "Hello Ann, it is shut."),
        ("The shop is, <as I said>, shut.", None),
        ("The form, <as I said>, is due.", "The form is due."),
        ("It is shut, <as I said>.", "It is shut."),
        ("And <for the record> Ann signed.", "And Ann signed."),
        ("<With respect, but> read it.", "Read it."),
        ("<After all the work I put> in, you complain.", None),
        ("<With all due respect> to your father, he is wrong.", None),
        ("My ex is a narcissistic <fool>.", None),
        ("<As I said, this> is their fault.", "This is their fault."),
        ("Do <as I said>.", None),
        ("Hello, <fool>.", None),
        ("<Lazy fools> never came.", None),
        ("<As I said>.", None),
        ("It is shut (<as I said>).", None),
    ],
)
def test_words_are_left_out_where_a_sentence_is_left(
    made: Placer, example: str, expected: str | None
) -> None:
    assert put(made, example, "") == expected


@pytest.mark.parametrize(
    ("example", "replacement", "expected"),
    [
        ("Fix <your rotten> app.", "your", "Fix your app."),
        ("Fix <your rotten app>.", "your", None),
        ("I hate <your rotten>, childish mails.", "your", None),
        ("Get <your rotten> together.", "your", None),
        ("<How dare you> call her?", "Please don't", "Please don't call her."),
        ("<How dare you> not call.", "Please don't", None),
        ("<How dare you> and he say that?", "Please don't", None),
        ("<Don't you ever> sleep?", "Please don't", None),
        ("I'm <sorry you feel that way>.", "sorry for [it].", "I'm sorry for [it]."),
        ("I'm so <sorry you feel that way> about us.", "sorry for [it].", None),
        ("I would be <sorry you feel that way>.", "sorry for [it].", None),
        ("Why <is it always me>?", "What do you need?", None),
        ("<I can't win>.", "What do you need?", "What do you need?"),
        ("It's <your call, not mine>.", "[Who] can help.", "[Who] can help."),
        ("Please <calm down>, will you?", "Let's wait.", "Let's wait."),
        ("Stop it<!!!>", "!", "Stop it!"),
    ],
)
def test_other_replacements_stand_where_they_fit(
    made: Placer, example: str, replacement: str, expected: str | None
) -> None:
    assert put(made, example, replacement) == expected


def test_a_replacement_that_begins_alike_goes_first(made: Placer) -> None:
    both = ("sorry for [it].", "apologise for [it].")
    assert put(made, "We <apologise if you saw it>.", *both) == "We apologise for [it]."
    assert put(made, "I'm <sorry if you saw it>.", *both) == "I'm sorry for [it]."


def test_what_a_replacement_says_of_its_place() -> None:
    assert parse("your") == ("your", False, "", ())
    assert parse("!") == ("!", False, "", ())
    assert parse("[Who] can help.") == ("[Who] can help", True, ".", ())
    assert parse("What (now)?") == ("What", True, "?", ("now",))


# What is missing


@pytest.fixture(scope="module")
def rules() -> Analyzer:
    return Analyzer(engine="rules")


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("Rules are rules.", {"acknowledge", "help"}),
        ("I understand why you're upset, but rules are rules.", {"help"}),
        ("You have every right to be angry, but I don't make the rules.", {"help"}),
        (
            "It's not our fault, nobody is perfect. A courier collects it tomorrow at nine.",
            {"acknowledge"},
        ),
        (
            "I hear that you waited for my call. But you can't expect me to ring every hour.",
            {"help"},
        ),
        (
            "We can't be blamed for the strike. The new pump should be with you before lunch.",
            set(),
        ),
    ],
)
def test_what_is_there_is_not_called_missing(
    rules: Analyzer, text: str, lacks: set[str]
) -> None:
    found = {hint.rule for hint in rules.analyze(text).hints if hint.span is None}
    assert found == {f"missing/{name}" for name in lacks}


FILLED = {
    "missing/acknowledge": [
        "I can see that my tone left you with a bad evening.",
        "I can see that the wrong size left you with nothing to wear.",
        "I can see that my review left you with doubts about your work.",
    ],
    "missing/help": [
        "I will send you the report by tomorrow morning.",
        "I will call you by Monday.",
        "I will ask my colleague about it by tonight.",
    ],
}
DEFENSIVE = [
    "Rules are rules.",
    "I just work here. Why is it always me?",
    "We only deliver what the shop packs. It was fine when it left our depot.",
    "I never said that. If you had read the mail, you would know.",
    "Nobody told me about the deadline, and I did everything that the ticket said.",
]


def test_the_effect_of_what_is_missing_is_near_to_what_it_adds(rules: Analyzer) -> None:
    stated: dict[str, list[float]] = {rule: [] for rule in FILLED}
    real: dict[str, list[float]] = {rule: [] for rule in FILLED}
    for text in DEFENSIVE:
        before = rules.analyze(text)
        for hint in before.hints:
            if hint.span is None:
                stated[hint.rule].append(hint.effect)
                real[hint.rule] += [
                    rules.analyze(f"{new} {text}").empathy - before.empathy
                    for new in FILLED[hint.rule]
                ]
    for rule, effects in stated.items():
        assert len(effects) > 2
        assert sum(effects) / len(effects) == pytest.approx(
            sum(real[rule]) / len(real[rule]), abs=0.2
        )


def test_an_answer_is_not_told_what_its_message_does_not_ask_for(rules: Analyzer) -> None:
    hints = rules.analyze("Rules are rules.", reply_to="Where is my parcel?").hints
    assert not [hint for hint in hints if hint.rule.startswith("missing/")]
