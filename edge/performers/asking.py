"""Asking the model: money set aside, one call, its account in the log, its answer parsed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from edge.model.answers import Answer, parse
from edge.model.client import from_double
from edge.model.prompts import Prompt
from edge.performers.contract import Order, World, append
from edge.performers.reserving import Reservation, reserve, switched
from edge.ports import ModelAnswer, ModelOutcome
from schema.events.judging import ModelCalled
from schema.events.money import ModelWithheld, WithheldReason

DETAIL_CHARS_MAX = 500
LIVE = "live"


@dataclass(frozen=True)
class Asked:
    """What asking brought: the parsed answer or None, and how it ended.

    `withheld` is there when the model was not asked at all; it goes into the log with the failure.
    `synthetic` says that a test double answered.
    """

    answer: Answer | None
    outcome: str
    detail: str
    withheld: tuple[ModelWithheld, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True)
class Manner:
    """How the endpoint is asked: model, temperature, top_p, and the limits of a call."""

    model: str
    temperature: float
    top_p: float
    max_tokens: int = 300
    timeout_s: float = 30.0


async def ask(world: World, order: Order, prompt: Prompt, request_id: str, manner: Manner) -> Asked:
    """Ask at most once. What the budget, the circuit or the endpoint refuse is an outcome.

    The call is in the log before its answer is used, so that a lost lease loses no money.
    """
    call = replace(
        prompt.call(request_id),
        model=manner.model,
        temperature=manner.temperature,
        top_p=manner.top_p,
        max_tokens=manner.max_tokens,
        timeout_s=manner.timeout_s,
    )
    reservation = await reserve(world, order, call)
    if isinstance(reservation, ModelWithheld):
        return Asked(None, str(reservation.reason), _why(reservation), (reservation,))
    came = await world.model.ask(call)
    asked = _read(prompt, came, live=world.rules[order.account].mode == LIVE)
    called = _called(prompt, reservation, came, asked)
    switch = await switched(world, order, reservation, came.outcome, asked.detail)
    account = order.own_command(world.worker_id, called, *([switch] if switch else []))
    await append(world, order, [account])
    return asked


def _why(withheld: ModelWithheld) -> str:
    match withheld.reason:
        case WithheldReason.BUDGET:
            return f"{withheld.left_usd} USD are left of the budget for {withheld.purpose}"
        case WithheldReason.CIRCUIT:
            return "the circuit is open"


def _read(prompt: Prompt, came: ModelAnswer, *, live: bool) -> Asked:
    """Parse what came back. In live mode a test double's answer is refused, never used."""
    if live and from_double(came):
        detail = "a test double answered in live mode; set the endpoint's real address"
        return Asked(None, str(ModelOutcome.FROM_DOUBLE), detail)
    if came.outcome is not ModelOutcome.OK:
        return Asked(None, str(came.outcome), came.detail[:DETAIL_CHARS_MAX])
    parsed = parse(prompt.shape, came.text)
    if isinstance(parsed, str):
        return Asked(None, str(ModelOutcome.BAD_ANSWER), parsed[:DETAIL_CHARS_MAX])
    detail = came.detail[:DETAIL_CHARS_MAX]
    return Asked(parsed, str(came.outcome), detail, synthetic=from_double(came))


def _called(
    prompt: Prompt, reservation: Reservation, came: ModelAnswer, asked: Asked
) -> ModelCalled:
    return ModelCalled(
        purpose=prompt.purpose,
        request_id=reservation.call.request_id,
        model=came.model,
        prompt_version=prompt.version,
        prompt_hash=prompt.hash,
        prompt_tokens=came.prompt_tokens,
        completion_tokens=came.completion_tokens,
        cost_usd=came.cost_usd,
        latency_ms=came.latency_ms,
        outcome=asked.outcome,
        detail=asked.detail,
        reservation_id=reservation.reservation_id,
    )
