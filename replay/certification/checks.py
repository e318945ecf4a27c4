"""The checks A to G of a certification, each a judgement of the evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from replay.certification.evidence import Evidence
from replay.certification.ghosts import blocked_attempts, open_ghosts
from replay.certification.posts import Replies
from schema.builds import UNKNOWN, same_build
from schema.contracts import Recorded
from schema.events.scheduling import QUIET_HOURS

LIVE = timedelta(minutes=15)  # three watchdog reports may be missed before a worker counts as dead
WINDOW = timedelta(minutes=30)  # two slots of the scheduler, six of the fetch

FETCHES_STARTED_MIN = 3
FETCHES_OK_MIN = 2
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
    """The moment judged, the first position that counts (None: never booted), the expected sha.

    `origin` says in words where counting starts.
    """

    at: datetime
    start: int | None
    sha: str | None
    replies: Replies = field(default_factory=Replies)
    origin: str = "since boot"


def running_sha(evidence: Evidence, bounds: Bounds) -> Check:
    """Check A: every worker that reported lately runs the expected build.

    One that has stopped since does not count beside one that runs. Where none runs, whoever ran
    last is asked: a build that nobody has seen must not pass.
    """
    stopped = {one.event.worker_id: one.position for one in evidence.of["worker_stopped"]}
    reports = evidence.within("watchdog_reported", bounds.at, LIVE)
    latest = {one.event.worker_id: one for one in reports}
    running = [
        one for one in latest.values() if stopped.get(one.event.worker_id, -1) < one.position
    ]
    asked = running or list(latest.values())
    wrong = [one for one in asked if not same_build(one.event.git_sha, bounds.sha or "")]
    if wrong:
        others = ", ".join(sorted({one.event.git_sha for one in wrong}))
        detail = f"{others} {'runs' if running else 'ran last'}, expected {bounds.sha}"
    else:
        detail = f"{len(running)} reporting in 15 min, expected {bounds.sha or 'none'}"
        detail += ": GIT_SHA would name it" if bounds.sha == UNKNOWN else ""
    seen = wrong or list(latest.values()) or evidence.newest(["worker_started"])
    return _row("A running sha", detail, seen, "sha" if wrong else None)


def worker_alive(evidence: Evidence, bounds: Bounds) -> Check:
    """Check B: a watchdog report lately."""
    reports = evidence.within("watchdog_reported", bounds.at, LIVE)
    last = evidence.newest(["watchdog_reported"])
    if reports:
        detail = f"last report {_ago(bounds.at, last[0].at)}"
    else:
        seen = _ago(bounds.at, last[0].at) if last else "never"
        detail = f"no report in 15 min, last: {seen}"
    last = last or evidence.newest(["worker_started", "worker_stopped"])
    return _row("B worker alive", detail, last, None if reports else "worker")


def fetching(evidence: Evidence, bounds: Bounds) -> Check:
    """Check C: fetches start and end well."""
    started = evidence.within("fetch_started", bounds.at, WINDOW)
    completed = evidence.within("fetch_completed", bounds.at, WINDOW)
    good = [one for one in completed if one.event.ok]
    holds = len(started) >= FETCHES_STARTED_MIN and len(good) >= FETCHES_OK_MIN
    detail = (
        f"{len(started)} started (≥ {FETCHES_STARTED_MIN}), "
        f"{len(good)} completed ok (≥ {FETCHES_OK_MIN}) in 30 min"
    )
    seen = [*started, *completed] or evidence.newest(["fetch_started", "fetch_completed"])
    return _row("C fetch", detail, seen, None if holds else "fetch")


def queue_filled(evidence: Evidence, bounds: Bounds) -> Check:
    """Check D: enough waits in the queue."""
    live, target = evidence.live_items(bounds.at), evidence.rules.queue.target
    seen = live or evidence.newest(
        ["candidate_queued", "candidate_selected", "candidate_rejected", "candidate_expired"]
    )
    holds = len(live) >= target
    return _row("D queue", f"{len(live)} waiting (≥ {target})", seen, None if holds else "queue")


def scheduling(evidence: Evidence, bounds: Bounds) -> Check:
    """Check E: slots open, close, and make permits, each slot in quiet hours one less."""
    started = evidence.within("scheduler_started", bounds.at, WINDOW)
    closed = evidence.within("slot_closed", bounds.at, WINDOW)
    permits = evidence.within("permit_created", bounds.at, WINDOW)
    quiet = sum(one.event.detail.startswith(QUIET_HOURS) for one in closed)
    wanted = max(PERMITS_MIN - quiet, 0)
    if min(len(started), len(closed)) < SLOTS_MIN:
        broken: str | None = "scheduler"
    else:
        broken = "permit" if len(permits) < wanted else None
    detail = (
        f"{len(started)} starts (≥ {SLOTS_MIN}), {len(closed)} slots closed (≥ {SLOTS_MIN}), "
        f"{len(permits)} permits (≥ {wanted}{f', {QUIET_HOURS}' if quiet else ''}) in 30 min"
    )
    seen = [*started, *closed, *permits] or evidence.newest(["scheduler_started", "slot_closed"])
    return _row("E scheduler", detail, seen, broken)


def confirmed_reply(evidence: Evidence, bounds: Bounds) -> Check:
    """Check F: a reply was confirmed with its whole chain."""
    if evidence.rules.mode == "shadow":
        row = _row("F confirmed reply", "shadow mode does not click", ())
        return msgspec.structs.replace(row, status=Status.NOT_APPLICABLE)
    replies = bounds.replies
    if replies.whole:
        post = replies.whole[-1].event.posted_id
        detail = f"{len(replies.confirmed)} {bounds.origin}, {post} with its whole chain"
        return _row("F confirmed reply", detail, replies.whole)
    if bounds.start is None:
        detail = "no worker ever started"
    else:
        detail = f"none {bounds.origin}" + (f": {replies.fault}" if replies.fault else "")
    seen = replies.confirmed or evidence.newest(["permit_created", "permit_rejected"])
    return _row("F confirmed reply", detail, seen, "post")


def no_ghost(evidence: Evidence, bounds: Bounds) -> Check:
    """Check G: no open ghost and no blocked attempt; what is older is counted apart."""
    start = bounds.start or 0
    ghosts = [one for one in open_ghosts(evidence) if one.position >= start]
    older = len(open_ghosts(evidence)) - len(ghosts)
    blocked = blocked_attempts(evidence, start)
    predating = len(evidence.of["post_predates_log"])
    parts = [
        f"unacknowledged ghosts {len(ghosts)}, blocked attempts {len(blocked)}, {bounds.origin}",
        f"older ghosts {older}" if older else "",
        f"posts from before the log {predating}" if predating else "",
    ]
    detail = "; ".join(part for part in parts if part)
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
        evidence=tuple(sorted({one.position for one in seen})[-EVIDENCE_MAX:]),
        blocks=blocks,
    )


def _ago(at: datetime, then: datetime) -> str:
    seconds = max(0, round((at - then).total_seconds()))
    if seconds < 120:  # noqa: PLR2004 -- finer than anybody needs beyond
        return f"{seconds} s ago"
    minutes = seconds // 60
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"  # noqa: PLR2004
