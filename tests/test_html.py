from __future__ import annotations

from html.parser import HTMLParser

from calmtone.html import analysis_html, marked_runs, quoted
from calmtone.results import Analysis, EngineInfo, Evidence, Hint, Pause, Scores, Span

VOID = {"br"}


class Reader(HTMLParser):
    """Collects text and marks, and checks that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.marked: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag == "mark":
            self.marked.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self.open:
            self.marked[-1] += data


def analysis_of(
    text: str,
    *,
    evidence: tuple[Evidence, ...] = (),
    hints: tuple[Hint, ...] = (),
    pause: Pause | None = None,
    notes: tuple[str, ...] = (),
) -> Analysis:
    return Analysis(
        text=text,
        scores=Scores(0.52, 0.07, 1.0),
        hints=hints,
        evidence=evidence,
        sentences=(),
        pause=pause,
        engine=EngineInfo("rules", "0.1.0", None, "0", None),
        base=Scores(0.0, 0.0, 0.0),
        notes=notes,
        rule_scores=Scores(0.52, 0.07, 1.0),
        model_scores=None,
        reply=None,
    )


def read(analysis: Analysis) -> Reader:
    reader = Reader()
    reader.feed(analysis_html(analysis))
    reader.close()
    assert reader.open == []
    return reader


def insult(start: int, end: int) -> Evidence:
    return Evidence("hostility/insult", "hostility", Span(start, end), 3.0)


def test_marks_are_named_for_screen_readers() -> None:
    reader = read(analysis_of("You idiot.", evidence=(insult(4, 9),)))
    assert reader.marked == ["idiot (hostility)"]


def test_scores_are_numbers_and_bars_are_hidden() -> None:
    reader = read(analysis_of("Well."))
    assert "hostility0.52" in reader.text
    assert "empathy1.00" in reader.text
    assert reader.attributes.count(("aria-hidden", "true")) == 3


def test_everything_is_escaped() -> None:
    evil = '<img src=x onerror="alert(1)">'
    hint = Hint(evil, evil, evil, Span(0, 5), evil, (evil,), 0.1)
    reader = read(
        analysis_of(evil, notes=(evil,), pause=Pause(evil, (evil,)))._replace(
            hints=(hint._replace(dimension="hostility"),)
        )
    )
    assert ("src", "x") not in reader.attributes
    assert reader.text.count("onerror") == 8


def test_hints() -> None:
    hints = (
        Hint("a/b", "own-it", "hostility", Span(4, 9), "Consider it.", ("friend", ""), -0.25),
        Hint("c/d", "warmth", "empathy", None, "Say hello.", ("Hello",), 0.1),
    )
    text = read(analysis_of("You idiot.", hints=hints)).text
    assert "idiot Consider it.Instead: friendOr leave it out.own-it · a/b" in text
    assert "hostility −0.25" in text
    assert "Say hello.Add: Hello" in text


def test_pause_and_notes() -> None:
    text = read(
        analysis_of(
            "A", pause=Pause("It is heated.", ("Have some tea.",)), notes=("Not English?",)
        )
    ).text
    assert "Take a breath first. It is heated." in text
    assert "Note. Not English?" in text


def test_broken_characters_are_replaced() -> None:
    html = analysis_html(analysis_of("a\ud800b\x00c"))
    assert "a\ufffdb\ufffdc" in html
    html.encode("utf-8")


def test_no_color_is_set_for_words_or_ground() -> None:
    html = analysis_html(analysis_of("You idiot.", evidence=(insult(4, 9),)))
    assert "background:transparent;color:inherit" in html
    assert "<script" not in html
    assert "http" not in html


def test_the_notebook_method_gives_it() -> None:
    analysis = analysis_of("Well.")
    assert analysis._repr_html_() == analysis_html(analysis)


def test_runs_overlap_by_rank() -> None:
    excuse = Evidence("defensiveness/excuse", "defensiveness", Span(2, 8), 1.0)
    faint = Evidence("lexicon/hostility", "hostility", Span(0, 1), 1.0)
    against = Evidence("hostility/x", "hostility", Span(9, 10), -1.0)
    rest = Evidence("context/empathy", "empathy", Span(0, 10), 2.0)
    evidence = (insult(4, 6), excuse, faint, against, rest)
    analysis = analysis_of("0123456789", evidence=evidence)
    # No words are named for a score that nobody will hear.
    assert marked_runs(analysis) == [(0, 4, None), (4, 6, "hostility"), (6, 10, None)]
    analysis = analysis._replace(scores=Scores(0.52, 0.6, 1.0))
    assert marked_runs(analysis) == [
        (0, 2, None),
        (2, 4, "defensiveness"),
        (4, 6, "hostility"),
        (6, 8, "defensiveness"),
        (8, 10, None),
    ]
    assert marked_runs(analysis_of("")) == []


def test_runs_of_hints_without_a_rule() -> None:
    hint = Hint("lexicon/hostility", "curiosity", "hostility", Span(1, 3), "", (), -0.1)
    assert marked_runs(analysis_of("0123", hints=(hint,)))[1] == (1, 3, "hostility")


def test_runs_of_rules_are_their_matches() -> None:
    hint = Hint("hostility/insult", "warmth", "hostility", Span(1, 9), "", ("",), -0.1)
    analysis = analysis_of("0123456789", hints=(hint,), evidence=(insult(1, 4),))
    assert marked_runs(analysis)[1] == (1, 4, "hostility")


def test_quoted_phrases_are_short() -> None:
    assert quoted("a\n b  c", Span(0, 7)) == "a b c"
    long = quoted("word " * 50, Span(0, 250))
    assert len(long) < 70
    assert "…" in long
