"""Reconciler: each post on our profile is explained by a permit or is a ghost; unknowns settle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast, get_args

import msgspec

from handlers.in_force import rules_in_force
from handlers.settling.bookkeeping import by_account, settled
from handlers.settling.explaining import explain
from handlers.settling.ledger import Ledger
from handlers.settling.missing import abandoned, disappeared
from handlers.settling.sightings import Attempt, Standing
from schema.contracts import Handler, Recorded
from schema.events.base import OfPermit
from schema.events.drafting import DraftAccepted
from schema.events.ghosts import (
    GhostDetected,
    PostDisappeared,
    PostPredatesLog,
    ProfileRead,
    ProfileReadFailed,
    ProfileReadOrdered,
    ReconciliationCompleted,
)
from schema.events.legacy import LegacyPostImported
from schema.events.operations import AccountOpened, Job, JobDue, MessageParked, SettingsChanged
from schema.events.posting import (
    ClickAttempt,
    ClickNotSent,
    ClickRejected,
    LateConfirmed,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingSuccess,
)
from schema.ids import ReadingId, derive
from schema.rules import Rules

SLOT_TOLERANCE = timedelta(seconds=5)
"""A slot may be recorded a little after it was due; the next one still counts as on time."""

LOST_AFTER = timedelta(minutes=4)
"""An outcome is on record long before: budget, sighting, and the lease that finds a dead worker."""

LOST = "nobody said what came of the attempt"
PARKED = "its order was set aside before anybody said what came of the attempt"

Hears = (
    SettingsChanged
    | AccountOpened
    | LegacyPostImported
    | JobDue
    | DraftAccepted
    | ClickAttempt
    | PostingSuccess
    | ClickNotSent
    | ClickRejected
    | OutcomeUnknown
    | ProfileRead
    | ProfileReadFailed
    | MessageParked
)
Says = (
    ProfileReadOrdered
    | OutcomeUnknown
    | PostingSuccess
    | LateConfirmed
    | OutcomeAbandoned
    | GhostDetected
    | PostPredatesLog
    | PostDisappeared
    | ReconciliationCompleted
)


class States(msgspec.Struct, frozen=True):
    """What the reconciler remembers."""

    rules: Rules
    ledger: Ledger


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Order readings when due, and explain what each one shows."""
    event = recorded.event
    match event:
        case JobDue(job=Job.RECONCILE):
            lost: list[Says] = [_unknown(a, LOST) for a in _lost(states.ledger, recorded.at)]
            return [*lost, _order(states, recorded)] if _wanted(states, recorded.at) else lost
        case ProfileRead():
            return _reconcile(states, cast("Recorded[ProfileRead]", recorded))
        case MessageParked():
            parked = _parked(states.ledger, event.order_position)
            return [_unknown(attempt, PARKED) for attempt in parked]
        case (
            SettingsChanged()
            | AccountOpened()
            | LegacyPostImported()
            | JobDue()
            | DraftAccepted()
            | ClickAttempt()
            | PostingSuccess()
            | ClickNotSent()
            | ClickRejected()
            | OutcomeUnknown()
            | ProfileReadFailed()
        ):
            return []


def _wanted(states: States, now: datetime) -> bool:
    """Look at the pace; never twice at once, for the first look would count for nothing."""
    sweep, pace_s = states.ledger.sweep, _pace_s(states, now)
    if sweep.under_way(now):
        return False
    return sweep.began is None or now - sweep.began >= timedelta(seconds=pace_s) - SLOT_TOLERANCE


def _pace_s(states: States, now: datetime) -> int:
    """Read often while an outcome is unknown, seldom after a clean day."""
    rules, ledger = states.rules.post, states.ledger
    if any(a.standing is Standing.UNKNOWN for a in ledger.attempts.values()):
        return rules.read_every_unknown_s
    if ledger.clean_since is None:
        return rules.read_every_s
    clean = now - ledger.clean_since >= timedelta(seconds=rules.clean_after_s)
    return rules.read_every_clean_s if clean else rules.read_every_s


def _lost(ledger: Ledger, now: datetime) -> list[Attempt]:
    """Return what no worker has given an outcome: it died, or its order was lost."""
    return [a for a in _spent(ledger) if now - a.attempted_at >= LOST_AFTER]


def _parked(ledger: Ledger, order: int) -> list[Attempt]:
    """Return the attempt whose order was set aside: no worker will give it an outcome."""
    return [a for a in _spent(ledger) if a.order == order]


def _spent(ledger: Ledger) -> list[Attempt]:
    return [a for a in ledger.attempts.values() if a.standing is Standing.SPENT]


def _unknown(attempt: Attempt, detail: str) -> OutcomeUnknown:
    fields = {
        **attempt.ids,
        "type": "outcome_unknown",
        "target_post_id": attempt.target_post_id,
        "spends": attempt.last,
        "detail": detail,
    }
    return msgspec.convert(fields, OutcomeUnknown, strict=False)


def _order(
    states: States, recorded: Recorded[Hears], older_than: str | None = None
) -> ProfileReadOrdered:
    return ProfileReadOrdered(
        reading_id=ReadingId(derive(recorded.event_id, "reading")),
        back_to=states.ledger.reconciled,
        limit=states.rules.post.reading_limit,
        older_than=older_than,
    )


def _reconcile(states: States, recorded: Recorded[ProfileRead]) -> list[Says]:
    event, ledger, said = recorded.event, states.ledger, list[Says]()
    explained = 0
    for post in reversed(event.posts):
        found = None if post.post_id in ledger.posts else explain(ledger, post, recorded)
        if isinstance(found, PostingSuccess | LateConfirmed):
            ledger = settled(ledger, found, recorded.at)
        explained += post.post_id in ledger.posts or isinstance(found, PostPredatesLog)
        said += [found] if found else []
    given_up = abandoned(ledger, event, states.rules.post, recorded.at)
    said += given_up
    said += disappeared(states.ledger, event)
    unknown = sum(a.standing is Standing.UNKNOWN for a in ledger.attempts.values())
    completed = ReconciliationCompleted(
        reading_id=event.reading_id,
        seen=len(event.posts),
        explained=explained,
        settled=sum(isinstance(e, OfPermit) for e in said),
        ghosts=sum(isinstance(e, GhostDetected) for e in said),
        still_unknown=unknown - len(given_up),
        complete=event.complete,
    )
    if states.ledger.goes_on(event):
        said.append(_order(states, recorded, older_than=event.posts[-1].post_id))
    return [*said, completed]


reconciler = Handler(
    name="reconciler",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={"rules": rules_in_force, "ledger": by_account},
    states=States,
    decide=decide,
    jobs=(Job.RECONCILE,),
)
