"""`site sign`: the block is shown, a name answers for it, and the log keeps both."""

from __future__ import annotations

from pathlib import Path

import pytest

from schema.events.signing import RulesSigned
from tests.cli.conftest import Ask
from tests.cli.real import Real
from tests.worker.test_unsigned import live_profile

pytestmark = pytest.mark.postgres

ACCOUNT = """mode = "{mode}"
[accounts.garden]
site = "{site}"
handle = "fern"
base_url = "{url}"
"""


@pytest.fixture
def live(clean: Path) -> Path:
    site = live_profile(clean)
    configured = ACCOUNT.format(mode="live", site=site, url="https://forum.example")
    (clean / "ghostproof.toml").write_text(configured)
    return site


def test_the_block_is_shown_and_the_signature_kept(ask: Ask, real: Real, live: Path) -> None:
    answer = ask("site", "sign", "--by", "Ann Example", "--yes")
    assert answer.code == 0, answer.err
    assert "basis:\n  The forum's owner agreed in writing." in answer.out
    [signed] = real.events("rules_signed")
    assert isinstance(signed, RulesSigned)
    assert (signed.by, signed.site, signed.base_url) == (
        "Ann Example",
        "spirit",
        "https://forum.example",
    )
    assert signed.rules["limits"] == "Ten posts a day."
    assert signed.signature in answer.out


def test_json_says_what_was_signed(ask: Ask, real: Real, live: Path) -> None:
    answer = ask("site", "sign", "--by", "Ann", "--yes", "--json").json
    assert answer["signed"]["by"] == "Ann"
    [row] = real.rows("rules_signed")
    assert answer["position"] == row.position


def test_without_a_yes_nothing_is_signed(ask: Ask, real: Real, live: Path) -> None:
    answer = ask("site", "sign", "--by", "Ann")
    assert answer.code == 64
    assert "add --yes" in answer.err
    assert real.rows("rules_signed") == []


@pytest.mark.parametrize("by", ["", "  ", "a\nb", "x" * 201])
def test_nobody_signs_without_a_name(ask: Ask, real: Real, live: Path, by: str) -> None:
    answer = ask("site", "sign", "--by", by, "--yes")
    assert answer.code == 64
    assert "--by 'your name'" in answer.err
    assert real.rows("rules_signed") == []


def test_an_open_block_is_not_signed(ask: Ask, real: Real, live: Path) -> None:
    live.write_text(live.read_text().replace("Ten posts a day.", ""))
    answer = ask("site", "sign", "--by", "Ann", "--yes")
    assert answer.code == 64
    assert "does not say rules.limits" in answer.err
    assert real.rows("rules_signed") == []


def test_a_sandbox_needs_none(ask: Ask, clean: Path, real: Real) -> None:
    configured = ACCOUNT.format(mode="sandbox", site="spirit", url="http://127.0.0.1:8020")
    (clean / "ghostproof.toml").write_text(configured)
    answer = ask("site", "sign", "--by", "Ann", "--yes")
    assert (answer.code, answer.out) == (
        0,
        "garden: its site is a sandbox, whose rules need no signature\n",
    )
    assert real.rows("rules_signed") == []
