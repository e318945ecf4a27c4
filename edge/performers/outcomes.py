"""Outcomes: what one press led to, judged by the site's answer and by looking, and kept."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from edge.performers.contract import Order, World
from edge.ports import ClickObservation, Observed, Site
from schema.catalogue import type_of
from schema.contracts import Command, NewEvent
from schema.errors import DatabaseUnreachable, SiteError
from schema.events.base import permit_ids
from schema.events.posting import (
    ClickNotSent,
    ClickOrdered,
    ClickRejected,
    NotSentReason,
    OutcomeUnknown,
    PostingSuccess,
    Via,
)
from schema.ids import EventId, derive
from schema.originals import shown
from schema.posts import Post
from schema.text import normalised

DETAIL_CHARS_MAX = 500


def attempt_id_of(event: ClickOrdered) -> EventId:
    """Return the id that the one attempt under this permit has, whoever makes it."""
    return EventId(derive(event.permit_id, "click_attempt"))


@dataclass(frozen=True)
class Ended:
    """The outcome of an attempt, with the one id that such an outcome has."""

    outcome: PostingSuccess | ClickNotSent | ClickRejected | OutcomeUnknown

    def told_by(self, worker_id: UUID) -> Ended:
        """Name the worker that says so, where the right to say it depends on who armed."""
        if isinstance(self.outcome, ClickNotSent):
            return Ended(replace(self.outcome, worker_id=worker_id))
        return self

    def as_new(self) -> NewEvent:
        """Make the event to append; appending it twice changes nothing."""
        event_id = EventId(derive(self.outcome.spends, type_of(self.outcome)))
        return NewEvent(event_id, self.outcome, cause=self.outcome.spends)

    def as_spooled(self) -> NewEvent:
        """Make the event to keep on disk; a success says that it came that way."""
        new = self.as_new()
        if isinstance(self.outcome, PostingSuccess):
            return NewEvent(new.event_id, replace(self.outcome, spooled=True), cause=new.cause)
        return new


def not_sent(event: ClickOrdered, reason: NotSentReason, detail: str) -> Ended:
    """Say that the attempt certainly led to no request."""
    ids, spends = permit_ids(event), attempt_id_of(event)
    detail = detail[:DETAIL_CHARS_MAX]
    return Ended(ClickNotSent(**ids, spends=spends, reason=reason, detail=detail))


def unknown(event: ClickOrdered, detail: str) -> Ended:
    """Say that only looking at the site will tell."""
    ids, spends = permit_ids(event), attempt_id_of(event)
    return Ended(OutcomeUnknown(**ids, spends=spends, detail=detail[:DETAIL_CHARS_MAX]))


async def judge_outcome(event: ClickOrdered, site: Site, seen: ClickObservation) -> Ended:
    """Turn what the press showed into an outcome; success needs a sighting of the post."""
    match seen.observed:
        case Observed.NOT_SENT:
            reason = NotSentReason.DENIED if seen.denied else NotSentReason.GATE
            return not_sent(event, reason, seen.detail)
        case Observed.REFUSED:
            ids, spends = permit_ids(event), attempt_id_of(event)
            detail = seen.detail[:DETAIL_CHARS_MAX]
            code = str(seen.http_status or "page")
            return Ended(ClickRejected(**ids, spends=spends, code=code, detail=detail))
        case Observed.UNKNOWN:
            return unknown(event, seen.detail)
        case Observed.ACCEPTED:
            return await _sighted(event, site, seen)


async def _sighted(event: ClickOrdered, site: Site, seen: ClickObservation) -> Ended:
    if seen.posted_id is None:
        return unknown(event, f"accepted without an id: {seen.detail}")
    try:
        post = await site.post(seen.posted_id)
    except SiteError as error:
        return unknown(event, f"accepted as {seen.posted_id}, not seen: {error.message}")
    if post is None:
        return unknown(event, f"accepted as {seen.posted_id}, which the site does not show")
    different = _difference(event, site, post)
    if different is not None:
        return unknown(event, f"accepted as {seen.posted_id}, but {different}")
    success = PostingSuccess(
        **permit_ids(event),
        spends=attempt_id_of(event),
        posted_id=post.post_id,
        url=post.url,
        via=Via.RESPONSE,
        text_hash=event.text_hash,
        posted_at=post.posted_at,
    )
    return Ended(success)


def _difference(event: ClickOrdered, site: Site, post: Post) -> str | None:
    if post.author != site.handle:
        return f"its author is {post.author}"
    if normalised(shown(post)) != normalised(event.text):
        return "its text is another"
    if post.in_reply_to != event.target_post_id:
        return f"it replies to {post.in_reply_to}"
    return None


async def record(world: World, order: Order, ended: Ended) -> None:
    """Append the outcome; keep it on disk while the database is away."""
    ended = ended.told_by(world.worker_id)
    command = Command((ended.as_new(),))
    try:
        await world.store.append(order.account, [command], actor=order.performer)
    except DatabaseUnreachable:
        await world.spool.keep(order.account, ended.as_spooled())
        raise
