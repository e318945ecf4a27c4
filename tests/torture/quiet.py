"""Quiet: no new clicks, and a worker without faults, until everything that was open has ended."""

from __future__ import annotations

import signal

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

ENDS_ATTEMPT = (PostingSuccess, ClickNotSent, ClickRejected, OutcomeAbandoned)
ENDS_ORDER = (ClickDeferred, ClickBlocked, ClickWithheld, PostingFailed, ClickAttempt)


async def quieten(ground: Ground) -> None:
    """Stop posting, let a healthy worker settle everything, and drain it."""
    ground.hold_posting(held=True)
    await ground.log.catch_up()
    before = len(ground.log.events)
    ground.redeliver()
    async with running(ground, {}) as process:
        try:
            await ground.log.until(
                lambda: _restarted(ground.log, before) and not still_open(ground.log, before),
                within_s=WITHIN_S,
                what="everything that was open has ended",
            )
        except AssertionError as error:
            why = still_open(ground.log, before) or ["no worker that knows of the stop"]
            error.add_note("open are " + ", ".join(why))
            raise
        await end(process, signal.SIGTERM)
        assert process.returncode == 0, "the worker did not drain"
    await ground.log.catch_up()
    ground.hold_posting(held=False)


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
