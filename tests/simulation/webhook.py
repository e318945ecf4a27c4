"""The webhook of one process: it takes messages, breaks, refuses, or does not answer."""

from __future__ import annotations

from uuid import UUID

from edge.performers.webhook import Answered, Webhook
from tests.simulation.steps import Steps

STATUS = {"webhook_breaks": 503, "webhook_refuses": 404}


class SimulatedWebhook(Webhook):
    """Takes the place of the other side; nothing leaves."""

    def __init__(self, steps: Steps) -> None:
        super().__init__("http://webhook.test", "a secret")
        object.__setattr__(self, "_steps", steps)

    async def post(self, body: bytes, event_id: UUID) -> Answered:
        """Answer as this seed has it."""
        del body, event_id
        steps: Steps = vars(self)["_steps"]
        await steps.at("tell")
        fault = steps.faults.at("webhook")
        if fault == "webhook_down":
            await steps.pass_time(self.timeout_s, self.timeout_s)
            return Answered(None, "no answer")
        await steps.pass_time(0.05, 2.0)
        status = STATUS.get(fault or "", 200)
        return Answered(status, f"answered {status}")
