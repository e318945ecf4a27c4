"""`doctor` and what a terminal shows: every line that needs a fix prints it; lines end in time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edge.cli import looks
from edge.cli.looks import LOOKS
from schema.builds import UNKNOWN
from tests.cli.conftest import Ask


@pytest.fixture(autouse=True)
def no_database(
    clean: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Look at everything but the database, which other tests start, and at no certain port."""
    monkeypatch.setenv("PORT", "0")
    monkeypatch.delitem(LOOKS, "database")


def lines(ask: Ask) -> dict[str, dict[str, Any]]:
    answer = ask("doctor", "--json")
    assert answer.code == (0 if answer.json["ok"] else 1)
    return {one["what"]: one for one in answer.json["checks"]}


def test_a_sound_set_up_needs_no_fix(
    ask: Ask, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SHA", "a" * 40)
    (clean / "ghostproof.toml").write_text("[accounts.garden]\nhandle = 'me'\npassword = 'secret'")
    found = lines(ask)
    assert [one["what"] for one in found.values() if not one["ok"]] == []
    assert found["build"]["detail"] == "a" * 40


def test_every_fault_says_how_to_mend_it(
    ask: Ask, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = clean / ".ghostproof" / "sessions" / "garden"
    sessions.mkdir(parents=True)
    (sessions / "spirit-me.session.json").write_text("{}")
    (sessions / "spirit-me.session.json").chmod(0o644)
    (clean / "ghostproof.toml").write_text(
        "mode = 'live'\n[accounts.garden]\nhandle = 'me'\npassword_file = 'nowhere'\nsite = 'mars'"
    )
    monkeypatch.setattr(looks, "git_sha", lambda _: UNKNOWN)
    found = {name: one for name, one in lines(ask).items() if not one["ok"]}
    assert set(found) == {"build", "site profiles", "model", "passwords", "sessions"}
    assert all(one["fix"] for one in found.values())
    assert "set GIT_SHA" in found["build"]["fix"]
    assert found["sessions"]["fix"].startswith("chmod 600 ")
    text = ask("doctor").out
    assert text.count("FIX") == text.count("     → ") == 5


def test_an_error_of_the_machine_is_a_line_like_the_others(
    ask: Ask, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def torn(_: object) -> str:
        raise PermissionError(13, "Permission denied", "/somewhere")

    monkeypatch.setitem(LOOKS, "passwords", torn)
    (clean / "ghostproof.toml").write_text("[accounts.garden]\nhandle = 'me'")
    found = lines(ask)["passwords"]
    assert (found["ok"], found["detail"]) == (False, "/somewhere: Permission denied")


def test_a_mode_that_does_not_go_with_the_site_is_a_fault(ask: Ask, clean: Path) -> None:
    (clean / "ghostproof.toml").write_text("mode = 'live'\n[accounts.garden]\nhandle = 'me'")
    found = lines(ask)["site profiles"]
    assert "mode = live refuses a sandbox" in found["detail"]
    assert 'set mode = "sandbox"' in found["fix"]


def test_an_account_that_cannot_sign_in_is_a_fault(ask: Ask, clean: Path) -> None:
    (clean / "ghostproof.toml").write_text("[accounts.garden]\nhandle = 'me'")
    found = lines(ask)["sessions"]
    assert (found["ok"], found["detail"]) == (False, "neither a session nor a password: garden")
    assert "ghostproof sandbox serve" in found["fix"]


@pytest.mark.parametrize(("whose", "ok"), [("garden", True), ("another", False)])
def test_a_kept_session_lets_its_own_account_sign_in(
    ask: Ask, clean: Path, whose: str, ok: bool
) -> None:
    (clean / "ghostproof.toml").write_text("[accounts.garden]\nhandle = 'me'")
    kept = clean / ".ghostproof" / "sessions" / whose / "spirit-me.session.json"
    kept.parent.mkdir(parents=True)
    kept.touch(mode=0o600)
    kept.write_text('{"cookies": []}')
    assert lines(ask)["sessions"]["ok"] is ok
