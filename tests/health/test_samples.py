"""Each figure is the one it is named after: read off signs that differ in every number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from edge.health.samples import Sample, of_process, of_signs
from edge.health.vitals import Vitals
from eventstore.vital_signs import Head, Signs
from schema.contracts import Standing
from schema.ids import SYSTEM, Account
from tests.doubles.clock import VirtualClock

ME = Account("me")
SIGNS = Signs(
    heads={ME: Head(5, 1.25, ("logged",)), SYSTEM: Head(1, 2.5, ())},
    lag={(ME, "approver"): 4},
    counts={
        ("permits", ME, "created"): 2,
        ("queue", ME, "queued"): 7,
        ("ghosts", ME, "acknowledged"): 3,
        ("alerts", ME, "error"): 6,
        ("parked", ME, "parked"): 8,
        ("proof", ME, "age_s"): 60,
    },
    circuits={ME: True},
    queues=[Standing("click", waiting=9, in_flight=10, oldest=None)],
    rollups={},
)


def shown(samples: Iterable[Sample]) -> dict[tuple[str, ...], float]:
    """Return the values by the metric's name, without our own, and its labels."""
    return {
        (one.metric.name.removeprefix("ghostproof_"), *one.labels): one.value for one in samples
    }


def test_a_process_shows_its_build_phase_beat_and_refusals() -> None:
    clock = VirtualClock()
    vitals = Vitals(clock)
    clock.pass_s(7)
    vitals.drain()
    vitals.refused = Counter({"GP002": 3})
    assert shown(of_process(vitals, ("9.9", "c0ffee"))) == {
        ("build_info", "9.9", "c0ffee"): 1,
        ("worker_phase", "draining"): 1,
        ("worker_beat_age_seconds",): 7.0,
        ("appends_refused_total", "GP002"): 3,
    }


def test_the_signs_of_an_installation_are_shown_each_under_its_name() -> None:
    assert shown(of_signs(SIGNS)) == {
        ("permits", "me", "created"): 2,
        ("ghosts", "me", "open"): 0,
        ("ghosts", "me", "acknowledged"): 3,
        ("alerts_active", "me", "info"): 0,
        ("alerts_active", "me", "warning"): 0,
        ("alerts_active", "me", "error"): 6,
        ("alerts_active", "me", "critical"): 0,
        ("last_event_age_seconds", "me"): 1.25,
        ("last_event_age_seconds", "system"): 2.5,
        ("queue_items", "me"): 7,
        ("orders_parked", "me"): 8,
        ("model_circuit_open", "me"): 1,
        ("posting_stopped", "me"): 1,
        ("proof_age_seconds", "me"): 60,
        ("lag_events", "me", "approver"): 4,
        ("backlog_orders", "click", "waiting"): 9,
        ("backlog_orders", "click", "in_flight"): 10,
    }
