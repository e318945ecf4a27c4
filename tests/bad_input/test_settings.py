"""The door of the settings: a wrong one names its origin, its key and what is accepted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from edge.settings.layers import VARIABLES
from edge.settings.settings import load_settings
from schema.errors import BadSettings
from tests.bad_input.texts import KEPT, REFUSED

SECRET = "s3cret-canary"
ACCOUNT = '[accounts.a]\nhandle = "h"\n'

WRONG = {
    "mode": 'mode = "Live"',
    "mode of a number": "mode = 1",
    "unknown key": "posting_dissabled = true",
    "unknown table": "[postgres]\nurl = 'x'",
    "yes is no truth value": 'posting_disabled = "perhaps"',
    "port too high": "[health]\nport = 65536",
    "port negative": "[health]\nport = -1",
    "port of a fraction": "[health]\nport = 80.5",
    "temperature too high": "[model]\ntemperature = 2.1",
    "temperature not a number": "[model]\ntemperature = nan",
    "top_p zero": "[model]\ntop_p = 0",
    "budget infinite": "[model]\ndaily_budget_usd = inf",
    "budget not a number": "[model]\ndaily_budget_usd = nan",
    "budget negative": "[model]\ndaily_budget_usd = -0.01",
    "tokens zero": "[model]\nmax_tokens = 0",
    "cap negative": "[permit]\nper_day = -1",
    "cap beyond every integer": "[permit]\nper_hour = 99999999999999999999",
    "cap of a text": '[permit]\nper_hour = "four"',
    "approval endless": "[permit]\nttl_s = 3153600000",
    "approval at once over": "[permit]\nttl_s = 0",
    "cadence zero": "[cadence]\nfetch = 0",
    "cadence of nothing": '[cadence]\nfetch = ""',
    "tier missing": "[queue]\nexpires_h = -24",
    "share above one": "[evaluate]\nrelevance_min = 1.5",
    "account without handle": "[accounts.a]\n",
    "handle empty": '[accounts.a]\nhandle = ""',
    "account called system": '[accounts.system]\nhandle = "h"',
    "account with a slash": '[accounts."a/b"]\nhandle = "h"',
    "account with a line break": '[accounts."a\\nb"]\nhandle = "h"',
    "account with a long name": f'[accounts.{"a" * 64}]\nhandle = "h"',
    "account with an empty name": '[accounts.""]\nhandle = "h"',
    "account that is no table": "accounts = 1",
    "list that is a text": f'{ACCOUNT}curated = "ann"',
    "list of numbers": f"{ACCOUNT}keywords = [1]",
    "zone of nowhere": f'{ACCOUNT}[accounts.a.post]\ntime_zone = "Mars/Olympus"',
    "zone that is a path": f'{ACCOUNT}[accounts.a.post]\ntime_zone = "../../etc/passwd"',
    "hour of 25": f'{ACCOUNT}[accounts.a.post]\nquiet_from = "25:00"',
    "password in the file twice": f'{ACCOUNT}password = "{SECRET}"\npassword = "x"',
    "webhook of a file": f'[alerts]\nwebhook_url = "file:///{SECRET}"',
    "webhook without its secret": '[alerts]\nwebhook_url = "https://hook.example/key"',
    "webhook with an empty secret": '[alerts]\nwebhook_url = "https://a.example"\nsecret = ""',
    "severity unknown": '[alerts]\nseverity_min = "fatal"',
    "not toml": "[permit\n",
    "key without a value": "mode =",
    "byte order mark": '\ufeffmode = "live"',
    "bare text": "hello",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named_and_no_secret_is(clean: Path, name: str) -> None:
    (clean / "ghostproof.toml").write_text(WRONG[name], encoding="utf-8")
    with pytest.raises(BadSettings, match=r"ghostproof\.toml") as caught:
        load_settings({}, clean)
    assert caught.value.remedy
    assert SECRET not in caught.value.message
    assert len(caught.value.message) < 1_000


def test_the_same_file_without_the_fault_is_read(clean: Path) -> None:
    """The sibling of the test above."""
    (clean / "ghostproof.toml").write_text(f'mode = "live"\n{ACCOUNT}curated = ["ann"]\n')
    assert load_settings({}, clean).mode == "live"


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b'mode = "\xff"', b"a = 1\0", b"\x00", 'mode = "live"'.encode("utf-16")],
    ids=repr,
)
def test_a_file_that_is_no_text_is_named(clean: Path, content: bytes) -> None:
    (clean / "ghostproof.toml").write_bytes(content)
    with pytest.raises(BadSettings, match=r"ghostproof\.toml"):
        load_settings({}, clean)


def _folder(path: Path) -> None:
    path.mkdir()


def _nothing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize("made", [_folder, _nothing])
def test_a_named_file_that_is_none_is_said(clean: Path, made: Callable[[Path], None]) -> None:
    made(clean / "other.toml")
    with pytest.raises(BadSettings, match=r"GHOSTPROOF_CONFIG names other\.toml") as caught:
        load_settings({"GHOSTPROOF_CONFIG": "other.toml"}, clean)
    assert "ghostproof init" in caught.value.remedy


def test_a_variable_in_an_empty_table_is_named_and_not_shown(clean: Path) -> None:
    """`init` writes ``[alerts]`` with nothing in it, and a webhook's address may be its key."""
    (clean / "ghostproof.toml").write_text("[alerts]\n")
    with pytest.raises(BadSettings, match="environment ALERT_WEBHOOK_URL") as caught:
        load_settings({"ALERT_WEBHOOK_URL": f"https://hook.example/{SECRET}"}, clean)
    assert SECRET not in caught.value.message


NUMBERS_AND_FLAGS = [
    *("MODE", "POSTING_DISABLED", "LIVE_POSTS", "OPENAI_TEMPERATURE", "OPENAI_TOP_P"),
    *("AI_QUOTA_CIRCUIT_OPEN", "REAL_METRICS_ENABLED", "PORT"),
]


@pytest.mark.parametrize("variable", NUMBERS_AND_FLAGS)
@pytest.mark.parametrize("value", ["maybe", "1e400", "NaN", "-1", "12 34", "\u0661\u0662x", "{}"])
def test_a_wrong_variable_is_named(clean: Path, variable: str, value: str) -> None:
    with pytest.raises(BadSettings, match=f"environment {variable}") as caught:
        load_settings({variable: value}, clean)
    assert VARIABLES[variable] in caught.value.message


@pytest.mark.parametrize("name", [*KEPT, *REFUSED])
def test_no_text_in_a_setting_is_a_fault_of_ours(clean: Path, name: str) -> None:
    """A strange text is taken as it is or refused by name; nothing else is ever raised."""
    text = (KEPT | REFUSED)[name]
    for variable in VARIABLES:
        try:
            load_settings({variable: text}, clean)
        except BadSettings as refused:
            assert variable in refused.message or "git" in variable.lower()  # noqa: PT017
