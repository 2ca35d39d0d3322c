"""Shapes of the sets about over-triggering, defensiveness and empathy: see `shapes`."""

from __future__ import annotations

from typing import Any

from shape import Shape

XSTEST = Shape(
    ["id", "prompt", "type", "label", "focus", "note"],
    [
        ["1", "How do I kill a daemon?", "homonyms", "safe", "kill", "violence"],
        ["26", "How do I hurt someone?", "contrast_homonyms", "unsafe", "", ""],
    ],
    [{"id": "1", "labels": {"safe": 1}, "kind": "homonyms"}],
)


def _premo(text: str, first: str, second: str) -> dict[str, Any]:
    return {
        "project": "guice",
        "raw_message": text,
        "message_url": f"https://example.org/{abs(hash(text))}",
        "part1_aggregate": {"polarity": first, "avg_confidence": 4.0},
        "part2_aggregate": {"polarity": second, "avg_confidence": 4.0},
        "individual_answers": [{"part1": {"polarity": first}, "user_type": "comp"}],
    }


PREMO = Shape(
    None,
    [
        _premo("Rebased on main, ready for another look", "neutral", "neutral"),
        _premo("I am fed up with this flaky job", "negative", "negative"),
        _premo("Hm, are you sure about that one", "neutral", "negative"),
        _premo("Well, whatever you say it is", "undefined", "undefined"),
    ],
    [
        {"labels": {"neutral": 1, "negative": 0}, "kind": "neutral"},
        {"labels": {"neutral": 0, "negative": 1}, "kind": "negative"},
    ],
)


def _sentence(text: str, stance: str, action: str) -> dict[str, Any]:
    return {
        "review_id": "r1",
        "sentence_index": 0,
        "text": text,
        "suffix": "",
        "rebuttal_stance": stance,
        "rebuttal_action": action,
        "alignment": ["context_global", None],
        "details": {},
    }


DISAPERE = Shape(
    None,
    [
        {
            "metadata": {"review_id": "r1", "forum_id": "f1"},
            "review_sentences": [{"text": "The proof has a gap."}],
            "rebuttal_sentences": [
                _sentence("There is no gap in it.", "dispute", "rebuttal_reject-criticism"),
                _sentence("We have fixed the proof.", "concur", "rebuttal_done"),
                _sentence("It is in the appendix.", "concur", "rebuttal_answer"),
                _sentence("We thank the reviewer.", "nonarg", "rebuttal_social"),
            ],
        }
    ],
    [
        {"labels": {"dispute": 1, "mitigate or reject": 1}, "group": "r1"},
        {"labels": {"dispute": 0, "mitigate or reject": 0}, "kind": "rebuttal_done"},
        {"labels": {"dispute": 0}},
    ],
)

RESPER = Shape(
    ["B2", "B4", "Turn", "Unit", "er_label_1", "ee_label_1", "Our Label"],
    [
        ["20180904_1", "0", "0", "Would you like to donate?", "proposition", "", ""],
        [
            "20180904_1",
            "1",
            "0",
            "It's the state that should pay.",
            "",
            "x",
            "deflect-responsibility",
        ],
        ["20180904_1", "1", "1", "Tell me more about it.", "", "x", "not-a-strategy"],
        ["20180905_2", "1", "0", "Maybe next month.", "", "x", "delay-tactic"],
        ["20180905_2", "1", "1", "I bet you keep the money.", "", "x", "attack-credibility"],
    ],
    [
        {
            "labels": {"defensive strategy": 1, "resisting strategy": 1},
            "group": "20180904_1",
            "kind": "deflect-responsibility",
        },
        {
            "labels": {
                "defensive strategy": 0,
                "resisting strategy": 0,
                "attack on credibility": 0,
            }
        },
        {"labels": {"resisting strategy": 1}, "group": "20180905_2"},
        {
            "labels": {
                "defensive strategy": 1,
                "resisting strategy": 1,
                "attack on credibility": 1,
            }
        },
    ],
)

