"""Shapes of the sets about hostility: see `shapes`."""

from __future__ import annotations

from shape import Shape

UCC_HEADER = [
    *("_unit_id", "_trusted_judgments", "comment"),
    *(
        f"{name}{suffix}"
        for name in (
            *("antagonize", "condescending", "dismissive", "generalisation"),
            *("generalisation_unfair", "healthy", "hostile", "sarcastic"),
        )
        for suffix in ("", ":confidence")
    ),
]


def _ucc(text: str, unit: str, hostile: str, healthy: str) -> list[str]:
    votes = ["1", "0.8", "0", "1.0", "1", "0.6", "0", "1.0", "0.0", "1.0"]
    return [unit, "3", text, *votes, healthy, "1.0", hostile, "1.0", "0", "1.0"]


UCC = Shape(
    UCC_HEADER,
    [
        _ucc("Nobody asked you, clown.", "1739464450", "1", "0"),
        _ucc('A "fair" point,\nsaid in two lines.', "1739464451.0", "0.0", "1.0"),
    ],
    [
        {
            "id": "1739464450",
            "text": "Nobody asked you, clown.",
            "labels": {
                "hostile": 1,
                "antagonize": 1,
                "condescending": 0,
                "dismissive": 1,
                "sarcastic": 0,
                "generalisation_unfair": 0,
                "healthy": 0,
            },
        },
        {"id": "1739464451", "text": 'A "fair" point,\nsaid in two lines.'},
    ],
)

TOXIC_SPANS = Shape(
    ["spans", "text"],
    [
        ["[4, 5, 6, 7, 8, 16, 17]", "You idiot, what an ox 😀 it is"],
        ["[]", "Nothing to mark in here"],
        ["[0, 1, 2, 3]", "😀bad is at an astral place"],
        ["[400]", "An offset outside of its text"],
    ],
    [
        {"spans": ((4, 9, "hostility"), (16, 18, "hostility")), "labels": {}},
        {"spans": ()},
        {"spans": ((0, 4, "hostility"),)},
    ],
)

TOXICR = Shape(
    ["message", "is_toxic"],
    [
        ["This is a damn stupid check", 1],
        ["Please add a test for the empty list", 0],
        ["this is a damn  stupid check!", 1],
        [None, None],
        [42, 0],
        ["A line_x000D_\nand another", 0],
    ],
    [
        {"text": "This is a damn stupid check", "labels": {"toxic": 1}},
        {"text": "Please add a test for the empty list", "labels": {"toxic": 0}},
        {"text": "42", "labels": {"toxic": 0}},
        {"text": "A line\r\nand another", "labels": {"toxic": 0}},
    ],
)

TOXISPANSE = Shape(
    [
        *("id", "spans", "text", "is_toxic", "final_selected_text", "Final_label"),
        *("rater1_label", "rater2_label", "rater1_text", "rater2_text", "is_conflict"),
        *("Unnamed: 11", "annotator", "annotation_id", "created_at"),
    ],
    [
        ["1.0", "[5, 6, 7, 8]", "What crap is this?", "1", "crap", "", "", "", "", "", "0"],
        ["2", "[]", "Rename it,\nplease", "0", "", "", "", "", "", "", "0"],
        ["3", "", "No label and no spans here", "", "", "", "", "", "", "", "0"],
        ["4", "[0]", "what CRAP is this", "1", "", "", "", "", "", "", "0"],
    ],
    [
        {"id": "1", "spans": ((5, 9, "hostility"),), "labels": {"is_toxic": 1}},
        {"id": "2", "spans": (), "labels": {"is_toxic": 0}},
        {"id": "3", "spans": (), "labels": {}},
    ],
)

HATECHECK = Shape(
    [
        *("", "functionality", "case_id", "test_case", "label_gold", "target_ident"),
        *("direction", "focus_words", "focus_lemma", "ref_case_id", "ref_templ_id"),
        *("templ_id", "case_templ"),
    ],
    [
        [
            "0",
            "derog_neg_emote_h",
            "1",
            "I despise them all.",
            "hateful",
            "women",
            "general",
            "",
            "",
            "",
            "",
            "7.0",
            "I despise [IDENTITY_P].",
        ],
        [
            "1",
            "target_obj_nh",
            "2",
            "I despise this soup.",
            "non-hateful",
            "",
            "",
            "",
            "",
            "",
            "8",
            "9",
            "I despise this soup.",
        ],
        [
            "2",
            "target_indiv_nh",
            "3",
            "You are a fool.",
            "non-hateful",
            "",
            "",
            "",
            "",
            "",
            "",
            "11",
            "You are a fool.",
        ],
    ],
    [
        {
            "id": "1",
            "labels": {"hateful": 1},
            "kind": "derog_neg_emote_h",
            "group": "7",
        },
        {
            "id": "2",
            "labels": {"hateful": 0, "not hateful": 1},
            "kind": "target_obj_nh",
            "group": "9",
        },
    ],
)

