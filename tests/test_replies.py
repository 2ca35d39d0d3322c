"""Replies read against the messages that they answer, and the pause."""

from __future__ import annotations

import pickle
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import BLANKS, cases, document_of, language, tables

from calmtone import Analyzer
from calmtone.errors import RuleError
from calmtone.replies import (
    ACTS,
    Pauser,
    ReplyAnalysis,
    ReplyReader,
    shipped_pauser,
    shipped_reader,
)
from calmtone.replies.hints import _FINDERS, _names, missing_hints
from calmtone.replies.html import reply_html
from calmtone.replies.pause import answer_features
from calmtone.replies.quoting import unquoted
from calmtone.replies.reader import HIGHEST_RATING, lacking
from calmtone.replies.signs import Weights
from calmtone.resources import read_json, read_records
from calmtone.results import PRACTICES, Analysis, Hint, Scores, Span
from calmtone.rules import built_in
from calmtone.rules.actfiles import acts_of_scores, load_acts
from calmtone.rules.acts import ACT_PRACTICES, SIDES
from calmtone.rules.build import FOLDER
from calmtone.rules.checking import check_rule
from calmtone.rules.loading import Rule
from calmtone.rules.matching import Matcher

CASES = cases("replies.toml")
COMPLAINT = (
    "You took £40 on Friday for a cake that never came. It was for my son's birthday and he "
    "cried all evening. Where is it?"
)
GOOD = (
    "A birthday without its cake, and a boy in tears over it: that is a horrible evening, and "
    "I'm so sorry. We lost your order. It's still in our Leeds kitchen. I've sent the £40 back "
    "today and will bring a new cake to your door tomorrow at four."
)
BAD = "We regret any inconvenience. It is not our fault that you didn't read the terms."


def reading(message: str, reply: str) -> ReplyAnalysis:
    return shipped_reader().read(document_of(message), document_of(reply))


def words(text: str, span: Span) -> str:
    return text[span.start : span.end]


# Behaviour


@pytest.mark.parametrize("case", CASES["case"], ids=[case["why"] for case in CASES["case"]])
def test_behaviour(case: dict[str, Any]) -> None:
    found = reading(case["message"], case["reply"])
    exact = case.get("exact", False)
    if "needs" in case:
        assert set(case["needs"]) <= set(found.needs)
        assert not exact or set(case["needs"]) == set(found.needs)
    assert set(case.get("does", ())) <= set(found.does)
    assert set(case.get("not-does", ())).isdisjoint(found.does)
    assert set(case.get("missing", ())) <= set(found.missing)
    assert set(case.get("weak", ())) <= set(found.weak)


@pytest.mark.parametrize(
    "case", CASES["heat"], ids=[case["more"][:30] for case in CASES["heat"]]
)
def test_heat(case: dict[str, str]) -> None:
    reader = shipped_reader()
    less, more = (reader.heat(document_of(case[name])) for name in ("less", "more"))
    assert 0 <= less < more <= 1


def test_what_a_model_hears_adds_to_the_heat_and_to_nothing_else() -> None:
    reader, message, reply = shipped_reader(), document_of(COMPLAINT), document_of(BAD)
    less, more = (reader.read(message, reply, heard) for heard in (-0.6, 0.0))
    assert more.heat - less.heat == pytest.approx(0.6 / HIGHEST_RATING)
    assert more.heat == reader.heat(message, 0.0)
    assert less._replace(heat=more.heat) == more
    assert more._replace(heat=reader.heat(message)) == reader.read(message, reply)
    assert (reader.heat(message, 9.0), reader.heat(message, -9.0)) == (1.0, 0.0)
    assert reader.heat(document_of(""), 9.0) == 0.0


def test_signs_beside_a_model_have_weights_of_their_own() -> None:
    files = [read_records("en", f"{name}.jsonl") for name in ("needs", "does")]
    needs, does = ({**header, "nodes": nodes} for header, nodes in files)
    beside = Weights(
        {
            "bias": [0.3],
            "unit": 0.5,
            "words": "cake",
            "signs": ["+question"],
            "weights": {"heat": {"words": [1], "signs": [2]}},
        }
    )
    reader = ReplyReader(needs, does, tables(), read_json("en", "replies.json"), beside)
    assert reader.heat(document_of("Where is the cake?"), 0.25) == pytest.approx(
        (0.5 + 0.5 + 1.0 + 0.25) / HIGHEST_RATING
    )


