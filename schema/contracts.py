"""The contracts: what the log hands out, what goes in, and the three kinds of moving part."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import msgspec

from schema.events.base import Event, tag_of
from schema.events.operations import Job, JobDue
from schema.ids import Account, EventId, Trace

E_co = TypeVar("E_co", bound=Event, covariant=True)
S = TypeVar("S")
Row = TypeVar("Row", bound=msgspec.Struct)

BATCH = 200
"""Events that a moving part consumes in one transaction."""


class Recorded(msgspec.Struct, Generic[E_co], frozen=True):
    """One event as it stands in an account's log.

    `at` is the database's clock at the append (UTC), never going back along positions. `cause`
    and `spends` are positions in the same log.
    """

    account: Account
    position: int
    event_id: EventId
    trace: Trace
    at: datetime
    event: E_co
    type: str = ""
    cause: int | None = None
    actor: str = ""
    version: int = 1
    spends: int | None = None
    expires_at: datetime | None = None


# ---- going in


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One event to append. `cause` is the event it answers, by id; None starts a trace.

    `trace` is needed only where neither the event's own ids nor a cause give one.
    """

    event_id: EventId
    event: Event
    cause: EventId | None = None
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Append only if nothing of these types is in this trace after this position."""

    trace: Trace
    after: int
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """Events that are appended together or not at all."""

    events: tuple[NewEvent, ...]
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one command: ``ok``, ``same`` (already there, byte for byte), or a refusal.

    `code` is our SQLSTATE (GP0xx) for a refusal; `position` is that of the command's first event.
    """

    code: str
    position: int | None = None
    reason: str = ""

    @property
    def stands(self) -> bool:
        """Whether the command's events are in the log now."""
        return self.code in {"ok", "same"}


# ---- the moving parts


@dataclass(frozen=True)
class Fold(Generic[S]):
    """A key, an initial state, and how a state remembers an event.

    `key` returns None for events that the fold ignores; "" is the one key of a whole account.
    `state` is the state's type, a msgspec struct, for storing it between batches.
    """

    state: type[S]
    initial: S
    key: Callable[[Event], str | None]
    evolve: Callable[[S, Recorded[Any]], S]


@dataclass(frozen=True)
class Handler:
    """Named folds and one pure `decide(states, recorded) -> events`.

    `states` builds the value passed to `decide` from one state per fold, by name. `approver`
    handlers run on the approver's connection. `jobs` are those whose due events it heeds.
    """

    name: str
    hears: tuple[type[Event], ...]
    says: tuple[type[Event], ...]
    folds: Mapping[str, Fold[Any]]
    states: Callable[..., Any]
    decide: Callable[[Any, Recorded[Any]], Sequence[Event]]
    approver: bool = False
    jobs: Collection[Job] = tuple(Job)

    @cached_property
    def reads(self) -> frozenset[str]:
        """Wire names of the types that it hears, and of those that it says and remembers."""
        return frozenset(tag_of(kind.__name__) for kind in (*self.hears, *self.says))

    def passes_over(self, event: Event) -> bool:
        """Say whether the event is the due time of a job that is none of its business."""
        return type(event) is JobDue and event.job not in self.jobs


@dataclass(frozen=True)
class Projector(Generic[Row]):
    """A fold whose states are rows of a read model; the row's fields are the table's columns.

    `key` gives the row's primary key within the account, `keyed` names that field. `evolve`
    returning None removes the row.
    """

    name: str
    row: type[Row]
    keyed: str
    hears: tuple[type[Event], ...]
    key: Callable[[Event], str | None]
    evolve: Callable[[Row | None, Recorded[Any]], Row | None]

    @cached_property
    def reads(self) -> frozenset[str]:
        """Wire names of the types that it hears."""
        return frozenset(tag_of(kind.__name__) for kind in self.hears)


@dataclass(frozen=True, slots=True)
class Lease:
    """An order taken from a work queue, for a time; `reads` fences it against another taker."""

    queue: str
    message_id: int
    reads: int
    account: Account
    position: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How one work queue stands: orders that wait, orders under a lease, the oldest's arrival."""

    queue: str
    waiting: int
    in_flight: int
    oldest: datetime | None


@dataclass(frozen=True)
class Page:
    """A run of the log in order; `upto` is the last position looked at, matching or not."""

    events: Sequence[Recorded[Any]]
    upto: int


class Store(Protocol):
    """The event store as the worker, the performers and replay use it.

    Every method raises `DatabaseUnreachable` when there is no connection, those about one account
    `NoSuchAccount` when it has no log.
    """

    async def accounts(self) -> list[Account]:
        """Names of all accounts with a log, in order, `system` included."""

    async def open_account(self, account: Account) -> None:
        """Make an empty log for the account; nothing happens if it is there."""

    async def heads(self) -> dict[Account, int]:
        """Account -> number of events in its log."""

    async def types(self, account: Account, *, after: int, upto: int) -> frozenset[str]:
        """Wire names of the types of all events with `after` < position <= `upto`."""

    async def append(
        self, account: Account, commands: Sequence[Command], *, actor: str, approver: bool = False
    ) -> list[Verdict]:
        """Append each command or refuse it; a verdict each. Durable when it returns."""

    async def read(
        self,
        account: Account,
        *,
        after: int = -1,
        limit: int = 1000,
        types: Sequence[str] | None = None,
        trace: UUID | None = None,
    ) -> Page:
        """Events with position > `after`, oldest first, at most `limit`."""

    async def event(self, account: Account, position: int) -> Recorded[Any]:
        """Return the event at this position.

        Raises:
            StoreError: there is none.
        """

    async def by_id(self, account: Account, event_id: EventId) -> Recorded[Any] | None:
        """Return the event with this id, if it is in the log."""

    async def leaves(self, account: Account, *, after: int, limit: int) -> list[bytes]:
        """Leaves of the events with position > `after`, in order, at most `limit`."""

    async def run_handler(
        self, handler: Handler, account: Account, *, batch: int = BATCH
    ) -> int | None:
        """Let the handler consume one batch in one transaction; returns events consumed.

        Fewer than `batch` means caught up; None that another worker is at it, who may yet die
        half-way.
        """

    async def run_projector(self, projector: Projector[Any], account: Account) -> int | None:
        """Fold `BATCH` events or more in one transaction; returns as `run_handler` does."""

    async def view_count(
        self, projector: Projector[Any], account: Account, column: str, value: str
    ) -> int:
        """Return how many rows of a read model, as far as it has come, have this in a column."""

    async def lag(self, account: Account) -> dict[str, int]:
        """Consumer -> events of the account's log that it has not looked at yet."""

    async def backlog(self) -> dict[str, int]:
        """Queue -> orders that wait or are at work, of all accounts."""

    async def take(self, queue: str, *, lease_s: int) -> Lease | None:
        """Take the next order of a queue, in a transaction of its own.

        One that was read too often is parked on the way, and the next one taken.
        """

    async def extend(self, lease: Lease, *, lease_s: int) -> bool:
        """Keep the lease longer; False when another has taken it."""

    async def close(
        self, lease: Lease, commands: Sequence[Command], *, actor: str
    ) -> list[Verdict] | None:
        """Append what came of the order and delete the message, in one transaction.

        None when the lease was lost: nothing was appended.
        """

    async def park(self, lease: Lease, *, last_error: str, actor: str) -> None:
        """Set the order aside as `message_parked` and archive the message."""

    async def wait(self, *, timeout_s: float) -> None:
        """Return when something was appended anywhere, or after the timeout."""