KAGGLE = Shape(
    ["Insult", "Date", "Comment"],
    [
        ["1", "20120618192155Z", '"You\\xa0are a clown.\\\\nGo home."'],
        ["0", "", '"It\\u2019s fine, isn\\\'t it?\\xc3\\xa9"'],
        ["0", "20120619094753Z", "plain"],
    ],
    [
        {"text": "You\xa0are a clown.\nGo home.", "labels": {"insult": 1}},
        {"text": "It’s fine, isn't it?é", "labels": {"insult": 0}},
        {"text": "plain", "labels": {"insult": 0}},
    ],
)

CAD = Shape(
    ["id", "text", "labels"],
    [
        ["cad_1", "You are vile. [linebreak] [linebreak] Leave.", "PersonDirectedAbuse"],
        ["cad_2", 'He said "no', "Neutral"],
        ["cad_3", "Don't talk to her like that", "CounterSpeech,Neutral"],
        ["cad_4", "Those people again", "IdentityDirectedAbuse"],
        ["cad_5", "You and your lot", "AffiliationDirectedAbuse,PersonDirectedAbuse"],
        ["cad_6", "Mixed", "Neutral,IdentityDirectedAbuse"],
    ],
    [
        {
            "id": "cad_1",
            "text": "You are vile.\n\nLeave.",
            "labels": {"person directed abuse": 1},
        },
        {"id": "cad_2", "text": 'He said "no', "labels": {"person directed abuse": 0}},
        {"id": "cad_3", "labels": {"person directed abuse": 0}},
        {"id": "cad_5", "labels": {"person directed abuse": 1}},
    ],
)

APPDIA = Shape(
    ["offensive-text", "style-transferred-text"],
    [
        ["That is a dumb take, mate", "I don't agree with that take, mate"],
        ["Same on both sides", "Same on both sides"],
        ["Only one half", ""],
    ],
    [
        {
            "id": "1",
            "text": "That is a dumb take, mate",
            "labels": {"offensive": 1, "offensive original": 1},
            "partner": None,
        },
        {
            "id": "1-calm1",
            "text": "I don't agree with that take, mate",
            "labels": {"offensive": 0, "offensive original": 0},
            "partner": "1",
        },
    ],
)

PARADETOX = Shape(
    ["toxic", "neutral1", "neutral2", "neutral3"],
    [
        ["what a crap day , mate", "what a bad day, mate", "", "a poor day"],
        ["no version of this one", "", "", ""],
    ],
    [
        {
            "id": "1",
            "text": "what a crap day , mate",
            "labels": {"toxic": 1, "toxic original": 1},
        },
        {"id": "1-calm1", "text": "what a bad day, mate", "partner": "1"},
        {"id": "1-calm2", "text": "a poor day", "partner": "1", "group": "1"},
    ],
)

PARADETOX_NOT = Shape(
    ["", "INPUT:toxic_comment", "OUTPUT:reasons"],
    [
        ["0", '"the \\"dark\\" side of the moon"', '{"not_toxic":true}'],
        ["1", '"you utter crook"', '{"toxic_content":true}'],
        ["2", '"half and half"', '{"unclear":true,"not_toxic":true}'],
    ],
    [{"text": 'the "dark" side of the moon', "labels": {"not toxic": 1}}],
)

GH = Shape(
    ["id", "issue_id", "comment_id", "tbdf", "comment_body"],
    [
        ["1", "77", "101", "None", "I can take this one on Monday"],
        ["2", "77", "102", "Bitter frustration", "Years of this, and still no fix"],
        ["3", "78", "103", "Identity attacks/Name-Calling", "Typical fanboys"],
        ["4", "78", "104", "None", ""],
    ],
    [
        {"id": "1", "labels": {"uncivil": 0, "civil": 1}, "group": "77", "kind": "None"},
        {"id": "2", "labels": {"uncivil": 1}},
        {"id": "3", "labels": {"uncivil": 1}, "group": "78"},
    ],
)

