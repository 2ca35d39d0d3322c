"""Inline suppression: `calmtone: ignore[rule-id]` in a line, or alone before it.

Without `[…]`, everything in the line is ignored. Several ids are separated by commas.
Ignored words are overwritten with blanks and the text is read again, so that every score
is that of what remains, whichever sentence it comes from, and offsets stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..results import Analysis, Span
from .inputs import Message

if TYPE_CHECKING:
    from ..analyzer import Analyzer

_DIRECTIVE = re.compile(
    r"(?:<!--[ \t]*)?\bcalmtone:[ \t]*ignore\b(?:\[(?P<rules>[^\]\n]*)\]|(?!\[))(?:[ \t]*-->)?",
    re.IGNORECASE,
)
_COMMIT_FILES = ("COMMIT_EDITMSG", "MERGE_MSG", "SQUASH_MSG", "TAG_EDITMSG")
_COMMIT_COMMENTS = re.compile(r"^# -+ >8 -+\n(?s:.*)|^#.*$", re.MULTILINE)


class Ignored(NamedTuple):
    """Code points of lines in which rules are ignored; all of them if `rules` is None."""

    start: int
    end: int
    rules: frozenset[str] | None


def find_ignored(text: str) -> list[Ignored]:
    """Where which rules are ignored."""
    if "calmtone" not in text.lower():
        return []
    found = []
    waiting: list[frozenset[str] | None] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        asked = [_rules(directive) for directive in _DIRECTIVE.finditer(line)]
        rest = _DIRECTIVE.sub("", line)
        if asked and not re.search(r"\w", rest):
            waiting += asked
            found += [Ignored(start, end, rules) for rules in asked]
        elif rest.strip():
            found += [Ignored(start, end, rules) for rules in (*waiting, *asked)]
            waiting = []
        start = end
    return found


def readable(text: str, file: Path | None) -> str:
    """The text with what is not meant for its reader overwritten with blanks.

    That is lines that are ignored as a whole, the suppressions themselves and, in a commit
    message, git's comments.
    """
    lines = (Span(i.start, i.end) for i in find_ignored(text) if i.rules is None)
    text = _overwrite(text, lines)
    text = _DIRECTIVE.sub(lambda match: _blanked(match[0]), text)
    if file is not None and file.name in _COMMIT_FILES:
        text = _COMMIT_COMMENTS.sub(lambda match: _blanked(match[0]), text)
    return text


def without_ignored(analysis: Analysis, message: Message, analyzer: Analyzer) -> Analysis:
    """The analysis of a message's readable text, less the rules that its lines ignore."""
    ignored = [i for i in find_ignored(message.text) if i.rules is not None]
    while (
        text := _overwrite(analysis.text, _ignored_spans(analysis, ignored))
    ) != analysis.text:
        [analysis] = analyzer.analyze_batch([text], reply_to=[message.reply_to])
    names = frozenset().union(*(i.rules or () for i in ignored))
    hints = tuple(h for h in analysis.hints if h.span is not None or h.rule not in names)
    return analysis._replace(text=message.text, hints=hints)


def unknown_ids(message: Message, analysis: Analysis, paths: Sequence[str]) -> list[str]:
    """What to say about ids in a message's suppressions that no rule or hint has.

    Args:
        message: the message.
        analysis: its analysis, whose rules are known.
        paths: files and folders of the user's rules.
    """
    met = {item.rule for item in analysis.evidence} | {hint.rule for hint in analysis.hints}
    remarks = []
    for line, text in enumerate(message.text.splitlines(), 1):
        for directive in _DIRECTIVE.finditer(text):
            for name in sorted((_rules(directive) or frozenset()) - met):
                place = f"{message.place or 'the text'}:{line}"
                remarks += [f"{place}: {what}" for what in _no_such_rule(name, paths)]
    return remarks


def _no_such_rule(name: str, paths: Sequence[str]) -> list[str]:
    from .otherhints import is_other
    from .rulebook import close_ids, load_rules

    if not name:
        return ["calmtone: ignore[] names no rule: leave the brackets out to ignore the line"]
    rules = load_rules(paths)
    if is_other(name) or any(rule.id == name for rule in rules):
        return []
    close = close_ids(rules, name.lower())
    meant = f" (did you mean {' or '.join(close)}?)" if close else ""
    return [f"no rule {name!r}{meant}: nothing is ignored for it"]


def _rules(directive: re.Match[str]) -> frozenset[str] | None:
    names = directive["rules"]
    return None if names is None else frozenset(name.strip() for name in names.split(","))


def _ignored_spans(analysis: Analysis, ignored: list[Ignored]) -> list[Span]:
    return [
        evidence.span
        for evidence in analysis.evidence
        for start, end, rules in ignored
        if rules is not None
        and evidence.rule in rules
        and not evidence.rule.startswith("context/")  # it stands for all other words
        and evidence.span.start < end
        and start < evidence.span.end
    ]


def _overwrite(text: str, spans: Iterable[Span]) -> str:
    for start, end in spans:
        text = text[:start] + _blanked(text[start:end]) + text[end:]
    return text


def _blanked(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)
