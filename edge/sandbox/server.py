"""The forum's server process: started on a free port, stopped by its own pid, never left over."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import Self

from edge.sandbox.install import PROJECT_DIR, SandboxFailed, SandboxSite
from schema.errors import PortInUse

HOST = "127.0.0.1"
READY_TIMEOUT_S = 30.0  # a cold start of Django on a busy machine
STOP_TIMEOUT_S = 5.0
PROBE_EVERY_S = 0.05


class SandboxServer:
    """Serves one installed forum. The process ends with `stop`, or with this process."""

    def __init__(self, site: SandboxSite) -> None:
        self.site = site
        self.port = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """The forum's address, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._process.pid if self._process else None

    async def start(self, port: int = 0) -> str:
        """Listen on `port` (0: any free one), wait until the forum answers, return its address."""
        with _listen(port) as listening:
            self.port = listening.getsockname()[1]
            log = (self.site.directory / "server.log").open("ab")
            with log:
                self._process = await asyncio.create_subprocess_exec(
                    str(self.site.python),
                    str(PROJECT_DIR / "serve.py"),
                    str(listening.fileno()),
                    env=self.site.environment,
                    # The server watches this pipe: it ends when we die, however we die.
                    stdin=asyncio.subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    pass_fds=(listening.fileno(),),
                    start_new_session=True,
                )
        try:
            await self._ready(self._process)
        except BaseException:
            await self.stop()
            raise
        return self.url

    async def stop(self) -> None:
        """End the server; a second call does nothing."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_TIMEOUT_S)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _ready(self, process: asyncio.subprocess.Process) -> None:
        try:
            async with asyncio.timeout(READY_TIMEOUT_S):
                while not await asyncio.to_thread(_answers, f"{self.url}/user/login/"):
                    if process.returncode is not None:
                        raise SandboxFailed(self._last_words())
                    await asyncio.sleep(PROBE_EVERY_S)
        except TimeoutError:
            raise SandboxFailed(self._last_words()) from None

    def _last_words(self) -> str:
        log = self.site.directory / "server.log"
        return f"the forum did not start: {log.read_text(errors='replace').strip()[-600:]}"


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"port {port} on {HOST} is taken",
                remedy="choose another sandbox port, or 0 for any free one",
            ) from None
        raise
    return listening


def _answers(url: str) -> bool:
    with (
        contextlib.suppress(urllib.error.URLError, TimeoutError, OSError),
        urllib.request.urlopen(url, timeout=2) as answer,  # noqa: S310  our own address
    ):
        return bool(answer.status == HTTPStatus.OK)
    return False
