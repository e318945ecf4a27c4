"""Samples: each metric's values, read off one look at the database and the worker's own vitals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edge.health import names
from edge.health.names import Metric
from edge.health.totals import Totals
from edge.health.vitals import Vitals
from eventstore.vital_signs import Signs
from schema.ids import SYSTEM, Account

OUTCOMES = {
    "posting_success": "confirmed",
    "click_not_sent": "not_sent",
    "click_rejected": "refused",
    "outcome_unknown": "unknown",
    "outcome_abandoned": "abandoned",
    "late_confirmed": "late_confirmed",
}
"""Event -> the outcome it is; an unknown one is settled by a later one, so the sum is no count."""

SAID = {
    "permit_rejected": names.PERMITS_REJECTED,
    "click_blocked": names.CLICKS_BLOCKED,
    "model_called": names.MODEL_CALLS,
}
"""Event -> the metric whose further labels its body says; `tally.sql` has the same types."""

COUNTED = {
    "permits": names.PERMITS,
    "ghosts": names.GHOSTS,
    "alerts": names.ALERTS,
}
ONE_NUMBER = ((names.QUEUE, "queue", "queued"), (names.PARKED, "parked", "parked"))
"""Metric, kind and state of what is one number an account, and 0 where there is none."""

AT_REST = {
    names.GHOSTS: ("open",),
    names.ALERTS: ("info", "warning", "error", "critical"),
}
"""States that are shown as 0 as well: an alert rule on a series that is not there never fires."""


@dataclass(frozen=True)
class Sample:
    """One value of a metric; `labels` in the order of the metric's own."""

    metric: Metric
    labels: tuple[str, ...]
    value: float


def of_process(vitals: Vitals, build: tuple[str, str]) -> Iterator[Sample]:
    """Yield what this process knows without asking anybody."""
    yield Sample(names.BUILD_INFO, build, 1)
    yield Sample(names.PHASE, (vitals.state.phase,), 1)
    yield Sample(names.BEAT_AGE, (), round(vitals.since_beat_s(), 3))
    for code, count in vitals.refusals().items():
        yield Sample(names.REFUSED, (code,), count)


def of_signs(signs: Signs) -> Iterator[Sample]:
    """Yield how everything stands."""
    yield from _counted(signs)
    for account, head in signs.heads.items():
        if head.age_s is not None:
            yield Sample(names.EVENT_AGE, (account,), round(head.age_s, 3))
        if account != SYSTEM:
            yield from _of_account(signs, account)
    for (account, consumer), behind in signs.lag.items():
        yield Sample(names.LAG, (account, consumer), behind)
    for queue in signs.queues:
        yield Sample(names.BACKLOG, (queue.queue, "waiting"), queue.waiting)
        yield Sample(names.BACKLOG, (queue.queue, "in_flight"), queue.in_flight)


def _of_account(signs: Signs, account: Account) -> Iterator[Sample]:
    for metric, what, state in ONE_NUMBER:
        yield Sample(metric, (account,), signs.counts.get((what, account, state), 0))
    yield Sample(names.CIRCUIT, (account,), int(signs.circuits.get(account, False)))
    yield Sample(names.STOPPED, (account,), int(bool(signs.heads[account].stops)))
    if (age_s := signs.counts.get(("proof", account, "age_s"))) is not None:
        yield Sample(names.PROOF_AGE, (account,), age_s)


def _counted(signs: Signs) -> Iterator[Sample]:
    accounts = [account for account in signs.heads if account != SYSTEM]
    states = {(m, a, s): 0 for m, known in AT_REST.items() for a in accounts for s in known}
    for (what, account, state), count in signs.counts.items():
        if what in COUNTED:
            states[COUNTED[what], account, state] = count
    for (metric, account, state), count in states.items():
        yield Sample(metric, (account, state), count)


def of_totals(totals: Totals) -> Iterator[Sample]:
    """Yield the counters; none before the whole log was counted.

    A counter that began at a part would look like a restart, and its growth like work done.
    """
    if not totals.complete:
        return
    for (account, kind), count in totals.events.items():
        yield Sample(names.EVENTS, (account, kind), count)
        if kind in OUTCOMES:
            yield Sample(names.CLICK_OUTCOMES, (account, OUTCOMES[kind]), count)
    for account in sorted({account for account, _ in totals.events} - {SYSTEM}):
        attempts = totals.events[account, "click_attempt"]
        yield Sample(names.CLICK_ATTEMPTS, (account,), attempts)
    yield from _said(totals)


def _said(totals: Totals) -> Iterator[Sample]:
    for (account, kind, facet), count in totals.said.items():
        yield Sample(SAID[kind], (account, *facet), count)
    for (account, purpose, direction), tokens in totals.tokens.items():
        yield Sample(names.MODEL_TOKENS, (account, purpose, direction), tokens)
    for (account, purpose), usd in totals.cost_usd.items():
        yield Sample(names.MODEL_COST, (account, purpose), float(usd))
