"""Who waits in the queue, by queue id: the fold behind every count of the queue."""

from __future__ import annotations

from typing import Any

import msgspec

from handlers.in_force import whole_account
from schema.contracts import Fold, Recorded
from schema.events.judging import CandidateRejected
from schema.events.queueing import (
    CandidateExpired,
    CandidateQueued,
    CandidateReleased,
    CandidateSelected,
)
from schema.ids import QueueId


class Waiting(msgspec.Struct, frozen=True):
    """The queue ids, in the order in which they came."""

    items: tuple[str, ...] = ()


def evolve(waiting: Waiting, recorded: Recorded[Any]) -> Waiting:
    """Follow the queue."""
    event = recorded.event
    match event:
        case CandidateQueued() | CandidateReleased():
            return Waiting((*_without(waiting, event.queue_id), str(event.queue_id)))
        case CandidateSelected() | CandidateExpired() | CandidateRejected():
            return Waiting(_without(waiting, event.queue_id))
        case _:
            return waiting


def _without(waiting: Waiting, gone: QueueId | None) -> tuple[str, ...]:
    return tuple(item for item in waiting.items if item != str(gone))


by_account: Fold[Waiting] = Fold(state=Waiting, initial=Waiting(), key=whole_account, evolve=evolve)
