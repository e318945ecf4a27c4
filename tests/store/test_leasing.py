"""Work queues: an order is leased, fenced, closed together with what came of it, or parked."""

from __future__ import annotations

from typing import Any

import psycopg

from eventstore.leasing import READS_MAX
from eventstore.store import PostgresStore
from schema.contracts import Command, Lease, NewEvent
from schema.events.ghosts import ProfileRead, ProfileReadOrdered
from schema.ids import EventId, ReadingId, named
from tests.postgres_fixtures import ME, Database
from tests.store.chains import NOBODY, Chain, stopped

QUEUE = "profile"


def ordered(n: int = 0) -> Command:
    """Return the n-th order to read our profile."""
    reading_id = ReadingId(named("test", "reading", str(n)))
    event = ProfileReadOrdered(reading_id=reading_id, back_to=None, limit=10)
    return Command((NewEvent(EventId(named("test", "order", str(n))), event),))


def done(n: int = 0) -> Command:
    """Return what came of it."""
    reading_id = ReadingId(named("test", "reading", str(n)))
    event = ProfileRead(reading_id=reading_id, posts=(), complete=True)
    cause = EventId(named("test", "order", str(n)))
    return Command((NewEvent(EventId(named("test", "done", str(n))), event, cause=cause),))


async def taken(store: PostgresStore, lease_s: int = 60) -> Lease:
    """Take the next order, which must be there."""
    lease = await store.take(QUEUE, lease_s=lease_s)
    assert lease is not None
    return lease


def archived(database: Database) -> list[tuple[Any, ...]]:
    """Return the archived messages."""
    with psycopg.connect(database.admin_url) as connection:
        return connection.execute("select msg_id, read_ct from pgmq.a_profile").fetchall()


async def test_an_order_is_in_its_queue_as_soon_as_it_is_in_the_log(store: PostgresStore) -> None:
    assert await store.take(QUEUE, lease_s=60) is None
    await store.append(ME, [Command((stopped(),)), ordered(0), ordered(1)], actor="test")
    first, second = await taken(store), await taken(store)
    assert [(lease.account, lease.position) for lease in (first, second)] == [(ME, 1), (ME, 2)]
    assert await store.take(QUEUE, lease_s=60) is None
    assert (await store.backlog())[QUEUE] == 2


async def test_a_refused_or_repeated_order_is_not_sent(store: PostgresStore) -> None:
    refused = Command((*ordered(0).events, Chain().revoked(NOBODY)))
    await store.append(ME, [refused, ordered(1)], actor="test")
    await store.append(ME, [ordered(1)], actor="test")
    assert (await taken(store)).position == 0
    assert await store.take(QUEUE, lease_s=60) is None


async def test_closing_appends_and_deletes(store: PostgresStore) -> None:
    await store.append(ME, [ordered()], actor="test")
    lease = await taken(store, lease_s=0)
    verdicts = await store.close(lease, [done()], actor="profile")
    assert verdicts is not None
    assert [verdict.code for verdict in verdicts] == ["ok"]
    assert await store.take(QUEUE, lease_s=0) is None
    page = await store.read(ME, after=0)
    assert [(r.type, r.cause, r.actor) for r in page.events] == [("profile_read", 0, "profile")]


async def test_a_lost_lease_appends_nothing(store: PostgresStore) -> None:
    await store.append(ME, [ordered()], actor="test")
    slow, quick = await taken(store, lease_s=0), await taken(store, lease_s=60)
    assert (slow.reads, quick.reads) == (1, 2)
    assert not await store.extend(slow, lease_s=60)
    assert await store.close(slow, [done()], actor="slow") is None
    await store.park(slow, last_error="slow", actor="slow")
    assert (await store.heads())[ME] == 1
    assert await store.close(quick, [done()], actor="quick") is not None
    assert await store.close(quick, [done()], actor="quick") is None


async def test_an_expired_lease_that_nobody_took_still_closes(store: PostgresStore) -> None:
    await store.append(ME, [ordered()], actor="test")
    lease = await taken(store, lease_s=0)
    assert await store.close(lease, [done()], actor="slow") is not None


async def test_an_extended_lease_is_kept(store: PostgresStore) -> None:
    await store.append(ME, [ordered()], actor="test")
    lease = await taken(store, lease_s=0)
    assert await store.extend(lease, lease_s=60)
    assert await store.take(QUEUE, lease_s=60) is None


async def test_a_refused_outcome_does_not_come_again(store: PostgresStore) -> None:
    await store.append(ME, [ordered()], actor="test")
    lease = await taken(store, lease_s=0)
    commands = [Command((Chain().revoked(NOBODY),)), done(), Command((Chain().click(NOBODY),))]
    verdicts = await store.close(lease, commands, actor="profile")
    assert [verdict.code for verdict in verdicts or []] == ["GP011", "ok", "GP011"]
    assert await store.take(QUEUE, lease_s=0) is None


async def test_poison_is_parked_and_blocks_nobody(store: PostgresStore, database: Database) -> None:
    await store.append(ME, [ordered(0), ordered(1)], actor="test")
    for n in range(READS_MAX):
        assert (await taken(store, lease_s=0)).reads == n + 1
    assert (await taken(store)).position == 1
    (parked,) = (await store.read(ME, types=["message_parked"])).events
    assert (parked.cause, parked.event.order_position) == (0, 0)
    assert parked.event.last_error == "read 5 times without being finished"
    assert archived(database) == [(1, READS_MAX + 1)]


async def test_a_performer_may_park(store: PostgresStore, database: Database) -> None:
    await store.append(ME, [ordered()], actor="test")
    await store.park(await taken(store), last_error="no such site", actor="profile")
    (parked,) = (await store.read(ME, types=["message_parked"])).events
    assert (parked.event.last_error, parked.actor) == ("no such site", "profile")
    assert await store.backlog() == dict.fromkeys(await store.backlog(), 0)
    assert archived(database) == [(1, 1)]


async def test_orders_without_a_message_get_one_and_others_none(store: PostgresStore) -> None:
    await store.append(ME, [ordered(n) for n in range(3)], actor="test")
    held = await taken(store)
    assert await store.close(await taken(store), [], actor="profile") == []
    orders = [(QUEUE, position) for position in range(3)]
    assert await store.restore(ME, orders, size=3) == {QUEUE: 1}
    assert await store.restore(ME, orders, size=3) == {}
    assert await store.extend(held, lease_s=60)
    assert [(await taken(store)).position for _ in range(2)] == [2, 1]


async def test_nothing_is_restored_into_a_log_that_has_grown(store: PostgresStore) -> None:
    await store.append(ME, [ordered(0)], actor="test")
    await store.close(await taken(store), [], actor="profile")
    await store.append(ME, [done(0)], actor="profile")
    assert await store.restore(ME, [(QUEUE, 0)], size=1) is None
    assert (await store.backlog())[QUEUE] == 0


async def test_an_order_that_is_being_closed_is_not_sent_again(
    store: PostgresStore, database: Database
) -> None:
    await store.append(ME, [ordered(0)], actor="test")
    lease = await taken(store)
    with psycopg.connect(database.app_url) as closing:  # as far as a close comes before its lock
        fence = [lease.queue, lease.message_id, lease.reads]
        assert closing.execute("select gp.finish(%s, %s, %s)", fence).fetchone() == (True,)
        assert await store.restore(ME, [(QUEUE, 0)], size=1) == {}
    assert (await store.backlog())[QUEUE] == 0
