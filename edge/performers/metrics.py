"""Metrics: read how many saw, liked and answered one of our posts."""

from __future__ import annotations

from collections.abc import Sequence

from edge.performers.asking import LIVE
from edge.performers.challenged import by_error
from edge.performers.contract import LEASE_S, Order, World
from schema.contracts import Command
from schema.errors import PageLocked, SiteError
from schema.events.base import permit_ids
from schema.events.learning import (
    MetricsOrdered,
    MetricsReadFailed,
    OutcomeRecorded,
    OutcomeUnavailable,
    UnavailableReason,
)
from schema.posts import Post

DETAIL_CHARS_MAX = 500


class Metrics:
    """The performer of `metrics_ordered`."""

    queue = "metrics"
    lease_s = LEASE_S

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        """Give the numbers, or why there are none."""
        event: MetricsOrdered = order.recorded.event
        try:
            site = await world.sites.site(order.account)
            post = await site.post(event.posted_id)
        except PageLocked as error:
            return [order.command(_unavailable(event, UnavailableReason.LOCKED, error.message))]
        except SiteError as error:
            reason = error.message[:DETAIL_CHARS_MAX]
            failed = MetricsReadFailed(
                **permit_ids(event), posted_id=event.posted_id, reason=reason
            )
            return [order.command(failed, *by_error(error, self.queue))]
        if post is None:
            return [order.command(_unavailable(event, UnavailableReason.GONE, ""))]
        simulated = world.rules[order.account].mode != LIVE
        return [order.command(_recorded(event, post, simulated=simulated))]


def _recorded(event: MetricsOrdered, post: Post, *, simulated: bool) -> OutcomeRecorded:
    engagement = post.likes + post.replies
    return OutcomeRecorded(
        **permit_ids(event),
        posted_id=event.posted_id,
        simulated=simulated,
        impressions=post.views,
        likes=post.likes,
        replies=post.replies,
        er=engagement / post.views if post.views else None,
    )


def _unavailable(
    event: MetricsOrdered, reason: UnavailableReason, detail: str
) -> OutcomeUnavailable:
    return OutcomeUnavailable(
        **permit_ids(event),
        posted_id=event.posted_id,
        reason=reason,
        detail=detail[:DETAIL_CHARS_MAX],
    )
