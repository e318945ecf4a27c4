"""A real click that is answered by a demand for a person: an outcome, and a challenge besides."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from uuid import uuid4

import pytest

from edge.browser.site import BrowserSite
from edge.gate.house import boot_s
from edge.ports import ClickObservation, Observed, Target
from schema.events.challenging import ChallengeKind
from tests.site.conftest import Forum, Open
from tests.torture.front import CHUNK, POST, Front

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


def http(status: str, body: str = "", *fields: str) -> bytes:
    head = (f"HTTP/1.1 {status}", "content-type: text/html", "connection: close", *fields)
    return "\r\n".join((*head, f"content-length: {len(body)}", "", body)).encode()


SLOW_DOWN = http("429 Too Many Requests", "slow down")
CAPTCHA = http("200 OK", "<!doctype html><form id=challenge-form>are you human?</form>")
LOG_IN = http("302 Found", "", "location: /user/login/?next=/comment/38/publish/")


class Doorman(Front):
    """Answers posts itself; the forum never gets them."""

    answer = b""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            answers, asks = await asyncio.open_connection("127.0.0.1", self._forum_port)
            asking = asyncio.create_task(self._ask(reader, asks, writer))
            try:
                await self._answer(answers, writer, asyncio.Event())
            finally:
                asking.cancel()
                asks.close()
                writer.close()

    async def _ask(
        self,
        reader: asyncio.StreamReader,
        asks: asyncio.StreamWriter,
        writer: asyncio.StreamWriter,
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if POST.match(data):
                    writer.write(self.answer)
                    await writer.drain()
                    break
                asks.write(data)
                await asks.drain()
            asks.write_eof()


async def click(site: BrowserSite) -> ClickObservation:
    async with site.composer(Target("t38", "", "")) as composer:
        await composer.fill("Would a net over it help?")
        return await composer.click(
            permit_id=str(uuid4()), text="Would a net over it help?", until_s=boot_s() + 20
        )


@pytest.mark.parametrize(
    ("answer", "observed", "challenge"),
    [
        (SLOW_DOWN, Observed.UNKNOWN, ChallengeKind.CHALLENGE),
        (CAPTCHA, Observed.UNKNOWN, ChallengeKind.CHALLENGE),
        (LOG_IN, Observed.REFUSED, ChallengeKind.LOG_IN),
    ],
    ids=["429", "a captcha", "the log-in page"],
)
async def test_a_click_that_is_answered_by_a_demand_for_a_person(
    forum: Forum, opened: Open, answer: bytes, observed: Observed, challenge: ChallengeKind
) -> None:
    async with Doorman(forum.server.port) as door:
        door.answer = answer
        site = await opened("jonas", own=True, url=door.url)
        seen = await click(site)
    assert (seen.observed, seen.challenge) == (observed, challenge)
