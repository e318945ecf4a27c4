"""What is counted under torture: a second winner, a lost event and a gap are seen as such."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, cast
from uuid import UUID

import pytest
from msgspec.structs import replace

from edge.performers.arming import Armed, Postponed
from eventstore.store import PostgresStore
from schema.contracts import Command, Verdict
from schema.errors import StoreError
from schema.events.base import permit_ids
from schema.events.posting import ClickBlocked, ClickDeferred, DeferReason
from schema.ids import Account, EventId
from tests.doubles.memory_store import MemoryStore
from tests.doubles.story import ACCOUNT, Story
from tests.torture.database import Load, _judged
from tests.torture.racing import WORKERS, _counted

IDS = permit_ids(Story().attempted("marta").event)
WINNER = Armed(7)
DEFERRED = Postponed(ClickDeferred(**IDS, reason=DeferReason.SUPERSEDED, detail=""))
BLOCKED = Postponed(ClickBlocked(**IDS, code="GP013", reason="spent"))
LOSERS = [DEFERRED] * (WORKERS - 1)


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        ([WINNER, *LOSERS], 0),
        ([WINNER, StoreError("away"), *LOSERS[1:]], 0),
        ([DEFERRED, *LOSERS], 2),
        ([WINNER, WINNER, *LOSERS[1:]], 2),
        ([WINNER, BLOCKED, *LOSERS[1:]], 1),
        ([WINNER, KeyError("x"), *LOSERS[1:]], 1),
    ],
)
def test_a_race_has_one_winner_and_everybody_else_is_told_so(
    answers: Sequence[Any], faults: int
) -> None:
    assert _counted(answers)["faults"] == faults


@pytest.fixture
def load() -> Load:
    return Load(Random(1))


@pytest.fixture
def story(load: Load) -> Story:
    """Tell a log whose every event was acknowledged."""
    told = Story()
    told.booted()
    told.queued("marta")
    load.acknowledged |= {row.event_id for row in told.rows}
    return told


async def judged(story: Story, load: Load) -> dict[str, int]:
    counted = await _judged(cast("PostgresStore", story.store), ACCOUNT, load)
    return {what: count for what, count in counted.items() if count}


async def test_a_whole_log_has_nothing_to_count_but_the_kill(story: Story, load: Load) -> None:
    assert await judged(story, load) == {"PostgreSQL kills": 1}


async def test_an_acknowledged_event_that_is_not_there_is_lost(story: Story, load: Load) -> None:
    load.acknowledged.add(EventId(UUID(int=1)))
    assert (await judged(story, load))["acknowledged events lost"] == 1


async def test_a_gap_is_counted(story: Story, load: Load) -> None:
    rows = story.store.log(ACCOUNT).rows
    rows[-1] = replace(rows[-1], position=len(rows))
    assert (await judged(story, load))["gaps"] == 1


async def test_what_nobody_acknowledged_is_said_again_and_there_once(
    story: Story, load: Load
) -> None:
    landed, lost = load._command("landed"), load._command("lost")
    await story.store.append(ACCOUNT, [landed], actor="torture")
    load.unknown = [landed, lost]
    counted = await judged(story, load)
    assert counted == {"PostgreSQL kills": 1, "unknown commits": 2, "of these committed": 1}
    assert load.unknown == []
    assert {one.events[0].event_id for one in (landed, lost)} <= load.acknowledged
    assert {row.event_id for row in story.rows} == load.acknowledged


class Wrong(MemoryStore):
    """A store that answers `said` to every append, and says that so many events are there."""

    said: Verdict
    more: int = 0

    async def append(
        self, account: Account, commands: Sequence[Command], **_: Any
    ) -> list[Verdict]:
        return [self.said for _ in commands]

    async def heads(self) -> dict[Account, int]:
        return {account: size + self.more for account, size in (await super().heads()).items()}


@pytest.mark.parametrize(
    ("said", "more", "faults"),
    [
        (Verdict("same"), 0, 0),
        (Verdict("ok", 9), 0, 1),  # there already, and written once more
        (Verdict("GP002"), 0, 2),
        (Verdict("same"), 1, 1),  # the head counts what nobody can read
    ],
)
async def test_what_was_said_again_must_be_the_same_and_counted(
    story: Story, load: Load, said: Verdict, more: int, faults: int
) -> None:
    landed = load._command("landed")
    await story.store.append(ACCOUNT, [landed], actor="torture")
    load.unknown = [landed]
    wrong = Wrong(story.store.now)
    wrong.logs, wrong.said, wrong.more = story.store.logs, said, more
    counted = await _judged(cast("PostgresStore", wrong), ACCOUNT, load)
    assert counted["faults"] == faults
