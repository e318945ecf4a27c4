"""Every field of the proof rollup is what a plain count over the log gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.watching.proof_keeper import proof_keeper
from schema.contracts import Handler, Recorded
from schema.events.base import Event
from schema.events.fetching import FetchCompleted, FetchFailed, FetchStarted
from schema.events.ghosts import GhostDetected
from schema.events.operations import CapsSet, Job, ProofRolledUp, WorkerStarted
from schema.events.permitting import PermitCreated
from schema.events.posting import (
    LateConfirmed,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingSuccess,
)
from schema.events.proving import TreeHead
from schema.events.queueing import CandidateQueued
from schema.events.scheduling import SchedulerStarted
from schema.ids import RunId, named
from schema.severity import is_error
from tests.doubles.production import Production
from tests.doubles.story import ACCOUNT, Story

SLOTS = ("replied", "permitted", "empty")
HAPPENINGS = (
    "silence",
    "starved",
    "ghost",
    "failed",
    "boot",
    "sealed",
    "unknown",
    "abandoned",
    "late",
)
CHAPTERS = st.lists(
    st.tuples(st.sampled_from((*SLOTS, *HAPPENINGS)), st.integers(1, 25)), min_size=1, max_size=8
)
UNLIMITED = CapsSet(clicks_per_hour=99, clicks_per_day=99, clicks_per_author_per_day=99, gap_s=0)

DAY = [(what, 25) for what in ("boot", "failed", "replied", "late", "unknown", "ghost", "sealed")]
"""A story in which every field comes to say something."""


class Afternoon(Production):
    """Production, with what may go wrong besides."""

    def unknown(self, _minutes: int) -> None:
        attempt = self.story.attempted(f"u{self.minute}")
        fact = OutcomeUnknown(**self.story.ids, spends=attempt.event_id, detail="")
        self.story.say(fact, attempt)

    def abandoned(self, minutes: int) -> None:
        self.unknown(minutes)
        fact = OutcomeAbandoned(
            **self.story.ids, spends=self.story.rows[-1].event_id, readings=5, waited_s=1800
        )
        self.story.say(fact)

    def late(self, minutes: int) -> None:
        self.abandoned(minutes)
        fact = LateConfirmed(
            **self.story.ids,
            spends=self.story.rows[-1].event_id,
            posted_id=f"c-late-{self.minute}",
            url="u",
            text_hash="0" * 64,
            posted_at=None,
        )
        self.story.say(fact)

    def silence(self, minutes: int) -> None:
        self.minute += minutes * 4

    def starved(self, _minutes: int) -> None:
        self.starve()

    def ghost(self, minutes: int) -> None:
        self.story.haunted(f"c-{self.minute}-{minutes}")

    def failed(self, _minutes: int) -> None:
        self.story.say(FetchFailed(run_id=RunId(named("run")), reason="r"))

    def sealed(self, _minutes: int) -> None:
        head = TreeHead(size=len(self.story.rows), root=f"{self.minute:064x}", peaks=())
        self.story.say(head)


def told(chapters: list[tuple[str, int]]) -> Story:
    afternoon = Afternoon(Story())
    afternoon.story.say(UNLIMITED, approver=True)
    for what, minutes in chapters:
        if what in SLOTS:
            afternoon.run(minutes, slot=what, found=1)
        elif what == "boot":
            afternoon.boot(f"{minutes:x}" * 20)
        else:
            afternoon.minute += 1  # so that no two happenings have one name
            getattr(afternoon, what)(minutes)
        afternoon.story.due(Job.PROOF)
    return afternoon.story


def counted(rows: list[Recorded[Any]]) -> ProofRolledUp:
    """Count over the log up to its last event, the due one, as an operator would by hand."""
    due = rows[-1]

    def within(types: set[str], **window: int) -> list[Recorded[Any]]:
        since = due.at - timedelta(**window)
        return [row for row in rows if row.type in types and row.at > since]

    sightings = {"posting_success", "late_confirmed"}
    gone = {"candidate_selected", "candidate_expired", "candidate_rejected"}
    of = {name: [row.event for row in rows if row.type == name] for name in {r.type for r in rows}}
    left = {row.event.queue_id for row in rows if row.type in gone}
    known = {row.event.permit_id for row in rows if row.type in sightings | {"outcome_abandoned"}}
    heads = of.get("tree_head", [])
    errors = [row.type for row in rows if is_error(row.event)]  # none of them is named further
    return ProofRolledUp(
        fetch_started_15m=len(within({"fetch_started"}, minutes=15)),
        fetch_completed_15m=len(within({"fetch_completed"}, minutes=15)),
        queue_size=len([one for one in of.get("candidate_queued", []) if one.queue_id not in left]),
        scheduler_started_60m=len(within({"scheduler_started"}, minutes=60)),
        permits_created_60m=len(within({"permit_created"}, minutes=60)),
        permits_used_60m=len(within(sightings, minutes=60)),
        posted_tweet_ids_last_2h=tuple(row.event.posted_id for row in within(sightings, hours=2)),
        new_ghosts_last_2h=len(within({"ghost_detected"}, hours=2)),
        unknown_outcomes=len(
            [one for one in of.get("outcome_unknown", []) if one.permit_id not in known]
        ),
        last_error_event=errors[-1] if errors else None,
        running_sha=of["worker_started"][-1].git_sha if "worker_started" in of else "unknown",
        log_position=heads[-1].size - 1 if heads else due.position,
        log_root_hash=heads[-1].root if heads else None,
    )


async def differing(story: Story, keeper: Handler = proof_keeper) -> set[str]:
    """Fold the story, and name the fields of which any rollup says something else."""
    while await story.store.run_handler(keeper, ACCOUNT):
        pass
    rolled = [row for row in story.rows if row.type == "proof_rolled_up"]
    dues = [row for row in story.rows if row.type == "job_due" and row.event.job is Job.PROOF]
    assert len(rolled) == len(dues)
    return {
        name
        for made, due in zip(rolled, dues, strict=True)
        for name in ProofRolledUp.__struct_fields__
        if getattr(made.event, name) != getattr(counted(story.rows[: due.position + 1]), name)
    }


@settings(max_examples=30, deadline=None)
@given(CHAPTERS)
async def test_every_field_is_a_plain_count(chapters: list[tuple[str, int]]) -> None:
    assert await differing(told(chapters)) == set()


@pytest.mark.parametrize(
    ("unheard", "fields"),
    [
        ({FetchStarted}, {"fetch_started_15m"}),
        ({FetchCompleted}, {"fetch_completed_15m"}),
        ({CandidateQueued}, {"queue_size"}),
        ({SchedulerStarted}, {"scheduler_started_60m"}),
        ({PermitCreated}, {"permits_created_60m"}),
        ({PostingSuccess, LateConfirmed}, {"permits_used_60m", "posted_tweet_ids_last_2h"}),
        ({GhostDetected}, {"new_ghosts_last_2h", "last_error_event"}),
        ({OutcomeUnknown}, {"unknown_outcomes"}),
        ({WorkerStarted}, {"running_sha"}),
        ({TreeHead}, {"log_position", "log_root_hash"}),
    ],
)
async def test_a_keeper_that_is_deaf_to_something_is_noticed(
    unheard: set[type[Event]], fields: set[str]
) -> None:
    story = told(DAY)
    hears = tuple(one for one in proof_keeper.hears if one not in unheard)
    assert await differing(story, replace(proof_keeper, hears=hears)) == fields
