"""Orders to the judge and the author on the bench, and what came of them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from edge.model.prices import worst_case
from edge.model.prompts import judge_prompt
from edge.model.voice import Voice
from edge.performers.asking import Manner
from edge.performers.draft import Draft
from edge.performers.judge import Judge
from edge.ports import ModelAnswer, ModelOutcome
from schema.events.base import Event
from schema.events.drafting import DraftRequested
from schema.events.judging import JudgementRequested
from schema.events.scheduling import DecisionType
from schema.rules import BudgetRules
from tests.handlers.facts import of_candidate, of_permit, post, rules
from tests.handlers.given import ME
from tests.performers.orders import Bench

MANNER = Manner("gpt-4o-mini", 0.8, 1.0)
JUDGE, DRAFT = Judge(MANNER), Draft(MANNER)

SCORES = {"relevance": 0.8, "reply_worthiness": 0.7, "risk": 0.1, "tier": "A", "why": "It fits."}
COST = Decimal("0.0001")


def answer(fields: dict[str, Any], **changes: Any) -> ModelAnswer:
    said: dict[str, Any] = {
        "outcome": ModelOutcome.OK,
        "text": json.dumps(fields),
        "model": "gpt-4o-mini",
        "prompt_tokens": 100,
        "completion_tokens": 20,
        "cost_usd": COST,
    } | changes
    return ModelAnswer(**said)


JUDGED = answer(SCORES)
WRITTEN = answer({"text": "Water them in the evening, it helps.", "language": "en"})
NO_QUOTA = ModelAnswer(ModelOutcome.INSUFFICIENT_QUOTA, "", "gpt-4o-mini", detail="no quota")
LATE = ModelAnswer(ModelOutcome.TIMEOUT, "", "gpt-4o-mini", cost_usd=COST, detail="30 s")


def judgement(n: int = 1, **changes: Any) -> JudgementRequested:
    return JudgementRequested(**of_candidate(n), post=post(n, **changes))


def price(n: int = 1) -> Decimal:
    """Return the most that judging the n-th candidate may cost."""
    prompt = judge_prompt(post(n), Voice(persona="a gardener"))
    return worst_case(prompt.call(str(of_candidate(n)["evaluation_id"])))


def draft_request(n: int = 1, **changes: Any) -> DraftRequested:
    fields = of_permit(n) | {
        "decision_type": DecisionType.REPLY,
        "ordinal": 1,
        "target_title": "Tomatoes",
        "target_text": post(n).text,
        "target_author": f"author{n}",
        "style": "friendly",
    }
    return DraftRequested(**fields | changes)


def in_force(bench: Bench, *, mode: str = "sandbox", **budget: Any) -> None:
    """Put a budget on record and in the worker's hands."""
    changed = rules(mode=mode, budget=BudgetRules(**budget))
    bench.say(changed, approver=True)
    bench.world.rules[ME] = replace(changed.rules)  # type: ignore[index]


async def judged(bench: Bench, n: int = 1) -> list[Event]:
    """Order one judgement and have it carried out; return what it is closed with."""
    bench.say(judgement(n))
    return await bench.perform(JUDGE)
