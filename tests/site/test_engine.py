"""The engine: whoever asks for a browser may give up, and what was begun is finished."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import pytest

from edge.browser.engine import Engine
from edge.gate.client import Gate
from edge.gate.process import Place
from tests.torture.processes import browsers, gates

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
