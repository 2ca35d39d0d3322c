"""Changes of a text that leave its meaning alone, seeded.

The same text and id are changed alike in every run. Letters are picked so that people still
read the text without effort.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Sequence

from .datasets.records import Example

SEED = "calmtone robustness 1"
_WORD = re.compile(r"[A-Za-z]{4,}")
_SHARE = 0.25  # of words that a typo, look-alikes or l33t change; always at least one
_LOOKALIKE = str.maketrans("aceiopsxyABCEHIKMOPTX", "асеіорѕхуАВСЕНІКМОРТХ")
_LEET = str.maketrans("aeiost", "4310$7")
_EMOJI = ("📎", "📅", "☕", "🚀", "📦", "🔧", "📝", "🖥️")
_GREETINGS = ("Hello,", "Good morning,", "Hi there,", "Hello team,")
_SIGNATURES = (
    "Kind regards,\nThe support team",
    "Best regards,\nCustomer service, second floor",
    "--\nSent from my phone",
    "Best,\nThe editors",
)
_NEUTRAL = (
    "The meeting is at ten in the small room. The agenda is in the shared folder.",
    "Version 2.4 is on the server since Monday. The notes list what has changed.",
    "The parcel has two boxes. One holds the lamp, the other one the shade.",
)
_HOSTILE = (
    "You people are useless. Do your job or get out.",
    "What a stupid answer. Did you even read what I wrote, you idiot?",
    "Shut up and fix it. I have never seen such incompetent staff.",
)


def _typos(text: str, rng: random.Random) -> str:
    def typo(word: str) -> str:
        at = rng.randrange(1, len(word) - 2)
        kind = rng.randrange(3)
        if kind == 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if kind == 1:
            return word[:at] + word[at + 1 :]
        return word[: at + 1] + word[at:]

    return _some_words(text, rng, typo)


def _upper(text: str, rng: random.Random) -> str:
    return text.upper()


def _lower(text: str, rng: random.Random) -> str:
    return text.lower()


def _spacing(text: str, rng: random.Random) -> str:
    """Doubled spaces, line breaks for spaces, spaces before marks."""
    text = re.sub(r"(?<=\w)(?=[,.!?;:](?:\s|$))", lambda _: " " * rng.randrange(2), text)
    return re.sub(" ", lambda _: rng.choice((" ", " ", "  ", "\u00a0", "\n")), text)


def _look_alikes(text: str, rng: random.Random) -> str:
    return _some_words(text, rng, lambda word: word.translate(_LOOKALIKE))


def _leet(text: str, rng: random.Random) -> str:
    return _some_words(text, rng, lambda word: word.translate(_LEET))


def _emoji(text: str, rng: random.Random) -> str:
    """A matter-of-fact emoji after each sentence, or at the end."""
    changed = re.sub(r"(?<=[.!?]) (?=\S)", lambda _: f" {rng.choice(_EMOJI)} ", text)
    return f"{changed} {rng.choice(_EMOJI)}"


def _letter(text: str, rng: random.Random) -> str:
    return f"{rng.choice(_GREETINGS)}\n\n{text}\n\n{rng.choice(_SIGNATURES)}"


def _quoted(text: str, rng: random.Random) -> str:
    return _above(text, rng.choice(_NEUTRAL))


def _quoted_hostile(text: str, rng: random.Random) -> str:
    return _above(text, rng.choice(_HOSTILE))


def _above(text: str, quoted: str) -> str:
    return f"{text}\n\nOn Mon, 3 Mar 2025 at 10:12, a customer wrote:\n> {quoted}"


PERTURBATIONS: dict[str, Callable[[str, random.Random], str]] = {
    "typos": _typos,
    "upper case": _upper,
    "lower case": _lower,
    "spacing": _spacing,
    "look-alikes": _look_alikes,
    "l33t": _leet,
    "emoji": _emoji,
    "greeting and signature": _letter,
    "quoting": _quoted,
    "quoting something hostile": _quoted_hostile,
}
ABOUT = {
    "typos": "letters swapped, dropped or doubled in a quarter of the longer words",
    "upper case": "all letters (which can be read as shouting)",
    "lower case": "all letters",
    "spacing": "spaces doubled, broken into lines, put before marks",
    "look-alikes": "Cyrillic letters of the same shape in a quarter of the longer words",
    "l33t": "digits for letters in a quarter of the longer words",
    "emoji": "matter-of-fact ones after sentences",
    "greeting and signature": "around the text",
    "quoting": "a neutral mail quoted below the text",
    "quoting something hostile": "a hostile mail of somebody else quoted below the text",
}


def changed(name: str, text: str, key: str) -> str:
    """A text after one of `PERTURBATIONS`.

    Args:
        name: of the change.
        text: to be changed.
        key: what seeds the change together with its name, such as the example's id.
    """
    return PERTURBATIONS[name](text, random.Random(_digest(name, key)))


def sample(examples: Sequence[Example], size: int) -> list[int]:
    """Numbers of up to `size` examples, in order; whole groups, picked by their hash."""
    if len(examples) <= size:
        return list(range(len(examples)))
    groups: dict[str, list[int]] = {}
    for n, example in enumerate(examples):
        groups.setdefault(example.group or f"alone {example.id}", []).append(n)
    chosen: list[int] = []
    for group in sorted(groups, key=lambda group: _digest("sample", group)):
        if len(chosen) + len(groups[group]) > size:
            continue
        chosen += groups[group]
    return sorted(chosen)


def _digest(*parts: str) -> str:
    joined = "\0".join((SEED, *parts))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def _some_words(text: str, rng: random.Random, change: Callable[[str], str]) -> str:
    """The text with some of its longer words changed, never none of them."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    count = max(1, round(_SHARE * len(words)))
    picked = {words[n].start() for n in rng.sample(range(len(words)), count)}
    return _WORD.sub(lambda m: change(m[0]) if m.start() in picked else m[0], text)
