"""What the ONNX engine says: whole texts, windows, sentences, spans, labels of others."""

from __future__ import annotations

import re
from math import exp, log
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import LONG_MAIL, TEXTS, document_of

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
pytest.importorskip("tokenizers")

import numpy
import onnx
from onnx import numpy_helper
from tiny_model import BIAS, WORDS, make_graph, own_settings, write_model

from calmtone.errors import ModelError
from calmtone.model import ModelReading
from calmtone.onnx import OnnxModel, load_model
from calmtone.onnx.preparing import prepare, without_addresses
from calmtone.onnx.spans import shares, token_spans
from calmtone.resources import read_json
from calmtone.results import DIMENSIONS
from calmtone.scoring import pooled

SPAN = {"threshold": 0.5, "join": 1, "least_chars": 3}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> OnnxModel:
    return load_model(write_model(tmp_path_factory.mktemp("tiny")))


def reading(model: OnnxModel, text: str, reply_to: str | None = None) -> ModelReading:
    [found] = model.read([document_of(text)], [reply_to])
    return found


def logits_of(*words: str) -> list[float]:
    return [
        bias + sum(WORDS.get(word, (0.0, 0.0, 0.0))[k] for word in words)
        for k, bias in enumerate(BIAS)
    ]


def marked(model: OnnxModel, text: str) -> list[tuple[str, str]]:
    return [(span.name, text[span.start : span.end]) for span in reading(model, text).spans]


# Whole texts, windows, sentences


def test_a_text_has_the_logits_of_the_model(tiny: OnnxModel) -> None:
    assert reading(tiny, "You idiot.").logits == pytest.approx(logits_of("idiot"))
    assert reading(tiny, "IDIOT, IT IS OUR FAULT").logits == pytest.approx(
        logits_of("idiot", "fault")
    )


def test_sentences_are_read_by_themselves(tiny: OnnxModel) -> None:
    found = reading(tiny, "You idiot. It is our fault! This is it.")
    expected = [logits_of("idiot"), logits_of("fault"), logits_of()]
    assert [pytest.approx(logits) for logits in expected] == found.sentences
    assert found.logits == pytest.approx(logits_of("idiot", "fault"))


@pytest.mark.parametrize("place", [0, 1, 20, 57, 115, 116])
def test_nothing_of_a_long_text_is_lost(tiny: OnnxModel, place: int) -> None:
    words = ["that"] * 117
    words[place] = "idiot"
    found = reading(tiny, " ".join(words))
    highest = pytest.approx([logits_of("idiot")[0], *BIAS[1:]])
    assert found.logits == highest
    assert [span.name for span in found.spans] == ["model/hostility"]
    assert found.sentences == [highest]


def test_a_long_text_has_its_highest_window(tiny: OnnxModel) -> None:
    filler = " ".join(["that"] * 30)
    found = reading(tiny, f"idiot {filler} idiot useless {filler} sorry")
    expected = [logits_of("idiot", "useless")[0], logits_of("sorry")[1], logits_of("sorry")[2]]
    assert found.logits == pytest.approx(expected)


def test_without_details_the_scores_are_the_same(tiny: OnnxModel) -> None:
    documents = [document_of(text) for text in TEXTS]
    brief = tiny.read(documents, details=False)
    full = tiny.read(documents)
    for short, long in zip(brief, full, strict=True):
        assert short.logits == pytest.approx(long.logits, abs=1e-5)
        assert short.sentences == [] == short.spans


def test_what_has_no_words_has_no_logits(tiny: OnnxModel) -> None:
    assert reading(tiny, "").logits == [None, None, None]
    assert tiny.read([]) == []


# Spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You are an idiot.", [("model/hostility", "idiot")]),
        ("You useless idiot!", [("model/hostility", "useless idiot")]),
        ("Idiot and useless.", [("model/hostility", "Idiot and useless")]),
        (
            "Idiot that is useless.",
            [("model/hostility", "Idiot"), ("model/hostility", "useless")],
        ),
        (
            "An idiot. Useless that is",
            [("model/hostility", "idiot"), ("model/hostility", "Useless")],
        ),
        ("It is our \U0001f622 fault", [("model/defensiveness", "fault")]),
        ("x\u00e9 \U0001f622\U0001f622 Idiot \U0001f622 a", [("model/hostility", "Idiot")]),
        ("idiotly in that", [("model/hostility", "idiotly")]),
        ("That is it.", []),
    ],
)
def test_spans_are_whole_words_of_the_caller(
    tiny: OnnxModel, text: str, expected: list[tuple[str, str]]
) -> None:
    assert marked(tiny, text) == expected


