"""What the gate's listeners and its control socket share: tokens, journal, denials, stop file."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edge.gate.authority import Authority
from edge.gate.denials import Denials
from edge.gate.journal import Journal
from edge.gate.observation import Observation
from edge.gate.origins import Origins
from edge.gate.tokens import Role, Terms, Tokens, fault_in
from schema.errors import BadInput


def boot_s() -> float:
    """Return seconds since boot, suspend included: a paused machine cannot hide from it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass
class House:
    """One gate's state. Tokens live here alone and die with the process."""

    origins: Origins
    authority: Authority
    verified: ssl.SSLContext
    journal: Journal
    denials: Denials
    stop_file: Path | None
    tokens: Tokens = field(default_factory=Tokens)
    in_flight: int = 0
    refused_beside: dict[Role, str] = field(default_factory=dict)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def arm(self, terms: Terms) -> None:
        """Make a token; an earlier one of the same role is destroyed. Raises `BadInput`."""
        fault = fault_in(terms, boot_s())
        if fault:
            raise BadInput(f"cannot arm: {fault}")
        await asyncio.to_thread(self.journal.begin, terms.permit_id, terms.note)
        earlier = self.tokens.arm(terms)
        if earlier is not None:
            await self.destroy(earlier.permit_id, "another token took its place")
        left_s = max(0.0, terms.deadline_s - boot_s())
        loop = asyncio.get_running_loop()
        loop.call_later(left_s, lambda: loop.create_task(self._expire(terms)))

    async def destroy(self, permit_id: str, why: str) -> Observation:
        """Destroy the permit's token if it is still there, and return what is known."""
        self.tokens.drop(permit_id)
        seen = await asyncio.to_thread(self.journal.destroy, permit_id, why)
        await self._tell()
        return seen

    async def note(self, permit_id: str, what: str, **facts: Any) -> None:
        """Put on record how far the permit's request came."""
        await asyncio.to_thread(self.journal.add, permit_id, what, **facts)
        await self._tell()

    async def refused(self, role: Role, why: str) -> None:
        """Put on record, once for each armed token, that another request than its own was denied.

        The token's own request that came too late is no other one.
        """
        terms = self.tokens.armed(role)
        if terms is None or boot_s() >= terms.deadline_s:
            return
        if self.refused_beside.get(role) == terms.permit_id:
            return
        self.refused_beside[role] = terms.permit_id
        with suppress(OSError):  # the denial stands without the record
            await self.note(terms.permit_id, "denied", detail=why)

    async def observe(self, permit_id: str, wait_s: float) -> Observation | None:
        """Return what is known, as soon as it is final or `wait_s` have passed."""
        end_s = boot_s() + wait_s
        async with self.changed:
            while True:
                seen = await asyncio.to_thread(self.journal.read, permit_id)
                left_s = end_s - boot_s()
                if seen is None or seen.final or left_s <= 0:
                    return seen
                try:
                    async with asyncio.timeout(left_s):
                        await self.changed.wait()
                except TimeoutError:
                    continue

    def held_back(self, terms: Terms) -> str:
        """Say what forbids sending at this very moment, "" if nothing does."""
        if boot_s() >= terms.deadline_s:
            return "the token is expired"
        if terms.role is Role.POSTER and self.stop_file is not None and self.stop_file.exists():
            return f"posting is stopped: the file {self.stop_file.name} is there"
        return ""

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Count a request whose fate the gate must put on record before it may end."""
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1
            await self._tell()

    async def drain(self) -> None:
        """Wait until no request is under way."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.in_flight == 0)

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def _expire(self, terms: Terms) -> None:
        await self.destroy(terms.permit_id, "the token is expired")
