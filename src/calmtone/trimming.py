"""Where the words of a hint end: not on a word that leans on the next one."""

from __future__ import annotations

from collections.abc import Mapping

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any


class Trimmer:
    """Cuts words that lean on what comes after them off the end. Read-only.

    Args:
        words: the word lists `trimming` of hints.toml.
    """

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._leaning = frozenset(words["leaning"])
        self._verbs = frozenset(words["verbs"])
        self._determiners = frozenset(words["determiners"])
        self._subjects = frozenset(words["subjects"])
        self._halves = frozenset(words["halves"])
        self._weak = self._leaning | self._verbs | self._determiners | self._subjects
        self._ends = self._weak | self._halves

    def settings(self) -> dict[str, Any]:
        """What the compiled engine needs to trim alike; see `csrc/hints.c`."""
        return {"trim": self.trim, "trimmed": self._ends}

    def trim(self, text: str, start: int, end: int) -> int:
        """The end (exclusive, in code points) without words that lean on the next.

        It stays where no word comes next, and where nothing but such words would be left.

        Args:
            text: the text.
            start: where the words start.
            end: where they end (exclusive).
        """
        if text[end : end + 1] != " " or not text[end + 1 : end + 2].isalnum():
            return end
        words = text[start:end].split(" ")
        if words[-1].lower() not in self._ends:
            return end
        forms = [word.lower().replace("\u2019", "'").strip(",;:") for word in words]
        kept = len(words)
        while kept:
            last, before = forms[kept - 1], forms[kept - 2] if kept > 1 else ""
            if last in self._halves:
                leans = before in self._determiners
            elif last in self._verbs:
                leans = before not in self._subjects
            elif last in self._subjects:  # "accuse you of": only what was at the end
                leans = kept == len(words)
            else:
                leans = not last or last in self._leaning or last in self._determiners
            if not leans:
                break
            kept -= 1
        if self._weak.issuperset(forms[:kept]):
            return end
        return start + len(" ".join(words[:kept]).rstrip(" ,;:-\u2013\u2014"))
