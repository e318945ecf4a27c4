"""The truth speaks: what is not as promised on a ground is named, and of a sound one nothing."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from edge.gate.journal import Journal
from edge.worker.temporary import _prefix
from schema.events.operations import UnhandledException
from schema.events.posting import (
    ClickOrdered,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingSuccess,
    Via,
)
from schema.events.scheduling import SchedulerStarted
from schema.ids import SchedulerRunId, named
from tests.doubles.story import Story
from tests.torture.following import Following
from tests.torture.forum import ForumPost
from tests.torture.ground import Ground
from tests.torture.settings import ME
from tests.torture.truth import faults, figures

OTHER = ForumPost("c-other", "t-other", "a reply to other")


class Told(Ground):
    """A ground that is only told of: a log, what the forum holds, and what the audit says."""

    def __init__(self, folder: Path, log: Following) -> None:
        self.folder, self.log = folder, log
        self.written = [ForumPost("c-marta", "t-marta", "a reply to marta")]
        self.audit = subprocess.CompletedProcess[str]((), 0, "", "")

    def posts(self) -> list[ForumPost]:
        return self.written

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        assert arguments == ("audit",)
        return self.audit

    def forget(self, name: str) -> None:
        """Take the events of a type away, and close the gaps."""
        kept = [one for one in self.log.events if one.type != name]
        self.log.events = [structs.replace(one, position=place) for place, one in enumerate(kept)]

    def change(self, name: str, **fields: Any) -> None:
        """Let the events of a type say something else."""
        self.log.events = [
            structs.replace(one, event=structs.replace(one.event, **fields))
            if one.type == name
            else one
            for one in self.log.events
        ]

    def again(self, name: str) -> None:
        """Tell of the first event of a type once more, at the end."""
        first = next(one for one in self.log.events if one.type == name)
        self.log.events.append(structs.replace(first, position=len(self.log.events)))


async def told(folder: Path, story: Story) -> Told:
    log = Following(story.store, story.account)
    await log.catch_up()
    return Told(folder, log)


@pytest.fixture
async def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    story = Story()
    attempt = story.replied("marta")
    text = "a reply to marta"
    story.say(
        ClickOrdered(
            **story.ids,
            approval=attempt.event.spends,
            text=text,
            text_hash=sha256(text.encode()).hexdigest(),
            target_url=None,
            target_author=None,
        )
    )
    return await told(tmp_path, story)


def permit_of(ground: Told) -> str:
    return str(
        next(one for one in ground.log.events if one.type == "click_attempt").event.permit_id
    )


def written_twice(ground: Told) -> None:
    ground.written.append(replace(ground.written[0], post_id="c-twin"))


def written_by_nobody(ground: Told) -> None:
    ground.written.append(OTHER)


def never_written(ground: Told) -> None:
    ground.written.clear()


def below_another(ground: Told) -> None:
    ground.written[0] = replace(ground.written[0], topic_id="t-other")


def in_other_words(ground: Told) -> None:
    ground.written[0] = replace(ground.written[0], text="something else")


def of_another_order(ground: Told) -> None:
    ground.change("posting_success", text_hash="0" * 64)


def left_open(ground: Told) -> None:
    ground.forget("posting_success")


def ended_twice(ground: Told) -> None:
    ground.again("posting_success")


def attempted_twice(ground: Told) -> None:
    ground.again("click_attempt")


def ended_without_attempt(ground: Told) -> None:
    ground.forget("click_attempt")


def with_a_gap(ground: Told) -> None:
    del ground.log.events[3]


def late_and_unnoticed(ground: Told) -> None:
    journal = Journal(ground.data_dir / "sessions" / ME / "gate" / "journal")
    journal.begin(permit_of(ground), {})
    journal.add(permit_of(ground), "left", late_ms=12)


def failed_unforeseen(ground: Told) -> None:
    event = UnhandledException(where="click", kind="KeyError", message="'x'", count=3)
    last = ground.log.events[-1]
    ground.log.events.append(structs.replace(last, position=last.position + 1, event=event))


def files_left(ground: Told) -> None:
    (ground.folder / f"{_prefix(ground.data_dir)}1").mkdir()


def audit_fails(ground: Told) -> None:
    ground.audit = subprocess.CompletedProcess((), 1, "", "I1 is broken")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (written_twice, "two posts for one permit: t-marta: a reply to marta"),
        (written_by_nobody, "nothing explains c-other"),
        (never_written, "c-marta is not there"),
        (below_another, "c-marta is below t-other, not t-marta"),
        (in_other_words, "c-marta has another text than the permit's"),
        (of_another_order, "c-marta: the order's text is not the sighting's"),
        (left_open, "still open: attempt under"),
        (left_open, "0 ends of the attempt under"),
        (ended_twice, "2 ends of the attempt under"),
        (attempted_twice, "2 attempts under"),
        (ended_without_attempt, "an end without attempt"),
        (with_a_gap, "the log has gaps"),
        (late_and_unnoticed, "was 12 ms late, unnoticed"),
        (failed_unforeseen, "unforeseen, 3 times: click: KeyError 'x'"),
        (files_left, "temporary files left"),
        (audit_fails, "audit: I1 is broken"),
    ],
)
async def test_what_is_not_as_promised_is_named(
    ground: Told, harm: Callable[[Told], None], said: str
) -> None:
    assert faults(ground) == []
    harm(ground)
    assert [why for why in faults(ground) if said in why]


async def test_a_post_that_nobody_clicked_is_a_false_ghost_unless_it_was_made_by_hand(
    tmp_path: Path,
) -> None:
    story = Story()
    story.haunted("c-other")
    ground = await told(tmp_path, story)
    ground.written = [OTHER]
    assert faults(ground) == ["nothing explains c-other", "false ghost: c-other"]
    assert faults(ground, hand_made=frozenset({"c-other"})) == []


async def test_a_slot_is_closed_unless_the_last_worker_drained_in_the_middle_of_it(
    tmp_path: Path,
) -> None:
    story = Story()
    for name in ("one", "two"):
        story.booted()
        run_id = SchedulerRunId(named("slot", name))
        story.say(SchedulerStarted(scheduler_run_id=run_id, slot=story.now, seed=1))
    ground = await told(tmp_path, story)
    ground.written = []
    assert faults(ground) == [f"still open: slot {named('slot', 'one')}"]


async def test_the_figures_are_those_of_the_log_and_the_forum(ground: Told) -> None:
    ground.written.append(replace(ground.written[0], post_id="c-twin"))
    counted = {what: count for what, count in figures(ground).items() if count}
    assert counted == {"attempts": 1, "posts": 2, "seen by response": 1, "double posts": 1}


async def test_an_outcome_that_was_unknown_is_counted_by_what_came_of_it(tmp_path: Path) -> None:
    story = Story()
    for name in ("posted", "not posted"):
        story.later(minutes=6)
        attempt = story.attempted(name)
        unknown = story.say(OutcomeUnknown(**story.ids, spends=attempt.event_id, detail=""))
        ids: dict[str, Any] = {**story.ids, "spends": unknown.event_id}
        if name == "posted":
            seen: dict[str, Any] = {"posted_id": "c-1", "url": "", "via": Via.RECONCILIATION}
            story.say(PostingSuccess(**ids, **seen, text_hash="0" * 64, posted_at=None))
        else:
            story.say(OutcomeAbandoned(**ids, readings=3, waited_s=900))
    counted = figures(await told(tmp_path, story))
    assert counted["unknown, had posted"] == counted["unknown, had not posted"] == 1
    assert counted["seen by reconciliation"] == counted["outcome_abandoned"] == 1
