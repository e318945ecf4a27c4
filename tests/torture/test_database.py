"""What PostgreSQL acknowledged is there after kill -9, and one permit has one attempt."""

from __future__ import annotations

from random import Random

import pytest

from tests.torture.rounds import database_kills, races

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
KILLS = 3
PERMITS = 20


async def test_no_acknowledged_event_is_lost_with_the_server() -> None:
    done = await database_kills(Random(3), KILLS)
    assert done.faults == []
    assert done.figures["PostgreSQL kills"] == KILLS
    assert done.figures["acknowledged events"] > KILLS * 20


async def test_of_sixteen_workers_one_gets_the_permit() -> None:
    done = await races(PERMITS)
    assert done.faults == []
    assert done.figures["winners"] == done.figures["attempts in the log"] == PERMITS
