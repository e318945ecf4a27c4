"""Pausing: the worker is frozen for longer than a click's budget, at any moment around it."""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import Process
from collections import Counter
from contextlib import suppress
from random import Random

from edge.failpoints import STOP
from schema.events.posting import (
    ClickAttempt,
    ClickNotSent,
    ClickOrdered,
    LateClickDetected,
    NotSentReason,
)
from tests.torture.ground import Ground
from tests.torture.processes import gates, send, state
from tests.torture.program import running, tick
from tests.torture.settings import BUDGET_S

AROUND_S = {ClickOrdered: 2.0, ClickAttempt: 0.4}
"""Event that is waited for -> how long afterwards the freeze may come."""

LONGER_S = 1.0
NEXT_CLICK_S = 90.0


async def pause(ground: Ground, random: Random, pauses: int) -> Counter[str]:
    """Freeze a worker, its gate, or both, again and again; they wake when the budget is over."""
    counted = Counter[str]()
    async with running(ground, {}) as process:
        for _ in range(pauses):
            kind = random.choice(list(AROUND_S))
            await _next(ground, kind)
            await _after(random.uniform(0, AROUND_S[kind]))
            frozen = _chosen(process, random)
            counted["pauses"] += send(frozen, signal.SIGSTOP) > 0
            await _after(BUDGET_S + LONGER_S)
            send(frozen, signal.SIGCONT)
    await ground.log.catch_up()
    refused = [one.event.reason for one in ground.log.of(ClickNotSent)]
    counted["refused by the deadline"] = refused.count(NotSentReason.DEADLINE)
    return counted


async def pause_between_look_and_send(ground: Ground) -> Counter[str]:
    """Freeze the gate where no check can help any more: the click is late, and recorded so."""
    before = len(ground.log.of(LateClickDetected))
    async with running(ground, {STOP: "gate_last_look"}) as process:
        async with asyncio.timeout(NEXT_CLICK_S):
            while not (stopped := [pid for pid in gates(process.pid) if state(pid) == "T"]):
                await tick()
        await _after(BUDGET_S + LONGER_S)
        send(stopped, signal.SIGCONT)
        await ground.log.until(
            lambda: len(ground.log.of(LateClickDetected)) > before,
            within_s=NEXT_CLICK_S,
            what="late_click_detected",
        )
    return Counter({"pauses between look and send": 1})


def _chosen(process: Process, random: Random) -> list[int]:
    """Choose who freezes: the worker, its gate, or both."""
    worker, gate = [process.pid], gates(process.pid)
    return random.choice([worker, worker, gate or worker, worker + gate])


async def _next(ground: Ground, kind: type) -> None:
    await ground.log.catch_up()
    before = len(ground.log.events)
    await ground.log.until(
        lambda: any(isinstance(one.event, kind) for one in ground.log.events[before:]),
        within_s=NEXT_CLICK_S,
        what=kind.__name__,
    )


async def _after(seconds: float) -> None:
    """Let a chosen time pass: the freeze itself, or the moment at which it comes."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
