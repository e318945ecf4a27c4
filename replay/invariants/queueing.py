"""I8: a candidate is queued once, and its queue item holds one live permit."""

from __future__ import annotations

from uuid import UUID

from replay.entry import Entry
from replay.invariants.check import Check
from replay.invariants.targets import ENDS_A_PERMIT


class CandidatesAreQueuedOnce(Check):
    """Counts queue items by candidate, and live permits by queue item."""

    id = "I8"
    says = "a candidate is queued once, and its queue item has one live permit"
    types = ENDS_A_PERMIT | {"candidate_queued", "permit_created"}

    def __init__(self) -> None:
        super().__init__()
        self._queued: dict[UUID, int] = {}
        self._live: dict[UUID, UUID | None] = {}
        self._item: dict[UUID | None, UUID] = {}

    def _see(self, entry: Entry) -> None:
        if entry.type in ENDS_A_PERMIT:
            item = self._item.pop(entry.permit, None)
            if item is not None and self._live.get(item) == entry.permit:
                del self._live[item]
        elif entry.event is None or entry.event.queue_id is None:
            return  # erased, or an original post, which was never in the queue
        elif entry.type == "candidate_queued":
            earlier = self._queued.setdefault(entry.event.candidate_id, entry.position)
            self.expect(earlier == entry.position, entry.position, f"already queued at {earlier}")
        else:
            other = self._live.setdefault(entry.event.queue_id, entry.permit)
            self._item[entry.permit] = entry.event.queue_id
            why = f"permit {other} of the same queue item is still live"
            self.expect(other == entry.permit, entry.position, why)
