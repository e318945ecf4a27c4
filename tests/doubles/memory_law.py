"""The law in memory: why an event may not stand, with the codes that PostgreSQL gives."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from schema.catalogue import type_of
from schema.contracts import Command, NewEvent, Recorded
from schema.errors import AppendRefused
from schema.events.operations import PostingAllowed, StopSource
from schema.law import (
    APPROVAL_S_MAX,
    APPROVER_ONLY,
    ENDS_ONCE,
    LEGAL_MOVES,
    PROVES_A_POST,
    LawColumns,
    law_columns,
)
from schema.wire import encode
from tests.doubles.memory_log import MemoryLog

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def check_role(events: list[NewEvent], *, approver: bool) -> None:
    """Refuse the whole call when its role may not say one of the events (GP005)."""
    for new in events:
        name = type_of(new.event)
        ends_logged = (
            isinstance(new.event, PostingAllowed) and new.event.source is StopSource.LOGGED
        )
        if approver and name == "click_attempt":
            raise AppendRefused("the approver does not click", code="GP005")
        if not approver and (name in APPROVER_ONLY or ends_logged):
            raise AppendRefused("only the approver says that", code="GP005")


def known(log: MemoryLog, command: Command) -> str:
    """Return ``same`` or GP002 when the log has one of the command's ids already, else ""."""
    there = [new for new in command.events if new.event_id in log.by_id]
    if not there:
        return ""
    same = all(_is_same(log, new) for new in command.events)
    return "same" if same else "GP002 event id is in the log with other bytes"


def _is_same(log: MemoryLog, new: NewEvent) -> bool:
    row = log.by_id.get(new.event_id)
    if row is None:
        return False
    return row.type == type_of(new.event) and log.bodies[row.position] == encode(new.event)


def stale(log: MemoryLog, command: Command) -> str:
    """Return GP003 when the command's condition fails, else ""."""
    condition = command.condition
    if condition is None:
        return ""
    newer = log.of(condition.trace, condition.after, condition.types)
    return "GP003 something newer is in the trace" if newer else ""


def crowded(command: Command, new: NewEvent) -> str:
    """Return GP025 for a click attempt that is not alone, else ""."""
    alone = len(command.events) == 1 or type_of(new.event) != "click_attempt"
    return "" if alone else "GP025 a click attempt comes alone in its call"


def refusal(log: MemoryLog, new: NewEvent, at: datetime) -> str:
    """Return why the law refuses the event, given all that was written before it; else ""."""
    name, law = type_of(new.event), law_columns(new.event)
    if name not in LEGAL_MOVES:
        return _created_once(log, new)
    if law.spends is None or law.permit is None:
        return f"GP010 {name} names nothing that it spends"
    spent = log.by_id.get(law.spends)
    if spent is None:
        return "GP011 spends an event that is not in the log"
    return _spending(log, new, spent, at)


def _created_once(log: MemoryLog, new: NewEvent) -> str:
    if type_of(new.event) == "permit_created" and law_columns(new.event).permit in log.created:
        return "GP015 the permit was created before"
    return ""


def unfit(log: MemoryLog, new: NewEvent) -> str:
    """Return why a constraint of the log refuses the event, when all of its call may stand."""
    name, law = type_of(new.event), law_columns(new.event)
    texts = (law.posted_id, law.target, law.target_author)
    if any(CONTROL.search(text) for text in texts if text):
        return "GP018 a control character in a column"
    if law.ttl_s is not None and not 0 <= law.ttl_s <= APPROVAL_S_MAX:
        return "GP018 an approval lasts a week at most"
    if name in ENDS_ONCE and (log.trace_of(new), name) in log.ended:
        return "GP026 it has ended before"
    return ""


def _spending(log: MemoryLog, new: NewEvent, spent: Recorded[Any], at: datetime) -> str:
    name, law = type_of(new.event), law_columns(new.event)
    trace = new.trace or new.event.chain()
    if spent.trace != trace or law_columns(spent.event).permit != law.permit:
        return "GP012 spends an event of another chain"
    if spent.type not in LEGAL_MOVES[name]:
        return f"GP014 {name} cannot spend {spent.type}"
    if spent.position in log.spent:
        return "GP013 already spent"
    if name == "click_attempt":
        return _click(log, law, spent, at)
    if name in PROVES_A_POST and law.posted_id in log.posted:
        return "GP017 the post is explained already"
    return ""


def _click(log: MemoryLog, law: LawColumns, approval: Recorded[Any], at: datetime) -> str:
    if log.stops:
        return f"GP020 the kill switch is on ({', '.join(log.stops)})"
    if any(row.type == "posting_stopped" for row in log.rows[approval.position + 1 :]):
        return "GP020 the permit was approved before a stop"
    if approval.expires_at is None or approval.expires_at <= at:
        return f"GP021 the permit expired at {approval.expires_at}"
    accepted = [
        law_columns(row.event).text_hash
        for row in log.accepted.get(law.permit, ())
        if row.trace == approval.trace
    ]
    approved = law_columns(approval.event).text_hash or law.text_hash
    if not accepted or accepted[-1] != law.text_hash or approved != law.text_hash:
        return "GP022 another text than the accepted draft"
    created = law_columns(log.rows[approval.spends or 0].event)
    if (created.target, created.target_author) != (law.target, law.target_author) or (
        law_columns(approval.event).target != law.target
    ):
        return "GP024 another target than the permit's"
    return _caps(log, at, law.target_author)


def _caps(log: MemoryLog, at: datetime, author: str | None) -> str:
    caps = log.caps
    clicks = [row for row in log.clicks if row.at > at - DAY]
    in_hour = sum(1 for row in clicks if row.at > at - HOUR)
    of_author = sum(1 for row in clicks if author and row.event.target_author == author)
    if in_hour >= caps.clicks_per_hour:
        return f"GP023 {caps.clicks_per_hour} clicks in an hour are the cap"
    if len(clicks) >= caps.clicks_per_day:
        return f"GP023 {caps.clicks_per_day} clicks in a day are the cap"
    if of_author >= caps.clicks_per_author_per_day:
        return f"GP023 {caps.clicks_per_author_per_day} clicks a day to one author are the cap"
    if clicks and clicks[-1].at > at - timedelta(seconds=caps.gap_s):
        return f"GP023 less than {caps.gap_s} s since the last click"
    return ""
