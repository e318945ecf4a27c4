"""Profile: read our own posts, as anybody would see them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from edge.failpoints import at
from edge.performers.challenged import by_error
from edge.performers.contract import LEASE_S, Order, World
from schema.contracts import Command
from schema.errors import MalformedEvent, SiteError
from schema.events.ghosts import ProfileRead, ProfileReadFailed, ProfileReadOrdered
from schema.posts import Post
from schema.wire import encode

TEXT_CHARS_MAX = 8_000
"""Far longer than any text of ours; a post that filled an event would hide itself and all below."""

TITLE_CHARS_MAX = 1_000


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
            posts=tuple(_cut(post) for post in reading.posts),
            complete=reading.complete,
            why_incomplete=reading.why_incomplete,
        )
        return [order.command(_bounded(read))]


def _cut(post: Post) -> Post:
    """Keep the beginning of a post that is too long to be ours."""
    return replace(post, text=post.text[:TEXT_CHARS_MAX], title=post.title[:TITLE_CHARS_MAX])


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
