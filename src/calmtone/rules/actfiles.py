"""The rule files of acts: what shows a need in a message, or does an act in a reply.

They live in `data/en/acts/<side>/<act>.toml`, side being `need` or `does`, in the format of
the other rules less what only scores need (docs/replies.md). Only building and checking
read them; analysis runs on their compiled form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import RuleError
from .acts import ACT_PRACTICES, ACTS, COUNTS, SIDES, WEAK
from .loading import (
    NEGATIONS,
    Rule,
    RuleFolder,
    check_phrases,
    is_strings,
    rule_files,
)

_TAKES_UP = ("acknowledge", "perspective", "validate")  # forms of rules for empathy
_LISTS = ("find", "unless", "match", "no-match")
_REQUIRED = ("summary", "find", "match", "no-match")
_KNOWN = ("summary", "weak", "negation", *_LISTS)


def load_acts(
    paths: Iterable[str | Path], known_lists: Iterable[str] = ()
) -> dict[str, RuleFolder]:
    """The rules of acts in files and folders, by side.

    Args:
        paths: TOML files, or folders that are searched for them.
        known_lists: names of lists that exist elsewhere and may be used.

    Raises:
        RuleError: a file can't be read, or rules are wrong; lists every problem.
    """
    problems: list[str] = []
    lists: dict[str, tuple[str, ...]] = {}
    rules: dict[str, list[Rule]] = {side: [] for side in SIDES}
    for file, content in rule_files(paths, lists, problems):
        if file.parent.name in SIDES and file.stem in ACTS:
            rules[file.parent.name] += _rules(content, file, problems)
        else:
            problems.append(
                f"{file}: which act? Put the file where its path ends with <side>/<act>.toml, "
                f"side one of {', '.join(SIDES)}, act one of {', '.join(ACTS)}"
            )
    names = {*lists, *known_lists}
    for side in SIDES:
        for rule in rules[side]:
            check_phrases(rule, names, problems)
    if problems:
        raise RuleError(*problems)
    return {side: RuleFolder(tuple(rules[side]), lists) for side in SIDES}


def acts_of_scores(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules of scores that show an act in a reply too, as rules of acts.

    What raises empathy by taking up the other's trouble acknowledges it. They keep their ids.
    """
    return tuple(
        replace(
            rule,
            dimension="acknowledge",
            form="does",
            practice=ACT_PRACTICES["acknowledge"],
            strength=WEAK if rule.strength == "mild" else COUNTS,
            hint="",
            replace=(),
        )
        for rule in rules
        if rule.dimension == "empathy" and rule.form in _TAKES_UP
    )


def _rules(content: dict[str, Any], file: Path, problems: list[str]) -> list[Rule]:
    side, act = file.parent.name, file.stem
    rules = []
    for name, table in content.items():
        if not isinstance(table, dict):
            problems.append(f"{file}: {name!r} is no rule: unknown key at the top")
            continue
        found = _rule_problems(table, f"{file}: [{name}]")
        problems += found
        if found:
            continue
        rules.append(
            Rule(
                id=f"{act}/{name}",
                dimension=act,
                form=side,
                summary=table["summary"],
                practice=ACT_PRACTICES[act],
                strength=WEAK if table.get("weak") else COUNTS,
                find=tuple(table["find"]),
                unless=tuple(table.get("unless", ())),
                # What is not so can well be what somebody needs heard ("not happy").
                negation=table.get("negation", "keep" if side == "need" else "skip"),
                match=tuple(table["match"]),
                no_match=tuple(table["no-match"]),
                path=str(file),
            )
        )
    return rules


def _rule_problems(table: dict[str, Any], where: str) -> list[str]:
    problems = [
        f"{where} {key}: unknown key; known are {', '.join(_KNOWN)}"
        for key in table
        if key not in _KNOWN
    ]
    problems += [f"{where} {key}: is missing" for key in _REQUIRED if not table.get(key)]
    problems += [
        f"{where} {key}: must be a list of texts"
        for key in _LISTS
        if key in table and not is_strings(table[key])
    ]
    if not isinstance(table.get("summary", ""), str):
        problems.append(f"{where} summary: must be a text")
    if not isinstance(table.get("weak", False), bool):
        problems.append(f"{where} weak: must be true or false")
    if table.get("negation", "keep") not in NEGATIONS:
        problems.append(f"{where} negation: must be one of {', '.join(NEGATIONS)}")
    return problems
