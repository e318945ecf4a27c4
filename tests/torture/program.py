"""The program as it really runs: `ghostproof run` in a process of its own, that may be killed."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

from tests.torture.ground import Ground
from tests.torture.processes import descendants, send, state

GONE_S = 30.0
DRAINED_S = 60.0


@asynccontextmanager
async def running(ground: Ground, environment: Mapping[str, str]) -> AsyncIterator[Process]:
    """Run a worker; whatever is left of it afterwards is killed."""
    with (ground.folder / "worker.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "edge.cli.main", "run"),
            cwd=ground.folder,
            env=ground.environment | dict(environment),
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    family = list[int]()
    try:
        yield process
    finally:
        family += descendants(process.pid)
        await end(process, signal.SIGKILL)
        await gone(family)


async def end(process: Process, number: signal.Signals) -> None:
    """Send a signal, and wait until the process is gone."""
    with suppress(ProcessLookupError):
        process.send_signal(number)
    async with asyncio.timeout(DRAINED_S):
        await process.wait()


async def gone(family: list[int]) -> None:
    """Wait until what a worker had started has ended by itself; kill what does not."""
    with suppress(TimeoutError):
        async with asyncio.timeout(GONE_S):
            while any(state(pid) not in {"", "Z"} for pid in family):
                await tick()
    send([pid for pid in family if state(pid) not in {"", "Z"}], signal.SIGKILL)


async def tick() -> None:
    """Let a twentieth of a second pass between two looks at what the kernel does not announce."""
    passed = asyncio.Event()
    asyncio.get_running_loop().call_later(0.05, passed.set)
    await passed.wait()