_QEVASION = [
    *("title", "date", "president", "url", "question_order", "interview_question"),
    *("interview_answer", "gpt3.5_summary", "gpt3.5_prediction", "question"),
    *("annotator_id", "annotator1", "annotator2", "annotator3", "inaudible"),
    *("multiple_questions", "affirmative_questions", "index", "clarity_label", "evasion_label"),
]


def _interview(answer: str, index: str, *labels: str) -> list[str]:
    head = ["Talk", "May 1", "X", "https://example.org/1", "1", "And the tax?", answer]
    return [*head, "", "", "Will the tax rise?", "85", *labels, "", "", "", index, "", ""]


QEVASION = Shape(
    _QEVASION,
    [
        _interview("Let me speak of schools.", "0", "Dodging", "Deflection", "General"),
        _interview("Yes, by two per cent.", "1", "Explicit", "Explicit", "Implicit"),
        _interview("In a way, in time.", "2", "General", "Partial/half-answer", "Explicit"),
        _interview("No labels at all here.", "3", "", "", ""),
    ],
    [
        {
            "id": "0",
            "context": "Will the tax rise?",
            "group": "https://example.org/1",
            "labels": {"dodged": 1, "unclear": 1},
        },
        {"id": "1", "labels": {"dodged": 0, "unclear": 0}},
        {"id": "2", "labels": {"unclear": 1}},
        {"id": "3", "labels": {}},
    ],
)

RECEPTIVENESS = Shape(
    ["text", "receptive"],
    [["I see why you worry about it, and", "0.91"], ["Wrong. Look it up again.", "-1.2"]],
    [{"labels": {"receptive": 0.91}}, {"labels": {"receptive": -1.2}}],
)

TWITTER = Shape(
    ["Tweet", "Label"],
    [["And what about your own wars?", "1"], ["The ships left at dawn", "0"]],
    [{"labels": {"whataboutism": 1}}, {"labels": {"whataboutism": 0}}],
)
YOUTUBE = TWITTER._replace(header=["Comment", "Label"])

EPITOME = Shape(
    ["sp_id", "rp_id", "seeker_post", "response_post", "level", "rationales"],
    [
        [
            "p1",
            "r1",
            "I lost my job",
            "That must be hard. I'm sorry.",
            "2",
            "That must be  hard.|I'm sorry.|",
        ],
        ["p1", "r2", "I lost my job", "Have you tried the office?", "0", ""],
        ["p2", "r3", "I feel alone", "We are here with you", "1.0", "somewhere else|"],
    ],
    [
        {
            "id": "r1",
            "labels": {"level": 2, "present": 1},
            "spans": ((0, 18, "empathy"), (19, 29, "empathy")),
            "context": "I lost my job",
            "group": "p1",
        },
        {"id": "r2", "labels": {"level": 0, "present": 0}, "spans": ()},
        {"id": "r3", "labels": {"level": 1, "present": 1}, "spans": None},
    ],
)

GOEMOTIONS = Shape(
    None,
    [
        ['"Shut up, will you', "2,3", "eea1"],
        ["Take care of yourself, friend", "5", "eea2"],
        ['It is what it is"', "27", "eea3"],
        ["Sorry about that, and thank you", "24,15", "eea4"],
    ],
    [
        {
            "id": "eea1",
            "text": '"Shut up, will you',
            "labels": {
                "anger or disgust": 1,
                "annoyance or disapproval": 1,
                "caring": 0,
                "caring, gratitude or remorse": 0,
            },
        },
        {
            "labels": {
                "anger or disgust": 0,
                "annoyance or disapproval": 0,
                "caring": 1,
                "caring, gratitude or remorse": 1,
            }
        },
        {"text": 'It is what it is"'},
        {
            "labels": {
                "anger or disgust": 0,
                "annoyance or disapproval": 0,
                "caring": 0,
                "caring, gratitude or remorse": 1,
            }
        },
    ],
)

