"""A page tries every way to write, with nothing in the browser to hinder it: nothing arrives.

The same page without a gate does write: otherwise the silence would prove nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from edge.browser.chromium import launch_flags
from edge.gate.tokens import Role
from tests.gate.conftest import Scene
from tests.gate.counting_site import counting_site
from tests.gate.trying import chromium, try_all

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ARRIVE_MIN = 25
"""Of the ways, so many must have got as far as the gate, or without one to the site."""
WITHIN_S = 20


async def tried_ways(scene: Scene) -> set[str]:
    """Return the ways that reached the gate and were denied there."""
    denied = await scene.gate.denied()
    return {denial.url.rpartition("/w/")[2] for denial in denied if "/w/" in denial.url}


async def no_way_writes(scene: Scene, role: Role) -> None:
    """Try all ways behind the gate, while a token for something else is armed."""
    if role is not Role.READER:
        await scene.gate.arm(scene.terms(within_s=100))
    async with chromium(launch_flags(scene.gate.flags())) as browser:
        context = await browser.new_context(proxy={"server": scene.gate.proxy(role)})
        ways = await try_all(context, scene.site)
        async with asyncio.timeout(WITHIN_S):
            while len(await tried_ways(scene)) < ARRIVE_MIN:
                continue
    # The browser is gone, and with it whatever was still under way.
    assert len(ways.all) > ARRIVE_MIN
    assert scene.site.reads["/"] >= len(ways.all)
    assert scene.site.writes == {}


@pytest.mark.parametrize("role", [Role.READER, Role.POSTER])
async def test_no_way_of_writing_reaches_a_site(scene: Scene, role: Role) -> None:
    await no_way_writes(scene, role)


async def test_no_way_of_writing_reaches_a_site_behind_tls(tls_scene: Scene) -> None:
    await no_way_writes(tls_scene, Role.POSTER)


async def test_the_same_page_writes_when_nothing_guards() -> None:
    """The sibling that must write."""
    async with counting_site() as site, chromium(launch_flags([])) as browser:
        ways = await try_all(await browser.new_context(), site)
        addresses = {f"/w/{name}" for name in ways.all}
        with suppress(TimeoutError):
            await site.until(lambda: len(addresses & set(site.writes)) >= ARRIVE_MIN, WITHIN_S)
        assert len(addresses & set(site.writes)) >= ARRIVE_MIN
