"""Calibration, blend and span thresholds on made-up numbers; needs scipy."""

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("scipy")

from benchmarks.fit.corpus import DIMENSIONS, Item  # noqa: E402
from benchmarks.train.calibration import (  # noqa: E402
    MESSAGES,
    Marked,
    balance,
    calibrate,
    fit_short,
    fit_spans,
    logistic,
    touch_figures,
)
from benchmarks.train.margins import (  # noqa: E402
    GRID,
    HOSTS,
    SHARPNESS,
    Heard,
    Spliced,
    fit_margins,
    heard,
    splice,
)

from calmtone.model import ModelReading  # noqa: E402
from calmtone.scoring import pooled  # noqa: E402


def item(number: int, kind: str, rating: int) -> Item:
    return Item(str(number), str(number), "A", "t", None, (rating,) * 3, kind)


def test_calibration_undoes_a_known_distortion() -> None:
    rng = np.random.default_rng(0)
    true = rng.normal(-1, 2, 4000)
    rated = rng.random(4000) < 1 / (1 + np.exp(-true))
    items = [item(i, "real", 3 if hot else 0) for i, hot in enumerate(rated)]
    logits = np.stack([(true - 0.5) / 0.4] * 3, 1)
    noise = rng.normal(0, 1, (4000, 3))
    found = calibrate(items, logits, noise)
    for name in DIMENSIONS:
        assert found["calibration"][name]["slope"] == pytest.approx(0.4, abs=0.05)
        assert found["calibration"][name]["intercept"] == pytest.approx(0.5, abs=0.15)
        assert found["blend"][name]["rules"] == pytest.approx(0, abs=0.12)


def test_the_blend_uses_rules_that_know_more() -> None:
    rng = np.random.default_rng(1)
    model, rules = rng.normal(0, 2, (3000, 3)), rng.normal(0, 2, (3000, 3))
    rated = rng.random(3000) < 1 / (1 + np.exp(-(0.5 * model + rules)[:, 0]))
    items = [item(i, "real", 2 if hot else 1) for i, hot in enumerate(rated)]
    found = calibrate(items, model, rules)["blend"]["hostility"]
    assert found["rules"] == pytest.approx(1.0, abs=0.15)
    assert found["model"] == pytest.approx(0.5, abs=0.12)


def test_what_short_texts_need_is_found_and_nothing_of_long_ones() -> None:
    rng = np.random.default_rng(2)
    shortness = np.where(np.arange(6000) % 2, 0.0, rng.random(6000))
    logits = rng.normal(-1, 2, (6000, 3))
    true = (logits * (1 + 0.8 * shortness[:, None]) + 2 * shortness[:, None])[:, 1]
    rated = rng.random(6000) < 1 / (1 + np.exp(-true))
    items = [item(i, "messages", 2 if hot else 0) for i, hot in enumerate(rated)]
    blend = {name: {"intercept": 0.0, "model": 1.0, "rules": 0.0} for name in DIMENSIONS}
    found = fit_short(items, logits, np.zeros((6000, 3)), shortness, blend)
    assert 0.5 < found["steeper"]["defensiveness"] < 0.9  # drawn a little towards 0
    assert 1.4 < found["lift"]["defensiveness"] < 2.2
    assert found["lift"]["hostility"] == 0
    wrong = [
        one if s else item(i, "messages", 0)
        for i, (one, s) in enumerate(zip(items, shortness, strict=True))
    ]
    again = fit_short(wrong, logits, np.zeros((6000, 3)), shortness, blend)
    assert again == found


def test_coefficients_keep_their_bounds() -> None:
    x = np.array([[1.0, 2.0], [1.0, -2.0]] * 50)
    found = logistic(x, np.array([0.0, 1.0] * 50), np.ones(100), (0, 0), (None, 0.0))
    assert found[1] == 0.0


def test_messages_have_their_say_whatever_their_number() -> None:
    items = [item(i, "messages" if i < 20 else "real", 0) for i in range(100)]
    weights = balance(items)
    assert weights[:20].sum() / weights.sum() == pytest.approx(MESSAGES)
    assert balance(items[:5]).tolist() == [1.0] * 5


def marked(probabilities: list[float], spans: list[tuple[int, int]]) -> Marked:
    offsets = [(5 * i, 5 * i + 4) for i in range(len(probabilities))]
    return Marked(offsets, list(range(len(probabilities))), probabilities, spans)


def test_span_thresholds_are_those_that_find_most() -> None:
    texts = [marked([0.05, 0.32, 0.31, 0.05, 0.22], [(5, 14)]) for _ in range(5)]
    found = fit_spans({"hostility": texts, "insult": texts})
    assert 0.22 < found["hostility"]["threshold"] <= 0.32
    assert touch_figures(texts, found["hostility"]) == (1.0, 1.0)
    assert 0.22 < found["insult"]["threshold"] <= 0.31
    assert found["empathy"]["threshold"] == 0.5


def reading(whole: float, *sentences: float | None) -> ModelReading:
    return ModelReading([whole] * 3, [[value] * 3 for value in sentences], [], [], None)


def test_sentences_are_heard_as_the_library_hears_them() -> None:
    found = heard([reading(1.0, 1.0), reading(-3.0, 4.0, None), reading(2.0, 5.0, -1.0)])
    margins = {"hostility": 4.0, "defensiveness": 0.0, "empathy": 9.0}
    # The pool of three sentences of which one is not heard, and of two.
    told = [pooled([4.0], SHARPNESS), pooled([5.0, -1.0], SHARPNESS)]
    assert found.with_margins(margins).tolist() == [
        [1.0, 1.0, 1.0],
        [told[0] - 4.0, told[0], -3.0],
        [2.0, told[1], 2.0],
    ]
    assert heard([ModelReading([None] * 3, [], [], [], None)]).whole.tolist() == [[0.0] * 3]


def test_spliced_texts_are_a_long_one_and_a_sentence() -> None:
    items = [item(i, "real", i % 4) for i in range(12)]
    spliced = splice(items, [1, 3, 2, 4] * 3)
    assert len(spliced) == 3 * HOSTS
    assert {one.text for one in spliced} == {"t. t"}
    assert {one.host[0] for one in spliced} <= {1, 3}
    assert {one.guest[0] for one in spliced} == {0}
    assert splice(items, [1, 3, 2, 4] * 3) == spliced
    assert splice(items, [1] * 12) == []


def test_margins_let_hot_sentences_through_and_no_others() -> None:
    """Sentences reach 3 in calm texts too; those of hot guests reach 8."""
    rng = np.random.default_rng(3)
    hot = rng.random(600) < 0.3
    items = [item(i, "real", 3 if one else 0) for i, one in enumerate(hot)]
    whole = np.where(hot, 4.0, -4.0) + rng.normal(0, 1, 600)
    rated = Heard(np.stack([whole] * 3, 1), np.full((600, 3), 3.0))
    rows = [Spliced("", (0, 1, 0), (3 if one else 0,) * 3) for one in hot]
    highest = np.stack([np.where(hot, 8.0, -4.0)] * 3, 1)
    made = Heard(np.full((600, 3), -5.0), highest)
    found = fit_margins(items, rated, rows, made)
    assert found["hostility"] == found["empathy"] == GRID[-1]  # as large as it may be
    assert found["defensiveness"] >= found["hostility"], "no host was rated 0 there"
