"""Conversations: order, what answers what, the course, and what is found in it."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from support import cases

from calmtone import (
    Analysis,
    Analyzer,
    ConversationAnalysis,
    InputError,
    Message,
    Scores,
    TextTooLongError,
    Thread,
    analyze,
    analyze_conversation,
)
from calmtone.conversations import LeftOut
from calmtone.conversations.measuring import levels

DOCS = Path(__file__).parents[1] / "docs"
THREADS = cases("threads.toml")
_SCORE = re.compile(r"(?<!\S)([hde])([\d.]\S*)")
MORNING = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


class Known:
    """Scores are in the text: "h.9 d.1 e.0"; it keeps what each message was read against."""

    def __init__(self) -> None:
        self.contexts: list[str | None] = []
        self.texts: list[str] = []

    def analyze_batch(
        self, texts: Iterable[str], *, reply_to: Sequence[str | None] | None = None
    ) -> list[Analysis]:
        texts = list(texts)
        assert reply_to is not None
        assert len(reply_to) == len(texts)
        self.texts += texts
        self.contexts += reply_to
        return [self._analysis(text) for text in texts]

    def _analysis(self, text: str) -> Analysis:
        found = {name: float(value) for name, value in _SCORE.findall(text)}
        scores = Scores(*(found.get(name, 0.0) for name in "hde"))
        blank = analyze("")
        sentences = analyze("Well.").sentences if text.strip() else ()
        return blank._replace(text=text, scores=scores, sentences=sentences)


def read(*messages: tuple[str, str | None] | Message) -> ConversationAnalysis:
    """A conversation of texts with their authors, with known scores."""
    return analyze_conversation(
        [one if isinstance(one, Message) else Message(*one) for one in messages],
        analyzer=Known(),  # type: ignore[arg-type]
    )


def tensions(*values: float, people: str = "AB") -> ConversationAnalysis:
    """Two people in turn, with these hostilities."""
    return read(*((f"h{value}", people[at % len(people)]) for at, value in enumerate(values)))


# Realistic threads


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(reason=case["known_limit"]))
        if "known_limit" in case
        else name
        for name, case in THREADS.items()
    ],
)
def test_threads_as_a_careful_reader_sees_them(name: str, analyzer: Analyzer) -> None:
    case = THREADS[name]
    conversation = analyze_conversation(
        [Message(text, author, role or None) for author, role, text in case["messages"]],
        analyzer=analyzer,
    )
    point = conversation.turning_point
    assert {
        "rises": [rise.turn + 1 for rise in conversation.rises],
        "calms": [item.turn + 1 for item in conversation.deescalations],
        "worked": [item.turn + 1 for item in conversation.deescalations if item.worked],
        "turns": [point.turn + 1, point.direction] if point else [],
        "backup": conversation.backup.kind if conversation.backup else "",
    } == {key: case[key] for key in ("rises", "calms", "worked", "turns", "backup")}


def test_the_shared_analyzer_is_the_default(analyzer: Analyzer) -> None:
    messages = [Message("You people are a joke.", "A"), Message("Let's look at it.", "B")]
    found = analyze_conversation(messages)
    assert [turn.analysis.text for turn in found.turns] == [one.text for one in messages]
    assert found.engine == analyze("A.").engine


# What answers what


def answers(conversation: ConversationAnalysis) -> list[int | None]:
    return [turn.answers for turn in conversation.turns]


def test_a_message_answers_the_last_one_of_somebody_else() -> None:
    assert answers(read(("a", "A"), ("b", "B"), ("c", "B"), ("d", "A"), ("e", "C"))) == [
        *(None, 0, 0, 2, 3),
    ]
    assert answers(read(("a", "A"), ("b", "A"), ("c", "A"))) == [None, None, None]


def test_without_authors_a_message_answers_the_one_before() -> None:
    conversation = read(("a", None), ("b", None), ("c", None))
    assert answers(conversation) == [None, 0, 1]
    assert "Nobody is named" in conversation.notes[0]


def test_roles_stand_in_for_authors() -> None:
    conversation = read(
        Message("a", role="customer"), Message("b", role="agent"), Message("c", role="agent")
    )
    assert answers(conversation) == [None, 0, 0]
    assert [course.name for course in conversation.people] == ["customer", "agent"]


def test_ids_say_what_is_answered() -> None:
    conversation = read(
        Message("a", "A", id="1"),
        Message("b", "B", id="2"),
        Message("c", "C", id="3", answers="1"),
        Message("d", "C", answers="3"),
    )
    assert answers(conversation) == [None, 0, 0, 2]
    assert conversation.notes == ()


@pytest.mark.parametrize(
    ("messages", "note"),
    [
        ([Message("a", "A"), Message("b", "B", id="1", answers="1")], "answers itself"),
        ([Message("a", "A"), Message("b", "B", id="1", answers="9")], "not in the thread"),
        (
            [
                Message("a", "A", id="0"),
                Message("b", "B", id="1", answers="2"),
                Message("c", "A", id="2", answers="1"),
            ],
            "answers a later one",
        ),
        (
            [Message("a", "A", id="1"), Message("b", "B", id="1")],
            "used twice",
        ),
    ],
)
def test_odd_links_are_said_and_read_all_the_same(messages: list[Message], note: str) -> None:
    conversation = read(*messages)
    assert answers(conversation) == [None, 0, 1][: len(messages)]
    [said] = conversation.notes
    assert note in said.replace("says that it answers", "answers")


def test_each_message_is_read_against_what_it_answers() -> None:
    known = Known()
    messages = [Message("a", "A"), Message("b", "B"), Message(" ", "A"), Message("c", "B")]
    analyze_conversation(messages, analyzer=known)  # type: ignore[arg-type]
    assert list(zip(known.texts, known.contexts, strict=True)) == [
        *(("a", None), ("b", "a"), (" ", "b"), ("c", " ")),
    ]


# Order


def test_messages_out_of_order_are_put_in_order() -> None:
    times = [MORNING + timedelta(hours=hours) for hours in (0, 5, 2, 7)]
    conversation = read(
        *(Message(str(at), "AB"[at % 2], None, t) for at, t in enumerate(times))
    )
    assert [turn.given for turn in conversation.turns] == [0, 2, 1, 3]
    assert [turn.time for turn in conversation.turns] == sorted(times)
    assert conversation.notes == (
        "1 message was out of order in time: all are shown in the order of time.",
    )


def test_messages_without_a_time_stay_behind_their_neighbour() -> None:
    conversation = read(
        Message("first", "A"),
        Message("late", "A", None, "2025-03-03T12:00"),
        Message("after late", "B"),
        Message("early", "A", None, "2025-03-03T10:00+00:00"),
        Message("after early", "B"),
    )
    assert [turn.message.text for turn in conversation.turns] == [
        *("first", "early", "after early", "late", "after late"),
    ]


def test_times_without_a_zone_are_utc() -> None:
    conversation = read(
        Message("b", "A", None, datetime(2025, 3, 3, 10)),
        Message("a", "B", None, "2025-03-03T10:30:00+02:00"),
    )
    assert [turn.message.text for turn in conversation.turns] == ["a", "b"]


# Bad input


def test_an_empty_conversation_is_empty() -> None:
    conversation = analyze_conversation([])
    for part in (conversation.turns, conversation.people, conversation.rises):
        assert part == ()
    for finding in (conversation.turning_point, conversation.backup, conversation.engine):
        assert finding is None
    assert conversation.overall.mean is None
    assert "has no messages" in conversation.notes[0]
    assert conversation.to_dict()["turns"] == []
    assert "No messages." in conversation.to_html()
    assert "No messages." in conversation._repr_html_()


def test_messages_without_words_do_not_count() -> None:
    conversation = read(("h.8", "A"), (" \n", "B"), ("h.0", "A"))
    assert [turn.counted for turn in conversation.turns] == [True, False, True]
    assert [turn.level for turn in conversation.turns] == [0.4, 0.4, 0.2]
    assert conversation.overall.turns == (0, 2)
    assert conversation.person("B").mean is None
    assert conversation.notes == (
        "1 message has no words: shown, and not counted in the course.",
    )


@pytest.mark.parametrize(
    ("messages", "problem"),
    [
        (["text"], r"message 1 must be a Message, not str: give Message\(text, author=…"),
        ([("text", "A")], "message 1 must be a Message, not tuple"),
        ("text", "must be several of Message, not one str"),
        (Message("text"), "must be several of Message, not one Message"),
        ([Message(3)], "message 1: text must be a string, not int"),  # type: ignore[arg-type]
        ([Message("a"), Message("a", 3)], "message 2: author"),  # type: ignore[arg-type]
        ([Message("a", time=3)], "message 1: time must be"),  # type: ignore[arg-type]
        ([Message("a", id=3)], "message 1: id must be"),  # type: ignore[arg-type]
    ],
)
def test_wrong_types_are_refused(messages: Any, problem: str) -> None:
    with pytest.raises(TypeError, match=problem):
        analyze_conversation(messages)


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="message 1: time 'soon' is no time in ISO 8601: give"):
        analyze_conversation([Message("a", time="soon")])


def test_a_message_too_long_is_named() -> None:
    small = Analyzer(engine="rules", max_chars=5)
    with pytest.raises(TextTooLongError) as caught:
        analyze_conversation([Message("a"), Message("b" * 9)], analyzer=small)
    assert str(caught.value).startswith("message 2 of the conversation: the text has")


def test_ten_thousand_messages() -> None:
    """Each is read once, and told to whoever waits."""
    done: list[int] = []
    known = Known()
    messages = [Message(f"h.{at % 10}", f"P{at % 7}") for at in range(10_000)]
    conversation = analyze_conversation(
        messages,
        analyzer=known,  # type: ignore[arg-type]
        progress=done.append,
    )
    assert len(known.texts) == len(conversation.turns) == sum(done) == 10_000
    assert len(done) > 10
    page = conversation.to_html()
    assert page.count("<article") == 10_000
    assert page.count("<circle") < 1_000


# The course


def test_levels_move_halfway() -> None:
    assert [turn.level for turn in tensions(1.0, 0.0, 0.0).turns] == [0.5, 0.25, 0.125]


@given(st.lists(st.none() | st.floats(0, 1), max_size=30), st.floats(0, 1))
def test_levels_stay_within_what_was_seen(values: list[float | None], weight: float) -> None:
    found = levels(values, weight)
    assert len(found) == len(values)
    for at, level in enumerate(found):
        seen = [value for value in values[: at + 1] if value is not None]
        assert 0.0 <= level <= max(seen, default=0.0) + 1e-12


def test_courses_of_people_and_of_all() -> None:
    conversation = read(
        Message("h.2 e.1", "A", "dev"), ("h.4", "B"), ("h.6 e.5", "A"), ("h.4 e.3", "A")
    )
    first, second = conversation.people
    assert (first.name, first.role, first.turns) == ("A", "dev", (0, 2, 3))
    assert first.mean == pytest.approx((0.4, 0.0, 0.3))
    assert first.change == pytest.approx((0.1, 0.0, 0.1))  # of (.2, .6) and (.6, .4)
    assert first.scores[1] == (0.6, 0.0, 0.5)
    assert (second.turns, second.change) == ((1,), None)
    assert conversation.overall.turns == (0, 1, 2, 3)
    assert conversation.overall.name is None
    assert conversation.person("B") is second
    with pytest.raises(KeyError, match="'C' wrote nothing here: choose from 'A', 'B'"):
        conversation.person("C")


def test_a_rise_is_tense_and_a_step_above_the_level() -> None:
    found = tensions(0.1, 0.9, 0.95, 0.95, 0.95, 0.4)
    assert [(rise.turn, rise.by) for rise in found.rises] == [(1, "B"), (2, "A")]
    assert found.rises[1].before == found.turns[1].level
    assert found.rises[1].tension == 0.95
    assert tensions(0.0, 0.45, 0.0).rises == ()


def test_tension_is_the_higher_of_hostility_and_defensiveness() -> None:
    assert [turn.tension for turn in read(("h.2 d.7 e.9", "A"), ("h.6", "B")).turns] == [
        0.7,
        0.6,
    ]


def test_a_calm_answer_deescalates() -> None:
    found = read(("h.9", "A"), ("e.9", "B"), ("h.2", "A"), ("h.9", "A"), ("e.8", "B"))
    assert [
        (item.turn, item.by, item.answers, item.worked) for item in found.deescalations
    ] == [
        (1, "B", 0, True),
        (4, "B", 3, None),
    ]
    again = read(("h.9", "A"), ("e.9", "B"), ("d.9", "A"))
    assert [item.worked for item in again.deescalations] == [False]


@pytest.mark.parametrize(
    "answer", ["e.4", "e.9 h.5", "e.9 d.4", "h.1"], ids=["cold", "hostile", "defensive", "flat"]
)
def test_not_every_answer_deescalates(answer: str) -> None:
    assert read(("h.9", "A"), (answer, "B")).deescalations == ()
    assert read(("h.3", "A"), ("e.9", "B")).deescalations == ()
    assert read(("h.9", "A"), ("e.9", "A")).deescalations == ()


def test_heat_of_the_message_answered_is_used_where_it_is_known() -> None:
    class Reply:
        heat = 0.8

    class Heated(Known):
        def _analysis(self, text: str) -> Any:
            found = super()._analysis(text)

            class WithReply(type(found)):  # type: ignore[misc]
                reply = Reply() if text.startswith("e") else None

            return WithReply(*found)

    messages = [Message("h.1 my cake was ruined", "A"), Message("e.9", "B")]
    found = analyze_conversation(messages, analyzer=Heated())  # type: ignore[arg-type]
    assert [turn.heat for turn in found.turns] == [0.8, None]
    assert [turn.tension for turn in found.turns] == [0.1, 0.0]
    assert [item.turn for item in found.deescalations] == [1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.0, 0.1, 0.0, 0.9, 0.9, 0.8), (3, "worse")),
        ((0.9, 0.8, 0.9, 0.1, 0.0, 0.1), (3, "better")),
        ((0.9, 0.0, 0.9, 0.0, 0.9, 0.0, 0.1, 0.0, 0.1), (5, "better")),
        ((0.0, 0.0, 0.9, 0.9, 0.9, 0.0, 0.0), (5, "better")),
        ((0.9, 0.1, 0.0), (1, "better")),
        ((0.1, 0.1, 0.1, 0.1), None),
        ((0.9, 0.9, 0.9, 0.9), None),
        ((0.1, 0.1, 0.1, 0.9, 0.1, 0.1), None),  # one outburst
        ((0.0, 0.0, 0.0, 0.9), None),  # too soon to say
        ((0.4, 0.45, 0.0, 0.0), None),  # never tense
        ((0.9,), None),
        ((), None),
    ],
)
def test_the_turning_point(values: tuple[float, ...], expected: tuple[int, str] | None) -> None:
    point = tensions(*values).turning_point
    assert (point and (point.turn, point.direction)) == expected
    if point:
        assert point.before == pytest.approx(sum(values[: point.turn]) / point.turn)
        rest = values[point.turn :]
        assert point.after == pytest.approx(sum(rest) / len(rest))


@given(st.lists(st.floats(0, 1), max_size=40))
def test_a_turning_point_crosses_from_calm_to_tense_or_back(values: list[float]) -> None:
    point = tensions(*values).turning_point
    if point is not None:
        calm, tense = sorted((point.before, point.after))
        assert calm <= 0.35 < tense
        assert tense - calm >= 0.3
        assert 1 <= point.turn <= len(values) - 2
        assert (point.direction == "better") == (point.after < point.before)


# Backup


def test_both_sides_tense_is_a_reason() -> None:
    found = tensions(0.9, 0.9, 0.8, 0.7)
    assert found.backup is not None
    assert (found.backup.kind, found.backup.turns) == ("both-sides", (0, 1, 2, 3))
    assert "4 times in the last 4 messages" in found.backup.reason
    assert tensions(0.9, 0.9, 0.8, 0.7, 0.1, 0.1).backup is None  # settled
    assert tensions(0.9, 0.9, 0.8, 0.1).backup is None  # one side once


def test_a_last_message_that_makes_up_settles_it() -> None:
    tense = [("h.9", "A"), ("h.9", "B")] * 2
    assert read(*tense, ("e.9", "A")).backup is None
    unsettled = read(*tense, ("h.1", "A")).backup
    assert unsettled is not None
    assert unsettled.kind == "both-sides"


@pytest.mark.parametrize(
    ("messages", "kind"),
    [
        (["Great, thank you so much!"], None),
        (["I'm so sorry for that. I understand how hard you worked on it, thank you!"], None),
        (["Fine."], "threat"),
        ([], "threat"),
    ],
)
def test_an_ultimatum_can_be_settled(
    analyzer: Analyzer, messages: list[str], kind: str | None
) -> None:
    answer = "I'm so sorry, I understand. I've just refunded you in full, it was our mistake."
    for threat, lasting in (
        ("Refund me today or I will sue you.", False),
        ("I will kill you.", True),
    ):
        found = analyze_conversation(
            [
                Message(threat, "A"),
                Message(answer, "B"),
                *(Message(text, "A") for text in messages),
            ],
            analyzer=analyzer,
        )
        assert (found.backup and found.backup.kind) == ("threat" if lasting else kind)


def test_only_the_last_messages_count() -> None:
    old = (0.9,) * 4 + (0.0,) * 8
    assert tensions(*old).backup is None
    assert tensions(*old, 0.9).backup is None


def test_staying_tense_against_calm_answers_is_a_reason() -> None:
    calm = ("e.9", "B")
    found = read(("h.9", "A"), calm, ("h.9", "A"), calm, ("h.9", "A"))
    assert found.backup is not None
    assert (found.backup.kind, found.backup.turns) == ("stays-tense", (0, 2, 4))
    assert "A stays tense although 2 calm answers" in found.backup.reason
    assert read(("h.9", "A"), calm, ("h.9", "A"), calm, ("h.1", "A")).backup is None


def test_a_threat_is_a_reason(analyzer: Analyzer) -> None:
    found = analyze_conversation(
        [
            Message("Hello.", "A"),
            Message("If nobody shows up, you will regret it. I know where you live.", "B"),
        ],
        analyzer=analyzer,
    )
    assert found.backup is not None
    assert (found.backup.kind, found.backup.turns) == ("threat", (1,))
    assert found.backup.reason.startswith(
        "B threatens someone or gives an ultimatum (message 2)"
    )


# As data


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads((DOCS / "conversation-schema.json").read_text(encoding="utf-8"))
    analysis = json.loads((DOCS / "schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    registry: Registry[Any] = Resource.from_contents(analysis) @ Registry()
    return Draft202012Validator(schema, registry=registry)


def conversations(analyzer: Analyzer) -> list[ConversationAnalysis]:
    found = [
        analyze_conversation(
            Thread(
                tuple(Message(text, author, role) for author, role, text in case["messages"]),
                (LeftOut("signature", 0, "-- "), LeftOut("event", None, "joined")),
                ("A note.",),
                "A subject",
            ),
            analyzer=analyzer,
        )
        for case in THREADS.values()
    ]
    return [*found, analyze_conversation([]), analyze_conversation([Message("\U0001f622 Hm.")])]


def test_results_are_as_the_schema_says(
    validator: Draft202012Validator, analyzer: Analyzer
) -> None:
    for conversation in conversations(analyzer):
        for offsets in ("codepoint", "utf-16"):
            line = conversation.to_json(offsets)
            assert line.isascii()
            data = json.loads(line)
            assert data == conversation.to_dict(offsets)
            assert [error.message for error in validator.iter_errors(data)] == []
    with pytest.raises(ValueError, match="offsets='bytes'"):
        conversation.to_dict("bytes")


def test_the_schema_refuses_what_is_not_so(
    validator: Draft202012Validator, analyzer: Analyzer
) -> None:
    good = json.loads(conversations(analyzer)[0].to_json())
    assert validator.is_valid(good)
    for key in good:
        assert not validator.is_valid({k: v for k, v in good.items() if k != key}), key
        assert not validator.is_valid({**good, key: 3}), key
    assert not validator.is_valid({**good, "mood": "fine"})
    for kind in ("turns", "people", "rises", "deescalations", "left_out"):
        for key in good[kind][0]:
            part = {k: v for k, v in good[kind][0].items() if k != key}
            assert not validator.is_valid({**good, kind: [part]}), (kind, key)


def test_a_dict_holds_all_of_the_conversation(analyzer: Analyzer) -> None:
    for conversation in conversations(analyzer):
        data = conversation.to_dict()
        assert set(data) == {*conversation._fields, "offsets"}
        for turn, part in zip(conversation.turns, data["turns"], strict=True):
            assert part["analysis"] == turn.analysis.to_dict()
            assert (part["tension"], part["level"]) == (turn.tension, turn.level)


def test_conversations_compare_hash_and_pickle(analyzer: Analyzer) -> None:
    one, *_ = conversations(analyzer)
    again, *_ = conversations(analyzer)
    assert one == again
    assert hash(one) == hash(again)
    assert pickle.loads(pickle.dumps(one)) == one


def test_a_thread_keeps_its_remarks() -> None:
    thread = Thread((Message("a", "A"),), (LeftOut("link", 0, "x"),), ("Hm.",), "Cake")
    found = analyze_conversation(thread, analyzer=Known())  # type: ignore[arg-type]
    assert (found.left_out, found.notes, found.subject) == (thread.left_out, ("Hm.",), "Cake")


@pytest.mark.parametrize(
    "threat",
    [
        "I will kill you.",
        "I'll sue you.",
        "You'll hear from my lawyer, you crooks.",
        "Pay up or I will smash your windows.",
    ],
)
def test_threats_of_many_kinds_are_a_reason(analyzer: Analyzer, threat: str) -> None:
    found = analyze_conversation(
        [Message("Hello.", "A"), Message(threat, "B")], analyzer=analyzer
    )
    assert found.backup is not None
    assert (found.backup.kind, found.backup.turns) == ("threat", (1,))


def test_a_lawyer_is_no_threat(analyzer: Analyzer) -> None:
    text = "We could show the contract to a lawyer, if that helps."
    found = analyze_conversation(
        [Message("Hello.", "A"), Message(text, "B")], analyzer=analyzer
    )
    assert found.backup is None


@pytest.mark.parametrize("messages", [None, 5])
def test_what_is_no_conversation_is_named(messages: object) -> None:
    with pytest.raises(TypeError, match="several of Message or a Thread"):
        analyze_conversation(messages)  # type: ignore[arg-type]
