"""A live site without signed rules is not worked on."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.settings import Settings
from edge.sites import profile
from edge.worker.building import built
from schema.errors import BadSettings
from tests.doubles.story import Story


async def test_a_worker_refuses_a_site_whose_rules_nobody_signed(tmp_path: Path) -> None:
    text = (profile.PROFILES_DIR / "spirit.toml").read_text()
    live = tmp_path / "live.toml"
    live.write_text(text.replace("sandbox = true", "sandbox = false"))
    account = {"site": str(live), "handle": "me", "base_url": "https://forum.example"}
    settings = Settings.model_validate({"data_dir": tmp_path, "accounts": {"one": account}})

    with pytest.raises(BadSettings, match="not signed"):
        async with built(settings, Story().store):
            pass
