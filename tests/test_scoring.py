"""Scores: what they are made of, what moves them, and that every way gives the same ones."""

from __future__ import annotations

from math import exp, isfinite, log
from pathlib import Path
from random import Random

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import BLANKS, LONG_MAIL, TEXTS, rule_examples

from calmtone import Analysis, Analyzer, Scores, analyze
from calmtone.resources import read_json, read_records
from calmtone.results import DIMENSIONS
from calmtone.rules import built_in
from calmtone.rules.matching import Matcher, RuleSet
from calmtone.scoring import STEPS, Reading, Scorer, pooled
from calmtone.text import language_from, read

HOSTILE = (
    "You people are useless idiots.",
    "You are a pathetic liar.",
    "Shut up and get lost, you moron.",
)
DEFENSIVE = "That is not our fault, you should have read the terms."
RULES = Analyzer(engine="rules")
KIND = "I can see how frustrating this must be for you, and I am sorry that we let you down."
DULL = (
    "The meeting is on Tuesday at ten.",
    "The parcel was sent to the depot in Leeds.",
    "Please find the form attached.",
    "The second page lists the opening hours.",
    "Our office is closed on Friday.",
)


def check_sums(analysis: Analysis) -> None:
    """Base and evidence of a dimension add up to the log-odds of its score."""
    for dimension in DIMENSIONS:
        log_odds = analysis.base[dimension] + sum(
            item.weight for item in analysis.evidence if item.dimension == dimension
        )
        assert 1 / (1 + exp(-log_odds)) == pytest.approx(analysis.scores[dimension], abs=1e-9)


def test_evidence_adds_up(analyzer: Analyzer) -> None:
    for text in (*TEXTS, *rule_examples()[::2]):
        check_sums(analyzer.analyze(text))


@given(
    st.lists(
        st.sampled_from([*TEXTS, *HOSTILE, *DULL, KIND, DEFENSIVE]), min_size=1, max_size=8
    )
)
def test_evidence_of_mixed_texts_adds_up(parts: list[str]) -> None:
    check_sums(analyze(" ".join(parts)))
    check_sums(analyze("\n\n".join(parts)))


def test_evidence_is_named_and_weighed() -> None:
    rules = {rule.id for rule in built_in()[0].rules}
    for text in TEXTS:
        for item in analyze(text).evidence:
            kind = item.rule.split("/")[0]
            assert item.dimension in DIMENSIONS
            assert item.rule in rules or kind in ("lexicon", "context", "model"), item
            if kind != "model":  # a model has names of its own for what it marks
                assert item.rule.endswith(f"/{item.dimension}") or kind == item.dimension
            assert isfinite(item.weight)


def test_a_matched_rule_is_evidence_with_its_words() -> None:
    text = "I'm sorry you feel that way, but we're busy."
    spans = {
        text[item.span.start : item.span.end]
        for item in analyze(text).evidence
        if item.rule.startswith("defensiveness/") and item.weight > 0
    }
    assert any("sorry" in span for span in spans)


# What moves a score


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_further_hostile_sentence_never_calms(text: str, hostile: str) -> None:
    """Nor does it matter where it stands, or how long the text is.

    But for a hundredth: all words tell the register of a text, which bears on its score.
    """
    before = analyze(text).hostility
    for longer in (f"{text.rstrip()}\n\n{hostile}", f"{hostile}\n\n{text}"):
        assert analyze(longer).hostility >= min(before, 0.9) - 0.01
        assert analyze(longer).hostility > 0.5


@pytest.mark.parametrize("filler", DULL)
def test_one_more_insult_in_a_sentence_never_calms(filler: str) -> None:
    for insult in ("idiot", "moron", "liar"):
        plain = filler.rstrip(".")
        assert analyze(f"{plain}, you {insult}.").hostility > analyze(filler).hostility


def test_saying_it_twice_does_not_calm() -> None:
    for text in (*HOSTILE, DEFENSIVE):
        once, twice = analyze(text), analyze(f"{text} {text}")
        k = "defensiveness" if text == DEFENSIVE else "hostility"
        assert twice.scores[k] >= once.scores[k] - 0.05


@pytest.mark.parametrize("hostile", HOSTILE)
def test_one_hostile_sentence_shows_in_a_long_friendly_mail(hostile: str) -> None:
    friendly = analyze(LONG_MAIL)
    text = LONG_MAIL.replace("If Thursday", f"{hostile} If Thursday")
    analysis = analyze(text)
    [place] = [
        sentence
        for sentence in analysis.sentences
        if text[sentence.span.start : sentence.span.end] == hostile
    ]
    assert friendly.hostility < 0.2
    assert place.scores.hostility > 0.8
    assert place.scores.hostility == max(s.scores.hostility for s in analysis.sentences)
    assert analysis.hostility > 0.5


