"""Readings: what our profile shows, and one look at it from order to last word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from handlers.settling.reconciler import reconciler
from schema.events.ghosts import (
    ProfileRead,
    ProfileReadOrdered,
    ReconciliationCompleted,
)
from schema.events.operations import AccountOpened, Job
from schema.events.posting import (
    OutcomeUnknown,
    PostingSuccess,
    Via,
)
from schema.ids import ReadingId, named
from schema.posts import Post
from tests.handlers.facts import (
    SOME_EVENT,
    TEXT,
    accepted,
    attempted,
    due,
    ended,
    rules,
)
from tests.handlers.given import NOON, Scene

OPENED = AccountOpened(site="spirit", handle="me")
LOOK = due(Job.RECONCILE)
UNKNOWN = ended(OutcomeUnknown, spends=SOME_EVENT, detail="lost")


def ours(name: str = "q1", *, at: datetime = NOON, **changes: Any) -> Post:
    fields: dict[str, Any] = {
        "post_id": name,
        "url": f"http://site/{name}",
        "author": "me",
        "text": TEXT,
        "posted_at": at,
        "is_root": False,
        "in_reply_to": "p1",
    }
    return Post(**fields | changes)


def by_hand(name: str = "h1", *, at: datetime = NOON) -> Post:
    return ours(name, at=at, text="Written by hand, by somebody.", in_reply_to="p77")


def success(name: str = "q1", n: int = 1, *, at: datetime | None = NOON) -> PostingSuccess:
    event: PostingSuccess = ended(
        PostingSuccess,
        n,
        spends=SOME_EVENT,
        posted_id=name,
        url=f"http://site/{name}",
        via=Via.RESPONSE,
        text_hash=accepted(1).text_hash,
        posted_at=at,
    )
    return event


def opened(*facts: Any) -> Scene:
    return Scene(reconciler, rules(), OPENED, *facts)


def clicked(*facts: Any) -> Scene:
    """Return a scene after one attempt at p1."""
    return opened(accepted(1), attempted(1), *facts)


def readings(scene: Scene) -> Iterator[ReadingId]:
    for number in range(100):
        yield ReadingId(named("reading", str(len(scene.log)), str(number)))


def read(scene: Scene, *posts: Post, complete: bool = True) -> tuple[list[Any], Any]:
    """Let a reading be ordered and show these posts, newest first; the last word comes apart."""
    reading_id = next(readings(scene))
    scene.given(ProfileReadOrdered(reading_id=reading_id, back_to=None, limit=60))
    *said, completed = scene.when(
        ProfileRead(reading_id=reading_id, posts=posts, complete=complete)
    )
    assert isinstance(completed, ReconciliationCompleted)
    assert (completed.seen, completed.complete) == (len(posts), complete)
    return said, completed
