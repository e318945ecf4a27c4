"""Closing: what does not go in time is left behind, also by a task that was told to end."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Error as BrowserError

from edge.browser import closing


class Stuck:
    """A page that never says that it is closed."""

    async def close(self) -> None:
        await asyncio.Event().wait()


class Crashed:
    """A page whose browser is gone."""

    async def close(self) -> None:
        raise BrowserError("Target crashed")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "CLOSE_S", 0.01)


@pytest.mark.parametrize("thing", [Stuck(), Crashed()])
async def test_what_cannot_be_closed_is_left_behind(thing: closing.Closable) -> None:
    await closing.close(thing)


async def out_of_time() -> None:
    async with asyncio.timeout(0.01):
        try:
            await asyncio.Event().wait()
        finally:
            await closing.close(Stuck())


async def test_a_task_out_of_time_ends_although_its_page_does_not() -> None:
    with pytest.raises(TimeoutError):
        await out_of_time()
