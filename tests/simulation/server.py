"""The database server of a simulation: the store double, and the harm done to it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from hashlib import sha256

from schema.catalogue import ROUTES, type_of
from schema.contracts import Command, Verdict
from schema.errors import DatabaseUnreachable
from schema.ids import Account, EventId
from tests.doubles.memory_parts import Batch
from tests.doubles.memory_store import MemoryStore
from tests.simulation.clocks import DatabaseClock
from tests.simulation.faults import Faults
from tests.simulation.process import Process


class Server(MemoryStore):
    """One PostgreSQL that every simulated worker talks to.

    `unacknowledged` are click attempts whose client was told of no commit; `landed` is the true
    time of each event, by position.
    """

    def __init__(self, clock: DatabaseClock, faults: Faults) -> None:
        super().__init__(clock.now)
        self.clock = clock
        self.faults = faults
        self.away = False
        self.locks: dict[tuple[str, Account], Process] = {}
        self.unacknowledged: set[tuple[EventId, Process]] = set()
        self.on_arming: Callable[[], None] = lambda: None
        self._leaves: dict[Account, list[bytes]] = defaultdict(list)
        self.landed: dict[Account, list[float]] = defaultdict(list)

    def reachable(self) -> None:
        """Raise while the server is away."""
        if self.away:
            raise DatabaseUnreachable("the database is away")

    def forget(self) -> None:
        """Drop all that is large: nobody asks any more."""
        for held in (self.logs, self.queues.waiting, self.folds.states, self.views.rows):
            held.clear()

    async def leaves(self, account: Account, *, after: int, limit: int) -> list[bytes]:
        """Return what stands for leaves here."""
        bodies, leaves = self.log(account).bodies, self._leaves[account]
        leaves.extend(leaf_of(body) for body in bodies[len(leaves) :])
        return leaves[after + 1 : after + 1 + limit]

    def append_now(
        self, account: Account, commands: Sequence[Command], *, actor: str, approver: bool = False
    ) -> list[Verdict]:
        verdicts = super().append_now(account, commands, actor=actor, approver=approver)
        landed, size = self.landed[account], len(self.log(account).rows)
        now = asyncio.get_running_loop().time()
        landed.extend(now for _ in range(size - len(landed)))
        stopping = self.faults.rates.get("stop_at_arming")
        for command, verdict in zip(commands, verdicts, strict=True):
            if verdict.code == "ok":
                self._strike_messages(command)
                if stopping and attempts_in([command]) and self.faults.strikes("stop_at_arming"):
                    self.on_arming()
        return verdicts

    def keep(self, batch: Batch) -> frozenset[int]:
        refused = super().keep(batch)
        del self.landed[batch.place[1]][len(self.log(batch.place[1]).rows) :]
        return refused

    def _strike_messages(self, command: Command) -> None:
        """Double or lose the messages of orders; a queue may do both."""
        for new in command.events:
            queue = ROUTES.get(type_of(new.event))
            fault = self.faults.at("send") if queue else None
            if queue is None or fault is None:
                continue
            sent = self.queues.waiting[queue][-1]
            if fault == "message_doubled":
                self.queues.send(queue, sent.account, sent.position)
            else:
                self.queues.waiting[queue].pop()

    def hurry(self, queue: str) -> None:
        """Let the oldest leased message of a queue be taken before its lease is over."""
        for message in self.queues.waiting[queue]:
            if message.visible_at is not None and message.visible_at > self.now():
                message.visible_at = self.now()
                return

    def mark_unacknowledged(self, commands: Sequence[Command], process: Process) -> None:
        """Remember the click attempts of a call that this client never saw acknowledged."""
        self.unacknowledged |= {(attempt, process) for attempt in attempts_in(commands)}

    def mark_acknowledged(
        self, commands: Sequence[Command], verdicts: Sequence[Verdict], process: Process
    ) -> None:
        """Forget those that it made again and saw acknowledged then."""
        if self.unacknowledged and verdicts and verdicts[0].code == "ok":
            self.unacknowledged -= {(attempt, process) for attempt in attempts_in(commands)}

    def lock(self, name: str, account: Account, process: Process) -> bool:
        """Take a consumer's checkpoint lock; a dead process's connection holds none."""
        holder = self.locks.get((name, account))
        if holder is not None and holder is not process and not holder.dead:
            return False
        self.locks[name, account] = process
        return True

    def unlock(self, name: str, account: Account, process: Process) -> None:
        """Give a checkpoint lock back."""
        if self.locks.get((name, account)) is process:
            del self.locks[name, account]


def leaf_of(body: bytes) -> bytes:
    """Hash a row's body alone: as good as a leaf to a tree, and made in no time."""
    return sha256(body).digest()


def attempts_in(commands: Sequence[Command]) -> set[EventId]:
    """Return the ids of the click attempts among these events."""
    return {
        new.event_id
        for command in commands
        for new in command.events
        if type_of(new.event) == "click_attempt"
    }


def first_type(commands: Sequence[Command]) -> str:
    """Name a call by the first event that it appends."""
    return type_of(commands[0].events[0].event) if commands else "nothing"