def test_shares_say_how_much_of_the_marks_a_span_holds(tiny: OnnxModel) -> None:
    found = reading(tiny, "You are an idiot. That is useless.")
    assert [span.share > 0.3 for span in found.spans] == [True, True]
    assert sum(span.share for span in found.spans) <= 1


def test_two_labels_of_a_dimension_share_their_words(tmp_path: Path) -> None:
    labels = [
        *({"name": name, "dimension": name} for name in DIMENSIONS),
        {"name": "insult", "dimension": "hostility"},
    ]
    settings = own_settings(
        token_labels=labels, labels=[*DIMENSIONS, "other"], spans={}, columns=None
    )
    model = load_model(write_model(tmp_path, settings, graph=make_graph(width=4)))
    found = reading(model, "You idiot that.")
    assert [span.name for span in found.spans] == ["model/hostility", "model/insult"]
    first, second = found.spans
    assert first.share == pytest.approx(second.share)
    assert first.share + second.share <= 1


def test_token_spans_close_gaps_and_drop_crumbs() -> None:
    offsets = [(0, 3), (4, 7), (8, 11), (12, 13)]
    words = [0, 1, 2, 3]
    [closed] = token_spans(offsets, words, [0.9, 0.1, 0.8, 0.1], SPAN)
    assert closed[:2] == (0, 11)
    assert closed[2] == pytest.approx(0.6)
    assert token_spans(offsets, words, [0.9, 0.1, 0.8, 0.1], {**SPAN, "join": 0}) == [
        (0, 3, 0.9),
        (8, 11, 0.8),
    ]
    assert token_spans(offsets, words, [0.1, 0.1, 0.1, 0.9], SPAN) == []
    assert token_spans(offsets, [None, 1, None, 3], [0.9, 0.1, 0.9, 0.1], SPAN) == []
    assert token_spans([(0, 3), (3, 6)], [0, 0], [0.1, 0.7], SPAN) == [(0, 6, 0.7)]
    assert token_spans([], [], [], SPAN) == []


def test_shares_of_nothing_are_nothing() -> None:
    assert shares([(0, 3)], [0], [0.0], [(0, 3)]) == [0.0]
    assert shares([], [], [], []) == []


# What is not the writer's own


def test_a_model_reads_no_quotations_and_addresses() -> None:
    for text, expected in (
        ("Look at https://a.example/x?y=1 now.", "Look at link now."),
        ("Mail me@a.example or @ann, please.", "Mail someone or @user, please."),
        (
            "He wrote: \u201cyou are such an idiot\u201d yesterday.",
            'He wrote: "..." yesterday.',
        ),
        ("> You idiot\n> you\nThanks.", "\n\nThanks."),
        ("Run `kill idiot` again.", "Run code again."),
        ("Nothing to change: it's fine.", "Nothing to change: it's fine."),
    ):
        assert prepare(document_of(text)).text == expected
    text = "Look at https://a.example/x and mail me@a.example."
    assert prepare(document_of(text), mask=False).text == text


def test_every_offset_leads_back() -> None:
    text = "See https://a.example/x, he said \u201cyou are such an idiot\u201d, and @ann too."
    prepared = prepare(document_of(text))
    for word in ("See", "he said", ", and", "too"):
        start = prepared.text.index(word)
        first, last = prepared.origin(start, start + len(word))
        assert text[first:last] == word
        assert not prepared.stands_in(start)
    for sign, own in (
        ("link", "https://a.example/x"),
        ('"..."', "\u201cyou are such an idiot\u201d"),
        ("@user", "@ann"),
    ):
        start = prepared.text.index(sign)
        first, last = prepared.origin(start, start + len(sign))
        assert text[first:last] == own
        assert prepared.stands_in(start)


def test_a_model_reads_the_words_that_are_meant(tiny: OnnxModel) -> None:
    for text, expected in (
        ("You are an id!ot, a m0r0n and st*pid.", "You are an idiot, a moron and stupid."),
        ("an i d i o t, yes", "an idiot, yes"),
        ("Order #45 for $30 at 5pm, don't!", "Order #45 for $30 at 5pm, don't!"),
    ):
        assert prepare(document_of(text)).text == expected
    text = "He said \u201cyou are a moron\u201d, you 1d10t, and \u00e9 id!ot."
    assert marked(tiny, text) == [("model/hostility", "1d10t"), ("model/hostility", "id!ot")]


