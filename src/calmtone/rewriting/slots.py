"""Slots for what a defensive text lacks: what it was like for them, and a next step."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..results import Analysis, Hint
from .phrases import Proposal, phrases_of
from .sentences import Sentence
from .standing import Standing
from .statements import plain_words
from .words import tables

_GREETING = re.compile(
    r"\s*(?:(?i:hi|hiya|hello|hey|hola|dear|dearest|greetings|good (?:morning|afternoon|evening"
    r"|day)|morning|afternoon|evening|sir|madam|respected (?:sir|madam)|to (?:our|my|all|the"
    r"|whom)\b)\b(?:(?i:\b(?:mr|mrs|ms|dr|prof|st)\.)|[^\n,.!?:;]){0,50}(?:[,!:.]+|(?=\n))"
    r"|[A-Z][\w'\u2019-]{1,20}(?: [A-Z][\w'\u2019-]{1,20}){0,2},(?=\s*\n))(?P<blank>\s+)"
)
_INLINE_CLOSING = re.compile(
    r"(?<=[.!?] )(?:(?:Kind|Warm|Best|Many|With)[a-z ]{0,20}|Regards|Yours [a-z]+|Best|Cheers"
    r"|Sincerely|Thanks),? [A-Z][^.!?\n]{0,60}$"
)
# A title that stands in the line of the text: "Post-incident statement. The outage …"
_TITLE = re.compile(
    r"(?i)\s*(?:re: [^\n.!?]{1,60}|(?:[a-z'\u2019-]+ ){0,4}(?:statement|notice|update"
    r"|announcement|response|summary|correction|clarification|post-mortem))[.:]\s+(?=\S)"
)
# A last sentence that wishes well or thanks: nothing comes after it.
_FAREWELL = re.compile(
    r"(?i)(?<=[.!?]) +(?:thank(?:s|ing| you)|wishing|(?:we|i) wish you (?!had|would|could|were)"
    r"|stay safe|keep (?:safe|well)|safe (?:travels|journey)|drive safely"
    r"|have a|hop(?:e|ing) (?:to|you|this)|enjoy"
    r"|looking forward|(?:we|i) look forward|see you|take care|once again|best wishes|good luck"
    r"|happy (?!to)|merry|lots of love|all the best)\b[^.!?\n]{0,100}[.!?]*$"
)
_NEED = "What would help is easier to act on than what went wrong."
_ACKNOWLEDGE = "What it was like for them is heard first."
_HINTED = 0.5  # from here on hints say what is missing
# What stands below the writer's own words: a signature, or the mail that is answered.
_BELOW = re.compile(
    r"(?im)^(?:--[ ]?$|sent from my |get outlook for |on [^\n]{5,200} wrote:[ ]*$"
    r"|-{2,} ?(?:original|forwarded) message|from: [^\n]+\n(?:sent|date|to): )"
)
_JOINT = re.compile(r"(?i)(?:but|and|so|then) (?P<first>[a-z])")
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
    analysis: Analysis, sentences: Sequence[Sentence], standing: Standing
) -> list[Proposal]:
    """Where which sentences with slots go, around an explanation that stays.

    For somebody who answers a complaint: what it was like for the reader comes first; after
    the explanation, an invitation to say what was missed, what would be done differently and
    the next step. Of all frames that were tried on readers this one lowered defensiveness most
    often (`docs/rewriting.md`). One's own part is asked for only where the draft admits one.
    One whose writer was let down says what he or she needs.

    Args:
        analysis: the text.
        sentences: its sentences, each read by itself.
        standing: where its writer stands.
    """
    text = analysis.text
    hints = {hint.rule: hint for hint in analysis.hints}
    slots = tables()["slots"]
    we = "-we" if speaks_of_we(text) else ""
    if not standing.answers:
        return [_closing(text, f"{slots[f'heard{we}']} {slots[f'need{we}']}", _NEED)]
    changes = []
    first = hints.get("missing/acknowledge")
    low = max(analysis.scores.defensiveness, analysis.scores.empathy) < _HINTED
    hinted = first is not None and bool(first.suggestions)
    if low or hinted:
        words = _voiced(first, "acknowledge", we)
        why = first.message if first is not None and hinted else _ACKNOWLEDGE
        changes.append(_opening(text, _after_kindness(text, sentences), words, why))
    last = hints.get("missing/help")
    parts = [slots[f"differs{we}"]]
    parts += [slots[f"own{we}"]] if standing.admits else []
    parts += [slots[f"next{we}"], _voiced(last, "help", we)]
    reason = last.message if last else "A next step shows that you are working on it."
    changes.append(_closing(text, " ".join(parts), reason))
    return changes


def _voiced(hint: Hint | None, name: str, we: str) -> str:
    """What a hint suggests first, or the slot `name`, in the plural where that is the slot."""
    slots = tables()["slots"]
    plain: str = slots[name]
    words = hint.suggestions[0] if hint is not None and hint.suggestions else plain
    return slots[f"{name}{we}"] if words == plain else words


def _after_kindness(text: str, sentences: Sequence[Sentence]) -> int:
    """Where the first sentences end that thank or are warm, and defend nothing.

    The place where the text begins if there are none, or nothing else.
    """
    start, end = opening_place(text), _own_end(text)
    place = start
    kind = tables()["clauses"]["kind-start"]
    for sentence in sentences:
        if sentence.start < start:
            continue
        words = plain_words(sentence.analysis.text)
        scores = sentence.analysis.scores
        warm = scores.empathy >= _HINTED or bool(words and words[0] in kind)
        if not warm or max(scores[:2]) >= _HINTED:
            return place
        if sentence.end >= end:
            return start
        place = len(text) - len(text[sentence.end :].lstrip())
    return start


def speaks_of_we(text: str) -> bool:
    """Whether the writer's own words speak for several more than for him or her alone."""
    own = text[_own_start(text) : _own_end(text)]
    words = re.findall(r"[a-z]+", own.lower())
    ours = sum(word in ("we", "our", "us") for word in words)
    mine = sum(word in ("i", "my", "me") for word in words)
    if not ours and not mine:
        return phrases_of("standing", "bodies").search(own) is not None
    return ours > mine


