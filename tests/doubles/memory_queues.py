"""The work queues in memory: leases that expire, fenced by how often an order was read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from schema.contracts import Lease
from schema.ids import Account


@dataclass
class Message:
    """A pointer to an order; nobody else sees it before `visible_at`."""

    message_id: int
    account: Account
    position: int
    visible_at: datetime | None = None
    reads: int = 0


@dataclass
class MemoryQueues:
    """All queues by name."""

    waiting: dict[str, list[Message]] = field(default_factory=lambda: defaultdict(list))
    archived: list[Message] = field(default_factory=list)
    sent: int = 0

    def send(self, queue: str, account: Account, position: int) -> None:
        """Put an order at the end."""
        self.sent += 1
        self.waiting[queue].append(Message(self.sent, account, position))

    def holds(self, queue: str, account: Account, position: int) -> bool:
        """Say whether the queue has a message for this order, held by somebody or not."""
        places = {(one.account, one.position) for one in self.waiting[queue]}
        return (account, position) in places

    def take(self, queue: str, now: datetime, lease_s: int) -> Lease | None:
        """Lease the oldest order that nobody holds."""
        for message in self.waiting[queue]:
            if message.visible_at is None or message.visible_at <= now:
                message.reads += 1
                message.visible_at = now + timedelta(seconds=lease_s)
                return Lease(
                    queue, message.message_id, message.reads, message.account, message.position
                )
        return None

    def held(self, lease: Lease) -> Message | None:
        """Return the message if nobody has taken it since."""
        for message in self.waiting[lease.queue]:
            if message.message_id == lease.message_id and message.reads == lease.reads:
                return message
        return None

    def finish(self, lease: Lease, message: Message) -> None:
        """Remove a message that was held."""
        self.waiting[lease.queue].remove(message)

    def mark(self) -> int:
        """Return a mark to which sending can be taken back."""
        return self.sent

    def back_to(self, mark: int) -> None:
        """Take back what was sent since the mark, as a rolled-back transaction does."""
        for messages in self.waiting.values():
            messages[:] = [message for message in messages if message.message_id <= mark]
