"""Reading: folding keeps offsets, sentences are where people see them, quotes are masked."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import (
    BLANKS,
    LONG_MAIL,
    TEXTS,
    cases,
    document_of,
    language,
    rule_examples,
    sentences_of,
)

from calmtone import Analyzer, analyze
from calmtone.results import DIMENSIONS, OFFSETS
from calmtone.text import Document

INSULT = "you are an idiot"


def said(text: str, word: str) -> list[str]:
    """What stands in the text where the document has `word`."""
    document = document_of(text)
    return [
        text[start:end]
        for read, start, end in zip(document.words, document.starts, document.ends, strict=True)
        if read == word
    ]


def is_consistent(document: Document) -> None:
    """Words and sentences stand in order, inside of the text; only a mark may be empty."""
    text, words, starts = document.text, document.words, document.starts
    ends, sentences = document.ends, document.sentences
    assert len(words) == len(starts) == len(ends)
    marks = {part.last for part in sentences}
    for at, (start, end) in enumerate(zip(starts, ends, strict=True)):
        assert 0 <= start <= end <= len(text)
        assert start < end or at in marks
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert [part.first for part in sentences] + [len(words)] == (
        [0] + [part.last + 1 for part in sentences]
    )
    for part in sentences:
        assert part.first < part.last
        assert part.mark == words[part.last]
        assert part.mark in (".", "?", "!")
        assert part.start <= starts[part.first]
        assert ends[part.last - 1] <= part.end <= len(text)
    assert all(one.end <= other.start for one, other in pairwise(sentences))


# Words

FOLDED = {
    "case": "YOU ARE AN IDIOT",
    "no-break space": "you\u00a0are\u202fan\u3000idiot",
    "full width": "ｙｏｕ ａｒｅ ａｎ ＩＤＩＯＴ",
    "Cyrillic i and o": "you are an \u0456di\u043et",
    "Greek iota and omicron": "you are an \u03b9di\u03bft",
    "accent": "you are an idiót",
    "combining accent": "you are an idio\u0301t",
    "mathematical letters": "you are an \U0001d422\U0001d41d\U0001d422\U0001d428\U0001d42d",
    "zero width space": "you are an id\u200biot",
    "soft hyphen": "you are an idi\u00adot",
    "right-to-left mark": "you are an \u200fidiot",
    "repeated letters": "you are an idiooooot",
    "l33t": "you are an 1d10t",
    "spaced": "you are an i d i o t",
    "dotted": "you are an i.d.i.o.t",
    "hyphens": "you are an i-d-i-o-t",
    "starred": "you are an id*ot",
    "bang": "you are an id!ot",
    "two blanks": "you  are\tan   idiot",
    "short form": "u r an idiot",
    "emphasis": "you are an _idiot_",
}


@pytest.mark.parametrize("text", FOLDED.values(), ids=FOLDED)
def test_disguises_are_seen_through(text: str) -> None:
    document = document_of(text)
    assert [word for word in document.words if word] == [*INSULT.split(), "."]
    is_consistent(document)


@pytest.mark.parametrize("text", FOLDED.values(), ids=FOLDED)
@pytest.mark.parametrize("before", ["", "\U0001f622 ", "Ça va. ", "ﬁne. ", "İ! ", "ß "])
def test_spans_are_of_the_callers_text(text: str, before: str) -> None:
    """Whatever the characters before take in other encodings or in lower case."""
    [evidence] = [
        item
        for item in analyze(before + text).evidence
        if item.rule == "hostility/you-are-an-idiot"
    ]
    start, end = evidence.span
    assert start in (len(before), len(before) + 4)  # "you are an idiot" or "are an idiot"
    assert end == len(before + text)


@pytest.mark.parametrize("apostrophe", "'\u2019\u2018\u02bc\u2032\uff07´")
def test_apostrophes(apostrophe: str) -> None:
    text = f"I don{apostrophe}t think you{apostrophe}re right."
    assert said(text, "don't") == [f"don{apostrophe}t"]
    assert said(text, "you're") == [f"you{apostrophe}re"]


def test_apostrophes_around_words_are_no_part_of_them() -> None:
    assert said("the boys' idea", "boys") == ["boys"]
    assert said("it was 'special' and ''fine''", "special") == ["special"]
    assert said("rock 'n' roll", "n") == said("rock n roll", "n")


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("I apologize for the color.", "apologise", "apologize"),
        ("That is baaaad.", "bad", "baaaad"),
        ("pls help", "please", "pls"),
        ("dont do it", "don't", "dont"),
        ("that is sh!t!", "shit", "sh!t"),
        ("a st*pid idea", "stupid", "st*pid"),
        ("stuuuupid", "stupid", "stuuuupid"),
        ("a **fool** or a *clown*", "fool", "fool"),
        ("what the f***?", "fuck", "f***"),
        ("m0r0n", "moron", "m0r0n"),
        ("w h a t an i d i o t", "idiot", "i d i o t"),
    ],
)
def test_spelling(text: str, word: str, found: str) -> None:
    assert said(text, word) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Call 1800 10 20 at 5 to 3.",
        "Add 2*3 and 4 * 5, then a*b*c.",
        "I want to go to a b c d school.",
        "We are good, see you all soon.",
        "It costs $100 or 15% of x.",
        "Press A, B, C, D or E!",
        "The room is cool and the book too.",
    ],
)
def test_plain_text_holds_no_disguised_insult(text: str) -> None:
    assert not set(document_of(text).words) & set(language().disguised)


def test_mixed_alphabets_fold_only_inside_of_a_word() -> None:
    """A Russian or Greek word is no English one, however its letters look."""
    assert "cop" not in document_of("сор и мусор").words
    assert "to" not in document_of("το σπίτι").words


# Sentences

SENTENCES = {
    "abbreviations": [
        "Dr. Smith and Mrs. Jones met at 3 p.m. and left.",
        "We sell e.g. tea, i.e. leaves etc. in bags.",
    ],
    "an abbreviation before a number": [
        "It is no. 12, No. #3 or no.4 on the list.",
        "The no. of calls was high.",
        "See fig. 2 and sec. 5 there.",
    ],
    "a word that is an abbreviation, too": ["I said no.", "You kept going.", "No.", "No."],
    "initials": ["J. K. Rowling wrote it.", "I did not."],
    "ellipsis that goes on": ["Well... you know.", "Fine."],
    "ellipsis that ends": ["Well...", "You know."],
    "one-character ellipsis": ["Well\u2026", "You know."],
    "piled-up marks": ["Really?!", "No!!", "Why???"],
    "decimals, versions, files": [
        "It costs 3.50 euros for v1.2.3 of file.txt now.",
        "Good.",
    ],
    "address": ["See https://example.org/a.html?b=1.5 for it.", "It works."],
    "mail address": ["Write to a.b@example.org today.", "We answer."],
    "full-width": ["はい\u3002", "Fine."],
    "brackets": ["It broke (again.)", "We know."],
    "i": ["So did I.", "You did not."],
    "quotation": ['He said "no".', "I left."],
}


@pytest.mark.parametrize("sentences", SENTENCES.values(), ids=SENTENCES)
def test_sentences(sentences: list[str]) -> None:
    found = sentences_of(" ".join(sentences))
    assert len(found) == len(sentences)
    for one, expected in zip(found, sentences, strict=True):
        assert expected.rstrip('.")?!\u2026') in one
        assert one.strip() in expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("- One thing\n- another thing\n* a third", 3),
        ("1. Open the page.\n2. Press it.", 2),
        ("1) open the page\n2) press it", 2),
        ("a line that is\nwrapped in the middle. And more", 2),
        ("a line that is\r\nwrapped too", 1),
        ("One paragraph\n\nanother one", 2),
        ("A title\nSome text under it", 2),
        ("No stop", 1),
        ("Stop.Without a blank", 1),
    ],
)
def test_lines(text: str, count: int) -> None:
    assert len(sentences_of(text)) == count


def test_the_parts_of_a_mail() -> None:
    found = sentences_of(LONG_MAIL)
    assert found[0] == "Hi Maria,"
    assert found[1] == "Thank you for writing, and for the photos."
    assert found[2].startswith("I can see") and "and I understand" in found[2]
    assert [line.strip(",") for line in found[-2:]] == ["Kind regards", "Tom"]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", " \n", "\r\n\r\n"])
def test_line_ends_are_no_part_of_sentences(end: str) -> None:
    assert sentences_of(f"Hello there{end}Next line.{end}Third") == [
        "Hello there",
        "Next line.",
        "Third",
    ]


@pytest.mark.parametrize("end", ["\r\n\r\n", "\n\n", "\n \n", "\r\r"])
def test_an_empty_line_ends_a_sentence(end: str) -> None:
    assert sentences_of(f"first of all{end}and then") == ["first of all", "and then"]
    assert len(sentences_of("first of all\r\nand then")) == 1


@pytest.mark.parametrize(
    "sentences",
    [
        ['He said "Stop. Now." and left.', "We stayed."],
        ['She asked "Really?" and I laughed.', "Then no."],
        ["I read it (all of it!) twice.", "Fine."],
        ['He said "Stop."', "Then he left."],
    ],
)
def test_no_sentence_ends_inside_of_its_quotation(sentences: list[str]) -> None:
    assert sentences_of(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "**You idiot**",
        "*You idiot*",
        "<b>You idiot</b>",
        "You <em>idiot</em>",
        "You **idiot**!",
    ],
)
def test_markup_hides_no_insult(text: str) -> None:
    assert document_of(text).words[:2] == ["you", "idiot"]
    assert analyze(text).hostility > 0.9


def test_tags_are_gaps_and_blocks_begin_sentences() -> None:
    text = '<p class="x">You are <b>late</b></p><p>again today<br/>by an hour</p>'
    assert [word for word in document_of(text).words if word in ("p", "b", "br", "class")] == []
    assert sentences_of(text) == ["You are <b>late", "again today<br/>by an hour"]
    assert document_of("<you idiot>").words[:2] == ["you", "idiot"]


@pytest.mark.parametrize(
    "text",
    ["> You idiot", "`x = 1`", "https://example.org/a", "<code>you idiot</code>", "> a\n\n`b`"],
)
def test_without_own_words_there_is_nothing_to_score(text: str) -> None:
    assert document_of(text).sentences == []
    assert analyze(text).scores == (0.0, 0.0, 0.0)


def test_a_sentence_knows_its_mark() -> None:
    marks = [part.mark for part in document_of("Yes. Is it?! No!! Fine... Ok").sentences]
    assert marks == [".", "?", "!", ".", "."]


@pytest.mark.parametrize(
    "text",
    [
        'He said "no." I left.',
        "Write to ann@example.org. We answer.",
        "See https://example.org/a. It works.",
    ],
)
def test_what_is_masked_does_not_hide_the_end_of_a_sentence(text: str) -> None:
    assert len(sentences_of(text)) == 2


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("You are an **idiot** and I mean it.", "idiot", ["idiot"]),
        ("You are an *idiot* and I mean it.", "idiot", ["idiot"]),
        ("You a$$hole.", "arsehole", ["a$$hole"]),
    ],
)
def test_stars_of_emphasis_and_signs_for_letters(
    text: str, word: str, expected: list[str]
) -> None:
    assert said(text, word) == expected


# What is known to fail

LIMITS = cases("known_limits.toml")


@pytest.mark.xfail
@pytest.mark.parametrize("case", LIMITS["words"], ids=lambda case: case["text"])
def test_known_limits_of_words(case: dict[str, Any]) -> None:
    assert said(case["text"], case["word"]) == case["found"]


# Quotations

QUOTED = {
    "mail": "> {}\nThat hurt me.",
    "nested mail": ">> {}\n> ok\nThat hurt me.",
    "indented mail": "  > {}\nThat hurt me.",
    "announced mail": "On Mon, 3 Mar 2025 at 10:00, Ann wrote:\n> {}\n\nThat hurt me.",
    "mail below": "That hurt me.\n\nOn Mon, 3 Mar 2025, Ann <a@b.org> wrote:\n{}",
    "mail below a header": "From: A\nTo: B\n\nThat hurt me.\n\nOn 3 May, Cleo wrote:\n{}",
    "two headers and an address": "That hurt me.\n\n*From:* a@b.org\n*To:* Bo\n\n{}",
    "the reader's own words": "On Monday you wrote:\n{}.\n\nThat hurt me.",
    "original message": "That hurt me.\n\n-----Original Message-----\nFrom: Ann\n{}",
    "headers": "That hurt me.\n\nFrom: Ann <a@b.org>\nSent: Monday\nSubject: hi\n\n{}",
    "double quotes": 'She said "{}" and that hurt me.',
    "curly quotes": "She said \u201c{}\u201d and that hurt me.",
    "low quotes": "She said \u201e{}\u201c and that hurt me.",
    "angle quotes": "She said \u00ab{}\u00bb and that hurt me.",
    "single quotes": "She said '{}' and that hurt me.",
    "curly single quotes": "She said \u2018{}\u2019 and that hurt me.",
    "speech first": '"{}," she said, and that hurt me.',
    "code fence": "That hurt me. The log says:\n```\n{}\n```\n",
    "code": "The log says `{}` and that hurt me.",
    "address": "It stands on https://example.org/{} for all to see.",
}
ANGER = ("you are a useless idiot", "you're an idiot!", "shut up, you are pathetic")


@pytest.mark.parametrize("anger", ANGER)
@pytest.mark.parametrize("frame", QUOTED.values(), ids=QUOTED)
def test_quoted_anger_is_not_the_writers(frame: str, anger: str) -> None:
    if "https:" in frame:
        anger = anger.replace(" ", "-")
    text = frame.format(anger)
    quoted = range(text.index(anger), text.index(anger) + len(anger))
    analysis = analyze(text)
    for item in analysis.evidence:
        if not item.rule.startswith("context/"):
            assert item.span.start not in quoted, item
    assert analysis.hostility < 0.5 < analyze(anger).hostility


OWN = {
    "a header of one's own": "From: ann@b.org\nTo: bo@b.org\nSubject: Hi\n\n{}",
    "stored mail": "Received: from a\n by b\nMIME-Version: 1.0\nFrom: a@b.org\nTo: Bo\n\n{}",
    "what I wrote": "Hi Sam,\n\nOn Monday I wrote:\nPlease send the file.\n\n{}",
    "below what you wrote": "On 3 May you wrote:\nNo.\n\n{}",
    "below what somebody wrote": "On 3 May the office wrote:\nNo.\n\n{}",
    "words like headers": "Dear all,\n\nFrom: 1 May we close.\nTo: enter, ring.\n\n{}",
}


@pytest.mark.parametrize("anger", ANGER)
@pytest.mark.parametrize("frame", OWN.values(), ids=OWN)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_anger_near_headers_is_the_writers(frame: str, anger: str, line_end: str) -> None:
    text = frame.format(anger).replace("\n", line_end)
    assert analyze(text).hostility > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "A quotation stands here. <!-- calmtone: ignore[hostility/you-idiot] -->",
        "calmtone: ignore[you-idiot, shut-up]",
        "See hostility/you-idiot for more on how it is found.",
        "The class you-idiot is set in the style sheet.",
    ],
)
def test_names_of_rules_are_no_insults(analyzer: Analyzer, text: str) -> None:
    assert analyzer.analyze(text).hostility < 0.3
    assert not any("idiot" in item.rule for item in analyzer.analyze(text).evidence)


@pytest.mark.parametrize("text", ["You-idiot!", "Please ignore that, you idiot."])
def test_insults_like_names_of_rules(text: str) -> None:
    assert analyze(text).hostility > 0.5


def test_quoted_apostrophes_do_not_end_speech() -> None:
    text = "She said 'you're an idiot and I don't care' and that hurt me."
    assert said(text, "idiot") == []
    assert said(text, "hurt") == ["hurt"]


@pytest.mark.parametrize(
    "text",
    [
        'Your "apology" is a joke, you idiot.',
        "Your 'apology' is a joke, you idiot.",
        "Your \u201capology\u201d is a joke, you idiot.",
    ],
)
def test_scare_quotes_stay_the_writers(text: str) -> None:
    assert said(text, "apology") == ["apology"]
    assert said(text, "idiot") == ["idiot"]


def test_a_reported_word_is_not_the_writers() -> None:
    assert said('They called me "stupid" again.', "stupid") == []
    assert said("They called me 'stupid' again.", "stupid") == []


def test_a_text_in_quotation_marks_is_read() -> None:
    assert said('"You are an idiot."', "idiot") == ["idiot"]


def test_a_text_in_ticks_is_read_and_code_is_not() -> None:
    assert said("` You are an idiot. `\n", "idiot") == ["idiot"]
    assert said("`You are an idiot.` That is all it says.", "idiot") == []
    assert said("```\nYou are an idiot.\n```", "idiot") == []


def test_apostrophes_are_no_quotation_marks() -> None:
    text = "I can't say it's Tom's fault, and you're an idiot 'cause of the boys' jokes."
    assert said(text, "idiot") == ["idiot"]
    assert said("'Cause you're an idiot, that's why.", "idiot") == ["idiot"]


def test_an_inch_mark_or_a_lone_quote_masks_nothing() -> None:
    assert said('The 5" screen is yours, idiot.', "idiot") == ["idiot"]
    assert said("5 > 3, you idiot", "idiot") == ["idiot"]


def test_masking_keeps_what_stands_around() -> None:
    text = "That hurt.\n> you idiot\n> really\nPlease stop, Ann."
    assert said(text, "hurt") == ["hurt"]
    assert said(text, "stop") == ["stop"]


# Anything at all

PIECES = (
    *(" ", "\n", "\r\n", "\t", ". ", "? ", "! ", "...", "\u2026", ", ", "-", "- ", "* ", "1. "),
    *("'", '"', "\u2019", "\u201c", "\u201d", "`", "```", "> ", "|", "_", "*", "$", "@", "#"),
    *("you", "are", "an", "idiot", "I", "don't", "sorry", "but", "stupid", "NEVER", "READ"),
    *("i d i o t", "f***", "https://a.bc/d?e", "a@b.cd", "@ann", "Dr.", "3.5", "1d10t"),
    *("On 3 May, Ann wrote:\n", "To: a@b.c\n", "you-idiot", "calmtone: ignore[a-b]", "\n\n"),
    *("On Monday, Ann wrote:", "From: Ann\nTo: Bob", "-- Original Message --", "said"),
    *("\u200b", "\u200d", "\u0301", "\ufeff", "\u202e", "\xad", "\x00", "\x1b", "\x85"),
    *("\u2028", "\ud800", "\udfff", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9"),
    *(
        "ß",
        "İ",
        "ı",
        "ŉ",
        "ﬁ",
        "\u1e9e",
        "Ω",
        "\u043f\u0440\u0438\u0432\u0435\u0442",
        "\u4f60\u597d",
        "\u0645\u0631\u062d\u0628\u0627",
    ),
)
anything = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join),
)


@given(anything)
def test_any_text_can_be_read(text: str) -> None:
    document = document_of(text)
    assert document.text == text
    is_consistent(document)


@given(anything)
def test_any_text_can_be_analysed(text: str) -> None:
    analysis = analyze(text)
    spans = [item.span for item in analysis.evidence]
    spans += [sentence.span for sentence in analysis.sentences]
    spans += [hint.span for hint in analysis.hints if hint.span]
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip()
    assert all(one.span.end <= other.span.start for one, other in pairwise(analysis.sentences))
    assert list(analysis.evidence) == sorted(analysis.evidence, key=lambda item: item.span)
    assert all(0 <= score <= 1 for score in analysis.scores)


def utf_16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf_8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


@given(anything)
def test_offsets_are_those_of_the_encoded_text(text: str) -> None:
    analysis = analyze(text + " You are an idiot \U0001f622, and you are stupid.")
    plain = analysis.to_dict()
    assert plain["offsets"] == "codepoint"
    assert OFFSETS == ("codepoint", "utf-16", "utf-8")
    for unit, length in (("utf-16", utf_16), ("utf-8", utf_8)):
        encoded = analysis.to_dict(offsets=unit)
        assert encoded["offsets"] == unit
        for kind in ("hints", "evidence", "sentences"):
            for one, other in zip(plain[kind], encoded[kind], strict=True):
                assert (one["span"] is None) == (other["span"] is None)
                for side in one["span"] or ():
                    prefix = analysis.text[: one["span"][side]]
                    assert other["span"][side] == length(prefix)
            for entry in encoded[kind]:
                entry.pop("span")
            for entry in plain[kind]:
                entry.pop("span")
        assert {**encoded, "offsets": ""} == {**plain, "offsets": ""}
        plain = analysis.to_dict()


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="'bytes' is none of codepoint, utf-16, utf-8"):
        analyze("Fine.").to_dict(offsets="bytes")


MONSTERS = {
    "no blank": "a" * 100_000,
    "one vowel": "o" * 100_000,
    "stops": "." * 100_000,
    "marks": "?!" * 50_000,
    "blanks": " " * 99_990 + "you idiot",
    "newlines": "\n" * 99_990 + "you idiot",
    "apostrophes": "'" * 100_000,
    "quotes": '"' * 100_000,
    "single quotes": " 'a" * 33_000,
    "backticks": "`" * 99_999,
    "stars": "*" * 100_000,
    "dollars": "a$" * 50_000,
    "hearts": "\u2764\ufe0f" * 50_000,
    "letters": "a " * 50_000,
    "dotted letters": "i." * 50_000,
    "brackets": "<" * 50_000 + ">" * 50_000,
    "mail": "> a\n" * 25_000,
    "headers": "from: a\n" * 12_500,
    "wrote": "on monday, a wrote:\n" * 5_000,
    "blocks": "from: a@b\nto: b\n\n" * 5_000,
    "ignored": "calmtone: ignore[" * 5_800,
    "slugs": "you-" * 25_000,
    "dashes": "-" * 100_000,
    "at": "a@" * 50_000,
    "accents": "e" + "\u0301" * 99_999,
    "mixed alphabets": "a\u0430" * 50_000,
    "surrogates": "\ud800" * 100_000,
    "insults": "you are an idiot " * 5_882,
    "gaps": "sorry but if you had only " * 3_846,
    "no": "no not never " * 7_692,
}


@pytest.mark.parametrize("text", MONSTERS.values(), ids=MONSTERS)
def test_long_monsters_are_read(analyzer: Analyzer, text: str) -> None:
    assert len(text) <= analyzer.max_chars
    is_consistent(document_of(text))
    [row] = analyzer.score_batch([text]).tolist()
    assert dict(zip(DIMENSIONS, row, strict=True)).keys() == set(DIMENSIONS)
    assert all(0 <= score <= 1 for score in row)


REPEATED = {
    "insults": "You idiot. ",
    "excuses": "That is not our fault. ",
    "insults in one sentence": "you are an idiot, ",
    "marks": "what?! ",
    "shouts": "READ THIS NOW ",
    "stars": "st*pid f*** ",
    "kindness": "I can see how hard this is for you. ",
    "quotations": 'He said "you are an idiot" and left. ',
    "a word and an at sign": "a",
}


@pytest.mark.parametrize("text", REPEATED.values(), ids=REPEATED)
def test_repetitions_are_analysed(analyzer: Analyzer, text: str) -> None:
    long = text * (5_000 // len(text)) + " @a!"
    analysis = analyzer.analyze(long)
    assert analysis.text == long
    assert analysis.sentences[-1].span.end <= len(long)
    assert all(0 <= score <= 1 for score in analysis.scores)


@pytest.mark.parametrize("text", [*TEXTS, *BLANKS])
def test_ordinary_texts_are_consistent(text: str) -> None:
    is_consistent(document_of(text))


def test_the_shipped_examples_are_consistent() -> None:
    for text in rule_examples():
        is_consistent(document_of(text))
