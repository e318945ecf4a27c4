"""`queues` and `parked`: orders that were lost or set aside come back once, and only those."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from eventstore.leasing import READS_MAX
from eventstore.store import PostgresStore
from replay import open_orders
from schema.contracts import Command, Lease, NewEvent
from schema.events.base import Event
from schema.events.ghosts import ProfileRead, ProfileReadOrdered
from schema.events.judging import JudgementRequested
from schema.events.operations import PayloadErased
from schema.ids import EventId, ReadingId, named
from tests.cli.conftest import Ask
from tests.cli.real import Real
from tests.handlers.facts import found, judged, of_candidate, post

pytestmark = pytest.mark.postgres


def judgement(n: int) -> JudgementRequested:
    return JudgementRequested(**of_candidate(n), post=post(n))


def reading(n: int) -> ProfileReadOrdered:
    reading_id = ReadingId(named("reading", str(n)))
    return ProfileReadOrdered(reading_id=reading_id, back_to=None, limit=10)


def read(n: int) -> ProfileRead:
    return ProfileRead(reading_id=reading(n).reading_id, posts=(), complete=True)


def ended(order: Any) -> Event:
    """Return what comes of an order."""
    if isinstance(order, ProfileReadOrdered):
        return ProfileRead(reading_id=order.reading_id, posts=(), complete=True)
    return judged(candidate_id=order.candidate_id, evaluation_id=order.evaluation_id)


def messages(real: Real) -> list[tuple[str, int]]:
    """Return what is in the queues: queue, position of the order."""
    with psycopg.connect(real.database.admin_url) as connection:
        return [
            (queue, position)
            for queue in ("judge", "profile")
            for (position,) in connection.execute(
                f"select (message ->> 'position')::bigint from pgmq.q_{queue} order by msg_id"
            ).fetchall()
        ]


def lose_everything(real: Real) -> None:
    with psycopg.connect(real.database.admin_url) as connection:
        for queue in ("judge", "profile"):
            connection.execute(f"delete from pgmq.q_{queue}")


def carry_out_all(real: Real) -> list[tuple[str, int]]:
    """Take and close every order that comes; return which."""
    done = []

    async def carry_out(store: PostgresStore) -> None:
        for queue in ("judge", "profile"):
            while (lease := await store.take(queue, lease_s=60)) is not None:
                order = await store.event(lease.account, lease.position)
                new = NewEvent(
                    EventId(named("end", str(lease.position))),
                    ended(order.event),
                    cause=order.event_id,
                )
                assert await store.close(lease, [Command((new,))], actor=queue) is not None
                done.append((queue, lease.position))

    real.with_store(carry_out)
    return done


def leased(real: Real, queue: str) -> Lease | None:
    async def take(store: PostgresStore) -> Lease | None:
        return await store.take(queue, lease_s=600)

    return real.with_store(take)


def test_lost_messages_come_back_and_are_carried_out_once(ask: Ask, real: Real) -> None:
    real.say(found(1), judgement(1), judgement(2), reading(1), reading(2), read(2))
    lose_everything(real)
    answer = ask("queues", "rebuild", "--why", "the disk was lost", "--json")
    assert answer.code == 0
    assert answer.json == {
        "accounts": [{"account": "garden", "open": 3, "sent": {"judge": 2, "profile": 1}}]
    }
    assert messages(real) == [("judge", 1), ("judge", 2), ("profile", 3)]
    assert carry_out_all(real) == [("judge", 1), ("judge", 2), ("profile", 3)]
    again = ask("queues", "rebuild", "--why", "once more")
    assert again.out == "garden: 0 open orders; sent again: none was missing\n"
    assert messages(real) == []
    [first, second] = real.events("queues_rebuilt")
    assert (first.restored, second.restored) == ({"judge": 2, "profile": 1}, {})
    assert first.why == "the disk was lost"


def test_what_waits_or_is_in_flight_is_not_doubled(ask: Ask, real: Real) -> None:
    real.say(judgement(1), judgement(2), reading(1))
    held = leased(real, "judge")
    assert held is not None
    answer = ask("queues", "rebuild", "--why", "to be sure", "--json")
    assert answer.json["accounts"][0]["sent"] == {}
    assert messages(real) == [("judge", 0), ("judge", 1), ("profile", 2)]

    async def still_mine(store: PostgresStore) -> bool:
        return await store.extend(held, lease_s=60)

    assert real.with_store(still_mine)


def test_a_rebuild_that_forgets_ends_would_double_work(
    ask: Ask, real: Real, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_orders, "ENDED_BY", {})
    real.say(judgement(1), judged(1))
    lose_everything(real)
    assert ask("queues", "rebuild", "--why", "broken", "--json").code == 0
    assert messages(real) == [("judge", 0)]


def test_what_was_erased_is_no_order_and_an_erased_end_is_an_end(ask: Ask, real: Real) -> None:
    real.say(judgement(1))
    assert carry_out_all(real) == [("judge", 0)]
    real.say(judgement(2))
    erased = (1, 2)  # what came of the first order, and the second one
    real.say(*(PayloadErased(position=place, why="asked", by="me") for place in erased))

    async def erase(store: PostgresStore) -> None:
        for place in erased:
            assert await store.erase(real.account, place)

    real.with_store(erase)
    lose_everything(real)
    answer = ask("queues", "rebuild", "--why", "the disk was lost", "--json")
    assert answer.json["accounts"][0]["open"] == 0, answer.err
    assert messages(real) == []


def test_a_log_that_grows_during_the_look_is_looked_at_again(
    ask: Ask, real: Real, monkeypatch: pytest.MonkeyPatch
) -> None:
    real.say(judgement(1))
    lose_everything(real)
    looks: list[int] = []
    whole = PostgresStore.restore

    async def restore(store: PostgresStore, account: Any, orders: Any, *, size: int) -> Any:
        if not looks:
            new = NewEvent(EventId(named("meanwhile")), judged(1))
            await store.append(account, [Command((new,))], actor="judge")
        looks.append(size)
        return await whole(store, account, orders, size=size)

    monkeypatch.setattr(PostgresStore, "restore", restore)
    answer = ask("queues", "rebuild", "--why", "w", "--json")
    assert answer.json["accounts"][0] == {"account": "garden", "open": 0, "sent": {}}
    assert looks == [1, 2]
    assert messages(real) == []


def parked(real: Real) -> None:
    """Read an order of the first position until it is set aside."""

    async def read_too_often(store: PostgresStore) -> None:
        for _ in range(READS_MAX):
            lease = await store.take("judge", lease_s=0)
            assert lease is not None
        assert await store.take("judge", lease_s=0) is None

    real.say(judgement(1))
    real.with_store(read_too_often)


def test_a_parked_order_is_listed_and_requeued_once(ask: Ask, real: Real) -> None:
    parked(real)
    [one] = ask("parked", "list", "--json").json["parked"]
    assert (one["account"], one["position"], one["queue"], one["reads"]) == (
        "garden",
        0,
        "judge",
        6,
    )
    assert "read 5 times" in one["last_error"]
    assert ask("queues", "rebuild", "--why", "w", "--json").json["accounts"][0]["sent"] == {}
    answer = ask("parked", "requeue", "0", "--why", "the endpoint is back", "--json")
    assert (answer.code, answer.json["order_position"]) == (0, 0)
    assert messages(real) == [("judge", 0)]
    assert ask("parked", "list").out == "nothing is parked\n"
    assert ask("parked", "requeue", "0", "--why", "again").code == 64
    assert carry_out_all(real) == [("judge", 0)]


def test_a_dropped_order_comes_back_no_more(ask: Ask, real: Real) -> None:
    parked(real)
    answer = ask("parked", "drop", "0", "--why", "too old")
    assert (answer.code, answer.out[:42]) == (0, "garden: the order at 0 for judge is droppe")
    assert real.events("order_dropped")[0].why == "too old"
    assert ask("queues", "rebuild", "--why", "w", "--json").json["accounts"][0]["open"] == 0
    assert messages(real) == []


def test_an_order_that_is_not_parked_cannot_be_requeued(ask: Ask, real: Real) -> None:
    real.say(judgement(1))
    answer = ask("parked", "requeue", "0", "--why", "w")
    assert (answer.code, answer.out) == (64, "")
    assert "no parked order at position 0 of garden" in answer.err
    assert "ghostproof parked list" in answer.err


def test_the_queues_are_told_with_what_waits_and_is_in_flight(ask: Ask, real: Real) -> None:
    real.say(judgement(1), judgement(2), reading(1))
    leased(real, "judge")
    rows = {row["queue"]: row for row in ask("queues", "--json").json["queues"]}
    assert (rows["judge"]["waiting"], rows["judge"]["in_flight"]) == (1, 1)
    assert (rows["profile"]["waiting"], rows["fetch"]["waiting"]) == (1, 0)
    assert rows["fetch"]["oldest"] is None
    assert rows["judge"]["oldest"] is not None
    assert ask("queues").out.splitlines()[0].split()[:2] == ["queue", "waiting"]
