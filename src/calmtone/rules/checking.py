"""The check of rule files by their own examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import Any

from ..errors import RuleError
from ..placing import Placer
from ..text import Document, language_from, read
from .compiling import compile_rules, merge
from .loading import Rule, RuleFolder, load
from .matching import Matcher

_MARKED = re.compile(r"<(.*?)>", re.DOTALL)
_LAST_WORD = re.compile(r"(?<![\w'])([a-z']+)\s*(?:[,.;:!?]|$)", re.IGNORECASE)


def check(
    paths: Iterable[str | Path],
    tables: Mapping[str, Any],
    built_in: RuleFolder,
    each: Callable[[tuple[Rule, ...]], Iterable[Rule]] = iter,
) -> list[str]:
    """Problems of the rules in files and folders; empty when all is well.

    Args:
        paths: what to check.
        tables: the language's tables.
        built_in: the rules and lists that the checked ones may build on.
        each: gives the rules one by one, as a progress bar does; they take a while.
    """
    try:
        folder = load(paths, known_lists=built_in.lists)
    except RuleError as error:
        return list(error.problems)
    lists = merge(RuleFolder((), built_in.lists), RuleFolder((), folder.lists)).lists
    return [
        problem for rule in each(folder.rules) for problem in check_rule(rule, lists, tables)
    ]


def check_rule(
    rule: Rule, lists: Mapping[str, tuple[str, ...]], tables: Mapping[str, Any]
) -> list[str]:
    """Problems of one rule, each with file, rule and key."""
    where = f"{rule.path}: [{rule.id.split('/')[1]}]"
    problems: list[str] = []

    spans = _finder(rule, lists, tables)
    language = language_from(tables, frozenset())
    stood: set[str] = set()
    for example in rule.match:
        text, marked = unmark(example)
        if not marked:
            problems.append(f"{where} match: no <…> in {example!r}")
            continue
        found = spans(text)
        if found != marked:
            shown = mark(text, found) if found else "nothing"
            problems.append(f"{where} match: {example!r} hits {shown!r}")
        for replacement in rule.replace:
            for changed in followed(read(text, language), marked, replacement, tables):
                stood.add(replacement)
                if len(spans(changed)) >= len(marked):
                    problems.append(f"{where} replace: {changed!r} still triggers the rule")
                if word := dangling(changed, tables):
                    problems.append(f"{where} replace: {changed!r} leaves {word!r} dangling")
    problems += [
        f"{where} replace: {replacement!r} can stand in no match example"
        for replacement in rule.replace
        if replacement not in stood
    ]
    for example in rule.no_match:
        if found := spans(example):
            problems.append(f"{where} no-match: hits {mark(example, found)!r}")
    for phrase in rule.find:
        alone = _finder(replace_fields(rule, find=(phrase,)), lists, tables)
        if not any(alone(unmark(example)[0]) for example in rule.match):
            problems.append(f"{where} find: no match example proves {phrase!r}")
    for phrase in rule.unless:
        rest = tuple(other for other in rule.unless if other != phrase)
        without = _finder(replace_fields(rule, unless=rest), lists, tables)
        if not any(without(example) for example in rule.no_match):
            problems.append(f"{where} unless: no no-match example proves {phrase!r}")
    return problems


def unmark(example: str) -> tuple[str, list[tuple[int, int]]]:
    """An example without its `<…>` marks, and the spans that they marked.

    >>> unmark("Well, <you should have> asked.")
    ('Well, you should have asked.', [(6, 21)])
    """
    spans = []
    text = ""
    at = 0
    for match in _MARKED.finditer(example):
        text += example[at : match.start()]
        spans.append((len(text), len(text) + len(match[1])))
        text += match[1]
        at = match.end()
    return text + example[at:], spans


def mark(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with `<…>` around the spans."""
    for start, end in reversed(spans):
        text = f"{text[:start]}<{text[start:end]}>{text[end:]}"
    return text


def followed(
    document: Document,
    spans: list[tuple[int, int]],
    replacement: str,
    tables: Mapping[str, Any],
) -> list[str]:
    """The texts with a replacement in the place of one of the spans, where it can stand.

    Args:
        document: the text.
        spans: what a rule finds in it.
        replacement: one of the rule's.
        tables: the language's tables.
    """
    placer = Placer(tables["hints"]["placing"])
    text = document.text
    texts = []
    for start, end in spans:
        inside = [s for s in document.sentences if s.start <= start] or document.sentences
        first, last = inside[-1].start, inside[-1].end
        others = [place for span in spans if span != (start, end) for place in span]
        low = max([place for place in others if first < place <= start], default=first)
        high = min([place for place in others if end <= place < last], default=last)
        span, made = placer.place(text, start, end, [replacement], first, last, low, high)
        texts += [text[: span.start] + new + text[span.end :] for new in made]
    return texts


def dangling(text: str, tables: Mapping[str, Any]) -> str:
    """A word that cannot end a clause but does ("Keep your."), or nothing."""
    leaning = tables["hints"]["placing"]["leans"]
    for match in _LAST_WORD.finditer(text):
        if match[1].lower() in leaning and match[1].lower() not in ("to", "of"):
            return match[1]
    return ""


def _finder(
    rule: Rule, lists: Mapping[str, tuple[str, ...]], tables: Mapping[str, Any]
) -> Callable[[str], list[tuple[int, int]]]:
    """What finds the rule's spans in a text."""
    matcher = Matcher(compile_rules(RuleFolder((rule,), lists), tables), tables)
    language = language_from(tables, frozenset(matcher.vocabulary.split()))

    def spans(text: str) -> list[tuple[int, int]]:
        matches = matcher.find(read(text, language))
        return sorted((match.start, match.end) for match in matches)

    return spans
