"""Slots for what a defensive text lacks: what it was like for them, and a next step."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..results import Analysis
from .guards import is_quoted
from .phrases import Proposal
from .sentences import Sentence
from .standing import Standing
from .statements import SLOT
from .words import tables

_GREETING = re.compile(
    r"\s*(?:(?i:hi|hiya|hello|hey|hola|dear|dearest|greetings|good (?:morning|afternoon|evening"
    r"|day)|morning|afternoon|evening|sir|madam|to (?:our|my|all|the|whom)\b)\b"
    r"[^\n,.!?:;]{0,50}(?:[,!:]+|(?=\n))"
    r"|[A-Z][\w'\u2019-]{1,20}(?: [A-Z][\w'\u2019-]{1,20}){0,2},(?=\s*\n))(?P<blank>\s+)"
)
_INLINE_CLOSING = re.compile(
    r"(?<=[.!?] )(?:(?:Kind|Warm|Best|Many|With)[a-z ]{0,20}|Regards|Yours [a-z]+|Best|Cheers"
    r"|Sincerely|Thanks),? [A-Z][^.!?\n]{0,60}$"
)
_VIEW = "A view reads calmer than a verdict."
_NEED = "What would help is easier to act on than what went wrong."
_ACKNOWLEDGE = "What it was like for them is heard first."
_HINTED = 0.5  # from here on hints say what is missing
# What stands below the writer's own words: a signature, or the mail that is answered.
_BELOW = re.compile(
    r"(?im)^(?:--[ ]?$|sent from my |get outlook for |on [^\n]{5,200} wrote:[ ]*$"
    r"|-{2,} ?(?:original|forwarded) message|from: [^\n]+\n(?:sent|date|to): )"
)
_JOINT = re.compile(r"(?i)(?:but|and) (?P<first>[a-z])")
_QUOTED_ABOVE = re.compile(
    r"(?i)\s*(?:on [^\n]{5,200} wrote:[ ]*\n)?(?:[ \t]*>[^\n]*\n|[ \t]*\n)+"
)
# A short answer, which goes with the question before it: "Yes." or "I did."
_ANSWER = re.compile(
    r"(?i)(?:yes|no|yep|nope|(?:i|we|it|they|he|she) (?:do|did|does|am|are|is|was|were|have|has"
    r"|had|can|could|will|would)(?:n['\u2019]t| not)?)[.!]+\s+(?=\S)"
)
_KISSES = re.compile(
    r"(?:\s+(?:[xX]{1,6}|(?:xo)+x?)(?:\s+[A-Z]\w{0,20})?|(?<=[.!?])\s+[A-Z]{1,2})$"
)
_LINE = re.compile(r"\n\s*\n?\s*(?P<line>[^\n]{1,60})\s*\Z")


def slot_changes(
    analysis: Analysis,
    sentences: Sequence[Sentence],
    standing: Standing,
    framed: bool = True,
) -> list[Proposal]:
    """Where which sentences with slots go, around an explanation that stays.

    For somebody who answers a complaint: what it was like for the reader comes first, the
    explanation is introduced as one's view, and the next step comes last. One's own part is
    asked for only where the draft admits one. A draft that denies asks for the other view;
    one whose writer was let down says what he or she needs.

    Args:
        analysis: the text.
        sentences: its sentences, each read by itself.
        standing: where its writer stands.
        framed: whether the explanation is introduced.
    """
    text = analysis.text
    hints = {hint.rule: hint for hint in analysis.hints}
    changes = []
    slots = tables()["slots"]
    we = "-we" if speaks_of_we(text) else ""
    own = slots[f"own{we}"] if standing.admits else ""
    first = hints.get("missing/acknowledge")
    if standing.answers:
        words, why = slots["acknowledge"], _ACKNOWLEDGE
        if first is not None and first.suggestions:
            words, why = first.suggestions[0], first.message
        low = max(analysis.scores.defensiveness, analysis.scores.empathy) < _HINTED
        if low or (first is not None and first.suggestions):
            changes.append(_opening(text, f"{words} {own}".rstrip(), why))
    last = hints.get("missing/help")
    words = last.suggestions[0] if last and last.suggestions else slots["help"]
    if we and words == slots["help"]:
        words = slots["help-we"]
    reason = last.message if last else "A next step shows that you are working on it."
    if not standing.answers:
        words, reason = slots[f"need{we}"], _NEED
    elif not changes and own:
        words = f"{own} {words}"
    place = _explained(analysis, sentences) if framed else None
    if place is not None:
        changes = _framed(changes, place, slots[f"view{we}"])
    if not standing.answers or standing.denies:
        words = f"{slots[f'heard{we}']} {words}"
    elif place is not None and standing.admits:
        words = f"{slots[f'undone{we}']} {words}"
    changes.append(_closing(text, words, reason))
    return changes


def _explained(analysis: Analysis, sentences: Sequence[Sentence]) -> int | None:
    """Where the explanation of a defensive text begins."""
    lists = tables()["clauses"]
    unfit = lists["conjunctions"] | lists["imperatives"] | lists["unfit-view"]
    text = analysis.text
    start, end = _own_start(text), _own_end(text)
    for sentence in sentences:
        words = sentence.analysis.text
        if sentence.start < start or sentence.end > end or 1 not in sentence.heat:
            continue
        if is_quoted(text, sentence.start):
            continue
        first, *rest = re.findall(r"\w+", words.lower())[:4] or [""]
        if not first or first in unfit or words[-1] == "?" or SLOT.search(words):
            continue
        if len(rest) < 3 or (first in ("i", "we") and not lists["owning"].isdisjoint(rest[:3])):
            continue
        if sentence.analysis.scores.empathy < _HINTED:
            return sentence.start
    return None


def _framed(changes: Sequence[Proposal], place: int, view: str) -> list[Proposal]:
    """The changes with the sentence that introduces the explanation at `place`."""
    for index, (start, end, new, kind, reason) in enumerate(changes):
        if start <= place <= end:
            # the first letter of the text is part of the change where it became a capital
            cut = len(new) - (end > start)
            joined = f"{new[:cut]}{view} {new[cut:]}"
            change = (start, end, joined, kind, reason)
            return [*changes[:index], change, *changes[index + 1 :]]
    return [*changes, (place, place, f"{view} ", "slot", _VIEW)]


def speaks_of_we(text: str) -> bool:
    """Whether a text speaks for several more than for its writer."""
    words = re.findall(r"[a-z]+", text.lower())
    ours = sum(word in ("we", "our", "us") for word in words)
    return ours > sum(word in ("i", "my", "me") for word in words)


def opening_place(text: str) -> int:
    """Where the text begins, after a quotation and a greeting."""
    start = _own_start(text)
    greeting = _GREETING.match(text, start)
    return greeting.end() if greeting else len(text) - len(text[start:].lstrip())


def _own_start(text: str) -> int:
    """Where the writer's own words begin, below a quotation."""
    above = _QUOTED_ABOVE.match(text)
    return above.end() if above else 0


