"""What goes wrong while the program runs: each a clear event, nothing lost, nothing posted."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge.cli import doctor
from edge.cli.looks import LOOKS
from edge.settings.build import git_sha
from edge.worker.stepping import ClockWatch
from edge.worker.ticking import Ticker
from handlers.finding.screener import screener
from schema.builds import UNKNOWN
from schema.errors import SiteError
from schema.events.fetching import (
    CandidateFound,
    FetchCompleted,
    FetchFailed,
    SourceCompleted,
    SourceFailed,
    SourceTimedOut,
)
from schema.events.judging import (
    CandidateEvaluated,
    CandidateRejected,
    JudgementFailed,
    ModelCalled,
)
from schema.events.money import ModelReserved, ModelWithheld, WithheldReason
from schema.events.operations import ClockStepped, Job, JobDue
from schema.events.permitting import PermitCreated
from schema.events.posting import ClickOrdered, PassSkip, PostingPassClosed
from schema.events.queueing import CandidateQueued, CandidateSelected
from schema.events.scheduling import SchedulerStarted, SlotClosed, SlotReason
from schema.ids import named
from schema.posts import Source
from schema.rules import BudgetRules, FetchRules, PermitRules, QueueRules, Rules
from tests.cli.conftest import Ask
from tests.doubles.clock import VirtualClock
from tests.doubles.site import DoubleSite
from tests.doubles.story import Story
from tests.handlers.facts import TEXT, allowed, found, post, stopped
from tests.handlers.flow import Flow
from tests.handlers.given import ME
from tests.money.stage import Stage

RULES = Rules(
    handle="me",
    fetch=FetchRules(curated=("a",), keywords=("k",)),
    queue=QueueRules(refill_below=0),  # one fetch is enough to look at
)
GOOD = [{"text": TEXT, "language": "en"}]
FRESH = {"posted_at": None}


class Hung(DoubleSite):
    """A site whose first source shows one post and never answers again."""

    async def source_pages(self, source: Source, query: str, *, limit: int) -> Any:
        yield [post(1 if query == "a" else 2, **FRESH)]
        if query == "a":
            await asyncio.Event().wait()


# ---- sources


async def test_a_hung_source_keeps_what_it_had_and_the_next_one_runs(tmp_path: Path) -> None:
    hurried = replace(RULES, fetch=replace(RULES.fetch, timebox_s=0))
    stage = Stage(tmp_path, hurried)
    await stage.fetch(Hung())
    assert [one.source for one in stage.events(SourceTimedOut)] == [Source.CURATED]
    assert [one.post.post_id for one in stage.events(CandidateFound)] == ["p1", "p2"]
    assert [one.ok for one in stage.events(FetchCompleted)] == [True]


async def test_sources_without_anything_are_a_run_that_found_nothing(tmp_path: Path) -> None:
    stage = Stage(tmp_path, RULES)
    await stage.fetch(DoubleSite())
    assert {one.seen for one in stage.events(SourceCompleted)} == {0}
    [completed] = stage.events(FetchCompleted)
    assert (completed.ok, completed.seen) == (True, 0)
    await stage.play(None, GOOD)
    assert [one.reason for one in stage.events(SlotClosed)] == [SlotReason.QUEUE_EMPTY]


async def test_sources_that_fail_are_named_and_the_run_is_closed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, RULES)
    torn: dict[str, Any] = {name: [SiteError(f"{name} is torn")] for name in ("a", "k")}
    await stage.fetch(DoubleSite(pages=torn))
    assert [one.reason for one in stage.events(SourceFailed)] == [
        "curated: a is torn",
        "keyword: k is torn",
    ]
    assert len(stage.events(FetchFailed)) == 1
    assert [one.ok for one in stage.events(FetchCompleted)] == [False]


# ---- candidates


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "", **FRESH}, "no_text"),
        ({"text": " \n\t ", "title": "Only a title", **FRESH}, "no_text"),
        ({"posted_at": Flow().now + timedelta(days=3650)}, "from_the_future"),
        ({"posted_at": Flow().now - timedelta(days=3650)}, "too_old"),
    ],
)
async def test_a_candidate_that_cannot_be_is_rejected_with_its_reason(
    changes: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    stage = Stage(tmp_path, RULES)
    model = await stage.play(found(1, **changes), GOOD)
    [evaluated] = stage.events(CandidateEvaluated)
    assert (evaluated.reason, evaluated.passed_hard_filters) == (reason, False)
    assert [one.reason for one in stage.events(CandidateRejected)] == [reason]
    assert (model.calls, stage.events(PermitCreated, ClickOrdered)) == ([], [])


async def test_a_filter_that_passes_everything_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules_of_screening = sys.modules[screener.decide.__module__]
    monkeypatch.setattr(rules_of_screening, "refusal", lambda *_: None)
    stage = Stage(tmp_path, RULES)
    await stage.play(found(1, text="", **FRESH), GOOD)
    assert stage.events(ClickOrdered)


# ---- time


async def test_the_same_due_slot_from_many_clocks_is_one_slot() -> None:
    flow, clock = Flow(), VirtualClock()
    flow.put_in_force(RULES)
    for _ in range(3):
        ticker = Ticker(flow.store, clock, {ME: "UTC"}, {Job.SCHEDULE: 900, Job.POST: 60})
        await ticker.tick()
        await ticker.tick()
        flow.settle()
    assert len(flow.of(JobDue)) == 2
    assert len(flow.of(SchedulerStarted)) == len(flow.of(SlotClosed)) == 1


@pytest.mark.parametrize("step_s", [-86_400, 86_400])
async def test_a_clock_step_is_on_record_and_repeats_no_slot(step_s: int) -> None:
    flow, clock = Flow(), VirtualClock()
    flow.put_in_force(RULES)
    ticker = Ticker(flow.store, clock, {ME: "UTC"}, {Job.SCHEDULE: 900})
    watch = ClockWatch(flow.store, clock, named("worker"))
    for step in (0, step_s, -step_s):
        clock.pass_s(1)
        clock.step_s(step)
        await watch.look([ME])
        await ticker.tick()
        flow.settle()
    assert [row.event.by_s for row in flow.of(ClockStepped)] == [step_s, -step_s]
    slots = [row.event.slot for row in flow.of(SchedulerStarted)]
    assert len(slots) == len(set(slots))


# ---- money


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (BudgetRules(daily_usd=Decimal(0)), WithheldReason.BUDGET),
        (BudgetRules(purpose_usd={"target_judge": Decimal(0)}), WithheldReason.BUDGET),
        (BudgetRules(circuit_open=True), WithheldReason.CIRCUIT),
    ],
)
async def test_without_money_nothing_is_asked_and_every_skip_says_why(
    budget: BudgetRules, reason: WithheldReason, tmp_path: Path
) -> None:
    stage = Stage(tmp_path, replace(RULES, budget=budget))
    model = await stage.play(found(1, **FRESH), GOOD)
    assert [(one.purpose, one.reason) for one in stage.events(ModelWithheld)] == [
        ("target_judge", reason)
    ]
    assert [one.outcome for one in stage.events(JudgementFailed)] == [reason]
    assert [one.reason for one in stage.events(CandidateRejected)] == [f"judge_{reason}"]
    assert (model.calls, stage.events(ModelReserved, ModelCalled, CandidateQueued)) == ([], [])


async def test_a_candidate_that_nobody_could_pay_for_is_not_lost(tmp_path: Path) -> None:
    stage = Stage(tmp_path, replace(RULES, budget=BudgetRules(daily_usd=Decimal(0))))
    await stage.play(found(1, **FRESH), GOOD)
    assert stage.events(ModelCalled, CandidateQueued) == []
    stage.put_in_force(RULES)
    model = await stage.play(None, GOOD)
    assert [call.purpose for call in model.calls] == ["target_judge"]
    assert [one.candidate_id for one in stage.events(CandidateQueued)] == [found(1).candidate_id]


async def test_a_slot_without_money_keeps_its_candidate(tmp_path: Path) -> None:
    penniless = replace(RULES, budget=BudgetRules(purpose_usd={"reply_generation": Decimal(0)}))
    stage = Stage(tmp_path, penniless)
    await stage.play(found(1, **FRESH), GOOD)
    assert [one.reason for one in stage.events(SlotClosed)] == [SlotReason.BUDGET_EXHAUSTED]
    assert len(stage.events(CandidateQueued)) == 1
    assert stage.events(CandidateSelected, PermitCreated, CandidateRejected) == []


# ---- passes


async def test_a_stop_keeps_what_is_due_and_each_pass_says_so_once(tmp_path: Path) -> None:
    stage = Stage(tmp_path, replace(RULES, permit=PermitRules(gap_s=0)))
    stage.say(stopped())
    await stage.play(found(1, **FRESH), GOOD)
    passes = stage.events(PostingPassClosed)
    due = stage.of(JobDue)
    assert len(passes) == sum(row.event.job is Job.POST for row in due)
    assert {(one.found, one.ordered, one.skipped) for one in passes} == {
        (1, 0, PassSkip.POSTING_DISABLED)
    }
    assert stage.events(ClickOrdered) == []
    [permit] = stage.events(PermitCreated)
    stage.say(allowed(), approver=True)
    for _ in range(2):
        stage.tick(timedelta(minutes=1), [Job.POST])
        stage.settle()
    [order] = stage.events(ClickOrdered)
    assert (order.decision_id, order.text) == (permit.decision_id, TEXT)


# ---- builds


def test_a_build_of_which_nobody_knows_is_unknown_and_told(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GIT_SHA", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_sha() == UNKNOWN
    monkeypatch.setattr(doctor, "LOOKS", {"build": LOOKS["build"]})
    answer = ask("doctor")
    assert answer.code == 1
    assert "FIX  build: nobody can say which build this is" in answer.out
    assert "→ set GIT_SHA" in answer.out


def test_an_unknown_build_is_not_the_expected_one(ask: Ask, story: Story) -> None:
    story.booted("unknown")
    story.watched("unknown")
    answer = ask("certify", "--expect-sha", "a" * 40, "--at", "1", "--json")
    [check] = [one for one in answer.json["checks"] if one["id"] == "A"]
    assert (answer.code, check["status"]) == (2, "fail")
    assert "unknown runs" in check["detail"]
