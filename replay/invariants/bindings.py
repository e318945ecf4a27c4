"""I9 and I10: what was sent is what was accepted, and it went where it was meant to go."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from replay.entry import Entry
from replay.invariants.check import Check


class TextsAreBound(Check):
    """Hashes the accepted text again and follows the hash to the post."""

    id = "I9"
    says = "the text sent is the text accepted"
    types = frozenset(
        {"draft_accepted", "permit_approved", "click_attempt", "posting_success", "late_confirmed"}
    )

    def __init__(self) -> None:
        super().__init__()
        self._accepted: dict[UUID | None, bytes] = {}

    def _see(self, entry: Entry) -> None:
        if entry.type == "draft_accepted":
            self._accept(entry)
        elif entry.type != "permit_approved" or entry.text_hash is not None:
            accepted = self._accepted.get(entry.permit)
            holds = accepted is not None and accepted == entry.text_hash
            self.expect(holds, entry.position, f"{entry.type} has another text than was accepted")

    def _accept(self, entry: Entry) -> None:
        if entry.event is not None:
            fresh = sha256(entry.event.text.encode()).digest()
            self.expect(fresh == entry.text_hash, entry.position, "text does not hash to its hash")
        if entry.text_hash is not None:
            self._accepted[entry.permit] = entry.text_hash


class TargetsAreBound(Check):
    """Follows the target from decision to permit to click to post."""

    id = "I10"
    says = "the target clicked is the target permitted"
    types = frozenset({"permit_created", "click_attempt", "posting_success", "late_confirmed"})

    def __init__(self) -> None:
        super().__init__()
        self._targets: dict[UUID | None, str | None] = {}

    def _see(self, entry: Entry) -> None:
        if entry.type == "permit_created":
            self._targets[entry.permit] = entry.target
            return
        holds = entry.permit in self._targets and self._targets[entry.permit] == entry.target
        wanted = self._targets.get(entry.permit)
        self.expect(holds, entry.position, f"permitted {wanted}, {entry.type} on {entry.target}")
