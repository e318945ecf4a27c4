"""Restoring an account's orders: read the log, then send what is missing, unless it grew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from replay.open_orders import open_orders, read_on
from schema.errors import StoreError
from schema.ids import Account

if TYPE_CHECKING:
    from eventstore.store import PostgresStore

TRIES_MAX = 50
"""A busy account appends some events a second, and a look at what is new takes milliseconds."""


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders are open in an account, and how many of them were sent again, by queue."""

    account: Account
    open: int
    sent: dict[str, int]


async def restored_in(store: PostgresStore, account: Account) -> Restored:
    """Send the account's open orders that have no message.

    Raises:
        StoreError: the log grew during each of many looks.
    """
    orders = await open_orders(store, account)
    for _ in range(TRIES_MAX):
        missing = orders.to_restore()
        sent = await store.restore(account, missing, size=orders.upto + 1)
        if sent is not None:
            return Restored(account=account, open=len(missing), sent=sent)
        await read_on(store, orders)
    raise StoreError(
        f"the log of {account} grows too fast to rebuild its queues",
        remedy="run it again, or stop the workers for a moment",
    )
