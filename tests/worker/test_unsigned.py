"""Which site is worked on in which mode; a live one takes its operator's signature."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge.settings.settings import Settings
from edge.sites.admission import (
    profile_of,
    require_fitting_mode,
    require_signed,
    require_within_limits,
)
from edge.sites.profile import PROFILES_DIR, Profile
from edge.sites.signing import signed_by
from edge.worker.building import built
from schema.contracts import Command, NewEvent
from schema.errors import BadSettings
from schema.events.signing import RulesSigned
from schema.ids import Account, EventId, named
from tests.doubles.story import ACCOUNT as ME
from tests.doubles.story import Story
from tests.handlers.given import NOON

RULES = """[rules]
automation = "Programs may answer when they are asked."
basis = "The forum's owner agreed in writing."
label = "The profile says that a program writes."
limits = "Ten posts a day."
source = "https://forum.example/rules"
read_on = "2026-01-30"
"""


def live_profile(folder: Path, rules: str = RULES) -> Path:
    text = (PROFILES_DIR / "spirit.toml").read_text()
    live = folder / "live.toml"
    live.write_text(text[: text.index("[rules]")] + rules)
    return live


def settings(site: Path | str, mode: str = "live", **own: Any) -> Settings:
    account = {"site": str(site), "handle": "me", "base_url": "https://forum.example"} | own
    return Settings.model_validate({"mode": mode, "accounts": {ME: account}})


def said(story: Story, *signed: RulesSigned) -> Story:
    for event in signed:
        new = NewEvent(EventId(named("signed", str(len(story.store.log(ME).rows)))), event)
        [verdict] = story.store.append_now(ME, [Command((new,))], actor="test", approver=True)
        assert verdict.stands
    return story


def the_profile(folder: Path, rules: str = RULES) -> Profile:
    return profile_of(settings(live_profile(folder, rules)), ME)


def signature(profile: Profile) -> RulesSigned:
    return signed_by(profile, "Ann", NOON)


# ---- the signature


async def test_a_worker_refuses_a_site_whose_rules_nobody_signed(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="are not signed: nobody has") as refused:
        async with built(settings(live_profile(tmp_path)), Story().store):
            pass
    assert refused.value.remedy == "ghostproof site sign --account garden --by NAME"


async def test_a_signed_site_is_worked_on(tmp_path: Path) -> None:
    profile = the_profile(tmp_path)
    await require_signed(said(Story(), signature(profile)).store, ME, profile)


@pytest.mark.parametrize(
    ("then", "now", "changed"),
    [
        ("Ten posts", "Twenty posts", "limits"),
        ("in writing", "by word", "basis"),
        ("2026-01-30", "2026-01-31", "read_on"),
    ],
)
async def test_a_changed_block_needs_a_new_signature(
    tmp_path: Path, then: str, now: str, changed: str
) -> None:
    story = said(Story(), signature(the_profile(tmp_path)))
    later = the_profile(tmp_path, RULES.replace(then, now))
    with pytest.raises(BadSettings, match=f"since Ann signed on 2026-01-31 .changed: {changed}"):
        await require_signed(story.store, ME, later)
    await require_signed(said(story, signature(later)).store, ME, later)


async def test_a_signature_holds_at_its_address_alone(tmp_path: Path) -> None:
    profile = the_profile(tmp_path)
    story = said(Story(), signature(profile))
    with pytest.raises(BadSettings, match="changed: base_url"):
        await require_signed(story.store, ME, profile.at("https://other.example"))


async def test_a_signature_under_another_name_is_none(tmp_path: Path) -> None:
    profile = the_profile(tmp_path)
    forged = replace(signature(profile), by="Bob")
    with pytest.raises(BadSettings, match="not over what it names"):
        await require_signed(said(Story(), forged).store, ME, profile)


async def test_the_newest_signature_counts(tmp_path: Path) -> None:
    old, new = the_profile(tmp_path), the_profile(tmp_path, RULES.replace("Ten", "Two"))
    story = said(Story(), signature(old), signature(new))
    with pytest.raises(BadSettings, match="they changed"):
        await require_signed(story.store, ME, old)


@pytest.mark.parametrize("line", ["automation", "basis", "limits", "source", "read_on"])
def test_a_block_that_leaves_something_open_cannot_be_signed(tmp_path: Path, line: str) -> None:
    kept = "\n".join(one for one in RULES.splitlines() if not one.startswith(line))
    with pytest.raises(BadSettings, match=f"does not say rules.{line}"):
        signed_by(the_profile(tmp_path, kept), "Ann", datetime.now(UTC))


def test_the_day_of_reading_is_a_date(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="is no date: 'lately'"):
        signature(the_profile(tmp_path, RULES.replace("2026-01-30", "lately")))


# ---- the site's limits


@pytest.mark.parametrize(
    ("section", "at_the_limit", "beyond", "said"),
    [
        ("draft", {"length_max": 3000}, {"length_max": 3001}, "length_max = 3000 or less in"),
        ("permit", {"gap_s": 10}, {"gap_s": 9}, "gap_s = 10 or more in"),
    ],
)
async def test_no_more_is_asked_of_a_live_site_than_it_takes(
    tmp_path: Path, section: str, at_the_limit: Any, beyond: Any, said: str
) -> None:
    site = live_profile(tmp_path)
    asking = settings(site, **{section: beyond})
    with pytest.raises(BadSettings, match="account garden, site") as refused:
        async with built(asking, Story().store):
            pass
    assert said in refused.value.remedy
    fitting = settings(site, **{section: at_the_limit})
    require_within_limits(fitting, ME, profile_of(fitting, ME))


def test_a_sandbox_may_be_hurried() -> None:
    hurried = settings("spirit", "sandbox", base_url=None, permit={"gap_s": 0})
    require_within_limits(hurried, ME, profile_of(hurried, ME))


# ---- the mode


def test_live_refuses_the_sandbox() -> None:
    with pytest.raises(BadSettings, match="live refuses a sandbox"):
        require_fitting_mode(settings("spirit", base_url="http://127.0.0.1:8020"), ME)


@pytest.mark.parametrize("mode", ["sandbox", "shadow"])
def test_the_sandbox_is_for_the_other_modes(mode: str) -> None:
    on_this_machine = settings("spirit", mode, base_url=None)
    assert require_fitting_mode(on_this_machine, ME).base_url == "http://127.0.0.1:8020"


@pytest.mark.parametrize("near", ["http://sandbox:8020", "http://10.1.2.3", "http://forum.local"])
def test_a_sandbox_may_be_a_neighbour(near: str) -> None:
    assert require_fitting_mode(settings("spirit", "sandbox", base_url=near), ME).base_url == near


@pytest.mark.parametrize("far", ["https://forum.example", "http://93.184.216.34"])
def test_a_site_elsewhere_is_no_sandbox_whatever_its_profile_says(far: str) -> None:
    with pytest.raises(BadSettings, match="is not on this network"):
        require_fitting_mode(settings("spirit", "sandbox", base_url=far), ME)


def test_sandbox_mode_refuses_a_live_site(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="works on a sandbox alone"):
        require_fitting_mode(settings(live_profile(tmp_path), "sandbox"), ME)


def test_a_live_site_needs_an_address(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="has no address") as refused:
        profile_of(settings(live_profile(tmp_path), base_url=None), Account(ME))
    assert refused.value.remedy == "set accounts.garden.base_url"


async def test_live_refuses_the_models_double(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def chromium() -> None:
        return None

    monkeypatch.setattr("edge.worker.building.require_chromium", chromium)
    story = said(Story(), signature(the_profile(tmp_path)))
    with pytest.raises(BadSettings, match="mode = live needs a model endpoint"):
        async with built(settings(live_profile(tmp_path)), story.store):
            pass
