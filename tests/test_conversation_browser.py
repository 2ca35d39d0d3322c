"""The report as a real browser shows it: light, dark, wide, narrow, by keyboard.

Needs the extra `browser` and a Chromium (or Chrome): one on the path, the one that
CALMTONE_BROWSER names, or playwright's own. Without them these tests are skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from support import cases

from calmtone import Analyzer, ConversationAnalysis, Message, Thread, analyze_conversation
from calmtone.conversations import LeftOut
from calmtone.html import LINES

playwright = pytest.importorskip(
    "playwright.sync_api", reason="no playwright: pip install calmtone[browser]"
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
VIEWS = {
    f"{scheme}-{width}": {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    for scheme, width in product(("light", "dark"), (1100, 340))
}

# The worst contrast of words with the ground behind them, by WCAG 2.
CONTRAST = """() => {
  const numbers = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = rgb => rgb.slice(0, 3).map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const over = (top, under) => {
    const a = top.length > 3 ? top[3] : 1;
    return [0, 1, 2].map(i => top[i] * a + under[i] * (1 - a));
  };
  const ground = node => {
    const layers = [];
    for (let at = node; at; at = at.parentElement)
      layers.push(numbers(getComputedStyle(at).backgroundColor));
    return layers.reverse().filter(layer => layer.length)
      .reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    if (node.closest('style')) continue;
    const style = getComputedStyle(node);
    const ink = node.closest('svg') && style.fill !== 'none' ? style.fill : style.color;
    const under = ground(node.closest('svg') ? node.closest('svg').parentElement : node);
    const [a, b] = [light(over(numbers(ink), under)), light(under)].sort((x, y) => y - x);
    found.push([(a + .05) / (b + .05), walker.currentNode.data.trim().slice(0, 60)]);
  }
  return found.sort((x, y) => x[0] - y[0]).slice(0, 3).concat([[found.length, 'texts']]);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser of this machine, or the test is skipped."""
    path = os.environ.get("CALMTONE_BROWSER") or next(
        filter(None, map(shutil.which, NAMES)), None
    )
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with playwright.sync_playwright() as started:
        try:
            found = started.chromium.launch(
                executable_path=path, args=["--no-sandbox"] if root else []
            )
        except playwright.Error as error:
            pytest.skip(f"no browser: install Chromium, or set CALMTONE_BROWSER ({error})")
        yield found
        found.close()


@pytest.fixture(scope="module")
def conversation() -> ConversationAnalysis:
    """Heated messages, then a person called in; with long words, markup and left-out parts."""
    rows = cases("threads.toml")["late-parcel"]["messages"]
    messages = [Message(text, author, role) for author, role, text in rows]
    messages[0] = messages[0]._replace(
        text=f"{messages[0].text} {'x' * 300} <script>alert(1)</script>"
    )
    messages += [
        Message("\u0623\u0646\u062a", "\u062e\u0627\u0644\u062f"),
        Message("If nobody shows up, you will regret it. I know where you live.", "A " * 60),
    ]
    left_out = (LeftOut("signature", 1, f"-- \n{'y' * 200}"), LeftOut("event", None, "joined"))
    thread = Thread(tuple(messages), left_out, ("A note.",), "Order 4711")
    return analyze_conversation(thread, analyzer=Analyzer(engine="rules"))


@pytest.fixture(scope="module")
def report(
    conversation: ConversationAnalysis, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(conversation.to_html(), encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=VIEWS)
def page(request: pytest.FixtureRequest, browser: Any, report: Path) -> Iterator[Any]:
    """The report in one view; what it asks for and complains of is noted."""
    found = browser.new_page(**VIEWS[request.param])
    found.asked, found.complaints = [], []
    found.on("request", lambda asked: found.asked.append(asked.url))
    found.on("console", lambda said: found.complaints.append(said.text))
    found.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.goto(report.as_uri())
    found.view = request.param
    yield found
    found.close()


def test_nothing_is_fetched_and_nothing_fails(page: Any, report: Path) -> None:
    assert page.asked == [report.as_uri()]
    assert page.complaints == []
    assert page.evaluate("document.scripts.length") == 0


def test_nothing_sticks_out(page: Any) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
    outside = page.evaluate(
        """() => [...document.querySelectorAll('article *, figure *, dl *, .notice *')]
        .filter(one => one.checkVisibility() && one.getBoundingClientRect().width > 0)
        .filter(one => one.getBoundingClientRect().right > innerWidth + 1
                       && !one.closest('mark span')).map(one => one.outerHTML.slice(0, 80))"""
    )
    assert outside == []


def test_words_can_be_read_on_their_ground(page: Any) -> None:
    *worst, (count, _) = page.evaluate(CONTRAST)
    assert count > 100
    assert worst[0][0] >= 4.5, worst
    red, green, blue = page.evaluate(
        "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)"
    )
    dark = page.view.startswith("dark")
    assert (max(red, green, blue) < 60) if dark else (min(red, green, blue) > 200)


def test_the_plots_are_drawn(page: Any) -> None:
    name = "Hostility, defensiveness and empathy over the conversation"
    plots = [one for one in page.get_by_role("img", name=name).all() if one.is_visible()]
    assert len(plots) == 1
    box = plots[0].bounding_box()
    assert box["width"] > 280
    assert box["height"] > 150
    for kind in LINES.values():
        line = plots[0].locator(f'path[stroke="{kind.split()[1]}"]')
        drawn = line.bounding_box()
        assert drawn["width"] > box["width"] / 2
        assert box["x"] <= drawn["x"]
        assert drawn["y"] + drawn["height"] <= box["y"] + box["height"] + 2
    size = plots[0].locator("text").first.evaluate("one => one.getBoundingClientRect().height")
    assert size >= 9
    assert page.get_by_role("img", name="Scores of Dana").is_visible()


def test_spans_are_marked_in_colour(page: Any) -> None:
    mark = page.locator("mark", has_text="idiots").first
    line = mark.evaluate("one => getComputedStyle(one).borderBottom")
    assert line.startswith("3px solid rgb(229, 72, 77)")
    ground = mark.evaluate("one => getComputedStyle(one).backgroundColor")
    assert ground.startswith("rgba(229, 72, 77, 0.1")


def test_screen_readers_find_their_way(page: Any) -> None:
    assert page.get_by_role("heading", level=1).all_inner_texts() == ["Order 4711"]
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert headings == [
        *("At a glance", "The course", "The people", "The messages", "Left out"),
    ]
    assert page.get_by_role("article").count() == 11
    assert page.get_by_role("article", name="2. Sam (agent)").count() == 1
    assert page.get_by_role("region", name="The people", exact=True).count() == 1
    assert page.get_by_role("rowheader", name="Dana (customer)").count() == 1
    assert page.get_by_role("note", name="Bring someone in").count() == 1


def test_no_rule_of_accessibility_is_broken(page: Any) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="no axe: pip install calmtone[browser]"
    )
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []


def test_the_keyboard_is_enough(page: Any) -> None:
    """The last test of a page, because it moves about in it."""
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the messages"
    assert focused.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#messages")
    link = page.get_by_role("link", name="Message 2").first
    link.focus()
    page.keyboard.press("Enter")
    assert page.locator(":target").get_attribute("id") == "message-2"
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open] .left-out").first.is_visible()


@pytest.mark.parametrize(("ground", "ink"), [("#111111", "#dddddd"), ("#ffffff", "#222222")])
def test_the_piece_for_notebooks(
    browser: Any, conversation: ConversationAnalysis, ground: str, ink: str
) -> None:
    page = browser.new_page(viewport={"width": 700, "height": 900})
    style = f"background:{ground};color:{ink};margin:0"
    page.set_content(f'<body style="{style}">{conversation._repr_html_()}</body>')
    *worst, (count, _) = page.evaluate(CONTRAST)
    assert count > 60
    assert worst[0][0] >= 4.5, worst
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    assert page.get_by_role("img").first.is_visible()
    page.close()


def test_a_long_report_is_shown(browser: Any, tmp_path: Path) -> None:
    words = ("Thanks, that helps.", "You people are a joke.", "It is not our fault.")
    messages = [Message(words[at % 3], f"P{at % 4}") for at in range(1_000)]
    found = analyze_conversation(messages, analyzer=Analyzer(engine="rules"))
    path = tmp_path / "long.html"
    path.write_text(found.to_html(), encoding="utf-8")
    page = browser.new_page(viewport={"width": 900, "height": 900})
    page.goto(f"{path.as_uri()}#message-1000")
    assert page.locator("#message-1000").is_visible()
    assert page.locator("#message-1000 h3").inner_text() == "1000. P3"
    assert page.locator(".large svg").get_by_text("1000").count() == 1
    page.close()
