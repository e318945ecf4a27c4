"""The control socket: arm, disarm, observe, denied; one JSON line each way per connection."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from edge.gate.denials import Denial
from edge.gate.house import House
from edge.gate.limits import CONTROL_BYTES_MAX, REQUEST_S, TOKEN_S_MAX
from edge.gate.observation import Observation
from edge.gate.tokens import Terms
from schema.errors import GhostproofError


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of the gate: `terms` to arm, a `permit_id` for the rest."""

    do: Literal["arm", "disarm", "observe", "denied"]
    terms: Terms | None = None
    permit_id: str = ""
    wait_s: float = 0.0


class Told(msgspec.Struct, frozen=True):
    """The gate's answer; `fault` is "" when it did as asked."""

    fault: str = ""
    seen: Observation | None = None
    denied: list[Denial] = []


class Control:
    """Serves the socket; whoever can enter its folder may ask."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._server: asyncio.Server | None = None

    async def start(self, path: Path) -> None:
        """Listen on the socket at `path`."""
        self._server = await asyncio.start_unix_server(self._serve, path, limit=CONTROL_BYTES_MAX)

    def stop(self) -> None:
        """Answer no more."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError):  # ValueError: a line beyond the limit
            async with asyncio.timeout(REQUEST_S):
                line = await reader.readline()
            writer.write(msgspec.json.encode(await self._told(line)) + b"\n")
            await writer.drain()
        writer.close()

    async def _told(self, line: bytes) -> Told:
        try:
            return await self._done(msgspec.json.decode(line, type=Ask))
        except msgspec.MsgspecError as error:
            return Told(fault=f"not understood: {error}")
        except GhostproofError as error:
            return Told(fault=error.message)
        except OSError as error:
            return Told(fault=f"the journal: {error}")

    async def _done(self, ask: Ask) -> Told:
        house = self._house
        match ask.do:
            case "arm" if ask.terms is not None:
                await house.arm(ask.terms)
                return Told()
            case "arm":
                return Told(fault="arm needs terms")
            case "disarm":
                return Told(seen=await house.destroy(ask.permit_id, "disarmed"))
            case "observe":
                wait_s = min(max(ask.wait_s, 0.0), TOKEN_S_MAX)
                return Told(seen=await house.observe(ask.permit_id, wait_s))
            case "denied":
                return Told(denied=list(house.denials.newest))
