"""Virtual time: an event loop that jumps to the next timer and shuffles what is ready."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from contextvars import Context, ContextVar
from itertools import count
from random import Random
from typing import Any

from tests.simulation.process import Process

OWNER: ContextVar[Process | None] = ContextVar("OWNER", default=None)
"""The simulated process that a callback belongs to; None is the simulation itself."""

SHUFFLED = 0.2
"""How often something else than the oldest ready callback runs next."""


class VirtualLoop(asyncio.BaseEventLoop):
    """Runs callbacks by seeded chance; idle time passes in one jump; there are no threads."""

    def __init__(self, dice: Random) -> None:
        super().__init__()
        self._dice = dice
        self._virtual_s = 0.0
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = count()

    get_debug = staticmethod(bool)  # no: every handle and future asks

    def time(self) -> float:
        """Return virtual seconds since the loop was made."""
        return self._virtual_s

    def call_soon(
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Do what the base class does, without its checks: this is where most time goes."""
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)  # type: ignore[attr-defined]
        return handle

    def call_at(
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Keep timers apart from the base class: ties are broken by age, not by chance."""
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def call_later(
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self._virtual_s + delay, callback, *args, context=context)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Leave a cancelled timer where it is; it is passed over when its time comes."""

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        """Call at once: a thread would bring back real time."""
        called: asyncio.Future[Any] = self.create_future()
        try:
            called.set_result(func(*args))
        except Exception as error:
            called.set_exception(error)
        return called

    def _run_once(self) -> None:
        ready = self._ready  # type: ignore[attr-defined]
        if not ready:
            self._jump()
        random, chosen = self._dice.random, self._dice.randrange
        while ready and not self._stopping:  # type: ignore[attr-defined]
            if len(ready) > 1 and random() < SHUFFLED:
                ready.rotate(-chosen(len(ready)))
            handle = ready.popleft()
            if handle._cancelled:
                continue
            context = handle._context
            owner = context.get(OWNER)
            if owner is None or owner.awake:
                try:
                    context.run(handle._callback, *handle._args)
                except Exception as error:
                    self.call_exception_handler({"message": "a callback", "exception": error})
            else:
                owner.held.append(handle)

    def _jump(self) -> None:
        """Go to the time of the next timer."""
        timers, ready = self._timers, self._ready  # type: ignore[attr-defined]
        while timers and timers[0][2]._cancelled:
            heapq.heappop(timers)
        if not timers:
            raise RuntimeError("everything waits and no timer is set")
        self._virtual_s = max(self._virtual_s, timers[0][0])
        while timers and timers[0][0] <= self._virtual_s:
            ready.append(heapq.heappop(timers)[2])

    def give_back(self, owner: Process) -> None:
        """Make ready what a process was kept from running."""
        self._ready.extend(owner.held)  # type: ignore[attr-defined]
        owner.held.clear()

    def _process_events(self, event_list: Any) -> None:
        """Nothing comes from outside."""

    def _write_to_self(self) -> None:
        """Nobody sleeps in a system call."""