def test_spans_are_words_of_their_own_text() -> None:
    found = reading(COMPLAINT, GOOD)
    assert set(found.needs) >= {"acknowledge", "own", "answer"}
    assert words(COMPLAINT, found.needs["answer"]) == "Where is it?"
    assert "to your door" in words(GOOD, found.does["next-step"])
    assert words(GOOD, found.does["acknowledge"]).startswith("A birthday without its cake")
    for span in found.needs.values():
        assert 0 <= span.start < span.end <= len(COMPLAINT)
    for span in found.does.values():
        assert 0 <= span.start < span.end <= len(GOOD)


def test_missing_is_what_is_needed_and_not_done() -> None:
    for reply in (GOOD, BAD, "Noted."):
        found = reading(COMPLAINT, reply)
        lacking_ = {act for act in found.needs if act not in found.does}
        assert set(found.missing) <= lacking_
        assert [act for act in ACTS if act in found.missing] == list(found.missing)
    assert set(found.missing) == lacking_ == set(found.needs)


def test_what_is_hardly_needed_or_nearly_done_is_not_called_missing() -> None:
    assert lacking(3.0, -3.0) == pytest.approx(1 / (1 + exp(-3)) ** 2)
    assert lacking(3.0, -3.0) > lacking(0.5, -3.0) > lacking(0.5, -0.5)
    numbers: dict[str, Any] = {**read_json("en", "replies.json")}
    files = [read_records("en", f"{name}.jsonl") for name in ("needs", "does")]
    needs, does = ({**header, "nodes": nodes} for header, nodes in files)
    found = [
        ReplyReader(needs, does, tables(), {**numbers, "missing_over": over}).read(
            document_of(COMPLAINT), document_of(BAD)
        )
        for over in (0.0, 1.1)
    ]
    assert found[0].missing == tuple(act for act in found[0].needs if act not in found[0].does)
    assert found[0].needs == found[1].needs
    assert found[1].missing == ()
    assert "perhaps done" in found[1]._repr_html_()


def test_facts_of_the_message() -> None:
    found = {(fact.kind, fact.text) for fact in reading(COMPLAINT, GOOD).facts}
    assert found >= {("amount", "£40"), ("date", "Friday"), ("question", "Where is it?")}
    assert reading("Hello there.", "Hello.").facts == ()


@pytest.mark.parametrize("blank", BLANKS)
def test_blank_texts(blank: str) -> None:
    nothing = reading(blank, GOOD)
    assert nothing.heat == 0
    assert (nothing.needs, nothing.does, nothing.missing) == ({}, {}, ())
    lacking = reading(COMPLAINT, blank)
    assert lacking.does == {}
    assert lacking.missing == tuple(lacking.needs)
    assert lacking.needs


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_texts(message: str, reply: str) -> None:
    found = reading(message, reply)
    assert 0 <= found.heat <= 1
    assert set(found.needs) | set(found.does) <= set(ACTS)
    for text, spans in ((message, found.needs), (reply, {**found.does, **found.weak})):
        for span in spans.values():
            assert 0 <= span.start < span.end <= len(text)
    assert reading(message, reply) == found


def test_long_texts_are_read_in_pieces_of_bounded_weight() -> None:
    once = reading(COMPLAINT, GOOD)
    often = reading(f"{COMPLAINT}\n" * 200, f"{GOOD}\n" * 200)
    assert set(often.needs) >= {"acknowledge", "answer"}
    assert set(once.does) <= set(often.does) | {"answer"}


def test_it_pickles() -> None:
    found = reading(COMPLAINT, BAD)
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(pickle.loads(pickle.dumps(found))) == hash(found)


def test_it_does_not_change() -> None:
    needs = reading(COMPLAINT, BAD).needs
    with pytest.raises(TypeError, match="can't be changed"):
        needs["own"] = Span(0, 1)  # type: ignore[index]
    with pytest.raises(TypeError, match="can't be changed"):
        needs.clear()  # type: ignore[attr-defined]


def test_as_data() -> None:
    found = reading(COMPLAINT, BAD)
    data = found.to_dict()
    assert data["heat"] == found.heat
    assert data["missing"] == list(found.missing)
    assert data["needs"]["answer"] == found.needs["answer"]._asdict()
    assert {fact["kind"] for fact in data["facts"]} >= {"amount", "question"}


