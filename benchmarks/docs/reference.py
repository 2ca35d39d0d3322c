"""The rule reference, one page a dimension and an index, from the rule files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from calmtone.results import DIMENSIONS
from calmtone.rules import built_in
from calmtone.rules.checking import unmark
from calmtone.rules.loading import Rule

from .blocks import table

_SOURCE = "../../src/calmtone/data/en/rules"
_MADE = "<!-- Made from the rule files by `python -m benchmarks.docs`: change those. -->"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_WARNING = "The examples quote insults and threats as people write them.\n\n"


def reference() -> dict[str, str]:
    """File names under `docs/rules` and their content."""
    rules = built_in()[0].rules
    pages = {
        f"{dimension}.md": _page(dimension, [r for r in rules if r.dimension == dimension])
        for dimension in DIMENSIONS
    }
    return {"index.md": _index(rules), **pages}


def _index(rules: Iterable[Rule]) -> str:
    rows = []
    for (dimension, form), group in groupby(rules, lambda rule: (rule.dimension, rule.form)):
        found = list(group)
        rows.append(
            [
                f"[{form}]({dimension}.md#{form})",
                dimension,
                str(len(found)),
                _escaped(_about(found[0])),
            ]
        )
    rows.sort(key=lambda row: DIMENSIONS.index(row[1]))
    return f"""{_MADE}
# Rules

Every shipped rule, by dimension and by form; `calmtone rules explain ID` shows the same in a
terminal. [How to add a rule](../adding-a-rule.md) explains the phrase language.

{table(["form", "dimension", "rules", "about"], rows, right=9)}

A rule's **strength** (mild, moderate, strong) sets the common weight that its own fitted weight
is drawn towards. A **neutral** rule has no weight: it silences what overlaps it in its
dimension.
"""


def _page(dimension: str, rules: list[Rule]) -> str:
    forms = [(form, list(group)) for form, group in groupby(rules, lambda rule: rule.form)]
    contents = "\n".join(f"- [{form}](#{form}): {_escaped(_about(r[0]))}" for form, r in forms)
    sections = "\n\n".join(_section(form, found) for form, found in forms)
    return f"""{_MADE}
# {dimension.capitalize()} rules

{_WARNING if dimension == "hostility" else ""}Names in braces, such as `{{insult}}`, are word
lists; they stand in [`lists.toml`]({_SOURCE}/lists.toml) and in the `lists*.toml` files of
[this folder]({_SOURCE}/{dimension}). In the examples, the words that match are bold.

{contents}

{sections}
"""


def _section(form: str, rules: list[Rule]) -> str:
    source = f"{_SOURCE}/{rules[0].dimension}/{form}.toml"
    parts = "\n\n".join(_rule(rule) for rule in rules)
    return f"## {form}\n\n{_escaped(_about(rules[0]))} ([source]({source}))\n\n{parts}"


def _about(rule: Rule) -> str:
    """What the first comment of the rule's file says."""
    first = Path(rule.path).read_text(encoding="utf-8").partition("\n")[0]
    return first.lstrip("# ") if first.startswith("#") else ""


def _rule(rule: Rule) -> str:
    """What it does, why, how strongly, and what it finds."""
    practice = f"Practice: `{rule.practice}`. Strength: {rule.strength}."
    if rule.negation == "keep":
        practice += " Found after a negation, too."
    parts = [f"### {rule.id}", _escaped(rule.summary), practice]
    if rule.hint:
        parts.append(f"> {_escaped(rule.hint)}")
    if rule.replace:
        parts.append(f"Instead: {', '.join(map(_replacement, rule.replace))}.")
    parts.append("\n".join(f"- {_marked(example)}" for example in rule.match))
    if rule.no_match:
        silent = "\n".join(f"- {_line(_escaped(text))}" for text in rule.no_match)
        parts.append(f"Stays silent on:\n\n{silent}")
    parts.append(_phrases(rule))
    return "\n\n".join(parts)


def _phrases(rule: Rule) -> str:
    if rule.feature:
        return f"Finds the feature `{rule.feature}`, no phrase."
    phrases = "\n".join(rule.find)
    if rule.unless:
        phrases += "\n\nunless\n" + "\n".join(rule.unless)
    return f"<details><summary>Phrases</summary>\n\n```text\n{phrases}\n```\n</details>"


def _replacement(text: str) -> str:
    return f"“{_escaped(text)}”" if text else "leave it out"


def _marked(example: str) -> str:
    """The example with what matches in bold."""
    text, spans = unmark(example)
    shown, at = "", 0
    for start, end in spans:
        shown += f"{_escaped(text[at:start])}<b>{_escaped(text[start:end])}</b>"
        at = end
    return _line(shown + _escaped(text[at:]))


def _line(text: str) -> str:
    return "<br>".join(part.strip() for part in text.strip().splitlines())


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
