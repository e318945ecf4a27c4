"""The numbers that operators were told hold where their settings say nothing else."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from typing import Any

import pytest

from edge.settings.rules import rules_for
from edge.settings.settings import Settings
from schema.ids import Account

ME = Account("me")
SETTINGS = Settings.model_validate({"accounts": {ME: {"handle": "me"}}})
RULES = rules_for(SETTINGS, ME)

MINUTE_S, HOUR_S = 60, 3600
OF_RULES: dict[str, Any] = {
    "fetch.curated_per_run": 5,
    "fetch.keywords_per_run": 3,
    "fetch.viral_per_run": 1,
    "fetch.timebox_s": 90,
    "fetch.deadline_s": 230,
    "fetch.lost_after_s": 6 * MINUTE_S,
    "queue.target": 10,
    "queue.refill_below": 5,
    "queue.expires_h": 24,
    "queue.stuck_after_s": 10 * MINUTE_S,
    "permit.approval": "auto",
    "permit.reply_sources": ("reply_v2_scheduler",),
    "permit.ttl_s": 30 * MINUTE_S,
    "permit.per_hour": 4,
    "permit.per_day": 40,
    "permit.per_author_per_day": 1,
    "permit.gap_s": 5 * MINUTE_S,
    "draft.remembered": 200,
    "draft.links_allowed": False,
    "draft.mentions_allowed": False,
    "budget.daily_usd": Decimal(1),
    "budget.half_open_after_s": 15 * MINUTE_S,
    "post.per_pass": 5,
    "post.read_every_s": 15 * MINUTE_S,
    "post.read_every_clean_s": HOUR_S,
    "post.read_every_unknown_s": 5 * MINUTE_S,
    "post.clean_after_s": 24 * HOUR_S,
    "post.settle_s": 30 * MINUTE_S,
    "post.settle_readings": 5,
    "plan.queued_max": 3,
    "watch.scheduler_silent_s": 30 * MINUTE_S,
    "watch.probe_unused_s": 2 * HOUR_S,
    "learn.metrics_after_s": 4 * HOUR_S,
    "learn.outcomes_min": 5,
    "learn.choices": 50,
}
OF_SETTINGS: dict[str, Any] = {
    "cadence.fetch": 5 * MINUTE_S,
    "cadence.schedule": 15 * MINUTE_S,
    "cadence.watchdog": 5 * MINUTE_S,
    "cadence.proof": 10 * MINUTE_S,
    "cadence.plan": 4 * HOUR_S,
    "cadence.learn": HOUR_S,
    "model.name": "gpt-4o-mini",
    "model.temperature": 0.8,
    "model.top_p": 1.0,
    "model.max_tokens": 300,
    "model.daily_budget_usd": Decimal(1),
    "health.host": "0.0.0.0",  # noqa: S104 -- what the page on operations says
    "health.port": 3000,
}


def standing(of: Any, name: str) -> Any:
    return reduce(getattr, name.split("."), of)


@pytest.mark.parametrize(("name", "promised"), OF_RULES.items())
def test_a_rule_goes_by_the_promised_number(name: str, promised: Any) -> None:
    assert standing(RULES, name) == promised


@pytest.mark.parametrize(("name", "promised"), OF_SETTINGS.items())
def test_a_worker_goes_by_the_promised_number(name: str, promised: Any) -> None:
    assert standing(SETTINGS, name) == promised
