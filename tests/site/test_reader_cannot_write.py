"""A page that tries to write from a reader's browser writes nothing, by whatever way."""

from __future__ import annotations

import pytest

from tests.site.conftest import Forum, Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]

WAYS = {
    "fetch": "fetch(url, {method: 'POST', body}).catch(() => 0)",
    "fetch keepalive": "fetch(url, {method: 'POST', body, keepalive: true}).catch(() => 0)",
    "put": "fetch(url, {method: 'PUT', body}).catch(() => 0)",
    "delete": "fetch(url, {method: 'DELETE'}).catch(() => 0)",
    "custom method": "fetch(url, {method: 'WRITE', body}).catch(() => 0)",
    "xhr": (
        "new Promise((done) => { const x = new XMLHttpRequest(); x.onloadend = done;"
        " x.open('POST', url); x.send(body); })"
    ),
    "beacon": "navigator.sendBeacon(url, body)",
    "form in a frame": (
        "new Promise((done) => { const f = document.createElement('iframe'); f.name = 'f';"
        " document.body.append(f); const m = document.createElement('form'); m.method = 'post';"
        " m.action = url; m.target = 'f'; document.body.append(m); f.onload = done; m.submit();"
        " setTimeout(done, 300); })"
    ),
    "worker": (
        "new Promise((done) => { const w = new Worker(URL.createObjectURL(new Blob(["
        "`fetch('${url}', {method: 'POST', body: 'x'}).finally(() => postMessage(1))`])));"
        " w.onmessage = done; w.onerror = done; setTimeout(done, 1000); })"
    ),
    "websocket": (
        "new Promise((done) => { const s = new WebSocket(url.replace('http', 'ws'));"
        " s.onclose = done; s.onerror = done; })"
    ),
}


@pytest.mark.parametrize("way", WAYS)
async def test_no_way_of_writing_leaves(forum: Forum, opened: Open, way: str) -> None:
    site = await opened("yuki")
    before = len((await site.profile(back_to=None, limit=1000)).posts)
    url = f"{forum.url}/comment/40/publish/"
    script = f"""async ([url, token]) => {{
        const body = new URLSearchParams({{comment: "written by a page",
                                           csrfmiddlewaretoken: token}});
        return (await {WAYS[way]}) === false;
    }}"""
    async with site._account.reading_page() as page:
        await page.goto(f"{forum.url}/topic/40/")
        token = await page.get_attribute("input[name=csrfmiddlewaretoken]", "value")
        refused = await page.evaluate(script, [url, token])
    assert len((await site.profile(back_to=None, limit=1000)).posts) == before
    if way == "beacon":  # which is taken away, so that nothing is even tried
        assert refused
    else:
        assert [denied.url.split("://")[1] for denied in site.denied] == [url.split("://")[1]]


async def test_the_same_request_writes_when_nothing_guards(forum: Forum) -> None:
    """The sibling that must write: otherwise the test above would prove nothing."""
    assert forum.visitor("yuki").post("t40", "written by a page").startswith("c")


async def test_another_origin_is_not_reached(forum: Forum, opened: Open) -> None:
    site = await opened("yuki")
    async with site._account.reading_page() as page:
        await page.goto(f"{forum.url}/topic/40/")
        answer = await page.evaluate(
            "url => fetch(url, {mode: 'no-cors'}).then(() => 'reached', () => 'not reached')",
            forum.url.replace("127.0.0.1", "localhost"),
        )
    assert answer == "not reached"
