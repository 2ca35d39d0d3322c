"""The phrase language: what a phrase finds, and what is no phrase."""

from __future__ import annotations

import pytest
from support import cases, tables

from calmtone.rules.compiling import compile_rules
from calmtone.rules.loading import Rule, RuleFolder
from calmtone.rules.matching import GAP_WORDS, Matcher
from calmtone.rules.phrases import Automaton, PhraseError, count, list_names
from calmtone.text import language_from, read

LISTS = {
    "fruit": ("apple", "pear", "red apple", "(very) ripe plum"),
    "you": ("you", "you guys", "y'all"),
}


def found(phrase: str, text: str, *, unless: str = "") -> list[str]:
    """What a phrase finds in a text."""
    rule = Rule(
        id="hostility/phrase",
        dimension="hostility",
        form="test",
        summary="A phrase.",
        practice="pause",
        strength="mild",
        find=(phrase,),
        unless=(unless,) if unless else (),
        negation="keep",
    )
    matcher = Matcher(compile_rules(RuleFolder((rule,), LISTS), tables()), tables())
    language = language_from(tables(), frozenset(matcher.vocabulary.split()))
    matches = matcher.find(read(text, language))
    return [text[match.start : match.end] for match in matches]


FOUND = [
    # words
    ("you should have", "You SHOULD have asked.", ["You SHOULD have"]),
    ("you should have", "you, should-have asked", ["you, should-have"]),
    ("you should have", "you should. Have a look", []),
    ("you should have", "you should really have", []),
    ("You Should", "you should", ["you should"]),
    ("red-hot", "Red hot, red-hot", ["Red hot", "red-hot"]),
    ("24 hours", "within 24 hours", ["24 hours"]),
    # choices
    ("[sorry|apologies]", "Sorry! Apologies.", ["Sorry", "Apologies"]),
    ("so [very much|much] fun", "so very much fun, so much fun",
     ["so very much fun", "so much fun"]),
    ("[a|an] [b|c d]", "a b an c d a c", ["a b", "an c d"]),
    ("one [two [three|four]|five] six", "one two four six one five six one two six",
     ["one two four six", "one five six"]),
    ("[one|one two] [two three|three]", "one two three", ["one two three"]),
    # options
    ("so (very) bad", "so bad, so very bad", ["so bad", "so very bad"]),
    ("so (very (very)) bad", "so very very bad", ["so very very bad"]),
    ("so ([very|really]) bad", "so really bad so bad", ["so really bad", "so bad"]),
    ("(oh) no", "Oh no!", ["Oh no"]),
    ("no (way)", "no way", ["no way"]),
    ("(my) [(dear) friend|foe]", "my dear friend, my foe", ["my dear friend", "my foe"]),
    # lists
    ("a {fruit}", "a pear a red apple a plum", ["a pear", "a red apple"]),
    ("{fruit} pie", "very ripe plum pie, ripe plum pie",
     ["very ripe plum pie", "ripe plum pie"]),
    ("{you} eat {fruit}", "You guys eat red apple. Y'all eat pear",
     ["You guys eat red apple", "Y'all eat pear"]),
    ("[{fruit}|nut]", "nut, apple", ["nut", "apple"]),
    ("big ({fruit}) cake", "big cake big apple cake", ["big cake", "big apple cake"]),
    # gaps
    ("sorry ... but", "sorry but", ["sorry but"]),
    ("sorry ... but", "sorry for all of that, but", ["sorry for all of that, but"]),
    ("sorry … but", "sorry for it but", ["sorry for it but"]),
    ("sorry ... but", "Sorry. But yes", []),
    ("sorry ... but ... {fruit}", "sorry now but take this pear",
     ["sorry now but take this pear"]),
    ("so [... bad|good]", "so very bad so good", ["so very bad", "so good"]),
    ("not (... ever) again", "not now or ever again, not again",
     ["not now or ever again", "not again"]),
    # the start
    ("^ well", "Well, well. Well", ["Well", "Well"]),
    ("^ (oh) well", "oh well\n- well", ["oh well", "well"]),
    ("^ [no|yes] sir", "No sir, yes sir. Yes sir.", ["No sir", "Yes sir"]),
    # the end
    ("fine .", "It is fine. Fine by me. So fine", ["fine", "fine"]),
    ("fine .", "Are you fine?", []),
    ("fine .", "It is fine!", ["fine"]),
    ("is it ?", "Is it? It is it.", ["Is it"]),
    ("stop !", "Stop! Stop. Don't stop!", ["Stop", "stop"]),
    ("did you ... ?", "Did you, in all the time that was given to you, read it?", ["Did you"]),
    ("did you ... ?", "Did you. You did you know.", []),
    ("^ fine .", "Fine. I'm fine. Fine? Fine", ["Fine", "Fine"]),
    ("fine (thanks) [.|!]", "fine thanks.", ["fine thanks"]),
    # contractions and spellings
    ("you are", "You're, you\u2019re, youre, you are",
     ["You're", "you\u2019re", "youre", "you are"]),
    ("you're", "You are you're", ["You are", "you're"]),
    ("do not go", "don't go, dont go, do not go", ["don't go", "dont go", "do not go"]),
    ("it is", "it's so, it is so", ["it's", "it is"]),
    ("it has been", "it's been it has been", ["it's been", "it has been"]),
    ("i would have", "I'd have I would have I'd've", ["I'd have", "I would have"]),
    ("cannot", "can't cannot can not", ["can't", "cannot", "can not"]),
    ("[you|they] are", "They're you're", ["They're", "you're"]),
    ("you (really) are", "you're you really are", ["you're", "you really are"]),
    ("[you|{fruit}] are", "You're. Pear are", ["You're", "Pear are"]),
    ("apologise", "I apologize", ["apologize"]),
    ("apologize", "I apologise", ["apologise"]),
    ("let us see", "let's see", ["let's see"]),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "text", "expected"), FOUND)
