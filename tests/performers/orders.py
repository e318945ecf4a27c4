"""Orders: a world of doubles, and one lawful order of each kind in its log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edge.model.voice import Voice
from edge.performers.contract import Order, Performer, World
from edge.performers.spool import Spool
from edge.ports import ModelAnswer, ModelCall, ModelOutcome
from schema.contracts import Command, NewEvent
from schema.events.base import Event
from schema.events.permitting import PermitApproved
from schema.events.posting import ClickOrdered
from schema.ids import EventId, named
from schema.rules import Rules
from tests.doubles.clock import VirtualClock
from tests.doubles.faulty_store import FaultyStore
from tests.doubles.memory_log import MemoryLog
from tests.doubles.site import DoubleSite, DoubleSites
from tests.handlers.facts import TEXT, accepted, created, of_permit
from tests.handlers.given import ME


@dataclass
class DoubleModel:
    """A model that gives one answer and remembers what it was asked."""

    answer: ModelAnswer = field(
        default_factory=lambda: ModelAnswer(ModelOutcome.OK, "{}", "double")
    )
    calls: list[ModelCall] = field(default_factory=list)

    async def ask(self, call: ModelCall) -> ModelAnswer:
        self.calls.append(call)
        return self.answer

    async def close(self) -> None:
        pass


@dataclass
class DoubleStops:
    """Whoever stops posting, or an error where nobody can say."""

    says: str | Exception | None = None

    async def why(self, account: str, *, after: int) -> str | None:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


class Bench:
    """Everything a performer may use, made of doubles, over one account's log."""

    def __init__(self, folder: Path, *, patient: bool = False) -> None:
        self.clock = VirtualClock(patient=patient)
        self.store = FaultyStore(self.clock.now)
        self.log = self.store.logs[ME] = MemoryLog(ME)
        self.site = DoubleSite()
        self.model = DoubleModel()
        self.stops = DoubleStops()
        self.rules = {ME: Rules(handle="me")}
        self.world = World(
            store=self.store,
            sites=DoubleSites(self.site),
            model=self.model,
            clock=self.clock,
            spool=Spool(folder / "spool"),
            worker_id=named("worker"),
            voices={ME: Voice(persona="a gardener")},
            rules=self.rules,
            stops=self.stops,
        )

    def say(self, event: Event, *, approver: bool = False) -> EventId:
        """Append an event of the past; return its id."""
        event_id = EventId(named("bench", str(len(self.log.rows))))
        command = Command((NewEvent(event_id, event),))
        [verdict] = self.store.append_now(ME, [command], actor="bench", approver=approver)
        assert verdict.code == "ok", verdict
        return event_id

    def order_click(self, n: int = 1, **changes: Any) -> ClickOrdered:
        """Put a lawful click order at the end of the log."""
        permit = self.say(created(n))
        approval = PermitApproved(**of_permit(n), spends=permit, ttl_s=1800, approved_by="approver")
        approved = self.say(approval, approver=True)
        self.say(accepted(n))
        fields = of_permit(n) | {
            "approval": approved,
            "text": TEXT,
            "text_hash": accepted(n).text_hash,
            "target_url": f"http://site/p{n}",
            "target_author": f"author{n}",
        }
        ordered = ClickOrdered(**fields | changes)
        self.say(ordered)
        return ordered

    async def perform(self, performer: Performer) -> list[Event]:
        """Let the performer carry out its next order; return what it wants to close it with."""
        lease = await self.store.take(performer.queue, lease_s=performer.lease_s)
        assert lease is not None
        recorded = await self.store.event(lease.account, lease.position)
        order = Order(recorded=recorded, lease=lease, performer=performer.queue)
        commands: Sequence[Command] = await performer.perform(order, self.world)
        return [new.event for command in commands for new in command.events]

    def redeliver(self) -> None:
        """Let every lease run out."""
        for messages in self.store.queues.waiting.values():
            for message in messages:
                message.visible_at = None

    def said(self, *kinds: type[Event]) -> list[Any]:
        """Return the events of these kinds that are in the log."""
        return [row.event for row in self.log.rows if isinstance(row.event, kinds)]
