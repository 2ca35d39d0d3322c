"""How much the words of a hostile part look like those that tell something.

A linear model of single words, pairs of them, length and marks. Its weights stand in
`data/en/barbs.json`: `python -m benchmarks.fit.barbs` fitted them on 1,234 hostile messages of
the train split, whose pieces were labelled for whether anything would be lost without them, and
on messages rated 0. It is a guess, which the rules in `barbs` have to bear out.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from ..results import Span
from .facts import find_facts
from .statements import content, plain_words, words_of
from .words import barb_weights

_MOST = 6


def features(part: str) -> set[str]:
    """What the model knows of a part: its words, pairs of them, its length, mark and facts."""
    words = plain_words(part)
    last = part.rstrip(" \"')\u2019\u201d")[-1:]
    words = ["^", *words, f"${last}" if last in ("?", "!") else "$"]
    found = set(words)
    found.update(f"{one} {two}" for one, two in pairwise(words))
    found.add(f"#words {min(len(words) // 4, _MOST)}")
    about = content(words_of(part, Span(0, len(part))))
    found.add(f"#content {min(len(about) // 2, _MOST)}")
    found.update(f"#{fact.kind}" for fact in find_facts(part))
    return found


@lru_cache(maxsize=1024)
def tells_by_words(part: str) -> float:
    """The logarithm of the odds that a hostile part tells something, by its words alone.

    >>> tells_by_words("Do you ever think?") < tells_by_words("The invoice is in the drawer.")
    True
    """
    model = barb_weights()
    weights = model["weights"]
    total: float = model["bias"]
    for name in features(part):
        total += weights.get(name, 0.0)
    return total
