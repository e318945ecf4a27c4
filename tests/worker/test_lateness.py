"""Lateness: what the gate's journal says of a late click comes into the log, once, and no more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from edge.gate.journal import Journal
from edge.performers.outcomes import attempt_id_of
from edge.worker.lateness import Lateness
from schema.contracts import Command, NewEvent
from schema.events.base import permit_ids
from schema.events.posting import ClickAttempt, ClickOrdered, LateClickDetected
from tests.handlers.given import ME
from tests.performers.orders import Bench

CADENCE_S = 300


def attempted(bench: Bench) -> ClickOrdered:
    """Put a click attempt into the log, as its performer would."""
    order = bench.order_click()
    attempt = ClickAttempt(
        **permit_ids(order),
        spends=order.approval,
        target_author=order.target_author,
        text_hash=order.text_hash,
        worker_id=bench.world.worker_id,
        baseline=None,
    )
    new = NewEvent(attempt_id_of(order), attempt)
    [verdict] = bench.store.append_now(ME, [Command((new,))], actor="click", approver=False)
    assert verdict.stands
    return order


def left(folder: Path, permit_id: str, late_ms: int) -> None:
    """Let a request leave the gate so late, and be answered."""
    journal = Journal(folder / ME / "gate" / "journal")
    journal.begin(permit_id, {})
    journal.leave(permit_id)
    journal.add(permit_id, "left", late_ms=late_ms)
    journal.add(permit_id, "answered", status=302, location="/", headers={})


def watching(bench: Bench, folder: Path) -> Lateness:
    return Lateness(bench.store, folder, CADENCE_S)


async def test_a_late_click_comes_into_the_log_once(bench: Bench, tmp_path: Path) -> None:
    order = attempted(bench)
    left(tmp_path, str(order.permit_id), late_ms=1_500)
    now = bench.clock.now()
    for lateness in (watching(bench, tmp_path), watching(bench, tmp_path)):
        await lateness.look(now)
        await lateness.look(now + timedelta(seconds=CADENCE_S))
    [said] = bench.said(LateClickDetected)
    assert (said.permit_id, said.attempt, said.late_ms) == (
        order.permit_id,
        attempt_id_of(order),
        1_500,
    )


async def test_a_click_in_time_is_no_news(bench: Bench, tmp_path: Path) -> None:
    order = attempted(bench)
    left(tmp_path, str(order.permit_id), late_ms=0)
    await watching(bench, tmp_path).look(bench.clock.now())
    assert not bench.said(LateClickDetected)


async def test_a_late_log_in_is_no_click(bench: Bench, tmp_path: Path) -> None:
    left(tmp_path, "sign-in-6f7c1f0e-8c0b-5d0e-9d53-0b6f6d1f9a11", late_ms=9_000)
    await watching(bench, tmp_path).look(bench.clock.now())
    assert not bench.said(LateClickDetected)
