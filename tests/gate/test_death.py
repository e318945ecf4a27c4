"""Whoever dies, and whenever: what left is on record, and what did not is proved."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from edge.browser.chromium import launch_flags
from edge.gate.client import Gate, GateGone
from edge.gate.journal import Journal
from edge.gate.observation import Left
from edge.gate.tokens import Role
from tests.gate.conftest import Scene, request, scene_at, status
from tests.gate.trying import chromium

ROOT = Path(__file__).parents[2]


async def reached(scene: Scene) -> None:
    await scene.site.until(lambda: scene.site.writes["/post"] > 0)


async def kill(scene: Scene) -> None:
    """Kill the gate as a crash would, and wait until it is gone."""
    process = scene.gate._process
    assert process is not None
    process.kill()
    await process.wait()


async def test_a_client_that_leaves_after_its_request_does_not_lose_the_answer(
    scene: Scene,
) -> None:
    scene.site.answers["/post"] = (302, {"location": "/comment/7/"}, b"")
    await scene.gate.arm(scene.terms())
    port = int(scene.gate.proxy(Role.POSTER).rpartition(":")[2])
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("POST", f"{scene.site.url}/post", b"comment=hello"))
    await reached(scene)
    writer.transport.abort()
    seen = await scene.gate.observe("permit", wait_s=10)
    assert seen is not None
    assert (seen.left, seen.status, seen.location) == (Left.ANSWERED, 302, "/comment/7/")


async def test_a_browser_that_ends_after_its_request_does_not_lose_the_answer(scene: Scene) -> None:
    scene.site.answers["/post"] = (302, {"location": "/comment/7/"}, b"")
    await scene.gate.arm(scene.terms())
    async with chromium(launch_flags(scene.gate.flags())) as browser:
        context = await browser.new_context(proxy={"server": scene.gate.proxy(Role.POSTER)})
        page = await context.new_page()
        await page.goto(f"{scene.site.url}/")
        await page.evaluate(
            "() => { fetch('/post', {method: 'POST', body: new URLSearchParams('comment=hello')});"
            " setTimeout(() => { for (;;); }); }"
        )
        await reached(scene)
    seen = await scene.gate.observe("permit", wait_s=10)
    assert seen is not None
    assert (seen.left, seen.location) == (Left.ANSWERED, "/comment/7/")


async def test_a_gate_killed_before_the_request_proves_that_nothing_left(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    await kill(scene)
    seen = await scene.gate.disarm("permit")
    assert seen is not None
    assert (seen.left, seen.final) == (Left.NOTHING, True)
    with pytest.raises(GateGone):
        await scene.gate.arm(scene.terms("another"))


async def test_a_gate_killed_after_the_request_left_proves_nothing(scene: Scene) -> None:
    scene.site.silent = True
    await scene.gate.arm(scene.terms())
    posting = asyncio.create_task(scene.post())
    await reached(scene)
    await kill(scene)
    with pytest.raises((OSError, IndexError)):  # no answer at all
        await posting
    seen = await scene.gate.disarm("permit")
    assert seen is not None
    assert (seen.left, seen.final) == (Left.NO_ANSWER, False)


async def test_a_killed_gate_leaves_the_answer_in_the_journal(scene: Scene) -> None:
    scene.site.answers["/post"] = (302, {"location": "/comment/7/"}, b"")
    await scene.gate.arm(scene.terms())
    assert await scene.post() == 302
    await kill(scene)
    seen = Journal(scene.place.folder / "journal").read("permit")
    assert seen is not None
    assert (seen.left, seen.location) == (Left.ANSWERED, "/comment/7/")


async def test_an_answer_that_never_comes_is_no_answer(scene: Scene) -> None:
    scene.site.silent = True
    await scene.gate.arm(scene.terms())
    posting = asyncio.create_task(scene.post())
    await reached(scene)
    seen = await scene.gate.disarm("permit")
    assert seen is not None
    assert (seen.left, seen.final) == (Left.NO_ANSWER, False)
    await kill(scene)
    with pytest.raises((OSError, IndexError)):
        await posting


async def test_a_site_that_is_down_means_nothing_left(tmp_path: Path) -> None:
    async with scene_at(tmp_path, None, None) as scene:
        gate = Gate(scene.place, [scene.site.url])
        await gate.start()
    try:
        down = Scene(gate, scene.site, scene.place)
        await gate.arm(down.terms())
        assert await down.post() == 403
        seen = await gate.observe("permit")
        assert seen is not None
        assert (seen.left, seen.final) == (Left.NOTHING, True)
        assert status(await down.say(request("GET", f"{scene.site.url}/"))) == 502
    finally:
        await gate.stop()


async def test_a_gate_started_anew_gives_no_second_token(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    await kill(scene)
    await scene.gate.start()
    with pytest.raises(Exception, match="has had its token"):
        await scene.gate.arm(scene.terms())
    assert await scene.post() == 403
    assert not scene.site.writes


@pytest.mark.browser
async def test_without_its_gate_the_browser_reaches_nothing(scene: Scene) -> None:
    async with chromium(launch_flags(scene.gate.flags())) as browser:
        context = await browser.new_context(proxy={"server": scene.gate.proxy(Role.POSTER)})
        page = await context.new_page()
        await page.goto(f"{scene.site.url}/")
        await kill(scene)
        for method in ("GET", "POST"):
            answer = await page.evaluate(
                "(method) => fetch('/again', {method}).then(() => 'reached', () => 'nothing')",
                method,
            )
            assert answer == "nothing"
    assert set(scene.site.reads) <= {"/", "/favicon.ico"}
    assert not scene.site.writes


PARENT = """
import asyncio, sys
from pathlib import Path
from edge.gate.client import Gate
from edge.gate.process import Place

async def main():
    gate = Gate(Place(Path(sys.argv[1])), ["http://127.0.0.1:1"])
    await gate.start()
    print(gate.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="waits by a pidfd")
def test_a_gate_ends_with_its_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with parent:
        assert parent.stdout is not None
        gate = os.pidfd_open(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
    ended, _, _ = select.select([gate], [], [], 20)
    os.close(gate)
    assert ended
