"""The webhook: one signed message is posted to the operator's address, or it is said why not.

httpx2 is here already because the model's client brings it; it verifies certificates by default.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import httpx2

EVENT_HEADER: Final = "X-Ghostproof-Event"
"""The id of the event that the message is about; the same one twice is the same message."""

SIGNATURE_HEADER: Final = "X-Ghostproof-Signature"
"""``sha256=`` and the HMAC-SHA256 of the body's bytes under the shared secret, in hex."""

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
WORTH_ANOTHER_TRY: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True)
class Answered:
    """How one try went; `status` is None where nobody answered, `reason` holds no address."""

    status: int | None
    reason: str

    @property
    def taken(self) -> bool:
        """Whether the other side has the message."""
        return self.status is not None and HTTPStatus(200) <= self.status < HTTPStatus(300)

    @property
    def final(self) -> bool:
        """Whether another try would be answered alike: a redirect, or a request they refuse."""
        if self.status is None or self.status in WORTH_ANOTHER_TRY:
            return False
        return self.status < HTTPStatus.INTERNAL_SERVER_ERROR


@dataclass(frozen=True)
class Webhook:
    """An address and the secret shared with it."""

    url: str = field(repr=False)  # many a webhook's address is its only key
    secret: str = field(repr=False)
    timeout_s: float = 5.0

    async def post(self, body: bytes, event_id: UUID) -> Answered:
        """Post the body once. Never raises for what the other side does."""
        headers = {
            "Content-Type": "application/json",
            EVENT_HEADER: str(event_id),
            SIGNATURE_HEADER: signature(self.secret, body),
        }
        try:
            async with asyncio.timeout(self.timeout_s):
                status = await self._status(body, headers)
        except TimeoutError:
            return Answered(None, f"no answer within {self.timeout_s:g} s")
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            return Answered(None, f"not reached: {type(error).__name__}")
        return Answered(status, f"answered {status}")

    async def _status(self, body: bytes, headers: dict[str, str]) -> int:
        """Return the status; nothing that the other side writes is read."""
        near = urlsplit(self.url).hostname in LOOPBACK
        async with (
            httpx2.AsyncClient(timeout=None, trust_env=not near) as client,
            client.stream("POST", self.url, content=body, headers=headers) as answer,
        ):
            return answer.status_code


def signature(secret: str, body: bytes) -> str:
    """Sign a body (HMAC-SHA256, RFC 2104) as the header carries it."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
