"""Overtaken: what a worker kept on disk may have become another worker's to say."""

from __future__ import annotations

from schema.contracts import Command, Store
from schema.events.posting import ClickNotSent
from schema.ids import Account


async def is_overtaken(store: Store, account: Account, command: Command) -> bool:
    """Say whether this calls an attempt not sent that this worker's was not, or never came.

    Whoever lost the database while arming keeps "not sent" for its own attempt. Had that never
    landed, the order went to another worker, whose attempt has the same id and may be clicked.
    """
    for new in command.events:
        if isinstance(new.event, ClickNotSent) and new.event.worker_id is not None:
            attempt = await store.by_id(account, new.event.spends)
            # without an attempt there is nothing to end, and another worker's may come any moment
            return attempt is None or attempt.event.worker_id != new.event.worker_id
    return False
