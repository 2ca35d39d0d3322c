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
    """

    seed: int = 1
    pieces: int = 10_240
    layers: int = 6
    length: int = 128
    soft_length: int = 64
    passes: int = 2
    tokens: int = 4096
    rate: float = 1e-4
    head_rate: float = 1e-3
    warm_up: float = 0.06
    word_dropout: float = 0.08
    minutes: float = 240.0
    mix: float = 0.5
    save_every: int = 60
