"""Rule files: what is refused, what the check asks, how rules match, and the shipped ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from support import tables

import calmtone
from calmtone import Analyzer, RuleError, analyze
from calmtone.results import DIMENSIONS, PRACTICES
from calmtone.rules import build, built_in
from calmtone.rules.checking import check, check_rule, mark, unmark
from calmtone.rules.compiling import content_hash, merge
from calmtone.rules.loading import Rule, RuleFolder, load
from calmtone.rules.matching import Numbers

BRUSSELS = """
[sprouts]
summary  = "Names a vegetable in anger."
practice = "warmth"
strength = "strong"
find     = ["you [utter|total] {vegetable}", "brussels ... sprout"]
unless   = ["sprout of the year"]
hint     = "Consider leaving the vegetable out."
replace  = ["friend"]
match    = ["Well, <you utter swede>.", "<Brussels, dear, sprout>!"]
no-match = ["You, a swede.", "You are the Brussels sprout of the year."]
"""
LISTS = 'vegetable = ["swede", "turnip", "brussels sprout"]\n'

Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Write:
    """Writes a folder of rules: one file, `defensiveness/greens.toml`, and a list."""

    def _write(rules: str = BRUSSELS, **files: str) -> Path:
        content = {"defensiveness/greens.toml": rules, "lists.toml": LISTS, **files}
        for name, text in content.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return _write


def with_key(key: str, value: str) -> str:
    """The rule with another value (TOML) of a key, or without the key."""
    line = f"{key} = {value}" if value else ""
    changed = re.sub(rf"(?m)^{key} .*$", lambda _: line, BRUSSELS)
    return changed if changed != BRUSSELS else BRUSSELS + line + "\n"


def problems(path: Path) -> list[str]:
    return check([path], tables(), built_in()[0])


# Loading


def test_a_rule_is_as_its_file_says(folder: Write) -> None:
    path = folder()
    [rule] = load([path]).rules
    assert rule.id == "defensiveness/sprouts"
    assert (rule.dimension, rule.form, rule.strength) == ("defensiveness", "greens", "strong")
    assert (rule.negation, rule.feature, rule.replace) == ("skip", "", ("friend",))
    assert rule.find == ("you [utter|total] {vegetable}", "brussels ... sprout")
    assert rule.path == str(path / "defensiveness" / "greens.toml")
    assert load([path]).lists == {"vegetable": ("swede", "turnip", "brussels sprout")}
    assert problems(path) == []


def test_a_file_may_name_its_dimension(folder: Write, tmp_path: Path) -> None:
    folder()
    path = tmp_path / "mine.toml"
    path.write_text('dimension = "hostility"\n' + BRUSSELS, encoding="utf-8")
    [rule] = load([path], known_lists=["vegetable"]).rules
    assert (rule.id, rule.form) == ("hostility/sprouts", "mine")


WRONG_KEYS = [
    ("colour", '"red"', "colour: unknown key"),
    ("nomatch", '["x"]', "nomatch: unknown key"),
    ("summary", "", "summary: is missing"),
    ("practice", "", "practice: is missing"),
    ("strength", "", "strength: is missing"),
    ("match", "", "match: is missing"),
    ("no-match", "", "no-match: is missing"),
    ("hint", "", "hint: is missing"),
    ("find", "", "find: give either find or feature"),
    ("summary", "3", "summary: must be a text"),
    ("summary", '" "', "summary: must be a text"),
    ("hint", '["x"]', "hint: must be a text"),
    ("find", '"you"', "find: must be a list of texts"),
    ("match", "[1]", "match: must be a list of texts"),
    ("replace", "{}", "replace: must be a list of texts"),
    ("practice", '"kindness"', "practice: 'kindness' is none of pause,"),
    ("strength", '"huge"', "strength: 'huge' is none of neutral, mild, moderate, strong"),
    ("negation", '"flip"', "negation: 'flip' is none of skip, keep"),
    ("feature", '"shouting"', "find: give either find or feature"),
    ("find", '["you {nobody}"]', "find: no list {nobody} (in 'you {nobody}')"),
    ("unless", '["a {nobody}"]', "unless: no list {nobody} (in 'a {nobody}')"),
    ("find", '["you [are"]', "find: '[' without ']' in 'you [are'"),
    ("find", '["... you"]', "find: a gap at the start of '... you'"),
    ("find", '["you ..."]', "find: a gap at the end of 'you ...'"),
    ("unless", '["you ... ... are"]', "unless: two gaps side by side"),
]


@pytest.mark.parametrize(("key", "value", "message"), WRONG_KEYS)
def test_errors_name_file_rule_and_key(
    folder: Write, key: str, value: str, message: str
) -> None:
    path = folder(with_key(key, value))
    where = f"{path / 'defensiveness' / 'greens.toml'}: [sprouts] "
    with pytest.raises(RuleError) as caught:
        load([path])
    assert [line for line in caught.value.problems if line.startswith(where + message)]
    assert str(caught.value) == "\n".join(caught.value.problems)
    assert problems(path) == list(caught.value.problems)
    with pytest.raises(RuleError, match=re.escape(message)):
        Analyzer(rules=path)


def test_all_problems_are_told_at_once(folder: Write) -> None:
    wrong = with_key("strength", '"huge"') + BRUSSELS.replace("sprouts", "kale").replace(
        "find ", "fnd "
    )
    with pytest.raises(RuleError) as caught:
        load([folder(wrong)])
    assert len(caught.value.problems) == 2
    assert "[kale] fnd: unknown key" in str(caught.value)


def test_an_id_is_used_once(folder: Write) -> None:
    path = folder(**{"defensiveness/more.toml": BRUSSELS})
    with pytest.raises(RuleError, match=r"more.toml: \[defensiveness/sprouts\] stands already"):
        load([path])


def test_the_same_key_twice(folder: Write) -> None:
    with pytest.raises(RuleError, match=r"greens.toml: is not valid TOML"):
        load([folder(BRUSSELS + 'strength = "mild"\n')])


@pytest.mark.parametrize("toml", ["[sprouts", "find = [", "a = 1 = 2", "\x00"])
def test_bad_toml(folder: Write, toml: str) -> None:
    with pytest.raises(RuleError, match=r"greens.toml: is not valid TOML: .+"):
        load([folder(toml)])


def test_bad_utf_8(folder: Write) -> None:
    path = folder() / "defensiveness" / "greens.toml"
    path.write_bytes(b'[a]\nsummary = "\xff"\n')
    with pytest.raises(RuleError, match=r"greens.toml: cannot be read: .*utf-8"):
        load([path])


def test_a_key_that_stands_twice_is_named(folder: Write) -> None:
    with pytest.raises(RuleError, match=r"\[sprouts\] strength \(stands there twice\): "):
        load([folder(BRUSSELS + 'strength = "mild"\n')])


def test_a_byte_order_mark_is_no_part_of_the_file(folder: Write) -> None:
    path = folder("\ufeff" + BRUSSELS)
    assert [rule.id for rule in load([path]).rules] == ["defensiveness/sprouts"]


def test_an_empty_file(folder: Write) -> None:
    with pytest.raises(RuleError, match=r"greens.toml: is empty"):
        load([folder("# nothing yet\n")])


@pytest.mark.parametrize("name", ["", "brussels sprouts", "a/b", "!"])
def test_a_name_that_no_rule_can_have(folder: Write, name: str) -> None:
    with pytest.raises(RuleError, match=r"a rule's name holds letters"):
        load([folder(BRUSSELS.replace("[sprouts]", f'["{name}"]'))])


def test_brackets_may_not_be_nested_without_end(folder: Write) -> None:
    phrase = "[" * 3000 + "sprouts" + "]" * 3000
    with pytest.raises(RuleError, match=r"\[sprouts\] find: brackets nested more than"):
        load([folder(with_key("find", f'["{phrase}"]'))])
    with pytest.raises(RuleError, match=r"greens.toml: is not valid TOML: .*too deeply"):
        load([folder("find = " + "[" * 5000 + "]" * 5000)])


def test_a_key_outside_of_a_rule(folder: Write) -> None:
    with pytest.raises(RuleError, match=r"greens.toml: 'summary' is no rule: unknown key"):
        load([folder('summary = "x"\n' + BRUSSELS)])


def test_no_such_path(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path / "none.toml"):
        with pytest.raises(RuleError, match=re.escape(f"{path}: no such file or folder")):
            load([path])
        with pytest.raises(RuleError, match="no such file or folder"):
            Analyzer(rules=[path])


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=re.escape(f"{tmp_path}: no .toml file in this folder")):
        load([tmp_path])


def test_which_dimension(folder: Write) -> None:
    path = folder(**{"vegetables/more.toml": BRUSSELS})
    with pytest.raises(RuleError, match=r"more.toml: which dimension\? Put the file into"):
        load([path])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("vegetable = 3", "list 'vegetable' must be a list of strings"),
        ("vegetable = []", "list 'vegetable' must be a list of strings"),
        ('vegetable = ["a ... b"]', "list 'vegetable': 'a ... b' may only hold words"),
        ('vegetable = ["^ a"]', "list 'vegetable': '^ a' may only hold words"),
        ('vegetable = ["a ?"]', "list 'vegetable': 'a ?' may only hold words"),
        ('vegetable = ["{you}"]', "list 'vegetable': '{you}' may only hold words"),
        ('vegetable = ["[a"]', "list 'vegetable': '[' without ']' in '[a'"),
    ],
)
def test_wrong_lists(folder: Write, line: str, message: str) -> None:
    path = folder(**{"lists.toml": line})
    with pytest.raises(RuleError, match=re.escape(f"{path / 'lists.toml'}: {message}")):
        load([path])


def test_a_list_is_defined_once(folder: Write) -> None:
    path = folder(**{"lists-more.toml": LISTS})
    with pytest.raises(RuleError, match="list 'vegetable' is defined twice"):
        load([path])


# The check


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (
            "match",
            '["<Well, you utter swede>", "<Brussels sprout>"]',
            "match: '<Well, you utter swede>' hits 'Well, <you utter swede>'",
        ),
        (
            "match",
            '["<you utter swede>", "<Brussels sprout>", "<Boo>"]',
            "match: '<Boo>' hits 'nothing'",
        ),
        (
            "match",
            '["you utter swede", "<Brussels sprout>", "<you utter swede>"]',
            "match: no <…> in 'you utter swede'",
        ),
        ("match", '["<Brussels sprout>"]', "find: no match example proves 'you [utter"),
        ("no-match", '["You."]', "unless: no no-match example proves 'sprout of the year'"),
        (
            "no-match",
            '["sprout of the year, brussels sprout of the year", "You total turnip"]',
            "no-match: hits '<You total turnip>'",
        ),
        (
            "replace",
            '["friend", "you total turnip"]',
            "replace: 'Well, you total turnip.' still triggers the rule",
        ),
    ],
)
def test_the_check_finds(folder: Write, key: str, value: str, message: str) -> None:
    path = folder(with_key(key, value))
    found = problems(path)
    where = f"{path / 'defensiveness' / 'greens.toml'}: [sprouts] "
    assert [line for line in found if line.startswith(where + message)], found


def test_the_check_knows_the_shipped_lists(folder: Write) -> None:
    rule = BRUSSELS.replace("{vegetable}", "{insult}").replace("swede", "idiot")
    assert problems(folder(rule)) == []


def test_marks() -> None:
    text, spans = unmark("<Well>, <you utter\nswede>.")
    assert (text, spans) == ("Well, you utter\nswede.", [(0, 4), (6, 21)])
    assert mark(text, spans) == "<Well>, <you utter\nswede>."


# Matching


def rule_of(find: str, **fields: Any) -> str:
    rule: dict[str, Any] = {
        "summary": "A test.",
        "practice": "pause",
        "strength": "strong",
        "find": [find],
        "hint": "Consider it.",
        "match": ["<x>"],
        "no-match": ["x"],
        **fields,
    }
    return "\n".join(f"{key} = {value!r}" for key, value in rule.items()) + "\n"


@lru_cache(maxsize=1)
def reader_of(path: Path) -> Analyzer:
    return Analyzer(engine="rules", rules=path)


def hits(path: Path, text: str) -> list[str]:
    """What the rules named `own…` in a folder find."""
    return [
        text[item.span.start : item.span.end]
        for item in reader_of(path).analyze(text).evidence
        if "/own" in item.rule
    ]


def test_negation_skips(folder: Write) -> None:
    path = folder("[own]\n" + rule_of("[a|such a] turnip"))
    assert hits(path, "You are a turnip.") == ["a turnip"]
    for text in (
        "I never said such a turnip.",
        "I don't call you a turnip.",
        "He is not a turnip.",
        "He isn\u2019t a turnip.",
        "Nobody is a turnip.",
    ):
        assert hits(path, text) == [], text
    for text in (
        "I do not mind, but you are a turnip.",
        "This is not it. You are a turnip.",
        "Not today, you are a turnip.",
        "Not only such a turnip.",
        "I can't believe a turnip.",
        "No, I have said it for years, you are a turnip.",
    ):
        assert len(hits(path, text)) == 1, text


def test_negation_keeps(folder: Write) -> None:
    path = folder("[own]\n" + rule_of("a turnip", negation="keep"))
    assert hits(path, "He is not a turnip.") == ["a turnip"]


def test_negation_skips_what_lies_inside(folder: Write) -> None:
    path = folder("[own]\n" + rule_of("[a|you are such a] turnip"))
    assert hits(path, "You are such a turnip.") == ["You are such a turnip"]
    assert hits(path, "I never said you are such a turnip.") == []


def test_unless(folder: Write) -> None:
    path = folder("[own]\n" + rule_of("a turnip", unless=["turnip soup"]))
    assert hits(path, "A turnip soup, a turnip.") == ["a turnip"]


def test_the_longest_of_one_rule_and_all_of_several(folder: Write) -> None:
    path = folder(
        f"[own-a]\n{rule_of('an (old) (red) turnip (pie)')}\n[own-b]\n{rule_of('turnip pie')}"
    )
    assert hits(path, "An old turnip pie.") == ["An old turnip pie", "turnip pie"]


def test_neutral_rules_silence_their_dimension(folder: Write) -> None:
    path = folder(
        f"[own-a]\n{rule_of('boil the turnip')}\n"
        f"[own-b]\n{rule_of('the turnip on the stove', strength='neutral', hint='')}",
        **{
            "lists.toml": LISTS,
            "hostility/greens.toml": "[own-c]\n" + rule_of("turnip on"),
        },
    )
    text = (path / "defensiveness" / "greens.toml").read_text(encoding="utf-8")
    (path / "defensiveness" / "greens.toml").write_text(
        text.replace("hint = ''\n", ""), encoding="utf-8"
    )
    assert hits(path, "Boil the turnip.") == ["Boil the turnip"]
    assert hits(path, "Boil the turnip on the stove.") == ["turnip on"]
    assert hits(path, "Boil the turnip. The turnip on the stove.") == [
        "Boil the turnip",
        "turnip on",
    ]


@pytest.mark.parametrize(
    ("feature", "text", "found"),
    [
        ("shouting", "READ THE MANUAL, please. NASA and the BBC", ["READ THE MANUAL"]),
        ("exclamations", "Stop!!! Now! Wait!!", ["!!!", "!!"]),
        ("question-marks", "What?? Why? How?!", ["??", "?!"]),
    ],
)
def test_features(folder: Write, feature: str, text: str, found: list[str]) -> None:
    rule = "[own]\n" + rule_of("x", feature=feature).replace("find = ['x']\n", "")
    assert hits(folder(rule), text) == found
    assert hits(folder(rule), f"> {text}") == []


# Rules of one's own


def test_own_rules_stand_beside_the_shipped_ones(folder: Write) -> None:
    path = folder()
    text = "You total turnip, that is not our fault."
    own, shipped = Analyzer(rules=path), Analyzer()
    assert own.analyze(text).defensiveness > shipped.analyze(text).defensiveness
    rules = {item.rule for item in own.analyze(text).evidence}
    assert "defensiveness/sprouts" in rules
    assert rules > {
        item.rule for item in shipped.analyze(text).evidence if "defensiveness/" in item.rule
    } - {"lexicon/defensiveness", "context/defensiveness"}
    [hint] = [h for h in own.analyze(text).hints if h.rule == "defensiveness/sprouts"]
    assert hint.message == "Consider leaving the vegetable out."
    assert own.rules_hash != shipped.rules_hash
    assert own.analyze("A plain day.").scores == shipped.analyze("A plain day.").scores


def test_own_rules_may_be_files_or_folders_or_several(folder: Write) -> None:
    path = folder()
    one: list[str | Path] = [path / "lists.toml", str(path / "defensiveness" / "greens.toml")]
    text = "You total turnip."
    expected = Analyzer(rules=str(path)).analyze(text)
    assert Analyzer(rules=one).analyze(text) == expected
    assert "defensiveness/sprouts" in {item.rule for item in expected.evidence}
    assert Analyzer(rules=[]).analyze(text).scores == analyze(text).scores


def test_an_own_rule_may_use_the_shipped_lists(folder: Write) -> None:
    path = folder("[own]\n" + rule_of("a turnip of an {insult}"))
    assert hits(path, "What a turnip of an idiot.") == ["a turnip of an idiot"]


def test_an_own_rule_stands_in_for_a_shipped_one_of_its_id(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    rule = rule_of("parsnips everywhere").replace("strong", "mild")
    path.write_text(f'dimension = "defensiveness"\n[but-apology]\n{rule}', encoding="utf-8")
    text = "I'm sorry, but you should have told us. Parsnips everywhere."

    def spans(analyzer: Analyzer) -> list[str]:
        return [
            text[item.span.start : item.span.end]
            for item in analyzer.analyze(text).evidence
            if item.rule == "defensiveness/but-apology"
        ]

    assert spans(Analyzer(rules=path)) == ["Parsnips everywhere"]
    [span] = spans(Analyzer())
    assert span.startswith("sorry, but you should")


def test_the_hash_is_of_what_rules_say(folder: Write) -> None:
    path = folder()
    loaded = load([path])
    rule = loaded.rules[0]
    moved = RuleFolder((replace(rule, path="elsewhere.toml"),), loaded.lists)
    assert content_hash(moved) == content_hash(loaded)
    changed = RuleFolder((replace(rule, strength="mild"),), loaded.lists)
    assert content_hash(changed) != content_hash(loaded)
    listed = RuleFolder(loaded.rules, {"vegetable": ("swede",)})
    assert content_hash(listed) != content_hash(loaded)


def test_merging_lets_the_later_one_win(folder: Write) -> None:
    loaded = load([folder()])
    later = replace(loaded.rules[0], strength="mild")
    merged = merge(loaded, RuleFolder((later,), {"vegetable": ("leek",)}))
    assert merged.rules == (later,)
    assert merged.lists == {"vegetable": ("leek",)}


# The shipped rules

RULES = built_in()[0].rules


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_shipped_rule_passes_its_own_examples(rule: Rule) -> None:
    assert check_rule(rule, built_in()[0].lists, tables()) == []


def test_the_compiled_files_are_fresh() -> None:
    for name, content in build.built_files().items():
        fresh = (build.FOLDER / name).read_text(encoding="utf-8") == content
        assert fresh, f"{name} is stale: python -m calmtone.rules.build"


def test_every_result_carries_the_hash_of_the_rules() -> None:
    assert analyze("Fine.").engine.rules.startswith(content_hash(built_in()[0]))


def test_shipped_rules_cover_the_dimensions_and_practices() -> None:
    assert {rule.dimension for rule in RULES} == set(DIMENSIONS)
    assert {rule.practice for rule in RULES} <= set(PRACTICES)
    assert len(RULES) > 400


def test_the_example_in_the_docs_is_a_good_rule(tmp_path: Path) -> None:
    page = Path(__file__).parents[1] / "docs" / "adding-a-rule.md"
    [example] = re.findall(r"(?s)```toml\n(.*?)```", page.read_text(encoding="utf-8"))
    path = tmp_path / "defensiveness" / "non-apology.toml"
    path.parent.mkdir()
    path.write_text(example, encoding="utf-8")
    assert problems(tmp_path) == []


def test_the_docs_name_every_key_and_practice() -> None:
    page = Path(__file__).parents[1] / "docs" / "adding-a-rule.md"
    text = page.read_text(encoding="utf-8")
    for name in (*PRACTICES, "shouting", "exclamations", "question-marks", "neutral"):
        assert f"`{name}`" in text
    assert calmtone.__version__


def test_numbers_of_words_are_unpacked_when_asked_for() -> None:
    numbers = Numbers(Numbers.pack({"late": [3, 17], "lately": [4], ":)": [5], "we": []}))
    assert not dict(numbers)
    assert numbers["late"] == "3 17"
    assert sorted(numbers) == ["late", "lately"]
    assert (numbers[":)"], numbers["we"], numbers["lo"], numbers["x"], numbers[""]) == (
        "5",
        "",
        "",
        "",
        "",
    )
