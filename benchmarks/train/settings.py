"""What a training run is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is made of; written beside its weights.

    `minutes` caps the run: the learning rate falls with the steps done or the time
    spent, whichever is further on. A run that the time cuts short is not repeatable to
    the last digit; the log says whether it was. `mix` is the share of the trained weights
    in the final ones, the rest being those of the start (WiSE-FT, Wortsman et al. 2022).
    `others` is how often texts without ratings are drawn, as a share of what the corpus
    says; `floor` the learning rate at the end, as a share of the highest. `length` is the
    longest row in word pieces, of which a message that is answered takes `reply_length` at
    most; it is shown with a chance of `reply_share`. With `branches` above 1 so many runs
    with seeds of their own start from the same weights, and theirs are averaged.
    """

    seed: int = 1
    pieces: int = 10_240
    layers: int = 6
    width: int = 384
    length: int = 168
    soft_length: int = 64
    reply_length: int = 40
    reply_share: float = 0.5
    passes: int = 8
    others: float = 1.0
    tokens: int = 3072
    rate: float = 1e-4
    head_rate: float = 1e-3
    warm_up: float = 0.06
    floor: float = 0.0
    word_dropout: float = 0.08
    minutes: float = 240.0
    branches: int = 1
    mix: float = 1.0
    save_every: int = 60
