"""Sealing: one head of the tree a slot, true to the leaves, whoever and however often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from edge.worker import sealing
from edge.worker.sealing import Sealer
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


def root(story: Story, size: int) -> str:
    log = story.store.log(ACCOUNT)
    return Frontier().grown(memory_leaf(row, log) for row in log.rows[:size]).root().hex()


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
    assert [(head.size, head.root) for head in heads(story)] == [(1, root(story, 1))]
    await one.seal(NOON + timedelta(seconds=600))
    assert [head.root for head in heads(story)] == [root(story, 1), root(story, 5)]


async def test_a_worker_seals_what_another_left(story: Story) -> None:
    for slot in range(6):
        story.due(Job.POST)
        await sealer(story).seal(NOON + timedelta(seconds=EVERY_S * slot))
    assert [head.root for head in heads(story)] == [root(story, head.size) for head in heads(story)]
    assert len(heads(story)) == 6


async def test_a_forged_head_is_not_believed(story: Story) -> None:
    story.say(TreeHead(size=1, root="no root", peaks=("no hash",)))
    await sealer(story).seal(NOON)
    assert heads(story)[-1].root == root(story, 2)


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
    one, ticks = sealer(story), 0
    while not heads(story):
        await one.seal(NOON + timedelta(seconds=ticks))
        ticks += 1
    assert ticks == 3
    assert heads(story) == [heads(story)[0]]
    assert heads(story)[0].root == root(story, 10)


async def test_an_account_without_a_log_has_nothing_to_seal(story: Story) -> None:
    await Sealer(story.store, [Account("nobody")], EVERY_S).seal(NOON)
    assert heads(story) == []
