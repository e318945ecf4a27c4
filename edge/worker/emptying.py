"""Emptying: what was kept on disk while the database was away goes into the log."""

from __future__ import annotations

from edge.failpoints import at
from edge.performers.contract import World
from edge.performers.overtaken import is_overtaken
from schema.errors import NoSuchAccount


async def empty_spool(world: World) -> None:
    """Append what can be appended; the verdict on it is the law's.

    Raises:
        StoreError: the database is away again; nothing is lost.
    """
    for path, account, command in world.spool.kept():
        try:
            if not await is_overtaken(world.store, account, command):
                await world.store.append(account, [command], actor="spool")
        except NoSuchAccount as error:  # a data directory may outlive its database
            world.spool.leave_lying(path, error)
            continue
        at("spool_appended")
        path.unlink(missing_ok=True)  # a worker beside us may have been faster
