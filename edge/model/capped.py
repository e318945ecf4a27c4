"""A cap on what an endpoint may send, and a name for a body that breaks off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import httpx2

BODY_BYTES_MAX: Final = 1_000_000  # an answer of 300 tokens takes 3 kB, its envelope included


class BodyTooLarge(httpx2.HTTPError):
    """The body passed the cap and was abandoned; the answer cannot be used."""


class BodyCut(httpx2.HTTPError):
    """The connection ended inside the body; the answer cannot be used, but may be billed."""


async def cap(response: httpx2.Response) -> None:
    """Cap a response's body before it is read; a response hook of the HTTP client.

    Compressed bodies stay compressed, so that a small one cannot grow past the cap; no request
    of ours asks for one.
    """
    response.headers.pop("content-encoding", None)
    stream = response.stream
    if isinstance(stream, httpx2.AsyncByteStream):
        response.stream = _Capped(stream)


class _Capped(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        received = 0
        try:
            async for chunk in self._stream:
                received += len(chunk)
                if received > BODY_BYTES_MAX:
                    message = f"the body is larger than {BODY_BYTES_MAX} bytes"
                    raise BodyTooLarge(message)
                yield chunk
        except (httpx2.RemoteProtocolError, httpx2.ReadError) as error:
            message = "the connection ended inside the body"
            raise BodyCut(message) from error

    async def aclose(self) -> None:
        await self._stream.aclose()
