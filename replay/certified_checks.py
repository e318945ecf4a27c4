"""The checks A to G of a certification, each a judgement of the evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from replay.certified import Evidence
from replay.certified_ghosts import blocked_attempts, open_ghosts
from replay.certified_posts import whole_replies
from schema.contracts import Recorded

LIVE = timedelta(minutes=15)  # three watchdog reports may be missed before a worker counts as dead
LATELY = timedelta(minutes=30)  # two slots of the scheduler, six of the fetch

FETCHES_STARTED_MIN = 3
FETCHES_OK_MIN = 2
QUEUE_MIN = 10
SLOTS_MIN = 2
PERMITS_MIN = 2

EVIDENCE_MAX = 20  # positions shown; the detail says how many there are


class Status(StrEnum):
    """How a check ended."""

    PASS = "pass"  # noqa: S105 -- a verdict
    FAIL = "fail"
    NOT_APPLICABLE = "not applicable"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table; `evidence` are positions, `blocks` the link of production it breaks."""

    id: str
    name: str
    status: Status
    detail: str
    evidence: tuple[int, ...]
    blocks: str | None = None


@dataclass(frozen=True)
class Bounds:
    """The moment judged, the first position that counts (None: never booted), the expected sha."""

    at: datetime
    start: int | None
    sha: str | None


def is_build(sha: str, expected: str | None) -> bool:
    """Say whether a build is the expected one; an abbreviated sha will do."""
    return bool(expected) and sha.startswith(expected or "")


def running_sha(evidence: Evidence, bounds: Bounds) -> Check:
    """Check A: every worker that reported lately runs the expected build."""
    reports = evidence.within("watchdog_reported", bounds.at, LIVE)
    latest = {one.event.worker_id: one for one in reports}
    wrong = [one for one in latest.values() if not is_build(one.event.git_sha, bounds.sha)]
    others = sorted({one.event.git_sha for one in wrong})
    detail = f"{len(latest)} reporting, expected {bounds.sha or 'none'}"
    if wrong:
        detail += f", but {', '.join(others)} runs"
    return _row("A running sha", detail, wrong or list(latest.values()), "sha" if wrong else None)


def worker_alive(evidence: Evidence, bounds: Bounds) -> Check:
    """Check B: a watchdog report lately."""
    reports = evidence.within("watchdog_reported", bounds.at, LIVE)
    ever = evidence.of["watchdog_reported"]
    if reports:
        detail = f"last report {_ago(bounds.at, reports[-1].at)}"
    else:
        detail = (
            f"no report in 15 min, last seen: {_ago(bounds.at, ever[-1].at) if ever else 'never'}"
        )
    return _row("B worker alive", detail, (reports or ever)[-1:], None if reports else "worker")


def fetching(evidence: Evidence, bounds: Bounds) -> Check:
    """Check C: fetches start and end well."""
    started = evidence.within("fetch_started", bounds.at, LATELY)
    completed = evidence.within("fetch_completed", bounds.at, LATELY)
    good = [one for one in completed if one.event.ok]
    holds = len(started) >= FETCHES_STARTED_MIN and len(good) >= FETCHES_OK_MIN
    detail = (
        f"{len(started)} started (≥ {FETCHES_STARTED_MIN}), "
        f"{len(good)} completed ok (≥ {FETCHES_OK_MIN}) in 30 min"
    )
    return _row("C fetch", detail, [*started, *good], None if holds else "fetch")


def queue_filled(evidence: Evidence, bounds: Bounds) -> Check:
    """Check D: enough waits in the queue."""
    live = evidence.live_items(bounds.at)
    detail = f"{len(live)} waiting (≥ {QUEUE_MIN})"
    return _row("D queue", detail, live, None if len(live) >= QUEUE_MIN else "queue")


def scheduling(evidence: Evidence, bounds: Bounds) -> Check:
    """Check E: slots open, close, and make permits."""
    started = evidence.within("scheduler_started", bounds.at, LATELY)
    closed = evidence.within("slot_closed", bounds.at, LATELY)
    permits = evidence.within("permit_created", bounds.at, LATELY)
    if min(len(started), len(closed)) < SLOTS_MIN:
        broken: str | None = "scheduler"
    else:
        broken = "permit" if len(permits) < PERMITS_MIN else None
    detail = (
        f"{len(started)} starts (≥ {SLOTS_MIN}), {len(closed)} slots closed (≥ {SLOTS_MIN}), "
        f"{len(permits)} permits (≥ {PERMITS_MIN}) in 30 min"
    )
    return _row("E scheduler", detail, [*started, *closed, *permits], broken)


def confirmed_reply(evidence: Evidence, bounds: Bounds) -> Check:
    """Check F: since the boot, a reply was confirmed with its whole chain."""
    if evidence.rules.mode == "shadow":
        detail = "shadow mode does not click"
        row = _row("F confirmed reply", detail, ())
        return msgspec.structs.replace(row, status=Status.NOT_APPLICABLE)
    whole, last_fault = whole_replies(evidence, bounds.start)
    detail = f"{len(whole)} since boot" if whole else f"none since boot{last_fault}"
    return _row("F confirmed reply", detail, whole, None if whole else "post")


def no_ghost(evidence: Evidence, bounds: Bounds) -> Check:
    """Check G: since the boot, no open ghost and no blocked attempt."""
    start = bounds.start or 0
    ghosts = open_ghosts(evidence, start)
    blocked = blocked_attempts(evidence, start)
    detail = f"{len(ghosts)} unacknowledged ghosts, {len(blocked)} blocked attempts since boot"
    return _row("G no ghost", detail, [*ghosts, *blocked], "ghost" if ghosts or blocked else None)


CHECKS: Sequence[Callable[[Evidence, Bounds], Check]] = (
    running_sha,
    worker_alive,
    fetching,
    queue_filled,
    scheduling,
    confirmed_reply,
    no_ghost,
)


def _row(name: str, detail: str, seen: Sequence[Recorded[Any]], blocks: str | None = None) -> Check:
    letter, title = name.split(maxsplit=1)
    return Check(
        id=letter,
        name=title,
        status=Status.FAIL if blocks else Status.PASS,
        detail=detail,
        evidence=tuple(sorted(one.position for one in seen)[-EVIDENCE_MAX:]),
        blocks=blocks,
    )


def _ago(at: datetime, then: datetime) -> str:
    return f"{max(0, round((at - then).total_seconds()))} s ago"