def test_as_html() -> None:
    page = reading("My <b>cake</b> never came! Where is it?", BAD)._repr_html_()
    assert "&lt;b&gt;cake" in page
    assert "<b>cake" not in page
    for name in ("answer", "missing", "heat"):
        assert name in page


def test_html_shows_the_words_of_both_texts() -> None:
    draft = "I'm so sorry, we <lost> it. Someone will look into it."
    page = reply_html(
        reading("My cake never came and I paid for it! Where is it?", draft), draft
    )
    assert "<q>I&#x27;m so sorry, we &lt;lost&gt; it.</q>" in page
    assert "<q>Where is it?</q>" in page
    assert "only a formula or a vague promise" in page
    assert "The message answered" in page
    whole = Analyzer(engine="rules").analyze(draft, reply_to="Where is it?")._repr_html_()
    assert "in the reply" in whole


def test_html_names_all_acts_where_their_words_overlap() -> None:
    message = "You forgot Mum's birthday again."
    needs = {"acknowledge": Span(0, 32), "own": Span(0, 10), "options": Span(4, 16)}
    found = ReplyAnalysis(0.5, needs, {"own": Span(0, 2)}, ("acknowledge",), {}, (), message)
    page = found._repr_html_()
    assert page.count("<mark") == 4
    assert "(acknowledge: missing, own: done)" in page
    assert "own: done, options: perhaps needed, perhaps done" in page
    assert page.count("dashed") == 4  # the act least done gives the line
    only = found._replace(needs={"options": Span(0, 3)}, missing=())._repr_html_()
    assert "dotted" in only and "dashed" not in only


@pytest.mark.parametrize("blank", BLANKS)
def test_html_of_no_message_is_empty(blank: str) -> None:
    page = reading(blank, GOOD)._repr_html_()
    assert page == "" if not blank.strip() else "The message answered" in page


# Hints


def hints(message: str, reply: str, taken: tuple[Hint, ...] = ()) -> tuple[Hint, ...]:
    return shipped_reader().hints(reading(message, reply), 0.25, taken)


def test_missing_acts_become_hints_without_a_span() -> None:
    found = reading(COMPLAINT, BAD)
    given_ = [hint for hint in hints(COMPLAINT, BAD) if hint.rule.startswith("reply/")]
    assert [hint.rule for hint in given_] == [f"reply/{act}" for act in found.missing]
    for hint in given_:
        assert hint.span is None
        assert hint.practice in PRACTICES
        assert hint.effect == 0.25
        assert hint.suggestions
        assert "{" not in "".join(hint.suggestions)
        assert all("[" in suggestion for suggestion in hint.suggestions)


def test_suggestions_use_the_messages_own_facts() -> None:
    by_rule = {hint.rule: hint for hint in hints(COMPLAINT, "Noted.")}
    assert "“Where is it?”" in by_rule["reply/answer"].suggestions[0]
    assert "£40" in by_rule["reply/next-step"].suggestions[0]


def test_a_good_reply_gets_no_hint_about_what_it_does() -> None:
    rules = {hint.rule for hint in hints(COMPLAINT, GOOD)}
    assert rules.isdisjoint({"reply/acknowledge", "reply/own", "reply/next-step"})
    assert hints("Thanks for the lovely evening!", "Any time.") == ()


def test_formulas_and_vague_promises_say_so() -> None:
    reply = "We apologise for any inconvenience. Someone will look into it at some point."
    by_rule = {hint.rule: hint for hint in hints(COMPLAINT, reply)}
    formula, promise = by_rule["weak/acknowledge"], by_rule["weak/next-step"]
    assert formula.span is not None and "inconvenience" in words(reply, formula.span)
    assert promise.span is not None and "Someone will" in words(reply, promise.span)
    assert promise.practice == "follow-through"
    assert {hint.rule for hint in hints(COMPLAINT, reply, (promise,))} == (
        set(by_rule) - {"weak/next-step"}
    )


def test_every_act_has_words() -> None:
    text = tables()["replies"]
    assert set(text["missing"]) == set(ACTS)
    for act in ACTS:
        assert ACT_PRACTICES[act] in PRACTICES
        assert len(text["missing"][act]["message"]) <= 160
        bare = ReplyAnalysis(0.0, {act: Span(0, 1)}, {}, (act,), {}, (), "x")
        [hint] = missing_hints(bare, text["missing"], 0.0)
        assert hint.suggestions


