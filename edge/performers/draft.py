"""Draft: have the model write the text of one decision."""

from __future__ import annotations

from collections.abc import Sequence

from edge.failpoints import at
from edge.model.answers import OriginalAnswer, ReplyAnswer
from edge.model.prompts import Prompt, original_prompt, reply_prompt
from edge.model.voice import Voice
from edge.performers.asking import Manner, ask
from edge.performers.contract import LEASE_S, Order, World
from schema.contracts import Command
from schema.events.base import permit_ids
from schema.events.drafting import DraftCreated, DraftFailed, DraftRequested
from schema.events.scheduling import DecisionType
from schema.originals import whole
from schema.posts import Post


class Draft:
    """The performer of `draft_requested`."""

    queue = "draft"
    lease_s = LEASE_S

    def __init__(self, manner: Manner) -> None:
        """Ask in this manner."""
        self.manner = manner

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        """Give the text or the failure."""
        event: DraftRequested = order.recorded.event
        voice = world.voices[order.account]
        prompt = _prompt(event, voice)
        at("draft_asked")
        asked = await ask(world, order, prompt, str(event.decision_id), self.manner)
        at("draft_answered")
        ids = permit_ids(event)
        if not isinstance(asked.answer, ReplyAnswer | OriginalAnswer):
            failed = DraftFailed(
                **ids, ordinal=event.ordinal, outcome=asked.outcome, detail=asked.detail
            )
            return [order.command(*asked.withheld, failed)]
        answer = asked.answer
        language = answer.language if isinstance(answer, ReplyAnswer) else voice.languages[0]
        created = DraftCreated(
            **ids,
            ordinal=event.ordinal,
            text=_text(answer),
            language=language,
            synthetic=asked.synthetic,
        )
        return [order.command(created)]


def _text(answer: ReplyAnswer | OriginalAnswer) -> str:
    return whole(answer.title, answer.text) if isinstance(answer, OriginalAnswer) else answer.text


def _prompt(event: DraftRequested, voice: Voice) -> Prompt:
    if event.decision_type is DecisionType.SINGLE:
        return original_prompt(event.topic, voice, style=event.style, refused=event.avoid)
    post = Post(
        post_id=event.target_post_id or "",
        url="",
        author=event.target_author or "",
        text=event.target_text,
        title=event.target_title,
    )
    return reply_prompt(post, voice, style=event.style, refused=event.avoid)
