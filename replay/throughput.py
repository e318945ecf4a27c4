"""Throughput: what a window of time brought, against what a healthy one brings."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from replay.certification.evidence import LATELY, Evidence
from replay.certification.ghosts import foreign_sources
from replay.certification.reading import gathered, place_of
from replay.moment import Moment, written
from replay.source import Log
from schema.ids import Account
from schema.rules import PermitRules

HALF_HOUR = timedelta(minutes=30)
"""The window for which the targets are written; in another one they grow or shrink with it."""

JUDGE = "target_judge"
COUNTED = (*(name for name in LATELY if name != "watchdog_reported"), "model_called")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line: `target` is the least that passes, of refusals the most."""

    name: str
    target: int
    actual: int
    ok: bool

    @property
    def wanted(self) -> str:
        """Return the target as people write it."""
        return f"≥ {self.target}" if self.target else "0"


class Throughput(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer for one account."""

    account: str
    at: str
    window_s: int
    ok: bool
    rows: tuple[Row, ...]

    @property
    def failed(self) -> int:
        """How many lines do not pass."""
        return sum(not row.ok for row in self.rows)


async def throughput(
    store: Log, account: Account, until: Moment, window: timedelta, now: datetime
) -> Throughput:
    """Count over the window that ends at the moment; `now` is the clock's time.

    Raises:
        BadInput: the moment is not in the log or still to come.
    """
    place = await place_of(store, account, until, now)
    evidence = await gathered(store, account, place, window, COUNTED)
    rows = _rows(evidence, place.at, window)
    return Throughput(
        account=account,
        at=written(place.at),
        window_s=int(window.total_seconds()),
        ok=all(row.ok for row in rows),
        rows=rows,
    )


def _rows(evidence: Evidence, at: datetime, window: timedelta) -> tuple[Row, ...]:
    def count(*names: str) -> int:
        return sum(len(evidence.within(name, at, window)) for name in names)

    rules = evidence.rules.permit
    fetched = [one for one in evidence.within("fetch_completed", at, window) if one.event.ok]
    calls = evidence.within("model_called", at, window)
    judged = [one for one in calls if one.event.purpose == JUDGE]
    refused = [one for one in foreign_sources(evidence, 0) if at - window < one.at <= at]
    return (
        _least("fetch started", _scaled(3, window), count("fetch_started")),
        _least("fetch completed", _scaled(2, window), len(fetched)),
        _least("queue", evidence.rules.queue.target, len(evidence.live_items(at))),
        _least("scheduler started", _scaled(2, window), count("scheduler_started")),
        _least("slots closed", _scaled(2, window), count("slot_closed")),
        _least("permits created", _capped(2, window, rules), count("permit_created")),
        _least(
            "replies confirmed",
            _capped(1, window, rules),
            count("posting_success", "late_confirmed"),
        ),
        _least("judge calls", 1, len(judged)),
        Row(name="invalid-source refusals", target=0, actual=len(refused), ok=not refused),
    )


def _least(name: str, target: int, actual: int) -> Row:
    return Row(name=name, target=target, actual=actual, ok=actual >= target)


def _scaled(in_half_an_hour: int, window: timedelta) -> int:
    """Return the target for a window, at least 1: whole events only, and no rounding up."""
    return max(1, int(in_half_an_hour * (window / HALF_HOUR)))


def _capped(in_half_an_hour: int, window: timedelta, rules: PermitRules) -> int:
    """Return the target for a window in which no more may be posted than the caps allow."""
    days = max(1, window / timedelta(days=1))
    return max(1, min(_scaled(in_half_an_hour, window), int(rules.per_day * days)))
