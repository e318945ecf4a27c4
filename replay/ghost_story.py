"""What stands around a ghost in the log: when it was posted and found, and our clicks near it."""

from __future__ import annotations

from typing import Any

import msgspec

from replay.moment import Moment, written
from replay.reading import first_since, newest
from replay.source import Log
from schema.contracts import Recorded
from schema.events.ghosts import GhostDetected, GhostKind
from schema.events.posting import ClickAttempt
from schema.ids import Account, PermitId


class NearClick(msgspec.Struct, frozen=True, kw_only=True):
    """A click of ours near a ghost, None ids where its body is erased."""

    position: int
    at: str
    permit_id: PermitId | None
    target_post_id: str | None


class GhostStory(msgspec.Struct, frozen=True, kw_only=True):
    """A ghost's times, and the last click of ours before it and the first one after.

    Without `posted_at`, which the site may not show, the clicks are those around its detection.
    """

    kind: GhostKind
    posted_at: str | None
    detected_at: str
    target_post_id: str | None
    click_before: NearClick | None
    click_after: NearClick | None


async def ghost_story(
    store: Log, account: Account, detected: Recorded[GhostDetected]
) -> GhostStory:
    """Tell what the log has around this ghost."""
    ghost = detected.event
    size = (await store.heads())[account]
    moment = Moment(at=ghost.posted_at or detected.at)
    position = await first_since(store, account, moment, size)
    before = await newest(store, account, "click_attempt", position)
    after = await store.read(account, after=position - 1, limit=1, types=("click_attempt",))
    return GhostStory(
        kind=ghost.kind,
        posted_at=written(ghost.posted_at) if ghost.posted_at else None,
        detected_at=written(detected.at),
        target_post_id=ghost.target_post_id,
        click_before=_near(before[0]) if before else None,
        click_after=_near(after.events[0]) if after.events else None,
    )


def _near(recorded: Recorded[Any]) -> NearClick:
    known = isinstance(recorded.event, ClickAttempt)
    return NearClick(
        position=recorded.position,
        at=written(recorded.at),
        permit_id=recorded.event.permit_id if known else None,
        target_post_id=recorded.event.target_post_id if known else None,
    )
