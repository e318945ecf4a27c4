"""Settings: the environment over the file, origins told, secrets masked, rules made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge import logs
from edge.health import opening
from edge.settings.masking import without_password
from edge.settings.rules import rules_for
from edge.settings.settings import load_settings
from schema.errors import PortInUse
from schema.ids import Account
from schema.rules import Rules
from tests.cli.conftest import Ask

GARDEN = Account("garden")


def test_init_writes_settings_that_work(ask: Ask, clean: Path) -> None:
    assert ask("init").code == 0
    settings = load_settings({}, clean)
    assert settings.mode == "sandbox"
    assert list(settings.accounts) == ["forum"]
    assert rules_for(settings, Account("forum")).handle == "ghostproof"


def test_init_overwrites_nothing_unasked(ask: Ask, clean: Path) -> None:
    (clean / "ghostproof.toml").write_text('mode = "live"')
    answer = ask("init")
    assert answer.code == 64
    assert "--force" in answer.err
    assert (clean / "ghostproof.toml").read_text() == 'mode = "live"'


def test_the_environment_wins_and_says_so(
    ask: Ask, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clean / "ghostproof.toml").write_text("[health]\nport = 4000\n[model]\ntop_p = 0.5")
    monkeypatch.setenv("PORT", "5000")
    found = ask("config", "show", "--origin", "--json").json
    assert found["health.port"] == {"value": 5000, "origin": "environment PORT"}
    assert found["model.top_p"]["origin"].endswith("ghostproof.toml")
    assert found["model.name"] == {"value": "gpt-4o-mini", "origin": "default"}


def test_secrets_are_masked(ask: Ask, clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (clean / "ghostproof.toml").write_text('[accounts.garden]\nhandle = "h"')
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-1")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:canary-2@h/d")
    monkeypatch.setenv("GHOSTPROOF_PASSWORD_GARDEN", "canary-3")
    answer = ask("config", "show", "--origin")
    assert answer.code == 0
    assert "canary" not in answer.out
    assert "***" in answer.out


def test_an_accounts_rules_win_over_everybodys(clean: Path) -> None:
    (clean / "ghostproof.toml").write_text(
        "[permit]\nper_hour = 2\nper_day = 9\n[fetch]\nkeywords = ['all']\n"
        "[accounts.garden]\nhandle = 'h'\ncurated = ['marta']\n"
        "[accounts.garden.permit]\nper_day = 5"
    )
    rules = rules_for(load_settings({}, clean), GARDEN)
    assert (rules.permit.per_hour, rules.permit.per_day) == (2, 5)
    assert (rules.fetch.keywords, rules.fetch.curated) == (("all",), ("marta",))


def test_settings_that_say_nothing_are_the_default_rules(clean: Path) -> None:
    (clean / "ghostproof.toml").write_text("[accounts.garden]\nhandle = 'h'")
    rules = rules_for(load_settings({}, clean), GARDEN)
    assert rules.permit == Rules().permit
    assert rules.draft == Rules().draft


@pytest.mark.parametrize(
    ("environment", "held"),
    [
        ({}, False),
        ({"POSTING_DISABLED": "true"}, True),
        ({"MODE": "live", "LIVE_POSTS": "false"}, True),
        ({"MODE": "live"}, True),
        ({"MODE": "live", "LIVE_POSTS": "true"}, False),
        ({"LIVE_POSTS": "false"}, False),
    ],
)
def test_a_flag_holds_posting(environment: dict[str, str], held: bool, clean: Path) -> None:
    assert load_settings(environment, clean).posting_held_by_flag is held


def test_every_secret_is_known_to_the_log(clean: Path) -> None:
    (clean / "ghostproof.toml").write_text(
        """
        [database]
        url = "postgresql://me:canary-1@h/d"
        [model]
        api_key = "canary-2"
        [alerts]
        webhook_url = "https://hooks.example/canary-3"
        secret = "canary-4"
        [accounts.garden]
        handle = "me"
        password = "canary-5"
        """
    )
    assert sorted(one[one.index("canary") :][:8] for one in load_settings().secrets) == [
        f"canary-{number}" for number in range(1, 6)
    ]


def test_a_worker_hides_the_secrets_that_it_was_given(
    ask: Ask, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clean / "ghostproof.toml").write_text("[model]\napi_key = 'canary'\n[health]\nport = 1\n")
    hidden: list[str] = []

    def refused(_settings: object) -> None:
        raise PortInUse("port 1 is taken")

    monkeypatch.setattr(logs, "set_up", lambda *, secrets: hidden.extend(secrets))
    monkeypatch.setattr(opening, "open_health", refused)
    assert ask("run").code == 3
    assert hidden == ["canary"]


def test_the_digest_does_not_know_secrets(clean: Path) -> None:
    one = load_settings({"OPENAI_API_KEY": "sk-1"}, clean).digest()
    assert one == load_settings({"OPENAI_API_KEY": "sk-2"}, clean).digest()
    assert one != load_settings({"OPENAI_API_KEY": "sk-1", "PORT": "1"}, clean).digest()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@h:1/d", "postgresql://u:***@h:1/d"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("host=h password=p dbname=d", "host=h password=*** dbname=d"),
    ],
)
def test_a_password_is_not_shown(url: str, shown: str) -> None:
    assert without_password(url) == shown
