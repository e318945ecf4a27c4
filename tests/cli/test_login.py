"""`login`: what it asks for before any browser is opened, and which account it is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Ask

TWO = "[accounts.garden]\nhandle = 'me'\n[accounts.kitchen]\nhandle = 'you'\n"


@pytest.fixture(autouse=True)
def settings(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have one account, and no display."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    (clean / "ghostproof.toml").write_text("[accounts.garden]\nhandle = 'me'\n")


def test_without_a_display_it_says_how_else(ask: Ask) -> None:
    answer = ask("login")
    assert answer.code == 64
    assert "no display" in answer.err
    assert "ghostproof login --account garden --headless" in answer.err


def test_without_a_password_and_anybody_to_ask_it_names_the_setting(ask: Ask) -> None:
    answer = ask("login", "--headless")
    assert answer.code == 64
    assert "set GHOSTPROOF_PASSWORD_GARDEN or accounts.garden.password_file" in answer.err


@pytest.mark.parametrize("command", [("login", "--headless"), ("site", "check")])
def test_of_several_accounts_one_is_named(ask: Ask, clean: Path, command: tuple[str, ...]) -> None:
    (clean / "ghostproof.toml").write_text(TWO)
    answer = ask(*command)
    assert answer.code == 64
    assert "add --account with one of: garden, kitchen" in answer.err


@pytest.mark.parametrize("command", [("login",), ("site", "check"), ("site", "sign", "--by", "A")])
def test_an_account_that_is_not_there_is_named(ask: Ask, command: tuple[str, ...]) -> None:
    answer = ask(*command, "--account", "cellar")
    assert answer.code == 64
    assert "no account 'cellar' in the settings" in answer.err
    assert "accounts are: garden" in answer.err


def test_without_any_account_init_is_named(ask: Ask, clean: Path) -> None:
    (clean / "ghostproof.toml").write_text("")
    answer = ask("login")
    assert answer.code == 64
    assert "ghostproof init" in answer.err
