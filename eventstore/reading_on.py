"""Reading on together: several processes share one place in a log; an event is one's alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventstore import checkpoints
from eventstore.connection import Pool
from eventstore.reading import read_page
from schema.contracts import Recorded
from schema.ids import Account

BATCH = 200
AT_THE_END = """
insert into gp.checkpoint (consumer, account, "position")
select %s, account, size - 1 from gp.head where account = %s on conflict do nothing
"""


async def begin_at_the_end(pool: Pool, consumer: str, account: Account) -> None:
    """Let a consumer that is new to this log begin with what comes from now on."""
    async with pool.session() as connection:
        await connection.execute(AT_THE_END, [consumer, account])


async def read_on(
    pool: Pool, consumer: str, account: Account, types: Sequence[str]
) -> Sequence[Recorded[Any]]:
    """Return the next events of these types and move past them; none while another is at it.

    At most once: what a process did not do with them before it died, nobody does.
    """
    async with pool.session() as connection:
        if not await checkpoints.has_news(connection, consumer, account):
            return ()
        async with connection.transaction():
            after = await checkpoints.lock(connection, consumer, account)
            if after is None:
                return ()
            asked = {"account": account, "after": after, "limit": BATCH, "types": list(types)}
            page = await read_page(connection, "read_page", asked)
            await checkpoints.pass_over(connection, consumer, account, page.upto)
            return page.events
