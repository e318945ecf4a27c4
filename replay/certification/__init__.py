"""Certify from the log alone that production is alive and ghost-free: A to G, one verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from replay.certification.checks import CHECKS, WINDOW, Bounds, Check, Status
from replay.certification.evidence import Evidence
from replay.certification.next_action import CAUSAL_ORDER, next_action
from replay.certification.posts import replies_since
from replay.certification.reading import Place, gathered, place_of
from replay.moment import NOW, Moment, written
from replay.reading import first_since
from replay.source import Log
from schema.builds import same_build
from schema.errors import BadInput
from schema.ids import Account


class Certified(StrEnum):
    """The verdict."""

    OPERATIONAL = "OPERATIONAL"
    PARTIALLY = "PARTIALLY OPERATIONAL"
    NOT = "NOT OPERATIONAL"


EXIT_CODES = {Certified.OPERATIONAL: 0, Certified.PARTIALLY: 1, Certified.NOT: 2}


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer for one account at one moment. `boot` is the first position that counts."""

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

    @property
    def broken(self) -> Check | None:
        """The check that names the blocker."""
        return next((one for one in self.checks if one.blocks and one.blocks == self.blocker), None)


@dataclass(frozen=True)
class Question:
    """What is asked: up to which moment, counted from where, and which build should run.

    `now` is the clock's time, which decides when nothing else does.
    """

    now: datetime
    until: Moment = NOW
    since: Moment = NOW
    expect_sha: str | None = None


async def certify(store: Log, account: Account, question: Question) -> Certificate:
    """Answer for one account.

    Raises:
        BadInput: the moment is not in the log or still to come, or it is before `since`.
    """
    place = await place_of(store, account, question.until, question.now)
    evidence = await gathered(store, account, place, WINDOW)
    bounds = await _bounds(store, account, evidence, place, question)
    checks = tuple(check(evidence, bounds) for check in CHECKS)
    blocker = _blocker(checks)
    return Certificate(
        verdict=_verdict(checks),
        blocker=blocker,
        next_action=next_action(blocker, evidence),
        at=written(place.at),
        checks=checks,
        account=account,
        boot=bounds.start,
    )


def worst(certificates: list[Certificate]) -> Certificate:
    """Return the certificate that says most against production; of equals the first."""
    return max(certificates, key=lambda one: one.exit_code)


async def _bounds(
    store: Log, account: Account, evidence: Evidence, place: Place, question: Question
) -> Bounds:
    origin = "since boot"
    if question.since == NOW:
        start = _boot(evidence)
    else:
        start = await _start(store, account, place, question.since)
        origin = f"since {question.since}"
    replies = await replies_since(store, account, evidence, start)
    sha = question.expect_sha or evidence.rules.watch.expected_sha or _newest_sha(evidence)
    return Bounds(place.at, start, sha, replies, origin)


def _newest_sha(evidence: Evidence) -> str | None:
    started = evidence.of["worker_started"]
    return started[-1].event.git_sha if started else None


def _boot(evidence: Evidence) -> int | None:
    """Return the running build's first start."""
    running = _newest_sha(evidence)
    if running is None:
        return None
    started = evidence.of["worker_started"]
    return next(one.position for one in started if same_build(one.event.git_sha, running))


async def _start(store: Log, account: Account, place: Place, since: Moment) -> int:
    start = await first_since(store, account, since, place.size)
    if start > place.size or (since.at is not None and since.at > place.at):
        message = f"--since {since} is after the moment asked about, {written(place.at)}"
        raise BadInput(message, remedy="begin earlier, or leave --since out")
    return start


def _verdict(checks: tuple[Check, ...]) -> Certified:
    failed = {check.id for check in checks if check.status is Status.FAIL}
    if failed & {"A", "B", "G"}:
        return Certified.NOT
    return Certified.PARTIALLY if failed else Certified.OPERATIONAL


def _blocker(checks: tuple[Check, ...]) -> str | None:
    broken = {check.blocks for check in checks if check.status is Status.FAIL}
    return next((link for link in CAUSAL_ORDER if link in broken), None)