def test_quoted_words_are_no_evidence(tiny: OnnxModel) -> None:
    text = "He said \u201cyou are such a useless idiot\u201d, and I am sorry."
    assert marked(tiny, text) == [("model/empathy", "sorry")]
    assert reading(tiny, text).logits == pytest.approx(logits_of("sorry"))
    assert reading(tiny, LONG_MAIL.replace("Hi", "> you idiot\nHi")).logits == pytest.approx(
        reading(tiny, LONG_MAIL).logits
    )


# The message that is answered


def test_what_is_answered_is_read_only_by_models_that_learned_to(
    tiny: OnnxModel, tmp_path: Path
) -> None:
    assert reading(tiny, "It is our fault.", "You idiot!") == reading(tiny, "It is our fault.")
    settings = own_settings(reads_reply_to=True, reply_length=4)
    model = load_model(write_model(tmp_path, settings, graph=make_graph(types=True)))
    found = reading(model, "It is our fault.", "You idiot!")
    assert found.logits[0] == pytest.approx(BIAS[0] + WORDS["idiot"][0] / 2)
    assert [span.name for span in found.spans] == ["model/defensiveness"]
    plain = reading(model, "It is our fault.")
    assert plain.logits == pytest.approx(logits_of("fault"))
    long = reading(model, " ".join(["that"] * 40) + " fault", "idiot " + "that " * 9)
    assert long.logits == pytest.approx(logits_of("fault"))  # only the end of it is read
    assert [span.name for span in long.spans] == ["model/defensiveness"]


def test_heat_is_of_the_message_answered(tmp_path: Path) -> None:
    hot = load_model(write_model(tmp_path / "hot", graph=make_graph(heat=True)))
    assert reading(hot, "It is our fault.", "You useless idiot!").heat == pytest.approx(7.0)
    assert reading(hot, "You useless idiot!", "It is our fault.").heat == pytest.approx(0.0)
    assert reading(hot, "You useless idiot!").heat is None
    assert reading(hot, "You useless idiot!", "").heat is None
    alone = reading(hot, "It is our fault.")
    assert reading(hot, "It is our fault.", "You idiot!")._replace(heat=None) == alone


def test_heat_of_a_long_message_is_that_of_its_hottest_window(tmp_path: Path) -> None:
    hot = load_model(write_model(tmp_path / "hot", graph=make_graph(heat=True)))
    filler = " ".join(["that"] * 40)
    message = f"idiot {filler} useless idiot {filler}"
    assert reading(hot, "This is it.", message).heat == pytest.approx(7.0)


def test_a_model_without_heat_has_none(tiny: OnnxModel) -> None:
    assert reading(tiny, "It is our fault.", "You useless idiot!").heat is None


def test_heat_has_one_column(tmp_path: Path) -> None:
    graph = onnx.load_from_string(make_graph(heat=True))
    [first] = [tensor for tensor in graph.graph.initializer if tensor.name == "first"]
    first.CopyFrom(numpy_helper.from_array(numpy.eye(3, dtype=numpy.float32), "first"))
    graph.graph.output[-1].type.tensor_type.shape.dim[1].dim_value = 3
    with pytest.raises(ModelError, match="heat has 3 columns"):
        load_model(write_model(tmp_path / "wrong", graph=graph.SerializeToString()))


# Labels of other models


def config(names: list[str], **more: Any) -> dict[str, Any]:
    return {"id2label": {str(i): name for i, name in enumerate(names)}, **more}


def test_labels_that_exclude_each_other_are_turned_to_log_odds(tmp_path: Path) -> None:
    folder = write_model(tmp_path, config=config(["toxic", "calm", "warm"]))
    model = load_model(folder, labels={"toxic": "hostility", "warm": "empathy", "calm": None})
    found = reading(model, "You idiot sorry.")
    toxic, calm, warm = logits_of("idiot", "sorry")
    assert found.logits[0] == pytest.approx(toxic - log(exp(calm) + exp(warm)), abs=1e-5)
    assert found.logits[1] is None
    assert found.logits[2] == pytest.approx(warm - log(exp(calm) + exp(toxic)), abs=1e-5)
    both = load_model(folder, labels={"toxic": "hostility", "calm": "hostility", "*": None})
    value = reading(both, "You idiot sorry.").logits[0]
    assert value == pytest.approx(log(exp(toxic) + exp(calm)) - warm, abs=1e-5)


