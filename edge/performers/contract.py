"""What a performer is given, and how its words become events with ids of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from edge.clock import Clock
from edge.model.voice import Voice
from edge.performers.purses import Purses
from edge.performers.spool import Spool
from edge.ports import Model, Site
from schema.catalogue import type_of
from schema.contracts import Command, Lease, NewEvent, Recorded, Store, Verdict
from schema.events.base import Event
from schema.ids import Account, EventId, derive
from schema.rules import Rules


class Sites(Protocol):
    """Opens the site of an account on first use, and keeps it open."""

    async def site(self, account: Account) -> Site:
        """Return the account's site, logged in. Raises `SiteError`s."""


class Stops(Protocol):
    """Every way in of the kill switch, read again at the last moment."""

    async def why(self, account: Account, *, after: int) -> str | None:
        """Return what forbids clicking now, or None.

        `after` is the log position up to which PostgreSQL itself has checked. Raises
        `DatabaseUnreachable`: whoever cannot ask does not click.
        """


LEASE_S = 30
"""How long an order stays with a worker that no longer says that it works on it."""


@dataclass(frozen=True)
class World:
    """Everything outside the log that performers may use."""

    store: Store
    sites: Sites
    model: Model
    clock: Clock
    spool: Spool
    worker_id: UUID
    voices: Mapping[Account, Voice]
    rules: Mapping[Account, Rules]
    stops: Stops
    purses: Purses = field(default_factory=Purses)


@dataclass(frozen=True)
class Order:
    """One order in hand: the event, the lease on it, and the performer's name."""

    recorded: Recorded[Any]
    lease: Lease
    performer: str

    @property
    def account(self) -> Account:
        """The account whose log holds the order."""
        return self.recorded.account

    def answer(self, event: Event, ordinal: int = 0) -> NewEvent:
        """Make an event that this delivery of the order caused."""
        return self._new(event, str(self.lease.reads), ordinal)

    def command(self, *events: Event) -> Command:
        """Make one command of events that this delivery of the order caused."""
        return Command(tuple(self.answer(event, place) for place, event in enumerate(events)))

    def delivery(self, worker_id: UUID) -> str:
        """Name this delivery apart from any other, even of a message that was sent twice."""
        return f"{worker_id}.{self.lease.message_id}.{self.lease.reads}"

    def own_command(self, worker_id: UUID, *events: Event) -> Command:
        """Make one command that no other delivery makes: of what is spent each time anew."""
        name = self.delivery(worker_id)
        return Command(tuple(self._new(event, name, place) for place, event in enumerate(events)))

    def _new(self, event: Event, delivery: str, ordinal: int) -> NewEvent:
        kind = f"{self.performer}.{type_of(event)}.{delivery}"
        event_id = EventId(derive(self.recorded.event_id, kind, ordinal))
        return NewEvent(event_id=event_id, event=event, cause=self.recorded.event_id)


class Performer(Protocol):
    """Carries out the orders of one queue. An exception means: deliver again."""

    queue: str
    lease_s: int

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        """Do it, and return what is appended when the order is closed."""


async def append(world: World, order: Order, commands: Sequence[Command]) -> list[Verdict]:
    """Append at once, before the order is closed."""
    return await world.store.append(order.account, commands, actor=order.performer)
