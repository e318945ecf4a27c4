"""The latest proof rollup: one row, whether production is healthy and ghost-free."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.events.operations import ProofRolledUp

LATEST = "latest"


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of the rollup, and when it was made."""

    which: str
    rolled_up_at: datetime
    fetch_started_15m: int
    fetch_completed_15m: int
    queue_size: int
    scheduler_started_60m: int
    permits_created_60m: int
    permits_used_60m: int
    posted_tweet_ids_last_2h: tuple[str, ...]
    new_ghosts_last_2h: int
    unknown_outcomes: int
    last_error_event: str | None
    running_sha: str
    log_position: int
    log_root_hash: str | None


def key(event: Event) -> str | None:
    """There is one row."""
    return LATEST if isinstance(event, ProofRolledUp) else None


def evolve(row: Proof | None, recorded: Recorded[ProofRolledUp]) -> Proof | None:
    """Keep the newest rollup."""
    del row
    fields = msgspec.structs.asdict(recorded.event)
    return Proof(which=LATEST, rolled_up_at=recorded.at, **fields)


proof: Projector[Any] = Projector(
    name="proof", row=Proof, keyed="which", hears=(ProofRolledUp,), key=key, evolve=evolve
)
