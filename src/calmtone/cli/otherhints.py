"""Hints, evidence and findings that belong to no rule: what their ids stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InputError
from ..resources import read_json
from ..results import DIMENSIONS
from ..rules.acts import ACT_PRACTICES
from .output import Output

_ABOUT = {
    "lexicon": "Words that together tell of it, where no rule has a hint.",
    "model": "Words that the model marks, where no rule has a hint.",
    "missing": "Something that a reader would look for and does not find.",
    "reply": "Something that the message answered needs, and the reply does not do.",
    "weak": "Words of a reply that only sound like what the message needs.",
    "context": "What is left of a score beside the words found: the text as a whole.",
    "limit": "A score over the limit that --fail-over gave.",
}


def explain_other(id_: str, output: Output) -> bool:
    """Write what an id stands for that is no rule's, such as `reply/own`.

    Returns:
        Whether it is of such a kind; if not, nothing is written.

    Raises:
        InputError: it is of such a kind, and its name is unknown.
    """
    kind, _, name = id_.partition("/")
    if kind not in _ABOUT or not name:
        return False
    known = _known(kind)
    if name not in known:
        own = "; a model of yours has its own names" * (kind == "model")
        ids = ", ".join(f"{kind}/{other}" for other in known)
        raise InputError(f"no {id_!r}: choose from {ids}{own}")
    output.line(output.style(id_, "bold"))
    output.line(_ABOUT[kind])
    for line in _told(known[name]):
        output.line(line)
    return True


def is_other(id_: str) -> bool:
    """Whether an id that is no rule's is known; a model of the user's may have any name."""
    kind, _, name = id_.partition("/")
    return kind in _ABOUT and bool(name) and (kind == "model" or name in _known(kind))


def _known(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """The names of a kind, and what is said with each."""
    language = read_json("en", "language.json")
    hints, replies = language["hints"], language["replies"]
    scored = {
        name: {"dimension": name, **hints["lexicon"].get(name, {})} for name in DIMENSIONS
    }
    match kind:
        case "lexicon":
            return scored
        case "model":
            return {name: scored[dimension] for name, dimension in _marked()}
        case "missing":
            return {
                name: {"dimension": "empathy", **hint} for name, hint in hints[kind].items()
            }
        case "reply":
            return {
                act: {"dimension": "empathy", "practice": ACT_PRACTICES[act], **hint}
                for act, hint in replies["missing"].items()
            }
        case "weak":
            return {
                rule.split("/")[0]: {"dimension": "empathy", **hint}
                for rule, hint in replies["weak"].items()
            }
        case _:
            return {name: {"dimension": name} for name in DIMENSIONS}


def _marked() -> Iterator[tuple[str, str]]:
    """The labels that the shipped models mark words with, and their dimensions."""
    from ..onnx.loading import shipped

    for files in shipped():
        for label in files.json("calmtone.json").get("token_labels", ()):
            yield label["name"], label["dimension"]


def _told(hint: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"dimension {hint['dimension']}"
    if "practice" in hint:
        yield f"practice  {hint['practice']}"
    if "message" in hint:
        yield ""
        yield hint["message"]
    for suggestion in hint.get("suggestions", ()):
        yield f"  {suggestion.replace('{', '[').replace('}', ']')}"
