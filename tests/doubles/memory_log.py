"""One account's log in memory: what is written, and what the law must know at a click."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from schema.catalogue import VERSIONS, type_of
from schema.contracts import NewEvent, Recorded
from schema.errors import AppendRefused
from schema.events.operations import CapsSet, PostingAllowed, PostingStopped
from schema.ids import Account, EventId, Trace
from schema.law import ENDS_ONCE, PROVES_A_POST, law_columns
from schema.wire import decode, encode

position_of = attrgetter("position")
FIRST_CAPS = CapsSet(clicks_per_hour=4, clicks_per_day=40, clicks_per_author_per_day=1, gap_s=300)


@dataclass
class MemoryLog:
    """The rows by position and by id, and the head beside them."""

    account: Account
    rows: list[Recorded[Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    by_id: dict[EventId, Recorded[Any]] = field(default_factory=dict)
    by_type: dict[str, list[Recorded[Any]]] = field(default_factory=lambda: defaultdict(list))
    by_trace: dict[UUID, list[Recorded[Any]]] = field(default_factory=lambda: defaultdict(list))
    spent: set[int] = field(default_factory=set)
    created: set[UUID | None] = field(default_factory=set)
    posted: set[str | None] = field(default_factory=set)
    ended: set[tuple[Trace, str]] = field(default_factory=set)
    clicks: list[Recorded[Any]] = field(default_factory=list)
    accepted: dict[UUID | None, list[Recorded[Any]]] = field(default_factory=dict)
    stops: list[str] = field(default_factory=list)
    caps: CapsSet = FIRST_CAPS
    last_at: datetime | None = None

    def behind(self, after: int, types: Sequence[str] | None) -> list[Recorded[Any]]:
        """Return the rows behind a position, of these types or of all, in order."""
        if types is None:
            return self.rows[after + 1 :]
        found: list[Recorded[Any]] = []
        for name in types:
            rows = self.by_type[name]
            found += rows[bisect_right(rows, after, key=position_of) :]
        return sorted(found, key=position_of) if len(types) > 1 else found

    def of(self, trace: UUID, after: int, types: Sequence[str] | None) -> list[Recorded[Any]]:
        """Return a chain's rows behind a position, of these types or of all, in order."""
        rows = self.by_trace[trace]
        behind = rows[bisect_right(rows, after, key=position_of) :]
        return behind if types is None else [row for row in behind if row.type in types]

    def moment(self, now: datetime) -> datetime:
        """Return the time that an append now is recorded with: it never goes back."""
        return now if self.last_at is None else max(now, self.last_at)

    def write(self, new: NewEvent, at: datetime, actor: str) -> Recorded[Any]:
        """Put an event that stands at the end of the log, as it would be read back."""
        law, body = law_columns(new.event), encode(new.event)
        type_name = type_of(new.event)
        approved = type_name == "permit_approved" and law.ttl_s is not None
        row = Recorded(
            account=self.account,
            position=len(self.rows),
            event_id=new.event_id,
            trace=self.trace_of(new),
            at=at,
            event=decode(type_name, VERSIONS[type_name], body),
            type=type_name,
            cause=self._cause(new),
            actor=actor,
            version=VERSIONS[type_name],
            spends=self.by_id[law.spends].position if law.spends else None,
            expires_at=at + timedelta(seconds=law.ttl_s or 0) if approved else None,
        )
        self.remember(row, body)
        return row

    def trace_of(self, new: NewEvent) -> Trace:
        """Return the chain that the event will belong to."""
        chain = new.trace or new.event.chain()
        cause = self.by_id.get(new.cause) if new.cause else None
        return Trace(chain or (cause.trace if cause else new.event_id))

    def _cause(self, new: NewEvent) -> int | None:
        if new.cause is None:
            return None
        if new.cause not in self.by_id:
            raise AppendRefused("the cause is not in the log", code="GP016")
        return self.by_id[new.cause].position

    def remember(self, row: Recorded[Any], body: bytes) -> None:
        """Put a row as it stands at the end of the log."""
        law = law_columns(row.event)
        self.rows.append(row)
        self.bodies.append(body)
        self.by_id[row.event_id] = row
        self.by_type[row.type].append(row)
        self.by_trace[row.trace].append(row)
        self.last_at = row.at
        if row.spends is not None:
            self.spent.add(row.spends)
        if row.type == "permit_created":
            self.created.add(law.permit)
        if row.type in ENDS_ONCE:
            self.ended.add((row.trace, row.type))
        if row.type in PROVES_A_POST:
            self.posted.add(law.posted_id)
        if row.type == "click_attempt":
            self.clicks.append(row)
        if row.type == "draft_accepted":
            self.accepted.setdefault(row.event.permit_id, []).append(row)
        self._heed(row.event)

    def _heed(self, event: Any) -> None:
        match event:
            case CapsSet():
                self.caps = event
            case PostingStopped() | PostingAllowed():
                self.stops = [one for one in self.stops if one != event.hold]
                if isinstance(event, PostingStopped):
                    self.stops.append(event.hold)
            case _:
                pass
