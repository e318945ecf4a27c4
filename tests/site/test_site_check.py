"""Checking a profile on the live pages: the real one fits, and every spoiled key is named."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from typing import Any

import pytest

from edge.browser import check_site, session_file
from edge.browser.probing import Probed
from edge.cli.main import exit_code_of
from edge.gate.process import Place
from edge.sites.profile import PROFILES_DIR, Profile
from tests.site.conftest import Forum

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


async def checked(forum: Forum, folder: Path, profile: Profile) -> list[Probed]:
    at = profile.at(forum.url)
    forum.visitor("ghostproof").keep_session(session_file(folder, at, "ghostproof"))
    place = Place(folder / "gate")
    return await check_site(
        at, "ghostproof", state_dir=folder, password=None, gate_place=place, keyword="bread"
    )


def spoiled(*keys: str, by: str = ".no-such-thing") -> Profile:
    tree: dict[str, Any] = tomllib.loads((PROFILES_DIR / "spirit.toml").read_text())
    for key in keys:
        *path, last = key.split(".")
        part = tree
        for step in path:
            part = part[step]
        part[last] = by
    return Profile.model_validate(tree)


async def test_the_sandboxs_profile_fits_its_forum(forum: Forum, tmp_path: Path) -> None:
    found = await checked(forum, tmp_path, forum.profile)
    assert [one for one in found if not one.ok] == []
    parts = {one.key.partition(".")[0] for one in found}
    assert parts == {"sign_in", "listing", "thread", "own_posts", "reply", "original"}


KEYS = [
    *("sign_in.handle", "sign_in.password", "sign_in.submit", "sign_in.own_name"),
    *("sign_in.own_profile", "listing.replies.selector", "thread.title.selector"),
    *("thread.author.selector", "thread.time.attribute", "own_posts.time.selector"),
    *("reply.composer", "reply.submit", "reply.target.selector"),
]


async def test_what_does_not_fit_is_named_with_its_fix(forum: Forum, tmp_path: Path) -> None:
    found = await checked(forum, tmp_path, spoiled(*KEYS))
    failed = {one.key: one for one in found if not one.ok}
    named = {key.removesuffix(".selector").removesuffix(".attribute") for key in KEYS}
    # without its link our own profile is not found, so that its page is what is missing
    assert failed.keys() == named - {"own_posts.time"} | {"own profile"}
    assert all(one.fix for one in failed.values())
    assert "mend reply.composer in the profile" in failed["reply.composer"].fix


async def test_lists_without_rows_and_words_for_it_fail(forum: Forum, tmp_path: Path) -> None:
    found = await checked(forum, tmp_path, spoiled("listing.row", "own_posts.item"))
    failed = {one.key for one in found if not one.ok}
    assert failed == {"listing.row", "own_posts.item", "thread"}


async def test_a_lost_session_is_said_once_a_page(forum: Forum, tmp_path: Path) -> None:
    found = await checked(forum, tmp_path, spoiled("sign_in.signed_in"))
    failed = [one for one in found if not one.ok]
    assert failed
    assert {one.fix for one in failed if one.key != "thread"} == {"ghostproof login"}


SETTINGS = """data_dir = "{folder}"
[accounts.garden]
handle = "ghostproof"
base_url = "{url}"
site = "{site}"
"""


@pytest.mark.parametrize("spoil", ["", "#reply form"])
async def test_the_command_says_it_in_a_table(
    forum: Forum,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spoil: str,
) -> None:
    text = (PROFILES_DIR / "spirit.toml").read_text()
    site = tmp_path / "mine.toml"
    site.write_text(text.replace(spoil, "#gone form") if spoil else text)
    settings = SETTINGS.format(folder=tmp_path, url=forum.url, site=site)
    (tmp_path / "ghostproof.toml").write_text(settings)
    folder = tmp_path / "sessions" / "garden"
    forum.visitor("ghostproof").keep_session(session_file(folder, forum.profile, "ghostproof"))
    monkeypatch.chdir(tmp_path)
    assert await asyncio.to_thread(exit_code_of, ["site", "check"]) == bool(spoil)
    said = capsys.readouterr().out
    lines = [line for line in said.splitlines() if "reply." in line and "found" in line]
    assert lines
    assert all(line.startswith("FAILED" if spoil else "ok") for line in lines)
    assert ("  → open " in said) is bool(spoil)
    assert "looked at, " in said.splitlines()[-1]
