"""Reading: pages in order, by type, by trace, by id; old shapes and erased bodies included."""

from __future__ import annotations

import psycopg
import pytest
from msgspec.structs import replace

from eventstore.reading import Erased
from eventstore.store import PostgresStore
from projectors import VIEWS
from schema import wire
from schema.catalogue import VERSIONS
from schema.contracts import Command, NewEvent
from schema.errors import AppendRefused, UnknownEvent
from schema.events.operations import PayloadErased
from schema.ids import EventId, named
from tests.postgres_fixtures import ME, Database
from tests.store.chains import NOBODY, Chain, given, ready, stopped
from tests.store.counting import counter, failed

ONE, TWO = Chain("one"), Chain("two")
ERASED = EventId(named("test", "erased"))


def erasure(position: int) -> NewEvent:
    """Name a position whose body is to go."""
    return NewEvent(ERASED, PayloadErased(position=position, why="asked", by="me"))


async def test_pages_follow_one_another(store: PostgresStore) -> None:
    await store.append(ME, [failed(n) for n in range(5)], actor="test")
    first = await store.read(ME, limit=3)
    second = await store.read(ME, after=first.upto, limit=3)
    third = await store.read(ME, after=second.upto, limit=3)
    assert [r.event.reason for r in (*first.events, *second.events)] == list("01234")
    assert (first.upto, second.upto, third.upto, third.events) == (2, 4, 4, [])


async def test_a_filtered_page_says_how_far_it_looked(store: PostgresStore) -> None:
    await store.append(ME, [failed(0), Command((stopped(),)), failed(1)], actor="test")
    page = await store.read(ME, types=["posting_stopped"])
    assert ([r.position for r in page.events], page.upto) == ([1], 2)
    page = await store.read(ME, types=["profile_read_failed"], limit=1)
    assert ([r.position for r in page.events], page.upto) == ([0], 0)


async def test_the_types_of_a_stretch_are_told(store: PostgresStore) -> None:
    await store.append(ME, [failed(0), Command((stopped(),)), failed(1), failed(2)], actor="test")
    assert await store.types(ME, after=-1, upto=3) == {"profile_read_failed", "posting_stopped"}
    assert await store.types(ME, after=0, upto=1) == {"posting_stopped"}
    assert await store.types(ME, after=1, upto=9) == {"profile_read_failed"}
    assert await store.types(ME, after=3, upto=3) == set()


async def test_a_trace_is_read_in_order(store: PostgresStore) -> None:
    await given(store, *ready(ONE), TWO.created(), ONE.click())
    page = await store.read(ME, trace=ONE.trace)
    assert [r.position for r in page.events] == [1, 2, 3, 5]
    page = await store.read(ME, trace=ONE.trace, types=["click_attempt"])
    assert [r.position for r in page.events] == [5]


async def test_what_is_read_is_what_was_written(store: PostgresStore) -> None:
    await given(store, *ready(ONE), ONE.click())
    facts = (*ready(ONE), ONE.click())
    page = await store.read(ME)
    assert [r.event for r in page.events] == [new.event for new in facts]
    assert [r.event_id for r in page.events] == [new.event_id for new in facts]
    for recorded in page.events:
        assert await store.event(ME, recorded.position) == recorded
        assert await store.by_id(ME, recorded.event_id) == recorded
    assert await store.by_id(ME, NOBODY) is None


async def test_an_old_version_is_upcast(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.append(ME, [failed(0), failed(1)], actor="test")
    monkeypatch.setitem(VERSIONS, "profile_read_failed", 2)
    with pytest.raises(UnknownEvent, match="version 1 of profile_read_failed"):
        await store.read(ME)

    def louder(fields: dict[str, str]) -> dict[str, str]:
        return fields | {"reason": fields["reason"] + "!"}

    monkeypatch.setitem(wire.UPCASTS, ("profile_read_failed", 1), louder)
    await store.append(ME, [failed(2)], actor="test")
    page = await store.read(ME)
    assert [(r.version, r.event.reason) for r in page.events] == [(1, "0!"), (1, "1!"), (2, "2")]


async def test_a_type_of_a_newer_build_stops_the_reader(
    store: PostgresStore, database: Database
) -> None:
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        connection.execute("select gp.append_or_fail('me', 'from_the_future', '{}')")
    with pytest.raises(UnknownEvent, match="from_the_future"):
        await store.read(ME)


async def test_nothing_is_erased_that_no_event_names(store: PostgresStore) -> None:
    await store.append(ME, [failed(0)], actor="test")
    with pytest.raises(AppendRefused, match="append-only") as caught:
        await store.erase(ME, 0)
    assert caught.value.code == "GP001"


async def test_an_erased_body_leaves_its_place_and_hashes(
    store: PostgresStore, database: Database
) -> None:
    await store.append(ME, [failed(n) for n in range(3)], actor="test")
    before = await store.event(ME, 1)
    await given(store, erasure(1))
    assert await store.erase(ME, 1)
    assert not await store.erase(ME, 1)
    after = await store.event(ME, 1)
    assert after == replace(before, event=Erased())
    page = await store.read(ME, types=["profile_read_failed"])
    assert [type(r.event) is Erased for r in page.events] == [False, True, False]
    with pytest.raises(AppendRefused):
        await store.erase(ME, 0)


async def test_handlers_and_views_go_past_an_erased_body(store: PostgresStore) -> None:
    await store.append(ME, [failed(n) for n in range(4)], actor="test")
    await given(store, erasure(1))
    await store.erase(ME, 1)
    assert await store.run_handler(counter, ME) == 4
    (answer,) = (await store.read(ME, types=["post_disappeared"])).events
    assert answer.cause == 3
    assert await store.rebuild_handler(counter, ME) == 4
    assert await store.run_projector(VIEWS["ghosts"], ME) == 0
