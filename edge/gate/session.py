"""One connection of the browser: each of its requests read, judged, and passed on or denied."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from http import HTTPStatus

import h11

from edge.gate.house import House
from edge.gate.judging import ELSEWHERE, READING, Address, addressed, refusal
from edge.gate.limits import ANSWER_S, BODY_BYTES_MAX, IDLE_S, REQUEST_S
from edge.gate.origins import Origin
from edge.gate.release import Withheld, Write, released
from edge.gate.streams import OWN_ANSWER, Stream, end_to_end, value_of
from edge.gate.tokens import Outgoing, Role
from edge.gate.upstream import Upstream, connect
from schema.errors import SiteUnreachable

FAILED = (OSError, h11.ProtocolError)
"""What either end of a connection may do to us; a timeout is an OSError."""


class Session:
    """Serves one connection to its end."""

    def __init__(self, house: House, role: Role, browser: Stream) -> None:
        self._house = house
        self._role = role
        self._browser = browser
        self._tunnel: Origin | None = None
        self._site: Upstream | None = None
        self._head_only = False

    async def run(self) -> None:
        """Serve requests until either end has enough."""
        try:
            while isinstance(request := await self._browser.next(IDLE_S), h11.Request):
                await self._serve(request)
                if not self._browser.next_exchange():
                    return
        except h11.RemoteProtocolError as error:
            with suppress(*FAILED):
                await self._say(error.error_status_hint, "not HTTP as the gate speaks it")
        except FAILED:
            return
        finally:
            self.close()

    def close(self) -> None:
        """Close both sides."""
        self._browser.close()
        if self._site is not None:
            self._site.close()

    async def _serve(self, request: h11.Request) -> None:
        self._head_only = request.method == b"HEAD"
        if request.method == b"CONNECT":
            await self._open_tunnel(request)
            return
        address = addressed(request, self._tunnel)
        why = refusal(request, address, self._house.origins)
        body = await self._body()
        method = request.method.decode("latin-1")
        if body is None:
            why = why or f"a body of more than {BODY_BYTES_MAX} bytes"
        elif body and method in READING:
            why = why or "a reading request with a body"
        if why or address is None or body is None:
            await self._deny(request, address, why)
        elif method in READING:
            await self._read(request, address)
        else:
            await self._write(request, address, body)

    async def _open_tunnel(self, request: h11.Request) -> None:
        """Take the site's place in a tunnel: its requests are judged like any other."""
        target = request.target.decode("latin-1")
        origin = None if self._tunnel else self._house.origins.tunnelled(target)
        if origin is None:
            self._house.denials.add(self._role, "CONNECT", target, ELSEWHERE)
            await self._say(HTTPStatus.FORBIDDEN, ELSEWHERE)
            return
        await self._browser.send(h11.Response(status_code=200, headers=[]), REQUEST_S)
        reader, writer = self._browser.reader, self._browser.writer
        if origin.scheme == "https":
            async with asyncio.timeout(REQUEST_S):
                await writer.start_tls(self._house.authority.context(origin.host))
        self._tunnel = origin
        self._browser = Stream(h11.SERVER, reader, writer)
        await self.run()

    async def _body(self) -> bytes | None:
        """Return the request's body, None if it is too long."""
        if self._browser.http.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, headers=[])
            await self._browser.send(go_on, REQUEST_S)
        body = bytearray()
        while isinstance(event := await self._browser.next(REQUEST_S), h11.Data):
            body += event.data
            if len(body) > BODY_BYTES_MAX:
                return None
        return bytes(body)

    async def _read(self, request: h11.Request, address: Address) -> None:
        try:
            site, answer = await self._asked(request, address)
        except SiteUnreachable as error:
            await self._say(HTTPStatus.BAD_GATEWAY, error.message)
        except FAILED as error:
            await self._say(HTTPStatus.BAD_GATEWAY, f"{address.origin}: {error}")
        else:
            await self._hand_back(site, answer)

    async def _asked(self, request: h11.Request, address: Address) -> tuple[Upstream, h11.Response]:
        """Ask over the kept connection, else over a new one."""
        kept, self._site = self._site, None
        if kept is not None:
            with suppress(ConnectionError, h11.RemoteProtocolError):
                if kept.origin == address.origin:
                    return kept, await _ask(kept, request, address)
            kept.close()  # the site has closed it meanwhile; a reading request may go again
        site = await connect(address.origin, self._house.verified)
        try:
            return site, await _ask(site, request, address)
        except BaseException:
            site.close()
            raise

    async def _write(self, request: h11.Request, address: Address, body: bytes) -> None:
        method = request.method.decode("latin-1")
        headers = end_to_end(request.headers)
        # of those that the site will see: `Connection` may have named the type for our end alone
        kind = value_of(((name.lower(), value) for name, value in headers), b"content-type")
        outgoing = Outgoing(method, address.url, kind, body)
        try:
            site, answer = await released(
                self._house, Write(self._role, address, headers, outgoing)
            )
        except Withheld as why:
            await self._deny(request, address, str(why))
        except FAILED as error:
            await self._say(HTTPStatus.BAD_GATEWAY, f"sent, and no answer came: {error}")
        else:
            await self._hand_back(site, answer)

    async def _hand_back(self, site: Upstream, answer: h11.Response) -> None:
        try:
            head = h11.Response(
                status_code=answer.status_code,
                headers=end_to_end(answer.headers),
                reason=answer.reason,
            )
            await self._browser.send(head, ANSWER_S)
            async for data in site.body():
                await self._browser.send(h11.Data(data=data), ANSWER_S)
            await self._browser.send(h11.EndOfMessage(), ANSWER_S)
        except BaseException:
            site.close()
            raise
        if self._site is None and site.reusable():
            self._site = site
        else:
            site.close()

    async def _deny(self, request: h11.Request, address: Address | None, why: str) -> None:
        url = address.url if address else request.target.decode("latin-1")
        self._house.denials.add(self._role, request.method.decode("latin-1"), url, why)
        await self._say(HTTPStatus.FORBIDDEN, why)

    async def _say(self, status: int, words: str) -> None:
        """Answer in the gate's own name; a page of another origin may not read it."""
        text = f"ghostproof gate: {words}\n".encode()
        headers = [
            (b"Content-Type", b"text/plain; charset=utf-8"),
            (b"Content-Length", str(len(text)).encode()),
            (b"Cache-Control", b"no-store"),
            (OWN_ANSWER, words.encode("ascii", "replace").replace(b"\n", b" ")),
        ]
        await self._browser.send(h11.Response(status_code=status, headers=headers), REQUEST_S)
        if not self._head_only:
            await self._browser.send(h11.Data(data=text), REQUEST_S)
        await self._browser.send(h11.EndOfMessage(), REQUEST_S)


async def _ask(site: Upstream, request: h11.Request, address: Address) -> h11.Response:
    method = request.method.decode("latin-1")
    await site.send(site.request(method, address, end_to_end(request.headers), b""))
    return await site.answer()
