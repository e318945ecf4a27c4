"""The slot opener: a due slot is on record before any of its work."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from handlers.deciding.slot_opener import slot_opener
from schema.events.operations import Job
from schema.events.scheduling import SchedulerStarted
from schema.ids import SchedulerRunId, derive
from tests.handlers.facts import due
from tests.handlers.given import NOON, NOTHING, Scene


def test_a_due_slot_opens_with_its_seed_and_its_local_time() -> None:
    scene = Scene(slot_opener)
    event = replace(due(Job.SCHEDULE, seed=7), utc_offset_min=60)
    answer = scene.when(event)
    run_id = SchedulerRunId(derive(scene.id_of(event), "scheduler_run"))
    opened = SchedulerStarted(scheduler_run_id=run_id, slot=NOON, seed=7, utc_offset_min=60)
    assert answer == [opened]


@pytest.mark.parametrize("job", [job for job in Job if job is not Job.SCHEDULE])
def test_no_other_job_opens_a_slot(job: Job) -> None:
    assert Scene(slot_opener).when(due(job)) == NOTHING
