"""`block`: from then on nobody replies to the author, whatever waits for it."""

from __future__ import annotations

import pytest

from schema.events.legacy import LegacyPostImported
from schema.events.operations import AccountOpened
from schema.events.permitting import ReasonCode
from tests.cli.conftest import Ask
from tests.cli.real import Real
from tests.doubles.story import Story
from tests.handlers.facts import created, evaluated, found, post, rules

pytestmark = pytest.mark.postgres


def opened(real: Real) -> None:
    real.say(AccountOpened(site="spirit", handle="me"), rules())


@pytest.mark.parametrize("name", ["@author1", "AUTHOR1"])
def test_a_blocked_author_is_neither_judged_nor_queued_nor_permitted(
    ask: Ask, real: Real, name: str
) -> None:
    opened(real)
    real.say(evaluated(1))
    real.fold()
    answer = ask("block", name, "--why", "asked us to", "--json")
    assert (answer.code, list(answer.json["positions"])) == (0, ["garden"])
    real.say(
        found(2, author="author1", posted_at=None),
        evaluated(3, post=post(3, author="author1")),
        created(4, target_author="author1"),
    )
    real.fold()
    reasons = [one.reason for one in real.events("candidate_rejected")]
    assert reasons == ["author_blocked"] * 3
    [refused] = real.events("permit_rejected")
    assert refused.reason_code is ReasonCode.AUTHOR_BLOCKED
    assert refused.error_message == "author_blocked: author=author1"
    assert [one.post.author for one in real.events("candidate_queued")] == ["author1"]


def test_a_permit_that_waits_for_posting_dies_with_the_block(ask: Ask, real: Real) -> None:
    opened(real)
    real.say(evaluated(1))
    real.fold()
    [item] = real.events("candidate_queued")
    assert ask("stop-posting", "--why", "drill").code == 0
    real.say(created(1, queue_id=item.queue_id))
    real.fold()
    assert ask("block", "author1", "--why", "asked us to").code == 0
    assert ask("allow-posting", "--why", "over").code == 0
    real.fold()
    [ended] = real.events("permit_revoked", "permit_rejected")
    assert "author_blocked" in str(ended)
    assert real.events("permit_approved") == []


@pytest.mark.parametrize("name", ["author2", "Author2"])
def test_an_unblocked_author_is_a_stranger_again(ask: Ask, real: Real, name: str) -> None:
    opened(real)
    assert ask("block", "author2", "--why", "a mistake").code == 0
    assert ask("unblock", name, "--why", "it was one").code == 0
    real.say(found(2, posted_at=None), created(2))
    real.fold()
    assert len(real.events("judgement_requested")) == 1
    assert len(real.events("permit_approved")) == 1
    assert ask("blocked", "--json").json == {"blocked": []}


def test_the_list_says_since_when_by_whom_and_why(ask: Ask, real: Real) -> None:
    opened(real)
    ask("block", "Author2", "--why", "too soon")
    ask("block", "author2", "--why", "rude")
    [one] = ask("blocked", "--json").json["blocked"]
    assert (one["account"], one["author"], one["why"]) == ("garden", "author2", "rude")
    assert one["since"].endswith("Z")
    lines = ask("blocked").out.splitlines()
    assert lines[0].split() == ["author", "account", "since", "by", "why"]
    assert lines[1].startswith("author2  garden")


@pytest.mark.parametrize("author", ["", " @ ", "a\nb", "x" * 201])
def test_what_is_no_name_is_refused(ask: Ask, story: Story, author: str) -> None:
    story.booted()
    answer = ask("block", author, "--why", "w")
    assert (answer.code, answer.out) == (64, "")
    assert "no author's name" in answer.err


def test_a_post_of_an_older_system_counts_for_its_target_and_author(real: Real) -> None:
    opened(real)
    [row] = real.rows("account_opened")
    real.say(
        LegacyPostImported(
            table="post_attempts",
            key="1",
            posted_id="old-1",
            posted_at=row.at,
            target_post_id="p1",
            target_author="author2",
        ),
        created(1),
        created(2),
        found(1, posted_at=None),
    )
    real.fold()
    codes = {one.target_post_id: one.reason_code for one in real.events("permit_rejected")}
    assert codes == {"p1": "target_already_replied", "p2": "rate_limited"}
    assert [one.reason for one in real.events("candidate_rejected")] == ["already_replied"]


def test_who_is_not_blocked_cannot_be_unblocked(ask: Ask, real: Real) -> None:
    opened(real)
    answer = ask("unblock", "author3", "--why", "a slip of the pen")
    assert (answer.code, answer.out) == (64, "")
    assert "'author3' is not blocked" in answer.err
    assert real.events("author_unblocked") == []
