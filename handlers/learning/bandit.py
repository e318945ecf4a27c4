"""The bandit: Thompson sampling over sources and styles, in whole numbers alone.

The posterior of an arm is Beta(alpha, beta) with whole numbers, and such a number is the alpha-th
smallest of alpha + beta - 1 uniform ones (an order statistic; see Devroye, Non-Uniform Random
Variate Generation, IX.3). The uniform numbers are 64-bit words of SHAKE-256 over the seed, so that
no floating point is involved and every machine that replays a choice makes the same one.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from fractions import Fraction
from operator import attrgetter

import msgspec

WORD_BYTES = 8
DRAWS = 200
"""How often the choice is repeated to say how likely it was."""


class Arm(msgspec.Struct, frozen=True):
    """What is believed of one source and style: successes and failures, each plus one."""

    name: str
    alpha: int = 1
    beta: int = 1

    @property
    def mean(self) -> Fraction:
        """The expected chance of a success."""
        return Fraction(self.alpha, self.alpha + self.beta)


class Choice(msgspec.Struct, frozen=True):
    """The arm that was picked, how likely that was, and whether another had done better so far."""

    arm: str
    propensity: float
    explored: bool


def arm_name(source: str, style: str) -> str:
    """Name the arm of a source and a style."""
    return f"{source}/{style}"


def uniform_words(count: int, *parts: object) -> Sequence[int]:
    """Return so many whole numbers below 2**64 that these parts always lead to."""
    key = "\x1f".join(map(str, parts)).encode()
    return struct.unpack(f">{count}Q", hashlib.shake_256(key).digest(WORD_BYTES * count))


def samples(arm: Arm, seed: int, count: int) -> list[int]:
    """Draw so often from the arm's posterior; 2**64 stands for a chance of one."""
    size = arm.alpha + arm.beta - 1
    words = uniform_words(size * count, "beta", seed, arm.name)
    return [sorted(words[at : at + size])[arm.alpha - 1] for at in range(0, size * count, size)]


def pick(arms: Sequence[Arm], seed: int) -> Choice:
    """Pick an arm by the seed of the slot. `arms` is not empty.

    The propensity is the share of further draws that pick the same, with one more for each arm, so
    that it is never nought.
    """
    draws = zip(*(samples(arm, seed, 1 + DRAWS) for arm in arms), strict=True)
    chosen, *others = (_winner(arms, draw) for draw in draws)
    same = sum(other is chosen for other in others)
    best = max(arm.mean for arm in arms)
    return Choice(chosen.name, (same + 1) / (DRAWS + len(arms)), chosen.mean < best)


def _winner(arms: Sequence[Arm], draw: Sequence[int]) -> Arm:
    most = max(draw)
    most_drawn = [arm for drawn, arm in zip(draw, arms, strict=True) if drawn == most]
    return max(most_drawn, key=attrgetter("name"))
