"""The truth: the forum's own database against the log, and the log against its promises."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from edge.gate.journal import Journal
from edge.worker.temporary import left_behind
from schema.contracts import Recorded
from schema.events.ghosts import GhostDetected
from schema.events.operations import UnhandledException, WorkerStarted
from schema.events.posting import (
    ClickAttempt,
    ClickNotSent,
    ClickOrdered,
    ClickRejected,
    LateClickDetected,
    LateConfirmed,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingSuccess,
    Via,
)
from schema.text import normalised
from tests.torture.following import Following
from tests.torture.forum import ForumPost
from tests.torture.ground import Ground
from tests.torture.quiet import still_open
from tests.torture.settings import ME

ENDS = (PostingSuccess, ClickNotSent, ClickRejected, OutcomeAbandoned)


def figures(ground: Ground) -> Counter[str]:
    """Count what the log says became of the clicks."""
    log, posted = ground.log, {post.post_id for post in ground.posts()}
    unknown = {one.event.permit_id for one in log.of(OutcomeUnknown)}
    counted = Counter({"attempts": len(log.of(ClickAttempt)), "posts": len(posted)})
    for one in log.of(*ENDS):
        name = one.type
        if isinstance(one.event, PostingSuccess):
            name = f"seen by {one.event.via}"
        counted[name] += 1
        if one.event.permit_id in unknown:
            counted["unknown, had posted"] += isinstance(one.event, PostingSuccess)
            counted["unknown, had not posted"] += not isinstance(one.event, PostingSuccess)
    counted["late clicks"] = len(log.of(LateClickDetected))
    counted["double posts"] = len(_doubles(ground.posts()))
    return counted


def faults(ground: Ground, *, hand_made: frozenset[str] = frozenset()) -> list[str]:
    """Say everything that is not as it was promised, after quiet."""
    log = ground.log
    posts = [post for post in ground.posts() if post.post_id not in hand_made]
    found = [f"still open: {what}" for what in still_open(log, _last_start(log))]
    found += _gaps(log)
    found += [f"two posts for one permit: {why}" for why in _doubles(posts)]
    found += _against_forum(log, posts)
    found += _ends(log)
    found += [
        f"false ghost: {one.event.posted_id}"
        for one in log.of(GhostDetected)
        if one.event.posted_id not in hand_made
    ]
    found += _unnoticed_lateness(ground)
    found += _unforeseen(log)
    found += [f"temporary files left: {folder}" for folder in left_behind(ground.data_dir)]
    audit = ground.ask("audit")
    return found if audit.returncode == 0 else [*found, f"audit: {audit.stdout}{audit.stderr}"]


def _last_start(log: Following) -> int | None:
    """Return where the last worker started: a slot of its own it leaves to the next, draining."""
    return max((one.position for one in log.of(WorkerStarted)), default=None)


def _gaps(log: Following) -> list[str]:
    positions = [one.position for one in log.events]
    return [] if positions == list(range(len(positions))) else ["the log has gaps"]


def _doubles(posts: list[ForumPost]) -> list[str]:
    """Name what was written twice under one topic: a permit is for one topic and one text."""
    counted = Counter((post.topic_id, normalised(post.text)) for post in posts)
    return [f"{topic}: {text[:40]}" for (topic, text), times in counted.items() if times > 1]


def _against_forum(log: Following, posts: list[ForumPost]) -> list[str]:
    """Match the posts of the forum and the log's sightings one to one, text and target too."""
    sightings = {one.event.posted_id: one for one in log.of(PostingSuccess, LateConfirmed)}
    on_forum = {post.post_id: post for post in posts}
    found = [f"nothing explains {one}" for one in sorted(on_forum.keys() - sightings.keys())]
    found += [f"{one} is not there" for one in sorted(sightings.keys() - on_forum.keys())]
    texts = {one.event.permit_id: one.event.text for one in log.of(ClickOrdered)}
    for posted_id in sightings.keys() & on_forum.keys():
        event, post = sightings[posted_id].event, on_forum[posted_id]
        if event.target_post_id != post.topic_id:
            found.append(f"{posted_id} is below {post.topic_id}, not {event.target_post_id}")
        if normalised(texts[event.permit_id]) != normalised(post.text):
            found.append(f"{posted_id} has another text than the permit's")
        if hashlib.sha256(texts[event.permit_id].encode()).hexdigest() != event.text_hash:
            found.append(f"{posted_id}: the order's text is not the sighting's")
    return found


def _ends(log: Following) -> list[str]:
    """Every attempt has one end, and every permit at most one attempt."""
    attempts = Counter(one.event.permit_id for one in log.of(ClickAttempt))
    ends = Counter(one.event.permit_id for one in log.of(*ENDS))
    found = [f"{times} attempts under {one}" for one, times in attempts.items() if times > 1]
    found += [f"{ends[one]} ends of the attempt under {one}" for one in attempts if ends[one] != 1]
    return found + [f"an end without attempt: {one}" for one in ends.keys() - attempts.keys()]


def _unforeseen(log: Following) -> list[str]:
    """Name the failures that nobody foresaw: dying is no excuse for one."""
    failures = Counter[str]()
    for one in log.of(UnhandledException):
        failures[f"{one.event.where}: {one.event.kind} {one.event.message}"] += one.event.count
    return [f"unforeseen, {times} times: {what}" for what, times in failures.items()]


def _unnoticed_lateness(ground: Ground) -> list[str]:
    """Read the gate's own measurements; whatever was late must be in the log."""
    noticed = {one.event.permit_id for one in ground.log.of(LateClickDetected)}
    journal = Journal(ground.data_dir / "sessions" / ME / "gate" / "journal")
    found = []
    for one in ground.log.of(ClickAttempt):
        permit_id = one.event.permit_id
        seen = journal.read(str(permit_id)) if journal.folder.exists() else None
        if seen is not None and seen.late_ms and permit_id not in noticed:
            found.append(f"the click under {permit_id} was {seen.late_ms} ms late, unnoticed")
    return found


def settled_by_looking(recorded: Recorded[Any]) -> bool:
    """Say whether this end came from reading the profile."""
    event = recorded.event
    return isinstance(event, PostingSuccess) and event.via is Via.RECONCILIATION
