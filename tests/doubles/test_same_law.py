"""The store double and PostgreSQL answer every history alike: else simulation proves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import psycopg
import pytest
from hypothesis import Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from eventstore.store import PostgresStore
from schema.contracts import Command, NewEvent
from schema.events.operations import Job, JobDue
from schema.ids import Account, EventId, named
from tests.doubles.memory_store import MemoryStore
from tests.doubles.moves import KINDS, PERMITS, TWISTS
from tests.doubles.pair import QUEUE, Pair
from tests.postgres_fixtures import Database, server_url, shared_database, template

__all__ = ["server_url", "shared_database", "template"]

SLOT = datetime(2026, 1, 31, tzinfo=UTC)

WIDE = 3
"""The number that draws caps under which clicks may follow one another."""


class Same(RuleBasedStateMachine):
    """Does everything to both stores; they start each history with a fresh account."""

    loop: asyncio.AbstractEventLoop
    real: PostgresStore
    admin_url: str
    numbers: Iterator[int]

    def __init__(self) -> None:
        super().__init__()
        number = next(self.numbers)
        self.pair = Pair(self.real, MemoryStore(), Account(f"account{number}"))
        self.dues = count()
        self.loop.run_until_complete(self.pair.open())
        self._empty_queue()
        self.append("caps_set", 0, WIDE, "none")

    def _empty_queue(self) -> None:
        with psycopg.connect(self.admin_url) as admin:
            admin.execute(f"delete from pgmq.q_{QUEUE}".encode())

    @rule(
        kind=st.sampled_from(KINDS),
        permit=st.integers(0, PERMITS - 1),
        number=st.integers(0, 40),
        twist=st.sampled_from(TWISTS),
    )
    def append(self, kind: str, permit: int, number: int, twist: str) -> None:
        command, approver = self.pair.moves.make(kind, permit, number, twist)
        real, double = self.loop.run_until_complete(self.pair.append(command, approver=approver))
        assert real == double, (kind, permit, number, twist)

    @rule(
        kinds=st.tuples(st.sampled_from(KINDS), st.sampled_from(("click_attempt", *KINDS))),
        permit=st.integers(0, PERMITS - 1),
        together=st.booleans(),
    )
    def append_two(self, kinds: tuple[str, str], permit: int, *, together: bool) -> None:
        made = [self.pair.moves.make(kind, permit, 0, "none") for kind in kinds]
        commands = [command for command, _ in made]
        if together:
            commands = [Command(tuple(new for one in commands for new in one.events))]
        approver = any(by_approver for _, by_approver in made)
        assume(not (approver and "click_attempt" in kinds))  # nobody may say both
        real, double = self.loop.run_until_complete(self.pair.append(*commands, approver=approver))
        assert real == double, (kinds, permit, together)

    @rule(permit=st.integers(0, PERMITS - 1), twist=st.sampled_from(TWISTS), at=st.integers(0, 4))
    def walk_to_an_end(self, permit: int, twist: str, at: int) -> None:
        walk = ("permit_created", "permit_approved", "draft_accepted", "click_attempt")
        for place, kind in enumerate((*walk, "posting_success")):
            self.append(kind, permit, 0, twist if place == at else "none")

    @rule(permit=st.integers(0, PERMITS - 1), again=st.sampled_from(KINDS))
    def stop_then_go_on(self, permit: int, again: str) -> None:
        for kind in ("posting_stopped", "click_attempt", "posting_allowed", again):
            self.append(kind, permit, 0, "none")

    @rule(times=st.integers(1, 5))
    def handle(self, times: int) -> None:
        for _ in range(times):
            number = next(self.dues)
            new = NewEvent(
                EventId(named("due", str(number))),
                JobDue(job=Job.SCHEDULE, slot=SLOT, seed=number),
            )
            self.loop.run_until_complete(self.pair.append(Command((new,)), approver=False))
        real, double = self.loop.run_until_complete(self.pair.handle())
        assert real == double

    @rule(lease_s=st.sampled_from((0, 3600)))
    def take(self, lease_s: int) -> None:
        real, double = self.loop.run_until_complete(self.pair.take(lease_s))
        assert real == double

    @rule(kind=st.sampled_from(KINDS), permit=st.integers(0, PERMITS - 1))
    def close(self, kind: str, permit: int) -> None:
        command, _ = self.pair.moves.make(kind, permit, 0, "none")
        real, double = self.loop.run_until_complete(self.pair.close(command))
        assert real == double, (kind, permit)

    @rule(lease_s=st.sampled_from((0, 3600)))
    def extend(self, lease_s: int) -> None:
        real, double = self.loop.run_until_complete(self.pair.extend(lease_s))
        assert real == double

    @invariant()
    def the_logs_are_the_same(self) -> None:
        real, double = self.loop.run_until_complete(self.pair.logs())
        assert real == double


def compare(database: Database, *, examples: int, steps: int, shrink: bool = True) -> None:
    """Look for a history that tells the two apart; `shrink` makes the one found short."""
    loop = asyncio.new_event_loop()
    try:
        real = loop.run_until_complete(database.store().__aenter__())
        own = {"loop": loop, "real": real, "admin_url": database.admin_url, "numbers": count()}
        machine = type("Histories", (Same,), own)
        phases = [phase for phase in Phase if shrink or phase is Phase.generate]
        profile = settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=phases,
            derandomize=True,
            database=None,
            deadline=None,
        )
        try:
            run_state_machine_as_test(machine, settings=profile)
        finally:
            loop.run_until_complete(real.__aexit__(None, None, None))
    finally:
        loop.close()


@pytest.mark.postgres
@pytest.mark.slow
def test_the_double_and_postgresql_answer_every_history_alike(shared_database: Database) -> None:
    compare(shared_database, examples=100, steps=40)
