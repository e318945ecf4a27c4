"""The arms: one row per source and style that something was learned about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.events.learning import ArmTrained


class ArmRow(msgspec.Struct, frozen=True, kw_only=True):
    """The coefficients in force: Beta(alpha, beta) after so many pulls."""

    arm: str
    alpha: int
    beta: int
    pulls: int
    version: int
    updated_at: datetime


def key(event: Event) -> str | None:
    """Rows are arms."""
    return event.arm if isinstance(event, ArmTrained) else None


def evolve(row: ArmRow | None, recorded: Recorded[ArmTrained]) -> ArmRow | None:
    """Keep the newest coefficients."""
    del row
    event = recorded.event
    return ArmRow(
        arm=event.arm,
        alpha=event.alpha,
        beta=event.beta,
        pulls=event.pulls,
        version=event.version,
        updated_at=recorded.at,
    )


arms: Projector[Any] = Projector(
    name="arms", row=ArmRow, keyed="arm", hears=(ArmTrained,), key=key, evolve=evolve
)
