"""Calibration, blend and span thresholds on made-up numbers; needs scipy."""

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("scipy")

from benchmarks.fit.corpus import DIMENSIONS, Item  # noqa: E402
from benchmarks.train.calibration import (  # noqa: E402
    Marked,
    balance,
    calibrate,
    fit_spans,
    logistic,
    temper,
    touch_figures,
)


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


def test_tempering_finds_how_much_too_sure_the_model_is() -> None:
    rng = np.random.default_rng(2)
    true, rules = rng.normal(0, 2, (3000, 3)), rng.normal(0, 1, (3000, 3))
    labels = rng.random((3000, 3)) < 1 / (1 + np.exp(-(true + 0.5 * rules)))
    content = {
        "calibration": {n: {"slope": 2.0, "intercept": 0.0} for n in DIMENSIONS},
        "blend": {n: {"intercept": 0.0, "model": 2.0, "rules": 0.5} for n in DIMENSIONS},
    }
    temper(content, labels, true, rules)
    assert content["blend"]["empathy"]["model"] == pytest.approx(1.0, abs=0.1)
    assert content["blend"]["empathy"]["rules"] == 0.5
    assert 0.8 < content["calibration"]["empathy"]["slope"] < 1.05


def test_coefficients_keep_their_bounds() -> None:
    x = np.array([[1.0, 2.0], [1.0, -2.0]] * 50)
    found = logistic(x, np.array([0.0, 1.0] * 50), np.ones(100), (0, 0), (None, 0.0))
    assert found[1] == 0.0


def test_messages_and_real_texts_have_the_same_say() -> None:
    items = [item(i, "messages" if i < 20 else "real", 0) for i in range(100)]
    weights = balance(items)
    assert weights[:20].sum() == pytest.approx(weights[20:].sum())
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
