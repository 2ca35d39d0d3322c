"""Rewriters: candidates are checked, the best that passes is taken, otherwise the edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest

from calmtone import Hint, analyze
from calmtone.rewriting import Rewriter, rewrite

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