def test_length_does_not_dilute() -> None:
    for times in (1, 5, 25, 125):
        text = " ".join(Random(times).choices(DULL, k=times))
        assert analyze(f"{text} {HOSTILE[0]} {text}").hostility > 0.5
        assert analyze(text).hostility < 0.3
        assert analyze(f"{text} {DEFENSIVE} {text}").defensiveness > (
            analyze(text).defensiveness
        )


@pytest.mark.parametrize(
    "text",
    [
        " ".join(DULL),
        "The server was restarted at 3 am. The backup runs every night. The disk was full "
        "because the log had grown. The log is rotated daily now. No data was lost.",
        "Tickets are sold at the desk. Children under six go free. Dogs must be kept on a "
        "lead. The museum closes at five.",
    ],
)
def test_plain_text_stays_plain_however_long(text: str) -> None:
    for count in (1, 5, 20, 80):
        analysis = RULES.analyze(" ".join([text] * count))
        assert analysis.pause is None
        assert max(analysis.scores) < 0.8
    longer = RULES.analyze(" ".join([text] * 160))
    assert longer.scores == pytest.approx(analysis.scores, abs=0.01)


@pytest.mark.parametrize("text", [*HOSTILE, "How dare you!", "Shame on you!", DEFENSIVE])
def test_what_is_said_again_is_not_less(text: str) -> None:
    k = 1 if text == DEFENSIVE else 0
    once = RULES.analyze(text).scores[k]
    for count in (2, 3, 5, 30):
        # Only the register, read off more words, may differ a little.
        assert RULES.analyze(" ".join([text] * count)).scores[k] >= once - 0.12


@pytest.mark.parametrize("hostile", [*HOSTILE, "You are a disgrace.", "I hate you, you idiot."])
def test_a_hostile_sentence_among_dull_ones_gets_its_hint(hostile: str) -> None:
    analysis = RULES.analyze(" ".join([*DULL, hostile, *DULL]))
    assert analysis.scores.hostility >= 0.5
    at = analysis.text.index(hostile)
    assert any(
        hint.span is not None and at <= hint.span.start < at + len(hostile)
        for hint in analysis.hints
    )


def test_pooled_sentences_are_between_their_mean_and_their_highest() -> None:
    random = Random(8)
    for _ in range(200):
        values = [random.uniform(-6, 6) for _ in range(random.randint(1, 9))]
        found = pooled(values, 3.0)
        assert sum(values) / len(values) - 1e-9 <= found <= max(values) + 1e-9
        assert pooled(values * 3, 3.0) == pytest.approx(found)
        assert pooled([*values, max(values)], 3.0) >= found - 1e-9


def test_a_single_sentence_scores_like_the_whole() -> None:
    analysis = analyze(HOSTILE[0])
    assert [sentence.scores for sentence in analysis.sentences] == [analysis.scores]


def test_the_dimensions_are_apart() -> None:
    hostile, defensive, kind = map(analyze, (HOSTILE[0], DEFENSIVE, KIND))
    assert hostile.hostility > max(defensive.hostility, kind.hostility)
    assert defensive.defensiveness > max(hostile.defensiveness, kind.defensiveness)
    assert kind.empathy > max(hostile.empathy, defensive.empathy)


@pytest.mark.parametrize(
    "change", [str.upper, str.lower, str.strip, lambda text: f"  {text}\n"]
)
def test_what_does_not_matter(change: object) -> None:
    assert callable(change)
    for text in (*HOSTILE, DEFENSIVE, KIND):
        calm, changed = analyze(text), analyze(change(text))
        for dimension in DIMENSIONS:
            if change is not str.upper:
                assert changed.scores[dimension] == pytest.approx(calm.scores[dimension])
        assert (changed.hostility > 0.5) == (calm.hostility > 0.5)


# Nothing to score


@pytest.mark.parametrize("text", BLANKS)
def test_a_blank_text_is_nothing(analyzer: Analyzer, text: str) -> None:
    analysis = analyzer.analyze(text)
    assert analysis.scores == Scores(0.0, 0.0, 0.0)
    assert analysis.text == text
    assert (analysis.hints, analysis.evidence, analysis.sentences) == ((), (), ())
    assert (analysis.pause, analysis.notes) == (None, ())
    assert analyzer.score_batch([text]).tolist() == [[0.0, 0.0, 0.0]]


# The same, whichever way


def test_a_batch_is_the_same_as_one_by_one(analyzer: Analyzer) -> None:
    texts = [*TEXTS, *BLANKS, *rule_examples()[::10]]
    one_by_one = [analyzer.analyze(text) for text in texts]
    assert analyzer.analyze_batch(texts) == one_by_one
    assert analyzer.analyze_batch(iter(texts)) == one_by_one
    assert analyzer.analyze_batch(texts[::-1]) == one_by_one[::-1]
    fresh = Analyzer(engine="rules")
    assert [fresh.analyze(text) for text in texts[::-1]] == one_by_one[::-1]


