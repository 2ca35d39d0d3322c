"""The check of rule files by their own examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import Any

from ..errors import RuleError
from ..text import language_from, read
from .compiling import compile_rules, merge
from .loading import Rule, RuleFolder, load
from .matching import Matcher

_MARKED = re.compile(r"<(.*?)>", re.DOTALL)


def check(
    paths: Iterable[str | Path], tables: Mapping[str, Any], built_in: RuleFolder
) -> list[str]:
    """Problems of the rules in files and folders; empty when all is well.

    Args:
        paths: what to check.
        tables: the language's tables.
        built_in: the rules and lists that the checked ones may build on.
    """
    try:
        folder = load(paths, known_lists=built_in.lists)
    except RuleError as error:
        return list(error.problems)
    lists = merge(RuleFolder((), built_in.lists), RuleFolder((), folder.lists)).lists
    return [problem for rule in folder.rules for problem in check_rule(rule, lists, tables)]


def check_rule(
    rule: Rule, lists: Mapping[str, tuple[str, ...]], tables: Mapping[str, Any]
) -> list[str]:
    """Problems of one rule, each with file, rule and key."""
    where = f"{rule.path}: [{rule.id.split('/')[1]}]"
    problems: list[str] = []

    spans = _finder(rule, lists, tables)
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
            changed = replace(text, marked, replacement)
            if spans(changed):
                problems.append(f"{where} replace: {changed!r} still triggers the rule")
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


def replace(text: str, spans: list[tuple[int, int]], replacement: str) -> str:
    """The text with the replacement in place of every span."""
    for start, end in reversed(spans):
        text = f"{text[:start]}{replacement}{text[end:]}"
    return text


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
