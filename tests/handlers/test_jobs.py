"""A handler names the jobs that it heeds; the due time of any other may be passed over unread."""

from __future__ import annotations

from dataclasses import replace

import pytest

import handlers
from handlers.deciding.slot_opener import slot_opener
from schema.contracts import Handler
from schema.events.operations import Job, JobDue
from tests.handlers.facts import approved, attempted, created, due, found, minutes, stopped
from tests.handlers.given import NOTHING, Scene

PAST = (found(1), created(1), approved(1), attempted(2), stopped(), minutes(200))
HEARING = [part for part in handlers.ALL if JobDue in part.hears]


def assert_nothing_else_is_heeded(handler: Handler) -> None:
    heard = {*handler.hears, *handler.says}
    past = [fact for fact in PAST if isinstance(fact, type(minutes(1))) or type(fact) in heard]
    for job in set(Job) - set(handler.jobs):
        scene = Scene(replace(handler, jobs=tuple(Job)), *past)
        before = dict(scene.running.states.known)
        assert scene.when(due(job)) == NOTHING
        after = scene.running.states.known
        assert all(before.get(place, state) == state for place, state in after.items())


@pytest.mark.parametrize("handler", HEARING, ids=lambda part: part.name)
def test_a_job_that_is_not_named_changes_nothing(handler: Handler) -> None:
    assert_nothing_else_is_heeded(handler)


@pytest.mark.parametrize("handler", HEARING, ids=lambda part: part.name)
def test_a_named_job_is_not_passed_over(handler: Handler) -> None:
    passed = {job for job in Job if handler.passes_over(due(job))}
    assert passed == set(Job) - set(handler.jobs)
    assert not handler.passes_over(stopped())


def test_a_job_that_should_be_named_is_noticed() -> None:
    with pytest.raises(AssertionError):
        assert_nothing_else_is_heeded(replace(slot_opener, jobs=(Job.FETCH,)))
