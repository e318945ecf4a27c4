"""The machinery: accounts, workers, settings in force, due times, stops, faults, reports, proof."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import field

from schema.events.base import Event
from schema.rules import Rules


class Job(StrEnum):
    """What the clock makes due."""

    FETCH = "fetch"
    SCHEDULE = "schedule"
    POST = "post"
    RECONCILE = "reconcile"
    WATCHDOG = "watchdog"
    PROOF = "proof"
    PLAN = "plan"
    METRICS = "metrics"
    LEARN = "learn"


class Severity(StrEnum):
    """How bad an event is, or what an alert is about."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


class StopSource(StrEnum):
    """Who holds the kill switch on; any one suffices."""

    LOGGED = "logged"
    FLAG = "flag"
    FILE = "file"


class AccountOpened(Event, frozen=True, kw_only=True):
    """The account's first event: its epoch. Posts older than this predate the log."""

    site: str
    handle: str


class MigrationApplied(Event, frozen=True, kw_only=True):
    """A numbered SQL file was applied to the database."""

    name: str
    checksum: str
    git_sha: str


class WorkerStarted(Event, frozen=True, kw_only=True):
    """A worker process began."""

    worker_id: UUID
    git_sha: str
    version: str
    host: str
    pid: int
    roles: tuple[str, ...]
    settings_hash: str


class WorkerStopped(Event, frozen=True, kw_only=True):
    """A worker process drained and ended."""

    worker_id: UUID
    reason: str


class SettingsChanged(Event, frozen=True, kw_only=True):
    """The rules in force from here on, in full, so that replay knows the rules of the time."""

    rules: Rules
    rules_hash: str


class CapsSet(Event, frozen=True, kw_only=True):
    """The caps that PostgreSQL itself enforces on click attempts from here on."""

    clicks_per_hour: int
    clicks_per_day: int
    clicks_per_author_per_day: int
    gap_s: int


class JobDue(Event, frozen=True, kw_only=True):
    """The clock reached a slot of a job; `seed` is all the chance the rules will get.

    `utc_offset_min` says how far the account's local time is ahead of UTC at the slot.
    """

    job: Job
    slot: datetime
    seed: int
    utc_offset_min: int = 0


class ClockStepped(Event, frozen=True, kw_only=True):
    """A worker's wall clock moved by itself against the machine's own count of seconds."""

    worker_id: UUID
    by_s: int


class ClockSkewed(Event, frozen=True, kw_only=True):
    """A worker's wall clock goes ahead of the database's, or behind (negative), by so much.

    Every decision keeps to the database's time; only due times follow the worker's clock.
    """

    worker_id: UUID
    by_ms: int


class OfStop(Event, frozen=True, kw_only=True):
    """About one hold on the kill switch; `held_by` is the worker that sees the flag or the file."""

    source: StopSource
    why: str
    by: str
    held_by: UUID | None = None

    @property
    def hold(self) -> str:
        """What holds the switch on: the source, and the worker where it has one."""
        return f"{self.source}:{self.held_by}" if self.held_by else str(self.source)


class PostingStopped(OfStop, frozen=True, kw_only=True):
    """The kill switch went on: no new click attempt from the next commit."""


class PostingAllowed(OfStop, frozen=True, kw_only=True):
    """One hold on the kill switch was taken back; posting goes on when none is left."""


class UnhandledException(Event, frozen=True, kw_only=True):
    """Code failed in a way nobody foresaw. The work it was doing will be tried again or parked.

    `count` is how many times it stands for: repeats are said together.
    """

    where: str
    kind: str
    message: str
    count: int = 1


class MessageParked(Event, frozen=True, kw_only=True):
    """An order was read too often without being finished and is set aside for a person."""

    queue: str
    message_id: int
    order_position: int
    reads: int
    last_error: str


class WatchdogReported(Event, frozen=True, kw_only=True):
    """Who was active when, and how far each is behind (events).

    `last_activity` is when each role of the worker last came round; one that hangs stands still.
    """

    worker_id: UUID
    git_sha: str
    log_position: int
    lag: dict[str, int]
    backlog: dict[str, int]
    queue_size: int
    last_activity: dict[str, datetime] = field(default_factory=dict)


class ProofRolledUp(Event, frozen=True, kw_only=True):
    """Whether production is healthy and ghost-free, in one event."""

    fetch_started_15m: int
    fetch_completed_15m: int
    queue_size: int
    scheduler_started_60m: int
    permits_created_60m: int
    permits_used_60m: int
    posted_tweet_ids_last_2h: tuple[str, ...]
    new_ghosts_last_2h: int
    unknown_outcomes: int
    last_error_event: str | None
    running_sha: str
    log_position: int
    log_root_hash: str | None = None


class PayloadErased(Event, frozen=True, kw_only=True):
    """The body of one earlier event may be emptied; its hash and leaf stay."""

    position: int
    why: str
    by: str
