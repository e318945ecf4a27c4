"""Bad input: one clear message, what to do about it, and exit code 64."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.cli.commands import COMMANDS
from tests.cli.conftest import Ask
from tests.doubles.story import ACCOUNT, Story


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "qeue"), "error: no view 'qeue'\n→ views are: queue,"),
        (("show", "queue", "--at", "yesterday"), "neither a position nor a time: 'yesterday'"),
        (("certify", "--at", "999"), "no position 999 in the log of garden"),
        (("events", "--type", "candidate_fond"), "no event type 'candidate_fond'"),
        (("events", "--account", "gardn"), "no account 'gardn' in the log\n→ accounts: garden"),
        (("why",), "missing argument 'POST'\n→ ghostproof why --help"),
        (("why", "x", "--jsn"), "no such option: --jsn"),
        (("wy", "x"), "no such command 'wy'"),
        (("events", "--limit", "0"), "'--limit'"),
        (("stop-posting", "--why", " "), "a reason is needed"),
        (("ghost", "acknowledge", "c-1", "--why", "w"), "no ghost 'c-1'"),
        (("db", "migrat"), "no such command 'migrat'"),
        (("flow", "--from", "nothing"), "no event type 'nothing'"),
    ],
)
def test_bad_input_exits_64(
    ask: Ask, story: Story, arguments: tuple[str, ...], message: str
) -> None:
    story.booted()
    answer = ask(*arguments)
    assert answer.code == 64
    assert answer.out == ""
    assert answer.err.startswith("error: ")
    assert message in answer.err
    assert "\n→ " in answer.err


def test_an_unknown_id_could_not_be_answered(ask: Ask, story: Story) -> None:
    story.booted()
    answer = ask("trace", "no-such-id")
    assert (answer.code, answer.out) == (3, "")
    assert "no event knows the id 'no-such-id'" in answer.err


def test_several_accounts_want_one_named(ask: Ask, story: Story) -> None:
    story.store.logs[type(ACCOUNT)("other")] = story.store.logs[ACCOUNT]
    answer = ask("events")
    assert answer.code == 64
    assert "garden, other" in answer.err


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('mode = "liv"', "mode: input should be 'sandbox', 'shadow' or 'live', not 'liv'"),
        ('[databse]\nurl = "x"', "unknown key databse; did you mean database?"),
        ('[accounts.a]\nhandle = "h"\nkeyword = []', "accounts.a.keyword; did you mean keywords?"),
        ("[permit]\nper_hour = -1", "permit.per_hour"),
        ("[permit\n", "ghostproof.toml"),
        ('[accounts.system]\nhandle = "h"', "an account cannot be called 'system'"),
    ],
)
def test_a_wrong_setting_names_file_and_key(ask: Ask, clean: Path, toml: str, message: str) -> None:
    (clean / "ghostproof.toml").write_text(toml)
    answer = ask("config", "show")
    assert answer.code == 64
    assert message in answer.err
    assert "ghostproof.toml" in answer.err


def test_a_database_url_that_is_no_text_is_named_before_connecting(ask: Ask, clean: Path) -> None:
    (clean / "ghostproof.toml").write_text("[database]\nurl = 5")
    answer = ask("why", "c-1")
    assert (answer.code, "database.url: not a text: 5" in answer.err) == (64, True)


def test_an_unreachable_database_is_named_without_its_password(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hidden@127.0.0.1:1/none")
    answer = ask("why", "c-1")
    assert answer.code == 3
    assert "127.0.0.1" in answer.err
    assert "hidden" not in answer.err


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_help_is_plain_text_of_its_own(ask: Ask, command: str) -> None:
    answer = ask(command, "--help")
    assert answer.code == 0
    assert answer.out.startswith(f"Usage: ghostproof {command} ")
    assert "\x1b" not in answer.out
    assert not {"─", "│"} & set(answer.out)
    assert "--install-completion" not in answer.out
