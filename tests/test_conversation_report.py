"""The page, the piece for notebooks, the plots, and `calmtone thread`."""

from __future__ import annotations

import io
import itertools
import json
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from support import Drawn, cases
from test_html import VOID

from calmtone import (
    Analyzer,
    ConversationAnalysis,
    Message,
    Thread,
    analyze_conversation,
    parse_thread,
)
from calmtone.cli import main
from calmtone.conversations import LeftOut
from calmtone.conversations.analyzing import numbers
from calmtone.conversations.plots import Line, course_svg
from calmtone.html import LINES
from calmtone.replies import ReplyAnalysis
from calmtone.results import DIMENSIONS, Span

pytestmark = pytest.mark.usefixtures("rules_only")


THREADS = cases("threads.toml")
MAIL = Path(__file__).parent / "cases" / "mail"


class Page(HTMLParser):
    """Checks that every element is closed; keeps elements, their attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID | {"meta"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def conversation_of(name: str, **more: Any) -> ConversationAnalysis:
    messages = tuple(
        Message(text, author or None, role or None)
        for author, role, text in THREADS[name]["messages"]
    )
    return analyze_conversation(Thread(messages, **more), analyzer=Analyzer(engine="rules"))


@pytest.fixture(scope="module")
def conversation() -> ConversationAnalysis:
    return conversation_of(
        "late-parcel",
        left_out=(LeftOut("attachment", 1, "label.pdf"), LeftOut("event", None, "joined")),
        notes=("A note.",),
        subject="Order 4711",
    )


@pytest.fixture(scope="module")
def page(conversation: ConversationAnalysis) -> Page:
    return Page(conversation.to_html())


# The page


def test_the_page_stands_by_itself(conversation: ConversationAnalysis, page: Page) -> None:
    html = conversation.to_html()
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert not {"script", "link", "iframe", "img", "object", "base"} & {
        t for t, _ in page.found
    }
    for _, attributes in page.found:
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in html
    assert "@import" not in html
    [policy] = [m["content"] for m in page.all("meta") if "http-equiv" in m]
    assert str(policy).startswith("default-src 'none'")
    assert "prefers-color-scheme: dark" in html


def test_every_link_and_label_leads_somewhere(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [str(attributes["href"])[1:] for attributes in page.all("a")]
    assert "message-6" in targets
    for _, attributes in page.found:
        targets += str(attributes.get("aria-labelledby") or "").split()
    assert set(targets) <= set(ids)


def test_headings_tables_and_pictures_have_names(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert len(page.all("caption")) == 1
    assert all(
        "aria-labelledby" in svg or svg.get("aria-hidden") == "true" for svg in page.all("svg")
    )
    assert all("scope" in th for th in page.all("th"))
    assert len([s for s in page.all("svg") if s.get("role") == "img"]) == 2 + 3


def test_the_page_says_what_was_found(page: Page) -> None:
    for said in (
        *("Order 4711", "9 messages by 3 people", "A note.", "Left out: 1 attachment"),
        "1 row without a text",
        "Message 2 (Sam): 0.",
        "Message 6 (Robin), for the better",
        "Robin, message 6, after message 5: the next answer was calmer",
        "No sign that it is needed.",
        *("▲ raises the tension", "▽ calms", "◆ turns for the better"),
        "Hostility, defensiveness and empathy over the conversation",
        "Scores of Dana",
    ):
        assert said in page.text, said
    assert len(page.all("article")) == 9
    assert "idiots (hostility)" in page.text


def test_hints_and_scores_of_every_message_are_there(
    conversation: ConversationAnalysis, page: Page
) -> None:
    for turn in conversation.turns:
        assert " ".join(turn.message.text.split())[:12] in page.text
        for hint in turn.analysis.hints:
            assert hint.message in page.text


def test_backup_stands_in_front() -> None:
    html = conversation_of("threat").to_html()
    assert html.index("Consider bringing someone in.") < html.index("At a glance")
    assert "Max threatens someone" in Page(html).text


def test_everything_is_escaped() -> None:
    evil = '"><img src=x onerror=alert(1)>\x00\ud800</style></title>'
    thread = Thread(
        (Message(f"You idiot {evil}", evil, evil), Message(evil, evil + "2")),
        (LeftOut(evil, 0, evil), LeftOut(evil, None, evil)),
        (evil,),
        evil,
    )
    found = analyze_conversation(thread, analyzer=Analyzer(engine="rules"))
    for html in (found.to_html(), found.to_html(evil), found._repr_html_()):
        assert Page(html).all("img") == []
        html.encode("utf-8")
        assert "\x00" not in html


def test_a_title_replaces_the_subject(conversation: ConversationAnalysis) -> None:
    assert '<h1 dir="auto">A &lt;b&gt;</h1>' in conversation.to_html("A <b>")
    assert "Order 4711" not in conversation.to_html("Mine")


def test_people_with_one_message_have_no_plot_of_their_own() -> None:
    messages = [Message("Hello.", f"P{at}") for at in range(5)] + [Message("Bye.", "P0")] * 2
    text = Page(analyze_conversation(messages).to_html()).text
    assert "Scores of P0" in text
    assert "Scores of P1" not in text
    assert "4 more people stand in the table below." in text


def test_what_a_message_needed_stands_with_its_answer() -> None:
    found = conversation_of("threat")
    first, second, *others = found.turns
    needs = {"acknowledge": Span(0, 4), "next-step": Span(0, 4)}
    reply = ReplyAnalysis(0.8, needs, {}, ("next-step",), {}, (), "Help me, now.")
    answered = second.analysis._replace(reply=reply)
    turns = (first._replace(heat=0.8), second._replace(analysis=answered), *others)
    text = Page(found._replace(turns=turns).to_html()).text
    assert "heat 0.80" in text
    assert text.count("What was needed here: acknowledge (done), next-step (missing).") == 1


# Notebooks


def test_notebooks_get_a_piece_with_inline_styles(conversation: ConversationAnalysis) -> None:
    html = conversation._repr_html_()
    piece = Page(html)
    assert not {"style", "script", "html", "body", "link"} & {tag for tag, _ in piece.found}
    assert not any("class" in attributes for _, attributes in piece.found)
    assert "9 messages by 3 people" in piece.text
    assert "Message 6 (Robin), for the better" in piece.text
    assert piece.text.count("hostility0.") + piece.text.count("hostility1.") == 9
    assert "color:inherit" in html


def test_notebooks_get_no_endless_page() -> None:
    found = analyze_conversation([Message("Hello.", "A")] * 60)
    assert "10 more messages: to_html() shows all." in Page(found._repr_html_()).text


# Plots


def svg(count: int, **more: Any) -> str:
    lines = [Line(name, dict.fromkeys(range(count), 0.5)) for name in DIMENSIONS]
    return course_svg(lines, count, title="T", description="D", key="k", **more)


@pytest.mark.parametrize("count", [0, 1, 2, 61, 239, 240, 241, 5_000])
def test_plots_of_any_size_stay_inside(count: int) -> None:
    drawn = svg(count, width=340, height=200)
    Page(drawn)
    for path in re.findall(r' d="M([^"HVlZ]*)"', drawn):
        for point in path.split("L"):
            x, y = map(float, point.split())
            assert 0 <= x <= 340
            assert 0 <= y <= 200
    assert len(drawn) < 60_000


def test_lines_differ_by_more_than_colour() -> None:
    drawn = svg(3)
    dashes = re.findall(
        r'stroke="(#\w+)" stroke-width="2.5".*?stroke-dasharray="([^"]*)"', drawn
    )
    assert [color for color, _ in dashes] == [LINES[name].split()[1] for name in DIMENSIONS]
    assert len({dash for _, dash in dashes}) == 3
    assert (drawn.count("<circle"), drawn.count("<rect")) == (3, 3)
    assert re.search(r'role="img" aria-labelledby="k-title k-about"', drawn)


def test_a_plot_of_many_messages_shows_means() -> None:
    values = {at: float(at % 2) for at in range(480)}
    drawn = course_svg(
        [Line("hostility", values)], 480, title="T", description="D", key="k", height=148
    )
    [path] = re.findall(r'd="M([^"]*)" stroke="#e5484d"', drawn)
    assert {point.split()[1] for point in path.split("L")} == {"75.0"}


# The command


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    path = tmp_path / "chat.jsonl"
    rows = [
        {"author": author, "role": role, "text": text}
        for author, role, text in THREADS["late-parcel"]["messages"]
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "90")
    monkeypatch.chdir(tmp_path)

    def _run(*arguments: str, stdin: bytes | None = None) -> tuple[int, str, str]:
        if stdin is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(["thread", *arguments])
        return code, *capsys.readouterr()

    return _run


def test_a_thread_is_drawn(run: Run, chat: Path) -> None:
    code, out, err = run(str(chat))
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "9 messages by 3 people."
    assert re.fullmatch(r"level {11}[▁▂▃▄▅▆▇█]{9}", lines[2])
    assert re.fullmatch(r"hostility {7}[▁▂▃▄▅▆▇█]{9}", lines[3])
    assert any(
        re.match(r"  ▲ 2  Sam    ▇{7,10}▁{0,3} [01]\.\d\d  The courier lost it", line)
        for line in lines
    )
    assert any(re.match(r" ◆▽ 6  Robin  ▁", line) for line in lines)
    assert "Turning point     Message 6 (Robin), for the better" in out
    assert "De-escalated by   Robin, message 6, after message 5" in out
    assert re.search(r"Dana \(customer\) +5 ", out)
    assert "2. Sam · answers 1\nThe courier lost it" in out
    assert "Take a breath" not in out
    assert max(map(len, lines)) <= 90


def test_ascii_and_colour(run: Run, chat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31m" in run(str(chat))[1]
    assert "\x1b" not in run(str(chat), "--no-color")[1]
    monkeypatch.delenv("FORCE_COLOR")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr("sys.stdout", stream)
    assert main(["thread", str(chat)]) == 0
    stream.seek(0)
    assert "  ^ 2  Sam    #######" in stream.read()


def test_all_messages_with_full(run: Run, chat: Path) -> None:
    assert run(str(chat))[1].count("hostility     ▁") < 9
    out = run(str(chat), "--full")[1]
    assert len(re.findall(r"^\^ hostility ", out, re.MULTILINE)) == 9


def test_the_report_is_written(run: Run, chat: Path, tmp_path: Path) -> None:
    code, out, err = run(str(chat), "--html", "report.html", "--title", "Late")
    assert (code, err) == (0, "calmtone: the report is in report.html\n")
    assert out.startswith("Late\n9 messages")
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<h1 dir="auto">Late</h1>' in html
    Page(html)
    code, out, err = run(str(chat), "--html", "other.html", "--quiet")
    assert (code, out, err) == (0, "", "")
    code, _, err = run(str(chat), "--html", "no/where.html")
    assert (code, err) == (
        2,
        "calmtone: no/where.html: the report cannot be written: No such file or directory\n",
    )


def test_json(run: Run, chat: Path) -> None:
    code, out, _ = run(str(chat), "--format", "json", "--offsets", "utf-16")
    assert code == 0
    data = json.loads(out)
    expected = analyze_conversation(parse_thread(chat.read_bytes(), kind="jsonl"))
    assert data == json.loads(expected.to_json("utf-16"))


def test_several_files_and_stdin(run: Run) -> None:
    code, out, _ = run(str(MAIL / "gmail.eml"), str(MAIL / "outlook.eml"))
    assert code == 0
    assert out.startswith("Order 4711\n4 messages by 3 people, 2 Mar 2025 to 4 Mar 2025.\n")
    assert "Left out of the messages: 4 blocks of mail headers, 1 attachment" in out
    code, out, _ = run("-", stdin=b"Ann: Hm?\nBen: Not my fault.\n")
    assert code == 0
    assert "2 messages by 2 people." in out


def test_columns_and_kinds(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("who,what\nAnn,Hello there\n")
    code, out, _ = run(
        *("a.txt", "--input", "csv", "--author-column", "who", "--text-column", "what"),
    )
    assert code == 0
    assert re.search(r"1  Ann  .* Hello there", out)


def test_rows_that_cannot_be_read_are_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Hello."}\n{broken\n')
    code, out, err = run("a.jsonl")
    assert code == 2
    assert "1 message." in out
    assert err.startswith("calmtone: a.jsonl:2: not valid JSON")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "none.txt: No such file or directory"),
        ("", "none.txt: no message found: give a mail, a chat or a thread"),
        (" \n", "none.txt: no message found: give a mail, a chat or a thread"),
    ],
)
def test_nothing_to_read(run: Run, tmp_path: Path, content: str | None, problem: str) -> None:
    if content is not None:
        (tmp_path / "none.txt").write_text(content)
    assert run("none.txt") == (2, "", f"calmtone: {problem}\n")


def test_wrong_usage(run: Run) -> None:
    assert run()[0] == 2
    assert run("--help")[0] == 0
    assert run("a", "--max-chars", "0")[0] == 2


def test_long_threads_are_cut_to_what_matters(run: Run, tmp_path: Path) -> None:
    rows = [{"text": "All is well here.", "author": f"P{at % 3}"} for at in range(300)]
    rows[150] = {"text": "You people are a joke. Shut up.", "author": "P0"}
    (tmp_path / "long.jsonl").write_text("\n".join(map(json.dumps, rows)))
    code, out, _ = run("long.jsonl")
    assert code == 0
    assert "▲ 151  P0" in out
    assert "147 more" in out
    assert "Not all messages are listed" in out
    assert len(out.splitlines()) < 60
    assert max(len(line) for line in out.splitlines() if line.startswith("level ")) <= 90


def test_long_threads_show_their_progress(
    run: Run, drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Hello there."}\n' * 300)
    assert run("a.jsonl")[0] == 0
    assert drawn.totals == []
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert run("a.jsonl")[0] == 0
    assert drawn.totals == [sum(drawn.advanced)] == [300]
    assert run("a.jsonl", "--quiet")[0] == 0
    for name in ("rich", "rich.console", "rich.progress"):
        monkeypatch.setitem(sys.modules, name, None)
    assert run("a.jsonl")[0] == 0
    assert drawn.totals == [300]


def test_the_page_on_conversations_has_the_numbers_of_the_data() -> None:
    text = (Path(__file__).parents[1] / "docs" / "conversations.md").read_text("utf-8")
    found = numbers()
    change = found["turning"]["least_change"]
    for sentence in (
        f"*Tense* is {found['tense']} or more",
        f"at least {found['step']} above the level",
        f"(tension at most {found['calm']}) and empathetic ({found['empathetic']} or more)",
        f"tense or heated ({found['heated']})",
        f"(at most {found['calm']}) and the other is not, by {change}",
        f"hostility of {found['backup']['least_threat']} or more",
        f"practice `{found['backup']['practice']}`",
    ):
        assert sentence in text, sentence
    backup = (found["backup"][key] for key in ("window", "tense_each_side", "tense_of_one"))
    assert tuple(backup) == (8, 2, 3)  # "eight", "twice each" and "three" in the text
    assert (found["weight_of_last"], found["turning"]["least_after"]) == (0.5, 2)
