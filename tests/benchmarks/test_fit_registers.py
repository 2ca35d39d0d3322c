"""What tells a message to somebody from talk in public, on made-up texts; needs scipy."""

from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("scipy")

from benchmarks.fit.features import Features  # noqa: E402
from benchmarks.fit.model import Design, Settings, fit_dimension  # noqa: E402
from benchmarks.fit.registers import (  # noqa: E402
    SIGNS,
    fit_register,
    register_words,
    unseen_registers,
    word_matrix,
)

from calmtone.scoring import STEPS, terms  # noqa: E402
from calmtone.text import MASK, UNKNOWN  # noqa: E402

DESIGN = Design([], ["merge", "parcel", "sorry", "the merge"], Settings())


def text(*words: str) -> Features:
    return Features([terms(words)], [], [list(words)])


def texts(count: int) -> tuple[list[Features], Any, list[str]]:
    """Half are messages of A and B about parcels, half talk of two sources about merges."""
    items = [text("sorry", "merge" if n % 2 else "parcel", ".") for n in range(count)]
    public = np.arange(count) % 2 == 1
    sources = [
        ("one" if n % 4 == 1 else "two") if n % 2 else "AB"[n % 4 // 2] for n in range(count)
    ]
    return items, public, sources


def test_words_that_many_texts_have() -> None:
    items, _, _ = texts(8)
    x = DESIGN.term_matrix(items)
    assert register_words(DESIGN, x, 5) == [*SIGNS, "sorry"]
    assert register_words(DESIGN, x, 4) == [*SIGNS, "merge", "parcel", "sorry"]


def test_unknown_and_masked_words_are_counted() -> None:
    words = [*SIGNS, "merge"]
    x = word_matrix(DESIGN, words, [text("merge", UNKNOWN, UNKNOWN, MASK, ".")])
    factor = DESIGN.factor(text("merge", UNKNOWN, UNKNOWN, MASK, "."))
    assert x.toarray().tolist() == [[2 * factor, factor, factor]]


def test_the_register_is_read_off_the_words() -> None:
    items, public, sources = texts(80)
    words = [*SIGNS, "merge", "parcel", "sorry"]
    x = word_matrix(DESIGN, words, items)
    found = fit_register(words, x, public, sources, 0.1)
    assert found.weights["merge"] > 1 > -1 > found.weights["parcel"]
    assert abs(found.weights["sorry"]) < 0.1
    values = found.values(x, words)
    assert (values[public] > 0.5).all()
    assert (values[~public] < -0.5).all()
    assert (values * STEPS == np.round(values * STEPS)).all()


def test_the_register_of_a_text_is_fitted_without_its_source() -> None:
    items, public, sources = texts(80)
    # Only texts of "two" speak of forks: nobody else tells that it is public talk.
    items = [
        text("fork", ".") if source == "two" else item
        for item, source in zip(items, sources, strict=True)
    ]
    words = ["merge", "parcel", "fork"]
    x = word_matrix(DESIGN, words, items)
    folds = {"A": 0, "one": 0, "B": 1, "two": 1}
    values = unseen_registers(words, x, public, sources, folds, 0.1)
    seen = fit_register(words, x, public, sources, 0.1).values(x, words)
    two = np.array([source == "two" for source in sources])
    assert (seen[two] > 0.5).all()
    assert (np.abs(values[two]) < 0.5).all()


def test_a_term_may_say_one_thing_here_and_another_there() -> None:
    """ "sorry" is a sign in messages alone: a weight and one by register, of other signs."""
    rng = np.random.default_rng(1)
    items = [text("sorry", ".") if n % 2 else text("parcel", ".") for n in range(400)]
    sorry = np.arange(400) % 2 == 1
    registers = np.where(np.arange(400) % 4 < 2, -1.0, 1.0)
    chance = np.where(sorry & (registers < 0), 0.9, 0.1)
    targets = (rng.random(400) < chance).astype(float)
    x, rules = DESIGN.term_matrix(items), DESIGN.rule_matrix(items)
    pairs = np.empty((0, 2), dtype=np.intp)
    settings = Settings(term_ridge=1.0, by_register_ridge=1.0, steps=200)
    fitted = fit_dimension(
        "hostility", DESIGN, x, rules, registers, targets, np.ones(400), pairs, settings
    )
    log_odds = fitted.base + x @ fitted.terms
    log_odds += registers * (fitted.shift + x @ fitted.by_register)
    share = 1 / (1 + np.exp(-log_odds))
    assert share[sorry & (registers < 0)].mean() > 0.7
    assert share[sorry & (registers > 0)].mean() < 0.3
    place = DESIGN.term_index["sorry"]
    assert fitted.terms[place] > 0 > fitted.by_register[place]
