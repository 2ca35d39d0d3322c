"""Rewriters: candidates are checked, the best that passes is taken, otherwise the edits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any

import pytest

from calmtone import Hint, analyze
from calmtone.rewriting import Rewriter, rewrite
from calmtone.rewriting.candidates import unwrapped

TEXT = (
    "You useless idiots never sent order 4471. I paid £40 on 3 May, so refund me by Friday!!!"
)
CALM = "Order 4471 hasn't come. I paid £40 on 3 May; please refund me by Friday. Thank you."
CALMER = "Could you look into order 4471? I paid £40 on 3 May and need the refund by Friday."
EDITS = rewrite(TEXT).text


def offering(*candidates: Any) -> Rewriter:
    return lambda text, hints: candidates


def test_the_best_candidate_that_passes() -> None:
    made = rewrite(TEXT, rewriter=offering(TEXT, CALM, CALM.replace("£40", "£400")))
    assert made.text == CALM
    assert (made.source, made.edits) == ("rewriter", ())
    assert made.check.ok
    assert max(made.after[:2]) < max(made.before[:2])
    reasons = {item.text: item.reason for item in made.set_aside}
    assert "£400" in reasons[CALM.replace("£40", "£400")]
    assert reasons[TEXT].startswith("not calmer")


def test_a_rewriter_gets_the_text_and_its_hints() -> None:
    seen: list[tuple[str, Sequence[Hint]]] = []

    def rewriter(text: str, hints: Sequence[Hint]) -> Iterable[str]:
        seen.append((text, hints))
        return [CALM]

    rewrite(TEXT, rewriter=rewriter)
    assert seen == [(TEXT, analyze(TEXT).hints)]


def test_generators_and_single_strings_will_do() -> None:
    def rewriter(text: str, hints: Sequence[Hint]) -> Iterator[str]:
        yield f"  {CALM}\n"

    assert rewrite(TEXT, rewriter=rewriter).text == CALM
    assert rewrite(TEXT, rewriter=lambda text, hints: CALM).text == CALM


@pytest.mark.parametrize(
    ("candidates", "reason"),
    [
        ((), None),
        (("", " \n"), "empty"),
        ((None,), "no string but NoneType"),
        ((b"calm",), "no string but bytes"),
        (("x" * 100_001,), "too long"),
        ((TEXT.replace("3 May", "4 May").replace("useless idiots ", ""),), "date"),
        (("We will refund order 4471 by Friday. You are idiots, all of you useless.",), ""),
    ],
)
def test_otherwise_the_safe_edits(candidates: tuple[Any, ...], reason: str | None) -> None:
    made = rewrite(TEXT, rewriter=offering(*candidates))
    assert (made.text, made.source) == (EDITS, "edits")
    assert len(made.set_aside) == len(candidates)
    if reason is not None:
        assert all(reason in item.reason for item in made.set_aside)


REFUSAL = "You clown, we can't send the £75 before 9 June. Ask Priya. I waited twice."
FAITHFUL = "We can't send the £75 before 9 June. Please ask Priya. I waited twice."


@pytest.mark.parametrize(
    "empty", ["Thanks!", "Of course, happy to help!", "Please ask Priya.", "Have a good day."]
)
def test_a_candidate_that_throws_the_message_away_is_not_taken(empty: str) -> None:
    made = rewrite(REFUSAL, rewriter=offering(empty, FAITHFUL))
    assert made.text == FAITHFUL
    made = rewrite(REFUSAL, rewriter=offering(empty))
    assert made.source == "edits"
    assert "£75" in made.text
    assert "refusal" in made.set_aside[0].reason


def test_what_the_safe_edits_keep_a_candidate_has_to_keep() -> None:
    text = "You useless clown, the tiles come on 9 June. I'm at home all day."
    kept, lost = "The tiles come on 9 June. I'm at home all day.", "I'm at home all day."
    assert rewrite(text).text.endswith(kept[1:])
    made = rewrite(text, rewriter=offering(lost))
    assert made.source == "edits"
    assert made.set_aside == ((lost, "date lost: '9 June': the safe edits keep it"),)
    assert rewrite(text, rewriter=offering(lost, kept)).text == kept


def test_a_threat_may_be_left_out() -> None:
    text = "The fence is broken, you moron. Fix it or I will break your arm."
    candidate = "The fence is broken. Could you fix it?"
    assert rewrite(text, rewriter=offering(candidate)).text == candidate


def test_another_message_is_not_taken_over_safe_edits() -> None:
    made = rewrite("Where is the ladder, you clown?", rewriter=offering("Thanks a lot!"))
    assert made.source == "edits"
    assert "nothing of what the text speaks of" in made.set_aside[0].reason


@pytest.mark.parametrize(
    "wrapped",
    [
        f"Sure! Here is a calmer version:\n\n{CALM}",
        f"**Rewritten message:**\n{CALM}",
        f'"{CALM}"',
        f"Here's the revised text:\n\n\u201c{CALM}\u201d",
    ],
)
def test_what_a_model_wraps_its_text_in_goes(wrapped: str) -> None:
    assert rewrite(TEXT, rewriter=offering(wrapped)).text == CALM


@pytest.mark.parametrize(
    "plain",
    [
        f'"4471" is the order. {CALM} It said "sent"',
        f"{CALM}\n\nI sent you these:\nthe receipt",
        f"Dear all:\n{CALM}",
    ],
)
def test_what_belongs_to_a_candidate_stays(plain: str) -> None:
    assert unwrapped(plain, TEXT) == plain


def test_what_the_draft_has_itself_stays() -> None:
    assert unwrapped('"Late" again.\n', '"Late" once more.') == '"Late" again.'
    assert unwrapped('"Well, well"', '"Well, well", you clown') == '"Well, well"'
    lead = "My version:\nit was raining."
    assert unwrapped(lead, f"{lead} You clown.") == lead


def test_a_rewriter_that_is_async_is_told_so() -> None:
    async def waits(text: str, hints: Sequence[Hint]) -> Iterable[str]:
        return [CALM]

    async def yields(text: str, hints: Sequence[Hint]) -> AsyncIterator[str]:
        yield CALM

    for rewriter in (waits, yields):
        made = rewrite(TEXT, rewriter=rewriter)  # type: ignore[arg-type]
        assert made.source == "edits"
        assert "must not be async" in made.set_aside[0].reason


@pytest.mark.parametrize(
    ("offered", "reason"), [({CALM: 1}, "list of texts"), (b"calm", "decode")]
)
def test_what_holds_no_texts_is_set_aside_once(offered: Any, reason: str) -> None:
    made = rewrite(TEXT, rewriter=lambda text, hints: offered)
    assert made.source == "edits"
    assert len(made.set_aside) == 1
    assert reason in made.set_aside[0].reason


@pytest.mark.parametrize("over", ["x", True, [0.5]])
def test_over_is_a_number(over: Any) -> None:
    with pytest.raises(TypeError, match="over must be a number above 0"):
        rewrite(TEXT, over=over)


def test_a_raising_rewriter_is_set_aside() -> None:
    def rewriter(text: str, hints: Sequence[Hint]) -> Iterator[str]:
        yield CALM
        raise RuntimeError("the server is down")

    made = rewrite(TEXT, rewriter=rewriter)
    assert made.text == CALM
    assert made.set_aside[0].text is None
    assert made.set_aside[0].reason == "the rewriter raised RuntimeError: the server is down"

    def nothing(text: str, hints: Sequence[Hint]) -> Iterable[str]:
        raise RuntimeError("no key")

    made = rewrite(TEXT, rewriter=nothing)
    assert (made.text, made.source) == (EDITS, "edits")
    assert "no key" in made.set_aside[0].reason


def test_a_rewriter_that_returns_nothing_to_go_through() -> None:
    made = rewrite(TEXT, rewriter=lambda text, hints: 7)  # type: ignore[arg-type]
    assert made.source == "edits"
    assert "TypeError" in made.set_aside[0].reason


def test_interrupts_are_not_swallowed() -> None:
    def rewriter(text: str, hints: Sequence[Hint]) -> Iterable[str]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rewrite(TEXT, rewriter=rewriter)


def test_an_endless_rewriter_is_stopped() -> None:
    def rewriter(text: str, hints: Sequence[Hint]) -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield f"{CALM} {'Thanks. ' * number}"

    made = rewrite(TEXT, rewriter=rewriter)
    assert made.source == "rewriter"
    assert "only 20 candidates" in made.set_aside[0].reason


def test_a_fine_text_asks_no_rewriter() -> None:
    def rewriter(text: str, hints: Sequence[Hint]) -> Iterable[str]:
        raise AssertionError

    made = rewrite(CALM, rewriter=rewriter)
    assert made.text is CALM
    assert made.set_aside == ()


def test_the_message_answered_lends_its_facts() -> None:
    text = "That is not our fault, you should have read the terms."
    candidate = "I'm sorry about order AB-77. I'll look into it and tell you what I find."
    assert rewrite(text, rewriter=offering(candidate)).source == "edits"
    made = rewrite(text, "Where is AB-77?", rewriter=offering(candidate))
    assert made.source == "rewriter"


def test_what_is_no_rewriter() -> None:
    with pytest.raises(TypeError, match="rewriter must be callable"):
        rewrite(TEXT, rewriter="gpt")  # type: ignore[arg-type]
