"""Database: PostgreSQL is killed under load; what was acknowledged must be there afterwards."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from eventstore.embedded import server
from eventstore.embedded.errors import EmbeddedFailed
from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.store import PostgresStore
from schema.contracts import Command, NewEvent
from schema.errors import StoreError
from schema.events.operations import UnhandledException
from schema.ids import Account, EventId
from tests.torture.processes import descendants, send
from tests.torture.program import gone, tick

PRODUCERS = 24
UNDER_LOAD_S = (0.1, 0.6)
RESTART_S = 60.0


@dataclass
class Load:
    """What the producers were told: acknowledged ids, and commands of which nothing is known."""

    random: Random
    acknowledged: set[EventId] = field(default_factory=set)
    unknown: list[Command] = field(default_factory=list)

    async def produce(self, store: PostgresStore, account: Account, name: str) -> None:
        """Append one event after the other until the database goes away."""
        number = 0
        while True:
            number += 1
            command = self._command(f"{name}:{number}")
            try:
                (verdict,) = await store.append(account, [command], actor="torture")
            except StoreError:
                self.unknown.append(command)
                return
            assert verdict.code == "ok", verdict
            self.acknowledged.add(command.events[0].event_id)

    def _command(self, what: str) -> Command:
        event = UnhandledException(where="torture", kind="Load", message=what)
        return Command((NewEvent(EventId(UUID(int=self.random.getrandbits(128))), event),))


async def kill_under_load(
    postgres: EmbeddedPostgres, store: PostgresStore, account: Account, load: Load
) -> Counter[str]:
    """Kill the server once while many write; count what was promised and what is there."""
    known = len(load.acknowledged)
    producers = [
        asyncio.create_task(load.produce(store, account, f"{known}:{one}"))
        for one in range(PRODUCERS)
    ]
    delay_s, killed = load.random.uniform(*UNDER_LOAD_S), list[int]()
    asyncio.get_running_loop().call_later(delay_s, lambda: killed.extend(kill(postgres)))
    await asyncio.gather(*producers)
    await gone(killed)
    await restart(postgres)
    return await _judged(store, account, load)


def kill(postgres: EmbeddedPostgres) -> list[int]:
    """Kill the postmaster and every backend, as a power cut does; return who they were."""
    lines = server._lines(postgres.data_dir / "postgres" / "postmaster.pid")
    postmaster = int(lines[0])
    killed = [postmaster, *descendants(postmaster)]
    send(killed, signal.SIGKILL)
    return killed


async def restart(postgres: EmbeddedPostgres) -> None:
    """Start the server again, as soon as what is left of it lets go.

    Whoever kills waits with `gone` first: a dying server still answers, and seems to be up.
    """
    async with asyncio.timeout(RESTART_S):
        while True:
            with suppress(EmbeddedFailed):
                await asyncio.to_thread(postgres.start)
                return
            await tick()


async def _judged(store: PostgresStore, account: Account, load: Load) -> Counter[str]:
    """Read the whole log; then say again what nobody acknowledged."""
    there, gaps = await _read_all(store, account)
    size = (await _when_back(store))[account]
    retries = load.unknown
    committed = [one for one in retries if one.events[0].event_id in there]
    verdicts = await store.append(account, retries, actor="torture") if retries else []
    again = sum(verdict.code == "same" for verdict in verdicts)
    stands = sum(verdict.stands for verdict in verdicts)
    load.acknowledged |= {one.events[0].event_id for one in retries}
    load.unknown = []
    return Counter(
        {
            "PostgreSQL kills": 1,
            "unknown commits": len(retries),
            "of these committed": len(committed),
            "faults": (again != len(committed)) + (stands != len(retries)) + (size != len(there)),
            "acknowledged events lost": len(load.acknowledged - there - _ids(retries)),
            "gaps": gaps,
        }
    )


def _ids(commands: list[Command]) -> set[EventId]:
    return {one.events[0].event_id for one in commands}


async def _when_back(store: PostgresStore) -> dict[Account, int]:
    said = Counter[str]()
    try:
        async with asyncio.timeout(RESTART_S):
            while True:
                try:
                    return await store.heads()
                except StoreError as error:
                    said[error.message] += 1
                await tick()
    except TimeoutError:
        message = f"the store is not back {RESTART_S:g} s after its server: {dict(said)}"
        raise AssertionError(message) from None


async def _read_all(store: PostgresStore, account: Account) -> tuple[set[EventId], int]:
    await _when_back(store)
    there, after, gaps = set[EventId](), -1, 0
    while (page := await store.read(account, after=after)).events:
        for one in page.events:
            gaps += one.position != after + 1
            after = one.position
            there.add(one.event_id)
    return there, gaps
