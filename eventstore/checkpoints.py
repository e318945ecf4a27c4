"""How far a consumer has read a log; the row's lock makes it the only one reading on."""

from __future__ import annotations

from eventstore.connection import Connection
from eventstore.reading import no_account
from eventstore.statements import statement
from schema.ids import Account


async def has_news(connection: Connection, consumer: str, account: Account) -> bool:
    """Say whether the log goes beyond the consumer's checkpoint; takes no lock."""
    asked = {"consumer": consumer, "account": account}
    cursor = await connection.execute(statement("has_news"), asked)
    found = await cursor.fetchone()
    if found is None:
        raise no_account(account)
    return bool(found[0])


async def lock(connection: Connection, consumer: str, account: Account) -> int | None:
    """Lock the checkpoint for this transaction; None when another worker holds it."""
    asked = {"consumer": consumer, "account": account}
    for name in ("lock_checkpoint", "make_checkpoint"):
        cursor = await connection.execute(statement(name), asked)
        found = await cursor.fetchone()
        if found is not None:
            return int(found[0])
    return None


async def move(connection: Connection, consumer: str, account: Account, position: int) -> None:
    """Set the checkpoint; the caller holds its lock."""
    asked = {"consumer": consumer, "account": account, "position": position}
    await connection.execute(statement("move_checkpoint"), asked)


async def pass_over(connection: Connection, consumer: str, account: Account, position: int) -> None:
    """Move past events that do not concern the consumer.

    Not worth an fsync of its own: after a crash they are merely passed over again.
    """
    await connection.execute("set local synchronous_commit = off")
    await move(connection, consumer, account, position)
