"""The flow: all handlers over one log in memory, each at its own pace, under the law."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import handlers
from schema.contracts import Command, Handler, NewEvent, Recorded, Verdict
from schema.events.base import Event
from schema.events.operations import AccountOpened, CapsSet, Job, JobDue, SettingsChanged
from schema.ids import EventId, named
from schema.rules import Rules
from tests.doubles.memory_log import MemoryLog
from tests.doubles.memory_store import MemoryStore
from tests.handlers.given import ME, NOON, Running


class Flow:
    """The rules of the whole program, and the log that they share."""

    def __init__(self, parts: Sequence[Handler] = handlers.ALL) -> None:
        self.now: datetime = NOON
        self.store = MemoryStore(now=lambda: self.now)
        self.log = self.store.logs[ME] = MemoryLog(ME)
        self.running = [Running(part) for part in parts]
        self.consumed = [0] * len(parts)
        self.asleep: set[int] = set()
        self.say(AccountOpened(site="spirit", handle="me"))

    @property
    def rows(self) -> list[Recorded[Any]]:
        """The log so far."""
        return self.log.rows

    def of(self, *kinds: type[Event]) -> list[Recorded[Any]]:
        """Return the events of these kinds, in order."""
        return [row for row in self.rows if isinstance(row.event, kinds)]

    def say(
        self,
        event: Event,
        *,
        event_id: UUID | None = None,
        cause: EventId | None = None,
        actor: str = "world",
        approver: bool = False,
    ) -> Verdict:
        """Append an event of the world; its id is that of its place unless given."""
        fresh = event_id or named("flow", str(len(self.rows)))
        command = Command((NewEvent(EventId(fresh), event, cause=cause),))
        return self.store.append_now(ME, [command], actor=actor, approver=approver)[0]

    def put_in_force(self, rules: Rules) -> None:
        """Change the rules, and the caps of the log with them."""
        permit = rules.permit
        caps = CapsSet(
            clicks_per_hour=permit.per_hour,
            clicks_per_day=permit.per_day,
            clicks_per_author_per_day=permit.per_author_per_day,
            gap_s=permit.gap_s,
        )
        self.say(SettingsChanged(rules=rules, rules_hash="0" * 64), approver=True)
        self.say(caps, approver=True)

    def tick(self, passed: timedelta, jobs: Sequence[Job]) -> None:
        """Let time pass, then let these jobs fall due."""
        self.now += passed
        for job in jobs:
            self.say(JobDue(job=job, slot=self.now, seed=len(self.rows)), actor="clock")

    def settle(self) -> None:
        """Let every handler that is awake consume the log, until none has anything left."""
        before = -1
        while before < len(self.rows):
            before = len(self.rows)
            for place in range(len(self.running)):
                self._catch_up(place)

    def _catch_up(self, place: int) -> None:
        if place in self.asleep:
            return
        running, begin = self.running[place], self.consumed[place]
        rows = self.rows[begin:]
        self.consumed[place] = begin + len(rows)
        for row in rows:
            if isinstance(row.event, running.handler.hears + running.handler.says):
                running.consume(row, lambda command: self._stands(running.handler, command))

    def _stands(self, handler: Handler, command: Command) -> bool:
        verdicts = self.store.append_now(
            ME, [command], actor=handler.name, approver=handler.approver
        )
        return verdicts[0].stands
