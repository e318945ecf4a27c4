"""Choosing: within the best tier the bandit picks a source and a style, then the freshest goes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from handlers.learning.bandit import Choice, arm_name, pick
from handlers.learning.learned import Learned
from schema.events.queueing import CandidateQueued

NO_STYLE = ""


class Chosen(msgspec.Struct, frozen=True):
    """The item that a slot takes, how it is to be answered, and the bandit's account of it."""

    item: CandidateQueued
    style: str
    choice: Choice


def chosen(
    free: Sequence[CandidateQueued], styles: Sequence[str], learned: Learned, seed: int
) -> Chosen:
    """Choose among the free items, which are at least one, by the slot's seed."""
    tier = min(item.tier for item in free)
    best = [item for item in free if item.tier == tier]
    arms = {
        arm_name(source, style): (source, style)
        for source in sorted({item.source for item in best})
        for style in styles or (NO_STYLE,)
    }
    choice = pick(learned.among(arms), seed)
    source, style = arms[choice.arm]
    item = min((item for item in best if item.source == source), key=freshest_first)
    return Chosen(item, style, choice)


def freshest_first(item: CandidateQueued) -> tuple[float, str]:
    """Order items by age, then by id; an item without a time counts as the oldest."""
    posted_at = item.post.posted_at
    return (0.0 if posted_at is None else -posted_at.timestamp(), str(item.queue_id))
