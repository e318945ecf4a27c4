"""The forum is filled the same way every time, and its server leaves nothing behind."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from edge.sandbox import content
from edge.sandbox.accounts import BOT, PEOPLE, ensure_accounts
from edge.sandbox.install import SandboxFailed, SandboxSite, install
from edge.sandbox.server import SandboxServer
from edge.sandbox.visitor import FloodLimited, post_as
from schema.errors import PortInUse
from tests.site.conftest import CHECKOUT, Forum

NOW = 1_790_000_000.0


def topics(seed: int = 1) -> list[content.Topic]:
    return content.topics(seed=seed, now=NOW, authors=list(PEOPLE), count=140)


def test_the_same_seed_plans_the_same_topics() -> None:
    assert topics(1) == topics(1)
    assert topics(1) != topics(2)


def test_the_plan_is_large_and_varied() -> None:
    plan = topics()
    assert len({topic["title"] for topic in plan}) == 140
    assert {topic["comments"][0]["author"] for topic in plan} == set(PEOPLE)
    assert len({topic["category"] for topic in plan}) >= 8
    ages_h = [(NOW - topic["comments"][0]["at"]) / 3600 for topic in plan]
    assert sum(age < 24 for age in ages_h) > 60
    assert max(ages_h) > 7 * 24


def test_no_slot_is_left_open_and_no_comment_is_from_the_future() -> None:
    for topic in topics():
        times = [comment["at"] for comment in topic["comments"]]
        assert times == sorted(times)
        assert times[-1] < NOW
        assert topic["category"] == "Open mic" or "{" not in topic["title"]
        assert all("{crop}" not in comment["text"] for comment in topic["comments"])


def test_hostile_texts_are_among_them() -> None:
    everything = " ".join(c["text"] + t["title"] for t in topics() for c in t["comments"])
    for trick in ("<script>", "IGNORE ALL", "<|im_start|>", "DROP TABLE", "\u202e", "\u200b", "🌻"):
        assert trick in everything


def test_passwords_are_made_once_and_kept_private(tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    first = ensure_accounts(path)
    assert ensure_accounts(path) == first
    assert set(first) == {*PEOPLE, BOT}
    assert len(set(first.values())) == len(first)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ensure_accounts(path, bot="second")[BOT] == first[BOT]


@pytest.mark.slow
async def test_a_second_install_adds_topics_only_when_the_last_are_old(
    installed: SandboxSite, forum: Forum
) -> None:
    said: list[str] = []
    await install(installed.directory.parent, report=said.append)
    assert said == []
    stamp = installed.directory / "seeded.json"
    kept = stamp.read_text()
    stamp.write_text(json.dumps(json.loads(kept) | {"batches": [NOW - 86_400 * 365]}))
    await install(installed.directory.parent, report=said.append)
    assert said == ["sandbox: 9 accounts, writing 40 topics"]


@pytest.mark.slow
async def test_a_taken_port_is_named(installed: SandboxSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=f"port {port}"):
            await SandboxServer(installed).start(port)


@pytest.mark.slow
async def test_a_stopped_server_is_gone(installed: SandboxSite) -> None:
    server = SandboxServer(installed)
    await server.start()
    pid = server.pid
    assert pid is not None
    await server.stop()
    await server.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a stranger by pidfd")
def test_the_server_dies_with_a_killed_parent(installed: SandboxSite) -> None:
    script = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from edge.sandbox.install import SandboxSite\n"
        "from edge.sandbox.server import SandboxServer\n"
        "async def main():\n"
        f"    server = SandboxServer(SandboxSite(Path({str(installed.directory)!r})))\n"
        "    await server.start()\n"
        "    print(server.pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=CHECKOUT, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        server = os.pidfd_open(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
        ended, _, _ = select.select([server], [], [], 10)
        os.close(server)
    assert ended


@pytest.mark.slow
def test_a_flood_is_told_from_other_refusals(forum: Forum) -> None:
    visitor = forum.visitor("marta")
    # Of three in a row two fall into one window of ten seconds, wherever it begins.
    with pytest.raises(FloodLimited, match="marta could not post: Too many"):
        [visitor.post("t22", word) for word in ("one", "two", "three")]
    with pytest.raises(SandboxFailed, match="no form"):
        visitor.post("t1", "closed")


@pytest.mark.slow
def test_anybody_can_post_by_a_second_log_in(forum: Forum) -> None:
    posted = post_as(forum.url, forum.site.accounts(), "olav", "t20", "Planted by hand.")
    page = httpx2.get(f"{forum.url}/comment/{posted[1:]}/find/", follow_redirects=True)
    assert "Planted by hand." in page.text