def test_labels_of_which_several_hold_count_by_the_highest(tmp_path: Path) -> None:
    names = config(["toxic", "threat", "kind"], problem_type="multi_label_classification")
    folder = write_model(tmp_path, config=names)
    labels = {"toxic": "hostility", "threat": "hostility", "kind": "empathy"}
    found = reading(load_model(folder, labels=labels), "It is our fault, idiot.")
    assert found.logits == [pytest.approx(2.0), None, pytest.approx(-3.0)]


def test_labels_with_our_names_need_no_mapping(tmp_path: Path) -> None:
    names = config(list(DIMENSIONS), problem_type="multi_label_classification")
    model = load_model(write_model(tmp_path, config=names))
    assert reading(model, "You idiot.").logits == pytest.approx(logits_of("idiot"))


def test_other_models_take_their_length_from_their_files(tmp_path: Path) -> None:
    settings = config(list(DIMENSIONS), max_position_embeddings=20, model_type="roberta")
    model = load_model(write_model(tmp_path, config=settings))
    assert model.settings.max_length == 18
    (tmp_path / "tokenizer_config.json").write_text('{"model_max_length": 12}')
    assert load_model(tmp_path).settings.max_length == 12


def test_any_string_can_be_read(tiny: OnnxModel) -> None:
    text = "\ud83d \U0001f622 idiot \udc00\x00 is our fault\udfff"
    found = reading(tiny, text, "\ud83d")
    marked_words = [text[span.start : span.end] for span in found.spans]
    assert marked_words == ["idiot", "fault"]


SHARPNESS = read_json("models", "engine.json")["sharpness"]


def test_one_sentence_in_a_long_text_still_shows(tmp_path: Path) -> None:
    margins = dict.fromkeys(DIMENSIONS, 1.5)
    model = load_model(write_model(tmp_path, own_settings(sentence_margin=margins)))
    text = "You idiot. Sorry, sorry, I understand. I understand."
    found = reading(model, text)
    kind = [logits_of("sorry", "sorry", "understand")[0], logits_of("understand")[0]]
    told = pooled([logits_of("idiot")[0], *kind], SHARPNESS)
    assert found.logits[0] == pytest.approx(told - 1.5)
    assert found.logits[2] == pytest.approx(
        logits_of("idiot", "sorry", "sorry", "understand", "understand")[2]
    )
    [brief] = model.read([document_of(text)], details=False)
    assert brief.logits == pytest.approx(found.logits)
    assert brief.sentences == []
    single = reading(model, "You idiot.")
    assert single.logits == pytest.approx(logits_of("idiot"))


def test_logits_of_short_texts_are_steeper_and_lifted(tmp_path: Path) -> None:
    short = {
        "words": 10,
        "steeper": dict.fromkeys(DIMENSIONS, 0.5),
        "lift": {"hostility": 1.0, "defensiveness": 2.0, "empathy": 0.0},
    }
    model = load_model(write_model(tmp_path, own_settings(short=short)))
    found = reading(model, "You idiot.")  # three words, the mark among them
    plain = logits_of("idiot")
    for k, lift in enumerate((1.0, 2.0, 0.0)):
        assert found.logits[k] == pytest.approx(plain[k] * (1 + 0.7 * 0.5) + 0.7 * lift)
        assert found.sentences[0][k] == pytest.approx(found.logits[k])
    long = "The file is on the table in the hall, you idiot."
    assert reading(model, long).logits == pytest.approx(plain)


# Addresses in the message that is answered


PLAIN = (
    (re.compile(r"(?:https?://|www\.)\S+"), "link"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), "someone"),
    (re.compile(r"(?<!\w)@\w+"), "@user"),
)


@given(st.text("ab.@+-_ /:wé\n", max_size=40) | st.text(max_size=20))
def test_addresses_are_found_as_by_plain_patterns(text: str) -> None:
    expected = text
    for pattern, sign in PLAIN:
        expected = pattern.sub(sign, expected)
    assert without_addresses(text) == expected


def test_addresses_become_signs() -> None:
    for text, expected in (
        ("Mail a.b+c@mail.example.org, @ann!", "Mail someone, @user!"),
        ("a@b.c+d@e.f", "someonesomeone"),
        ("a@b and https://a.example/x@y.z", "a@b and link"),
        ("no address at all", "no address at all"),
    ):
        assert without_addresses(text) == expected
