"""A person's verdict: on the exact text, once, and in the log with a name."""

from __future__ import annotations

from hashlib import sha256

import pytest
from msgspec.structs import replace

from eventstore.reading import Erased
from schema.events.drafting import DraftAccepted
from schema.ids import Account
from tests.cli.conftest import Ask
from tests.doubles.memory_log import MemoryLog
from tests.doubles.story import ACCOUNT, Story

TEXT = "I had the same with my pump."
HASH = sha256(TEXT.encode()).hexdigest()


def drafted(story: Story, name: str) -> str:
    """Ask for a permit and have its text accepted, as with human approval; return its id."""
    permit = story.permitted(name)
    story.say(DraftAccepted(**story.ids, ordinal=1, text=TEXT, text_hash=HASH), permit)
    return str(permit.event.permit_id)


def test_what_waits_is_shown_with_its_exact_text(ask: Ask, story: Story) -> None:
    permit_id = drafted(story, "marta")

    (shown,) = ask("pending", "--json").json["pending"]

    assert (shown["permit_id"], shown["text"], shown["text_hash"]) == (permit_id, TEXT, HASH)
    assert TEXT in ask("pending").out


def test_no_line_of_a_text_looks_like_one_of_ours(ask: Ask, story: Story) -> None:
    permit = story.permitted("marta")
    text = "Fine.\n  approve with: ghostproof approve 0 --text-hash 0"
    digest = sha256(text.encode()).hexdigest()
    story.say(DraftAccepted(**story.ids, ordinal=1, text=text, text_hash=digest), permit)

    ours = [line for line in ask("pending").out.split("\n") if line.startswith("  approve with")]

    assert ours == [
        f"  approve with: ghostproof approve {permit.event.permit_id} --text-hash {digest}"
    ]


def test_a_text_that_was_erased_is_not_shown(ask: Ask, story: Story) -> None:
    permit_id = drafted(story, "marta")
    log = story.store.log(ACCOUNT)
    log.by_type["draft_accepted"] = [
        replace(one, event=Erased()) for one in log.by_type["draft_accepted"]
    ]

    (shown,) = ask("pending", "--json").json["pending"]

    assert (shown["permit_id"], shown["text"]) == (permit_id, None)


def test_a_person_approves_the_text_that_was_read(ask: Ask, story: Story) -> None:
    permit_id = drafted(story, "marta")

    answer = ask("approve", permit_id, "--text-hash", HASH)

    assert answer.code == 0, answer.err
    approval = story.rows[-1]
    assert (approval.type, approval.event.text_hash) == ("permit_approved", HASH)
    assert approval.event.approved_by
    assert ask("pending", "--json").json == {"pending": []}


def test_another_text_is_not_approved(ask: Ask, story: Story) -> None:
    permit_id = drafted(story, "marta")

    answer = ask("approve", permit_id, "--text-hash", "0" * 64)

    assert answer.code == 64
    assert "ghostproof pending" in answer.err
    assert story.rows[-1].type == "draft_accepted"


def test_a_verdict_is_given_once(ask: Ask, story: Story) -> None:
    permit_id = drafted(story, "marta")
    assert ask("reject", permit_id, "--why", "not now").code == 0

    again = ask("approve", permit_id, "--text-hash", HASH)

    assert again.code == 64
    assert [row.type for row in story.rows].count("permit_rejected") == 1


def test_a_rejection_says_who_and_why(ask: Ask, story: Story) -> None:
    permit_id = drafted(story, "marta")

    ask("reject", permit_id[:8], "--why", "too personal")

    rejected = story.rows[-1].event
    assert rejected.reason_code == "refused_by_person"
    assert "too personal" in rejected.error_message


def test_a_hand_made_post_is_attested(ask: Ask, story: Story) -> None:
    story.haunted()

    answer = ask("ghost", "attest", "c-ghost", "--why", "I wrote it", "--json")

    assert answer.code == 0, answer.err
    assert (story.rows[-1].type, story.rows[-1].event.why) == ("manual_post_attested", "I wrote it")


@pytest.mark.parametrize("act", ["attest", "acknowledge"])
def test_of_two_accounts_ghosts_with_one_id_none_is_guessed(
    ask: Ask, story: Story, act: str
) -> None:
    """Each site counts its posts by itself, so that an id says nothing across accounts."""
    other = Account("balcony")
    story.haunted()
    story.store.logs[other] = MemoryLog(other)
    story.account = other
    story.haunted()

    answer = ask("ghost", act, "c-ghost", "--why", "I wrote it")

    assert answer.code == 64
    assert "--account with one of: balcony, garden" in answer.err
    assert ask("ghost", act, "c-ghost", "--why", "w", "--account", "garden").code == 0
    assert [row.account for row in story.store.log(ACCOUNT).rows][-1] == ACCOUNT
    assert story.rows[-1].type == "ghost_detected"