def _own_end(text: str) -> int:
    """Where the writer's own words end, above a signature or a quotation."""
    below = _BELOW.search(text, _own_start(text))
    end = len((text[: below.start()] if below else text).rstrip())
    while end:
        start = text.rfind("\n", 0, end) + 1
        if not text[start:end].lstrip().startswith(">"):
            break
        end = len(text[:start].rstrip())
    return end


def _opening(text: str, words: str, reason: str) -> tuple[int, int, str, str, str]:
    """The words at the text's beginning, after a greeting."""
    start = _own_start(text)
    greeting = _GREETING.match(text, start)
    if greeting is None:
        start = len(text) - len(text[start:].lstrip())
        answer = _ANSWER.match(text, start)
        start = answer.end() if answer else start
        joint = _JOINT.match(text, start)
        if joint is not None:
            return start, joint.end(), f"{words} {joint['first'].upper()}", "slot", reason
        return start, start, f"{words} ", "slot", reason
    start = greeting.end()
    if "\n" in greeting["blank"] or start == len(text) or not text[start].islower():
        return start, start, f"{words} ", "slot", reason
    return start, start + 1, f"{words} {text[start].upper()}", "slot", reason


def _closing(text: str, words: str, reason: str) -> tuple[int, int, str, str, str]:
    """The words at the text's end, before a name or a greeting."""
    end = _own_end(text)
    if not end:
        return 0, 0, f"{words} ", "slot", reason
    while end:
        line = _LINE.search(text[max(end - 140, 0) : end])
        if line is None or not _signs_off(line["line"]):
            break
        end = max(end - 140, 0) + line.start()
        end = len(text[:end].rstrip())
    inline = _INLINE_CLOSING.search(text[:end], max(end - 140, 0))
    if inline is not None:
        end = len(text[: inline.start()].rstrip())
    kisses = _KISSES.search(text[:end], max(end - 40, 0))
    if kisses is not None and kisses.start():
        end = len(text[: kisses.start()].rstrip())
    stop = (
        ""
        if not end or text[end - 1] in '.!?:;\u2026)"\u201d' or not text[end - 1].isalnum()
        else "."
    )
    return end, end, f"{stop} {words}", "slot", reason


def _signs_off(line: str) -> bool:
    """Whether a last line is a name, a role or a closing formula."""
    words = re.findall(r"[\w'\u2019]+", line.lower())
    if not words or len(words) > 6 or line.rstrip()[-1:] in ".?!":
        return False
    closing = tables()["names"]["closing"]
    return words[0] in closing or all(
        word[:1].isupper() or word in ("the", "of", "and", "x")
        for word in line.split()
        if word[:1].isalpha()
    )
