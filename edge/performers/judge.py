"""Judge: ask the model what a post is worth, and say so in numbers."""

from __future__ import annotations

from collections.abc import Sequence

from edge.failpoints import at
from edge.model.answers import JudgeAnswer
from edge.model.prompts import judge_prompt
from edge.performers.asking import Manner, ask
from edge.performers.contract import LEASE_S, Order, World
from schema.contracts import Command
from schema.events.judging import CandidateJudged, JudgementFailed, JudgementRequested, Tier


class Judge:
    """The performer of `judgement_requested`."""

    queue = "judge"
    lease_s = LEASE_S

    def __init__(self, manner: Manner) -> None:
        """Ask in this manner."""
        self.manner = manner

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        """Give the scores or the failure."""
        event: JudgementRequested = order.recorded.event
        prompt = judge_prompt(event.post, world.voices[order.account])
        at("judge_asked")
        asked = await ask(world, order, prompt, str(event.evaluation_id), self.manner)
        at("judge_answered")
        if not isinstance(asked.answer, JudgeAnswer):
            failed = JudgementFailed(
                candidate_id=event.candidate_id,
                evaluation_id=event.evaluation_id,
                outcome=asked.outcome,
                detail=asked.detail,
            )
            return [order.command(*asked.withheld, failed)]
        judged = CandidateJudged(
            candidate_id=event.candidate_id,
            evaluation_id=event.evaluation_id,
            relevance=asked.answer.relevance,
            reply_worthiness=asked.answer.reply_worthiness,
            risk=asked.answer.risk,
            tier=Tier(asked.answer.tier),
            why=asked.answer.why,
        )
        return [order.command(judged)]
