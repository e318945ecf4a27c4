"""Asking the model: one call, its answer parsed, and the event that accounts for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from edge.model.answers import Answer, parse
from edge.model.prompts import Prompt
from edge.performers.contract import World
from edge.ports import ModelAnswer, ModelOutcome
from schema.events.judging import ModelCalled

DETAIL_CHARS_MAX = 500


@dataclass(frozen=True)
class Asked:
    """What a call brought: the parsed answer or None, and the event either way."""

    called: ModelCalled
    answer: Answer | None
    outcome: str
    detail: str


@dataclass(frozen=True)
class Manner:
    """How the endpoint is asked: model, temperature, top_p, and the seed of this order."""

    model: str
    temperature: float
    top_p: float


async def ask(world: World, prompt: Prompt, request_id: str, manner: Manner) -> Asked:
    """Ask once. An answer that does not fit is an outcome, not an error."""
    call = replace(
        prompt.call(request_id),
        model=manner.model,
        temperature=manner.temperature,
        top_p=manner.top_p,
    )
    came = await world.model.ask(call)
    outcome, detail, answer = str(came.outcome), came.detail, None
    if came.outcome is ModelOutcome.OK:
        parsed = parse(prompt.shape, came.text)
        if isinstance(parsed, str):
            outcome, detail = str(ModelOutcome.BAD_ANSWER), parsed
        else:
            answer = parsed
    detail = detail[:DETAIL_CHARS_MAX]
    called = _called(prompt, request_id, came, outcome, detail)
    return Asked(called=called, answer=answer, outcome=outcome, detail=detail)


def _called(
    prompt: Prompt, request_id: str, came: ModelAnswer, outcome: str, detail: str
) -> ModelCalled:
    return ModelCalled(
        purpose=prompt.purpose,
        request_id=request_id,
        model=came.model,
        prompt_version=prompt.version,
        prompt_hash=prompt.hash,
        prompt_tokens=came.prompt_tokens,
        completion_tokens=came.completion_tokens,
        cost_usd=came.cost_usd,
        latency_ms=came.latency_ms,
        outcome=outcome,
        detail=detail,
    )
