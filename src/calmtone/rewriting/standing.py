"""Where the writer of a draft stands: is he or she the one who answers a complaint?

Words of apology and of one's own part are for those only; somebody who was let down has
nothing to own, and what a draft denies no edit admits.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..records import NamedTuple
from ..results import Analysis
from .phrases import compiled
from .words import tables

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from ..replies.types import ReplyAnalysis


class Standing(NamedTuple):
    """What is known of a draft's writer.

    `answers` is True where the draft answers somebody who was let down, `denies` where it
    denies what its writer is blamed for, `admits` where it admits the deed or a share in it
    and blames nobody else.
    """

    answers: bool
    denies: bool
    admits: bool


@lru_cache(maxsize=4)
def _cues(name: str) -> re.Pattern[str]:
    sources = "|".join(map(compiled, tables()["standing"][name]))
    return re.compile(rf"(?i)(?<![\w'\u2019])(?:{sources})")


def standing(analysis: Analysis, reply: ReplyAnalysis | None) -> Standing:
    """Where the writer of a draft stands.

    Args:
        analysis: the draft.
        reply: how it stands to the message that it answers, None where that is not known.
            A draft that explains itself without attacking answers one anyhow.
    """
    text = analysis.text
    denies = _cues("denials").search(text) is not None
    admits = not denies and _cues("admissions").search(text) is not None
    admits = admits and _cues("blaming").search(text) is None
    hostile: float = tables()["remarks"]["defended"]
    attacks = analysis.scores.hostility >= max(hostile, analysis.scores.defensiveness)
    if reply is None:
        answers = not attacks or _cues("apologies").search(text) is not None
        return Standing(answers, denies, admits and not attacks)
    hot: float = tables()["standing"]["complaint"]
    needs = "acknowledge" in reply.needs or "own" in reply.needs or reply.heat >= hot
    return Standing(needs or not attacks, denies, admits and not attacks)
