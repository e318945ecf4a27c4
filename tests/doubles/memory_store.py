"""A test double of the event store: the same contract and law, in memory, on a test's clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from eventstore.leasing import PARKED, READS_MAX
from eventstore.rebuilding import Progress
from schema.catalogue import ROUTES
from schema.contracts import (
    BATCH,
    Command,
    Handler,
    Lease,
    NewEvent,
    Page,
    Projector,
    Recorded,
    Verdict,
)
from schema.errors import NoSuchAccount, StoreError
from schema.events.operations import MessageParked
from schema.ids import Account, EventId, derive
from tests.doubles.memory_law import check_role, crowded, known, refusal, stale, unfit
from tests.doubles.memory_leaf import memory_leaf
from tests.doubles.memory_log import MemoryLog
from tests.doubles.memory_parts import Batch, Folds, Views
from tests.doubles.memory_queues import MemoryQueues

QUEUES = sorted(set(ROUTES.values()))
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


class MemoryStore:
    """A store that forgets everything when the test ends. `now` is the database's clock."""

    def __init__(self, now: Callable[[], datetime] = lambda: NOON) -> None:
        self.now = now
        self.logs: dict[Account, MemoryLog] = {}
        self.queues = MemoryQueues()
        self.folds = Folds()
        self.views = Views()
        self.news, self._seen = 0, 0
        self._listening: list[asyncio.Future[None]] = []

    def log(self, account: Account) -> MemoryLog:
        """Return the account's log."""
        try:
            return self.logs[account]
        except KeyError:
            message = f"no account {account!r}"
            raise NoSuchAccount(message, remedy="`ghostproof where` lists them") from None

    async def accounts(self) -> list[Account]:
        return sorted(self.logs)

    async def open_account(self, account: Account) -> None:
        self.logs.setdefault(account, MemoryLog(account))

    async def heads(self) -> dict[Account, int]:
        return {account: len(log.rows) for account, log in self.logs.items()}

    async def types(self, account: Account, *, after: int, upto: int) -> frozenset[str]:
        return frozenset(row.type for row in self.log(account).rows[after + 1 : upto + 1])

    # ---- in

    async def append(
        self, account: Account, commands: Sequence[Command], *, actor: str, approver: bool = False
    ) -> list[Verdict]:
        return self.append_now(account, commands, actor=actor, approver=approver)

    def append_now(
        self, account: Account, commands: Sequence[Command], *, actor: str, approver: bool = False
    ) -> list[Verdict]:
        """Append without waiting: nothing else can come between."""
        log = self.log(account)
        events = [new for command in commands for new in command.events]
        check_role(events, approver=approver)
        return [self._command(log, command, actor) for command in commands]

    def _command(self, log: MemoryLog, command: Command, actor: str) -> Verdict:
        at, size = log.moment(self.now()), len(log.rows)
        why = known(log, command) or stale(log, command)
        if why == "same":
            return Verdict("same", log.by_id[command.events[0].event_id].position)
        why = why or self._events(log, command, at, actor)
        if why:
            if len(log.rows) > size:
                self._undo(log, size)
            code, _, reason = why.partition(" ")
            return Verdict(code, None, reason)
        self._send(log.rows[size:])
        return Verdict("ok", size)

    def _events(self, log: MemoryLog, command: Command, at: datetime, actor: str) -> str:
        """Write what may stand; returns why it may not, the law's reason before a constraint's."""
        late = ""
        for new in command.events:
            if why := refusal(log, new, at) or crowded(command, new):
                return why
            late = late or unfit(log, new)
            log.write(new, at, actor)
        return late

    def _undo(self, log: MemoryLog, size: int) -> None:
        kept = MemoryLog(log.account)
        for row, body in zip(log.rows[:size], log.bodies[:size], strict=True):
            kept.remember(row, body)
        vars(log).update(vars(kept))

    def _send(self, rows: Sequence[Recorded[Any]]) -> None:
        for row in rows:
            if row.type in ROUTES:
                self.queues.send(ROUTES[row.type], row.account, row.position)
        self.news += 1
        listening, self._listening = self._listening, []
        for woken in listening:
            _wake(woken)

    # ---- out

    async def read(
        self,
        account: Account,
        *,
        after: int = -1,
        limit: int = 1000,
        types: Sequence[str] | None = None,
        trace: UUID | None = None,
    ) -> Page:
        log = self.log(account)
        fitting = log.behind(after, types) if trace is None else log.of(trace, after, types)
        end = max(after, len(log.rows) - 1)
        upto = fitting[limit - 1].position if len(fitting) >= limit else end
        return Page(fitting[:limit], upto)

    async def event(self, account: Account, position: int) -> Recorded[Any]:
        rows = self.log(account).rows
        if not 0 <= position < len(rows):
            raise StoreError(f"no position {position} in the log of {account}")
        return rows[position]

    async def by_id(self, account: Account, event_id: EventId) -> Recorded[Any] | None:
        return self.log(account).by_id.get(event_id)

    async def leaves(self, account: Account, *, after: int, limit: int) -> list[bytes]:
        log = self.log(account)
        rows = log.rows[after + 1 : after + 1 + limit]
        return [memory_leaf(row, log) for row in rows]

    async def wait(self, *, timeout_s: float) -> None:
        self._seen = await self.news_after(self._seen, timeout_s)

    async def news_after(self, seen: int, timeout_s: float) -> int:
        """Return the number of the newest append as soon as it is above `seen`, or time is up."""
        if self.news == seen:
            woken = asyncio.get_running_loop().create_future()
            timer = asyncio.get_running_loop().call_later(timeout_s, _wake, woken)
            self._listening.append(woken)
            await woken
            timer.cancel()
        return self.news

    # ---- the moving parts

    async def run_handler(self, handler: Handler, account: Account, *, batch: int = BATCH) -> int:
        dropped: frozenset[int] = frozenset()
        while (made := self.folds.consume(handler, self.log(account), batch, dropped)) is not None:
            refused = self.keep(made)
            if not refused:
                return made.consumed
            dropped |= refused
        return 0

    def keep(self, batch: Batch) -> frozenset[int]:
        """Commit a handler's batch; or nothing of it, and return the causes of what was refused."""
        handler, log = batch.states.handler, self.log(batch.place[1])
        size, sent = len(log.rows), self.queues.mark()
        refused = set()
        for cause, command in batch.said:
            verdict = self.append_now(
                log.account, [command], actor=handler.name, approver=handler.approver
            )[0]
            if not verdict.stands:
                refused.add(cause)
        if refused:
            self._undo(log, size)
            self.queues.back_to(sent)
        else:
            self.folds.keep(batch)
        return frozenset(refused)

    async def run_projector(self, projector: Projector[Any], account: Account) -> int:
        return self.views.run(projector, self.log(account))

    async def view_rows(self, projector: Projector[Any], account: Account) -> list[Any]:
        """Return the rows of a read model as far as it has come."""
        rows = self.views.rows[projector.name, account]
        return [rows[key] for key in sorted(rows)]

    async def view_count(
        self, projector: Projector[Any], account: Account, column: str, value: str
    ) -> int:
        rows = await self.view_rows(projector, account)
        return sum(getattr(row, column) == value for row in rows)

    async def rebuild_view(
        self, projector: Projector[Any], account: Account, *, progress: Progress | None = None
    ) -> int:
        """Fold a view's rows again; returns events folded."""
        folded = self.views.rebuild(projector, self.log(account))
        if progress is not None:
            progress(len(self.log(account).rows) - 1)
        return folded

    async def view_snapshot(
        self, projector: Projector[Any], account: Account
    ) -> tuple[int, dict[str, Any]]:
        """Return the last position folded and the rows by key."""
        place = (projector.name, account)
        return self.views.checkpoints.get(place, -1), dict(self.views.rows[place])

    async def lag(self, account: Account) -> dict[str, int]:
        head = len(self.log(account).rows)
        reached = {name: at for (name, of), at in self.folds.checkpoints.items() if of == account}
        views = {f"view_{n}": at for (n, of), at in self.views.checkpoints.items() if of == account}
        return {name: head - 1 - at for name, at in sorted((reached | views).items())}

    async def backlog(self) -> dict[str, int]:
        return {queue: len(self.queues.waiting[queue]) for queue in QUEUES}

    # ---- orders

    async def restore(
        self, account: Account, orders: Sequence[tuple[str, int]], *, size: int
    ) -> dict[str, int] | None:
        """Send the orders that have no message; None when the log has another size by now."""
        if len(self.log(account).rows) != size:
            return None
        sent: dict[str, int] = {}
        for queue, position in orders:
            if not self.queues.holds(queue, account, position):
                self.queues.send(queue, account, position)
                sent[queue] = sent.get(queue, 0) + 1
        return sent

    async def take(self, queue: str, *, lease_s: int) -> Lease | None:
        while (lease := self.queues.take(queue, self.now(), lease_s)) is not None:
            if lease.reads <= READS_MAX:
                return lease
            await self.park(lease, last_error=PARKED.format(lease.reads - 1), actor="queue")
        return None

    async def extend(self, lease: Lease, *, lease_s: int) -> bool:
        message = self.queues.held(lease)
        if message is None:
            return False
        message.visible_at = self.now() + timedelta(seconds=lease_s)
        return True

    async def close(
        self, lease: Lease, commands: Sequence[Command], *, actor: str
    ) -> list[Verdict] | None:
        message = self.queues.held(lease)
        if message is None:
            return None
        verdicts = [
            self.append_now(lease.account, [command], actor=actor)[0] for command in commands
        ]
        self.queues.finish(lease, message)
        return verdicts

    async def park(self, lease: Lease, *, last_error: str, actor: str) -> None:
        message = self.queues.held(lease)
        if message is None:
            return
        order = self.log(lease.account).rows[lease.position]
        parked = MessageParked(
            queue=lease.queue,
            message_id=lease.message_id,
            order_position=lease.position,
            reads=lease.reads,
            last_error=last_error,
        )
        event_id = EventId(derive(order.event_id, f"parked:{lease.queue}", lease.message_id))
        command = Command((NewEvent(event_id, parked, cause=order.event_id),))
        self.append_now(lease.account, [command], actor=actor)
        self.queues.finish(lease, message)
        self.queues.archived.append(message)


def _wake(woken: asyncio.Future[None]) -> None:
    if not woken.done():
        woken.set_result(None)
