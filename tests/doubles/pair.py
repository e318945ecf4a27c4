"""A pair: the store double beside PostgreSQL; whatever is asked of both must be answered alike."""

from __future__ import annotations

from typing import Any

from eventstore.store import PostgresStore
from handlers.deciding.slot_opener import slot_opener
from schema.contracts import Command, Lease, Verdict
from schema.errors import AppendRefused
from schema.ids import Account
from tests.doubles.memory_store import MemoryStore
from tests.doubles.moves import Moves

QUEUE = "draft"


class Pair:
    """Two stores with one account each, and what they said last."""

    def __init__(self, real: PostgresStore, double: MemoryStore, account: Account) -> None:
        self.real = real
        self.double = double
        self.account = account
        self.moves = Moves()
        self.leases: tuple[Lease | None, Lease | None] = (None, None)

    async def open(self) -> None:
        """Make both logs."""
        for store in (self.real, self.double):
            await store.open_account(self.account)

    async def append(self, *commands: Command, approver: bool) -> tuple[list[str], list[str]]:
        """Append to both; return what each said, as codes."""
        said = []
        for store in (self.real, self.double):
            try:
                verdicts = await store.append(
                    self.account, commands, actor="someone", approver=approver
                )
                said.append([_said(verdict) for verdict in verdicts])
            except AppendRefused as refused:
                said.append([refused.code])
        clicks = self.double.log(self.account).clicks
        self.moves.clicked = [click.event.target_author for click in clicks]
        return said[0], said[1]

    async def handle(self) -> tuple[int | None, int]:
        """Let a handler read on in both."""
        return (
            await self.real.run_handler(slot_opener, self.account, batch=3),
            await self.double.run_handler(slot_opener, self.account, batch=3),
        )

    async def take(self, lease_s: int) -> tuple[Any, Any]:
        """Take an order in both; message ids may differ."""
        self.leases = (
            await self.real.take(QUEUE, lease_s=lease_s),
            await self.double.take(QUEUE, lease_s=lease_s),
        )
        real, double = self.leases
        return _shown(real), _shown(double)

    async def close(self, command: Command) -> tuple[Any, Any]:
        """Close the last order in both."""
        said: list[Any] = []
        stores: tuple[Any, ...] = (self.real, self.double)
        for store, lease in zip(stores, self.leases, strict=True):
            if lease is None:
                return None, None
            try:
                verdicts = await store.close(lease, [command], actor="someone")
                said.append(verdicts and [verdict.code for verdict in verdicts])
            except AppendRefused as refused:
                said.append(refused.code)
        return said[0], said[1]

    async def extend(self, lease_s: int) -> tuple[Any, Any]:
        """Extend the last lease in both."""
        real, double = self.leases
        if real is None or double is None:
            return None, None
        return (
            await self.real.extend(real, lease_s=lease_s),
            await self.double.extend(double, lease_s=lease_s),
        )

    async def logs(self) -> tuple[list[Any], list[Any]]:
        """Return both logs, without their clocks."""
        pages = [await store.read(self.account) for store in (self.real, self.double)]
        real, double = (
            [
                (r.position, r.event_id, r.type, r.trace, r.cause, r.spends, r.actor, r.event)
                for r in page.events
            ]
            for page in pages
        )
        return real, double


def _said(verdict: Verdict) -> str:
    return verdict.code if verdict.position is None else f"{verdict.code} at {verdict.position}"


def _shown(lease: Lease | None) -> Any:
    return None if lease is None else (lease.queue, lease.reads, lease.position)
