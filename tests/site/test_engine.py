"""The engine: whoever asks for a browser may give up, and what was begun is finished."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import Browser
from playwright.async_api import Error as BrowserError

from edge.browser.engine import Engine
from edge.gate.client import Gate
from edge.gate.process import Place
from tests.torture.processes import browsers, gates, named, send

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_a_start_that_nobody_waited_for_serves_the_next_who_asks(tmp_path: Path) -> None:
    engine = Engine(Gate(Place(tmp_path), ["http://127.0.0.1:1"]))
    me = os.getpid()
    others = {*gates(me), *browsers(me)}
    try:
        asking = asyncio.create_task(engine.browser())
        while engine.gate.pid is None:  # noqa: ASYNC110 - a process that begins says nothing
            await asyncio.sleep(0)
        begun = engine.gate.pid
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
        assert not engine.gate.alive, "it is still being started"
        browser = await engine.browser()
        assert engine.gate.pid == begun, "it is the start that was given up"
        assert browser.is_connected()
        assert await engine.browser() is browser
        assert len({*gates(me), *browsers(me)} - others) == 2, "one gate and one browser"
    finally:
        await engine.close()


async def heard_of(browser: Browser) -> bool:
    with suppress(BrowserError):
        await browser.new_context()
        return True
    return False


@pytest.mark.parametrize("also_gate", [False, True])
async def test_a_dead_driver_is_replaced_with_its_browser(
    tmp_path: Path, *, also_gate: bool
) -> None:
    engine = Engine(Gate(Place(tmp_path), ["http://127.0.0.1:1"]))
    me = os.getpid()
    others = set(named(me, "run-driver"))
    try:
        first = await engine.browser()
        assert await engine.browser() is first
        drivers = set(named(me, "run-driver")) - others
        gate = [engine.gate.pid] if also_gate and engine.gate.pid else []
        assert send([*drivers, *gate], signal.SIGKILL) == 1 + also_gate
        while engine.gate.alive is also_gate or await heard_of(first):  # noqa: ASYNC110 - the dead
            await asyncio.sleep(0)  # say nothing
        second = await engine.browser()
        assert second is not first
        await (await second.new_context()).new_page()
        assert len(set(named(me, "run-driver")) - others) == 1
    finally:
        await engine.close()
