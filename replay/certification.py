"""Certify from the log alone that production is alive and ghost-free: A to G, one verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from replay.certified import CERTIFIED_TYPES, Evidence
from replay.certified_checks import CHECKS, Bounds, Check, Status, is_build
from replay.moment import NOW, Moment, written
from replay.reading import walk
from replay.source import Log
from schema.ids import Account


class Certified(StrEnum):
    """The verdict."""

    OPERATIONAL = "OPERATIONAL"
    PARTIALLY = "PARTIALLY OPERATIONAL"
    NOT = "NOT OPERATIONAL"


EXIT_CODES = {Certified.OPERATIONAL: 0, Certified.PARTIALLY: 1, Certified.NOT: 2}

CAUSAL_ORDER = ("sha", "worker", "fetch", "queue", "scheduler", "permit", "post", "ghost")
"""The links of production: a broken one explains the ones after it."""

NEXT_ACTION = {
    "sha": "restart the workers that run another build, or correct --expect-sha",
    "worker": "start a worker: `ghostproof run`; if one should be up, read its last lines",
    "fetch": "see why fetching fails: `ghostproof events --type fetch_failed --limit 5`",
    "queue": "see why candidates fall: `ghostproof events --type candidate_rejected --limit 20`",
    "scheduler": "see the slots: `ghostproof show slots`; then the worker's schedule role",
    "permit": "see why slots ended without a decision: `ghostproof show slots`",
    "post": "follow the newest permit: `ghostproof show permits`, then `ghostproof trace ID`",
    "ghost": "look at each ghost: `ghostproof show ghosts`, `ghostproof why POST`; "
    "then `ghostproof ghost acknowledge POST --why …`",
}


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer for one account at one moment."""

    verdict: Certified
    blocker: str | None
    next_action: str
    at: str
    checks: tuple[Check, ...]
    account: str
    boot: int | None

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        return EXIT_CODES[self.verdict]


@dataclass(frozen=True)
class Question:
    """What is asked: the moment (`at` its time), where to begin, and the build that should run."""

    at: datetime
    until: Moment = NOW
    since: Moment = NOW
    expect_sha: str | None = None


async def certify(store: Log, account: Account, question: Question) -> Certificate:
    """Answer for one account."""
    evidence = Evidence()
    async for recorded in walk(store, account, types=CERTIFIED_TYPES, until=question.until):
        evidence.see(recorded)
    return certificate(account, evidence, question)


def certificate(account: Account, evidence: Evidence, question: Question) -> Certificate:
    """Judge the evidence."""
    bounds = _bounds(evidence, question)
    checks = tuple(check(evidence, bounds) for check in CHECKS)
    blocker = _blocker(checks)
    return Certificate(
        verdict=_verdict(checks),
        blocker=blocker,
        next_action=NEXT_ACTION[blocker] if blocker else "none",
        at=written(question.at),
        checks=checks,
        account=account,
        boot=bounds.start,
    )


def worst(certificates: list[Certificate]) -> Certificate:
    """Return the certificate that says most against production; of equals the first."""
    return max(certificates, key=lambda one: one.exit_code)


def _bounds(evidence: Evidence, question: Question) -> Bounds:
    started = evidence.of["worker_started"]
    sha = question.expect_sha or (started[-1].event.git_sha if started else None)
    boot = next((one.position for one in started if is_build(one.event.git_sha, sha)), None)
    if question.since != NOW:
        boot = _first_after(evidence, question.since)
    return Bounds(at=question.at, start=boot, sha=sha)


def _first_after(evidence: Evidence, since: Moment) -> int | None:
    if since.position is not None:
        return since.position
    later = [
        one.position
        for events in evidence.of.values()
        for one in events
        if since.at is not None and one.at >= since.at
    ]
    return min(later, default=None)


def _verdict(checks: tuple[Check, ...]) -> Certified:
    failed = {check.id for check in checks if check.status is Status.FAIL}
    if failed & {"A", "B", "G"}:
        return Certified.NOT
    return Certified.PARTIALLY if failed else Certified.OPERATIONAL


def _blocker(checks: tuple[Check, ...]) -> str | None:
    broken = {check.blocks for check in checks if check.status is Status.FAIL}
    return next((link for link in CAUSAL_ORDER if link in broken), None)
