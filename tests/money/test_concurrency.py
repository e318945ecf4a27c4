"""Many workers, one purse: on a real PostgreSQL the money of a day is spent once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge.model.prices import worst_case
from edge.model.prompts import judge_prompt
from edge.model.voice import Voice
from edge.performers import reserving
from edge.performers.contract import Order, World
from edge.performers.purses import Purses
from edge.performers.spool import Spool
from edge.ports import ModelAnswer, ModelCall
from eventstore.store import PostgresStore
from handlers.money import purse
from schema.contracts import Command, NewEvent
from schema.events.base import Event
from schema.events.judging import ModelCalled
from schema.ids import EventId, named
from schema.rules import BudgetRules, Rules
from tests.doubles.clock import VirtualClock
from tests.doubles.site import DoubleSite, DoubleSites
from tests.handlers.facts import of_candidate, post, rules
from tests.money.orders import JUDGE, JUDGED, judgement
from tests.performers.orders import DoubleStops
from tests.postgres_fixtures import ME

pytestmark = pytest.mark.postgres

WORKERS, ORDERS, PAID_FOR = 4, 24, 7


@dataclass
class SlowModel:
    """A model that answers after everybody has asked, at the highest price."""

    answer: ModelAnswer
    calls: list[ModelCall] = field(default_factory=list)

    async def ask(self, call: ModelCall) -> ModelAnswer:
        self.calls.append(call)
        await asyncio.sleep(0)
        cost = worst_case(call)
        return ModelAnswer(**vars(self.answer) | {"cost_usd": cost})

    async def close(self) -> None:
        pass


def world(store: PostgresStore, model: SlowModel, folder: Path, in_force: Rules) -> World:
    return World(
        store=store,
        sites=DoubleSites(DoubleSite()),
        model=model,
        clock=VirtualClock(),
        spool=Spool(folder),
        worker_id=named("worker"),
        voices={ME: Voice(persona="a gardener")},
        rules={ME: in_force},
        stops=DoubleStops(),
    )


async def say(store: PostgresStore, *events: Event, approver: bool = False) -> None:
    size = (await store.heads())[ME]
    news = [
        NewEvent(EventId(named("said", str(size + n))), event) for n, event in enumerate(events)
    ]
    commands = [Command((new,)) for new in news]
    verdicts = await store.append(ME, commands, actor="test", approver=approver)
    assert all(verdict.stands for verdict in verdicts)


def alike(n: int) -> Any:
    """Make orders that all cost the same."""
    return replace(judgement(n), post=post(1))


async def played(store: PostgresStore, model: SlowModel, folder: Path, budget: BudgetRules) -> None:
    """Let several workers judge many candidates at once."""
    changed = rules(budget=budget)
    await say(store, changed, approver=True)
    await say(store, *(alike(n) for n in range(ORDERS)))
    worlds = [world(store, model, folder, changed.rules) for _ in range(WORKERS)]

    async def work(place: World) -> None:
        while (lease := await store.take(JUDGE.queue, lease_s=60)) is not None:
            recorded = await store.event(lease.account, lease.position)
            commands = await JUDGE.perform(Order(recorded, lease, JUDGE.queue), place)
            await store.close(lease, commands, actor=JUDGE.queue)

    await asyncio.gather(*(work(place) for place in worlds for _ in range(2)))


async def spent(store: PostgresStore) -> Decimal:
    page = await store.read(ME, types=("model_called",))
    calls = [row.event for row in page.events if isinstance(row.event, ModelCalled)]
    return sum((call.cost_usd for call in calls), Decimal(0))


def one_price() -> Decimal:
    """Return what each of the orders may cost at most."""
    prompt = judge_prompt(post(1), Voice(persona="a gardener"))
    return worst_case(prompt.call(str(of_candidate(1)["evaluation_id"])))


async def test_workers_side_by_side_spend_the_money_of_a_day_once(
    store: PostgresStore, tmp_path: Path
) -> None:
    daily = one_price() * PAID_FOR
    model = SlowModel(JUDGED)
    await played(store, model, tmp_path, BudgetRules(daily_usd=daily))
    assert len(model.calls) == PAID_FOR
    assert await spent(store) == daily
    failed = await store.read(ME, types=("judgement_failed",))
    assert len(failed.events) == ORDERS - PAID_FOR
    fresh = await Purses().book(store, ME)
    assert fresh.purse.reserved == {}


async def test_the_count_notices_a_purse_that_refuses_nothing(
    store: PostgresStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reserving, "refused", lambda *_: None)
    monkeypatch.setattr(purse, "refused", lambda *_: None)
    daily = one_price() * PAID_FOR
    model = SlowModel(JUDGED)
    await played(store, model, tmp_path, BudgetRules(daily_usd=daily))
    assert await spent(store) > daily
