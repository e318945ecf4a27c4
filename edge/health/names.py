"""The names of the metrics: dashboards go by them, so that none changes once released."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How Prometheus reads a metric."""

    GAUGE = "gauge"
    COUNTER = "counter"


@dataclass(frozen=True)
class Metric:
    """One metric; counters carry `_total` in their name on the wire."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    means: str


def _gauge(name: str, means: str, *labels: str) -> Metric:
    return Metric(f"ghostproof_{name}", Kind.GAUGE, labels, means)


def _counter(name: str, means: str, *labels: str) -> Metric:
    return Metric(f"ghostproof_{name}_total", Kind.COUNTER, labels, means)


# ---- this process

BUILD_INFO = _gauge("build_info", "1; the build that runs is in the labels", "version", "git_sha")
PHASE = _gauge("worker_phase", "1 for the phase that this worker is in", "phase")
BEAT_AGE = _gauge("worker_beat_age_seconds", "seconds since the worker's loop last came round")
READY = _gauge("ready", "1 when /ready says yes")
DATABASE_UP = _gauge("database_up", "1 when the database answered")
REFUSED = _counter(
    "appends_refused",
    "commands that the log refused to this process; GP002: a post that was found before",
    "code",
)

# ---- the whole installation, by any worker

EVENTS = _counter("events_appended", "events in the log", "account", "type")
EVENT_AGE = _gauge("last_event_age_seconds", "seconds since the log's last event", "account")
CLICK_ATTEMPTS = _counter("click_attempts", "clicks attempted, each under a permit", "account")
CLICK_OUTCOMES = _counter("click_outcomes", "what came of the attempts", "account", "outcome")
CLICKS_BLOCKED = _counter(
    "clicks_blocked", "attempts refused by PostgreSQL as unlawful", "account", "code"
)
PERMITS = _gauge("permits", "permits by where they are in their life", "account", "state")
PERMITS_REJECTED = _counter(
    "permits_rejected", "permits that an approval check refused", "account", "reason"
)
QUEUE = _gauge("queue_items", "live queue items that wait for a slot", "account")
LAG = _gauge("lag_events", "events that a rule or view has not looked at", "account", "consumer")
BACKLOG = _gauge("backlog_orders", "orders of a performer, waiting or in flight", "queue", "state")
PARKED = _gauge("orders_parked", "orders set aside that wait for a person", "account")
MODEL_CALLS = _counter("model_calls", "calls to the model", "account", "purpose", "outcome")
MODEL_TOKENS = _counter(
    "model_tokens", "tokens as the endpoint counted them", "account", "purpose", "direction"
)
MODEL_COST = _counter("model_cost_usd", "US dollars spent on calls", "account", "purpose")
CIRCUIT = _gauge("model_circuit_open", "1 while our quota is said to be used up", "account")
GHOSTS = _gauge("ghosts", "unexplained posts; an open one needs a person", "account", "state")
ALERTS = _gauge("alerts_active", "alerts raised and not cleared", "account", "severity")
PROOF_AGE = _gauge("proof_age_seconds", "seconds since the last proof rollup", "account")
STOPPED = _gauge("posting_stopped", "1 while the kill switch is on", "account")

ALL = (
    *(BUILD_INFO, PHASE, BEAT_AGE, READY, DATABASE_UP, REFUSED),
    *(EVENTS, EVENT_AGE, CLICK_ATTEMPTS, CLICK_OUTCOMES, CLICKS_BLOCKED),
    *(PERMITS, PERMITS_REJECTED, QUEUE, LAG, BACKLOG, PARKED),
    *(MODEL_CALLS, MODEL_TOKENS, MODEL_COST, CIRCUIT),
    *(GHOSTS, ALERTS, PROOF_AGE, STOPPED),
)
"""Every metric; docs/operations.md has the same table."""
