"""What was learned: the coefficients in force, as a fold for whoever chooses by them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from handlers.in_force import whole_account
from handlers.learning.bandit import Arm
from schema.contracts import Fold, Recorded
from schema.events.learning import ArmTrained


class Learned(msgspec.Struct, frozen=True):
    """Arms by name, and the version they have; 0 before anything was learned."""

    arms: dict[str, Arm] = {}
    version: int = 0

    def among(self, names: Iterable[str]) -> list[Arm]:
        """Return the arms of these names; one of which nothing is known may be anything."""
        return [self.arms.get(name, Arm(name)) for name in names]


def _evolve(learned: Learned, recorded: Recorded[Any]) -> Learned:
    event = recorded.event
    if not isinstance(event, ArmTrained):
        return learned
    arm = Arm(event.arm, event.alpha, event.beta)
    return Learned(arms=learned.arms | {event.arm: arm}, version=event.version)


by_account: Fold[Learned] = Fold(
    state=Learned, initial=Learned(), key=whole_account, evolve=_evolve
)
