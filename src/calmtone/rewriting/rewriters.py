"""`rewrite`: the safe edits, or the best candidate of a rewriter that passes the check."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from ..errors import TextTooLongError
from ..results import Analysis, Hint, Span
from .candidates import candidates
from .checking import compare
from .editing import Editor
from .judging import SLIGHT
from .results import Rewrite, RewriteCheck, SetAside
from .statements import content, words_of
from .words import tables

if TYPE_CHECKING:
    from ..analyzer import Analyzer

# Facts without which a text says something else.
_MESSAGE = ("refusal", "commitment", "amount", "number", "date", "time")


class Rewriter(Protocol):
    """A callable from a text and its hints to texts that might stand in its place.

    Any function with these two arguments is one. It need not be sure of its candidates:
    each is checked.
    """

    def __call__(self, text: str, hints: Sequence[Hint], /) -> Iterable[str]:
        """Texts that might stand in place of `text`."""
        ...


def rewrite(
    text: str,
    reply_to: str | None = None,
    *,
    analyzer: Analyzer | None = None,
    rewriter: Rewriter | None = None,
    over: float | None = None,
) -> Rewrite:
    """A calmer text with the same facts; a text that is fine comes back as it is.

    Without a rewriter by safe edits alone: words are dropped or replaced by what a rule
    suggests, a sentence is split, and `[slots]` are added for what only the writer knows.
    With a rewriter, such as a language model, its candidates are checked (`check_rewrite`):
    of those that pass and are calmer, one that throws nothing of the message away goes
    first, then the calmest one that leaves out and adds fewest facts. If there is none, the
    safe edits are taken, and so they are where they keep what the best candidate loses: a
    refusal, a promise, a number, an amount, a date or a time. A candidate that loses an
    amount, or two of these, is never taken. A rewriter that raises, or gives something else
    than texts, is set aside: `set_aside` has the reason, nothing is raised.

    Args:
        text: the draft.
        reply_to: the message that it answers; a candidate may take up its facts.
        analyzer: what reads the texts, by default the shared one.
        rewriter: a callable from the text and its hints to candidates, not async. At most 20
            of them are looked at, without a line that announces them ("Here is a calmer
            version:") and without quotation marks around them.
        over: a text with hostility and defensiveness below this is fine; 0.35 by default,
            which finds more than 0.5 does. `docs/rewriting.md` says how many calm messages
            it leaves alone.

    Raises:
        TypeError: `text` or `reply_to` is not a string, `rewriter` can't be called, `over` is
            no number, or `analyzer` no analyzer.
        ValueError: `over` is not in (0, 1].
        TextTooLongError: `text` is longer than the analyzer's `max_chars`.

    >>> rewrite("Where is it, you clown?").text
    'Where is it?'
    """
    from ..analyzer import analyzer_or_shared

    analyzer = analyzer_or_shared(analyzer)
    if rewriter is not None and not callable(rewriter):
        raise TypeError(
            f"rewriter must be callable as rewriter(text, hints), not {type(rewriter).__name__}"
        )
    if over is not None and (isinstance(over, bool) or not isinstance(over, (int, float))):
        raise TypeError(
            f"over must be a number above 0 and up to 1, or None, not {type(over).__name__}"
        )
    if over is not None and not 0 < over <= 1:
        raise ValueError(f"over={over!r}: give a score above 0 and up to 1")
    before = analyzer.analyze(text, reply_to=reply_to)
    clear: float = tables()["remarks"]["clear"] if over is None else over
    if max(before.scores[:2]) < clear:
        return _unchanged(before, ())
    aside: list[SetAside] = []
    best = None
    if rewriter is not None:
        best = _best(before, reply_to, analyzer, rewriter, clear, aside)
    if best is not None and not best[1]:
        return best[0]._replace(set_aside=tuple(aside))
    made = _edited(before, reply_to, analyzer, clear)
    if best is not None:
        if made is None:
            made = best[0]
        else:
            reason = f"{'; '.join(best[1])}: the safe edits keep it"
            aside.append(SetAside(best[0].text, reason))
    return (
        _unchanged(before, tuple(aside))
        if made is None
        else made._replace(set_aside=tuple(aside))
    )


def _edited(
    before: Analysis, reply_to: str | None, analyzer: Analyzer, clear: float
) -> Rewrite | None:
    """The text after the safe edits, where all of them together pass the check."""
    new, edits = Editor(analyzer, clear).edited(before.text, before.reply)
    if not edits or new == before.text:
        return None
    after = analyzer.analyze(new, reply_to=reply_to)
    check = compare(before, after, reply_to=reply_to)
    if not check.ok or not _is_calmer(before, after, clear):
        return None
    added = any(edit.kind in ("slot", "reorder") for edit in edits)
    if not (added or _falls(before, after, clear)):
        return None
    return Rewrite(new, edits, before.scores, after.scores, before.text, "edits", check, ())


def _is_calmer(before: Analysis, after: Analysis, clear: float) -> bool:
    """Whether the higher score doesn't rise, and neither becomes clear unless the other falls.

    Without insults the rest of a text tells more of how it was; below `clear` it may.
    """
    old, new = before.scores[:2], after.scores[:2]
    rises = max((b - a for a, b in zip(old, new, strict=True) if b >= clear), default=0.0)
    return max(new) <= max(old) + SLIGHT and (
        rises <= SLIGHT or sum(new) < sum(old) - 2 * rises or max(new) <= max(old) / 2
    )


def _falls(before: Analysis, after: Analysis, clear: float) -> bool:
    """Whether a score falls that is too high: else words were taken out for nothing."""
    return any(
        old >= clear and new < old - SLIGHT
        for old, new in zip(before.scores[:2], after.scores[:2], strict=True)
    )


def _unchanged(before: Analysis, aside: tuple[SetAside, ...]) -> Rewrite:
    check = RewriteCheck(True, (), (), (), before.scores, before.scores, ())
    text = before.text
    return Rewrite(text, (), before.scores, before.scores, text, "original", check, aside)


def _best(
    before: Analysis,
    reply_to: str | None,
    analyzer: Analyzer,
    rewriter: Rewriter,
    clear: float,
    aside: list[SetAside],
) -> tuple[Rewrite, list[str]] | None:
    """The best candidate that passes and what it throws away; others, and why, to `aside`."""
    found: list[tuple[tuple[float, ...], Rewrite, list[str]]] = []
    threats = _threats(before, analyzer)
    for candidate in candidates(before, rewriter, aside):
        try:
            after = analyzer.analyze(candidate, reply_to=reply_to)
        except TextTooLongError as error:
            aside.append(SetAside(None, f"candidate too long: {error}"))
            continue
        check = compare(before, after, reply_to=reply_to)
        if not check.ok:
            aside.append(SetAside(candidate, "; ".join(check.problems)))
            continue
        heat, old = max(after.scores[:2]), max(before.scores[:2])
        if heat >= old or not _is_calmer(before, after, clear):
            aside.append(SetAside(candidate, f"not calmer: {old:.2f} before, {heat:.2f} after"))
            continue
        gone = _thrown_away(before, after, check, threats)
        if len(gone) > 1 or any(fact.kind == "amount" for fact in check.lost):
            aside.append(SetAside(candidate, "; ".join(gone)))
            continue
        differing = len(check.lost) + len(check.added)
        rank = (float(len(gone)), round(heat, 1), float(differing), heat)
        made = Rewrite(
            candidate, (), before.scores, after.scores, before.text, "rewriter", check, ()
        )
        found.append((rank, made, gone))
    if not found:
        return None
    _, best, gone = min(found, key=lambda item: item[0])
    aside += [
        SetAside(made.text, "another candidate is better")
        for _, made, _ in found
        if made is not best
    ]
    return best, gone


def _thrown_away(
    before: Analysis, after: Analysis, check: RewriteCheck, threats: Collection[int]
) -> list[str]:
    """What a candidate lost that is the message itself, one sentence each.

    `threats` are the sentences of the draft that threaten, by number.

    A refusal, a promise, an amount, a number, a date or a time; or all that the draft speaks
    of. A threat is none: a calm text has to leave it out. A true paraphrase seldom loses
    one, and next to never two.
    """
    starts = [sentence.span.start for sentence in before.sentences]
    gone = []
    for fact in check.lost:
        threat = (
            fact.kind == "commitment" and bisect_right(starts, fact.span.start) - 1 in threats
        )
        if fact.kind in _MESSAGE and not threat:
            gone.append(f"{fact.kind} lost: {fact.text!r}")
    known = _content(before.text)
    if before.reply is not None:
        known |= _content(before.reply.message)
    if known and known.isdisjoint(_content(after.text)):
        gone.append("nothing of what the text speaks of is left")
    return gone


def _threats(before: Analysis, analyzer: Analyzer) -> set[int]:
    """Which sentences threaten, by number."""
    forms = tables()["remarks"]["threats"]
    rules = {rule.id for rule in analyzer._rules.rules if rule.form in forms}
    starts = [sentence.span.start for sentence in before.sentences]
    return {
        bisect_right(starts, item.span.start) - 1
        for item in before.evidence
        if item.rule in rules
    }


def _content(text: str) -> set[str]:
    """The words of content of a text."""
    return content(words_of(text, Span(0, len(text))))