# Quoted messages


@pytest.mark.parametrize(
    "quoted",
    [
        "> You took £40 on Friday.\n> Where is it?",
        ">> You took £40 on Friday.\r\n>> Where is it?\r\n",
        "On Monday, Ann wrote:\n> You took £40 on Friday.\n>\n> Where is it?",
        "On 3 March, Ann wrote:\n\nYou took £40 on Friday.\nWhere is it?",
        "```\nYou took £40 on Friday.\nWhere is it?\n```",
    ],
)
def test_a_message_that_is_nothing_but_a_quotation_is_read(quoted: str) -> None:
    plain = unquoted(quoted)
    assert len(plain) == len(quoted)
    found = reading(plain, BAD)
    assert words(quoted, found.needs["answer"]) == "Where is it?"
    assert plain.split()[:3] == ["You", "took", "£40"]


@pytest.mark.parametrize(
    "message",
    [
        "> Where is it?\nIt is here.",
        "It broke again.\n```\nerror: 3\n```\n",
        "On Monday, Ann wrote:\n> Where is it?\nStill nothing!",
        "5 > 3, isn't it?",
        "She wrote: gone by noon.",
        "Ann wrote:",
        "> ```\n",
        "",
    ],
)
def test_other_messages_stay_as_they_are(message: str) -> None:
    assert unquoted(message) in (message, message.replace(">", " "))


# Words of suggestions


def draft_of(text: str) -> Analysis:
    return Analyzer(engine="rules").analyze(text)


@pytest.mark.parametrize(
    ("reply", "followed"),
    [
        ("Your query has been forwarded to the relevant department.", "[Who] will {}."),
        ("Hi Ann, someone will look into it!", "Hi Ann, [who] will {}!"),
        (
            "We regret any inconvenience, and someone will look into it.",
            "We regret any inconvenience, and [who] will {}.",
        ),
        ("Dear Ann,\nit will be sorted soon", "Dear Ann,\n[who] will {}"),
    ],
)
def test_what_is_suggested_for_a_vague_promise_stands_in_its_place(
    reply: str, followed: str
) -> None:
    found = reading(COMPLAINT, reply)
    [hint] = [
        hint
        for hint in shipped_reader().hints(found, 0.1, (), draft_of(reply))
        if hint.rule == "weak/next-step"
    ]
    assert hint.span is not None
    put = reply[: hint.span.start] + hint.suggestions[0] + reply[hint.span.end :]
    assert put == followed.format("[do what] by [when]")
    bare = [h for h in hints(COMPLAINT, reply) if h.rule == "weak/next-step"]
    assert [h.suggestions for h in bare] == [()]


def suggested(message: str, act: str, phrase: str) -> tuple[str, ...]:
    """The suggestions about an act that is missing, the need being some words."""
    start = message.index(phrase)
    need = {act: Span(start, start + len(phrase))}
    lacking_ = ReplyAnalysis(0.5, need, {}, (act,), {}, (), message)
    [hint] = missing_hints(lacking_, tables()["replies"]["missing"], 0.0)
    return hint.suggestions


@pytest.mark.parametrize(
    ("message", "need", "named"),
    [
        ("I ordered on 3 March and the baby is due on Friday.", "is due", "Friday"),
        ("My limit was £500. You took £900. I need the £400 back.", "I need", "£400"),
        ("I need it by 4 May, as I said on 2 April.", "I need it", "4 May"),
        ("Bring 2 of them, the party is tomorrow.", "Bring", "tomorrow"),
    ],
)
def test_facts_near_the_need_are_named(message: str, need: str, named: str) -> None:
    assert named in suggested(message, "next-step", need)[0]


@pytest.mark.parametrize(
    "message",
    [
        "I was born in 1962, and now my card is blocked.",
        "It was charged on 3 March and again this morning, and is blocked.",
        "Since 2 May my line is blocked.",
    ],
)
def test_dates_that_are_past_are_not_named(message: str) -> None:
    assert suggested(message, "next-step", "is blocked") == ("[Who] will [do what] by [when].",)


