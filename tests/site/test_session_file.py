"""A session file is a key to the account: its owner's alone, or refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from edge.browser.session import read_session, write_session
from schema.errors import BadSettings

COOKIES = [{"name": "sessionid", "value": "s", "domain": "127.0.0.1", "path": "/"}]


def test_what_is_written_is_read_and_only_the_owner_can(tmp_path: Path) -> None:
    path = tmp_path / "state" / "me.json"
    write_session(path, COOKIES)
    write_session(path, COOKIES)
    assert read_session(path) == COOKIES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666, 0o601])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "me.json"
    write_session(path, COOKIES)
    path.chmod(mode)
    with pytest.raises(BadSettings, match="open to others") as refused:
        read_session(path)
    assert "chmod 600" in refused.value.remedy
    assert "sessionid" not in str(refused.value)


def test_a_link_is_refused(tmp_path: Path) -> None:
    write_session(tmp_path / "real.json", COOKIES)
    (tmp_path / "me.json").symlink_to(tmp_path / "real.json")
    with pytest.raises(BadSettings):
        read_session(tmp_path / "me.json")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"cookies": [1]}', "\0\xff"])
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "me.json"
    write_session(path, COOKIES)
    path.write_text(content, encoding="latin-1")
    with pytest.raises(BadSettings, match="is not a session"):
        read_session(path)


def test_no_file_is_no_session(tmp_path: Path) -> None:
    assert read_session(tmp_path / "none.json") is None
