"""A person who waits sees how far it is; a pipe gets nothing but the answer."""

from __future__ import annotations

import asyncio
import sys

import pytest

from edge.cli import progress as module
from edge.cli.progress import Progress


async def shown(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(module, "QUIET_S", 0)
    one = Progress()
    one.reached("folded", 1200, 5000)
    waiting = asyncio.create_task(one.show())
    for _ in range(3):
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_a_terminal_shows_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await shown(monkeypatch, terminal=True)
    assert "0 s  folded: 1,200 of 5,000 events" in capsys.readouterr().err


async def test_a_pipe_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await shown(monkeypatch, terminal=False)
    assert capsys.readouterr().err == ""
