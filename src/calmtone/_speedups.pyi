"""The compiled half of the package; its sources are in `csrc`."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy

from .replies import ReplyAnalysis
from .results import Analysis
from .rules.walking import Match
from .text import Document, Sentence

class Reader:
    def __new__(
        cls,
        vocabulary: str,
        spelling: Mapping[str, str],
        abbreviations: list[str],
        counting: list[str],
        reporting: list[str],
        disguised: list[str],
        fold: Mapping[int, str],
        foreign: frozenset[str],
        normalised: Callable[[str], str],
        document: type[Document],
        sentence: type[Sentence],
        /,
    ) -> Reader: ...
    def read(self, text: str, /) -> Document: ...

class Walker:
    def __new__(
        cls,
        records: Any,
        root: int,
        initial: int,
        multi: int,
        bits: dict[str, int],
        classes: dict[str, str],
        longer: dict[str, str],
        negators: frozenset[str],
        not_negating: frozenset[str],
        breakers: frozenset[str],
        intensifiers: frozenset[str],
        hedges: frozenset[str],
        skips: list[bool],
        features: dict[str, int],
        match: type[Match],
        /,
    ) -> Walker: ...
    def find(self, document: Document, /) -> list[Match]: ...

class Engine:
    def __new__(
        cls, reader: Reader, walkers: tuple[Any, ...], settings: dict[str, Any], /
    ) -> Engine: ...
    def analyze(self, text: str, /) -> Analysis | None: ...
    def answer(self, text: str, /) -> Analysis | None: ...
    def score(self, texts: list[str], scores: numpy.ndarray[Any, Any], /) -> None: ...

class Replier:
    def __new__(cls, settings: dict[str, Any], /) -> Replier: ...
    def read(self, message: str, reply: str, /) -> ReplyAnalysis: ...
