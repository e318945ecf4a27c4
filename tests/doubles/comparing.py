"""Comparing: histories are drawn until the double and PostgreSQL differ, or there are enough."""

from __future__ import annotations

import asyncio

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.doubles.same import Same
from tests.doubles.tally import Tally
from tests.postgres_fixtures import Database


def compare(
    database: Database, tally: Tally, *, examples: int, steps: int, shrink: bool = True
) -> None:
    """Raise AssertionError at a history that tells the two apart; `shrink` makes it short."""
    loop = asyncio.new_event_loop()
    try:
        real = loop.run_until_complete(database.store().__aenter__())
        own = {"loop": loop, "real": real, "admin_url": database.admin_url, "tally": tally}
        machine = type("Histories", (Same,), own)
        profile = settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=[phase for phase in Phase if shrink or phase is Phase.generate],
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
