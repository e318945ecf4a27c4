"""Alert: a person outside is told that an alert was raised or is over.

It has a queue and a loop of its own, so that a webhook that hangs holds up nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from edge.performers.contract import LEASE_S, Order, World
from edge.performers.webhook import Answered, Webhook
from schema.contracts import Command, Recorded
from schema.events.alerting import (
    AlertCleared,
    AlertDelivered,
    AlertRaised,
    AlertUndelivered,
)
from schema.events.operations import Severity

FORMAT = 1
"""The version of the message; fields may be added to it, none is ever renamed."""

FIRST_WAIT_S = 1.0
WAIT_S_MAX = 30.0
"""Waits double from the first to the longest. One sender, few messages: no jitter is needed."""


HISTORY_AFTER = timedelta(days=1)
"""An alert raised so long after its cause is about the past: its rule was new to an old log."""


class Alert:
    """The performer of `alert_raised` and `alert_cleared`."""

    queue = "alert"
    lease_s = LEASE_S

    def __init__(
        self,
        webhook: Webhook | None = None,
        *,
        tries: int = 5,
        severity_min: Severity = Severity.WARNING,
    ) -> None:
        """Tell nobody without a webhook; the alert stands in the log all the same."""
        self._webhook = webhook
        self._tries = tries
        self._told = list(Severity)[list(Severity).index(severity_min) :]

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        """Say whether the message arrived; nothing where nobody is to be told."""
        event: AlertRaised | AlertCleared = order.recorded.event
        if self._webhook is None or event.severity not in self._told:
            return []
        late = await _late(order, world)
        if late >= HISTORY_AFTER:
            return [order.command(_history(order.recorded, late))]
        body = message(order.recorded)
        for tries in range(1, self._tries + 1):
            answered = await self._webhook.post(body, order.recorded.event_id)
            if answered.taken or answered.final:
                break
            if tries < self._tries:
                await world.clock.sleep(min(FIRST_WAIT_S * 2 ** (tries - 1), WAIT_S_MAX))
        return [order.command(_outcome(order.recorded, answered, tries))]


async def _late(order: Order, world: World) -> timedelta:
    """Return how long after its cause the alert was raised or cleared."""
    if order.recorded.cause is None:
        return timedelta()
    caused = await world.store.event(order.account, order.recorded.cause)
    return order.recorded.at - caused.at


def message(recorded: Recorded[AlertRaised] | Recorded[AlertCleared]) -> bytes:
    """Write the message: JSON in UTF-8, the same bytes for the same event."""
    event = recorded.event
    said: dict[str, Any] = {
        "format": FORMAT,
        "id": str(recorded.event_id),
        "account": recorded.account,
        "position": recorded.position,
        "at": recorded.at.isoformat(),
        "type": recorded.type,
        "alert_id": f"{event.alert}:{event.subject}",
        "alert": event.alert,
        "subject": event.subject,
        "severity": event.severity,
    }
    if isinstance(event, AlertRaised):
        said |= {"message": event.message, "data": event.data}
    else:
        said |= {"message": f"over: {event.why}", "data": {}}
    return msgspec.json.encode(said)


def _history(recorded: Recorded[Any], late: timedelta) -> AlertUndelivered:
    reason = f"not sent: it is about {late // timedelta(hours=1)} h before, and no news"
    return AlertUndelivered(
        alert=recorded.event.alert,
        subject=recorded.event.subject,
        told=recorded.event_id,
        reason=reason,
        tries=0,
    )


def _outcome(
    recorded: Recorded[Any], answered: Answered, tries: int
) -> AlertDelivered | AlertUndelivered:
    event = recorded.event
    about = {"alert": event.alert, "subject": event.subject, "told": recorded.event_id}
    if answered.taken and answered.status is not None:
        return AlertDelivered(**about, status=answered.status, tries=tries)
    return AlertUndelivered(**about, reason=answered.reason, tries=tries)
