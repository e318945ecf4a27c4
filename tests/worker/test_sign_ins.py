"""A worker that starts before the local forum is installed signs in once it is."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from edge.sandbox.accounts import ensure_accounts
from edge.settings.settings import Settings
from edge.sites.admission import require_fitting_mode
from edge.worker.building import open_later
from schema.errors import BadSettings
from schema.ids import Account

GARDEN = Account("garden")


def settings(folder: Path, **own: object) -> Settings:
    accounts = {GARDEN: {"handle": "ghostproof", **own}}
    return Settings.model_validate({"data_dir": folder, "accounts": accounts})


async def test_a_forum_that_is_installed_later_lets_us_in(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    async with AsyncExitStack() as stack:
        profiles = {GARDEN: require_fitting_mode(chosen, GARDEN)}
        sign_in = open_later(chosen, profiles, stack).sign_ins[GARDEN]
        assert sign_in.password() is None
        made = ensure_accounts(tmp_path / "sandbox" / "accounts.json")
        assert sign_in.password() == made["ghostproof"]


async def test_a_password_that_cannot_be_read_is_told_at_the_start(tmp_path: Path) -> None:
    chosen = settings(tmp_path, password_file=tmp_path / "nowhere")
    async with AsyncExitStack() as stack:
        profiles = {GARDEN: require_fitting_mode(chosen, GARDEN)}
        with pytest.raises(BadSettings, match="cannot be read"):
            open_later(chosen, profiles, stack)
