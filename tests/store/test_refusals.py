"""What the log refuses to a process is counted by code, whoever said it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from eventstore.store import PostgresStore
from schema.contracts import Recorded
from schema.events.permitting import PermitCreated
from tests.postgres_fixtures import ME
from tests.store.chains import Chain
from tests.store.counting import counter, failed
from tests.store.test_appending import numbered
from tests.store.test_handling import run_to_end

ONE = Chain("one")


async def test_refused_commands_are_counted(store: PostgresStore) -> None:
    await store.append(ME, [numbered(1)], actor="a")
    await store.append(ME, [numbered(1, why="else"), numbered(2)], actor="a")
    assert store.refusals == {"GP002": 1}


async def test_what_is_there_already_is_not_refused(store: PostgresStore) -> None:
    for _ in range(2):
        await store.append(ME, [numbered(1)], actor="a")
    assert store.refusals == {}


async def test_refused_answers_of_rules_are_counted(store: PostgresStore) -> None:
    def same_permit(states: Any, recorded: Recorded[Any]) -> list[Any]:
        del states, recorded
        return [ONE.created().event]

    eager = replace(counter, says=(PermitCreated,), decide=same_permit)
    await store.append(ME, [failed(n) for n in range(3)], actor="test")
    await run_to_end(store, eager)
    assert store.refusals == {"GP015": 2}
