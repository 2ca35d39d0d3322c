"""The course of a conversation: level, rises, de-escalation, turning point, backup.

Every definition is one that can be told in a sentence; docs/conversations.md tells them, and
`data/en/conversations.json` holds the numbers. All of it is linear in the messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..results import Scores
from .records import Backup, Course, Deescalation, Rise, Turn, TurningPoint

Numbers = Mapping[str, Any]


def levels(tensions: Sequence[float | None], weight: float) -> list[float]:
    """The tension of the conversation after each message.

    It moves towards each message's tension by the share `weight` (exponential smoothing),
    from 0; None stands for a message that does not count.

    >>> levels([0.0, 1.0, None, 0.0], 0.5)
    [0.0, 0.5, 0.5, 0.25]
    """
    level, found = 0.0, []
    for tension in tensions:
        if tension is not None:
            level += weight * (tension - level)
        found.append(level)
    return found


def course(name: str | None, role: str | None, turns: Sequence[tuple[int, Turn]]) -> Course:
    """The course of the scores over some turns, given with their places."""
    counted = [(at, turn.scores) for at, turn in turns if turn.counted]
    places = tuple(at for at, _ in counted)
    scores = tuple(row for _, row in counted)
    half = (len(scores) + 1) // 2
    change = None
    if len(scores) > 1:
        early, later = mean(scores[:half]), mean(scores[-half:])
        change = Scores(*(b - a for a, b in zip(early, later, strict=True)))
    return Course(name, role, places, scores, mean(scores) if scores else None, change)


def mean(rows: Sequence[Scores]) -> Scores:
    """The mean of each score."""
    return Scores(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def people(turns: Sequence[Turn]) -> tuple[Course, ...]:
    """A course for each person, in the order of their first messages."""
    found: dict[str | None, list[tuple[int, Turn]]] = {}
    roles: dict[str | None, str | None] = {}
    for at, turn in enumerate(turns):
        found.setdefault(turn.speaker, []).append((at, turn))
        if turn.message.role and not roles.get(turn.speaker):
            roles[turn.speaker] = turn.message.role
    return tuple(course(name, roles.get(name), own) for name, own in found.items())


def rises(turns: Sequence[Turn], numbers: Numbers) -> tuple[Rise, ...]:
    """Messages that are tense, and at least a step above the level before them."""
    found, before = [], 0.0
    for at, turn in enumerate(turns):
        tense = turn.counted and turn.tension >= numbers["tense"]
        if tense and turn.tension >= before + numbers["step"]:
            found.append(Rise(at, turn.speaker, before, turn.tension))
        before = turn.level
    return tuple(found)


def deescalations(turns: Sequence[Turn], numbers: Numbers) -> tuple[Deescalation, ...]:
    """Calm, empathetic answers to a tense or heated message of somebody else."""
    later = _next_by_same(turns)
    found = []
    for at, turn in enumerate(turns):
        answered = turn.answers
        if answered is None or not is_calming(turn, numbers):
            continue
        if not _is_hot(turns[answered], numbers) or _same(turn, turns[answered]):
            continue
        after = later[answered]
        while after is not None and after < at:
            after = later[after]
        worked = None if after is None else not _is_hot(turns[after], numbers)
        found.append(Deescalation(at, turn.speaker, answered, worked))
    return tuple(found)


def is_calming(turn: Turn, numbers: Numbers) -> bool:
    """Whether a message is calm and empathetic."""
    own = max(turn.scores.hostility, turn.scores.defensiveness)
    return (
        turn.counted and own <= numbers["calm"] and turn.scores.empathy >= numbers["empathetic"]
    )


def turning_point(turns: Sequence[Turn], numbers: Numbers) -> TurningPoint | None:
    """The cut that explains most of the tension's variance, the later one of equals.

    It is the classic single change point by least squares: the cut that maximises
    n1·n2/(n1+n2)·(m1−m2)² over the means m and the sizes n of both sides. Only such cuts
    count as have enough messages on both sides, a calm mean on one side and none on the
    other, and both the message itself and the end of the thread as the later side is; and
    none if no message is tense.
    """
    limits, calm = numbers["turning"], numbers["calm"]
    counted = [at for at, turn in enumerate(turns) if turn.counted]
    count, first = len(counted), limits["least_before"]
    tensions = [turns[at].tension for at in counted]
    if not any(tension >= numbers["tense"] for tension in tensions):
        return None
    total, before = sum(tensions), sum(tensions[:first])
    end = turns[counted[-1]].level if counted else 0.0
    best: tuple[float, int, float, float] | None = None
    for cut in range(first, count - limits["least_after"] + 1):
        early, late = before / cut, (total - before) / (count - cut)
        gain = cut * (count - cut) / count * (late - early) ** 2
        crosses = (early <= calm) != (late <= calm)
        lasts = (tensions[cut] > calm) == (end > calm) == (late > calm)
        enough = abs(late - early) >= limits["least_change"]
        if crosses and lasts and enough and (best is None or gain >= best[0] - 1e-9):
            best = (gain, cut, early, late)
        before += tensions[cut]
    if best is None:
        return None
    _, cut, early, late = best
    direction = "worse" if late > early else "better"
    return TurningPoint(counted[cut], direction, early, late)


def backup(turns: Sequence[Turn], numbers: Numbers) -> Backup | None:
    """Whether to bring someone in, as things stand at the end of the conversation."""
    rules = numbers["backup"]
    counted = [at for at, turn in enumerate(turns) if turn.counted]
    recent = counted[-rules["window"] :]
    return (
        _threat(turns, recent, numbers)
        or _both_sides(turns, recent, numbers)
        or _stays_tense(turns, recent, numbers)
    )


def _threat(turns: Sequence[Turn], recent: Sequence[int], numbers: Numbers) -> Backup | None:
    rules = numbers["backup"]
    for at in reversed(recent):
        turn = turns[at]
        threats = {
            item.rule
            for item in turn.analysis.evidence
            if item.rule in rules["threats"] and item.weight > 0
        }
        threatens = any(hint.practice == rules["practice"] for hint in turn.analysis.hints)
        if not (threats or threatens) or turn.scores.hostility < rules["least_threat"]:
            continue
        if threats.isdisjoint(rules["lasting"]) and _taken_back(turns, at, recent, numbers):
            continue
        words = numbers["words"]["threat"].format(who=display(turn), number=at + 1)
        return Backup("threat", words, (at,))
    return None


def _taken_back(
    turns: Sequence[Turn], at: int, recent: Sequence[int], numbers: Numbers
) -> bool:
    """Whether who threatened is calm and empathetic in their last message after it.

    Where a calm and empathetic answer came between, a word of thanks is enough.
    """
    if turns[at].speaker is None:
        return False
    later = [i for i in recent if i > at and _same(turns[i], turns[at])]
    if not later:
        return False
    last = turns[later[-1]]
    answered = any(
        at < i < later[-1] and not _same(turns[i], last) and is_calming(turns[i], numbers)
        for i in recent
    )
    thanks = (
        last.tension <= numbers["calm"] and last.scores.empathy >= numbers["backup"]["thankful"]
    )
    return is_calming(last, numbers) or (answered and thanks)


def _both_sides(
    turns: Sequence[Turn], recent: Sequence[int], numbers: Numbers
) -> Backup | None:
    """Tense messages of two people or more, and the last ones of them not settled."""
    rules = numbers["backup"]
    tense = [at for at in recent if turns[at].tension >= numbers["tense"]]
    by = Counter(turns[at].speaker for at in tense)
    both = [name for name, count in by.items() if count >= rules["tense_each_side"]]
    if len(both) < 2 or not _unsettled(turns, recent, numbers):
        return None
    shown = tuple(at for at in tense if turns[at].speaker in both)
    words = numbers["words"]["both-sides"].format(count=len(shown), window=len(recent))
    return Backup("both-sides", words, shown)


def _stays_tense(
    turns: Sequence[Turn], recent: Sequence[int], numbers: Numbers
) -> Backup | None:
    """One person stays tense, whatever calm answers they got."""
    rules = numbers["backup"]
    by: dict[str | None, list[int]] = {}
    for at in recent:
        by.setdefault(turns[at].speaker, []).append(at)
    for name, own in by.items():
        tense = [at for at in own if turns[at].tension >= numbers["tense"]]
        if len(tense) < rules["tense_of_one"] or tense[-1] != own[-1]:
            continue
        calm = [
            at
            for at in recent
            if tense[0] < at < tense[-1]
            and turns[at].speaker != name
            and is_calming(turns[at], numbers)
        ]
        if len(calm) >= rules["calm_answers"]:
            words = numbers["words"]["stays-tense"]
            who = display(turns[tense[-1]])
            return Backup("stays-tense", words.format(who=who, calm=len(calm)), tuple(tense))
    return None


def _unsettled(turns: Sequence[Turn], recent: Sequence[int], numbers: Numbers) -> bool:
    """Whether one of the last two messages is tense, and the last one settles nothing."""
    last = recent[-2:]
    if is_calming(turns[last[-1]], numbers):
        return False
    return any(turns[at].tension >= numbers["tense"] for at in last)


def display(turn: Turn) -> str:
    """Whom a sentence names as the writer."""
    return turn.speaker or "Someone"


def _is_hot(turn: Turn, numbers: Numbers) -> bool:
    # A calm answer that says again what somebody went through is not heated itself.
    heated = turn.heat is not None and turn.heat >= numbers["heated"]
    heated = heated and not is_calming(turn, numbers)
    return heated or bool(turn.tension >= numbers["tense"])


def _same(one: Turn, other: Turn) -> bool:
    return one.speaker is not None and one.speaker == other.speaker


def _next_by_same(turns: Sequence[Turn]) -> list[int | None]:
    """For each turn the next one with words by the same person."""
    found: list[int | None] = [None] * len(turns)
    coming: dict[str, int] = {}
    for at in range(len(turns) - 1, -1, -1):
        speaker = turns[at].speaker
        if speaker is not None:
            found[at] = coming.get(speaker)
            if turns[at].counted:
                coming[speaker] = at
    return found
