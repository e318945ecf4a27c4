"""`certify` over several accounts, with positions that are no position, and in words."""

from __future__ import annotations

import pytest

from replay.moment import written
from schema.ids import SYSTEM, Account
from tests.cli.conftest import Ask
from tests.doubles.memory_log import MemoryLog
from tests.doubles.story import ACCOUNT, Story


@pytest.fixture
def two(story: Story) -> Story:
    """Give two accounts in one database, of which the second is haunted."""
    for name in ("orchard", SYSTEM):
        story.store.logs[Account(name)] = MemoryLog(Account(name))
    story.healthy()
    other = Story(account=Account("orchard"))
    other.store = story.store
    other.healthy()
    other.haunted()
    story.now = max(story.now, other.now)
    return story


def test_without_an_account_the_worst_is_shown_and_all_are_named(ask: Ask, two: Story) -> None:
    at = ("--at", written(two.now))
    found = ask("certify", *at, "--json")
    assert (found.code, found.json["account"], found.json["blocker"]) == (2, "orchard", "ghost")
    assert found.json["accounts"] == {"garden": "OPERATIONAL", "orchard": "NOT OPERATIONAL"}
    text = ask("certify", *at).out.splitlines()
    assert [line.split() for line in text[:3]] == [
        ["account", "verdict"],
        ["garden", "OPERATIONAL"],
        ["orchard", "NOT", "OPERATIONAL"],
    ]
    assert ask("certify", *at, "--account", ACCOUNT).code == 0
    rows = ask("throughput", *at, "--json").json
    assert rows["accounts"].keys() == {"garden", "orchard"}


def test_each_account_has_its_own_answer_on_record(ask: Ask, two: Story) -> None:
    sizes = {name: len(two.store.log(Account(name)).rows) for name in (ACCOUNT, "orchard")}
    answer = ask("certify", "--at", written(two.now), "--record", "--json")
    assert answer.json["recorded"] == sizes
    kept = {name: two.store.log(Account(name)).rows[-1].event for name in sizes}
    assert {name: event.blocker for name, event in kept.items()} == {
        ACCOUNT: None,
        "orchard": "ghost",
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--at", "3"), "a position belongs to one account's log"),
        (("--since", "3"), "a position belongs to one account's log"),
        (("--account", SYSTEM), "'system' is the program's own log"),
        (("--expect-sha", " "), "--expect-sha is empty"),
        (("--at", ""), "neither a position nor a time: ''"),
        (("--at", "2999-01-01"), "2999-01-01T00:00:00.000Z is in the future"),
        (("--since", "2999-01-01"), "is after the moment asked about"),
    ],
)
def test_what_cannot_be_asked_is_said(
    ask: Ask, two: Story, arguments: tuple[str, ...], says: str
) -> None:
    answer = ask("certify", *arguments)
    assert (answer.code, answer.out) == (64, "")
    assert says in answer.err
    assert "\n→ " in answer.err


def test_a_log_that_is_empty_was_never_alive(ask: Ask, story: Story) -> None:
    answer = ask("certify", "--json")
    assert (answer.code, answer.json["blocker"]) == (2, "worker")
    assert "no worker ever started" in answer.json["checks"][5]["detail"]


def test_a_database_without_accounts_has_no_answer(ask: Ask, story: Story) -> None:
    story.store.logs.clear()
    answer = ask("certify")
    assert (answer.code, answer.out) == (3, "")
    assert "the log has no account yet" in answer.err
