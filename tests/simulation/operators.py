"""Operators: people and machines around the workers, who act by the seed's chance."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from random import Random
from uuid import UUID

from edge.worker.accounts import caps_of
from edge.worker.stops import FILE_NAME
from handlers.clicking.tripwire import BY as TRIPWIRE
from schema.contracts import Command, NewEvent
from schema.events.base import Event
from schema.events.operations import CapsSet, PostingAllowed, PostingStopped, StopSource
from schema.ids import EventId
from tests.simulation.forum import How
from tests.simulation.scene import Scene
from tests.simulation.words import sentence

PAUSES_S = (0.05, 2.0, 15.0, 60.0, 400.0)
LOOKS_EVERY_S = 600.0
TIGHT = CapsSet(clicks_per_hour=1, clicks_per_day=40, clicks_per_author_per_day=1, gap_s=1800)
STOPS = frozenset({"posting_stopped", "posting_allowed"})


class Operators:
    """What happens to a scene from outside, each kind at its own rate per hour."""

    def __init__(self, scene: Scene, dice: Random) -> None:
        self._scene = scene
        self._dice = dice
        self._nobody = copy_context()
        self._stopping: list[asyncio.Task[None]] = []
        self._file_holders = 0
        self._deeds: dict[str, Callable[[], Awaitable[None]]] = {
            "crash_any_time": self._crash,
            "drain": self._drain,
            "deploy": self._deploy,
            "pause": self._pause,
            "database_away": self._database_away,
            "database_clock_step": self._clock_step,
            "caps_lowered": self._caps,
            "kill_switch_logged": self._logged,
            "kill_switch_flag": self._flag,
            "kill_switch_file": self._file,
            "ghost_by_hand": self._ghost,
            "post_deleted": self._delete,
            "post_edited": self._edit,
        }

    def begin(self) -> list[asyncio.Task[None]]:
        """Start what this seed has."""
        rates = self._scene.faults.rates
        self._looking = asyncio.create_task(self._look(), context=self._nobody)
        self._scene.server.on_arming = self._stop_soon
        return [
            asyncio.create_task(self._again_and_again(kind, rates[kind]))
            for kind in self._deeds
            if kind in rates
        ]

    async def _again_and_again(self, kind: str, per_hour: float) -> None:
        while True:
            await asyncio.sleep(self._dice.expovariate(per_hour / 3600))
            self._scene.faults.struck[kind] += 1
            await self._deeds[kind]()

    async def calm_down(self) -> None:
        """End every disturbance that lasts."""
        scene = self._scene
        scene.faults.on = False
        for task in self._stopping:
            task.cancel()
        await asyncio.gather(*self._stopping, return_exceptions=True)
        scene.server.away = False
        if scene.server.log(scene.account).stops.count(StopSource.LOGGED):
            self._say(PostingAllowed(source=StopSource.LOGGED, why="over", by="operator"))
        self._take_file_away()
        if scene.faults.struck["caps_lowered"]:
            self._say(caps_of(scene.rules.permit), approver=True)
        for host in scene.hosts:
            if host.flag:
                host.flag = False
                host.kill()

    # ---- workers

    async def _crash(self) -> None:
        self._dice.choice(self._scene.hosts).kill()

    async def _drain(self) -> None:
        self._dice.choice(self._scene.hosts).drain()

    async def _deploy(self) -> None:
        """Let every worker end, one after the other, and start as the next build."""
        self._scene.deploys += 1
        for host in self._scene.hosts:
            host.drain()
            await asyncio.sleep(self._dice.choice((5, 120)))

    async def _pause(self) -> None:
        host = self._dice.choice(self._scene.hosts)
        await host.pause(self._dice.choice(PAUSES_S))

    # ---- the database

    async def _database_away(self) -> None:
        self._scene.server.away = True
        await asyncio.sleep(self._dice.choice((5, 30, 120, 900)))
        self._scene.server.away = False

    async def _clock_step(self) -> None:
        self._scene.server.clock.step_s = self._dice.uniform(-30, 30)

    # ---- the caps

    async def _caps(self) -> None:
        """Lower the law's caps for a while, which the rules learn only from its refusals."""
        for caps in (TIGHT, caps_of(self._scene.rules.permit)):
            self._say(caps, approver=True)
            await asyncio.sleep(self._dice.choice((600, 3600)))

    # ---- the kill switch

    async def _look(self) -> None:
        """Look, now and then, at what asked for a person, and allow posting again."""
        looked, last = 0, None
        while True:
            await asyncio.sleep(LOOKS_EVERY_S)
            rows = self._scene.server.log(self._scene.account).rows
            for row in rows[looked:]:
                if row.type in STOPS and row.event.source is StopSource.LOGGED:
                    last = row.event
            looked = len(rows)
            if getattr(last, "by", "") == TRIPWIRE:
                self._say(PostingAllowed(source=StopSource.LOGGED, why="looked", by="operator"))

    def _stop_soon(self) -> None:
        """Stop posting just after an attempt landed: the hand that armed is to notice."""
        self._scene.forum.hesitates = True
        stopping = self._logged() if self._dice.random() < 0.5 else self._file()
        self._stopping.append(asyncio.create_task(stopping, context=self._nobody))

    async def _logged(self) -> None:
        self._say(PostingStopped(source=StopSource.LOGGED, why="a drill", by="operator"))
        await asyncio.sleep(self._dice.choice((1, 60, 600, 3600)))
        self._say(PostingAllowed(source=StopSource.LOGGED, why="over", by="operator"))

    async def _flag(self) -> None:
        for flag in (True, False):
            for host in self._scene.hosts:
                host.flag = flag
                host.drain() if self._dice.random() < 0.5 else host.kill()
            await asyncio.sleep(self._dice.choice((60, 600, 3600)))

    async def _file(self) -> None:
        now = asyncio.get_running_loop().time
        began = now()
        self._file_holders += 1
        (self._scene.folder / FILE_NAME).touch()
        try:
            await asyncio.sleep(self._dice.choice((1, 60, 600, 3600)))
        finally:
            self._file_holders -= 1
            if not self._file_holders:  # there is one file, however many want it
                self._take_file_away()
            self._scene.file_held.append((began, now()))

    def _take_file_away(self) -> None:
        (self._scene.folder / FILE_NAME).unlink(missing_ok=True)

    def _say(self, event: Event, *, approver: bool = False) -> None:
        event_id = EventId(UUID(int=self._dice.getrandbits(128), version=4))
        command = Command((NewEvent(event_id, event),))
        server, account = self._scene.server, self._scene.account
        if account in server.logs:
            approver |= isinstance(event, PostingAllowed)
            server.append_now(account, [command], actor="operator", approver=approver)

    # ---- the forum

    async def _ghost(self) -> None:
        forum = self._scene.forum
        parent = self._dice.choice(forum.topics[:50]).post_id
        forum.post(parent, sentence(self._dice, 12), forum.now(), How.HAND)

    async def _delete(self) -> None:
        forum = self._scene.forum
        shown = [entry for entry in forum.own if entry.shown(forum.now())]
        if shown:
            self._dice.choice(shown).shown_until = forum.now()

    async def _edit(self) -> None:
        forum = self._scene.forum
        if forum.own:
            entry = self._dice.choice(forum.own)
            entry.text, entry.edited = f"{entry.text} Edited.", True
