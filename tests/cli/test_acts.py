"""A person's acts: each an event with a reason and a name."""

from __future__ import annotations

from tests.cli.conftest import Ask
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
