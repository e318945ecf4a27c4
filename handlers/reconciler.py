"""Reconciler: each post on our profile is explained by a permit or is a ghost; unknowns settle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers.in_force import rules_in_force, whole_account
from handlers.sightings import CLOCK_TOLERANCE, Attempt, Standing, might_be, proves
from schema.contracts import Fold, Handler, Recorded
from schema.events.base import OfPermit, permit_ids
from schema.events.drafting import DraftAccepted
from schema.events.ghosts import (
    GhostDetected,
    GhostKind,
    PostDisappeared,
    PostPredatesLog,
    ProfileRead,
    ProfileReadFailed,
    ProfileReadOrdered,
    ReconciliationCompleted,
)
from schema.events.operations import AccountOpened, Job, JobDue, SettingsChanged
from schema.events.posting import (
    ClickAttempt,
    ClickNotSent,
    ClickRejected,
    LateConfirmed,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingSuccess,
    Via,
)
from schema.ids import ReadingId, derive
from schema.posts import Post
from schema.rules import PostRules, Rules
from schema.text import normalised

REMEMBERED_POSTS = 400
"""How many explained posts are kept, to tell a duplicate or a disappearance."""

SLOT_TOLERANCE = timedelta(seconds=5)
"""A slot may be recorded a little after it was due; the next one still counts as on time."""

Hears = (
    SettingsChanged
    | AccountOpened
    | JobDue
    | DraftAccepted
    | ClickAttempt
    | PostingSuccess
    | ClickNotSent
    | ClickRejected
    | OutcomeUnknown
    | ProfileRead
    | ProfileReadFailed
)
Says = (
    ProfileReadOrdered
    | PostingSuccess
    | LateConfirmed
    | OutcomeAbandoned
    | GhostDetected
    | PostPredatesLog
    | PostDisappeared
    | ReconciliationCompleted
)


class Explained(msgspec.Struct, frozen=True):
    """A post on our profile that needs no more explaining."""

    ours: bool
    text: str = ""
    target_post_id: str | None = None
    gone: bool = False


class Ledger(msgspec.Struct, frozen=True):
    """The epoch, texts accepted by permit, open attempts by permit, and posts by id."""

    epoch: datetime | None = None
    texts: dict[str, str] = {}
    attempts: dict[str, Attempt] = {}
    posts: dict[str, Explained] = {}
    reconciled: str | None = None
    ordered_at: datetime | None = None


class States(msgspec.Struct, frozen=True):
    """What the reconciler remembers."""

    rules: Rules
    ledger: Ledger


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Order readings when due, and explain what each one shows."""
    event = recorded.event
    match event:
        case JobDue(job=Job.RECONCILE):
            return [_order(states, recorded)] if _wanted(states, recorded.at) else []
        case ProfileRead():
            return _reconcile(states, event, recorded)
        case (
            SettingsChanged()
            | AccountOpened()
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
    """Read often while an outcome is unknown, else at the ordinary pace."""
    rules, ordered_at = states.rules.post, states.ledger.ordered_at
    unknown = any(a.standing is Standing.UNKNOWN for a in states.ledger.attempts.values())
    pace_s = rules.read_every_unknown_s if unknown else rules.read_every_s
    return ordered_at is None or now - ordered_at >= timedelta(seconds=pace_s) - SLOT_TOLERANCE


def _order(states: States, recorded: Recorded[Hears]) -> ProfileReadOrdered:
    return ProfileReadOrdered(
        reading_id=ReadingId(derive(recorded.event_id, "reading")),
        back_to=states.ledger.reconciled,
        limit=states.rules.post.reading_limit,
    )


def _reconcile(states: States, event: ProfileRead, recorded: Recorded[Hears]) -> list[Says]:
    ledger, said = states.ledger, list[Says]()
    open_attempts = dict(ledger.attempts)
    explained = 0
    for post in reversed(event.posts):
        if post.post_id in ledger.posts:
            explained += 1
            continue
        found = _explain(ledger, open_attempts, post, recorded, event.reading_id)
        explained += not isinstance(found, GhostDetected | None)
        said += [found] if found else []
    said += _abandon(open_attempts, event, states.rules.post, recorded.at)
    said += _disappeared(ledger, event)
    return [*said, _completed(event, said, explained, open_attempts)]


def _explain(
    ledger: Ledger,
    attempts: dict[str, Attempt],
    post: Post,
    recorded: Recorded[Hears],
    reading_id: ReadingId,
) -> Says | None:
    """Find what this post is; None while an open attempt may yet explain it."""
    proved = [(key, a) for key, a in attempts.items() if proves(post, a)]
    settled = next((pair for pair in proved if pair[1].standing is not Standing.SPENT), None)
    if settled is not None:
        del attempts[settled[0]]
        return _confirmed(settled[1], post)
    if ledger.epoch and post.posted_at and post.posted_at < ledger.epoch:
        return PostPredatesLog(
            reading_id=reading_id, posted_id=post.post_id, url=post.url, posted_at=post.posted_at
        )
    if any(might_be(post, attempt) for attempt in attempts.values()):
        return None
    return _ghost(ledger, post, recorded, reading_id)


def _confirmed(attempt: Attempt, post: Post) -> Says:
    fields: dict[str, Any] = {
        **attempt.ids,
        "target_post_id": attempt.target_post_id,
        "spends": attempt.last,
        "posted_id": post.post_id,
        "url": post.url,
        "text_hash": attempt.text_hash,
        "posted_at": post.posted_at,
    }
    if attempt.standing is Standing.ABANDONED:
        return msgspec.convert(fields | {"type": "late_confirmed"}, LateConfirmed, strict=False)
    fields |= {"type": "posting_success", "via": Via.RECONCILIATION}
    return msgspec.convert(fields, PostingSuccess, strict=False)


def _ghost(
    ledger: Ledger, post: Post, recorded: Recorded[Hears], reading_id: ReadingId
) -> GhostDetected:
    twin = any(
        known.ours
        and normalised(known.text) == normalised(post.text)
        and known.target_post_id == post.in_reply_to
        for known in ledger.posts.values()
    )
    missing = ("unspent_permit",) if twin else ("permit", "click_attempt", "posting_success")
    return GhostDetected(
        reading_id=reading_id,
        posted_id=post.post_id,
        url=post.url,
        text=post.text,
        posted_at=post.posted_at,
        detected_at=recorded.at,
        target_post_id=post.in_reply_to,
        missing=missing,
        kind=GhostKind.DUPLICATE if twin else GhostKind.UNEXPLAINED,
    )


def _abandon(
    attempts: dict[str, Attempt], event: ProfileRead, rules: PostRules, now: datetime
) -> list[Says]:
    """Give up on unknowns that enough complete readings over enough time did not show."""
    said: list[Says] = []
    for attempt in attempts.values():
        if attempt.standing is not Standing.UNKNOWN or not event.complete:
            continue
        since = attempt.unknown_at or attempt.attempted_at
        waited, readings = now - since, attempt.readings + 1
        if readings >= rules.settle_readings and waited >= timedelta(seconds=rules.settle_s):
            fields = {
                **attempt.ids,
                "type": "outcome_abandoned",
                "target_post_id": attempt.target_post_id,
                "spends": attempt.last,
                "readings": readings,
                "waited_s": int(waited.total_seconds()),
            }
            said.append(msgspec.convert(fields, OutcomeAbandoned, strict=False))
    return said


def _disappeared(ledger: Ledger, event: ProfileRead) -> list[Says]:
    """Report confirmed posts that a complete reading should have shown and did not."""
    if not event.complete or not event.posts:
        return []
    shown = {post.post_id for post in event.posts}
    known_ids = list(ledger.posts)
    reached = [place for place, posted_id in enumerate(known_ids) if posted_id in shown]
    first = reached[0] if reached else len(known_ids)
    return [
        PostDisappeared(reading_id=event.reading_id, posted_id=posted_id)
        for posted_id in known_ids[first:]
        if posted_id not in shown
        and ledger.posts[posted_id].ours
        and not ledger.posts[posted_id].gone
    ]


def _completed(
    event: ProfileRead, said: list[Says], explained: int, attempts: dict[str, Attempt]
) -> ReconciliationCompleted:
    gone = [e.permit_id for e in said if isinstance(e, OutcomeAbandoned)]
    return ReconciliationCompleted(
        reading_id=event.reading_id,
        seen=len(event.posts),
        explained=explained,
        settled=sum(isinstance(e, OfPermit) for e in said),
        ghosts=sum(isinstance(e, GhostDetected) for e in said),
        still_unknown=sum(a.standing is Standing.UNKNOWN for a in attempts.values()) - len(gone),
        complete=event.complete,
    )


def _evolve(ledger: Ledger, recorded: Recorded[Any]) -> Ledger:
    event = recorded.event
    match event:
        case AccountOpened():
            return replace(ledger, epoch=recorded.at)
        case ProfileReadOrdered():
            return replace(ledger, ordered_at=recorded.at)
        case DraftAccepted():
            return replace(ledger, texts=_recent(ledger.texts | {str(event.permit_id): event.text}))
        case ClickAttempt():
            return _attempted(ledger, event, recorded)
        case OutcomeUnknown():
            return _stand(ledger, event, recorded, Standing.UNKNOWN)
        case OutcomeAbandoned():
            return _stand(ledger, event, recorded, Standing.ABANDONED)
        case ClickNotSent() | ClickRejected():
            return replace(ledger, attempts=_without(ledger.attempts, event.permit_id))
        case PostingSuccess() | LateConfirmed():
            return _settled(ledger, event)
        case GhostDetected() | PostPredatesLog():
            entry = {event.posted_id: Explained(ours=False)}
            return replace(ledger, posts=_recent(ledger.posts | entry))
        case PostDisappeared():
            gone = replace(ledger.posts[event.posted_id], gone=True)
            return replace(ledger, posts=ledger.posts | {event.posted_id: gone})
        case ProfileRead():
            return _counted(ledger, event)
        case _:
            return ledger


def _attempted(ledger: Ledger, event: ClickAttempt, recorded: Recorded[Any]) -> Ledger:
    ids = {k: None if v is None else str(v) for k, v in permit_ids(event).items()}
    del ids["target_post_id"]
    attempt = Attempt(
        ids=ids,
        last=recorded.event_id,
        standing=Standing.SPENT,
        text=ledger.texts.get(str(event.permit_id), ""),
        text_hash=event.text_hash,
        target_post_id=event.target_post_id,
        attempted_at=recorded.at,
    )
    return replace(ledger, attempts=ledger.attempts | {str(event.permit_id): attempt})


def _stand(ledger: Ledger, event: OfPermit, recorded: Recorded[Any], standing: Standing) -> Ledger:
    attempt = ledger.attempts.get(str(event.permit_id))
    if attempt is None:
        return ledger
    unknown_at = recorded.at if standing is Standing.UNKNOWN else attempt.unknown_at
    now = replace(attempt, standing=standing, last=recorded.event_id, unknown_at=unknown_at)
    return replace(ledger, attempts=ledger.attempts | {str(event.permit_id): now})


def _settled(ledger: Ledger, event: PostingSuccess | LateConfirmed) -> Ledger:
    attempt = ledger.attempts.get(str(event.permit_id))
    explained = Explained(
        ours=True,
        text=attempt.text if attempt else "",
        target_post_id=event.target_post_id,
    )
    return replace(
        ledger,
        attempts=_without(ledger.attempts, event.permit_id),
        texts=_without(ledger.texts, event.permit_id),
        posts=_recent(ledger.posts | {event.posted_id: explained}),
    )


def _counted(ledger: Ledger, event: ProfileRead) -> Ledger:
    """Count a complete reading for each unknown, and move the mark readings go back to."""
    if not event.complete:
        return ledger
    attempts = {
        key: replace(a, readings=a.readings + 1) if a.standing is Standing.UNKNOWN else a
        for key, a in ledger.attempts.items()
    }
    return replace(ledger, attempts=attempts, reconciled=_mark(ledger, event))


def _mark(ledger: Ledger, event: ProfileRead) -> str | None:
    """Return the newest known post older than every open attempt, else the mark as it is."""
    opened = [a.attempted_at - CLOCK_TOLERANCE for a in ledger.attempts.values()]
    oldest_open = min(opened, default=None)
    for post in event.posts:
        old_enough = oldest_open is None or (post.posted_at and post.posted_at < oldest_open)
        if post.post_id in ledger.posts and old_enough:
            return post.post_id
    return ledger.reconciled


def _without(entries: dict[str, Any], key: object) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if name != str(key)}


def _recent(entries: dict[str, Any]) -> dict[str, Any]:
    return dict(list(entries.items())[-REMEMBERED_POSTS:])


reconciler = Handler(
    name="reconciler",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "ledger": Fold(state=Ledger, initial=Ledger(), key=whole_account, evolve=_evolve),
    },
    states=States,
    decide=decide,
)
