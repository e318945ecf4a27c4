"""Ticking: the clock appends one due event per account, job and slot, however many clocks tick."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from edge.clock import Clock
from edge.time_zones import utc_offset_min
from schema.contracts import Command, NewEvent, Store
from schema.events.operations import Job, JobDue
from schema.ids import Account, EventId, named

TICK_S = 1.0
SEED_BITS = 31
NEVER = -1


def slot_of(now: datetime, cadence_s: int) -> datetime:
    """Return the start of the slot that `now` is in; slots count from the Unix epoch."""
    return datetime.fromtimestamp(now.timestamp() // cadence_s * cadence_s, UTC)


def due(account: Account, job: Job, slot: datetime, zone: str = "UTC") -> NewEvent:
    """Make the due event that this slot always has; its seed is all the chance rules get.

    `zone` is the account's time zone, whose offset at the slot goes along.
    """
    event_id = named(account, "due", job, slot.isoformat())
    seed = event_id.int & ((1 << SEED_BITS) - 1)
    offset_min = utc_offset_min(zone, slot)
    event = JobDue(job=job, slot=slot, seed=seed, utc_offset_min=offset_min)
    return NewEvent(EventId(event_id), event)


class Ticker:
    """Knows which slots it has already announced."""

    def __init__(
        self, store: Store, clock: Clock, zones: Mapping[Account, str], cadence: Mapping[Job, int]
    ) -> None:
        """Tick for these accounts, each with its time zone."""
        self._store = store
        self._clock = clock
        self._zones = zones
        self._cadence = cadence
        self._announced: dict[tuple[Account, Job], int] = {}

    async def tick(self) -> None:
        """Append what is due now and was not announced yet."""
        now_s = self._clock.now().timestamp()
        reached = {job: int(now_s // cadence_s) for job, cadence_s in self._cadence.items()}
        for account in self._zones:
            new = {
                (account, job): number
                for job, number in reached.items()
                if number > self._announced.get((account, job), NEVER)
            }
            if new:
                commands = [self._due(account, job, number) for (_, job), number in new.items()]
                await self._store.append(account, commands, actor="clock")
                self._announced |= new

    def _due(self, account: Account, job: Job, number: int) -> Command:
        slot = datetime.fromtimestamp(number * self._cadence[job], UTC)
        return Command((due(account, job, slot, self._zones[account]),))
