"""Rewrites by safe edits: calmer, the same facts, and no change where none is needed."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import BLANKS, LONG_MAIL, TEXTS, cases, rule_examples

from calmtone import Analyzer, TextTooLongError
from calmtone.rewriting import Rewrite, check_rewrite, find_facts, rewrite

pytestmark = pytest.mark.usefixtures("rules_only")


GOOD = cases("good.toml")["texts"]
CHANGED = cases("rewrites.toml")["rewrite"]
HEATED = (
    "You useless idiots! My order 4471 never came and I paid £40 on 3 May.",
    "Oh, here we go. I'm sorry you feel that way, but you should have read the policy.",
    "THIS IS THE THIRD TIME!!! Fix your garbage software by Friday, you clowns.",
    "That is not our fault. The courier lost it, so ask them. We did everything by the book.",
    "Hi Sam,\n\nAs I already told you, the parcel left on time. Nobody else complained.\n\nAnn",
)


@pytest.fixture(scope="module")
def rewrites(analyzer: Analyzer) -> list[Rewrite]:
    """Rewrites of many texts that rules are about."""
    texts = [*TEXTS, *HEATED, *rule_examples()[::5]]
    texts += [text.upper() for text in (*HEATED, *rule_examples()[::25])]
    texts += [f"{text} Order 4471 came on Monday, not £40." for text in rule_examples()[::9]]
    found = [rewrite(text, analyzer=analyzer) for text in texts]
    assert sum(made.changed for made in found) > 200
    return found


@pytest.mark.parametrize("case", CHANGED, ids=lambda case: case["text"][:40])
def test_the_safe_edits(case: dict[str, str]) -> None:
    assert rewrite(case["text"]).text == case["becomes"]


@pytest.mark.parametrize("text", [*GOOD, *BLANKS, LONG_MAIL])
def test_a_fine_text_comes_back_unchanged(text: str) -> None:
    made = rewrite(text)
    assert made.text is text
    assert (made.edits, made.source, made.changed) == ((), "original", False)
    assert made.before == made.after
    assert made.check.ok


def test_facts_are_kept(rewrites: list[Rewrite]) -> None:
    for made in rewrites:
        assert made.check.ok, made
        assert not made.check.changed, made
        assert {fact.kind for fact in made.check.lost} <= {"negation", "commitment"}, made
        kept = {fact.key for fact in find_facts(made.text, _names(made))}
        assert {fact.key for fact in find_facts(made.original)} <= kept, made


def _names(made: Rewrite) -> set[str]:
    return {fact.key for fact in find_facts(made.original) if fact.kind == "name"}


def test_rewrites_are_calmer(rewrites: list[Rewrite]) -> None:
    for made in rewrites:
        if made.changed:
            assert max(made.after[:2]) <= max(made.before[:2]) + 0.03, made
    changed = [made for made in rewrites if made.changed]
    calmer = [made for made in changed if max(made.after[:2]) < max(made.before[:2]) - 0.1]
    assert len(calmer) > 0.6 * len(changed)


def test_every_edit_has_its_place(rewrites: list[Rewrite]) -> None:
    for made in rewrites:
        assert bool(made.edits) == made.changed
        for edit in made.edits:
            assert 0 <= edit.before.start <= edit.before.end <= len(made.original)
            assert 0 <= edit.after.start <= edit.after.end <= len(made.text)
            assert edit.kind in ("drop", "replace", "split", "reorder", "slot")
            assert edit.reason
            if edit.hint is not None and edit.hint.span is not None:
                assert edit.hint.span.start < edit.before.end
                assert edit.before.start < edit.hint.span.end


def test_the_edits_make_the_new_text(rewrites: list[Rewrite]) -> None:
    """Putting the words of each edit in place of its old ones gives the new text."""
    for made in rewrites:
        if any(edit.kind == "reorder" for edit in made.edits):
            continue
        text, shift = made.original, 0
        for edit in made.edits:
            new = made.text[edit.after.start : edit.after.end]
            text = text[: edit.before.start + shift] + new + text[edit.before.end + shift :]
            shift += len(new) - (edit.before.end - edit.before.start)
        assert text == made.text


def test_what_was_rewritten_is_left_alone(rewrites: list[Rewrite]) -> None:
    for made in rewrites:
        assert rewrite(made.text).text == made.text


def test_texts_read_well(rewrites: list[Rewrite]) -> None:
    for made in rewrites:
        assert made.text.strip() or not made.original.strip()
        if made.changed:
            for trace in (" ,", " .", ",,", ",.", "..."):
                assert made.text.count(trace) <= made.original.count(trace), made
            assert made.text.count("  ") <= made.original.count("  "), made


def test_an_apology_is_split_from_its_but() -> None:
    made = rewrite("I'm sorry the parcel was late, but the courier had a flat tyre.")
    assert made.text.startswith(("I'm sorry the parcel was late. The courier", "I can see"))


def test_a_warm_sentence_goes_first() -> None:
    text = (
        "The courier lost it, so that is hardly our fault. We did everything by the book. "
        "I'm so sorry, that must have been a horrible week for you."
    )
    made = rewrite(text)
    assert made.text.startswith("I'm so sorry, that must have been")
    (moved,) = [edit for edit in made.edits if edit.kind == "reorder"]
    assert "I'm so sorry" in text[slice(*moved.before)]
    assert "I'm so sorry" in made.text[slice(*moved.after)]


def test_a_defence_without_its_asides_still_gets_slots() -> None:
    made = rewrite(HEATED[4])
    assert "told you" not in made.text
    assert made.text.startswith("Hi Sam,\n\nI can see that [what happened]")
    assert made.text.endswith("by [when].\n\nAnn")


def test_a_defensive_text_gets_slots_and_its_hints() -> None:
    made = rewrite(f"Hi Sam,\n\n{HEATED[3]}\n\nAnn")
    assert made.has_slots
    assert made.text.startswith("Hi Sam,\n\nWe can see that [what happened]")
    assert made.text.endswith("by [when].\n\nAnn")
    rules = {edit.hint.rule for edit in made.edits if edit.hint}
    assert {"missing/acknowledge", "missing/help"} <= rules


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("On Mon, 3 Mar 2025, Ann wrote:\n> Where is it?\n\n", "\n\nBest,\nTom"),
        ("", "\n\nBest,\nTom\n-- \nSent from my phone"),
        ("> Where is it?\n", "\n"),
        ("", "\n\nOn Mon, 3 Mar 2025, Ann wrote:\n> Where is it?\n> Tell me."),
        ("Dear Ann,\n\n", "\n\nKind regards,\nTom Lee\nHead of Sales"),
    ],
)
def test_slots_stand_among_the_writers_own_words(above: str, below: str) -> None:
    made = rewrite(f"{above}That is not our fault. The courier lost it.{below}")
    assert made.text.startswith(f"{above}We can see that [what happened]")
    assert made.text.endswith(f"by [when].{below}")


def test_slots_stand_between_thanks_and_good_wishes() -> None:
    defence = "That is not our fault. The courier lost it, so ask them."
    made = rewrite(f"Thank you for your letter. {defence} Have a lovely weekend!")
    assert made.text.startswith("Thank you for your letter. We can see that [what happened]")
    assert made.text.endswith("by [when]. Have a lovely weekend!")
    made = rewrite(f"So {defence}")
    assert "for them]. That is not our fault." in made.text
    words = "sir this parcel is with the courier, we are not at fault and they lost it"
    assert words in rewrite(words).text


@pytest.mark.parametrize("wish", ["We wish you much joy in your new home.", "Stay safe!"])
def test_slots_stand_before_a_good_wish(wish: str) -> None:
    text = f"As stated in our policy, there is nothing we can do. It is not our fault. {wish}"
    made = rewrite(text)
    assert "[" in made.text
    assert made.text.endswith(f"by [when]. {wish}")


def test_a_wish_that_something_were_otherwise_is_no_farewell() -> None:
    wish = "I wish you had read it."
    made = rewrite(f"It is not our fault, as stated in our policy. {wish}")
    assert made.text.endswith("by [when].")
    assert wish in made.text


def test_who_is_only_spoken_of_gets_no_slots() -> None:
    text = (
        "There is nothing more we can do for the tenant, as stated in our policy, and it is "
        "not our fault."
    )
    assert "[" not in rewrite(text).text
    assert "[" in rewrite(text.replace("the tenant", "you")).text


def test_a_body_speaks_for_several() -> None:
    text = "That is not the fault of the council. Nobody else complained. It is policy."
    made = rewrite(text)
    assert "We can see" in made.text
    assert "I can see" in rewrite(text.replace(" of the council", "")).text


def test_slots_stand_behind_a_title_in_the_line() -> None:
    body = "There is nothing we can do, as stated in our policy. It is not our fault."
    assert rewrite(f"Post-incident statement. {body}").text.startswith(
        "Post-incident statement. We can see"
    )
    assert rewrite(f"I read your statement. {body}").text.startswith("We can see")


def test_nothing_is_promised(rewrites: list[Rewrite]) -> None:
    for made in rewrites:
        for fact in made.check.added:
            assert fact.kind not in ("commitment", "amount", "date", "number"), made


def test_quoted_mail_and_code_stay() -> None:
    text = "You idiot, run `rm -rf x!!!` now.\n\n> YOU ARE LATE!!!\n> You useless clown."
    made = rewrite(text)
    assert "`rm -rf x!!!`" in made.text
    assert made.text.endswith("> YOU ARE LATE!!!\n> You useless clown.")


def test_results_pickle_and_serialise(rewrites: list[Rewrite]) -> None:
    import json

    for made in rewrites[:40]:
        assert pickle.loads(pickle.dumps(made)) == made
        assert json.loads(json.dumps(made.to_dict()))["text"] == made.text


def test_limits_and_types() -> None:
    with pytest.raises(TextTooLongError):
        rewrite("a" * 20, analyzer=Analyzer(max_chars=10))
    with pytest.raises(TypeError, match="string"):
        rewrite(None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="over=0"):
        rewrite("fine", over=0)
    with pytest.raises(TypeError, match="reply_to"):
        rewrite("You idiot.", 3)  # type: ignore[arg-type]


def test_what_is_worked_on_can_be_chosen() -> None:
    text = "As I already told you, the parcel left on time."
    score = max(rewrite(text).before[:2])
    assert rewrite(text, over=score).changed
    assert rewrite(text, over=min(score + 0.001, 1)).text is text


def test_long_texts_are_rewritten() -> None:
    text = "You useless idiots never read anything, do you? It costs £40. " * 300
    made = rewrite(text)
    assert made.changed
    assert made.text.count("£40") == 300


_PARTS = st.lists(
    st.one_of(
        st.sampled_from([*HEATED, *TEXTS, *rule_examples()[::40]]),
        st.sampled_from(
            ["£40", "by 3 May", "Ann", "\n\n", "> ", "```", '"', "[x]", "!!!", "🙃", ","]
        ),
        st.text(max_size=12),
    ),
    max_size=6,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(_PARTS)
def test_any_text(text: str) -> None:
    made = rewrite(text)
    assert made.check.ok
    assert not made.check.changed
    assert all(fact.kind in ("negation", "commitment") for fact in made.check.lost)
    assert rewrite(made.text).text == made.text
    if max(made.before[:2]) < 0.3:
        assert made.text is text
    assert check_rewrite(text, made.text).ok


@settings(max_examples=100, deadline=None)
@given(_PARTS)
def test_facts_of_any_text(text: str) -> None:
    for fact in find_facts(text):
        assert text[slice(*fact.span)] == fact.text
        assert fact.key
    assert check_rewrite(text, text, strict=True).ok
