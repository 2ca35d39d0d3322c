"""`calmtone rules`: list the rules, explain one, check rule files."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, RuleError
from ..resources import DATA
from ..results import DIMENSIONS
from ..rules import built_in
from ..rules.loading import Rule, load
from .otherhints import explain_other
from .output import Output, complain
from .progress import counting

_SECTIONS = {
    "find": "finds",
    "unless": "unless",
    "replace": "replacements",
    "match": "matches",
    "no_match": "stays silent on",
}


def run_rules(arguments: list[str]) -> int:
    """Run `calmtone rules …`, and return the exit code.

    Raises:
        CalmtoneError: rule files cannot be used, or no rule has the id.
        SystemExit: the arguments are wrong, or asked for help.
    """
    known = _parser().parse_args(arguments)
    output = Output(sys.stdout, color=True)
    if known.command == "check":
        return _check(known.paths, output)
    rules = load_rules(known.rules)
    if known.command == "explain":
        if not explain_other(known.id, output):
            _explain(find_rule(rules, known.id), output)
    else:
        _list([r for r in rules if known.dimension in (None, r.dimension)], output)
    return 0


def load_rules(paths: Sequence[str]) -> list[Rule]:
    """The shipped rules and those in `paths`, which replace shipped ones of the same id.

    Raises:
        RuleError: a file cannot be read, or rules are wrong.
    """
    shipped, _ = built_in()
    rules = {rule.id: rule for rule in shipped.rules}
    if paths:
        rules.update((r.id, r) for r in load(paths, known_lists=shipped.lists).rules)
    return [rules[id_] for id_ in sorted(rules, key=_order)]


def find_rule(rules: list[Rule], wanted: str) -> Rule:
    """The rule with an id, or the only one with a name.

    Raises:
        InputError: there is none, or there are several.
    """
    found = [rule for rule in rules if wanted in (rule.id, rule.id.split("/")[1])]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(rule.id for rule in found)
        raise InputError(f"several rules are named {wanted!r}: choose from {ids}")
    close = close_ids(rules, wanted)
    meant = f"did you mean {' or '.join(close)}? " if close else ""
    raise InputError(f"no rule {wanted!r}: {meant}See `calmtone rules list`")


def close_ids(rules: list[Rule], wanted: str) -> list[str]:
    """Ids of rules whose id or name is like what was asked for."""
    names = {name: rule.id for rule in rules for name in (rule.id, rule.id.split("/")[1])}
    return list({names[name]: None for name in difflib.get_close_matches(wanted, names)})


def sarif_rules(met: Mapping[str, str], paths: Sequence[str]) -> list[dict[str, Any]]:
    """What SARIF tells about rules.

    Args:
        met: ids, and what to say about those that no rule file describes.
        paths: files and folders of the user's rules.
    """
    rules = {rule.id: rule for rule in load_rules(paths)} if met else {}
    return [_sarif_rule(id_, about, rules.get(id_)) for id_, about in met.items()]


def _sarif_rule(id_: str, about: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": id_, "shortDescription": {"text": about}}
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.hint or rule.summary},
        "properties": {
            "dimension": rule.dimension,
            "practice": rule.practice,
            "strength": rule.strength,
            "tags": [rule.dimension, rule.practice],
        },
    }


def _order(id_: str) -> tuple[int, str]:
    return DIMENSIONS.index(id_.split("/")[0]), id_


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="calmtone rules", description="The rules.", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="all rules, one a line")
    listing.add_argument("--dimension", choices=DIMENSIONS, help="only those of one dimension")
    explain = commands.add_parser("explain", help="one rule: what it finds, and why")
    explain.add_argument("id", metavar="ID", help="such as hostility/shut-up, or shut-up")
    for command in (listing, explain):
        command.add_argument(
            "--rules",
            action="append",
            default=[],
            metavar="PATH",
            help="a file or folder of your own rules (may be repeated)",
        )
    check = commands.add_parser("check", help="check rules by their own examples")
    check.add_argument(
        "paths", nargs="*", metavar="PATH", help="files or folders (default: the shipped ones)"
    )
    return parser


def _list(rules: list[Rule], output: Output) -> None:
    table = [(rule.id, rule.strength, rule.practice, rule.summary) for rule in rules]
    widths = [max((len(row[i]) for row in table), default=0) for i in range(3)]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        output.line("  ".join([*cells, row[3]]))


def _explain(rule: Rule, output: Output) -> None:
    output.line(output.style(rule.id, "bold"))
    output.line(rule.summary)
    output.line()
    output.line(f"practice  {rule.practice}")
    output.line(f"strength  {rule.strength}")
    output.line(f"form      {rule.form}")
    output.line(f"negation  {rule.negation}")
    if rule.feature:
        output.line(f"feature   {rule.feature}")
    if rule.hint:
        output.line()
        output.line(rule.hint)
    for key, title in _SECTIONS.items():
        entries: tuple[str, ...] = getattr(rule, key)
        if entries:
            output.line()
            output.line(output.style(title, "bold"))
            for entry in entries:
                output.line(f"  {entry or '(leave it out)'}")


def _check(paths: list[str], output: Output) -> int:
    from ..rules.checking import check

    checked = [Path(path) for path in paths] or [Path(DATA, "en", "rules")]
    for path in checked:
        _refuse_unreadable(path)
    try:
        shipped, tables = built_in()
    except RuleError as error:
        problems = list(error.problems)
    else:
        problems = check(checked, tables, shipped, _counted)
    for problem in problems:
        complain(problem)
    if problems:
        complain(f"{len(problems)} problem{'s' * (len(problems) > 1)} found")
        return 1
    output.line("All rules pass their own examples.")
    return 0


def _counted(rules: tuple[Rule, ...]) -> Iterator[Rule]:
    """The rules, with a progress bar if there are many."""
    with counting(len(rules), "checking rules", wanted=True) as advance:
        for rule in rules:
            yield rule
            advance(1)


def _refuse_unreadable(path: Path) -> None:
    files = sorted(path.rglob("*.toml")) if path.is_dir() else [path]
    for file in (path, *files):
        if not file.exists():
            raise InputError(f"{file}: no such file or folder")
        if not os.access(file, os.R_OK):
            raise InputError(f"{file}: cannot be read, check its permissions")
