"""A text that is being edited, with the place in the original of all that is kept."""

from __future__ import annotations

from ..records import NamedTuple
from ..results import Hint, Span
from .results import Edit


class _Piece(NamedTuple):
    """Words of the draft: `origin` is their place in the original, -1 for new ones.

    `mark` numbers the edit that put them in, -1 for what is kept.
    """

    text: str
    origin: int
    mark: int


class _Made(NamedTuple):
    """An edit as it was made; its place in the new text is not known yet."""

    kind: str
    start: int
    end: int
    hint: Hint | None
    reason: str


class Draft:
    """A part of a text, edited bit by bit.

    Args:
        text: the part.
        origin: where it begins in the original text.
    """

    def __init__(self, text: str, origin: int) -> None:
        self.text = text
        self.origin = origin
        self._pieces = [_Piece(text, origin, -1)]
        self._made: dict[int, _Made] = {}
        self._next = 0

    @property
    def is_edited(self) -> bool:
        """Whether anything was changed."""
        return bool(self._made)

    def replace(
        self, start: int, end: int, new: str, kind: str, reason: str, hint: Hint | None = None
    ) -> None:
        """Put `new` in the place of the draft's characters `start` to `end`."""
        before: list[_Piece] = []
        gone: list[_Piece] = []
        after: list[_Piece] = []
        at = 0
        for piece in self._pieces:
            last = at + len(piece.text)
            if last <= start:
                before.append(piece)
            elif at >= end:
                after.append(piece)
            else:
                cut, rest = max(start - at, 0), min(end, last) - at
                if cut:
                    before.append(_part(piece, 0, cut))
                gone.append(_part(piece, cut, rest))
                if rest < len(piece.text):
                    after.append(_part(piece, rest, len(piece.text)))
            at = last
        first, last = self._hull(gone, before, after)
        mark = self._next
        self._next += 1
        for old in {piece.mark for piece in gone} - {-1}:
            # one edit of what another one made is part of it, or takes its place
            made = self._made.pop(old)
            first, last = min(first, made.start), max(last, made.end)
            hint = hint or made.hint
            if (
                kind == "drop"
                and made.kind in ("replace", "split")
                and _holds(before + after, old)
            ):
                kind, reason = made.kind, made.reason  # new words stay
            before = [p._replace(mark=mark) if p.mark == old else p for p in before]
            after = [p._replace(mark=mark) if p.mark == old else p for p in after]
        self._made[mark] = _Made(kind, first, last, hint, reason)
        self._pieces = [*before, _Piece(new, -1, mark), *after]
        self.text = f"{self.text[:start]}{new}{self.text[end:]}"

    def _hull(
        self, gone: list[_Piece], before: list[_Piece], after: list[_Piece]
    ) -> tuple[int, int]:
        """Where in the original the pieces that go stood."""
        places = [(p.origin, p.origin + len(p.text)) for p in gone if p.origin >= 0]
        if places:
            return min(place[0] for place in places), max(place[1] for place in places)
        if before:
            piece = before[-1]
            if piece.origin >= 0:
                return (piece.origin + len(piece.text),) * 2
            return (self._made[piece.mark].end,) * 2
        if after:
            piece = after[0]
            place = piece.origin if piece.origin >= 0 else self._made[piece.mark].start
            return place, place
        return self.origin, self.origin

    def said(self) -> str:
        """What stands there without the sentences that were added."""
        return "".join(
            piece.text
            for piece in self._pieces
            if piece.mark < 0 or self._made[piece.mark].kind != "slot"
        )

    def edits(self, offset: int) -> list[Edit]:
        """The edits made, the draft standing at `offset` of the new text."""
        places: dict[int, tuple[int, int]] = {}
        at = offset
        for piece in self._pieces:
            last = at + len(piece.text)
            if piece.mark >= 0:
                first = places.get(piece.mark, (at, at))[0]
                places[piece.mark] = first, last
            at = last
        return [
            Edit(
                made.kind,
                Span(made.start, made.end),
                Span(*places[mark]),
                made.hint,
                made.reason,
            )
            for mark, made in sorted(self._made.items())
        ]


def _holds(pieces: list[_Piece], mark: int) -> bool:
    """Whether more than a letter is left of what an edit put in."""
    return len("".join(p.text for p in pieces if p.mark == mark).strip()) > 1


def _part(piece: _Piece, start: int, end: int) -> _Piece:
    origin = piece.origin + start if piece.origin >= 0 else -1
    return _Piece(piece.text[start:end], origin, piece.mark)
