"""Hints: friendly, about the right words, ranked, and of use when followed."""

from __future__ import annotations

import re
from itertools import combinations
from typing import NamedTuple

import pytest
from support import LONG_MAIL, TEXTS, cases, rule_examples

from calmtone import Analysis, Analyzer, Hint, analyze
from calmtone.resources import read_json
from calmtone.results import DIMENSIONS, PRACTICES
from calmtone.rules import built_in

RULES = {rule.id: rule for rule in built_in()[0].rules}
SCOLDING = re.compile(
    r"\b((?<!what )you must|you have to|you should(n't)?|you ought|you need to"
    r"|(never|don't|do not)( ever)? (do|say|write|use)|stop (doing|saying|writing|using)"
    r"|(you|this|that|it)('re| are|'s| is| was| were) (just |so |very )?(wrong|bad|rude)"
    r"|wrong (to|of you)|unacceptable|inappropriate|offensive|shame on|your fault|stupid)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"""(?<!\w)'.+?'(?!\w)|"[^"]*"|\u201c[^\u201d]*\u201d""")
GOOD = cases("good.toml")["texts"]


class Followed(NamedTuple):
    """A text in which a suggestion was put in place."""

    before: Analysis
    hint: Hint
    text: str


@pytest.fixture(scope="module")
def hinted(analyzer: Analyzer) -> list[Analysis]:
    """The analyses with hints: of the shipped examples alone and inside of other words."""
    texts = [*TEXTS, *rule_examples()[::2]]
    texts += [f"Hello Ann, {text[:1].lower()}{text[1:]}" for text in rule_examples()[::3]]
    texts += [f"{text} Thanks. It is on the way." for text in rule_examples()[::3]]
    analyses = [analysis for analysis in map(analyzer.analyze, texts) if analysis.hints]
    assert len(analyses) > 500
    return analyses


@pytest.fixture(scope="module")
def followed(hinted: list[Analysis]) -> list[Followed]:
    """Every suggestion about words, put in place."""
    found = [
        Followed(
            analysis,
            hint,
            analysis.text[: hint.span.start] + suggestion + analysis.text[hint.span.end :],
        )
        for analysis in hinted
        for hint in analysis.hints
        for suggestion in hint.suggestions
        if hint.span
    ]
    assert len(found) > 100
    return found


def message_texts() -> dict[str, str]:
    """All that hints can say, by where it stands."""
    messages = {rule.id: rule.hint for rule in RULES.values() if rule.hint}
    for kind in ("lexicon", "missing"):
        for name, words in read_json("en", "language.json")["hints"][kind].items():
            messages[f"{kind}/{name}"] = words["message"]
            if "again" in words:
                messages[f"{kind}/{name}/again"] = words["again"]
    for name, words in read_json("en", "language.json")["replies"]["pause"].items():
        messages[f"pause/{name}"] = words["reason"]
    return messages


MESSAGES = message_texts()


# What hints say


@pytest.mark.parametrize("name", MESSAGES)
def test_nothing_scolds(name: str) -> None:
    message = QUOTED.sub("", MESSAGES[name])
    assert not SCOLDING.search(message), message
    assert "!" not in message


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_are_short_and_whole(name: str) -> None:
    message = MESSAGES[name]
    assert message == message.strip()
    assert message[0].isupper() or message[0] in "\"'\u201c"
    assert message[-1] in ".?'\"\u201d"
    assert 20 <= len(message) <= 240
    assert "  " not in message
    assert len(re.findall(r"[.?](?: |$)", message)) <= 3


def test_every_practice_is_served() -> None:
    hints = read_json("en", "language.json")["hints"]
    own = {
        words["practice"] for kind in ("lexicon", "missing") for words in hints[kind].values()
    }
    served = own | {rule.practice for rule in RULES.values() if rule.hint}
    assert served <= set(PRACTICES)
    # `pause` is a result of its own, and a rule may serve it too
    assert served | {"pause"} == set(PRACTICES)