def opening_place(text: str) -> int:
    """Where the text begins, after a quotation, a greeting and a title."""
    start = _own_start(text)
    greeting = _greeting(text, start)
    start = greeting.end() if greeting else len(text) - len(text[start:].lstrip())
    title = _verbless(_TITLE.match(text, start))
    return title.end() if title else start


def _greeting(text: str, start: int) -> re.Match[str] | None:
    """The greeting that stands at a place; "hey so I know that, …" is none."""
    return _verbless(_GREETING.match(text, start))


def _verbless(match: re.Match[str] | None) -> re.Match[str] | None:
    """The match, where it is no sentence."""
    if match is None:
        return None
    lists = tables()["clauses"]
    words = frozenset(plain_words(match[0])) - {"there"}  # "Hi there,"
    return match if words.isdisjoint(lists["finite"] | lists["subjects"]) else None


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


def _opening(text: str, place: int, words: str, reason: str) -> Proposal:
    """The words at a place near the text's beginning."""
    if place == (start := opening_place(text)):
        answer = _ANSWER.match(text, place)
        place = answer.end() if answer else place
    joint = _JOINT.match(text, place)
    if joint is not None:
        return place, joint.end(), f"{words} {joint['first'].upper()}", "slot", reason
    greeted = place == start and "," in text[:start] and "\n" not in text[:start]
    if not greeted or not text[place : place + 1].islower():
        return place, place, f"{words} ", "slot", reason
    if not words.startswith("I "):
        words = words[0].lower() + words[1:]  # "Madam, our driver …"
    return place, place + 1, f"{words} {text[place].upper()}", "slot", reason


def _closing(text: str, words: str, reason: str) -> Proposal:
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
    for pattern in (_INLINE_CLOSING, _KISSES, _FAREWELL):
        parting = pattern.search(text[:end], max(end - 140, 0))
        if parting is not None and parting.start():
            end = len(text[: parting.start()].rstrip())
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
