"""Signing in once, again when the session is lost, and never as somebody else."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from edge.browser import open_site
from edge.browser.session import read_session, write_session
from schema.errors import BadSettings, LoggedOut
from tests.site.conftest import Forum, Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_a_log_in_is_kept_and_a_lost_session_renewed(forum: Forum, tmp_path: Path) -> None:
    password = forum.site.accounts()["ghostproof"]
    path = tmp_path / "spirit-ghostproof.session.json"
    write_session(path, [])  # a stale one is renewed at the first look
    site = await open_site(
        forum.profile, forum.url, "ghostproof", state_dir=tmp_path, password=password
    )
    try:
        first = read_session(path)
        assert first
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        await (await site._account.reading_context()).clear_cookies()
        assert (await site.profile(back_to=None, limit=5)).posts
        assert read_session(path) != first
    finally:
        await site.close()


async def test_a_lost_session_without_a_password_is_logged_out(opened: Open) -> None:
    site = await opened("heather_b", own=True)
    await (await site._account.reading_context()).clear_cookies()
    with pytest.raises(LoggedOut) as lost:
        await site.profile(back_to=None, limit=5)
    assert "ghostproof login" in lost.value.remedy


async def test_a_session_made_by_hand_meanwhile_is_taken_up(
    forum: Forum, opened: Open, tmp_path: Path
) -> None:
    site = await opened("heather_b", own=True)
    for reading in range(2):
        await (await site._account.reading_context()).clear_cookies()
        with pytest.raises(LoggedOut):
            await site.profile(back_to=None, limit=5)
        forum.visitor("heather_b").keep_session(tmp_path / "heather_b.json")
        several = [site.profile(back_to=None, limit=1 + more) for more in range(3)]
        for found in await asyncio.gather(*several):
            assert found.posts, reading


async def test_no_session_and_no_password_is_logged_out(forum: Forum, tmp_path: Path) -> None:
    with pytest.raises(LoggedOut, match="has no session"):
        await open_site(forum.profile, forum.url, "olav", state_dir=tmp_path)


async def test_a_wrong_password_is_said(forum: Forum, tmp_path: Path) -> None:
    with pytest.raises(LoggedOut, match="did not let olav in"):
        await open_site(forum.profile, forum.url, "olav", state_dir=tmp_path, password="wrong")


async def test_another_accounts_session_is_refused(forum: Forum, tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    forum.visitor("olav").keep_session(path)
    with pytest.raises(LoggedOut, match="belongs to olav, not to ghostproof"):
        await open_site(
            forum.profile, forum.url, "ghostproof", state_dir=tmp_path, session_path=path
        )


async def test_a_session_file_open_to_others_is_refused(forum: Forum, tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    write_session(path, [])
    path.chmod(0o644)
    with pytest.raises(BadSettings, match="open to others"):
        await open_site(
            forum.profile, forum.url, "ghostproof", state_dir=tmp_path, session_path=path
        )