@pytest.mark.parametrize(
    ("message", "need", "quote"),
    [
        ("I'm exhausted, and when I ask you just sigh.", "I'm exhausted, and", "I'm exhausted"),
        (
            "It's the third time this month that he was late. Why?",
            "third time this",
            "It's the third time this month that he was late",
        ),
        (
            "I am so angry and upset with all of you there for the mess that you left me in.",
            "I am so angry and",
            "I am so angry",
        ),
        ("And so I sat there, in front of the whole queue.", "I sat", "I sat there"),
    ],
)
def test_a_quotation_is_a_clause(message: str, need: str, quote: str) -> None:
    assert f"“{quote}”" in suggested(message, "acknowledge", need)[0]


@pytest.mark.parametrize("message", ["Can I still get one?", "Bad.", "“Gone”, he said."])
def test_questions_and_scraps_are_not_quoted(message: str) -> None:
    found = suggested(message, "acknowledge", message[:-1])
    assert not any("“" in suggestion for suggestion in found)


def test_suggestions_name_no_slot_that_nothing_fills() -> None:
    for text in tables()["replies"]["missing"].values():
        for suggestion in text["suggestions"]:
            assert set(_names(suggestion)) <= set(_FINDERS)


# The pause

CALM, CROSS, GUARDED = (
    Scores(0.02, 0.03, 0.9),
    Scores(0.97, 0.4, 0.01),
    Scores(0.05, 0.95, 0.02),
)


def test_a_good_reply_to_a_hot_message_needs_no_pause() -> None:
    assert shipped_pauser().decide(CALM, reading(COMPLAINT, GOOD)) is None
    assert shipped_pauser().decide(CALM) is None


@pytest.mark.parametrize("scores", [CROSS, GUARDED])
def test_a_heated_or_defensive_draft_asks_for_a_pause(scores: Scores) -> None:
    for reply in (None, reading(COMPLAINT, BAD)):
        found = shipped_pauser().decide(scores, reply)
        assert found is not None
        reason, helps = found
        assert reason.endswith(".") and reason.count(".") == 1
        assert len(helps) >= 3
        assert "!" not in reason + "".join(helps)


def test_heat_of_the_message_raises_the_pressure() -> None:
    pauser = shipped_pauser()
    some = Scores(0.2, 0.5, 0.1)
    found = reading(COMPLAINT, BAD)
    cold = found._replace(heat=0.0)
    assert pauser.pressure(some, found) > pauser.pressure(some, cold)
    assert 0 <= pauser.pressure(CALM, cold) < pauser.pressure(CROSS, found) <= 1


@pytest.mark.parametrize("engine", ["rules", "onnx"])
def test_what_is_missing_raises_the_pressure(engine: str) -> None:
    pauser = shipped_pauser(engine)
    some = Scores(0.2, 0.5, 0.1)
    found = reading(COMPLAINT, BAD)
    assert found.missing
    assert pauser.pressure(some, found) > pauser.pressure(some, found._replace(missing=()))


def test_each_missing_act_is_seen_by_the_pause() -> None:
    found = reading(COMPLAINT, BAD)
    seen = {tuple(answer_features(GUARDED, found._replace(missing=(act,)))) for act in ACTS}
    assert len(seen) == len(ACTS)


def test_the_threshold_of_the_pause_can_be_set() -> None:
    pauser = shipped_pauser()
    assert pauser.decide(CALM, None, over=0.0) is not None
    assert pauser.decide(CROSS, None, over=1.1) is None


def test_the_kinds_of_pause_have_words_of_their_own() -> None:
    pauser = Pauser(read_json("en", "pause.json"), tables()["replies"]["pause"])
    found = reading(COMPLAINT, BAD)
    said = {
        pauser.decide(scores, reply, over=0.0)
        for scores in (CROSS, GUARDED)
        for reply in (None, found)
    }
    assert len(said) == 4
    # An answer that neither attacks nor defends is not told that it does.
    quiet = pauser.decide(CALM, found, over=0.0)
    assert quiet is not None
    assert quiet not in said
    assert "defend" not in quiet[0]


# Rules of acts


@lru_cache(maxsize=1)
def shipped_acts() -> tuple[Rule, ...]:
    sides = load_acts([FOLDER / "acts"], known_lists=built_in()[0].lists)
    return tuple(rule for side in SIDES for rule in sides[side].rules)


@lru_cache(maxsize=1)
def act_lists() -> dict[str, tuple[str, ...]]:
    sides = load_acts([FOLDER / "acts"], known_lists=built_in()[0].lists)
    return {**built_in()[0].lists, **sides["need"].lists}


