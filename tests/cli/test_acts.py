"""A person's acts: each an event with a reason and a name."""

from __future__ import annotations

from schema.events.operations import PostingStopped, StopSource
from schema.ids import Account
from tests.cli.conftest import Ask
from tests.doubles.memory_log import MemoryLog
from tests.doubles.story import Story


def test_posting_is_stopped_and_allowed_again(ask: Ask, story: Story) -> None:
    story.booted()
    answer = ask("stop-posting", "--why", "drill", "--json")
    assert (answer.code, answer.json["positions"]) == (0, {"garden": 1})
    assert story.store.log(story.account).stops == ["logged"]
    assert ask("allow-posting", "--why", "over").code == 0
    assert story.store.log(story.account).stops == []
    assert [row.event.why for row in story.rows[1:]] == ["drill", "over"]
    assert all(row.event.by for row in story.rows[1:])


def test_one_word_takes_back_no_stop_of_another_reason(ask: Ask, story: Story) -> None:
    """Whoever answered one site's challenge has not looked at what stopped the other account."""
    balcony = Account("balcony")
    story.store.logs[balcony] = MemoryLog(balcony)
    assert ask("stop-posting", "--why", "drill").code == 0
    challenged = PostingStopped(source=StopSource.LOGGED, why="a captcha", by="tripwire")
    story.say(challenged)

    refused = ask("allow-posting", "--why", "over")

    assert (refused.code, refused.out) == (64, "")
    assert "balcony: drill; garden: a captcha" in refused.err
    assert "add --account with one of: balcony, garden" in refused.err
    assert ask("allow-posting", "--why", "solved", "--account", "garden").code == 0
    assert story.store.log(balcony).stops == ["logged"]
    assert ask("allow-posting", "--why", "over").code == 0
    assert story.store.log(balcony).stops == []


def test_stops_of_one_reason_end_together(ask: Ask, story: Story) -> None:
    """The sibling of the test above."""
    balcony = Account("balcony")
    story.store.logs[balcony] = MemoryLog(balcony)
    assert ask("stop-posting", "--why", "drill").code == 0
    assert ask("allow-posting", "--why", "over").code == 0
    assert [story.store.log(name).stops for name in (balcony, story.account)] == [[], []]


def test_a_ghost_is_acknowledged_by_its_address(ask: Ask, story: Story) -> None:
    story.haunted()
    answer = ask("ghost", "acknowledge", "http://site/c/c-ghost", "--why", "planted", "--json")
    assert answer.json == {"account": "garden", "post_id": "c-ghost", "position": 1}
    assert (story.rows[-1].type, story.rows[-1].event.why) == ("ghost_acknowledged", "planted")


def test_what_never_ran_is_held_from_its_start_on(ask: Ask, story: Story) -> None:
    story.store.logs.clear()
    answer = ask("stop-posting", "--why", "first look")
    assert (answer.code, answer.out) == (3, "")
    assert "POSTING_DISABLED=true" in answer.err
