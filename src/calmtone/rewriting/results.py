"""The results of rewriting and of its check: frozen, in code points of the two texts."""

from __future__ import annotations

from ..records import NamedTuple
from ..results import Hint, Scores, Span

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

KINDS = (
    "number",
    "amount",
    "date",
    "time",
    "name",
    "link",
    "email",
    "code",
    "reference",
    "quote",
    "negation",
    "commitment",
    "refusal",
)


class Fact(NamedTuple):
    """Something in a text that a rewrite should keep.

    `kind` is one of `KINDS`, `text` its words, `span` their place in the text they stand
    in. `key` is what facts are compared by: "three" and "3" have the same one.
    """

    kind: str
    text: str
    span: Span
    key: str


def fact_at(kind: str, text: str, span: Span, key: str | None = None) -> Fact:
    """What stands at a place of a text as a fact; its key is the words if none is given."""
    words = text[span.start : span.end]
    return Fact(kind, words, span, words.lower() if key is None else key)


class Change(NamedTuple):
    """A fact of the original and what stands in its place in the candidate.

    `kind` says what differs; `before` and `after` hold spans of their own texts.
    """

    kind: str
    before: Fact
    after: Fact


class RewriteCheck(NamedTuple):
    """What became of the facts of a text in a rewrite of it, and of its scores.

    `lost` holds facts of the original without a counterpart, `added` those of the candidate
    without one, `changed` pairs that should be the same and are not. `ok` is True where
    `problems`, one sentence each, is empty. `before` and `after` are the scores.
    """

    ok: bool
    lost: tuple[Fact, ...]
    added: tuple[Fact, ...]
    changed: tuple[Change, ...]
    before: Scores
    after: Scores
    problems: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The check as JSON-ready data, offsets in code points."""
        return {
            "ok": self.ok,
            "problems": list(self.problems),
            "lost": [_fact(fact) for fact in self.lost],
            "added": [_fact(fact) for fact in self.added],
            "changed": [
                {
                    "kind": change.kind,
                    "before": _fact(change.before),
                    "after": _fact(change.after),
                }
                for change in self.changed
            ],
            "before": self.before._asdict(),
            "after": self.after._asdict(),
        }


class Edit(NamedTuple):
    """One change that was made.

    `kind` is "drop", "replace", "split", "reorder" or "slot". `before` is the place of the
    words in the original text and `after` that of what stands there now (empty where words
    were dropped or added). `hint` is the hint that it follows, with its span in the original
    text, or None; `reason` says in a sentence why.
    """

    kind: str
    before: Span
    after: Span
    hint: Hint | None
    reason: str


class SetAside(NamedTuple):
    """A candidate of a rewriter that was not taken, and why.

    `text` is None where the rewriter gave no text at all.
    """

    text: str | None
    reason: str


class Rewrite(NamedTuple):
    """A calmer text and how it came about.

    `source` is "original" (nothing to change), "edits" (the safe edits) or "rewriter" (a
    candidate that passed the check). `before` and `after` are the scores of both texts,
    `check` the check of the new text against the original one, and `set_aside` what a
    rewriter offered that was not taken.
    """

    text: str
    edits: tuple[Edit, ...]
    before: Scores
    after: Scores
    original: str
    source: str
    check: RewriteCheck
    set_aside: tuple[SetAside, ...]

    @property
    def changed(self) -> bool:
        """Whether the text is another one than the original."""
        return self.text != self.original

    @property
    def has_slots(self) -> bool:
        """Whether the writer still has a `[slot]` to fill that the original did not have."""
        return any("[" in self.text[edit.after.start : edit.after.end] for edit in self.edits)

    def to_dict(self) -> dict[str, Any]:
        """The rewrite as JSON-ready data, offsets in code points."""
        return {
            "text": self.text,
            "original": self.original,
            "source": self.source,
            "edits": [
                {
                    "kind": edit.kind,
                    "before": edit.before._asdict(),
                    "after": edit.after._asdict(),
                    "reason": edit.reason,
                    "hint": None
                    if edit.hint is None
                    else {
                        **edit.hint._asdict(),
                        "span": edit.hint.span and edit.hint.span._asdict(),
                        "suggestions": list(edit.hint.suggestions),
                    },
                }
                for edit in self.edits
            ],
            "before": self.before._asdict(),
            "after": self.after._asdict(),
            "check": self.check.to_dict(),
            "set_aside": [item._asdict() for item in self.set_aside],
        }


def _fact(fact: Fact) -> dict[str, Any]:
    return {"kind": fact.kind, "text": fact.text, "span": fact.span._asdict()}
