"""Sending a call to the append function, on a connection and perhaps in a transaction."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from eventstore.calls import Prepared, parameters
from eventstore.connection import Connection
from eventstore.statements import statement
from eventstore.translating import refusal_of
from schema.contracts import Verdict


async def send(
    connection: Connection, account: str, commands: Sequence[Prepared], *, approver: bool
) -> list[Verdict]:
    """Send one call; a verdict per command. A constraint that raises is left to the caller."""
    query = statement("append_as_approver" if approver else "append")
    cursor = await connection.execute(query, parameters(account, commands))
    return [
        Verdict(code, position, reason) for _, position, code, reason in await cursor.fetchall()
    ]


async def send_each(
    connection: Connection, account: str, commands: Sequence[Prepared], *, approver: bool
) -> list[Verdict]:
    """Send the commands in few calls: one, or each by itself when the whole call is refused.

    Inside a transaction each refused call is rolled back to a savepoint.
    """
    verdicts: list[Verdict] = []
    for together in split(commands):
        try:
            async with connection.transaction():
                verdicts += await send(connection, account, together, approver=approver)
        except psycopg.Error as error:
            verdict = refusal_of(error)
            if verdict is None:
                raise
            if len(together) == 1:
                verdicts.append(verdict)
                continue
            for command in together:
                verdicts += await send_each(connection, account, [command], approver=approver)
    return verdicts


def split(commands: Sequence[Prepared]) -> list[list[Prepared]]:
    """Cut commands into calls, so that a click attempt comes alone in its call."""
    calls: list[list[Prepared]] = []
    for command in commands:
        if calls and not command.clicks and not calls[-1][-1].clicks:
            calls[-1].append(command)
        else:
            calls.append([command])
    return calls
