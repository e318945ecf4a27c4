"""Racing: sixteen workers arm the same permits, and orders are delivered twice and too early."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from edge.clock import SystemClock
from edge.performers.arming import Armed, Postponed, arm
from edge.performers.contract import Order, World
from edge.performers.spool import Spool
from eventstore.store import PostgresStore
from schema.contracts import Lease
from schema.errors import StoreError
from schema.events.posting import ClickAttempt, ClickDeferred, ClickOrdered, PostingSuccess
from schema.rules import Rules
from tests.store.chains import TEXT, Chain, digest, given, ready
from tests.torture.following import Following
from tests.torture.ground import Ground
from tests.torture.program import running, tick
from tests.torture.settings import ME

WORKERS = 16
PER_POST_S = 60.0
TICKS_BETWEEN = 60
"""Between two early redeliveries: an order that is read more than five times is set aside."""


async def race(urls: tuple[str, str], folder: Path, permits: int) -> Counter[str]:
    """Let every worker arm every permit at once; count who won and what the others were told."""
    counted = Counter[str]({"faults": 0})
    async with AsyncExitStack() as stack:
        stores = [
            await stack.enter_async_context(PostgresStore(urls[0], approver_url=urls[1]))
            for _ in range(WORKERS)
        ]
        await stores[0].open_account(ME)
        worlds = [_world(store, folder / str(place)) for place, store in enumerate(stores)]
        for number in range(permits):
            order = await _ordered(stores[0], number)
            arming = (arm(world, order, None) for world in worlds)
            answers = await asyncio.gather(*arming, return_exceptions=True)
            counted += _counted(answers)
        log = Following(stores[0], ME)
        await log.catch_up()
    counted["attempts in the log"] = len(log.of(ClickAttempt))
    counted["permits"] = permits
    return counted


def _counted(answers: Sequence[Armed | Postponed | BaseException]) -> Counter[str]:
    winners = sum(isinstance(one, Armed) for one in answers)
    kept_open = sum(isinstance(one, StoreError) for one in answers)
    deferred = sum(
        isinstance(one, Postponed) and isinstance(one.event, ClickDeferred) for one in answers
    )
    wrong = (winners != 1) + (deferred + kept_open != WORKERS - 1)
    figures = {"winners": winners, "deferred": deferred, "the order comes again": kept_open}
    return Counter({**figures, "faults": wrong})


async def _ordered(store: PostgresStore, number: int) -> Order:
    """Make a permit that may be clicked, and the order to do so."""
    chain = Chain(f"race {number}", target=f"t{number}", author=f"author {number}")
    await given(store, *(ready(chain) if number == 0 else ready(chain)[1:]), account=ME)
    order = chain.new(
        ClickOrdered,
        approval=chain.id("approved"),
        text=TEXT,
        text_hash=digest(TEXT),
        target_url="http://site/post",
        target_author=chain.author,
    )
    await given(store, order, account=ME)
    recorded = await store.by_id(ME, order.event_id)
    assert recorded is not None
    return Order(recorded, Lease("click", 0, 1, ME, recorded.position), "click")


def _world(store: PostgresStore, folder: Path) -> World:
    """Make what arming needs of a worker's world: no site, no model."""
    nothing = cast("Any", None)
    return World(
        store=store,
        sites=nothing,
        model=nothing,
        clock=SystemClock(),
        spool=Spool(folder),
        worker_id=uuid4(),
        voices={},
        rules={ME: Rules()},
        stops=nothing,
    )


async def redeliver(ground: Ground, posts: int) -> Counter[str]:
    """Run two workers while every order comes twice, and again before its lease has run out."""
    counted = Counter[str]()
    before = len(ground.log.of(PostingSuccess))
    async with running(ground, {}), running(ground, {}), asyncio.timeout(posts * PER_POST_S):
        while len(ground.log.of(PostingSuccess)) < before + posts:
            for _ in range(TICKS_BETWEEN):
                await tick()
                counted["orders doubled"] += ground.duplicate()
            counted["early redeliveries"] += ground.redeliver()
            await ground.log.catch_up()
    return counted
