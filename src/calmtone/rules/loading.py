"""Rule files to rules: reading, validation, word lists.

A folder holds `<dimension>/<form>.toml` rule files and `lists*.toml` word lists; see
docs/adding-a-rule.md for the format.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import RuleError
from ..results import DIMENSIONS, PRACTICES
from .matching import END_MARKS, GAP, STRENGTHS
from .phrases import START, Automaton, PhraseError, list_names

NEGATIONS = ("skip", "keep")
FEATURES = ("shouting", "exclamations", "question-marks")
_TEXT_KEYS = ("summary", "practice", "strength", "negation", "hint", "feature")
_LIST_KEYS = ("find", "unless", "replace", "match", "no-match")
_NAME = re.compile(r"\w[\w.-]*")
_REQUIRED = ("summary", "practice", "strength", "match", "no-match")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as its file says it. `id` is `dimension/name`."""

    id: str
    dimension: str
    form: str
    summary: str
    practice: str
    strength: str
    find: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    negation: str = "skip"
    hint: str = ""
    replace: tuple[str, ...] = ()
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()
    feature: str = ""
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class RuleFolder:
    """The rules and word lists of some files, in the order of their paths."""

    rules: tuple[Rule, ...]
    lists: Mapping[str, tuple[str, ...]]


def load(paths: Iterable[str | Path], known_lists: Iterable[str] = ()) -> RuleFolder:
    """The rules and lists in files and folders.

    Args:
        paths: TOML files, or folders that are searched for them.
        known_lists: names of lists that exist elsewhere and may be used.

    Raises:
        RuleError: a file can't be read, or rules are wrong; lists every problem.
    """
    problems: list[str] = []
    lists: dict[str, tuple[str, ...]] = {}
    rules: dict[str, Rule] = {}
    for file, content in rule_files(paths, lists, problems):
        for rule in _rules(content, file, problems):
            if rule.id in rules:
                problems.append(
                    f"{file}: [{rule.id}] stands already in {rules[rule.id].path}: "
                    "choose another name"
                )
            rules[rule.id] = rule
    names = {*lists, *known_lists}
    for rule in rules.values():
        check_phrases(rule, names, problems)
    if problems:
        raise RuleError(*problems)
    return RuleFolder(tuple(rules.values()), lists)


