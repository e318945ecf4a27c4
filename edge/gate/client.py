"""The gate as its owner sees it: a process started and stopped, armed, and asked what it saw."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec

from edge.gate.control import Ask, Told
from edge.gate.denials import Denial
from edge.gate.journal import Journal
from edge.gate.limits import CONTROL_BYTES_MAX, DENIED_MAX, DRAIN_S, URL_CHARS_MAX
from edge.gate.observation import Observation
from edge.gate.process import Place
from edge.gate.tokens import Role, Terms
from schema.errors import SiteError

ROOT = Path(__file__).resolve().parents[2]
START_S = 30.0
ANSWER_S = 5.0
ANSWER_BYTES_MAX = DENIED_MAX * (URL_CHARS_MAX * 6 + 1_000) + CONTROL_BYTES_MAX


class GateGone(SiteError):
    """The gate does not run or does not answer. Nothing leaves without it; it is started anew."""


class NotArmed(SiteError):
    """The gate refused to make the token. The message says why; nothing can be sent."""


class Gate:
    """One gate process for one site. It ends with `stop`, or with this process."""

    def __init__(self, place: Place, origins: Sequence[str]) -> None:
        """Prepare a gate that lets the browser reach these origins alone."""
        self._place = place
        self._origins = tuple(origins)
        self._process: Process | None = None
        self._runtime: Path | None = None
        self._ports: dict[str, int] = {}
        self._spki = ""
        self.journal = Journal(place.folder / "journal")

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def alive(self) -> bool:
        """Whether the process runs and has said where it listens."""
        runs = self._process is not None and self._process.returncode is None
        return runs and bool(self._ports)

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process else None

    def proxy(self, role: Role) -> str:
        """Return the address of the listener for a role. Raises `GateGone`."""
        if role not in self._ports:
            raise GateGone("the gate does not run")
        return f"http://127.0.0.1:{self._ports[role]}"

    def flags(self) -> list[str]:
        """Return Chromium's flags that leave this gate, as a reader, its only way out."""
        return [
            f"--proxy-server={self.proxy(Role.READER)}",
            "--proxy-bypass-list=<-loopback>",
            f"--ignore-certificate-errors-spki-list={self._spki}",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--disable-quic",
        ]

    async def start(self) -> None:
        """Start the process and wait until it listens. Raises `GateGone`."""
        await self.stop()  # what is left of an earlier one that died
        self._runtime = Path(tempfile.mkdtemp(prefix="gp-gate-"))  # made with mode 0700
        log = self._log()
        with log.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "edge.gate", *self._arguments()),
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
                # The gate watches this pipe: it ends when we die, however we die.
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(START_S):
                line = await self._process.stdout.readline() if self._process.stdout else b""
            said = json.loads(line)
        except (TimeoutError, ValueError):
            await self.stop()
            words = log.read_text(errors="replace").strip()[-600:]
            raise GateGone(f"the gate did not start: {words}", remedy=f"see {log}") from None
        self._ports, self._spki = said["ports"], said["spki"]

    async def stop(self) -> None:
        """End the process; a second call does nothing."""
        process, self._process = self._process, None
        runtime, self._runtime = self._runtime, None
        self._ports = {}
        if process is not None:
            await _ended(process)
        if runtime is not None:
            shutil.rmtree(runtime, ignore_errors=True)

    async def arm(self, terms: Terms) -> None:
        """Make the one token under a permit. Raises `NotArmed` or `GateGone`."""
        told = await self._asked(Ask("arm", terms=terms))
        if told.fault:
            raise NotArmed(told.fault)

    async def disarm(self, permit_id: str) -> Observation | None:
        """Destroy the token, whether the gate still lives or not, and return what is known.

        None: no token was ever made here.
        """
        with suppress(GateGone):
            told = await self._asked(Ask("disarm", permit_id=permit_id))
            if told.seen is not None:
                return told.seen
        try:
            return await asyncio.to_thread(self.journal.destroy, permit_id, "settled afterwards")
        except FileNotFoundError:
            return None

    async def observe(self, permit_id: str, *, wait_s: float = 0.0) -> Observation | None:
        """Return what is known, as soon as it is final or `wait_s` have passed."""
        with suppress(GateGone):
            told = await self._asked(Ask("observe", permit_id=permit_id, wait_s=wait_s), wait_s)
            return told.seen
        return await asyncio.to_thread(self.journal.read, permit_id)

    async def denied(self) -> list[Denial]:
        """Return the newest requests that the gate denied. Raises `GateGone`."""
        return (await self._asked(Ask("denied"))).denied

    async def _asked(self, ask: Ask, more_s: float = 0.0) -> Told:
        if not self.alive or self._runtime is None:
            raise GateGone("the gate does not run")
        try:
            async with asyncio.timeout(ANSWER_S + more_s):
                reader, writer = await asyncio.open_unix_connection(
                    self._runtime / "control", limit=ANSWER_BYTES_MAX
                )
                try:
                    writer.write(msgspec.json.encode(ask) + b"\n")
                    line = await reader.readline()
                finally:
                    writer.close()
            return msgspec.json.decode(line, type=Told)
        except (OSError, ValueError) as error:  # a timeout is an OSError, half a line a ValueError
            raise GateGone(f"the gate does not answer: {error}") from None

    def _arguments(self) -> list[str]:
        place = self._place
        arguments = [f"--folder={place.folder}", f"--control={self._runtime}/control"]
        arguments += [f"--origin={origin}" for origin in self._origins]
        if place.stop_file is not None:
            arguments.append(f"--stop-file={place.stop_file}")
        if place.extra_authority is not None:
            arguments.append(f"--extra-authority={place.extra_authority}")
        return arguments

    def _log(self) -> Path:
        self._place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._place.folder / "gate.log"


async def _ended(process: Process) -> None:
    """End a process: told first, for it may have an answer to wait for; then by force."""
    if process.stdin is not None:
        process.stdin.close()
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(DRAIN_S + ANSWER_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
