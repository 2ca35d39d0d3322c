"""Whether what a hint suggests reads well in the place where it would stand."""

from __future__ import annotations

from ..results import Hint
from .guards import holds_noun
from .words import tables


def fits(hint: Hint, words: str, new: str) -> bool:
    """Whether a suggestion reads well just here."""
    if hint.span is None:
        return False
    start, end = hint.span
    if holds_noun(_left_out(words[start:end], new)) or (new and not any(map(str.isalpha, new))):
        return False  # "as the ticket shows" is a reason
    lists = tables()["suggestions"]
    if hint.rule in lists["after-for"]:
        before = words[:start].split()
        after = words[end:].lstrip()
        return (
            before[-1:] != []
            and before[-1].lower() in lists["for"]
            and (not after or after[0] in ".,;!?")
        )
    ended = new.split()[-1:] and not words[end:].lstrip()[:1].isalnum()
    if ended and new.split()[-1].lower() in lists["never-last"]:
        return False  # "you nosy old."
    if start == 0 and not _is_set_off(words[start:end], new):
        return False
    return _fits_as_clause(words, start, end, new)


def _left_out(old: str, new: str) -> str:
    """The words that go where only the beginning or the end of some stays; else nothing."""
    if old.startswith(new) and old != new:
        return old.removeprefix(new)
    return old.removesuffix(new) if old.endswith(new) else ""


def _is_set_off(dropped: str, kept: str) -> bool:
    """Whether words before `kept` can be left out: a mark or "but", "that" ends them.

    Args:
        dropped: the words, `kept` among them as the last ones.
        kept: what is to stand in their place.
    """
    if not dropped.lower().endswith(kept.lower()):
        return True
    rest = dropped[: len(dropped) - len(kept)].rstrip()
    return not rest or rest[-1] in ",:;-\u2013\u2014" or rest.lower().endswith(("but", "that"))


def _fits_as_clause(sentence: str, start: int, end: int, words: str) -> bool:
    """Whether words that are a clause of their own can stand in place of a part.

    They can where marks, conjunctions or the sentence's ends set the part off; words that
    are no clause stand wherever their rule puts them.
    """
    lists = tables()["clauses"]
    first = words.split(maxsplit=1)[0].lower() if words.split() else ""
    opening = lists["subjects"] | lists["clause-starts"]
    if first.replace("\u2019", "'") not in opening or len(words.split()) < 3:
        return True
    before, after = sentence[:start].rstrip(), sentence[end:].lstrip()
    opened = (
        not before
        or before[-1] in ",;:-(\u2013\u2014"
        or (before.split()[-1].lower() in ("and", "but", "because", "so"))
    )
    if not opened:
        return False
    if not after or after[0] in ".!?;:)\u2013\u2014":
        return True
    following = after.lstrip(", ").split(maxsplit=2)
    return (
        after[0] == ","
        and len(following) > 1
        and following[0].lower() in ("and", "but", "so")
        and following[1].lower().replace("\u2019", "'").split("'")[0]
        in lists["subjects"] | lists["articles"]
    )
