"""A gate that was given up while it started is no gate that runs."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

import pytest

from edge.gate.client import Gate, GateGone
from edge.gate.tokens import Role
from tests.gate.conftest import Scene


async def test_a_start_that_was_given_up_is_made_anew(scene: Scene) -> None:
    gate = Gate(scene.place, [scene.site.url])
    starting = asyncio.create_task(gate.start())
    while gate.pid is None:  # noqa: ASYNC110 - a process that begins says nothing
        await asyncio.sleep(0)
    starting.cancel()
    with suppress(asyncio.CancelledError):
        await starting
    assert not gate.alive
    with pytest.raises(GateGone):
        gate.proxy(Role.READER)
    async with gate:
        assert gate.alive
        assert gate.proxy(Role.READER).startswith("http://127.0.0.1:")


@pytest.mark.parametrize("inside", ["", "journal"])
async def test_a_folder_into_which_others_may_write_is_no_place_for_a_gate(
    scene: Scene, inside: str
) -> None:
    """A journal's file put there by another would be the proof that nothing left."""
    await scene.gate.stop()
    (scene.place.folder / inside).mkdir(parents=True, exist_ok=True)
    (scene.place.folder / inside).chmod(0o770)
    with pytest.raises(GateGone, match="others may write into the gate's folder"):
        await scene.gate.start()


async def test_a_gate_that_is_started_again_listens_elsewhere_and_says_so(scene: Scene) -> None:
    before, process = scene.gate.proxy(Role.READER), scene.gate.pid
    assert process is not None
    await scene.gate.start()
    assert scene.gate.proxy(Role.READER) != before
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


async def test_a_gate_that_was_ended_has_no_address(scene: Scene) -> None:
    await scene.gate.stop()
    with pytest.raises(GateGone):
        scene.gate.proxy(Role.READER)