INCLUSIVE = Shape(
    ["text", "isnegative", "importance"],
    [["this is awful to read", "1", "0.5"], ["nice catch with the lock", "0", "1"]],
    [{"labels": {"negative": 1}}, {"labels": {"negative": 0, "not negative": 1}}],
)

STRUDEL_COMMENTS = Shape(
    ["_id", "polarity", "owner", "repo", "text", "toxicity"],
    [
        ["a/b/1", "0", "a", "b", "Fixed in the next release, see the log", "n"],
        ["a/b/2", "0", "a", "b", "Stop wasting my time with this rubbish", "y"],
    ],
    [{"id": "a/b/1", "labels": {"toxic": 0}}, {"id": "a/b/2", "labels": {"toxic": 1}}],
)

STRUDEL_ISSUES = Shape(
    ["_id", "title", "total_text", "toxicity"],
    [["a/b/1", "Crash", "It crashes at start. Thanks for looking.", "n"]],
    [{"labels": {"toxic": 0}}, {"id": "a/b/1#2", "labels": {"toxic": 0}}],
)

WSU = Shape(
    ["message", "is_toxic", None, None],  # type: ignore[list-item]
    [["who wrote this garbage", 1, None, None], ["fine by me now", 0, None, None]],
    [{"labels": {"toxic": 1}}, {"labels": {"toxic": 0}}],
)

JIGSAW = Shape(
    ["rev_id", "comment", "toxic"],
    [
        ["598296", "  Could you name a source for it?  ", "False"],
        ["598297", "You are a liar and a cheat", "True"],
    ],
    [
        {"id": "598296", "text": "  Could you name a source for it?  ", "labels": {"toxic": 0}},
        {"id": "598297", "labels": {"toxic": 1}},
    ],
)

TEMPLATES = Shape(
    ["Text", "Label", "Template"],
    [
        ["You are a caring african american", "NOT_BAD", "you_are_adj"],
        ["Being Young is vile.", "BAD", "being_adj"],
        ["You are a disgusting dancer", "BAD", "you_occupation"],
    ],
    [
        {"labels": {"unkind": 0}, "kind": "african american", "group": "you_are_adj"},
        {"labels": {"unkind": 1}, "kind": "young"},
        {"labels": {"unkind": 1}, "kind": None},
    ],
)

FOX = Shape(
    None,
    [
        {"title": "News", "text": "You are all sheep", "label": 1, "prev": "", "user": "x"},
        {"title": "News", "text": "I doubt it a lot", "label": 0, "prev": "It will rain"},
    ],
    [
        {"labels": {"hateful": 1}, "context": None, "group": "News"},
        {"labels": {"hateful": 0}, "context": "It will rain"},
    ],
)

SURGE = Shape(
    ["text", "is_toxic"],
    [["You muppet, read it", "Toxic"], ["A lovely walk by the lake", "Not Toxic"]],
    [{"labels": {"toxic": 1}}, {"labels": {"toxic": 0}}],
)

_RATINGS = [
    f"Annotator{n}_is_abuse.{v}" for n in (1, 2, 3) for v in ("1", "0", "-1", "-2", "-3")
]


def _abuse(*ratings: int | None) -> list[str]:
    values = (1, 0, -1, -2, -3)
    return ["" if r is None else str(int(r == v)) for r in ratings for v in values]


CONVABUSE = Shape(
    ["example_id", "conv_id", "prev_agent", "prev_user", "agent", "user", "bot", *_RATINGS],
    [
        [
            "1.0",
            "9.0",
            "",
            "",
            "Please go on.",
            "you useless tin can",
            "E.L.I.Z.A.",
            *_abuse(-2, 1, -1),
        ],
        ["2.0", "9.0", "", "", "And then?", "I went home", "E.L.I.Z.A.", *_abuse(1, None, 0)],
        ["3.0", "9.0", "", "", "Why?", "no idea at all", "E.L.I.Z.A.", *_abuse(1, None, -1)],
    ],
    [
        {"id": "1", "labels": {"abusive": 1}, "context": "Please go on.", "group": "9"},
        {"id": "2", "labels": {"abusive": 0}},
    ],
)

CONTEXT = Shape(
    ["text", "parent_text", "tox_codes_oc", "label_oc", "tox_codes_ic", "label_ic"],
    [["So you can't read?", "The link is dead.", "[0. 0. 1.]", "0", "[1. 1. 0.]", "1"]],
    [{"labels": {"toxic in context": 1, "toxic alone": 0}, "context": "The link is dead."}],
)