def test_hints_are_well_formed(hinted: list[Analysis]) -> None:
    for analysis in hinted:
        for hint in analysis.hints:
            assert hint.practice in PRACTICES
            assert hint.dimension in DIMENSIONS
            assert hint.message.strip()
            again = MESSAGES.get(f"{hint.rule}/again")
            assert hint.message in (MESSAGES[hint.rule], again)
            assert -1 <= hint.effect <= 1
            assert hint.effect != 0
            if hint.span:
                assert analysis.text[hint.span.start : hint.span.end].strip()
            else:
                assert hint.rule.startswith("missing/")
                assert hint.suggestions


def test_no_two_hints_are_about_the_same_words(hinted: list[Analysis]) -> None:
    for analysis in hinted:
        spans = [hint.span for hint in analysis.hints if hint.span]
        for one, other in combinations(spans, 2):
            assert one.end <= other.start or other.end <= one.start, analysis.text
        missing = [hint.rule for hint in analysis.hints if not hint.span]
        assert len(missing) == len(set(missing))


def test_the_most_useful_hint_comes_first(hinted: list[Analysis]) -> None:
    """Of those about one dimension; `test_telling` has how dimensions are told apart."""
    for analysis in hinted:
        for name in DIMENSIONS[:2]:
            effects = [hint.effect for hint in analysis.hints if hint.dimension == name]
            assert effects == pytest.approx(sorted(effects), abs=1e-12), analysis.text


def test_a_hint_about_words_says_how_much_they_weigh(hinted: list[Analysis]) -> None:
    for analysis in hinted:
        for hint in analysis.hints:
            if hint.span:
                assert hint.effect < 0 or hint.dimension == "empathy"
                assert analysis.scores[hint.dimension] + hint.effect >= -1e-9
            else:
                assert hint.effect > 0
                assert analysis.scores[hint.dimension] + hint.effect <= 1 + 1e-9


# Following them


def wording_problems(text: str) -> list[str]:
    """What is off with the capitals, blanks and commas of a text."""
    checks = {
        "two blanks": r"\S  +\S",
        "a blank before a mark": r"\s[,.;:!?](?=\s|$)",
        "two commas": r",\s*[,.;:!?]",
        "a comma at the start": r"(?:^|[.!?\n]\s+)[,;:]",
        "no capital": r"^[a-z]|(?<!\.[a-z])(?<!\.)[.!?] +[a-z]",
        "a blank at an end": r"^\s|\s$",
        "a word twice": r"(?i)\b(the|a|an|to|of|is|are|I|you|we|and|but)\s+\1\b",
    }
    return [name for name, pattern in checks.items() if re.search(pattern, text)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Well,  yes.", "two blanks"),
        ("Well , yes.", "a blank before a mark"),
        ("Well,, yes.", "two commas"),
        ("Yes. , no.", "a comma at the start"),
        ("well, yes.", "no capital"),
        ("Well. no.", "no capital"),
        ("Well, yes. ", "a blank at an end"),
        ("Well, is is it?", "a word twice"),
    ],
)
def test_broken_wording_is_seen(text: str, problem: str) -> None:
    assert problem in wording_problems(text)
    assert wording_problems("Well, yes. It is 3.5, e.g. here... or there: now!") == []


def test_suggestions_leave_the_text_well_formed(followed: list[Followed]) -> None:
    broken = {
        (item.hint.rule, item.before.text, item.text): new
        for item in followed
        if (new := set(wording_problems(item.text)) - set(wording_problems(item.before.text)))
    }
    assert broken == {}


def test_following_a_suggestion_lowers_the_score(
    analyzer: Analyzer, followed: list[Followed]
) -> None:
    worse = [
        (item.hint.rule, item.before.text, item.text)
        for item in followed
        if item.hint.dimension != "empathy"
        and analyzer.analyze(item.text).scores[item.hint.dimension]
        > item.before.scores[item.hint.dimension] + 1e-9
    ]
    assert worse == []


def test_following_a_suggestion_takes_its_hint_away(
    analyzer: Analyzer, followed: list[Followed]
) -> None:
    for item in followed:
        again = [hint.rule for hint in analyzer.analyze(item.text).hints]
        before = [hint.rule for hint in item.before.hints]
        assert again.count(item.hint.rule) < before.count(item.hint.rule), item


