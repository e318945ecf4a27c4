"""Asking the model: money first, the account in the log, and refusals as outcomes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from edge.performers.purses import Purses
from edge.ports import ModelAnswer
from schema.catalogue import type_of
from schema.errors import DatabaseUnreachable
from schema.events.drafting import DraftCreated, DraftFailed
from schema.events.judging import CandidateJudged, JudgementFailed, ModelCalled
from schema.events.money import (
    CircuitClosed,
    CircuitOpened,
    ModelReserved,
    ModelWithheld,
    WithheldReason,
)
from tests.money.orders import (
    COST,
    DRAFT,
    JUDGE,
    JUDGED,
    LATE,
    NO_QUOTA,
    WRITTEN,
    draft_request,
    in_force,
    judged,
    price,
)
from tests.performers.orders import Bench

HALF_OPEN_S = 900


async def open_circuit(bench: Bench) -> None:
    """Let a call find that the quota is used up."""
    bench.model.answer = NO_QUOTA
    await judged(bench, 1)
    bench.model.answer = JUDGED


# ---- money


async def test_the_most_a_call_may_cost_is_set_aside_and_settled_after_it(bench: Bench) -> None:
    in_force(bench)
    bench.model.answer = JUDGED
    [scored] = await judged(bench)
    assert isinstance(scored, CandidateJudged)
    [reserved] = bench.said(ModelReserved)
    [called] = bench.said(ModelCalled)
    assert reserved.cost_usd_max == price() > called.cost_usd == COST
    assert reserved.reservation_id == called.reservation_id
    book = await bench.world.purses.book(bench.store, bench.log.account)
    assert book.purse.settled == {"target_judge": COST}
    assert book.purse.reserved == {}


async def test_what_the_budget_does_not_hold_is_not_asked(bench: Bench) -> None:
    in_force(bench, daily_usd=Decimal(0))
    withheld, failed = await judged(bench)
    assert isinstance(withheld, ModelWithheld)
    assert (withheld.reason, withheld.left_usd) == (WithheldReason.BUDGET, Decimal(0))
    assert isinstance(failed, JudgementFailed)
    assert failed.outcome == "budget"
    assert failed.detail == "0 USD are left of the budget for target_judge"
    assert bench.model.calls == []
    assert bench.said(ModelReserved) == []


async def test_a_draft_without_money_fails_by_name(bench: Bench) -> None:
    in_force(bench, purpose_usd={"reply_generation": Decimal(0)})
    bench.say(draft_request())
    withheld, failed = await bench.perform(DRAFT)
    assert isinstance(withheld, ModelWithheld)
    assert withheld.purpose == "reply_generation"
    assert isinstance(failed, DraftFailed)
    assert failed.outcome == "budget"
    assert bench.model.calls == []


async def test_one_purposes_limit_leaves_the_others_alone(bench: Bench) -> None:
    in_force(bench, purpose_usd={"target_judge": Decimal(0)})
    bench.model.answer = WRITTEN
    bench.say(draft_request())
    [created] = await bench.perform(DRAFT)
    assert isinstance(created, DraftCreated)


async def test_a_reservation_that_came_too_late_is_not_called_under(bench: Bench) -> None:
    in_force(bench, daily_usd=price(1) + price(2))
    bench.model.answer = JUDGED
    rival = Purses()
    await rival.book(bench.store, bench.log.account)
    true_book = bench.world.purses.book
    looks = 0

    async def book(*where: object) -> object:
        nonlocal looks
        found = await true_book(*where)
        looks += 1
        if looks == 1:  # after the first look, somebody else takes the money
            bench.say(
                ModelReserved(
                    reservation_id=bench.world.worker_id,
                    purpose="target_judge",
                    request_id="rival",
                    model="gpt-4o-mini",
                    cost_usd_max=price(1) + price(2),
                )
            )
        return found

    bench.world.purses.book = book  # type: ignore[assignment,method-assign]
    withheld, failed = await judged(bench)
    assert isinstance(withheld, ModelWithheld)
    assert withheld.reservation_id == bench.said(ModelReserved)[1].reservation_id
    assert isinstance(failed, JudgementFailed)
    assert bench.model.calls == []


async def test_a_call_is_on_record_before_its_answer_is_used(bench: Bench) -> None:
    in_force(bench)
    bench.model.answer = JUDGED
    await judged(bench)
    assert [type_of(row.event) for row in bench.log.rows][-2:] == ["model_reserved", "model_called"]


async def test_a_worker_that_dies_in_a_call_leaves_its_worst_case_behind(bench: Bench) -> None:
    in_force(bench, daily_usd=price(1) * 2)
    bench.model.answer = JUDGED
    bench.store.lost_before = "model_called"
    with pytest.raises(DatabaseUnreachable):
        await judged(bench)
    bench.store.lost_before = ""
    book = await Purses().book(bench.store, bench.log.account)
    [left_behind] = book.purse.reserved.values()
    assert left_behind.usd == price(1)
    bench.redeliver()
    [scored] = await bench.perform(JUDGE)
    assert isinstance(scored, CandidateJudged)
    withheld, _ = await judged(bench, 2)
    assert isinstance(withheld, ModelWithheld)


async def test_a_process_that_starts_later_reads_the_same_purse(bench: Bench) -> None:
    in_force(bench)
    bench.model.answer = JUDGED
    for n in range(1, 4):
        await judged(bench, n)
    await open_circuit(bench)
    mine = await bench.world.purses.book(bench.store, bench.log.account)
    fresh = await Purses().book(bench.store, bench.log.account)
    assert fresh.purse == mine.purse


async def test_a_process_that_starts_days_later_knows_the_rules_and_the_circuit(
    bench: Bench,
) -> None:
    in_force(bench, daily_usd=Decimal(7))
    await open_circuit(bench)
    bench.clock.pass_s(5 * 86_400)
    bench.say(draft_request())
    book = await Purses().book(bench.store, bench.log.account)
    assert book.purse.rules.daily_usd == 7
    assert book.purse.open_since is not None
    assert book.purse.settled == {}


# ---- the circuit


async def test_a_used_up_quota_opens_the_circuit_for_everybody(bench: Bench) -> None:
    in_force(bench)
    await open_circuit(bench)
    [opened] = bench.said(CircuitOpened)
    assert opened.reason == "no quota"
    [failed] = [event for event in bench.said(ModelCalled) if event.outcome != "ok"]
    assert failed.outcome == "insufficient_quota"
    bench.world.purses._books.clear()  # another process
    withheld, failed_too = await judged(bench, 2)
    assert isinstance(withheld, ModelWithheld)
    assert withheld.reason is WithheldReason.CIRCUIT
    assert isinstance(failed_too, JudgementFailed)
    assert (failed_too.outcome, failed_too.detail) == ("circuit", "the circuit is open")
    assert len(bench.model.calls) == 1


async def test_an_answered_probe_closes_the_circuit(bench: Bench) -> None:
    in_force(bench)
    await open_circuit(bench)
    bench.clock.pass_s(HALF_OPEN_S)
    [scored] = await judged(bench, 2)
    assert isinstance(scored, CandidateJudged)
    assert len(bench.said(CircuitClosed)) == 1
    assert len(await judged(bench, 3)) == 1


@pytest.mark.parametrize("again", [NO_QUOTA, LATE])
async def test_a_probe_that_fails_leaves_the_circuit_open(bench: Bench, again: ModelAnswer) -> None:
    in_force(bench)
    await open_circuit(bench)
    bench.clock.pass_s(HALF_OPEN_S)
    bench.model.answer = again
    await judged(bench, 2)
    assert bench.said(CircuitClosed) == []
    withheld, _ = await judged(bench, 3)
    assert isinstance(withheld, ModelWithheld)
    bench.clock.pass_s(HALF_OPEN_S)
    bench.model.answer = JUDGED
    assert len(await judged(bench, 4)) == 1


async def test_the_flag_forces_the_circuit_open(bench: Bench) -> None:
    in_force(bench, circuit_open=True)
    withheld, _ = await judged(bench)
    assert isinstance(withheld, ModelWithheld)
    assert withheld.reason is WithheldReason.CIRCUIT
    assert bench.model.calls == []


# ---- no synthetic fallback


async def test_in_live_mode_a_doubles_answer_is_refused(bench: Bench) -> None:
    in_force(bench, mode="live")
    bench.model.answer = ModelAnswer(**vars(JUDGED) | {"headers": {"x-double": "1"}})
    [failed] = await judged(bench)
    assert isinstance(failed, JudgementFailed)
    assert failed.outcome == "from_double"
    assert bench.said(ModelCalled)[0].outcome == "from_double"


async def test_in_the_sandbox_a_doubles_answer_is_taken(bench: Bench) -> None:
    in_force(bench)
    bench.model.answer = ModelAnswer(**vars(JUDGED) | {"headers": {"x-double": "1"}})
    [scored] = await judged(bench)
    assert isinstance(scored, CandidateJudged)
