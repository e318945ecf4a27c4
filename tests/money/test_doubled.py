"""A message that is there twice is paid for twice, and each payment is on record."""

from __future__ import annotations

import asyncio

from schema.events.judging import CandidateJudged, ModelCalled
from schema.events.money import ModelReserved
from tests.handlers.given import ME
from tests.money.orders import COST, JUDGE, JUDGED, in_force, judgement
from tests.performers.orders import Bench


def ordered_again(bench: Bench) -> None:
    """Send the newest order's message once more."""
    bench.store.queues.send(JUDGE.queue, ME, len(bench.log.rows) - 1)


async def test_each_delivery_of_a_doubled_message_sets_its_own_money_aside(bench: Bench) -> None:
    in_force(bench)
    bench.model.answer = JUDGED
    bench.say(judgement())
    ordered_again(bench)
    answers = await asyncio.gather(bench.perform(JUDGE), bench.perform(JUDGE))
    assert [type(event) for events in answers for event in events] == [CandidateJudged] * 2
    reserved, called = bench.said(ModelReserved), bench.said(ModelCalled)
    assert len({one.reservation_id for one in reserved}) == len(bench.model.calls) == 2
    assert [one.reservation_id for one in called] == [one.reservation_id for one in reserved]
    book = await bench.world.purses.book(bench.store, ME)
    assert (book.purse.settled, book.purse.reserved) == ({"target_judge": 2 * COST}, {})


async def test_an_order_whose_queue_was_lost_is_not_refused_for_money(bench: Bench) -> None:
    in_force(bench)
    bench.model.answer = JUDGED
    bench.say(judgement())
    again = len(bench.log.rows) - 1
    await bench.perform(JUDGE)
    bench.store.queues.waiting[JUDGE.queue].clear()
    bench.store.queues.send(JUDGE.queue, ME, again)
    [judged] = await bench.perform(JUDGE)
    assert isinstance(judged, CandidateJudged)
