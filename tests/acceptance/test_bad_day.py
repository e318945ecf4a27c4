"""A bad day for a real worker: no money, a deaf webhook, a wrong build, a lost database."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from edge.addresses import address_of
from schema.events.alerting import Alert, AlertRaised, AlertUndelivered
from schema.events.judging import CandidateRejected, ModelCalled
from schema.events.money import ModelReserved, ModelWithheld, WithheldReason
from schema.events.operations import JobDue, UnhandledException
from schema.events.permitting import PermitCreated
from schema.events.posting import ClickAttempt
from schema.events.queueing import CandidateQueued
from schema.events.scheduling import SlotClosed, SlotReason
from tests.performers.hook import HANG, listening
from tests.torture.database import kill, restart
from tests.torture.ground import Ground, laid
from tests.torture.program import running, tick

pytestmark = [pytest.mark.postgres, pytest.mark.browser, pytest.mark.slow]

WITHIN_S = 120.0
BUILDS = {"GIT_SHA": "a" * 40, "EXPECTED_SHA": "b" * 40}


async def test_each_trouble_has_its_event_and_nothing_is_posted() -> None:
    async with laid() as ground, listening(HANG) as hook:
        _no_money(ground.folder / "ghostproof.toml", hook.url)
        async with running(ground, BUILDS) as process:
            await _without_money(ground)
            await _told_in_vain(ground)
            await _loses_its_database(ground)
            process.terminate()
            assert await process.wait() == 0
        await ground.log.catch_up()
        assert ground.log.of(ModelReserved, ModelCalled, CandidateQueued) == []
        assert ground.log.of(PermitCreated, ClickAttempt, UnhandledException) == []
        assert ground.posts() == []


def _no_money(settings: Path, webhook: str) -> None:
    alerts = {"webhook_url": webhook, "secret": "between us two", "timeout_s": 0.5, "tries": 2}
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in alerts.items())
    settings.write_text(f"{settings.read_text()}[budget]\ndaily_usd = 0\n[alerts]\n{lines}")


async def _without_money(ground: Ground) -> None:
    """Wait for candidates that nobody could judge, and for slots that say why they are idle."""
    log = ground.log
    await log.until(
        lambda: bool(log.of(ModelWithheld) and _reasons(ground, CandidateRejected)),
        within_s=WITHIN_S,
        what="a candidate without a judge",
    )
    assert {one.event.reason for one in log.of(ModelWithheld)} == {WithheldReason.BUDGET}
    assert "judge_budget" in _reasons(ground, CandidateRejected)
    assert _reasons(ground, SlotClosed) == {SlotReason.BUDGET_EXHAUSTED}


async def _told_in_vain(ground: Ground) -> None:
    """Wait for the word that nobody took; meanwhile slots go on."""
    log = ground.log
    await log.until(
        lambda: bool(log.of(AlertUndelivered)), within_s=WITHIN_S, what="the deaf webhook"
    )
    [raised], [undelivered] = log.of(AlertRaised), log.of(AlertUndelivered)
    assert (raised.event.alert, undelivered.event.alert) == (Alert.SHA_UNEXPECTED,) * 2
    assert f"runs {'a' * 40}, expected is {'b' * 40}" in raised.event.message
    assert (undelivered.event.reason, undelivered.event.tries) == ("no answer within 0.5 s", 2)
    between = [raised.position < one.position < undelivered.position for one in log.of(JobDue)]
    assert any(between)


async def _loses_its_database(ground: Ground) -> None:
    """Kill PostgreSQL: the process is alive and says what it lacks, then goes on by itself."""
    assert _asked(ground, "/ready")[0] == 200
    kill(ground.postgres)
    await _eventually(lambda: _asked(ground, "/ready")[0] == 503)
    assert _asked(ground, "/health")[0] == 200
    reasons = _asked(ground, "/ready")[1]["reasons"]
    assert any("no connection to" in one["reason"] for one in reasons), reasons
    assert all(one["remedy"] for one in reasons)
    before = ground.log.events[-1].position
    await restart(ground.postgres)
    await ground.log.until(
        lambda: any(one.position > before + 50 for one in ground.log.of(JobDue)),
        within_s=WITHIN_S,
        what="work after the outage",
    )
    await _eventually(lambda: _asked(ground, "/ready")[0] == 200)


async def _eventually(fulfilled: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN_S
    while not await asyncio.to_thread(fulfilled):
        assert time.monotonic() < end
        await tick()


def _asked(ground: Ground, page: str) -> tuple[int, Any]:
    """Ask the worker's health server for a page; return its status and JSON."""
    url = urlsplit(address_of(ground.data_dir) or "")
    assert url.port
    connection = http.client.HTTPConnection("127.0.0.1", url.port, timeout=30)
    try:
        connection.request("GET", page)
        answer = connection.getresponse()
        return answer.status, json.load(answer)
    finally:
        connection.close()


def _reasons(ground: Ground, *kinds: Any) -> set[str]:
    return {one.event.reason for one in ground.log.of(*kinds)}