def test_score_batch_is_the_same_as_analyze(analyzer: Analyzer) -> None:
    texts = [*TEXTS, *BLANKS, *rule_examples()[::5]]
    rows = analyzer.score_batch(texts)
    assert isinstance(rows, numpy.ndarray)
    assert rows.shape == (len(texts), 3)
    assert rows.dtype == numpy.float64
    assert rows.tolist() == [list(analyzer.analyze(text).scores) for text in texts]
    assert analyzer.score_batch(text for text in texts).tolist() == rows.tolist()
    assert analyzer.score_batch([]).shape == (0, 3)


def test_order_and_company_do_not_matter(analyzer: Analyzer) -> None:
    texts = list(rule_examples()[::7])
    expected = dict(zip(texts, analyzer.score_batch(texts).tolist(), strict=True))
    Random(1).shuffle(texts)
    other = Analyzer(engine="rules")
    for text, row in zip(texts, other.score_batch(texts).tolist(), strict=True):
        assert row == expected[text]


def test_scores_are_probabilities(analyzer: Analyzer) -> None:
    rows = analyzer.score_batch([*TEXTS, *rule_examples()[::5], "you idiot! " * 500])
    assert numpy.isfinite(rows).all()
    assert (rows >= 0).all()
    assert (rows <= 1).all()
    assert rows.max(axis=0).min() > 0.5  # each dimension has something to say
    assert rows.min() < 0.1


def test_the_base_is_what_plain_words_start_from() -> None:
    analysis = analyze("Xqzt.")
    for dimension in DIMENSIONS:
        score = analysis.scores[dimension]
        assert 0 < score < 0.5
        assert log(score / (1 - score)) < 1
    assert analysis.base == analyze("You idiot.").base


# The register of a text
MESSAGE = (
    "Thanks for your order. Your parcel left our depot this morning, and you should have it "
    "by Thursday. Please let me know if it does not arrive."
)
COMMENT = (
    "Most of the people in this thread never read the article. The government wants you to "
    "think that way, lol."
)


class Ruled:
    """The rules' own scorer, with other numbers for the register."""

    def __init__(self, base: float | None = None) -> None:
        language = read_json("en", "language.json")
        header, nodes = read_records("en", "rules.jsonl")
        self.rules = RuleSet(Matcher({**header, "nodes": nodes}, language))
        self.language = language_from(language)
        numbers = read_json("en", "scoring.json")
        if base is not None:
            numbers = {**numbers, "register": {**numbers["register"], "base": base}}
        self.scorer = Scorer(numbers, read_json("en", "lexicon.json"), self.rules.rules)

    def read(self, text: str) -> Reading:
        document = read(text, self.language)
        return self.scorer.read(document, *self.rules.find(document))


def test_the_register_is_read_off_the_words() -> None:
    ruled = Ruled()
    message, comment = ruled.read(MESSAGE).register, ruled.read(COMMENT).register
    assert -STEPS <= message < 0 < comment <= STEPS


def test_the_register_moves_what_words_weigh_evenly() -> None:
    message, comment, middle = Ruled(-500.0), Ruled(500.0), Ruled(0.0)
    for text in (MESSAGE, COMMENT, KIND, DEFENSIVE, *HOSTILE):
        one, other, found = message.read(text), comment.read(text), middle.read(text)
        assert (one.register, other.register) == (-STEPS, STEPS)
        share = found.register / STEPS
        for k in range(len(DIMENSIONS)):
            half = (one.whole[k] + other.whole[k]) / 2
            shift = (other.whole[k] - one.whole[k]) / 2
            assert found.whole[k] == pytest.approx(half + share * shift)
            assert one.whole[k] != other.whole[k]
        assert found.match_weights == one.match_weights == other.match_weights


def test_a_rule_of_the_callers_has_the_weight_of_its_strength(tmp_path: Path) -> None:
    found = []
    for strength in ("mild", "moderate", "strong"):
        own = tmp_path / strength / "hostility" / "insult.toml"
        own.parent.mkdir(parents=True)
        own.write_text(
            '[you-idiot]\nsummary = "Calls names."\npractice = "pause"\n'
            f'strength = "{strength}"\nfind = ["you idiot"]\n'
            'hint = "Consider saying what went wrong."\nreplace = []\n'
            'match = ["<You idiot>."]\nno-match = ["Thank you."]\n'
        )
        analysis = Analyzer(engine="rules", rules=[own]).analyze("You idiot.")
        [item] = [item for item in analysis.evidence if item.rule == "hostility/you-idiot"]
        found.append(item.weight)
    assert found == sorted(set(found))


@pytest.mark.parametrize("text", ["> No answer at all??\n> Why??", "`!!`"])
def test_a_text_that_is_all_quoted_has_no_matches(text: str) -> None:
    ruled = Ruled()
    document = read(text, ruled.language)
    assert not document.words
    assert ruled.rules.find(document) == ([], [])
