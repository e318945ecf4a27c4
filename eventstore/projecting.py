"""Running a projector: rows and checkpoint of a batch in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eventstore import checkpoints
from eventstore.connection import Connection, Pool
from eventstore.reading import Erased, read_page
from eventstore.views import View
from schema.contracts import Page, Projector, Recorded
from schema.ids import Account

BATCH = 500


def consumer_of(projector: Projector[Any]) -> str:
    """Return the projector's name in the checkpoints; a handler may have the same name."""
    return f"view_{projector.name}"


async def run_projector(pool: Pool, projector: Projector[Any], account: Account) -> int | None:
    """Fold one batch into rows; returns events consumed, None if another is at it."""
    consumer = consumer_of(projector)
    async with pool.session() as connection:
        if not await checkpoints.has_news(connection, consumer, account):
            return 0
        async with connection.transaction():
            after = await checkpoints.lock(connection, consumer, account)
            if after is None:
                return None
            page = await next_page(connection, projector, account, after)
            if not page.events:
                await checkpoints.pass_over(connection, consumer, account, page.upto)
                return 0
            await _project(connection, projector, account, page)
            await checkpoints.move(connection, consumer, account, page.upto)
            return len(page.events)


async def next_page(
    connection: Connection, projector: Projector[Any], account: Account, after: int
) -> Page:
    """Read the next batch of what the projector hears."""
    asked = {"account": account, "after": after, "limit": BATCH, "types": sorted(projector.reads)}
    return await read_page(connection, "read_page", asked)


def fold(
    projector: Projector[Any], rows: dict[str, Any], events: Iterable[Recorded[Any]]
) -> set[str]:
    """Fold events into rows (None = removed) in place; returns the keys that were touched."""
    touched = set()
    for recorded in events:
        if isinstance(recorded.event, Erased):
            continue
        key = projector.key(recorded.event)
        if key is not None:
            rows[key] = projector.evolve(rows.get(key), recorded)
            touched.add(key)
    return touched


async def _project(
    connection: Connection, projector: Projector[Any], account: Account, page: Page
) -> None:
    view = View(projector)
    live = [e.event for e in page.events if not isinstance(e.event, Erased)]
    keys = {key for event in live if (key := projector.key(event)) is not None}
    rows = await view.load(connection, account, sorted(keys))
    touched = fold(projector, rows, page.events)
    await view.store(connection, account, {key: rows[key] for key in sorted(touched)})
