"""Quiet: no new clicks, and a worker without faults, until everything that was open has ended."""

from __future__ import annotations

import signal
from asyncio.subprocess import Process
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from schema.events.base import OfPermit
from schema.events.operations import MessageParked, PostingStopped, WorkerStarted
from schema.events.posting import (
    ClickAttempt,
    ClickBlocked,
    ClickDeferred,
    ClickNotSent,
    ClickOrdered,
    ClickRejected,
    ClickWithheld,
    OutcomeAbandoned,
    PostingFailed,
    PostingSuccess,
)
from schema.events.scheduling import SchedulerStarted, SlotClosed
from tests.torture.following import Following
from tests.torture.ground import Ground
from tests.torture.program import end, running

WITHIN_S = 360.0
"""More than the four minutes after which an attempt that nobody ended is called unknown."""

TOLD_MAX = 12
ENDS_ATTEMPT = (PostingSuccess, ClickNotSent, ClickRejected, OutcomeAbandoned)
ENDS_ORDER = (ClickDeferred, ClickBlocked, ClickWithheld, PostingFailed, ClickAttempt)


async def quieten(ground: Ground) -> None:
    """Stop posting, let a healthy worker settle everything, and drain it.

    Raises:
        AssertionError: it did not become quiet; the notes say what was in the way, at how many of
            the looks, and what the worker said last.
    """
    ground.hold_posting(held=True)
    await ground.log.catch_up()
    before = len(ground.log.events)
    ground.redeliver()
    async with running(ground, {}) as process:
        looks = Looks(ground.log, before, process)
        try:
            await ground.log.until(
                looks.quiet, within_s=WITHIN_S, what="everything that was open has ended"
            )
        except AssertionError as error:
            error.add_note(looks.told())
            error.add_note(f"the worker said last: {last_lines(ground.folder / 'worker.log')}")
            raise
        await end(process, signal.SIGTERM)
        assert process.returncode == 0, "the worker did not drain"
    await ground.log.catch_up()
    ground.hold_posting(held=False)


@dataclass
class Looks:
    """The looks at a log that should become quiet, and what was in the way at how many of them.

    Something that stays tells of what is stuck; ever something else tells of a busy machine.
    """

    log: Following
    before: int
    worker: Process
    count: int = 0
    in_the_way: Counter[str] = field(default_factory=Counter)

    def quiet(self) -> bool:
        """Look once more; AssertionError when there is no worker left that could settle it."""
        found = still_open(self.log, self.before)
        if not _restarted(self.log, self.before):
            found.append("no worker that knows of the stop")
        self.count += 1
        self.in_the_way.update(found)
        ended = self.worker.returncode
        assert not found or ended is None, f"the worker ended with {ended}"
        return not found

    def told(self) -> str:
        """Say what was in the way, the longest first."""
        most = self.in_the_way.most_common(TOLD_MAX)
        ways = ", ".join(f"{what} ({times} times)" for what, times in most)
        return f"looked {self.count} times; in the way: {ways or 'nothing'}"


def last_lines(path: Path) -> list[str]:
    """Return the end of a file, [] when there is none."""
    return path.read_text(errors="replace").splitlines()[-TOLD_MAX:] if path.exists() else []


def still_open(log: Following, before: int | None = None) -> list[str]:
    """Name the attempts, orders and slots without an end; slots only from `before` this position.

    A worker at this pace opens a slot a second, so that on a busy machine one is always open.
    """
    attempts = _permits(log, (ClickAttempt,)) - _permits(log, ENDS_ATTEMPT)
    orders = _orders(log)
    started = log.of(SchedulerStarted)
    begun = {s.event.scheduler_run_id for s in started if before is None or s.position < before}
    closed = {one.event.scheduler_run_id for one in log.of(SlotClosed)}
    return [
        *(f"attempt under {permit}" for permit in sorted(attempts)),
        *(f"order {position}" for position in orders),
        *(f"slot {run_id}" for run_id in sorted(begun - closed)),
    ]


def _permits(log: Following, kinds: tuple[type[OfPermit], ...]) -> set[str]:
    return {str(one.event.permit_id) for one in log.of(*kinds)}


def _orders(log: Following) -> list[int]:
    """Return the positions of click orders that nothing has ended since, nor set aside."""
    waiting: dict[str, int] = {}
    for one in log.of(ClickOrdered, *ENDS_ORDER):
        permit = str(one.event.permit_id)
        if isinstance(one.event, ClickOrdered):
            waiting[permit] = one.position
        else:
            waiting.pop(permit, None)
    attempted = _permits(log, (ClickAttempt,))
    parked = {one.event.order_position for one in log.of(MessageParked)}
    return [
        position
        for permit, position in waiting.items()
        if permit not in attempted and position not in parked
    ]


def _restarted(log: Following, before: int) -> bool:
    """Say whether the healthy worker has started and knows that posting is stopped."""
    since = log.events[before:]
    return any(isinstance(one.event, WorkerStarted) for one in since) and any(
        isinstance(one.event, PostingStopped) for one in since
    )
