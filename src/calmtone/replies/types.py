"""What is read from a reply and the message that it answers: acts and their places."""

from __future__ import annotations

from collections.abc import Mapping

from ..records import NamedTuple
from ..results import Span

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from ..rewriting.results import Fact


class Places(dict[str, Span]):
    """Acts to the words that show them: a mapping that does not change, and hashes."""

    __slots__ = ()

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Places], tuple[dict[str, Span]]]:
        return type(self), (dict(self),)

    def _refuse(self, *arguments: object) -> NoReturn:
        raise TypeError("the acts of a result can't be changed")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse  # type: ignore[assignment]


class ReplyAnalysis(NamedTuple):
    """What a message needs, and what the reply to it does.

    Acts are `acknowledge` (take up what it was like), `own` (say that it was ours),
    `answer` (answer the question), `next-step` (who does what, and when) and `options`
    (another way, where one is barred).

    `heat` is how upset or pressed the message reads, in [0, 1]: a third of a reader's
    rating of 0 to 3. `needs` maps acts to the words of the message that show the need,
    `does` acts to the words of the reply that do it; `missing` holds the acts that are
    needed and not done, where that is sure enough, in the order of `ACTS`. `weak` maps acts
    to words of the reply that only sound like them: formulas, and promises without an owner
    or a time. `message` is the text answered, which the spans of `needs` are of.
    """

    heat: float
    needs: Mapping[str, Span]
    does: Mapping[str, Span]
    missing: tuple[str, ...]
    weak: Mapping[str, Span]
    questions: tuple[Span, ...]
    message: str

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Amounts, dates, names, order numbers and the like in the message, and its questions.

        Found when asked for; kinds are those of `calmtone.rewriting`, and `question`.
        """
        from ..rewriting.facts import find_facts
        from ..rewriting.results import Fact

        asked = [
            Fact("question", words, span, words.lower())
            for span in self.questions
            for words in (self.message[span.start : span.end],)
        ]
        return tuple(sorted([*find_facts(self.message), *asked], key=_place))

    def to_dict(
        self, message_span: Any = Span._asdict, reply_span: Any = Span._asdict
    ) -> dict[str, Any]:
        """As JSON-ready data.

        Args:
            message_span: turns a span of the message into data.
            reply_span: turns a span of the reply into data.
        """
        return {
            "heat": self.heat,
            "needs": {act: message_span(span) for act, span in self.needs.items()},
            "does": {act: reply_span(span) for act, span in self.does.items()},
            "missing": list(self.missing),
            "weak": {act: reply_span(span) for act, span in self.weak.items()},
            "facts": [
                {"kind": fact.kind, "text": fact.text, "span": message_span(fact.span)}
                for fact in self.facts
            ],
        }

    def _repr_html_(self, draft: str = "") -> str:
        """The message and what it needs, for notebooks.

        Args:
            draft: the text of the reply, to show its words as well.
        """
        from .html import reply_html

        return reply_html(self, draft)


def _place(fact: Fact) -> Span:
    return fact.span
