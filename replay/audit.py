"""Check every invariant over a log in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable

import msgspec

from replay.entry import Entry
from replay.invariants import INVARIANTS
from replay.invariants.check import Check
from schema.catalogue import EVENT_TYPES


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """How one invariant fared; `first_violation` is a position, `why` says what is wrong there."""

    id: str
    ok: bool
    checked: int
    first_violation: int | None
    says: str = ""
    why: str = ""
    account: str = ""


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer."""

    ok: bool
    events: int
    invariants: tuple[Finding, ...]


class Auditor:
    """Feeds entries to the invariants that must see them."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.events = 0
        self.checks = [check() for check in INVARIANTS]
        everywhere = [check for check in self.checks if check.types is None]
        self._by_type: dict[str, list[Check]] = defaultdict(lambda: everywhere)
        for name in EVENT_TYPES:
            self._by_type[name] = [c for c in self.checks if c.types is None or name in c.types]

    def see(self, entry: Entry) -> None:
        """Take the next entry of the log into account."""
        self.events += 1
        for check in self._by_type[entry.type]:
            check.see(entry)

    def reach(self, head: int) -> None:
        """Compare the entries seen with the size that the log claims."""
        for check in self.checks:
            check.reach(head)

    def findings(self) -> list[Finding]:
        """Say how each invariant fared so far."""
        return [
            Finding(
                id=check.id,
                ok=check.ok,
                checked=check.checked,
                first_violation=check.first_violation,
                says=check.says,
                why=check.why,
                account="" if check.ok else self.account,
            )
            for check in self.checks
        ]


async def audit_entries(
    account: str, entries: AsyncIterator[Entry], *, head: int | None = None
) -> tuple[int, list[Finding]]:
    """Check one account's log; returns the number of events and a finding per invariant."""
    auditor = Auditor(account)
    async for entry in entries:
        auditor.see(entry)
    if head is not None:
        auditor.reach(head)
    return auditor.events, auditor.findings()


def summary(parts: Iterable[tuple[int, list[Finding]]]) -> Audit:
    """Join the findings of several accounts: counts add up, the first violation stays."""
    events = 0
    joined: dict[str, Finding] = {}
    for count, findings in parts:
        events += count
        for finding in findings:
            before = joined.get(finding.id)
            joined[finding.id] = finding if before is None else _joined(before, finding)
    findings_all = tuple(sorted(joined.values(), key=_place))
    return Audit(ok=all(one.ok for one in findings_all), events=events, invariants=findings_all)


def _place(finding: Finding) -> tuple[str, int]:
    return finding.id[0], int(finding.id[1:])


def _joined(before: Finding, finding: Finding) -> Finding:
    worse = finding if before.ok else before
    return msgspec.structs.replace(worse, checked=before.checked + finding.checked)
