"""Forged logs: a lawful story as the audit sees it, and ways to break it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from eventstore.auditing import StoredRow
from replay.entry import Entry, entry_of
from schema.catalogue import type_of
from schema.events.base import Event
from schema.events.blocking import AuthorBlocked
from schema.events.ghosts import ProfileRead, ReconciliationCompleted
from schema.events.operations import (
    Job,
    JobDue,
    PostingAllowed,
    PostingStopped,
    SettingsChanged,
    StopSource,
    WatchdogReported,
)
from schema.events.posting import (
    ClickNotSent,
    NotSentReason,
    OutcomeAbandoned,
)
from schema.ids import EventId, ReadingId, named
from schema.law import law_columns
from schema.posts import Post
from schema.rules import PermitRules, Rules
from tests.doubles.story import WORKER, Story

Log = list[Entry]


def told() -> Log:
    """Return a lawful log with one whole reply."""
    story = Story()
    story.replied("marta")
    return [entry_of(row) for row in story.rows]


def find(log: Log, name: str) -> int:
    return next(place for place, entry in enumerate(log) if entry.type == name)


def again(log: Log, name: str, **changed: Any) -> Log:
    """Put another entry like the first of a type at the end."""
    twin = replace(
        log[find(log, name)], position=len(log), event_id=named(str(len(log))), at=log[-1].at
    )
    return [*log, with_event(twin, **changed)]


def with_event(entry: Entry, **changed: Any) -> Entry:
    """Change the event and the columns that repeat it."""
    event = msgspec.structs.replace(entry.event, **changed)
    law = law_columns(event)
    return replace(
        entry,
        event=event,
        permit=law.permit,
        posted_id=law.posted_id,
        text_hash=law.text_hash,
        target=law.target,
        target_author=law.target_author,
    )


def changed(log: Log, name: str, **fields: Any) -> Log:
    place = find(log, name)
    return [*log[:place], with_event(log[place], **fields), *log[place + 1 :]]


def moved(log: Log, name: str, **columns: Any) -> Log:
    place = find(log, name)
    return [*log[:place], replace(log[place], **columns), *log[place + 1 :]]


def without(log: Log, name: str) -> Log:
    return [entry for entry in log if entry.type != name]


def stopped_before_the_click(log: Log) -> Log:
    place = find(log, "click_attempt")
    event = PostingStopped(source=StopSource.LOGGED, why="w", by="me")
    stop = replace(
        log[place], type="posting_stopped", event=event, event_id=named("stop"), permit=None
    )
    return [*log[:place], stop, *log[place:]]


def stopped_for_a_moment(log: Log) -> Log:
    stopped = stopped_before_the_click(log)
    place = find(stopped, "click_attempt")
    event = PostingAllowed(source=StopSource.LOGGED, why="w", by="me")
    over = replace(
        stopped[place], type="posting_allowed", event=event, event_id=named("over"), permit=None
    )
    return [*stopped[:place], over, *stopped[place:]]


def abandoned_at_once(log: Log) -> Log:
    ids = {name: getattr(log[-1].event, name) for name in OutcomeAbandoned.__struct_fields__[:7]}
    event = OutcomeAbandoned(**ids, spends=EventId(log[-1].event_id), readings=5, waited_s=1800)
    return [*log, replace(log[-1], type="outcome_abandoned", event=event, position=len(log))]


def not_sent_by_another(log: Log) -> Log:
    base = log[find(log, "click_attempt")]
    ids = {name: getattr(base.event, name) for name in ClickNotSent.__struct_fields__[:7]}
    event = ClickNotSent(**ids, spends=EventId(base.event_id), reason=NotSentReason.DEADLINE)
    return [*log, replace(base, type="click_not_sent", event=event, actor="somebody")]


def called_a_ghost(log: Log) -> Log:
    story = Story()
    ghost = entry_of(story.haunted("c-marta"))
    return [*log, replace(ghost, position=len(log), at=log[-1].at)]


def said_of(log: Log, event: Event, *, at: datetime | None = None, **columns: Any) -> Log:
    """Put an event that no story tells at the end."""
    last, law = log[-1], law_columns(event)
    entry = replace(
        last,
        type=type_of(event),
        event=event,
        event_id=named(str(len(log)), type_of(event)),
        position=len(log),
        at=at or last.at,
        trace=event.chain() or last.trace,
        permit=law.permit,
        posted_id=law.posted_id,
        spends=None,
        expires_at=None,
    )
    return [*log, replace(entry, **columns)]


def heard(log: Log, job: Job, part: str, later: timedelta) -> Log:
    """Let the clock tick once, later, and a part of the program catch up with the log."""
    at = log[-1].at + later
    log = said_of(log, JobDue(job=job, slot=at, seed=1), at=at)
    report = WatchdogReported(
        worker_id=WORKER, git_sha="", log_position=len(log), lag={part: 0}, backlog={}, queue_size=0
    )
    return said_of(log, report)


def read(log: Log, posted_id: str, times: int = 1, *, later: timedelta = timedelta()) -> Log:
    """Read our profile, which shows this post, and reconcile without a word on it."""
    at = log[-1].at + later
    post = Post(post_id=posted_id, url="http://site/c", author="me", text="hello")
    for _ in range(times):
        reading = ReadingId(named("reading", str(len(log))))
        log = said_of(log, ProfileRead(reading_id=reading, posts=(post,), complete=True), at=at)
        done = ReconciliationCompleted(
            reading_id=reading,
            seen=1,
            explained=0,
            settled=0,
            ghosts=0,
            still_unknown=0,
            complete=True,
        )
        log = said_of(log, done, at=at)
    return log


def told_to(rules: Rules) -> Log:
    """Return the lawful log after these rules."""
    story = Story()
    story.say(SettingsChanged(rules=rules, rules_hash=""), approver=True)
    story.replied("marta")
    return [entry_of(row) for row in story.rows]


def refused_by(**fields: Any) -> Log:
    return told_to(Rules(handle="us", permit=PermitRules(**fields)))


def blocked_before(log: Log, author: str) -> Log:
    """Block an author just before the permit is asked for."""
    place = find(log, "permit_created")
    blocked = said_of(log, AuthorBlocked(author=author, why="w", by="me"))[-1]
    return [*log[:place], replace(blocked, position=log[place].position - 1), *log[place:]]


def approved_after_the_click(log: Log) -> Log:
    twin = again(log, "permit_approved")[-1]
    return [*without(log, "permit_approved"), replace(twin, cause=len(log) - 1)]


def emptied(log: Log) -> Log:
    """Take a body out of the database without an erasure."""
    place = find(log, "candidate_found")
    row = StoredRow(*(None for _ in StoredRow._fields))  # type: ignore[arg-type]
    return [*log[:place], replace(log[place], row=row), *log[place + 1 :]]
