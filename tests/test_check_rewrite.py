"""The check of a rewrite: what is lost, added and changed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import TEXTS, cases

from calmtone import Analyzer, TextTooLongError
from calmtone.rewriting import check_rewrite, find_facts

CASES = cases("facts.toml")
REWRITES = cases("changed.toml")
MAIL = (
    "Hi Priya, we can't refund order AB-4471 before Friday. You paid £40 on 3 May at 5 pm, "
    'and you wrote "two boxes" to help@example.org. See https://example.org/terms?x=1 and '
    "run `fix --all`. We did not receive three of the nine letters, and I will call Ann."
)
CHANGES = {
    "number": ("nine letters", "ten letters"),
    "number in words": ("three of", "four of"),
    "amount": ("£40", "£45"),
    "date": ("3 May", "4 May"),
    "month": ("3 May", "3 June"),
    "weekday": ("Friday", "Monday"),
    "time": ("5 pm", "6 pm"),
    "name": ("Ann", "Eve"),
    "greeted": ("Priya", "Petra"),
    "negation": ("did not receive", "did receive"),
    "refusal": ("can't refund", "will refund"),
    "can": ("can't refund", "can refund"),
    "link": ("terms?x=1", "terms?x=2"),
    "e-mail": ("help@", "hello@"),
    "reference": ("AB-4471", "AB-4472"),
    "code": ("fix --all", "fix --any"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_caught(change: str) -> None:
    old, new = CHANGES[change]
    assert old in MAIL
    check = check_rewrite(MAIL, MAIL.replace(old, new))
    assert not check.ok
    assert check.problems
    assert check.changed or check.lost


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_fact_of_a_paraphrase_is_caught(change: str) -> None:
    calm = (
        "Hello Priya, I'm sorry for the trouble. You paid £40 on 3 May at 5 pm for order "
        'AB-4471, and wrote "two boxes" to help@example.org. We did not receive three of the '
        "nine letters. We can't refund it before Friday; please see "
        "https://example.org/terms?x=1 and run `fix --all`. I will call Ann."
    )
    assert check_rewrite(MAIL, calm).ok
    old, new = CHANGES[change]
    assert not check_rewrite(MAIL, calm.replace(old, new)).ok


@pytest.mark.parametrize("case", CASES["facts"], ids=lambda case: case["text"][:40])
def test_facts(case: dict[str, object]) -> None:
    text = str(case["text"])
    assert [[fact.kind, fact.text] for fact in find_facts(text)] == case["facts"]


@pytest.mark.parametrize("case", CASES["same"], ids=lambda case: case["one"][:40])
def test_the_same_said_otherwise(case: dict[str, str]) -> None:
    check = check_rewrite(case["one"], case["other"])
    assert check.ok, check.problems
    assert not check.changed


@pytest.mark.parametrize("case", CASES["different"], ids=lambda case: case["one"][:40])
def test_something_else_is_said(case: dict[str, str]) -> None:
    check = check_rewrite(case["one"], case["other"])
    assert not check.ok
    assert case["kind"] in {change.kind for change in check.changed} | {
        fact.kind for fact in check.lost
    }


def _pairs(pairs: list[list[str]]) -> list[object]:
    return [pytest.param(*pair, id=pair[0][:40]) for pair in pairs]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        pytest.param(kind, *pair, id=f"{kind}: {pair[0][:40]}")
        for kind, pairs in REWRITES["changed"].items()
        for pair in pairs
    ],
)
def test_one_thing_was_changed(kind: str, one: str, other: str) -> None:
    check = check_rewrite(one, other)
    assert not check.ok, kind
    assert check.changed or check.lost


@pytest.mark.parametrize(("one", "other"), _pairs(REWRITES["same"]["pairs"]))
def test_a_true_rewrite_passes(one: str, other: str) -> None:
    assert check_rewrite(one, other).problems == ()


@pytest.mark.parametrize(("one", "other"), _pairs(REWRITES["unseen"]["pairs"]))
@pytest.mark.xfail(strict=True, reason="not seen so far")
def test_unseen_changes(one: str, other: str) -> None:
    assert not check_rewrite(one, other).ok


def test_a_change_is_told_once() -> None:
    check = check_rewrite("I paid £10 on Monday.", "I paid £11 on Monday.")
    assert check.problems == ("amount changed: '£10' became '£11'",)


def test_what_has_no_words_keeps_nothing() -> None:
    check = check_rewrite("Where is it? I paid on Monday.", "")
    assert not check.ok
    assert check.problems[-1] == "nothing is left of the text"
    assert check_rewrite("", "").ok


def test_a_month_is_no_promise() -> None:
    check = check_rewrite("I paid on 2024-05-03.", "I paid on 3 May 2024.", strict=True)
    assert check.problems == ()


def test_strict_counts_every_loss_and_addition() -> None:
    one, other = "It broke on 3 May. The fee is £40.", "It broke on 3 May, and I'll call Ann."
    assert check_rewrite(one, other).ok
    check = check_rewrite(one, other, strict=True)
    assert not check.ok
    assert [fact.text for fact in check.lost] == ["£40"]
    assert [fact.kind for fact in check.added] == ["commitment", "name"]
    assert len(check.problems) == 3


def test_facts_of_the_message_answered_may_be_taken_up() -> None:
    one, other = "That is not our fault.", "I'm sorry about order AB-77."
    assert not check_rewrite(one, other).ok
    assert check_rewrite(one, other, reply_to="Where is AB-77?").ok


def test_slots_add_nothing() -> None:
    check = check_rewrite("It is late.", "It is late. I will [what you will do] by [when].")
    assert check.ok
    assert check.added == ()


def test_spans_and_scores() -> None:
    one, other = "You fool, pay £40.", "Please pay £50."
    check = check_rewrite(one, other)
    (change,) = check.changed
    assert one[slice(*change.before.span)] == "£40"
    assert other[slice(*change.after.span)] == "£50"
    assert check.after.hostility < check.before.hostility
    assert json.loads(json.dumps(check.to_dict()))["ok"] is False


def test_types_and_limits() -> None:
    with pytest.raises(TypeError):
        check_rewrite("a", None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="reply_to"):
        check_rewrite("a", "b", reply_to=1)  # type: ignore[arg-type]
    with pytest.raises(TextTooLongError):
        check_rewrite("a", "b" * 9, analyzer=Analyzer(max_chars=5))


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_its_own_rewrite(text: str) -> None:
    check = check_rewrite(text, text, strict=True)
    assert check.ok
    assert (check.lost, check.added, check.changed) == ((), (), ())


@pytest.mark.parametrize(
    "text",
    ["1" * 5000, "A1-" * 3000, "not " * 4000, "£" * 5000, '"' * 3001, "`" * 5001, "9th " * 999],
)
def test_odd_texts(text: str) -> None:
    assert check_rewrite(text, text).ok
    assert check_rewrite(text, "").lost is not None


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts(one: str, other: str) -> None:
    check = check_rewrite(one, other)
    assert check.ok is not bool(check.problems)
    for fact in check.lost:
        assert one[slice(*fact.span)] == fact.text
    for fact in check.added:
        assert other[slice(*fact.span)] == fact.text


@given(st.integers(2, 10**12), st.integers(2, 10**12))
def test_any_two_amounts(one: int, other: int) -> None:
    check = check_rewrite(f"Pay £{one} today.", f"Please pay £{other:,} today, thank you.")
    assert check.ok is (one == other)