def test_phrases(phrase: str, text: str, expected: list[str]) -> None:
    assert found(phrase, text) == expected


@pytest.mark.parametrize("words", range(GAP_WORDS + 3))
def test_a_gap_has_a_few_words(words: int) -> None:
    text = "sorry " + "xyz " * words + "but"
    assert found("sorry ... but", text) == ([text] if words <= GAP_WORDS else [])


def test_the_leftmost_and_longest_counts() -> None:
    assert found("a (b) (c)", "a b c a b") == ["a b c", "a b"]
    assert found("a ... b", "a x b y b") == ["a x b y b"]
    assert found("[a b|b c]", "a b c") == ["a b"]
    assert found("a (a)", "a a a") == ["a a", "a"]


def test_unless_takes_away_what_it_overlaps() -> None:
    assert found("you idiot", "you idiot. you idiot of mine", unless="idiot of mine") == [
        "you idiot"
    ]
    assert found("you idiot", "my dear, you idiot", unless="my dear you") == []
    assert found("you idiot", "my dear, you idiot", unless="my dear") == ["you idiot"]
    assert found("so bad", "so bad?", unless="so bad ?") == []


WRONG = [
    ("", "nothing to find"),
    ("   ", "nothing to find"),
    ("you [are|", "nothing to find"),
    ("you [are", "'[' without ']'"),
    ("you (are", "'(' without ')'"),
    ("you are]", "unexpected ']'"),
    ("you are)", "unexpected ')'"),
    ("you [are)", "'[' without ']'"),
    ("you [|are]", "an empty choice"),
    ("you [are|]", "an empty choice"),
    ("you [] are", "an empty choice"),
    ("you () are", "an empty choice"),
    ("a || b", "an empty choice"),
    ("(you)", "nothing that must be there"),
    ("(you) (are)", "nothing that must be there"),
    ("[(you)|are]", "nothing that must be there"),
    ("... you", "a gap at the start"),
    ("(so) ... you", "a gap at the start"),
    ("you ...", "a gap at the end"),
    ("you ... (are)", "a gap at the end"),
    ("you ... ... are", "two gaps side by side"),
    ("you ... (... so) are", "two gaps side by side"),
    ("you . are", "an end mark may only stand last"),
    ("you ? (are)", "an end mark may only stand last"),
    ("you . .", "an end mark may only stand last"),
    ("?", "no words before '?'"),
    ("(you) !", "no words before '!'"),
    ("you ^ are", "'^' is not at the start"),
    ("[^ you|are]", "'^' is not at the start"),
    ("^", "nothing to find"),
]


@pytest.mark.parametrize(("phrase", "message"), WRONG)
def test_wrong_phrases_say_why(phrase: str, message: str) -> None:
    with pytest.raises(PhraseError) as caught:
        Automaton().add(phrase, 0)
    assert message in str(caught.value)
    assert repr(phrase) in str(caught.value)


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [tuple(case.values()) for case in cases("known_limits.toml")["phrases"]],
)
@pytest.mark.xfail
def test_known_limits(phrase: str, text: str, expected: list[str]) -> None:
    assert found(phrase, text) == expected


def test_accents_do_not_matter() -> None:
    assert found("café", "The CAFÉ, a cafe.") == ["CAFÉ", "cafe"]


@pytest.mark.parametrize("phrase", ["you {fruit", "fruit} you"])
def test_a_lone_brace_is_an_error(phrase: str) -> None:
    with pytest.raises(PhraseError):
        Automaton().add(phrase, 0)


def test_the_names_of_lists() -> None:
    assert list_names("a {one} [b|{two-three}] ({four})") == ["one", "two-three", "four"]
    assert list_names("no list") == []


@pytest.mark.parametrize(
    ("phrase", "number"),
    [("a", 1), ("[a|b] (c)", 4), ("[a|b c|(d) e] f", 4), ("{one} ... [a|b]", 2)],
)
def test_count(phrase: str, number: int) -> None:
    assert count(phrase) == number
