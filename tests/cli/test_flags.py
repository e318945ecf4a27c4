"""The flags that operators set in the environment: each arrives, says so, and refuses garbage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from edge.performers.draft import Draft
from edge.performers.judge import Judge
from edge.settings.build import git_sha
from edge.settings.rules import rules_for
from edge.settings.settings import Settings, load_settings
from edge.worker.building import performers
from schema.ids import Account
from tests.cli.conftest import Ask

ACCOUNT = '[accounts.me]\nhandle = "me"\n'
ME = Account("me")
SHA = "c0ffee" * 6 + "c0ff"


def rules(settings: Settings) -> Any:
    return rules_for(settings, ME)


def manner(settings: Settings) -> Any:
    [judge] = [one for one in performers(settings) if isinstance(one, Judge)]
    [draft] = [one for one in performers(settings) if isinstance(one, Draft)]
    assert judge.manner == draft.manner
    return judge.manner


@dataclass(frozen=True)
class Flag:
    """One variable: where it arrives, what is shown, how far it reaches, and what it refuses."""

    value: str
    key: str
    shown: Any
    reaches: Callable[[Settings], Any]
    garbage: tuple[str, ...]
    arrives: Any = None


NO_WORDS = ("two words", "line\nbreak", "a" * 201)
NO_TRUTH = ("maybe", "2", "-1", "truth")
FLAGS = {
    "MODE": Flag("shadow", "mode", "shadow", lambda s: rules(s).mode, ("Shadow", "prod", "1")),
    "POSTING_DISABLED": Flag(
        *("true", "posting_disabled", True), lambda s: s.posting_held_by_flag, NO_TRUTH
    ),
    "LIVE_POSTS": Flag("1", "live_posts", True, lambda s: s.live_posts, NO_TRUTH),
    "REAL_METRICS_ENABLED": Flag(
        *("false", "learn.real_metrics", False), lambda s: rules(s).learn.real_metrics, NO_TRUTH
    ),
    "AI_QUOTA_CIRCUIT_OPEN": Flag(
        *("true", "model.circuit_open", True), lambda s: rules(s).budget.circuit_open, NO_TRUTH
    ),
    "OPENAI_MODEL": Flag("m-1", "model.name", "m-1", lambda s: manner(s).model, NO_WORDS),
    "OPENAI_TEMPERATURE": Flag(
        *("0.25", "model.temperature", 0.25), lambda s: manner(s).temperature, ("hot", "nan", "9")
    ),
    "OPENAI_TOP_P": Flag(
        *("0.5", "model.top_p", 0.5), lambda s: manner(s).top_p, ("0", "1.1", "inf", "x")
    ),
    "OPENAI_BASE_URL": Flag(
        *("http://[::1]:9/v1", "model.base_url", "http://[::1]:9/v1"),
        lambda s: s.model.base_url,
        ("nonsense", "file:///etc", "http://", "http://h:0/", "http://h:x/", "http://a b/"),
    ),
    "OPENAI_API_KEY": Flag(
        *("sk-canary", "model.api_key", "***"),
        lambda s: s.model.api_key.get_secret_value() if s.model.api_key else None,
        ("two words", "line\nbreak", "sch\u00fcssel"),
        "sk-canary",
    ),
    "DATABASE_URL": Flag(
        *("postgresql://u:canary@h/d", "database.url", "***"),
        lambda s: s.place.url,
        ("nonsense", "http://h/d", "h:5432", "postgresql://h /d", "postgresql://h\n/d"),
        "postgresql://u:canary@h/d",
    ),
    "PORT": Flag("3999", "health.port", 3999, lambda s: s.health.port, ("http", "65536", "-1")),
    "GIT_SHA": Flag(SHA, "git_sha", SHA, lambda s: git_sha(s.git_sha), NO_WORDS),
}


@pytest.fixture(autouse=True)
def account(clean: Path) -> None:
    (clean / "ghostproof.toml").write_text(ACCOUNT)


@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_is_shown_with_its_origin(
    name: str, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag = FLAGS[name]
    monkeypatch.setenv(name, flag.value)
    answer = ask("config", "show", "--origin", "--json")
    assert answer.code == 0
    told = answer.json[flag.key]
    assert told == {"value": flag.shown, "origin": f"environment {name}"}
    assert "canary" not in answer.out + ask("config", "show", "--origin").out


@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_reaches_who_goes_by_it(name: str, clean: Path) -> None:
    flag = FLAGS[name]
    arrives = flag.shown if flag.arrives is None else flag.arrives
    assert flag.reaches(load_settings({name: flag.value}, clean)) == arrives
    assert flag.reaches(load_settings({}, clean)) != arrives


@pytest.mark.parametrize(
    ("name", "garbage"), [(name, one) for name, flag in FLAGS.items() for one in flag.garbage]
)
def test_garbage_in_a_flag_is_named(
    name: str, garbage: str, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, garbage)
    answer = ask("config", "show")
    assert (answer.code, answer.out) == (64, "")
    assert f"environment {name}: {FLAGS[name].key}: " in answer.err
    assert "config show" in answer.err
    if FLAGS[name].shown == "***":
        assert garbage not in answer.err


@pytest.mark.parametrize("name", FLAGS)
def test_an_empty_flag_is_none(name: str, clean: Path) -> None:
    assert load_settings({name: ""}, clean) == load_settings({}, clean)


@pytest.mark.parametrize(
    ("said", "meant"), [("TRUE", True), ("on", True), ("0", False), ("no", False), ("off", False)]
)
def test_a_truth_value_has_many_spellings(said: str, meant: bool, clean: Path) -> None:
    assert load_settings({"POSTING_DISABLED": said}, clean).posting_disabled is meant


def test_a_password_in_an_endpoint_is_not_shown(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://user:canary@proxy.example/v1")
    assert "canary" not in ask("config", "show", "--origin").out
    monkeypatch.setenv("OPENAI_BASE_URL", "ftp://user:canary@proxy.example/v1")
    assert "canary" not in ask("config", "show").err
