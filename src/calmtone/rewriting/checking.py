"""`check_rewrite`: what became of the facts of a text in a rewrite of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..results import Span
from .aligning import Part, aligned, different, parts
from .facts import find_facts
from .results import Change, Fact, RewriteCheck
from .statements import Statement, statements, stem, words_of
from .words import tables

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from ..analyzer import Analyzer
    from ..results import Analysis

_FORMS = {
    "number": "numeric",
    "amount": "numeric",
    "date": "date",
    "time": "time",
    "name": "name",
}
_EXACT = ("link", "email", "reference", "code")
_STATEMENTS = ("negation", "refusal", "commitment")
# Where one of these is lost and one is new, the new one stands in the other's place.
_ALONE = ("weekday", "month", "share", "amount", "name")
_AFTER = ">"


def check_rewrite(
    original: str,
    candidate: str,
    *,
    reply_to: str | None = None,
    strict: bool = False,
    analyzer: Analyzer | None = None,
) -> RewriteCheck:
    """Which facts a rewrite lost, added or changed, and how the scores moved.

    A calmer text may leave a remark out, or take up a detail of the message that it
    answers. So by default a check fails only on what no rewrite should do: a number,
    amount, date, time or name that stands in the place of another one; a link, an e-mail
    address, an order number or code that is gone; a statement that turned into its
    opposite; a refusal that turned into a promise. With `strict` it fails on whatever is
    lost, added or changed. Everything is listed either way. Takes time linear in the length
    of both texts.

    Args:
        original: the text that was rewritten.
        candidate: the new text. Its `[slots]` count as nothing added.
        reply_to: the message that both answer: its facts may be taken up.
        strict: whether every loss and every addition counts.
        analyzer: what scores the texts, by default the shared one.

    Raises:
        TypeError: a text is not a string.
        TextTooLongError: a text is longer than the analyzer's `max_chars`.
    """
    if reply_to is not None and not isinstance(reply_to, str):
        raise TypeError(f"reply_to must be a string or None, not {type(reply_to).__name__}")
    if analyzer is None:
        from ..analyzer import _default

        analyzer = _default()
    before, after = analyzer.analyze(original), analyzer.analyze(candidate)
    return compare(before, after, reply_to=reply_to, strict=strict)


def compare(
    before: Analysis, after: Analysis, *, reply_to: str | None = None, strict: bool = False
) -> RewriteCheck:
    """`check_rewrite` of two analysed texts."""
    old, new = find_facts(before.text), find_facts(after.text)
    names = {fact.key for fact in (*old, *new) if fact.kind == "name"}
    if names:
        old, new = find_facts(before.text, names), find_facts(after.text, names)
    ours, theirs = parts(before), parts(after)
    known = frozenset(fact.key for fact in find_facts(reply_to)) if reply_to else frozenset()
    lost, added = _differences(old, new)
    changed = _swapped(before.text, after.text, lost, added, known)
    changed += different(before.text, after.text, ours, theirs, aligned(ours, theirs))
    stated, restated = _stated(ours), _stated(theirs)
    changed += _turned(stated, restated, before.text, after.text, changed)
    swapped_before = {change.before.span for change in changed}
    swapped_after = {change.after.span for change in changed}
    gone = _unmatched(stated, restated, before.text)
    new_ones = _unmatched(restated, stated, after.text)
    lost = [fact for fact in (*lost, *gone) if fact.span not in swapped_before]
    added = [
        fact
        for fact in (*added, *new_ones)
        if fact.span not in swapped_after and fact.key not in known
    ]
    problems = _problems(lost, added, changed, strict)
    return RewriteCheck(
        not problems,
        tuple(sorted(lost, key=_place)),
        tuple(sorted(added, key=_place)),
        tuple(changed),
        before.scores,
        after.scores,
        tuple(problems),
    )


def _place(fact: Fact) -> Span:
    return fact.span


def _differences(old: Sequence[Fact], new: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Facts of each side whose key the other side has less often."""
    return _missing(old, new), _missing(new, old)


def _missing(facts: Sequence[Fact], others: Sequence[Fact]) -> list[Fact]:
    left = {(_FORMS.get(fact.kind, fact.kind), fact.key) for fact in others}
    # a day of the month may be written as a bare number, and a number as an ordinal
    values = {fact.key for fact in others if fact.kind in ("number", "amount", "date", "time")}
    found = []
    for fact in facts:
        form = _FORMS.get(fact.kind, fact.kind)
        if (form, fact.key) in left:
            continue
        if fact.kind in ("number", "amount", "date") and fact.key in values:
            continue
        found.append(fact)
    return found