def rule_files(
    paths: Iterable[str | Path], lists: dict[str, tuple[str, ...]], problems: list[str]
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The rule files in files and folders, and what they hold; word lists go to `lists`."""
    for path in paths:
        for file in _toml_files(Path(path), problems):
            content = _read_toml(file, problems)
            if file.name.startswith("lists"):
                _add_lists(lists, content, file, problems)
            else:
                yield file, content


def _toml_files(path: Path, problems: list[str]) -> list[Path]:
    """A TOML file itself, or those of a folder in the order of their paths."""
    if path.is_dir():
        found = sorted(path.rglob("*.toml"))
        if not found:
            problems.append(f"{path}: no .toml file in this folder")
        return found
    if not path.exists():
        problems.append(f"{path}: no such file or folder")
        return []
    return [path]


def _read_toml(file: Path, problems: list[str]) -> dict[str, Any]:
    """The content of a file; empty, and a problem noted, if it can't be read."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(f"{file}: cannot be read: {error}: save it as UTF-8")
        return {}
    except OSError as error:
        problems.append(f"{file}: cannot be read: {error}")
        return {}
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{file}: is not valid TOML: {_place(text, str(error))}{error}")
    except RecursionError:
        problems.append(f"{file}: is not valid TOML: its values are nested too deeply")
    else:
        if not content:
            problems.append(f"{file}: is empty: it holds no rule and no list")
        return content
    return {}


def _place(text: str, error: str) -> str:
    """The rule and the key in which a TOML error is, as far as it can be told."""
    found = re.search(r"\(at line (\d+), column \d+\)", error)
    lines = text.splitlines()[: int(found[1])] if found else []
    names = [line for line in lines if re.match(r"\s*\[[^\[,]*\]\s*(#|$)", line)]
    key = re.match(r"\s*([\w-]+)\s*=", lines[-1]) if lines else None
    parts = [name.partition("#")[0].strip() for name in names[-1:]] + ([key[1]] if key else [])
    if "overwrite" in error:
        parts.append("(stands there twice)")
    return f"{' '.join(parts)}: " if parts else ""


def _add_lists(
    lists: dict[str, tuple[str, ...]],
    content: dict[str, Any],
    file: Path,
    problems: list[str],
) -> None:
    """Add the word lists of a file to `lists`."""
    for name, entries in content.items():
        if name in lists:
            problems.append(f"{file}: list {name!r} is defined twice")
        elif not is_strings(entries) or not entries:
            problems.append(f"{file}: list {name!r} must be a list of strings")
        else:
            lists[name] = tuple(entries)
            problems += [
                f"{file}: list {name!r}: {problem}"
                for entry in entries
                if (problem := _entry_problem(entry))
            ]


def _entry_problem(entry: str) -> str:
    automaton = Automaton()
    try:
        _, initial = automaton.add(entry, 0)
    except PhraseError as error:
        return str(error)
    symbols = {symbol for edges in automaton.edges for symbol, _ in edges}
    if initial or symbols & {GAP, START, *END_MARKS} or list_names(entry):
        return f"{entry!r} may only hold words, choices and options"
    return ""


def is_strings(value: object) -> bool:
    """Whether a value is a list of strings."""
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _rules(content: dict[str, Any], file: Path, problems: list[str]) -> list[Rule]:
    dimension = content.pop("dimension", None) or file.parent.name
    if content and dimension not in DIMENSIONS:
        problems.append(
            f"{file}: which dimension? Put the file into a folder named one of "
            f'{", ".join(DIMENSIONS)}, or write dimension = "…" at its top'
        )
        return []
    rules = []
    for name, table in content.items():
        where = f"{file}: [{name}]"
        if not _NAME.fullmatch(name):
            problems.append(
                f"{where}: a rule's name holds letters, digits, hyphens and underscores only"
            )
            continue
        if not isinstance(table, dict):
            problems.append(f"{file}: {name!r} is no rule: unknown key at the top")
            continue
        found = _rule_problems(table, dimension, where)
        problems += found
        if not found:
            values: dict[str, Any] = {
                key.replace("-", "_"): tuple(value) if isinstance(value, list) else value
                for key, value in table.items()
            }
            rules.append(
                Rule(
                    id=f"{dimension}/{name}",
                    dimension=dimension,
                    form=file.stem,
                    path=str(file),
                    **values,
                )
            )
    return rules


def _rule_problems(table: dict[str, Any], dimension: str, where: str) -> list[str]:
    problems = []
    for key, value in table.items():
        if key in _TEXT_KEYS:
            if not isinstance(value, str) or not value.strip():
                problems.append(f"{where} {key}: must be a text")
        elif key in _LIST_KEYS:
            if not is_strings(value):
                problems.append(f"{where} {key}: must be a list of texts")
        else:
            known = ", ".join((*_TEXT_KEYS, *_LIST_KEYS))
            problems.append(f"{where} {key}: unknown key; known are {known}")
    for key in _REQUIRED:
        if not table.get(key):
            problems.append(f"{where} {key}: is missing")
    if problems:
        return problems
    for key, allowed in (
        ("practice", PRACTICES),
        ("strength", STRENGTHS),
        ("negation", NEGATIONS),
        ("feature", FEATURES),
    ):
        if key in table and table[key] not in allowed:
            problems.append(f"{where} {key}: {table[key]!r} is none of {', '.join(allowed)}")
    if bool(table.get("find")) == bool(table.get("feature")):
        problems.append(f"{where} find: give either find or feature")
    silent = dimension == "empathy" or table["strength"] == "neutral"
    if not silent and not table.get("hint"):
        problems.append(f"{where} hint: is missing")
    return problems


def check_phrases(rule: Rule, names: set[str], problems: list[str]) -> None:
    """Note what is wrong with a rule's phrases, word lists that don't exist among it."""
    for key in ("find", "unless"):
        for phrase in getattr(rule, key):
            where = f"{rule.path}: [{rule.id.split('/')[1]}] {key}:"
            try:
                Automaton().add(phrase, 0)
            except PhraseError as error:
                problems.append(f"{where} {error}")
                continue
            for name in sorted(set(list_names(phrase)) - names):
                problems.append(f"{where} no list {{{name}}} (in {phrase!r})")
