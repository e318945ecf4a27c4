"""Rebuilding what is kept beside the log: states and views, folded again from the beginning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Any

from eventstore import checkpoints
from eventstore.connection import Connection, Pool
from eventstore.folding import States, is_own_answer, read_again
from eventstore.handling import store_states
from eventstore.projecting import consumer_of, fold
from eventstore.reading import read_page
from eventstore.views import View
from schema.contracts import Handler, Page, Projector, Recorded
from schema.errors import StoreError
from schema.events.base import tag_of
from schema.ids import Account

PAGE = 1000
Progress = Callable[[int], None]
"""Called after each page with the position reached."""


async def rebuild_view(
    pool: Pool, projector: Projector[Any], account: Account, progress: Progress | None = None
) -> int:
    """Fold a view's rows again and put them in place of the live ones; returns events folded.

    One transaction: readers see the old rows until they see all of the new ones.
    """
    view, rows, count, upto = View(projector), dict[str, Any](), 0, -1
    types = sorted(projector.reads)
    async with pool.session() as connection, connection.transaction():
        await _lock(connection, consumer_of(projector), account)
        async for page in _pages(connection, account, types, progress):
            fold(projector, rows, page.events)
            count, upto = count + len(page.events), page.upto
        await view.clear(connection, account)
        kept = {key: row for key, row in rows.items() if row is not None}
        await view.store(connection, account, kept)
        await checkpoints.move(connection, consumer_of(projector), account, upto)
    return count


async def rebuild_handler(pool: Pool, handler: Handler, account: Account) -> int:
    """Fold a handler's states again up to its checkpoint; returns events folded.

    It decides nothing: what it said is in the log and is folded at the event that it answered.
    """
    async with pool.session() as connection, connection.transaction():
        upto = await _lock(connection, handler.name, account)
        states, count = States(handler), 0
        said = await _answers(connection, handler, account)
        async for page in _pages(connection, account, sorted(handler.reads)):
            for recorded in page.events:
                if recorded.position > upto or is_own_answer(handler, recorded):
                    continue
                states.remember_anew(recorded)
                for answer in said.get(recorded.position, ()):
                    states.remember_anew(read_again(recorded, answer))
                count += 1
        clear = "delete from gp.handler_state where handler = %s and account = %s"
        await connection.execute(clear, [handler.name, account])
        await store_states(connection, handler, account, states)
    return count


async def _answers(
    connection: Connection, handler: Handler, account: Account
) -> dict[int, list[Recorded[Any]]]:
    said: dict[int, list[Recorded[Any]]] = defaultdict(list)
    types = [tag_of(kind.__name__) for kind in handler.says]
    async for page in _pages(connection, account, types):
        for recorded in page.events:
            if is_own_answer(handler, recorded) and recorded.cause is not None:
                said[recorded.cause].append(recorded)
    return said


async def _lock(connection: Connection, consumer: str, account: Account) -> int:
    after = await checkpoints.lock(connection, consumer, account)
    if after is None:
        raise StoreError(
            f"{consumer} is at work on {account!r}", remedy="try again, or stop the worker first"
        )
    return after


async def _pages(
    connection: Connection,
    account: Account,
    types: list[str],
    progress: Progress | None = None,
) -> AsyncIterator[Page]:
    after = -1
    while True:
        asked = {"account": account, "after": after, "limit": PAGE, "types": types}
        page = await read_page(connection, "read_page", asked)
        after = page.upto
        if progress is not None:
            progress(after)
        yield page
        if len(page.events) < PAGE:
            return
