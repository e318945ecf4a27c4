"""Clicks on the real forum through the gate, over TLS too: what it saw decides the outcome."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest

from edge.browser import open_site
from edge.browser.site import BrowserSite
from edge.gate.house import boot_s
from edge.gate.process import Place
from edge.ports import Observed, Target
from schema.text import normalised
from tests.site.conftest import Forum, data_dir, forum, installed

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["data_dir", "forum", "installed"]  # fixtures

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def tls_front(forum: Forum, tls: ssl.SSLContext) -> AsyncIterator[str]:
    """Stand before the forum with TLS; the forum itself must take the origin for its own."""

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                sink.write(data.replace(b"Origin: https://", b"Origin: http://"))
                await sink.drain()
        sink.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", forum.server.port)
        await asyncio.gather(pump(reader, back), pump(there, writer))

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@asynccontextmanager
async def opened(forum: Forum, handle: str, url: str, place: Place) -> AsyncIterator[BrowserSite]:
    session = place.folder.parent / f"{handle}.json"
    forum.visitor(handle).keep_session(session)
    site = await open_site(
        forum.profile, url, handle, state_dir=session.parent, session_path=session, gate_place=place
    )
    try:
        yield site
    finally:
        await site.close()


async def test_a_reply_goes_through_tls_and_the_gate_saw_it(
    forum: Forum, tmp_path: Path, site_tls: tuple[ssl.SSLContext, Path]
) -> None:
    tls, authority = site_tls
    permit, text = str(uuid4()), "Said over TLS, äöü & all."
    async with (
        tls_front(forum, tls) as url,
        opened(forum, "marta", url, Place(tmp_path / "gate", None, authority)) as site,
    ):
        async with site.composer(Target("t41", "", "")) as composer:
            await composer.fill(text)
            seen = await composer.click(permit_id=permit, text=text, until_s=boot_s() + 20)
        assert seen.observed is Observed.ACCEPTED
        newest = (await site.profile(back_to=None, limit=1)).posts[0]
        assert (newest.post_id, newest.text) == (seen.posted_id, normalised(text))
        later = await site.settled(permit)
        assert later is not None
        assert (later.observed, later.posted_id) == (Observed.ACCEPTED, seen.posted_id)


async def test_a_site_with_a_certificate_nobody_knows_is_not_believed(
    forum: Forum, tmp_path: Path, site_tls: tuple[ssl.SSLContext, Path]
) -> None:
    tls, _ = site_tls
    async with tls_front(forum, tls) as url:
        with pytest.raises(Exception, match="certificate verify failed"):
            async with opened(forum, "marta", url, Place(tmp_path / "gate")):
                pytest.fail("who knows who that is?")


async def test_a_lost_click_is_settled_by_the_journal(forum: Forum, tmp_path: Path) -> None:
    place = Place(tmp_path / "gate")
    async with opened(forum, "olav", forum.url, place) as site:
        assert await site.settled("never-armed") is None
        journal = site._account.engine.gate.journal
        journal.begin("armed-and-lost", {})
        nothing = await site.settled("armed-and-lost")
        assert nothing is not None
        assert (nothing.observed, nothing.denied) == (Observed.NOT_SENT, False)
        journal.begin("another-was-denied", {})
        journal.add("another-was-denied", "denied", detail="another text than the token's")
        denied = await site.settled("another-was-denied")
        assert denied is not None
        assert (denied.observed, denied.denied) == (Observed.NOT_SENT, True)
        assert "another text" in denied.detail
        journal.begin("left-and-lost", {})
        assert journal.leave("left-and-lost")
        journal.add("left-and-lost", "lost", detail="the site cut the line")
        left = await site.settled("left-and-lost")
        assert left is not None
        assert left.observed is Observed.UNKNOWN
        journal.begin("same-text", {"newest_before": "70"})
        assert journal.leave("same-text")
        facts = {"status": 302, "location": "/comment/7/find/", "headers": {}}
        journal.add("same-text", "answered", **facts)
        same = await site.settled("same-text")
        assert same is not None
        assert (same.observed, same.detail) == (Observed.REFUSED, "same_text")


async def test_a_click_while_the_stop_file_is_there_is_proved_not_sent(
    forum: Forum, tmp_path: Path
) -> None:
    place = Place(tmp_path / "gate", stop_file=tmp_path / "stop-posting")
    async with (
        opened(forum, "olav", forum.url, place) as site,
        site.composer(Target("t42", "", "")) as composer,
    ):
        await composer.fill("Not now.")
        (tmp_path / "stop-posting").touch()
        seen = await composer.click(permit_id=str(uuid4()), text="Not now.", until_s=boot_s() + 20)
    assert (seen.observed, seen.denied) == (Observed.NOT_SENT, False)
    assert "stop-posting" in seen.detail


async def test_a_click_after_its_time_is_proved_not_sent(forum: Forum, tmp_path: Path) -> None:
    async with (
        opened(forum, "olav", forum.url, Place(tmp_path / "gate")) as site,
        site.composer(Target("t42", "", "")) as composer,
    ):
        await composer.fill("Too late.")
        seen = await composer.click(permit_id=str(uuid4()), text="Too late.", until_s=boot_s())
        texts = [post.text for post in (await site.profile(back_to=None, limit=5)).posts]
    assert seen.observed is Observed.NOT_SENT
    assert "Too late." not in texts


async def test_a_click_whose_gate_is_killed_is_proved_not_sent(
    forum: Forum, tmp_path: Path
) -> None:
    async with opened(forum, "olav", forum.url, Place(tmp_path / "gate")) as site:
        async with site.composer(Target("t42", "", "")) as composer:
            await composer.fill("Nobody at the gate.")
            process = site._account.engine.gate._process
            assert process is not None
            process.kill()
            await process.wait()
            seen = await composer.click(
                permit_id=str(uuid4()), text="Nobody at the gate.", until_s=boot_s() + 20
            )
        assert seen.observed is Observed.NOT_SENT
        # Gate and browser are started anew by whoever asks next.
        texts = [post.text for post in (await site.profile(back_to=None, limit=5)).posts]
        assert "Nobody at the gate." not in texts
