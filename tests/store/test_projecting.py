"""Views: rows and checkpoint move together, and a rebuilt view is the live one."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from eventstore.store import PostgresStore
from projectors import VIEWS
from projectors.permits import PermitStatus
from schema.contracts import Command
from schema.ids import Account, named
from tests.postgres_fixtures import ME, Database
from tests.store.chains import Chain, given, ready
from tests.store.counting import counter, failed, slots

ONE, TWO = Chain("one"), Chain("two", target="post-2", author="eve")
PERMITS = VIEWS["permits"]


async def test_a_view_follows_the_log(store: PostgresStore) -> None:
    await given(store, *ready(ONE), ONE.click(), ONE.success(posted_id="7"))
    assert await store.run_projector(PERMITS, ME) == 5
    assert await store.run_projector(PERMITS, ME) == 0
    (row,) = await store.view_rows(PERMITS, ME)
    assert row.permit_id == ONE.id("permit")
    assert row.posted_id == "7"
    assert row.status is PermitStatus.CONFIRMED
    await given(store, TWO.created())
    assert await store.run_projector(PERMITS, ME) == 1
    assert len(await store.view_rows(PERMITS, ME)) == 2


async def test_rows_are_counted_by_what_is_in_a_column(store: PostgresStore) -> None:
    await given(store, *ready(ONE), ONE.click(), ONE.success(posted_id="7"), TWO.created())
    await store.run_projector(PERMITS, ME)
    for status in PermitStatus:
        rows = [row for row in await store.view_rows(PERMITS, ME) if row.status is status]
        assert await store.view_count(PERMITS, ME, "status", status) == len(rows)
    assert await store.view_count(PERMITS, ME, "status", PermitStatus.CONFIRMED) == 1
    assert await store.view_count(PERMITS, Account("other"), "status", "confirmed") == 0


async def test_of_two_workers_one_folds(store: PostgresStore, database: Database) -> None:
    await given(store, *ready(ONE))
    await store.run_projector(PERMITS, ME)
    await given(store, ONE.click())
    async with await psycopg.AsyncConnection.connect(database.app_url) as other:
        await other.execute("select from gp.checkpoint for update")
        assert await store.run_projector(PERMITS, ME) is None
    assert await store.run_projector(PERMITS, ME) == 1


async def test_a_row_that_is_gone_is_removed(store: PostgresStore) -> None:
    await store.append(ME, [failed(n) for n in range(2)], actor="test")
    await store.run_projector(slots, ME)
    (row,) = await store.view_rows(slots, ME)
    assert row.queue_size == 2
    await store.append(ME, [failed(2)], actor="test")
    await store.run_handler(counter, ME)
    await store.run_projector(slots, ME)
    assert await store.view_rows(slots, ME) == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@examples(readings=st.lists(st.sampled_from("abc"), min_size=1, max_size=25))
async def test_a_rebuilt_view_is_the_live_view(store: PostgresStore, readings: list[str]) -> None:
    account = Account(str(named("projecting", str(readings))))
    await store.open_account(account)
    for n, reading in enumerate(readings):
        await store.append(account, [failed(n, reading)], actor="test")
        await store.run_handler(counter, account)
        await store.run_projector(slots, account)
    live = await store.view_rows(slots, account)
    reached: list[int] = []
    await store.rebuild_view(slots, account, progress=reached.append)
    assert await store.view_rows(slots, account) == live
    assert reached == [(await store.heads())[account] - 1]
    assert await store.run_projector(slots, account) == 0


async def test_a_view_longer_than_a_page_is_rebuilt(store: PostgresStore) -> None:
    commands = [Command(failed(n, str(n)).events) for n in range(2100)]
    await store.append(ME, commands, actor="test")
    while await store.run_projector(slots, ME):
        pass
    live = await store.view_rows(slots, ME)
    assert len(live) == 2100
    assert await store.rebuild_view(slots, ME) == 2100
    assert await store.view_rows(slots, ME) == live


async def test_rows_that_drifted_are_mended_by_a_rebuild(
    store: PostgresStore, database: Database
) -> None:
    await given(store, ONE.created())
    await store.run_projector(PERMITS, ME)
    live = await store.view_rows(PERMITS, ME)
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        connection.execute("update gp.view_permits set status = 'confirmed'")
    assert await store.view_rows(PERMITS, ME) != live
    await store.rebuild_view(PERMITS, ME)
    assert await store.view_rows(PERMITS, ME) == live


@pytest.mark.parametrize("view", sorted(VIEWS))
async def test_every_view_has_its_table(store: PostgresStore, view: str) -> None:
    assert await store.run_projector(VIEWS[view], ME) == 0
    assert await store.view_rows(VIEWS[view], ME) == []
    assert await store.rebuild_view(VIEWS[view], ME) == 0
