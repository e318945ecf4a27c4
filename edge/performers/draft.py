"""Draft: have the model write the text of one decision."""

from __future__ import annotations

from collections.abc import Sequence

from edge.failpoints import at
from edge.model.answers import ReplyAnswer
from edge.model.prompts import reply_prompt
from edge.performers.asking import Manner, ask
from edge.performers.contract import LEASE_S, Order, World
from schema.contracts import Command
from schema.events.base import permit_ids
from schema.events.drafting import DraftCreated, DraftFailed, DraftRequested
from schema.posts import Post


class Draft:
    """The performer of `draft_requested`."""

    queue = "draft"
    lease_s = LEASE_S

    def __init__(self, manner: Manner) -> None:
        """Ask in this manner."""
        self.manner = manner

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        """Account for the call, then give the text or the failure."""
        event: DraftRequested = order.recorded.event
        post = Post(
            post_id=event.target_post_id or "",
            url="",
            author=event.target_author or "",
            text=event.target_text,
            title=event.target_title,
        )
        voice = world.voices[order.account]
        prompt = reply_prompt(post, voice, style=event.style, refused=event.avoid)
        at("draft_asked")
        asked = await ask(world, prompt, str(event.decision_id), self.manner)
        at("draft_answered")
        ids = permit_ids(event)
        if not isinstance(asked.answer, ReplyAnswer):
            failed = DraftFailed(
                **ids, ordinal=event.ordinal, outcome=asked.outcome, detail=asked.detail
            )
            return [order.command(asked.called, failed)]
        answer = asked.answer
        created = DraftCreated(
            **ids, ordinal=event.ordinal, text=answer.text, language=answer.language
        )
        return [order.command(asked.called, created)]
