"""The table of a read model: rows in, rows out, by the projector's own row type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from psycopg import sql

from eventstore.connection import Connection
from schema.contracts import Projector
from schema.ids import Account

ROWS = "select jsonb_agg(to_jsonb(v) - 'account' order by v.{keyed})::text from {view} v where "
OF_ACCOUNT = "account = %(account)s"
OF_KEYS = "account || '' = %(account)s and v.{keyed}::text = any(%(keys)s::text[])"
"""|| '' keeps the account out of index conditions: a table that nobody has analysed yet would be
read whole instead of by its keys."""

_encoder = msgspec.json.Encoder()


class View:
    """The table `gp.view_<name>` of one projector."""

    def __init__(self, projector: Projector[Any]) -> None:
        self._columns = ["account", *(f.name for f in msgspec.structs.fields(projector.row))]
        self._keyed = projector.keyed
        self._names = {
            "view": sql.Identifier("gp", f"view_{projector.name}"),
            "keyed": sql.Identifier(projector.keyed),
            "columns": sql.SQL(", ").join(map(sql.Identifier, self._columns)),
            "changes": sql.SQL(", ").join(
                sql.SQL("{0} = excluded.{0}").format(sql.Identifier(c)) for c in self._columns
            ),
        }
        self._rows = msgspec.json.Decoder(list[projector.row])  # type: ignore[name-defined]

    async def load(
        self, connection: Connection, account: Account, keys: list[str] | None = None
    ) -> dict[str, Any]:
        """Return key -> row for these keys, or for all, in the order of the keys."""
        query = ROWS + (OF_ACCOUNT if keys is None else OF_KEYS)
        asked = {"account": account, "keys": keys}
        cursor = await connection.execute(self._sql(query), asked)
        (text,) = await cursor.fetchone() or (None,)
        rows = self._rows.decode(text) if text else []
        return {str(getattr(row, self._keyed)): row for row in rows}

    async def count(self, connection: Connection, account: Account, column: str, value: str) -> int:
        """Return how many of the account's rows have this value in this column."""
        query = sql.SQL("select count(*) from {view} where account = %s and {column} = %s").format(
            view=self._names["view"], column=sql.Identifier(column)
        )
        cursor = await connection.execute(query, [account, value])
        (found,) = await cursor.fetchone() or (0,)
        return int(found)

    async def store(
        self, connection: Connection, account: Account, rows: Mapping[str, Any]
    ) -> None:
        """Write rows by key; None removes the row."""
        if gone := [key for key, row in rows.items() if row is None]:
            query = "delete from {view} where account = %s and {keyed}::text = any(%s::text[])"
            await connection.execute(self._sql(query), [account, gone])
        kept = [row for row in rows.values() if row is not None]
        if kept:
            query = (
                "insert into {view} ({columns}) select {columns}"
                " from jsonb_populate_recordset(null::{view}, %s::text::jsonb)"
                " on conflict (account, {keyed}) do update set {changes}"
            )
            await connection.execute(self._sql(query), [self._encoded(account, kept)])

    async def clear(self, connection: Connection, account: Account) -> None:
        """Delete the account's rows."""
        await connection.execute(self._sql("delete from {view} where account = %s"), [account])

    def _sql(self, text: str) -> sql.Composed:
        return sql.SQL(text).format(**self._names)

    def _encoded(self, account: Account, rows: Iterable[Any]) -> str:
        lines = [{"account": account, **msgspec.structs.asdict(row)} for row in rows]
        return _encoder.encode(lines).decode()
