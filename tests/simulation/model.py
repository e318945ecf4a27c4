"""The model port of one process: judges and writes by seeded chance, and misbehaves."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from typing import Any

from edge.model.prompts import JUDGE, ORIGINAL
from edge.ports import ModelAnswer, ModelCall, ModelOutcome
from tests.simulation.steps import Steps
from tests.simulation.words import KEYWORDS, STRANGER, sentence

POISON = "unpronounceable"
"""A post with this word breaks the model client's own code, each time."""

FAILED = {
    "model_timeout": ModelOutcome.TIMEOUT,
    "model_refusal": ModelOutcome.REFUSED,
    "model_quota": ModelOutcome.INSUFFICIENT_QUOTA,
}


class SimulatedModel:
    """Implements `edge.ports.Model`."""

    def __init__(self, steps: Steps, dice: Random) -> None:
        self._steps = steps
        self._dice = dice

    async def close(self) -> None:
        """Nothing is open."""

    async def ask(self, call: ModelCall) -> ModelAnswer:
        await self._steps.at(f"ask {call.purpose}")
        fault = self._steps.faults.at("model")
        await self._steps.pass_time(*((30.0, 30.0) if fault == "model_timeout" else (0.2, 9.0)))
        if POISON in call.user:
            raise ValueError("the client trips over a word")
        if fault in FAILED:
            return ModelAnswer(FAILED[fault], "", call.model, detail=fault)
        answer = self._judged() if call.purpose == JUDGE else self._written(call.purpose, fault)
        text = '{"text": "cut o' if fault == "model_garbage" else json.dumps(answer)
        return ModelAnswer(
            ModelOutcome.OK,
            text,
            call.model,
            prompt_tokens=300,
            completion_tokens=60,
            cost_usd=Decimal("0.0001"),
            latency_ms=900,
        )

    def _judged(self) -> dict[str, Any]:
        good = self._dice.random() < 0.8
        return {
            "relevance": round(self._dice.uniform(0.5, 1) if good else 0.1, 2),
            "reply_worthiness": round(self._dice.uniform(0.5, 1), 2),
            "risk": round(self._dice.uniform(0, 0.5), 2),
            "tier": self._dice.choice("ABC"),
            "why": "It fits.",
        }

    def _written(self, purpose: str, fault: str | None) -> dict[str, Any]:
        dice = self._dice
        match fault:
            case "model_obeys_stranger":
                text = STRANGER
            case "model_too_long":
                text = sentence(dice, 90)
            case "model_repeats":
                text = "The same and with that again, as ever."
            case _:
                text = sentence(dice, dice.randint(12, 30))
        if purpose == ORIGINAL:
            return {"title": sentence(dice, 3), "text": text, "topic": dice.choice(KEYWORDS)}
        return {"text": text, "language": "en"}