def _swapped(
    text: str,
    other: str,
    lost: Sequence[Fact],
    added: Sequence[Fact],
    known: frozenset[str],
) -> list[Change]:
    """Facts that were lost where one of the same form and with the same words came in."""
    waiting: dict[tuple[str, str], list[Fact]] = {}
    for fact in added:
        for word in _around(other, fact):
            if fact.key not in known or word[0] == _AFTER:
                waiting.setdefault((_sort(fact), word), []).append(fact)
    found, used, left = [], set(), []
    for fact in lost:
        beside = (waiting.get((_sort(fact), word), ()) for word in _around(text, fact))
        match = next((o for group in beside for o in group if o.span not in used), None)
        if match is None:
            left.append(fact)
        else:
            used.add(match.span)
            found.append(Change(fact.kind, fact, match))
    new = [fact for fact in added if fact.span not in used and fact.key not in known]
    for sort in _ALONE:
        one = [fact for fact in left if _sort(fact) == sort]
        two = [fact for fact in new if _sort(fact) == sort]
        if len(one) == len(two) == 1:
            found.append(Change(one[0].kind, one[0], two[0]))
    return found


def _sort(fact: Fact) -> str:
    """What a fact may be mistaken for: a weekday for a weekday, a share for a share."""
    if fact.kind == "date" and fact.key.isalpha():
        if fact.key in tables()["dates"]["relative"]:
            return "relative"
        days = {day[:3] for day in tables()["dates"]["weekdays"]}
        return "weekday" if fact.key in days else "month"
    if fact.text.endswith("%"):
        return "share"
    if fact.kind == "amount":
        return "amount"
    return _FORMS.get(fact.kind, fact.kind)


def _around(text: str, fact: Fact) -> list[str]:
    """The words of content beside a fact: what it counts, or who is meant."""
    empty = tables()["words"]["empty"]
    after = words_of(text, Span(fact.span.end, min(fact.span.end + 40, len(text))))[:2]
    before = words_of(text, Span(max(fact.span.start - 40, 0), fact.span.start))[-2:]
    found = [
        f"{_AFTER}{stem(w.word)}" for w in after if w.word not in empty and len(w.word) > 2
    ]
    found += [f"<{stem(w.word)}" for w in before if w.word not in empty and len(w.word) > 2]
    return found


def _stated(sentences: Sequence[Part]) -> list[tuple[Statement, Part]]:
    return [(found, part) for part in sentences for found in statements(part.words)]


def _turned(
    stated: Sequence[tuple[Statement, Part]],
    restated: Sequence[tuple[Statement, Part]],
    text: str,
    other: str,
    changed: Sequence[Change],
) -> list[Change]:
    """Refusals that became promises, and promises that became refusals."""
    done = [change.before.span for change in changed]
    found = []
    for kind, opposite in (("refusal", "commitment"), ("commitment", "refusal")):
        kept = {s.stem for s, _ in restated if s.kind in (kind, "negation")}
        turned: Mapping[str, tuple[Statement, Part]] = {
            s.stem: (s, part) for s, part in restated if s.kind == opposite
        }
        for statement, _ in stated:
            if statement.kind != kind or statement.stem in kept:
                continue
            if statement.stem not in turned or any(
                span.start < statement.span.end and statement.span.start < span.end
                for span in done
            ):
                continue
            match = turned[statement.stem][0]
            found.append(
                Change(kind, _of(statement, text), _of(match, other)._replace(kind=opposite))
            )
    return found


def _of(statement: Statement, text: str) -> Fact:
    span = statement.span
    return Fact(statement.kind, text[span.start : span.end], span, statement.stem)


def _unmatched(
    stated: Sequence[tuple[Statement, Part]],
    others: Sequence[tuple[Statement, Part]],
    text: str,
) -> list[Fact]:
    """Statements about something that the other text makes none of the kind about."""
    known = {(s.kind == "commitment", s.stem) for s, _ in others}
    return [
        _of(statement, text)
        for statement, _ in stated
        if (statement.kind == "commitment", statement.stem) not in known
    ]


def _problems(
    lost: Sequence[Fact], added: Sequence[Fact], changed: Sequence[Change], strict: bool
) -> list[str]:
    """One sentence for each thing that makes the check fail."""
    found = [
        f"{_named(change.kind)} changed: {change.before.text!r} became {change.after.text!r}"
        for change in changed
    ]
    found += [
        f"{_named(fact.kind)} lost: {fact.text!r}"
        for fact in lost
        if strict or fact.kind in _EXACT
    ]
    found += [
        f"{_named(fact.kind)} added: {fact.text!r}"
        for fact in added
        if strict or fact.kind in ("link", "email", "reference")
    ]
    return found


def _named(kind: str) -> str:
    return "e-mail address" if kind == "email" else kind