@pytest.mark.parametrize("rule", shipped_acts(), ids=lambda rule: f"{rule.form}-{rule.id}")
def test_a_rule_of_acts_passes_its_own_examples(rule: Rule) -> None:
    assert check_rule(rule, act_lists(), tables()) == []


def test_rules_of_acts_cover_both_sides() -> None:
    others = acts_of_scores(built_in()[0].rules)
    assert {(rule.form, rule.dimension) for rule in others} == {("does", "acknowledge")}
    assert "empathy/sounds-hard" in {rule.id for rule in others}
    assert {(rule.form, rule.dimension) for rule in shipped_acts()} == {
        (side, act) for side in SIDES for act in ACTS
    }
    assert len({rule.id for rule in shipped_acts()}) == len(shipped_acts())
    ids = {rule.id for rule in shipped_acts() if rule.strength == "mild"}
    assert set(tables()["replies"]["weak"]) <= ids


RULE = """
[cake]
summary  = "Cake."
find     = ["a cake"]
match    = ["I want <a cake>."]
no-match = ["I want tea."]
"""


def test_own_files_of_acts(tmp_path: Path) -> None:
    path = tmp_path / "need" / "options.toml"
    path.parent.mkdir()
    path.write_text(RULE, encoding="utf-8")
    [rule] = load_acts([tmp_path])["need"].rules
    assert (rule.id, rule.form, rule.strength, rule.negation) == (
        "options/cake",
        "need",
        "moderate",
        "keep",
    )
    assert check_rule(rule, {}, tables()) == []


@pytest.mark.parametrize(
    ("where", "text", "problem"),
    [
        ("need/other.toml", RULE, "which act?"),
        ("else/own.toml", RULE, "which act?"),
        ("need/own.toml", RULE + "weight = 3\n", "unknown key"),
        ("need/own.toml", RULE + 'weak = "yes"\n', "weak: must be true or false"),
        ("need/own.toml", RULE + 'negation = "perhaps"\n', "negation: must be one of"),
        ("need/own.toml", RULE.replace('["a cake"]', '"a cake"'), "must be a list of texts"),
        ("need/own.toml", RULE.replace("a cake", "a {cake}"), "no list {cake}"),
        ("need/own.toml", RULE.replace("summary", "#"), "summary: is missing"),
        ("need/own.toml", "cake = 3\n", "is no rule"),
        ("need/own.toml", "[[[", "is not valid TOML"),
    ],
)
def test_problems_of_act_files_are_named(
    tmp_path: Path, where: str, text: str, problem: str
) -> None:
    path = tmp_path / where
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as error:
        load_acts([tmp_path])
    assert any(problem in found and str(path) in found for found in error.value.problems)


# Weights


def test_packed_weights_add_up() -> None:
    weights = Weights(
        {
            "unit": 0.5,
            "bias": [1.0, -2.5],
            "words": "tea cake",
            "signs": ["+first"],
            "weights": {
                "a": {"words": [1, -3], "signs": [4]},
                "b": {"words": [-7, 0], "signs": [-1]},
            },
        }
    )
    assert weights.fields == ["a", "b"]
    words = weights.words(["tea", "cake", "cake", "?"])
    assert weights.totals(words, 0) == [-1.5, -6.0]
    assert weights.totals(weights.words(["cake"]), weights.signs(["+first"])) == [1.5, -3.0]
    assert weights.totals(words, weights.signs(["+first"]), 0.5) == [1.75, -4.75]
    assert [weights.value(words, k) for k in (0, 1)] == [-2.5, -3.5]
    assert [weights.sign("+first", k) for k in (0, 1)] == [2.0, -0.5]
    assert weights.sign("unheard", 0) == 0.0


def test_the_fitted_numbers_belong_to_the_rules() -> None:
    numbers = read_json("en", "replies.json")
    known = {rule.id for rule in (*shipped_acts(), *acts_of_scores(built_in()[0].rules))}
    used = {
        part
        for side in ("message", "reply")
        for sign in numbers[side]["signs"]
        for part in sign.split("*")
        if "/" in part
    }
    assert used <= known


def test_signs_are_read_with_the_same_language() -> None:
    assert isinstance(shipped_reader()._needs, Matcher)
    assert set(ACTS) == set(numbers_of("need_over")) == set(numbers_of("does_over"))
    assert language().vocabulary["sorry"] == "sorry"


def numbers_of(name: str) -> dict[str, float]:
    found: dict[str, float] = read_json("en", "replies.json")[name]
    return found
