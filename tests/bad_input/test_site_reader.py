"""The door of the site: whatever a page holds, a reading gives posts or the site's errors."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from edge.browser import open_site
from edge.browser.session import write_session
from edge.browser.site import BrowserSite
from edge.sites.profile import load_profile
from schema.errors import ChallengeShown, LoggedOut, SiteChanged, SiteError, SiteUnreachable
from schema.posts import Source
from tests.bad_input.hostile_site import ROW, Answer, HostileSite, hostile_site, page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

LIST = "/topic/active/"
TIMEOUT_S = 4.0
HTML = {"content-type": "text/html"}


@dataclass
class Scene:
    """A hostile site and a browser that reads it."""

    hostile: HostileSite
    site: BrowserSite

    async def read(self, answer: Answer, **others: Answer) -> object:
        """Read the list of topics when it is answered so."""
        self.hostile.answers = {LIST: answer, **others}
        return await self.site.source(Source.VIRAL, "active", limit=5)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    session = folder / "session.json"
    write_session(session, [])
    async with hostile_site() as hostile:
        profile = load_profile("spirit")
        site = await open_site(profile, hostile.url, "me", state_dir=folder, session_path=session)
        site._account.timeout_s = TIMEOUT_S
        for context in [await site._account.reading_context()]:
            context.set_default_timeout(TIMEOUT_S * 1_000)
        try:
            yield Scene(hostile, site)
        finally:
            await site.close()


WRONG: dict[str, tuple[Answer, type[SiteError]]] = {
    "an empty body": (Answer(b""), SiteError),
    "no content": (Answer(b"", 204), SiteError),
    "an error in a page that says 200": (page("<h1>Something went wrong</h1>"), SiteChanged),
    "a log-in page that says 200": (Answer(b"<form action=/user/login/>"), LoggedOut),
    "a server's error": (Answer(b"oops", 500), SiteUnreachable),
    "a bad gateway": (Answer(b"oops", 502), SiteUnreachable),
    "too many requests": (Answer(b"slow down", 429), ChallengeShown),
    "a captcha": (page("<iframe src='/captcha/'></iframe>"), ChallengeShown),
    "a challenge": (page("<form id=challenge-form></form>"), ChallengeShown),
    "a redirect to another host": (
        Answer(b"", 302, {"location": "http://127.0.0.2:1/elsewhere"}),
        SiteUnreachable,
    ),
    "a redirect to a file": (Answer(b"", 302, {"location": "file:///etc/passwd"}), SiteError),
    "a redirect to itself": (Answer(b"", 302, {"location": LIST}), SiteUnreachable),
    "a picture": (Answer(b"GIF89a", 200, {"content-type": "image/gif"}), SiteError),
    "a download": (
        Answer(b"x", 200, {**HTML, "content-disposition": "attachment; filename=a"}),
        SiteUnreachable,
    ),
    "json": (Answer(b'{"error": 1}', 200, {"content-type": "application/json"}), SiteError),
    "no http": (Answer(rude=b"220 mail.example ESMTP\r\n"), SiteError),
    "half an answer": (
        Answer(rude=b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n<p>"),
        SiteError,
    ),
    "nothing at all": (Answer(silent=True), SiteUnreachable),
    "broken compression": (
        Answer(b"not gzip", 200, {**HTML, "content-encoding": "gzip"}),
        SiteError,
    ),
    "a bomb": (
        Answer(gzip.compress(b"\0" * 50_000_000), 200, {**HTML, "content-encoding": "gzip"}),
        SiteError,
    ),
    "a link to nowhere": (page(ROW % "javascript:alert(1)"), SiteChanged),
    "a link to another site": (page(ROW % "http://127.0.0.2/topic/7/"), SiteChanged),
    "a link without a number": (page(ROW % "/topic/seven/"), SiteChanged),
    "a link with a number of another script": (page(ROW % "/topic/\u0667/"), SiteChanged),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_page_that_is_no_list_is_named(scene: Scene, name: str) -> None:
    answer, error = WRONG[name]
    with pytest.raises(error) as caught:
        await scene.read(answer)
    assert caught.value.message


async def test_the_same_post_twice_is_one(scene: Scene) -> None:
    twice = page(ROW % "/topic/7/" + ROW % "/topic/7/" + ROW % "/topic/007/")
    gone = Answer(b"gone", 404)
    posts = await scene.read(twice, **{"/topic/7/": gone, "/topic/007/": gone})
    assert posts == []
    assert scene.hostile.asked.count("/topic/7/") == 1


async def test_a_page_that_scripts_writes_nothing_and_leads_nowhere(scene: Scene) -> None:
    hostile = page(
        "<script>fetch('/stolen', {method: 'POST'});location='http://127.0.0.2:1/'</script>"
        "<meta http-equiv=refresh content='0;url=http://127.0.0.2:1/'>"
        "<form id=f method=post action=/stolen></form><script>f.submit()</script>"
        "<img src=/stolen onerror=alert(1)><p>There are no topics here</p>"
    )
    scene.hostile.asked.clear()
    with suppress(SiteError):  # a page that moves away under the reader may be no list any more
        assert await scene.read(hostile) == []
    assert "/stolen" not in scene.hostile.asked


async def test_a_list_without_end_ends(scene: Scene) -> None:
    """Every page says that there is a next one: itself."""
    forever = page(
        ROW % "/topic/7/"
        + f"<div class=paginator__button><a href='{LIST}'><i class=fa-chevron-right></i></a></div>"
    )
    gone = Answer(b"gone", 404)
    assert await scene.read(forever, **{"/topic/7/": gone}) == []


async def test_after_all_of_it_a_good_page_is_read(scene: Scene) -> None:
    """The sibling of everything above: the browser lives, and what is right is taken."""
    assert await scene.read(page("<p>There are no topics here</p>")) == []
