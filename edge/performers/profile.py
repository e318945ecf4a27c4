"""Profile: read our own posts, as anybody would see them."""

from __future__ import annotations

from collections.abc import Sequence

from edge.failpoints import at
from edge.performers.challenged import by_error
from edge.performers.contract import LEASE_S, Order, World
from schema.contracts import Command
from schema.errors import MalformedEvent, SiteError
from schema.events.ghosts import ProfileRead, ProfileReadFailed, ProfileReadOrdered
from schema.wire import encode


class Profile:
    """The performer of `profile_read_ordered`."""

    queue = "profile"
    lease_s = LEASE_S

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        """Give the reading, or why there is none."""
        event: ProfileReadOrdered = order.recorded.event
        at("profile_ordered")
        try:
            site = await world.sites.site(order.account)
            reading = await site.profile(
                back_to=event.back_to, limit=event.limit, older_than=event.older_than
            )
        except SiteError as error:
            failed = ProfileReadFailed(reading_id=event.reading_id, reason=error.message[:500])
            return [order.command(failed, *by_error(error, self.queue))]
        at("profile_seen")
        read = ProfileRead(
            reading_id=event.reading_id,
            posts=reading.posts,
            complete=reading.complete,
            why_incomplete=reading.why_incomplete,
        )
        return [order.command(_bounded(read))]


def _bounded(read: ProfileRead) -> ProfileRead:
    """Drop the oldest posts until the reading fits into one event; such a reading is incomplete."""
    while True:
        try:
            encode(read)
        except MalformedEvent:
            if not read.posts:
                raise
            read = ProfileRead(
                reading_id=read.reading_id,
                posts=read.posts[: len(read.posts) // 2],
                complete=False,
                why_incomplete="too long for one event",
            )
        else:
            return read
