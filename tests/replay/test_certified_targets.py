"""What a certification asks for: the settings' queue, and no permits where hours are quiet."""

from __future__ import annotations

import pytest

from schema.events.operations import SettingsChanged
from schema.rules import QueueRules, Rules
from tests.doubles.production import Production
from tests.doubles.story import Story
from tests.replay.test_certify import certified, failed


@pytest.mark.parametrize(("target", "broken"), [(3, ""), (10, ""), (11, "D"), (10_000, "D")])
async def test_how_many_should_wait_is_a_setting(target: int, broken: str) -> None:
    story = Story()
    story.healthy()
    rules = Rules(queue=QueueRules(target=target))
    story.say(SettingsChanged(rules=rules, rules_hash="0"), approver=True)
    found = await certified(story)
    assert failed(found) == broken
    assert found.checks[3].detail.endswith(f"(≥ {target})")


@pytest.mark.parametrize(
    ("slots", "broken"),
    [
        (["replied", "quiet", "quiet"], ""),
        (["replied", "quiet", "replied"], ""),
        (["replied", "quiet", "empty"], "E"),
        (["replied", "empty", "empty"], "E"),
    ],
)
async def test_quiet_hours_ask_for_no_permits(slots: list[str], broken: str) -> None:
    story = Story()
    afternoon = Production(story)
    afternoon.boot()
    for slot in slots:
        afternoon.run(15, slot=slot)
    afternoon.run(10)  # the last two slots count
    found = await certified(story)
    assert failed(found) == broken
    assert ("quiet hours" in found.checks[4].detail) is ("quiet" in slots)


async def test_quiet_hours_excuse_no_silent_scheduler() -> None:
    story = Story()
    afternoon = Production(story)
    afternoon.boot()
    afternoon.run(29, slot="quiet")
    found = await certified(story)
    assert (failed(found), found.blocker) == ("EF", "scheduler")
