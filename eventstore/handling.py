"""Running a handler: states, answers and checkpoint of a batch in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
import structlog

from eventstore import checkpoints
from eventstore.calls import prepare
from eventstore.connection import Connection, Pool
from eventstore.folding import StateKey, States, answers_to, as_recorded, is_own_answer
from eventstore.reading import read_page
from eventstore.sending import send
from eventstore.statements import statement
from eventstore.translating import refusal_of, sent_wrong
from schema.contracts import Command, Handler, Page, Recorded
from schema.ids import Account

_log = structlog.get_logger(__name__)


class Refused(Exception):
    """Answers that the log refused: the batch is rolled back and runs again without them."""

    def __init__(self, causes: dict[int, str]) -> None:
        super().__init__(causes)
        self.causes = causes


@dataclass
class Batch:
    """One handler's run over one stretch of one log. `dropped` are causes left unanswered."""

    connection: Connection
    handler: Handler
    account: Account
    limit: int
    dropped: set[int] = field(default_factory=set)

    async def run(self) -> int | None:
        """Consume one batch, as `run_handler` says. Runs inside the caller's transaction."""
        after = await checkpoints.lock(self.connection, self.handler.name, self.account)
        if after is None:
            return None
        page = await read_page(self.connection, "read_page", self._asked(after))
        heeded = [e for e in page.events if not self.handler.passes_over(e.event)]
        if not heeded:
            return await self._pass_over(page, after)
        states = States(self.handler)
        await self._load(states, {k for e in heeded for k in states.keys_of(e.event)})
        said = [(e.position, c) for e in heeded if (c := await self._consume(states, e))]
        await self._store(states)
        await checkpoints.move(self.connection, self.handler.name, self.account, page.upto)
        await self._say(said)
        return len(page.events)

    async def _pass_over(self, page: Page, after: int) -> int:
        """Move past what is none of the handler's business; only a full page has more behind it."""
        if page.upto > after:
            consumer = self.handler.name
            await checkpoints.pass_over(self.connection, consumer, self.account, page.upto)
        return len(page.events) if len(page.events) >= self.limit else 0

    def _asked(self, after: int) -> dict[str, Any]:
        names = sorted(self.handler.reads)
        return {"account": self.account, "after": after, "limit": self.limit, "types": names}

    async def _consume(self, states: States, recorded: Recorded[Any]) -> Command | None:
        if is_own_answer(self.handler, recorded):
            return None
        command = None
        if recorded.position not in self.dropped:
            command = answers_to(self.handler, states, recorded)
        states.remember(recorded)
        if command is not None:
            answers = [as_recorded(self.handler, recorded, new) for new in command.events]
            await self._load(states, {k for a in answers for k in states.keys_of(a.event)})
            for answer in answers:
                states.remember(answer)
        return command

    async def _load(self, states: States, keys: Iterable[StateKey]) -> None:
        missing = sorted(key for key in keys if key not in states.known)
        if not missing:
            return
        cursor = await self.connection.execute(
            statement("load_states"),
            {
                "handler": self.handler.name,
                "account": self.account,
                "folds": [name for name, _ in missing],
                "keys": [key for _, key in missing],
            },
        )
        states.load(await cursor.fetchall(), missing)

    async def _store(self, states: States) -> None:
        await store_states(self.connection, self.handler, self.account, states)

    async def _say(self, said: list[tuple[int, Command]]) -> None:
        # last in the transaction: the log's lock is held from here to the commit
        if not said:
            return
        prepared = prepare([command for _, command in said], self.handler.name)
        try:
            verdicts = await send(
                self.connection, self.account, prepared, approver=self.handler.approver
            )
        except psycopg.Error as error:
            verdict = refusal_of(error)
            if verdict is None or len(said) > 1:
                raise
            verdicts = [verdict]
        refused = {
            position: f"{verdict.code} {verdict.reason}"
            for (position, _), verdict in zip(said, verdicts, strict=True)
            if not verdict.stands
        }
        if refused:
            raise Refused(refused)


async def run_handler(
    pool: Pool, handler: Handler, account: Account, *, limit: int, refusals: Counter[str]
) -> int | None:
    """Let the handler consume one batch; returns events consumed, None if another is at it.

    Answers that the log refuses are dropped, with a warning, and the batch runs again; their
    codes are counted in `refusals`.
    """
    async with pool.session() as connection:
        if not await checkpoints.has_news(connection, handler.name, account):
            return 0
        batch = Batch(connection, handler, account, limit)
        try:
            return await _run(batch, refusals)
        except psycopg.Error as error:
            if not sent_wrong(error) or limit == 1:
                raise
        return await _run_one_by_one(batch, refusals)


async def _run(batch: Batch, refusals: Counter[str]) -> int | None:
    while True:
        try:
            async with batch.connection.transaction():
                return await batch.run()
        except Refused as refused:
            batch.dropped |= set(refused.causes)
            refusals.update(cause.split(" ", 1)[0] for cause in refused.causes.values())
            _log.warning(
                "answers_refused",
                handler=batch.handler.name,
                account=batch.account,
                causes=refused.causes,
            )


async def _run_one_by_one(batch: Batch, refusals: Counter[str]) -> int | None:
    """Consume as many events as the batch has, each in a transaction of its own.

    A constraint does not say whose answer it refuses: so it is found.
    """
    one, consumed = replace(batch, limit=1), 0
    while consumed < batch.limit:
        came = await _run(one, refusals)
        if not came:
            return came if came is None else consumed
        consumed += came
    return consumed


async def store_states(
    connection: Connection, handler: Handler, account: Account, states: States
) -> None:
    """Write the states that changed; the initial state has no row."""
    rows = states.to_store()
    kept = [row for row in rows if row[2] is not None]
    gone = [row for row in rows if row[2] is None]
    for name, some in (("store_states", kept), ("drop_states", gone)):
        if some:
            asked: dict[str, Any] = {
                "handler": handler.name,
                "account": account,
                "folds": [fold for fold, _, _ in some],
                "keys": [key for _, key, _ in some],
            }
            if name == "store_states":
                asked["states"] = [state for _, _, state in some]
            await connection.execute(statement(name), asked)
