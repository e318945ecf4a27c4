"""The read models of money and learning, on a real PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from eventstore.store import PostgresStore
from projectors import VIEWS
from schema.contracts import Command, NewEvent
from schema.events.base import Event
from schema.events.learning import (
    ArmTrained,
    OutcomeRecorded,
    OutcomeUnavailable,
    UnavailableReason,
)
from schema.ids import EventId, named
from tests.handlers.facts import of_permit
from tests.money.accounts import called, lapsed, reserved, usd
from tests.postgres_fixtures import ME

pytestmark = pytest.mark.postgres


async def rows(store: PostgresStore, view: str, *events: Event) -> list[Any]:
    news = [NewEvent(EventId(named(view, str(n))), event) for n, event in enumerate(events)]
    await store.append(ME, [Command((new,)) for new in news], actor="test")
    await store.run_projector(VIEWS[view], ME)
    live = await store.view_rows(VIEWS[view], ME)
    await store.rebuild_view(VIEWS[view], ME)
    assert await store.view_rows(VIEWS[view], ME) == live
    return live


async def test_spending_follows_a_call_from_its_reservation_to_its_cost(
    store: PostgresStore,
) -> None:
    found = await rows(store, "spending", *(reserved(n) for n in range(3)), called(0), lapsed(1))
    assert {(row.status, row.cost_usd, row.reserved_usd) for row in found} == {
        ("ok", usd("0.01"), usd("0.10")),
        ("lapsed", usd("0.10"), usd("0.10")),
        ("reserved", Decimal(0), usd("0.10")),
    }


async def test_outcomes_have_their_numbers_or_the_reason_for_none(store: PostgresStore) -> None:
    numbers: dict[str, Any] = {"impressions": 30, "likes": 1, "replies": 1, "er": 2 / 30}
    known = OutcomeRecorded(**of_permit(1), posted_id="q1", simulated=False, **numbers)
    gone = OutcomeUnavailable(**of_permit(2), posted_id="q2", reason=UnavailableReason.GONE)
    found = await rows(store, "outcomes", known, gone)
    assert {(row.posted_id, row.er, row.reason) for row in found} == {
        ("q1", 2 / 30, None),
        ("q2", None, "gone"),
    }


async def test_arms_have_their_newest_coefficients(store: PostgresStore) -> None:
    trained = [
        ArmTrained(arm="viral/curious", version=v, alpha=v, beta=1, pulls=v - 1) for v in (1, 2)
    ]
    [row] = await rows(store, "arms", *trained)
    assert (row.arm, row.alpha, row.beta, row.pulls, row.version) == ("viral/curious", 2, 1, 1, 2)
