"""I1 to I5: a click is approved, in time, once, and its outcome is one."""

from __future__ import annotations

from uuid import UUID

from replay.entry import Entry
from replay.invariants.check import Check

ENDS_AN_ATTEMPT = frozenset(
    {"posting_success", "click_not_sent", "click_rejected", "outcome_abandoned"}
)


class ClicksAreApproved(Check):
    """Needs one approval of the permit, earlier, and it is what the click spends."""

    id = "I1"
    says = "every click attempt spends the one approval of its permit"
    types = frozenset({"permit_approved", "click_attempt"})

    def __init__(self) -> None:
        super().__init__()
        self._approvals: dict[UUID | None, list[int]] = {}

    def _see(self, entry: Entry) -> None:
        if entry.type == "permit_approved":
            self._approvals.setdefault(entry.permit, []).append(entry.position)
            return
        approvals = self._approvals.get(entry.permit, [])
        holds = entry.permit is not None and approvals == [entry.spends]
        self.expect(holds, entry.position, f"approved at {approvals}, spends {entry.spends}")


class ClicksAreInTime(Check):
    """Compares two times of the database's own clock."""

    id = "I2"
    says = "no click attempt after its permit expired"
    types = ClicksAreApproved.types

    def __init__(self) -> None:
        super().__init__()
        self._expiries: dict[UUID | None, Entry] = {}

    def _see(self, entry: Entry) -> None:
        if entry.type == "permit_approved":
            self._expiries[entry.permit] = entry
            return
        approval = self._expiries.get(entry.permit)
        expires_at = approval.expires_at if approval else None
        holds = expires_at is not None and entry.at < expires_at
        self.expect(holds, entry.position, f"attempted at {entry.at}, expires at {expires_at}")


class PermitsBuyOneClick(Check):
    """Counts attempts by permit."""

    id = "I3"
    says = "at most one click attempt per permit"
    types = frozenset({"click_attempt"})

    def __init__(self) -> None:
        super().__init__()
        self._spent: dict[UUID | None, int] = {}

    def _see(self, entry: Entry) -> None:
        earlier = self._spent.setdefault(entry.permit, entry.position)
        self.expect(earlier == entry.position, entry.position, f"already spent at {earlier}")


class AttemptsEndOnce(Check):
    """A late sighting may follow an abandonment, and nothing else may follow an end."""

    id = "I4"
    says = "every attempt has at most one final outcome"
    types = ENDS_AN_ATTEMPT | {"late_confirmed"}

    def __init__(self) -> None:
        super().__init__()
        self._ended: dict[UUID | None, str] = {}

    def _see(self, entry: Entry) -> None:
        before = self._ended.get(entry.permit)
        expected = "outcome_abandoned" if entry.type == "late_confirmed" else None
        self.expect(before == expected, entry.position, f"{entry.type} after {before}")
        self._ended[entry.permit] = entry.type


class PostsFollowAttempts(Check):
    """The attempt is of the same permit."""

    id = "I5"
    says = "every confirmed post follows a click attempt of its permit"
    types = frozenset({"click_attempt", "posting_success", "late_confirmed"})

    def __init__(self) -> None:
        super().__init__()
        self._attempted: set[UUID | None] = set()

    def _see(self, entry: Entry) -> None:
        if entry.type == "click_attempt":
            self._attempted.add(entry.permit)
            return
        self.expect(entry.permit in self._attempted, entry.position, "no click attempt before it")
