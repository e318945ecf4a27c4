"""Open the log for one command, and close it again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from edge.cli.progress import progress
from edge.database.opening import open_log, open_store, place_of, refuse_absent
from edge.settings.layers import read_layers

if TYPE_CHECKING:
    from eventstore.log_reading import LogReader
    from eventstore.store import PostgresStore

Answer = TypeVar("Answer")


def asked(answer: Coroutine[Any, Any, Answer], *, endless: bool = False) -> Answer:
    """Run a command's asynchronous part to its end; `endless` ones show no waiting."""
    return asyncio.run(answer if endless else _patiently(answer))


async def _patiently(answer: Coroutine[Any, Any, Answer]) -> Answer:
    waiting = asyncio.create_task(progress.show())
    try:
        return await answer
    finally:
        waiting.cancel()


@asynccontextmanager
async def reading() -> AsyncIterator[LogReader]:
    """Open the log of the settings' database, for a command that reads.

    Only the database's part of the settings is looked at, so that a wrong setting elsewhere
    stands in no incident's way, and a short command stays short.
    """
    place = place_of(read_layers())
    refuse_absent(place)
    async with open_log(place) as log:
        yield log


@asynccontextmanager
async def acting(*, begins: bool = False) -> AsyncIterator[PostgresStore]:
    """Open the whole store, for a command that appends or rebuilds.

    One that `begins` may be the first in its directory, and makes the embedded database.
    """
    place = place_of(read_layers())
    if not begins:
        refuse_absent(place)
    async with open_store(place) as store:
        yield store
