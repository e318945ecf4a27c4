"""Spans around the model: one a call. Neither question nor answer is in it."""

from __future__ import annotations

from typing import cast

from opentelemetry.trace import SpanKind, Tracer

from edge.ports import Model, ModelAnswer, ModelCall, ModelOutcome
from edge.tracing import names
from edge.tracing.spans import Behind, failed


def traced_model(model: Model, tracer: Tracer) -> Model:
    """Return the model with spans."""
    return cast("Model", TracedModel(model, tracer))


class TracedModel(Behind):
    """The model."""

    async def ask(self, call: ModelCall) -> ModelAnswer:
        """Ask, and say what it took."""
        asked = {
            names.GEN_AI_OPERATION: "chat",
            names.GEN_AI_PROVIDER: names.OPENAI,
            names.GEN_AI_REQUEST_MODEL: call.model,
            names.GEN_AI_TEMPERATURE: call.temperature,
            names.GEN_AI_TOP_P: call.top_p,
            names.GEN_AI_MAX_TOKENS: call.max_tokens,
            names.PURPOSE: call.purpose,
            names.REQUEST_ID: call.request_id,
        }
        with self._span(names.CHAT.format(model=call.model), SpanKind.CLIENT, asked) as span:
            came: ModelAnswer = await self._real.ask(call)
            span.set_attributes(
                {
                    names.GEN_AI_RESPONSE_MODEL: came.model,
                    names.GEN_AI_INPUT_TOKENS: came.prompt_tokens,
                    names.GEN_AI_OUTPUT_TOKENS: came.completion_tokens,
                    names.COST_USD: float(came.cost_usd),
                }
            )
            if came.outcome is not ModelOutcome.OK:
                failed(span, came.outcome)
            return came
