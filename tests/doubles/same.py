"""Histories done to both stores, the double and PostgreSQL, which must answer them alike."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import psycopg
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from eventstore.store import PostgresStore
from schema.contracts import Command, NewEvent
from schema.events.operations import Job, JobDue
from schema.ids import Account, EventId, named
from tests.doubles.memory_store import MemoryStore
from tests.doubles.moves import KINDS, NARROW, PERMITS, TWISTS
from tests.doubles.pair import QUEUE, Pair
from tests.doubles.tally import Tally
from tests.doubles.ways import ANOTHER_PERMIT, WAYS, Step

SLOT = datetime(2026, 1, 31, tzinfo=UTC)
OPEN = NARROW.index("none")
"""The number that draws caps under which clicks may follow one another."""

APART = 7
"""Every seventh way is begun with, from one that is drawn: six ways a history."""

permits = st.integers(0, PERMITS - 1)
kinds = st.sampled_from(KINDS)
twists = st.sampled_from(TWISTS)
ways = st.sampled_from(sorted(WAYS))
numbers = st.integers(1, 4)
leases_s = st.sampled_from((0, 3600))


class Same(RuleBasedStateMachine):
    """Does everything to both stores; they start each history with a fresh account."""

    loop: asyncio.AbstractEventLoop
    real: PostgresStore
    admin_url: str
    tally: Tally

    def __init__(self) -> None:
        super().__init__()
        self.pair = Pair(self.real, MemoryStore(), Account(f"account{self.tally.histories}"))
        self.tally.histories += 1
        self.dues, self.unused = count(), count(PERMITS)
        self.loop.run_until_complete(self.pair.open())
        self._empty_queue()
        self.append("caps_set", 0, OPEN, "none")

    def _empty_queue(self) -> None:
        with psycopg.connect(self.admin_url) as admin:
            admin.execute(f"delete from pgmq.q_{QUEUE}".encode())

    def _alike(self, answers: tuple[Any, Any], *what: object) -> None:
        real, double = answers
        if real != double:
            said = f"{' '.join(map(str, what))}: PostgreSQL says {real}, the double {double}"
            self.tally.differ(said)
            raise AssertionError(said)

    def _append(self, *commands: Command, approver: bool, what: str) -> None:
        answers = self.loop.run_until_complete(self.pair.append(*commands, approver=approver))
        self.tally.count(commands, answers[1])
        self._alike(answers, what)

    @rule(kind=kinds, permit=permits, number=st.integers(0, 40), twist=twists)
    def append(self, kind: str, permit: int, number: int, twist: str) -> None:
        self._say(kind, permit, number, twist, "any")

    def _say(self, kind: str, permit: int, number: int, twist: str, way: str) -> None:
        command, approver = self.pair.moves.make(kind, permit, number, twist)
        self._append(command, approver=approver, what=f"{way}: {kind} ({twist})")

    @initialize(first=st.integers(0, APART - 1), number=numbers)
    def begin_with_clicks(self, first: int, number: int) -> None:
        """Go several ways in every history: left to chance, some way is never drawn."""
        for way in sorted(WAYS)[first::APART]:
            self._go(way, WAYS[way], number)

    @rule(way=ways, number=numbers)
    def go_to_a_click(self, way: str, number: int) -> None:
        self._go(way, WAYS[way], number)

    @rule(twist=twists, at=st.integers(0, 4), number=numbers)
    def stray_on_the_way(self, twist: str, at: int, number: int) -> None:
        steps = WAYS["all is well"]
        strayed = (*steps[:at], (steps[at][0], twist), *steps[at + 1 :])
        self._go("astray", strayed, number)

    def _go(self, way: str, steps: Sequence[Step], number: int) -> None:
        """Take an unused permit along the steps, from where nothing is in the way."""
        permit = next(self.unused)
        while self.pair.moves.holds:
            self._say("posting_allowed", permit, number, "none", way)
        self._say("caps_set", permit, OPEN, "none", way)
        for kind, twist in steps:
            if (kind, twist) == ANOTHER_PERMIT:
                permit = next(self.unused)
            else:
                self._say(kind, permit, number, twist, way)

    @rule(
        two=st.tuples(kinds, st.sampled_from(("click_attempt", *KINDS))),
        permit=permits,
        together=st.booleans(),
    )
    def append_two(self, two: tuple[str, str], permit: int, *, together: bool) -> None:
        made = [self.pair.moves.make(kind, permit, 0, "none") for kind in two]
        commands = [command for command, _ in made]
        if together:
            commands = [Command(tuple(new for one in commands for new in one.events))]
        approver = any(by_approver for _, by_approver in made)
        assume(not (approver and "click_attempt" in two))  # nobody may say both
        self._append(*commands, approver=approver, what=f"two: {two} (together: {together})")

    @rule(permit=permits, again=kinds)
    def stop_then_go_on(self, permit: int, again: str) -> None:
        for kind in ("posting_stopped", "click_attempt", "posting_allowed", again):
            self._say(kind, permit, 0, "none", "a stop")

    @rule(times=st.integers(1, 5))
    def handle(self, times: int) -> None:
        for _ in range(times):
            number = next(self.dues)
            new = NewEvent(
                EventId(named("due", str(number))),
                JobDue(job=Job.SCHEDULE, slot=SLOT, seed=number),
            )
            self._append(Command((new,)), approver=False, what="a due slot")
        self._alike(self.loop.run_until_complete(self.pair.handle()), "a handler")

    @rule(lease_s=leases_s)
    def take(self, lease_s: int) -> None:
        self._alike(self.loop.run_until_complete(self.pair.take(lease_s)), "a lease")

    @rule(kind=kinds, permit=permits)
    def close(self, kind: str, permit: int) -> None:
        command, _ = self.pair.moves.make(kind, permit, 0, "none")
        closed = self.loop.run_until_complete(self.pair.close(command))
        self._alike(closed, "an order closed with", kind)

    @rule(lease_s=leases_s)
    def extend(self, lease_s: int) -> None:
        self._alike(self.loop.run_until_complete(self.pair.extend(lease_s)), "a longer lease")

    @invariant()
    def the_logs_are_the_same(self) -> None:
        self._alike(self.loop.run_until_complete(self.pair.logs()), "the logs")
