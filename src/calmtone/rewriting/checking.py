"""`check_rewrite`: what became of the facts of a text in a rewrite of it."""

from __future__ import annotations

from collections.abc import Sequence

from ..results import Span
from .aligning import Side, aligned, different, parts
from .bounding import bounds_changed
from .contrasting import agreed, contrasts_changed
from .equating import differences
from .facts import find_facts
from .outcomes import assented, granted_after_all, outcomes_changed, refuses_in
from .results import Change, Fact, RewriteCheck
from .reversing import bridged, reversed_in, stated, turned, unmatched
from .shifting import promises_shifted
from .statements import Part, negations
from .swapping import Facts, swapped

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from ..analyzer import Analyzer
    from ..results import Analysis

_EXACT = ("link", "email", "reference", "code")


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
        TypeError: a text is not a string, or `analyzer` no analyzer.
        TextTooLongError: a text is longer than the analyzer's `max_chars`.
    """
    if reply_to is not None and not isinstance(reply_to, str):
        raise TypeError(f"reply_to must be a string or None, not {type(reply_to).__name__}")
    from ..analyzer import analyzer_or_shared

    analyzer = analyzer_or_shared(analyzer)
    before, after = analyzer.analyze(original), analyzer.analyze(candidate)
    return compare(before, after, reply_to=reply_to, strict=strict)


def compare(
    before: Analysis, after: Analysis, *, reply_to: str | None = None, strict: bool = False
) -> RewriteCheck:
    """`check_rewrite` of two analysed texts."""
    old, new = find_facts(before.text), find_facts(after.text)
    old, new = _with_names(before.text, old, new), _with_names(after.text, new, old)
    ours, theirs = agreed(parts(before), parts(after))
    known = frozenset(fact.key for fact in find_facts(reply_to)) if reply_to else frozenset()
    lost, added = differences(old, new)
    changed = swapped(Facts(before.text, old), Facts(after.text, new), lost, added, known)
    changed += bounds_changed(before.text, old, after.text, new)
    one, two = Side(before.text, ours, old), Side(after.text, theirs, new)
    small = different(one, two, aligned(ours, theirs)) + contrasts_changed(one, two)
    small += promises_shifted(ours, theirs, before.text, after.text)
    taken = {change.before.span for change in changed}
    for change in small:
        if change.before.span not in taken:
            taken.add(change.before.span)
            changed.append(change)
    changed += _turned(before.text, after.text, ours, theirs, changed)
    said, restated = stated(ours), stated(theirs)
    swapped_before = {change.before.span for change in changed}
    swapped_after = {change.after.span for change in changed}
    gone = unmatched(said, restated, before.text)
    new_ones = unmatched(restated, said, after.text)
    lost = [fact for fact in (*lost, *gone) if fact.span not in swapped_before]
    added = [
        fact
        for fact in (*added, *new_ones)
        if fact.span not in swapped_after and fact.key not in known
    ]
    problems = _problems(lost, added, changed, strict)
    if not theirs and ours:
        problems.append("nothing is left of the text")
    return RewriteCheck(
        not problems,
        tuple(sorted(lost, key=_place)),
        tuple(sorted(added, key=_place)),
        tuple(changed),
        before.scores,
        after.scores,
        tuple(problems),
    )


def _turned(
    text: str,
    other: str,
    ours: Sequence[Part],
    theirs: Sequence[Part],
    changed: Sequence[Change],
) -> list[Change]:
    """Statements that became their opposite: the first way to see it that sees one."""
    said, restated = stated(ours), stated(theirs)
    named = _named_in(ours)
    found = turned(said, restated, text, other, changed)
    if any(change.kind in ("negation", "refusal") for change in (*changed, *found)):
        return found
    return (
        found
        or reversed_in(said, restated, theirs, text, other, refuses_in(theirs), named)
        or granted_after_all(said, restated, theirs, text, other)
        or outcomes_changed(ours, theirs, text, other)
        or assented(said, ours, theirs, text, other)
        or bridged(ours, theirs, text, other, named)
    )


def _named_in(sentences: Sequence[Part]) -> set[str]:
    """The words of content of the sentences that deny nothing."""
    plain = (part.content for part in sentences if not negations(part.words))
    return set().union(*plain)


def _with_names(
    text: str, facts: tuple[Fact, ...], others: tuple[Fact, ...]
) -> tuple[Fact, ...]:
    """The facts of a text, with the names that only the other text shows to be names."""
    names = {fact.key for fact in others if fact.kind == "name"}
    unseen = names.difference(fact.key for fact in facts)
    lower = text.lower()
    return find_facts(text, names) if any(name in lower for name in unseen) else facts


def _place(fact: Fact) -> Span:
    return fact.span


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
