"""A worker's link to the database: the store's contract, with everything that may go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from schema.contracts import BATCH, Command, Handler, Lease, Page, Projector, Recorded, Verdict
from schema.errors import DatabaseUnreachable
from schema.ids import Account, EventId
from tests.simulation.server import Server, first_type
from tests.simulation.steps import Steps

TELLING_S = (0.1, 2.0)
"""How long a notification takes; what is appended meanwhile comes with it."""

LOST = "the connection was lost"


class Link:
    """Implements `schema.contracts.Store` for one process."""

    def __init__(self, server: Server, steps: Steps) -> None:
        self._server = server
        self._steps = steps
        self._faults = server.faults
        self._seen = -1

    async def _call(self, name: str) -> None:
        """Reach the server, or not."""
        fault = self._faults.at("call")
        if fault == "slow_database":
            await self._steps.pass_time(0.05, 4.0)
        if not self._steps.sure:
            await self._steps.at(name)
        self._server.reachable()
        if fault == "connection_reset":
            raise DatabaseUnreachable(LOST)

    async def accounts(self) -> list[Account]:
        await self._call("accounts")
        return await self._server.accounts()

    async def open_account(self, account: Account) -> None:
        await self._call("open_account")
        await self._server.open_account(account)

    async def heads(self) -> dict[Account, int]:
        self._server.reachable()
        return await self._server.heads()

    async def types(self, account: Account, *, after: int, upto: int) -> frozenset[str]:
        self._server.reachable()
        return await self._server.types(account, after=after, upto=upto)

    async def read(
        self,
        account: Account,
        *,
        after: int = -1,
        limit: int = 1000,
        types: Sequence[str] | None = None,
        trace: UUID | None = None,
    ) -> Page:
        await self._call("read")
        return await self._server.read(account, after=after, limit=limit, types=types, trace=trace)

    async def event(self, account: Account, position: int) -> Recorded[Any]:
        await self._call("event")
        return await self._server.event(account, position)

    async def by_id(self, account: Account, event_id: EventId) -> Recorded[Any] | None:
        await self._call("by_id")
        return await self._server.by_id(account, event_id)

    async def leaves(self, account: Account, *, after: int, limit: int) -> list[bytes]:
        await self._call("leaves")
        return await self._server.leaves(account, after=after, limit=limit)

    async def append(
        self, account: Account, commands: Sequence[Command], *, actor: str, approver: bool = False
    ) -> list[Verdict]:
        step = f"append {first_type(commands)}"
        await self._call(step)
        fault = self._faults.at("append")
        if fault is not None:
            await self._fail(fault, account, commands, actor, approver)
        verdicts = self._server.append_now(account, commands, actor=actor, approver=approver)
        if not self._steps.sure:
            await self._steps.at(f"{step}, committed")
        self._server.mark_acknowledged(commands, verdicts, self._steps.process)
        return verdicts

    async def _fail(
        self,
        fault: str,
        account: Account,
        commands: Sequence[Command],
        actor: str,
        approver: bool,
    ) -> None:
        server = self._server
        server.mark_unacknowledged(commands, self._steps.process)

        def land() -> None:
            server.append_now(account, commands, actor=actor, approver=approver)

        if fault == "append_ack_lost":
            land()
        elif fault == "append_lands_late":
            asyncio.get_running_loop().call_later(
                self._steps.between(0.1, 30.0), land, context=self._steps.nobody
            )
        await self._steps.pass_time(0.01, 5.0)
        raise DatabaseUnreachable(LOST)

    # ---- the moving parts

    async def run_handler(
        self, handler: Handler, account: Account, *, batch: int = BATCH
    ) -> int | None:
        server = self._server
        server.reachable()
        log = server.log(account)
        if server.folds.checkpoints.get((handler.name, account), -1) == len(log.rows) - 1:
            return 0  # nothing is new for most handlers most of the time
        dropped: frozenset[int] = frozenset()
        while True:
            made = server.folds.consume(handler, log, batch, dropped)
            if made is None:
                return 0
            if not server.lock(handler.name, account, self._steps.process):
                return None
            if not made.said:  # nothing can strike what says nothing
                server.unlock(handler.name, account, self._steps.process)
                server.folds.keep(made)
                return made.consumed
            try:
                fault = await self._in_transaction(handler.name)
                refused = server.keep(made)
            finally:
                server.unlock(handler.name, account, self._steps.process)
            if not refused:
                break
            dropped |= refused
        if fault == "handler_ack_lost":
            raise DatabaseUnreachable(LOST)
        return made.consumed

    async def _in_transaction(self, name: str) -> str | None:
        """Let others go on between what a handler read and its commit; say what strikes it."""
        fault = self._faults.at("handler")
        if fault == "handler_slow":
            await self._steps.pass_time(0.01, 3.0)
        await self._steps.at(f"commit of {name}")
        self._server.reachable()
        if fault == "handler_aborted":
            raise DatabaseUnreachable(LOST)
        return fault

    async def run_projector(self, projector: Projector[Any], account: Account) -> int:
        server = self._server
        server.reachable()
        log = server.log(account)
        if server.views.checkpoints.get((projector.name, account), -1) == len(log.rows) - 1:
            return 0
        return server.views.run(projector, log)

    async def view_count(
        self, projector: Projector[Any], account: Account, column: str, value: str
    ) -> int:
        await self._call("view_count")
        return await self._server.view_count(projector, account, column, value)

    async def lag(self, account: Account) -> dict[str, int]:
        await self._call("lag")
        return await self._server.lag(account)

    async def backlog(self) -> dict[str, int]:
        await self._call("backlog")
        return await self._server.backlog()

    # ---- orders

    async def take(self, queue: str, *, lease_s: int) -> Lease | None:
        server = self._server
        server.reachable()
        if not server.queues.waiting[queue]:
            return None
        if self._faults.strikes("message_early"):
            server.hurry(queue)
        lease = await server.take(queue, lease_s=lease_s)
        if lease is not None:
            await self._steps.at(f"took {queue}")
        return lease

    async def extend(self, lease: Lease, *, lease_s: int) -> bool:
        await self._call("extend")
        return await self._server.extend(lease, lease_s=lease_s)

    async def close(
        self, lease: Lease, commands: Sequence[Command], *, actor: str
    ) -> list[Verdict] | None:
        step = f"close {lease.queue}"
        await self._call(step)
        fault = self._faults.at("close")
        if fault == "close_aborted":
            raise DatabaseUnreachable(LOST)
        verdicts = await self._server.close(lease, commands, actor=actor)
        await self._steps.at(f"{step}, committed")
        if fault == "close_ack_lost":
            raise DatabaseUnreachable(LOST)
        return verdicts

    async def park(self, lease: Lease, *, last_error: str, actor: str) -> None:
        await self._call("park")
        await self._server.park(lease, last_error=last_error, actor=actor)

    async def wait(self, *, timeout_s: float) -> None:
        """Return at once when something came since the last time, as a listener does."""
        if self._faults.strikes("wakeup_lost"):
            await self._steps.pass_time(timeout_s, timeout_s)
        self._server.reachable()
        await self._server.news_after(self._seen, timeout_s)
        await self._steps.pass_time(*TELLING_S)
        self._seen = self._server.news
        self._server.reachable()