def test_adding_what_is_missing_raises_the_score(
    analyzer: Analyzer, hinted: list[Analysis]
) -> None:
    slots = {
        "[what happened]": "a week without an answer",
        "[what it meant for them]": "no time to plan",
        "[what you will do]": "send you a new one",
        "[when]": "Friday noon",
    }
    raised = 0
    for analysis in hinted[::20]:
        for hint in analysis.hints:
            if hint.span is None:
                text = hint.suggestions[0]
                for slot, fact in slots.items():
                    text = text.replace(slot, fact)
                assert "[" not in text
                after = analyzer.analyze(f"{text} {analysis.text}")
                assert after.empathy > analysis.empathy - 1e-9, (text, analysis.text)
                raised += 1
    assert raised


def test_suggestions_differ_from_the_words_and_from_each_other(
    hinted: list[Analysis],
) -> None:
    for analysis in hinted:
        for hint in analysis.hints:
            assert len(set(hint.suggestions)) == len(hint.suggestions)
            if hint.span:
                words = analysis.text[hint.span.start : hint.span.end]
                assert words not in hint.suggestions, (hint, analysis.text)


FACTS = re.compile(
    r"\d|\b(refund|discount|voucher|free|today|tomorrow|(mon|tues|thurs|fri)day"
    r"|within|hours|days|replacement|compensat\w+|guarantee\w*|i promise|(i|we)( will|'ll))\b",
    re.IGNORECASE,
)


def test_suggestions_leave_slots_for_facts() -> None:
    """A promise, a time or a remedy is the writer's: it stands in brackets."""
    hints = read_json("en", "language.json")["hints"]
    suggestions = [(rule.id, text) for rule in RULES.values() for text in rule.replace]
    suggestions += [
        (name, text)
        for name, words in hints["missing"].items()
        for text in words["suggestions"]
    ]
    assert len(suggestions) > 30
    assert all(text.count("[") == text.count("]") for _, text in suggestions)
    bare = [(name, re.sub(r"\[[^\]]*\]", "", text)) for name, text in suggestions]
    assert [
        (name, text)
        for (name, text), (_, whole) in zip(bare, suggestions, strict=True)
        if FACTS.search(text) and "[" not in whole
    ] == []


# When there is nothing to say


@pytest.mark.parametrize("text", GOOD)
def test_good_texts_get_no_hints(text: str) -> None:
    analysis = analyze(text)
    assert analysis.hints == ()
    assert analysis.pause is None


def test_a_long_good_mail_gets_no_hints() -> None:
    assert analyze(LONG_MAIL).hints == ()


# When to pause


def test_heat_asks_for_a_pause() -> None:
    pause = analyze("You are a useless idiot and a liar. Shut up!").pause
    assert pause is not None
    assert pause.reason == MESSAGES["pause/heated"]


def test_a_pause_knows_its_reason() -> None:
    reasons = {
        pause.reason
        for text in rule_examples()[::4]
        if (pause := analyze(text).pause) is not None
    }
    assert reasons <= {MESSAGES[f"pause/{name}"] for name in ("heated", "alone")}
    assert len(reasons) >= 2


def test_calm_drafts_need_no_pause() -> None:
    for text in ("We can't refund orders after 30 days.", "Where did you put the key?"):
        assert analyze(text).pause is None


def test_every_hostile_or_defensive_text_gets_a_hint(analyzer: Analyzer) -> None:
    """Whoever is told that a draft reads badly is told what does it."""
    for text in (*TEXTS, *rule_examples()[::2]):
        analysis = analyzer.analyze(text)
        for dimension in ("hostility", "defensiveness"):
            if analysis.scores[dimension] > 0.9:
                about = {hint.dimension for hint in analysis.hints if hint.span}
                assert about, text


def test_a_name_keeps_its_capital_when_words_before_it_are_dropped() -> None:
    text = "It is not our fault, and for the record Ann signed the form."
    [hint] = [h for h in analyze(text).hints if h.rule == "defensiveness/for-the-record"]
    assert hint.span and text[hint.span.start : hint.span.end] == "for the record Ann"
    assert hint.suggestions == ("Ann",)
