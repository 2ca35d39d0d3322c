"""Where the writer of a draft stands: is he or she the one who answers a complaint?

Words of apology and of one's own part are for those only; somebody who was let down has
nothing to own, and what a draft denies no edit admits.
"""

from __future__ import annotations

from ..records import NamedTuple
from ..results import Analysis
from .phrases import phrases_of
from .statements import plain_words
from .words import tables

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from ..replies.types import ReplyAnalysis


class Standing(NamedTuple):
    """What is known of a draft's writer.

    `answers` is True where the draft answers somebody who was let down, `admits` where it
    admits the deed or a share in it, denies nothing and blames nobody else. `addresses` is
    False where the one who was let down is spoken of ("the tenant") and never spoken to, or
    is the writer, who attacks nobody.
    """

    answers: bool
    admits: bool
    addresses: bool


def standing(analysis: Analysis, reply: ReplyAnalysis | None) -> Standing:
    """Where the writer of a draft stands.

    Args:
        analysis: the draft.
        reply: how it stands to the message that it answers, None where that is not known.
            A draft that explains itself without attacking answers one anyhow.
    """
    text = analysis.text
    denies = phrases_of("standing", "denials").search(text) is not None
    admits = not denies and phrases_of("standing", "admissions").search(text) is not None
    admits = admits and phrases_of("standing", "blaming").search(text) is None
    addresses = not tables()["standing"]["addressed"].isdisjoint(plain_words(text))
    addresses = addresses or phrases_of("standing", "absent").search(text) is None
    hostile: float = tables()["remarks"]["defended"]
    attacks = analysis.scores.hostility >= hostile > analysis.scores.defensiveness
    if reply is None:
        apologises = phrases_of("standing", "apologies").search(text) is not None
        complains = phrases_of("standing", "complaining").search(text) is not None
        let_down = phrases_of("standing", "let-down").search(text) is not None
        if let_down and not apologises:
            return Standing(False, False, attacks and addresses)
        answers = apologises or not (attacks or complains)
        return Standing(answers, admits and not attacks, addresses)
    hot: float = tables()["standing"]["complaint"]
    needs = "acknowledge" in reply.needs or "own" in reply.needs or reply.heat >= hot
    return Standing(needs or not attacks, admits and not attacks, addresses)
