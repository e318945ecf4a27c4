"""A demo that is told to end takes down what it set up."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.cli.conftest import Ask


def test_sigterm_ends_it_as_ctrl_c_does(
    ask: Ask, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = []

    async def play(*_given: object, keep: bool) -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()
        finally:
            ended.append(keep)

    def unheard(*_: object) -> None:
        raise AssertionError("nobody hears SIGTERM")

    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    monkeypatch.setattr("edge.cli.demo_playing.set_up", lambda secrets: None)
    monkeypatch.setattr("edge.cli.demo_playing.play", play)
    before = signal.signal(signal.SIGTERM, unheard)
    try:
        assert ask("demo", "--keep").code == 130
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended == [True]
