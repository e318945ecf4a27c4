"""I11 and I12: one post of others has one live permit, and gets one reply."""

from __future__ import annotations

from uuid import UUID

from replay.entry import Entry
from replay.invariants.check import Check

ENDS_A_PERMIT = frozenset(
    {
        "permit_rejected",
        "permit_expired",
        "permit_revoked",
        "posting_success",
        "click_not_sent",
        "click_rejected",
        "outcome_abandoned",
    }
)


class TargetsHaveOneLivePermit(Check):
    """A permit lives from its creation to its refusal, end, or final outcome."""

    id = "I11"
    says = "at most one live permit per target"
    types = ENDS_A_PERMIT | {"permit_created"}

    def __init__(self) -> None:
        super().__init__()
        self._live: dict[str, UUID | None] = {}
        self._target: dict[UUID | None, str] = {}

    def _see(self, entry: Entry) -> None:
        if entry.type != "permit_created":
            target = self._target.pop(entry.permit, None)
            if target is not None and self._live.get(target) == entry.permit:
                del self._live[target]
        elif entry.target is not None:
            other = self._live.setdefault(entry.target, entry.permit)
            self._target[entry.permit] = entry.target
            why = f"permit {other} of {entry.target} is still live"
            self.expect(other == entry.permit, entry.position, why)


class TargetsGetOneReply(Check):
    """A second reply needs a permit that names the one it supersedes."""

    id = "I12"
    says = "at most one confirmed reply per target, unless a person asked for another"
    types = frozenset({"permit_created", "posting_success"})

    def __init__(self) -> None:
        super().__init__()
        self._superseding: set[UUID | None] = set()
        self._replied: dict[str, int] = {}

    def _see(self, entry: Entry) -> None:
        if entry.type == "permit_created":
            if getattr(entry.event, "supersedes", None) is not None:
                self._superseding.add(entry.permit)
        elif entry.target is not None:
            earlier = self._replied.setdefault(entry.target, entry.position)
            holds = earlier == entry.position or entry.permit in self._superseding
            self.expect(holds, entry.position, f"{entry.target} was replied to at {earlier}")