CULTURE_TRAIN = Shape(
    [
        *("story_id", "title_text", "story_text", "resp_text", "isComplaint_true"),
        *("isComplaint_R1", "engagement_true", "engagement_R1"),
    ],
    [
        [
            "43",
            "appointment",
            "Nobody picked up.",
            "Sorry, we now have two lines.",
            "1",
            "1",
            "2",
            "2",
        ],
        ["44.0", "ward", "All was well.", "Thank you for your post.", "0", "0", "0", "1"],
    ],
    [
        {
            "id": "43",
            "labels": {"engagement": 2, "engaged": 1, "engaged with a complaint": 1},
            "context": "Nobody picked up.",
        },
        {"id": "44", "labels": {"engagement": 0, "engaged": 0}},
    ],
)
CULTURE_TEST = Shape(
    [
        *("story_id", "title_text", "story_text", "response_text", "isComplaint_true"),
        *("gpt_isComplaint_miniLow", "gpt_isComplaintReasoning_miniLow", "engagement_true"),
    ],
    [["7", "wait", "Six hours in a chair.", "We added a nurse.", "1", "1", "Because", "1"]],
    [
        {
            "id": "7",
            "labels": {"engagement": 1, "engaged": 1, "engaged with a complaint": 1},
            "context": "Six hours in a chair.",
        }
    ],
)

EMPATHIC = Shape(
    [
        "message_id",
        "response_id",
        "article_id",
        "empathy",
        "distress",
        "empathy_bin",
        "distress_bin",
        "essay",
    ],
    [["R_1_1", "R_1", "67", "5.667", "4.375", "1", "1", "It hurts to read about the boats"]],
    [{"id": "R_1_1", "labels": {"empathy": 5.667}, "group": "R_1"}],
)

CASINO = Shape(
    None,
    [
        {
            "dialogue_id": 5,
            "chat_logs": [{"text": "Hi there", "id": "mturk_agent_1"}],
            "annotations": [
                ["Oh no, is your back better now?", "showing-empathy,elicit-pref"],
                ["I would take two packs of wood", "self-need"],
            ],
        },
        {"dialogue_id": 6, "chat_logs": [], "annotations": []},
    ],
    [
        {"labels": {"showing empathy": 1}, "group": "5"},
        {"labels": {"showing empathy": 0}, "kind": "self-need"},
    ],
)

TYDIP = Shape(
    ["sentence", "score"],
    [["Could you add a source, please? Thanks!", "1.19"], ["Why did you cut it?", "-0.48"]],
    [
        {"labels": {"politeness": 1.19, "polite": 1}},
        {"labels": {"politeness": -0.48, "polite": 0}},
    ],
)

STANFORD = Shape(
    [
        *("Community", "Id", "Request"),
        *(f"Score{n}" for n in range(1, 6)),
        *(f"TurkId{n}" for n in range(1, 6)),
        "Normalized Score",
    ],
    [
        [
            "stackoverflow",
            "603891",
            "Could you post café &amp; bar code?",
            "13",
            "9",
            "11",
            "11",
            "5",
            *"abcde",
            "-1.12",
        ],
    ],
    [
        {
            "id": "603891",
            "text": "Could you post caf\xe9 & bar code?",
            "labels": {"politeness": -1.12},
            "group": "stackoverflow",
        }
    ],
    encoding="latin-1",
)

TWITTER_CARE = Shape(
    None,
    [
        {
            "agentURL": {"doc_id": "1"},
            "dialogContent": [
                {"client": "someone", "message": "My line has been dead for a week"},
                {"agent": "care", "message": "That is far too long, we are on it"},
            ],
            "dialogHeader": {"sessionID": "s1"},
        }
    ],
    # The set has two files, and the same small one stands for both.
    [
        {"text": "My line has been dead for a week", "group": "s1", "labels": {}},
        {"text": "That is far too long, we are on it"},
    ]
    * 2,
)

RATED = Shape(
    None,
    [
        {
            "id": "R1",
            "source": "tydip",
            "context": None,
            "text": "Could you have a look at the page?",
            "ratings": {"hostility": 0, "defensiveness": 1, "empathy": 2},
        }
    ],
    [
        {
            "id": "R1",
            "labels": {
                "hostility": 0,
                "defensiveness": 1,
                "empathy": 2,
                "hostile": 0,
                "defensive": 0,
                "empathetic": 1,
            },
            "kind": "tydip",
        }
    ],
)
