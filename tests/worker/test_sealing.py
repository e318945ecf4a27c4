"""Sealing: one head of the tree a slot, true to the leaves, whoever and however often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from edge.worker import sealing
from edge.worker.sealing import Sealer
from schema.contracts import Verdict
from schema.errors import DatabaseUnreachable
from schema.events.operations import Job
from schema.events.proving import TreeHead
from schema.ids import Account
from schema.tree import Frontier
from tests.doubles.memory_leaf import memory_leaf
from tests.doubles.story import ACCOUNT, Story

EVERY_S = 600
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def heads(story: Story) -> list[TreeHead]:
    return [row.event for row in story.rows if row.type == "tree_head"]


def tree(story: Story, size: int) -> TreeHead:
    """Return what a head over the first events must say."""
    log = story.store.log(story.account)
    grown = Frontier().grown(memory_leaf(row, log) for row in log.rows[:size])
    peaks = tuple(peak.hex() for peak in grown.peaks)
    return TreeHead(size=size, root=grown.root().hex(), peaks=peaks)


def sealer(story: Story) -> Sealer:
    return Sealer(story.store, [ACCOUNT], EVERY_S)


@pytest.fixture
def story() -> Story:
    told = Story()
    told.booted()
    return told


async def test_a_slot_is_sealed_once(story: Story) -> None:
    one = sealer(story)
    for seconds in (0, 1, 599):
        await one.seal(NOON + timedelta(seconds=seconds))
        story.due(Job.POST)
    assert heads(story) == [tree(story, 1)]
    await one.seal(NOON + timedelta(seconds=600))
    assert heads(story) == [tree(story, 1), tree(story, 5)]


async def test_a_worker_seals_what_another_left(story: Story) -> None:
    for slot in range(6):
        story.due(Job.POST)
        await sealer(story).seal(NOON + timedelta(seconds=EVERY_S * slot))
    assert heads(story) == [tree(story, head.size) for head in heads(story)]
    assert len(heads(story)) == 6


async def test_a_forged_head_is_not_believed(story: Story) -> None:
    story.say(TreeHead(size=1, root="no root", peaks=("no hash",)))
    await sealer(story).seal(NOON)
    assert heads(story)[-1] == tree(story, 2)


async def test_two_workers_seal_a_slot_together_once(story: Story) -> None:
    one, other = sealer(story), sealer(story)
    for slot in range(3):
        for worker in (one, other):
            story.due(Job.POST)
            await worker.seal(NOON + timedelta(seconds=EVERY_S * slot))
    sizes = [head.size for head in heads(story)]
    assert len(sizes) == 3
    assert sizes == sorted(sizes)


async def test_a_long_log_is_caught_up_with_over_some_ticks(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "LEAVES_A_TICK", 4)
    monkeypatch.setattr(sealing, "LEAVES_A_PAGE", 3)
    for _ in range(9):
        story.due(Job.POST)
    whole, pages = story.store.leaves, list[int]()

    async def leaves(account: Account, *, after: int, limit: int) -> list[bytes]:
        pages.append(limit)
        return await whole(account, after=after, limit=limit)

    monkeypatch.setattr(story.store, "leaves", leaves)
    one, sealed = sealer(story), []
    for tick in range(4):
        await one.seal(NOON + timedelta(seconds=tick))
        sealed.append(len(heads(story)))
    assert sealed == [0, 0, 1, 1]
    assert heads(story) == [tree(story, 10)]
    assert pages == [3, 1, 3, 1, 2]


async def test_a_slot_whose_head_did_not_land_is_sealed_at_the_next_tick(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: Any, **__: Any) -> list[Verdict]:
        raise DatabaseUnreachable("away")

    one = sealer(story)
    with monkeypatch.context() as away:
        away.setattr(story.store, "append", lost)
        with pytest.raises(DatabaseUnreachable):
            await one.seal(NOON)
    await one.seal(NOON + timedelta(seconds=1))
    assert heads(story) == [tree(story, 1)]


async def test_an_account_whose_log_begins_within_a_slot_is_sealed_in_it(story: Story) -> None:
    other = Story(Account("later"))
    other.booted()
    one = Sealer(story.store, [ACCOUNT, other.account], EVERY_S)
    await one.seal(NOON)
    story.store.logs[other.account] = other.store.log(other.account)
    await one.seal(NOON + timedelta(seconds=1))
    assert heads(story) == [tree(story, 1)]
    assert heads(other) == [tree(other, 1)]


async def test_an_account_without_a_log_has_nothing_to_seal(story: Story) -> None:
    await Sealer(story.store, [Account("nobody")], EVERY_S).seal(NOON)
    assert heads(story) == []


async def test_a_log_that_becomes_shorter_meanwhile_is_not_waited_for(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def longer() -> dict[Account, int]:
        return {ACCOUNT: len(story.rows) + 1}

    whole, asked = story.store.leaves, list[int]()

    async def leaves(account: Account, *, after: int, limit: int) -> list[bytes]:
        asked.append(after)
        assert len(asked) < 3, "it asks for ever"
        return await whole(account, after=after, limit=limit)

    monkeypatch.setattr(story.store, "heads", longer)
    monkeypatch.setattr(story.store, "leaves", leaves)
    await sealer(story).seal(NOON)
    assert heads(story) == []
