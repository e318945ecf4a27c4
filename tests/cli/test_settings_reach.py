"""What is set reaches its own place: addresses, passwords, an account's lists, the site's word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edge.database.urls import Place
from edge.settings.rules import rules_for
from edge.settings.settings import Settings, load_settings
from schema.ids import Account

GARDEN = Account("garden")
ACCOUNT = "[accounts.garden]\nhandle = 'h'\n"


def settings_of(folder: Path, said: str, **environment: str) -> Settings:
    (folder / "ghostproof.toml").write_text(ACCOUNT + said)
    return load_settings(environment, folder)


def test_each_role_of_the_database_has_its_own_address(clean: Path) -> None:
    named = {
        name: f"postgresql://{name}@db/log"
        for name in ("url", "approver_url", "reader_url", "admin_url")
    }
    environment = {f"DATABASE_{name.upper()}": url for name, url in named.items()}
    found = settings_of(clean, "", **environment).place
    assert found == Place(data_dir=Path(".ghostproof"), single_role=False, **named)


def test_the_expected_build_is_the_watchdogs(clean: Path) -> None:
    settings = settings_of(clean, "", EXPECTED_SHA="abc")
    assert rules_for(settings, GARDEN).watch.expected_sha == "abc"


def test_an_accounts_password_is_found_by_its_name(clean: Path) -> None:
    said = "[accounts.back-yard]\nhandle = 'b'\n"
    passwords = {f"GHOSTPROOF_PASSWORD_{name}": name for name in ("GARDEN", "BACK_YARD")}
    found = settings_of(clean, said, **passwords).accounts
    kept = {name: one.password.get_secret_value() for name, one in found.items() if one.password}
    assert kept == {"garden": "GARDEN", "back-yard": "BACK_YARD"}


@pytest.mark.parametrize("mode", ["sandbox", "shadow", "live"])
def test_the_mode_is_a_rule_and_only_live_clicks_need_leave(clean: Path, mode: str) -> None:
    settings = settings_of(clean, "", MODE=mode)
    assert rules_for(settings, GARDEN).mode == mode
    assert settings.posting_held_by_flag is (mode == "live")


@pytest.mark.parametrize(
    ("section", "name"),
    [
        *(("fetch", "curated"), ("fetch", "keywords"), ("fetch", "viral")),
        *(("evaluate", "languages"), ("evaluate", "blocked_authors")),
        *(("draft", "banned_words"), ("plan", "topics")),
    ],
)
def test_a_list_of_an_account_is_its_rule_and_its_own_table_wins(
    clean: Path, section: str, name: str
) -> None:
    def found(said: str) -> Any:
        rules = rules_for(settings_of(clean, said), GARDEN)
        return getattr(getattr(rules, section), name)

    at_the_top, in_its_table = (
        f"{name} = ['top']\n",
        f"[accounts.garden.{section}]\n{name} = ['own']",
    )
    assert found(at_the_top) == ("top",)
    assert found(f"{at_the_top}{in_its_table}") == ("own",)
    assert found(f"[{section}]\n{name} = ['all']\n") == ("all",)


@pytest.mark.parametrize("yes", [True, False])
def test_the_form_is_as_the_site_says(clean: Path, *, yes: bool) -> None:
    rules = rules_for(settings_of(clean, ""), GARDEN, has_form=yes)
    assert rules.plan.has_form is yes
