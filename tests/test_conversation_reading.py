"""Mail, pasted threads and chat exports to messages; nothing lost on the way."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmtone import (
    InputError,
    Message,
    Thread,
    analyze_conversation,
    parse_thread,
    read_thread,
)
from calmtone.conversations.htmltext import html_to_text
from calmtone.conversations.quoting import person
from calmtone.conversations.times import parse_time

MAIL = Path(__file__).parent / "cases" / "mail"


def said(thread: Thread) -> list[tuple[str | None, str]]:
    return [(message.author, message.text) for message in thread.messages]


def left_out(thread: Thread, kind: str) -> list[str]:
    return [part.text for part in thread.left_out if part.kind == kind]


def mail_of(text: str, **headers: str) -> EmailMessage:
    mail = EmailMessage()
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


# Stored mail


def test_a_mail_with_its_history() -> None:
    thread = read_thread(MAIL / "gmail.eml")
    assert said(thread) == [
        ("Shop", "Your order 4711 has shipped."),
        ("Dana Doe", "Where is my parcel? It should be here\nsince Monday."),
        ("Order Desk", "Hi Dana,\n\nI\u2019m so sorry. A new one is on its way."),
    ]
    assert thread.subject == "Order 4711"
    first, second, third = thread.messages
    assert (second.answers, third.answers) == (first.id, second.id)
    assert str(second.time) == "2025-03-03 10:12:00+01:00"
    assert left_out(thread, "attachment") == ["label.pdf (application/pdf, 9 bytes)"]
    assert left_out(thread, "signature") == ["--\nOrder Desk\nCustomer care"]
    assert {part.message for part in thread.left_out if part.kind == "attachment"} == {2}


def test_html_mail_of_another_program() -> None:
    thread = read_thread(MAIL / "outlook.eml")
    assert said(thread) == [
        ("Dana Doe", "Where is my parcel? It should be here since Monday."),
        ("Order Desk", "Hi Dana,\n\nI\u2019m so sorry. A new one is on its way."),
        ("Dana Doe", "Thank you, that helps.\n\nSorry for shouting & all."),
    ]
    assert left_out(thread, "hidden") == ["preheader text"]
    assert left_out(thread, "signature") == ["Dana Doe +44 123"]
    assert left_out(thread, "image") == ["https://track.example/x.gif"]


@pytest.mark.parametrize("names", [("gmail", "outlook"), ("outlook", "gmail")])
def test_mails_that_quote_each_other_are_one_thread(names: tuple[str, str]) -> None:
    thread = read_thread(*(MAIL / f"{name}.eml" for name in names))
    assert sorted(text[:12] for _, text in said(thread)) == [
        *("Hi Dana,\n\nI\u2019", "Thank you, t", "Where is my ", "Your order 4"),
    ]
    assert len(left_out(thread, "quote")) == 2
    conversation = analyze_conversation(thread)
    assert [turn.speaker for turn in conversation.turns] == [
        *("Shop", "Dana Doe", "Order Desk", "Dana Doe"),
    ]
    assert [turn.answers for turn in conversation.turns] == [None, 0, 1, 2]


def test_a_mail_that_is_there_twice_counts_once() -> None:
    thread = read_thread(MAIL / "gmail.eml", MAIL / "gmail.eml")
    assert len(thread.messages) == 3
    assert left_out(thread, "duplicate") == ["Re: Order 4711 <m2@mail.example.com>"]


def test_mbox() -> None:
    one = mail_of("Where is it?", From="dana@example.com", Message_ID="<a@x>", Date="")
    other = mail_of("From here on, all is well.\n", From="desk@shop.example")
    other["In-Reply-To"] = "<a@x>"
    data = b"".join(
        b"From x Mon Mar  3 10:00:00 2025\n"
        + re.sub(rb"(?m)^From ", b">From ", bytes(mail))
        + b"\n"
        for mail in (one, other)
    )
    thread = parse_thread(data)
    assert said(thread) == [
        ("dana@example.com", "Where is it?"),
        ("desk@shop.example", "From here on, all is well."),
    ]
    assert thread.messages[1].answers == "<a@x>"


def test_a_folder_of_mails(tmp_path: Path) -> None:
    for number in (2, 1):
        text = f"Message {number}"
        date = f"Mon, 3 Mar 2025 1{number}:00:00 +0000"
        mail = mail_of(text, From=f"p{number}@example.com", Date=date)
        (tmp_path / f"{number}.eml").write_bytes(bytes(mail))
    assert [text for _, text in said(read_thread(tmp_path))] == ["Message 1", "Message 2"]
    with pytest.raises(InputError, match=r"without \.eml files"):
        (tmp_path / "empty").mkdir()
        read_thread(tmp_path / "empty")


def test_attachments_of_all_kinds_are_listed() -> None:
    inner = mail_of("Inside.", Subject="Forwarded", From="a@example.com")
    mail = mail_of("See below.", From="b@example.com", Subject="Docs")
    mail.add_attachment(b"12345", maintype="image", subtype="png", filename="shot.png")
    mail.add_attachment("a,b\n", subtype="csv", filename="t\u00e4ble.csv")
    mail.add_attachment("notes", filename="notes.txt")
    mail.add_attachment(inner)
    thread = parse_thread(bytes(mail))
    assert said(thread) == [("b@example.com", "See below.")]
    assert left_out(thread, "attachment") == [
        "shot.png (image/png, 5 bytes)",
        "t\u00e4ble.csv (text/csv, 4 bytes)",
        "notes.txt (text/plain, 6 bytes)",
        "mail \u201cForwarded\u201d (message/rfc822)",
    ]


def test_a_mail_with_nothing_but_an_attachment_is_kept() -> None:
    mail = mail_of("", From="b@example.com", Subject="Scan")
    mail.add_attachment(b"1", maintype="application", subtype="pdf", filename="scan.pdf")
    thread = parse_thread(bytes(mail))
    assert said(thread) == [("b@example.com", "")]
    conversation = analyze_conversation(thread)
    assert [turn.counted for turn in conversation.turns] == [False]
    assert "no words" in conversation.notes[0]


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (b"text/plain; charset=x-unheard-of", b"caf\xc3\xa9", "caf\u00e9"),
        (b"text/plain; charset=utf-8", b"caf\xe9", "caf\u00e9"),
        (b"text/plain; charset=iso-8859-1", b"caf\xe9", "caf\u00e9"),
        (b"text/plain", b"", ""),
        (b"multipart/mixed", b"no boundary", None),
        (b"text/html", b"<p>a<p>b", "a\n\nb"),
        (b"text/plain; format=flowed", b"one \ntwo\n> q \n> r", "one two"),
    ],
)
def test_odd_bodies_are_read(head: bytes, body: bytes, text: str | None) -> None:
    data = b"From: a@example.com\nMessage-ID: <1@x>\nContent-Type: " + head + b"\n\n" + body
    thread = parse_thread(data)
    assert thread.messages[-1].author == "a@example.com"
    assert text is None or thread.messages[-1].text == text
    if b"flowed" in head:
        assert thread.messages[0].text == "q r"


def test_headers_that_are_not_well_formed() -> None:
    data = (
        b"From: =?utf-8?q?J=C3=B6?= <jo@example.com\nDate: the day before yesterday\n"
        b"Message-ID: no brackets\nSubject: =?x-none?q?a?=\nTo: <<<>>>;;\n\nHello."
    )
    [message] = parse_thread(data).messages
    assert (message.author, message.time, message.text) == ("J\u00f6", None, "Hello.")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_mail_reader(data: bytes) -> None:
    thread = parse_thread(b"From: a@example.com\nMIME-Version: 1.0\n" + data, kind="mail")
    assert thread.messages


# Pasted mail


def test_pasted_blocks_of_headers() -> None:
    thread = read_thread(MAIL / "pasted.txt")
    assert said(thread) == [
        ("CI", "Release 4.2 failed."),
        ("Kim", "Why did the release fail?\nWho is on it?"),
        ("Robin", "I did everything right. Ask ops, not me."),
    ]
    assert thread.subject == "Release"
    assert len(left_out(thread, "header")) == 3


@pytest.mark.parametrize(
    ("line", "author", "time"),
    [
        ("On Mon, 3 Mar 2025 at 10:12, Ann <ann@example.com> wrote:", "Ann", (3, 10)),
        ("On Mar 3, 2025, at 10:12 AM, Ann Doe wrote:", "Ann Doe", (3, 10)),
        ("On 2025-03-03 10:12, Ann wrote:", "Ann", (3, 10)),
        ("On 23/03/2025 10:12, Ann wrote:", "Ann", (23, 10)),
        ('On 3/3/25, 10:12 PM, "Ann" <ann@example.com> wrote:', "Ann", (3, 22)),
        ("On 03/04/2025 10:12, Ann wrote:", "Ann", None),
        ("On Mon, 3 Mar 2025 at 10:12\n<ann@example.com> wrote:", "ann@example.com", (3, 10)),
        (
            "On Monday, 3 March 2025 at 10:12, Ann Doe\n<ann@example.com>\nwrote:",
            "Ann Doe",
            (3, 10),
        ),
        ("On Monday, Ann wrote:", "Ann", None),
        (
            "On Monday, March 3, 2025 at 10:12:00 AM GMT+1, Ann <ann@example.com> wrote:",
            "Ann",
            (3, 10),
        ),
        ("Ann Doe <ann@example.com> wrote:", "Ann Doe", None),
        ("Ann wrote:", "Ann", None),
        ("ann@example.com writes:", "ann@example.com", None),
    ],
)
def test_lines_that_announce_a_quotation(
    line: str, author: str, time: tuple[int, int] | None
) -> None:
    thread = parse_thread(f"No.\n\n{line}\n\n> May I?\n> Please.\n")
    assert said(thread) == [(author, "May I?\nPlease."), (None, "No.")]
    found = thread.messages[0].time
    assert (None if found is None else (found.day, found.hour)) == time  # type: ignore[union-attr]
    quoted = "\n".join(f"> {part}" for part in line.splitlines())
    deeper = parse_thread(
        f"Well.\n\nCem wrote:\n> No.\n>\n{quoted}\n>\n>> May I?\n>> Please.\n"
    )
    assert said(deeper) == [(author, "May I?\nPlease."), ("Cem", "No."), (None, "Well.")]


@pytest.mark.parametrize(
    "line",
    [
        "This is what he wrote:",
        "As you wrote:",
        "On the whole, I like what you wrote:",
        "I said:",
        "Note: on 3 March nobody wrote:",
        "From: the start, I was against it",
    ],
)
def test_lines_that_announce_nothing(line: str) -> None:
    assert said(parse_thread(f"Hello.\n{line}\nIt is fine.")) == [
        (None, f"Hello.\n{line}\nIt is fine.")
    ]


def test_answers_between_the_lines() -> None:
    thread = parse_thread(
        "On Monday, Ann wrote:\n> Why is it late?\nThe courier was ill.\n"
        "> When does it come?\nOn Friday.\n\nAs you wrote:\n> It is late.\nIt is."
    )
    assert said(thread) == [
        ("Ann", "Why is it late?\n\nWhen does it come?\n\nIt is late."),
        (None, "The courier was ill.\n\nOn Friday.\n\nAs you wrote:\n\nIt is."),
    ]


def test_the_writer_of_the_newest_message_can_be_named() -> None:
    thread = parse_thread("No.\n\nAnn wrote:\n> May I?", me="Ben")
    assert said(thread) == [("Ann", "May I?"), ("Ben", "No.")]
    assert said(parse_thread("Ann wrote:\n> May I?", me="Ben")) == [("Ann", "May I?")]


def test_several_people_quoted_side_by_side() -> None:
    thread = parse_thread("Ann wrote:\n> One.\n\nBen wrote:\n> Two.\n\nBoth are right.")
    assert said(thread) == [("Ann", "One."), ("Ben", "Two."), (None, "Both are right.")]


def test_bare_quotations_after_an_announcement() -> None:
    thread = parse_thread(
        "Fine.\n\nOn 4 Mar 2025, at 10:00, Kim <kim@example.com> wrote:\n\nDid you read it?\n\n"
        "On 3 Mar 2025, at 09:00, Ola wrote:\n\nRead this.\nPlease."
    )
    assert said(thread) == [
        ("Ola", "Read this.\nPlease."),
        ("Kim", "Did you read it?"),
        (None, "Fine."),
    ]


@pytest.mark.parametrize(
    "divider",
    [
        "-----Original Message-----\n",
        "---------- Forwarded message ---------\n",
        "________________________________\n",
        "",
    ],
)
def test_dividers(divider: str) -> None:
    block = (
        "From: Doe, Ann [mailto:ann@example.com]\nSent: Monday, 3 March 2025 10:12\nTo: Me\n"
    )
    text = f"No.\n\n{divider}{block}Subject: RE: Cake\n\nMay I?"
    thread = parse_thread(text)
    assert said(thread) == [("Ann Doe", "May I?"), (None, "No.")]
    assert thread.subject == "Cake"
    assert thread.messages[0].time == datetime(2025, 3, 3, 10, 12)
    everything = "\n".join(
        [part.text for part in thread.left_out] + [message.text for message in thread.messages]
    )
    assert set(text.split()) <= set(everything.split())


def test_signatures() -> None:
    thread = parse_thread(
        "Yes.\n--\nAnn\nPhone 12\n\nOn Monday, Ben wrote:\n> Now?\n>\n> Sent from my phone\n"
    )
    assert said(thread) == [("Ben", "Now?"), (None, "Yes.")]
    assert left_out(thread, "signature") == ["Sent from my phone", "--\nAnn\nPhone 12"]
    long = "A.\n--\n" + "\n".join(f"Line {number}." for number in range(40))
    assert said(parse_thread(long)) == [(None, long)]
    own = "I got your letter.\n\nSent from my desk it was late.\n\nSee you."
    assert said(parse_thread(own)) == [(None, own)]


def test_quoted_times_after_the_mail_are_not_believed() -> None:
    mail = mail_of(
        "No.\n\nOn 5 Mar 2025 at 10:12, Ann wrote:\n> May I?",
        From="b@example.com",
        Date="Mon, 3 Mar 2025 10:00:00 +0000",
    )
    thread = parse_thread(bytes(mail))
    assert [message.time is None for message in thread.messages] == [True, False]
    assert "later than the mail" in thread.notes[0]
    assert [turn.speaker for turn in analyze_conversation(thread).turns] == [
        "Ann",
        "b@example.com",
    ]


def test_deep_and_long_threads_take_linear_time() -> None:
    deep = "\n".join(f"{'>' * depth} line {depth}" for depth in range(3_000))
    assert len(parse_thread(deep).messages) == 61
    chain = "Yes.\n" + "On 3 Mar 2025, at 09:00, Ann wrote:\n\nYes?\n\n" * 2_000
    assert sum(text.startswith("Yes?") for _, text in said(parse_thread(chain))) >= 1


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


PIECES = (
    *(
        "Hello there.",
        "",
        "> quoted words",
        ">> deeper words",
        "> ",
        "--",
        "On Monday, Ann wrote:",
    ),
    *(
        "-----Original Message-----",
        "From: Ann",
        "Sent: 3 March 2025",
        "To: Ben",
        "Subject: Hm",
    ),
    *(
        "On 3 Mar 2025, Ben wrote:",
        "Sent from my phone",
        "You said:",
        "plain words",
        "____________",
    ),
)


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_no_word_of_a_pasted_thread_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    thread = parse_thread(text)
    kept = [message.text for message in thread.messages]
    kept += [part.text for part in thread.left_out]
    found = words_of(" ".join(kept))
    for word in set(words_of(text)):
        assert found.count(word) == words_of(text).count(word), (word, thread)


@pytest.mark.parametrize(
    "line",
    [
        "Am 3. März 2025 um 10:12 schrieb Ann <ann@example.com>:",
        "Le lun. 3 mars 2025 à 10:12, Ann <ann@example.com> a écrit :",
        "Von: Ann <ann@example.com>\nGesendet: 3. März 2025\nAn: Ben\nBetreff: Hm",
        "De : Ann <ann@example.com>\nEnvoyé : 3 mars 2025\nÀ : Ben\nObjet : Hm",
    ],
)
def test_programs_of_other_languages_announce_quotations(line: str) -> None:
    thread = parse_thread(f"No.\n\n{line}\n\nMay I?")
    assert said(thread) == [("Ann", "May I?"), (None, "No.")]


def test_columns_are_for_exports() -> None:
    with pytest.raises(InputError, match="no chat export"):
        parse_thread("Ann: hi\nplain", columns={"text": "what"})


# HTML


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One\n\nTwo & three"),
        ("<div>One<br>Two</div>", "One\nTwo"),
        ("<ul><li>One<li>Two</ul>", "- One\n- Two"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n\n> > b\n\nc"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<script>evil()</script>a<style>b{}</style>", "a"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("</p></div>odd", "odd"),
        ("", ""),
    ],
)
def test_html_as_text(html: str, text: str) -> None:
    shown = re.sub(r"(?m)^[> ]+$", "", html_to_text(html).text)
    assert shown == text


def test_what_html_hides_is_listed() -> None:
    read = html_to_text(
        '<p hidden>secret<p>shown<div style="display: none"><div>in</div>ner</div>'
        '<a href="https://example.com/x">link</a><img alt="a cat">'
        '<div class="moz-signature">-- <br>Ann</div>after'
    )
    assert read.text.split() == ["shown", "link", "after"]
    assert read.left_out == (
        ("hidden", "secret"),
        ("hidden", "in ner"),
        ("link", "https://example.com/x"),
        ("image", "a cat"),
        ("signature", "-- Ann"),
    )


ELEMENTS = (
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<blockquote>",
        "</blockquote>",
        "<br>",
        "<li>",
        "<td>",
    ),
    *("<p hidden>", '<div style="display:none">', '<div class="gmail_signature">', "<pre>"),
    *("alpha ", "beta ", "&amp; gamma ", "delta\n", "</pre>", "</td>", "<b>", "</i>", "<hr>"),
)


@given(st.lists(st.sampled_from(ELEMENTS), max_size=25))
def test_no_word_of_a_page_is_lost(pieces: list[str]) -> None:
    html = "".join(pieces)
    read = html_to_text(html)
    found = words_of(" ".join([read.text, *(text for _, text in read.left_out)]))
    for word in ("alpha", "beta", "gamma", "delta"):
        assert found.count(word) == sum(word in piece for piece in pieces), read


@given(st.text(alphabet="<>/ab=\"' pdivblockquote!-&;", max_size=80))
def test_no_html_breaks_the_reader(html: str) -> None:
    html_to_text(html)


def test_a_saved_page_is_read_as_a_thread(tmp_path: Path) -> None:
    page = tmp_path / "mail.html"
    page.write_text(
        "<html><body><p>No.</p><p>Ann wrote:</p><blockquote>May I?</blockquote></body></html>"
    )
    assert said(read_thread(page)) == [("Ann", "May I?"), (None, "No.")]


# Copied chats


@pytest.mark.parametrize(
    "text",
    [
        "Ann: Who broke it?\nBen: Not me.\nIt was red before.",
        "[10:12] Ann: Who broke it?\n[10:13] Ben: Not me.\nIt was red before.",
        "Ann (10:12): Who broke it?\nBen (10:13): Not me.\nIt was red before.",
        "23/03/2025, 10:12 - Ann: Who broke it?\n"
        "23/03/2025, 10:13 - Ben: Not me.\nIt was red before.",
        "10:12 <Ann> Who broke it?\n10:13 <Ben> Not me.\nIt was red before.",
        "**Ann**: Who broke it?\n**Ben:** Not me.\nIt was red before.",
        "10:12:33 From Ann to Everyone: Who broke it?\n"
        "10:12:40 From Ben to Ann (Direct Message): Not me.\nIt was red before.",
        "Ann  10:12 AM\nWho broke it?\n\nBen  10:13 AM\nNot me.\nIt was red before.",
        "[10:12 AM] Ann\nWho broke it?\n[10:13 AM] Ben\nNot me.\nIt was red before.",
        "Ann [10:12 AM]\nWho broke it?\nBen [10:13 AM]\nNot me.\nIt was red before.",
        "Ann — 23/03/2025 10:12\nWho broke it?\n"
        "Ben — 23/03/2025 10:13\nNot me.\nIt was red before.",
        "Ann (dev) [2025-03-23 10:12]: Who broke it?\nBen (ops): Not me.\nIt was red before.",
    ],
)
def test_chats_copied_out_of_a_window(text: str) -> None:
    thread = parse_thread(text)
    assert said(thread) == [("Ann", "Who broke it?"), ("Ben", "Not me.\nIt was red before.")]
    if "2025" in text:
        assert thread.messages[0].time == datetime(2025, 3, 23, 10, 12)
    if "(dev)" in text:
        assert [message.role for message in thread.messages] == ["dev", "ops"]


def test_an_export_of_a_phone() -> None:
    day = "23/03/2025"
    thread = parse_thread(
        f"{day}, 10:11 - Messages and calls are end-to-end encrypted.\n"
        f"{day}, 10:12 - Ann Lee: Who broke it?\n"
        f"{day}, 10:13 - Ann Lee added Cleo\n"
        f"{day}, 10:14 - Ben: Not me.\nAt 10:10 it was red.\n"
        f"{day}, 10:15 - Ben: <Media omitted>"
    )
    assert said(thread) == [
        ("Ann Lee", "Who broke it?"),
        ("Ben", "Not me.\nAt 10:10 it was red."),
    ]
    assert len(left_out(thread, "event")) == 2
    assert left_out(thread, "attachment") == ["Ben: <Media omitted>"]


def test_what_happens_in_a_channel_is_no_message() -> None:
    thread = parse_thread(
        "10:12 <Ann> Who broke it?\n10:13 * Ann waves\n10:13 -!- Cleo has joined\n"
        "10:14 <Ben> Not me.\n* a point"
    )
    assert said(thread) == [("Ann", "Who broke it?"), ("Ben", "Not me.\n* a point")]
    assert left_out(thread, "event") == ["10:13 * Ann waves", "10:13 -!- Cleo has joined"]


def test_lines_above_a_chat_are_listed() -> None:
    thread = parse_thread("Hi all, see below.\n\nAnn: Who?\nBen: Not me.\nAnn: Who then?")
    assert [message.author for message in thread.messages] == ["Ann", "Ben", "Ann"]
    assert left_out(thread, "preface") == ["Hi all, see below."]


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("Ann\n9:12\nWho broke it?\nBen\n9:13\nNot me.", True),
        ("Hello\nAnn: hi\nBen: hi", True),
        ("Plan\n\nMonday  10:00\nTuesday  12:30", True),
        ("Hello there,\n\nI'll call you at 10:00.\n\nBest, Ann", False),
    ],
)
def test_a_chat_without_speakers_is_noted(text: str, noted: bool) -> None:
    thread = parse_thread(text)
    assert len(thread.messages) == 1
    assert any("no speakers" in note for note in thread.notes) == noted


def test_times_of_day_alone_are_fine() -> None:
    assert parse_thread("[10:12] Ann: hi\n[10:13] Ben: yes").notes == ()


@pytest.mark.parametrize(
    "row",
    [
        {"user": "Cleo", "subtype": "channel_join", "text": "has joined the channel"},
        {"user": "Cleo", "type": "service", "text": "changed the topic"},
        {"user": "Cleo", "text": "This message was deleted"},
    ],
)
def test_rows_that_nobody_wrote_are_left_out(row: dict[str, str]) -> None:
    rows = [{"user": "Ann", "type": "message", "text": "Hello."}, row]
    thread = parse_thread("\n".join(map(json.dumps, rows)), kind="jsonl")
    assert said(thread) == [("Ann", "Hello.")]
    assert len(left_out(thread, "event")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Note: this is late.\nPS: sorry.",
        "Problem: none.\nCause: x",
        "Ann: hello",
        "Hello\nAnn: hi\nBen: hi",
        "",
    ],
)
def test_texts_that_are_no_chat(text: str) -> None:
    assert [message.author for message in parse_thread(text).messages] == [None] * bool(text)


# Chat exports


def test_csv_with_the_usual_columns() -> None:
    data = (
        '\ufeffauthor,role,time,message\nAnn,dev,2025-03-03T10:12:00Z,"Who,\nwhy?"\nBen,,,Me.\n'
    )
    thread = parse_thread(data, kind="csv")
    assert thread.messages == (
        Message("Who,\nwhy?", "Ann", "dev", datetime(2025, 3, 3, 10, 12, tzinfo=UTC)),
        Message("Me.", "Ben"),
    )


def test_columns_are_found_in_any_case() -> None:
    thread = parse_thread("Created At,From,Body\n2025-03-03,Ann,Hi\n", kind="csv")
    assert thread.messages == (Message("Hi", "Ann", None, datetime(2025, 3, 3)),)


def test_columns_can_be_named() -> None:
    data = "who,what\nAnn,Hi\n"
    thread = parse_thread(data, kind="csv", columns={"author": "who", "text": "what"})
    assert said(thread) == [("Ann", "Hi")]
    with pytest.raises(InputError, match="no column 'whom' among 'who', 'what'"):
        parse_thread(data, kind="csv", columns={"author": "whom"})
    with pytest.raises(InputError, match=r"no 'text', .* among 'who', 'what'.*--text-column"):
        parse_thread(data, kind="csv")
    with pytest.raises(InputError, match=r"no 'whom' among 'text': .*--author-column"):
        parse_thread('{"text": "Hi."}', kind="jsonl", columns={"author": "whom"})
    with pytest.raises(ValueError, match="columns names 'texts'"):
        parse_thread(data, kind="csv", columns={"texts": "what"})
    with pytest.raises(ValueError, match="kind='xml' is none of mail, text"):
        parse_thread(data, kind="xml")


ROWS: list[object] = [
    {
        "user": "U1",
        "text": "Build is red.",
        "ts": "1741000000.000100",
        "thread_ts": "1741000000.000100",
    },
    {
        "user": "U2",
        "text": "Not me.",
        "ts": "1741000060.000200",
        "thread_ts": "1741000000.000100",
    },
    {"subtype": "channel_join", "user": "U3", "ts": "1741000070.000300"},
    {"user": "U1", "text": "", "files": [{"name": "log.txt"}], "ts": "1741000080.000300"},
    {"user": {"name": "Cem"}, "text": "Together?", "files": ["/a/b.png"], "ts": "1741000090.0"},
    {"user": "U1", "text": "Yes.", "ts": "1741000095.000300", "thread_ts": "1741000000.000100"},
]


@pytest.mark.parametrize("kind", ["jsonl", "json"])
def test_exports_of_team_chats(kind: str) -> None:
    if kind == "json":
        data = json.dumps({"messages": [*ROWS, 3]})
    else:
        data = "\n".join([*map(json.dumps, ROWS), "{broken", ""])
    thread = parse_thread(data, kind=kind, name="x")
    assert said(thread) == [
        *(("U1", "Build is red."), ("U2", "Not me."), ("Cem", "Together?"), ("U1", "Yes.")),
    ]
    assert [message.answers for message in thread.messages] == [
        *(None, "1741000000.000100", None, "1741000060.000200"),
    ]
    assert [len(left_out(thread, kind)) for kind in ("event", "attachment", "unreadable")] == [
        *(2, 2, 1),
    ]
    assert left_out(thread, "attachment")[1].endswith("b.png")
    conversation = analyze_conversation(thread)
    assert [turn.answers for turn in conversation.turns] == [None, 0, 1, 1]
    assert conversation.notes == ()


def test_messages_of_language_models_are_read() -> None:
    data = (
        '{"role": "user", "content": [{"type": "text", "text": "Hi."}]}\n'
        '{"role": "bot", "content": "Hello."}'
    )
    thread = parse_thread(data, kind="jsonl")
    assert [(message.role, message.text) for message in thread.messages] == [
        ("user", "Hi."),
        ("bot", "Hello."),
    ]
    assert [turn.speaker for turn in analyze_conversation(thread).turns] == ["user", "bot"]


def test_times_that_could_mean_two_days_are_not_guessed() -> None:
    thread = parse_thread("text,time\nA,03/04/2025\nB,23/04/2025\n", kind="csv", name="x.csv")
    assert [message.time for message in thread.messages] == [None, datetime(2025, 4, 23)]
    assert "x.csv: 1 time could not be read" in thread.notes[0]


@pytest.mark.parametrize(
    ("data", "kind", "problem"),
    [
        ("", "csv", "is empty, a first line with columns is missing"),
        ('{"a": 1}', "jsonl", "no 'text', 'message', .* among 'a'"),
        ("3", "json", "no array of messages"),
        ("{", "json", "not readable JSON"),
        (b"\xff\xfe", "text", r"name:1: not UTF-8 \(0xff at byte 0\)"),
        (b"\xff\xfe", "json", "not UTF-8"),
    ],
)
def test_what_cannot_be_read_says_why(data: str | bytes, kind: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        parse_thread(data, kind=kind, name="name")


def test_csv_that_breaks_off_keeps_what_was_read() -> None:
    thread = parse_thread('text\nA\nB\n"C', kind="csv", name="x.csv")
    assert [text for _, text in said(thread)] == ["A", "B"]
    assert "x.csv:4: not valid CSV" in left_out(thread, "unreadable")[0]


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.eml: No such file"):
        read_thread(tmp_path / "none.eml")
    with pytest.raises(ValueError, match="at least one file"):
        read_thread()


# Names and times


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ann <ann@example.com>", ("Ann", "ann@example.com")),
        ('"Doe, Ann" <ANN@example.com>', ("Ann Doe", "ann@example.com")),
        ("Doe, Ann", ("Ann Doe", None)),
        ("Ann <ann@example.com<mailto:ann@example.com>>", ("Ann", "ann@example.com")),
        ("Ann [mailto:ann@example.com]", ("Ann", "ann@example.com")),
        ("ann@example.com", (None, "ann@example.com")),
        ("", (None, None)),
    ],
)
def test_people(value: str, expected: tuple[str | None, str | None]) -> None:
    assert person(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-03-03T10:12:00Z", datetime(2025, 3, 3, 10, 12, tzinfo=UTC)),
        (1741000000, datetime(2025, 3, 3, 11, 6, 40, tzinfo=UTC)),
        (1741000000000, datetime(2025, 3, 3, 11, 6, 40, tzinfo=UTC)),
        ("1741000000", datetime(2025, 3, 3, 11, 6, 40, tzinfo=UTC)),
        ("Mon, 3 Mar 2025 10:12:00 +0000", datetime(2025, 3, 3, 10, 12, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        (None, None),
        (True, None),
        (1e30, None),
        (float("nan"), None),
        ("99/99/2025", None),
    ],
)
def test_times(value: object, expected: datetime | None) -> None:
    assert parse_time(value) == expected


def test_lines_of_a_chat_that_name_nobody_are_part_of_a_message() -> None:
    lines = ["Ann: it fails", "TypeError: x is None", "Option A: revert", "Proof: the log"]
    thread = parse_thread("\n".join([*lines, "Bo: thanks"]))
    assert [message.author for message in thread.messages] == ["Ann", "Bo"]
    assert thread.messages[0].text.endswith("Proof: the log")
    timed = "2024-05-13 10:01 Ann: two ways\nEasy: wait\n2024-05-13 10:02 Bo: fine"
    assert [message.author for message in parse_thread(timed).messages] == ["Ann", "Bo"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("12/05/2024, 10:01 - Ann: hi\n12/05/2024, 10:02 - Bo: yes", "2 times"),
        ("2024-05-12 10:01 Ann: hi\n[10:13] Bo: yes", "1 time "),
    ],
)
def test_times_of_a_chat_that_name_no_day_are_noted(text: str, count: str) -> None:
    thread = parse_thread(text)
    assert len(thread.messages) == 2
    (note,) = thread.notes
    assert note.startswith(f"the chat: {count}")


def test_a_date_of_a_mail_that_cannot_be_read_is_listed() -> None:
    thread = parse_thread(
        b"From: a@example.org\nDate: soon\nSubject: x\n\nHello\n", kind="mail"
    )
    assert [(part.kind, part.text) for part in thread.left_out] == [("header", "Date: soon")]
