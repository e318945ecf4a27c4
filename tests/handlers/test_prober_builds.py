"""Which build a probe is of: known by an abbreviated commit as well, and of its own alone."""

from __future__ import annotations

import pytest

from handlers.watching.prober import prober
from schema.events.proving import ProbeStarted
from schema.events.scheduling import SchedulerStarted, SlotReason
from tests.handlers.facts import hours, queued
from tests.handlers.given import NOTHING, Scene
from tests.handlers.test_alert_keeper import booted
from tests.handlers.test_prober import LOOK, closed, of, posted, probing

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_an_abbreviated_commit_is_the_build_that_was_probed() -> None:
    scene = Scene(prober, booted(COMMIT), queued(1))
    started, slot = scene.when(LOOK)
    assert isinstance(started, ProbeStarted)
    assert scene.when(of(posted(1), slot))
    scene.given(booted("another"), booted(COMMIT[:9]), queued(2), hours(3))
    assert scene.when(LOOK) == NOTHING
    assert scene.given(booted(COMMIT[:6])).when(LOOK)  # too short to mean one commit


def test_an_abbreviated_commit_stays_proved() -> None:
    scene = Scene(prober, booted(COMMIT), posted(2), booted(COMMIT[:7]), queued(1))
    assert scene.when(LOOK) == NOTHING


@pytest.mark.parametrize("name", ["", "unknown"])
def test_a_build_that_nobody_can_name_is_not_probed(name: str) -> None:
    scene = Scene(prober, booted(name), queued(1))
    assert scene.when(LOOK) == NOTHING
    assert scene.given(booted(COMMIT)).when(LOOK)


def test_a_probe_that_is_put_off_leaves_other_builds_probed() -> None:
    scene, _, first = probing()
    assert scene.when(of(posted(1), first))
    _, slot = scene.given(booted("newer"), queued(2)).when(LOOK)
    assert isinstance(slot, SchedulerStarted)
    assert scene.when(closed(slot, SlotReason.BUDGET_EXHAUSTED))
    assert scene.given(booted("new"), hours(3)).when(LOOK) == NOTHING
