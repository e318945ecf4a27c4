"""Vital signs: how a whole installation stands, in a few cheap queries over one connection."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import psycopg

from eventstore.connection import Connection, check_version, connected
from eventstore.migrations import REMEDY
from eventstore.standing import queues
from eventstore.statements import statement
from eventstore.translating import place, translated
from schema.contracts import Standing
from schema.errors import SchemaBehind
from schema.events.money import CIRCUIT
from schema.ids import Account

Answer = TypeVar("Answer")

STATEMENT_S = 4
STRETCH = 20_000
"""Events counted by one query, which takes about 100 ms."""


@dataclass(frozen=True)
class Head:
    """One account's log: events, seconds since the last one, who holds posting."""

    size: int
    age_s: float | None
    stops: tuple[str, ...]


@dataclass(frozen=True)
class Signs:
    """One look. `lag` is by (account, consumer), `counts` by (what, account, state).

    `rollups` are the latest proof rollups, field by field.
    """

    heads: dict[Account, Head]
    lag: dict[tuple[Account, str], int]
    counts: dict[tuple[str, Account, str], int]
    circuits: dict[Account, bool]
    queues: list[Standing]
    rollups: dict[Account, dict[str, Any]]


@dataclass(frozen=True)
class Tallied:
    """Events of one type and facet in a stretch; the sums are those of calls to the model."""

    type: str
    facet: tuple[str, ...]
    count: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal


class VitalSigns:
    """Asks over a connection that cannot write. Every method may raise `StoreError`."""

    def __init__(self, connection: Connection, url: str) -> None:
        self._connection = connection
        self._url = url

    async def signs(self) -> Signs:
        """Return how everything stands now."""
        heads = await self._rows("vital_heads")
        lag = await self._rows("vital_lag")
        counts = await self._rows("vital_counts")
        circuits = await self._rows("vital_circuits", {"circuit": CIRCUIT})
        rollups = await self._rows("vital_rollups")
        return Signs(
            heads={Account(name): Head(size, age_s, tuple(by)) for name, size, age_s, by in heads},
            lag={(Account(account), consumer): n for account, consumer, n in lag},
            counts={(what, Account(account), state): n for what, account, state, n in counts},
            circuits={Account(account): is_open for account, is_open in circuits},
            queues=await self._asked(queues(self._connection)),
            rollups={Account(account): rollup for account, rollup in rollups},
        )

    async def tally(self, account: Account, after: int, upto: int) -> list[Tallied]:
        """Count the events with a position above `after`, up to and with `upto`.

        At most `STRETCH` of them: a longer stretch is counted in several calls.
        """
        asked = {"account": account, "after": after, "upto": min(upto, after + STRETCH)}
        rows = await self._rows("tally", asked)
        return [Tallied(kind, _facet(facet), *numbers) for kind, facet, *numbers in rows]

    async def _rows(self, name: str, asked: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        async def fetched() -> list[tuple[Any, ...]]:
            cursor = await self._connection.execute(statement(name), asked)
            return await cursor.fetchall()

        return await self._asked(fetched())

    async def _asked(self, answer: Awaitable[Answer]) -> Answer:
        try:
            return await answer
        except psycopg.errors.UndefinedTable:
            message = f"{place(self._url)} has no log yet, or not this build's read models"
            raise SchemaBehind(message, remedy=REMEDY) from None
        except psycopg.Error as error:
            raise translated(error, self._url) from error


@asynccontextmanager
async def vital_signs(url: str) -> AsyncIterator[VitalSigns]:
    """Connect for looking.

    Raises:
        DatabaseUnreachable: the server is away.
        DatabaseTooOld: it is older than PostgreSQL 15.
    """
    async with connected(url, application_name="ghostproof health") as connection:
        check_version(connection)
        await connection.execute("set default_transaction_read_only = on")
        await connection.execute(f"set statement_timeout = '{STATEMENT_S}s'")
        yield VitalSigns(connection, url)


def _facet(said: Iterable[str | None] | None) -> tuple[str, ...]:
    return tuple(one or "" for one in said or ())
