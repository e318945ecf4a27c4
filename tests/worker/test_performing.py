"""Performing: an order is carried out under a lease and closed, tried again, or set aside."""

from __future__ import annotations

import asyncio

import pytest

from edge.worker.performing import AGAIN_AFTER_S, Performing
from eventstore.leasing import READS_MAX
from schema.contracts import Command, NewEvent
from schema.errors import DatabaseUnreachable
from schema.events.operations import MessageParked, UnhandledException
from schema.ids import EventId, named
from tests.handlers.facts import found
from tests.performers.orders import Bench
from tests.worker.workers import Obedient, order_fetch, turns

DONE = (Command((NewEvent(EventId(named("done")), found()),)),)


async def test_without_an_order_there_is_nothing_to_do(bench: Bench) -> None:
    assert not await Performing(Obedient(), bench.world).one()


async def test_an_order_is_closed_with_what_came_of_it(bench: Bench) -> None:
    order_fetch(bench)
    one = Performing(Obedient(DONE), bench.world)
    assert await one.one()
    assert bench.log.rows[-1].actor == "fetch"
    assert bench.said(type(found())) == [found()]
    assert not await one.one()


@pytest.mark.parametrize("message", ["no idea", "a NUL \0 and half of a pair \ud800"])
async def test_an_unforeseen_failure_is_on_record_and_tried_again(
    bench: Bench, message: str
) -> None:
    order_fetch(bench)
    performer = Obedient(ZeroDivisionError(message))
    one = Performing(performer, bench.world)
    assert await one.one()
    [event] = bench.said(UnhandledException)
    assert (event.where, event.kind) == ("fetch", "ZeroDivisionError")
    assert not await one.one()
    bench.clock.pass_s(AGAIN_AFTER_S)
    performer.does = DONE
    assert await one.one()
    assert bench.said(type(found())) == [found()]


async def test_an_outcome_that_cannot_be_written_does_not_stop_the_queue(bench: Bench) -> None:
    order_fetch(bench)
    unwritable = found(author="\0")
    one = Performing(
        Obedient((Command((NewEvent(EventId(named("done")), unwritable),)),)), bench.world
    )
    assert await one.one()
    [event] = bench.said(UnhandledException)
    assert event.kind == "MalformedEvent"


async def test_an_order_that_fails_every_time_is_set_aside(bench: Bench) -> None:
    order_fetch(bench)
    performer = Obedient(ZeroDivisionError())
    one = Performing(performer, bench.world)
    for _ in range(READS_MAX):
        assert await one.one()
        bench.clock.pass_s(AGAIN_AFTER_S)
    await one.one()
    assert performer.begun == READS_MAX
    [parked] = bench.said(MessageParked)
    assert (parked.queue, parked.order_position, parked.reads) == ("fetch", 0, READS_MAX + 1)
    assert not await one.one()


async def test_a_parked_order_blocks_nobody(bench: Bench) -> None:
    order_fetch(bench)
    order_fetch(bench)
    performer = Obedient(ZeroDivisionError())
    one = Performing(performer, bench.world)
    assert await one.one()
    performer.does = DONE
    assert await one.one()
    assert bench.said(type(found())) == [found()]


async def test_while_the_database_is_away_the_failure_is_nobodys_fault(bench: Bench) -> None:
    order_fetch(bench)
    with pytest.raises(DatabaseUnreachable):
        await Performing(Obedient(DatabaseUnreachable("away")), bench.world).one()
    assert bench.said(UnhandledException) == []


async def test_a_lease_is_kept_while_the_work_goes_on(bench: Bench) -> None:
    order_fetch(bench)
    go = asyncio.Event()
    performer = Obedient(go)
    one = Performing(performer, bench.world)
    working = asyncio.create_task(one.one())
    for _ in range(12):
        await turns()
        assert not await Performing(Obedient(), bench.world).one()
        bench.clock.pass_s(performer.lease_s / 3)
    go.set()
    assert await working
    assert performer.done == 1


async def test_whoever_lost_the_lease_appends_nothing(bench: Bench) -> None:
    order_fetch(bench)
    go = asyncio.Event()
    slow = Obedient(go)
    working = asyncio.create_task(Performing(slow, bench.world).one())
    await turns()
    bench.redeliver()
    assert await Performing(Obedient(DONE), bench.world).one()
    go.set()
    await working
    assert len(bench.log.rows) == 2
