"""A stage: every rule of the program over one log, with the real judge and author before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from edge.performers.fetch import Fetch
from edge.ports import ModelAnswer, ModelCall
from edge.worker.performing import Performing
from schema.events.base import Event
from schema.events.operations import Job
from schema.rules import Rules
from tests.doubles.site import DoubleSite
from tests.handlers.flow import Flow
from tests.handlers.given import ME
from tests.money.orders import DRAFT, JUDGE, JUDGED, answer
from tests.performers.orders import Bench


class Turncoat:
    """A model that judges by one answer and writes by the others, the last for ever."""

    def __init__(self, judged: ModelAnswer, written: list[ModelAnswer]) -> None:
        self.judged = judged
        self.written = written
        self.calls: list[ModelCall] = []

    async def ask(self, call: ModelCall) -> ModelAnswer:
        self.calls.append(call)
        if call.purpose == "target_judge":
            return self.judged
        return self.written.pop(0) if len(self.written) > 1 else self.written[0]

    async def close(self) -> None:
        pass


class Stage(Flow):
    """From a candidate to the pass, played to its end."""

    def __init__(self, folder: Path, in_force: Rules) -> None:
        super().__init__()
        self.put_in_force(in_force)
        self.bench = Bench(folder)
        self.rules = in_force

    async def fetch(self, site: DoubleSite) -> None:
        """Let a fetch fall due and have it carried out."""
        self.bench.world.sites.only = site  # type: ignore[attr-defined]
        world = replace(self.bench.world, store=self.store, rules={ME: self.rules})
        self.tick(timedelta(minutes=1), [Job.FETCH])
        self.settle()
        await self._perform(Performing(Fetch(), world))

    async def play(
        self, candidate: Event | None, written: list[Any], judged: Any = None
    ) -> Turncoat:
        """Find a candidate and go on until nothing happens any more; return the model."""
        said = [answer({}, text=one) if isinstance(one, str) else answer(one) for one in written]
        model = Turncoat(JUDGED if judged is None else answer(judged), said)
        world = replace(self.bench.world, store=self.store, model=model, rules={ME: self.rules})
        if candidate is not None:
            self.say(candidate)
        for jobs in self._turns():
            self.tick(timedelta(minutes=6), jobs)
            self.settle()
            for performer in (JUDGE, DRAFT):
                await self._perform(Performing(performer, world))
        return model

    def _turns(self) -> Iterator[list[Job]]:
        yield []
        yield [Job.SCHEDULE]
        for _ in range(4):
            yield [Job.POST, Job.WATCHDOG]

    async def _perform(self, performing: Performing) -> None:
        while await performing.one():
            self.settle()

    def events(self, *kinds: type[Event]) -> list[Any]:
        """Return the events of these kinds."""
        return [row.event for row in self.of(*kinds)]
