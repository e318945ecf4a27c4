"""Chains gain a link with each event; ghosts stay for ever; the rollup shown is the latest."""

from __future__ import annotations

import pytest

from projectors.chains import chains
from projectors.ghosts import ghosts
from projectors.proof import proof
from schema.events.ghosts import GhostAcknowledged, GhostDetected, GhostKind, ManualPostAttested
from schema.events.operations import ProofRolledUp
from schema.ids import ReadingId, named
from tests.handlers.facts import created, decided, minutes
from tests.handlers.given import NOON
from tests.handlers.reading import success
from tests.projectors.rows import row, rows

GHOST = GhostDetected(
    reading_id=ReadingId(named("reading")),
    posted_id="h1",
    url="http://site/h1",
    text="By hand.",
    posted_at=NOON,
    detected_at=NOON,
    target_post_id="p77",
    missing=("permit",),
)
SEEN = GhostAcknowledged(posted_id="h1", why="we know", by="operator")
ATTESTED = ManualPostAttested(posted_id="h1", why="I wrote it", by="operator")


def test_a_chain_begins_with_its_decision() -> None:
    chain = row(chains, decided(1))
    made = decided(1)
    assert (chain.candidate_evaluation_id, chain.queue_id) == (made.evaluation_id, made.queue_id)
    assert chain.scheduler_run_id == made.scheduler_run_id
    assert chain.decided_at == NOON
    assert chain.permit_id is chain.posted_id is chain.posted_at is None


def test_a_chain_ends_with_the_post() -> None:
    chain = row(chains, decided(1), created(1), success("q1"))
    assert (chain.permit_id, chain.posted_id) == (created(1).permit_id, "q1")
    assert (chain.url, chain.posted_at) == ("http://site/q1", NOON)


def test_a_post_without_a_time_has_that_of_its_event() -> None:
    assert row(chains, decided(1), minutes(7), success(at=None)).posted_at == NOON + minutes(7)


def test_a_renewed_permit_takes_the_place_of_the_old_one() -> None:
    chain = row(chains, decided(1), created(1), created(1, "second"))
    assert chain.permit_id == created(1, "second").permit_id


def test_without_a_decision_there_is_no_chain() -> None:
    assert rows(chains, created(1), success()) == []


def test_a_ghost_is_shown_with_what_was_missing() -> None:
    ghost = row(ghosts, GHOST)
    assert (ghost.posted_id, ghost.kind, ghost.missing) == (
        "h1",
        GhostKind.UNEXPLAINED,
        ("permit",),
    )
    assert ghost.acknowledged_at is None
    assert not ghost.attested


@pytest.mark.parametrize(("said", "attested"), [(SEEN, False), (ATTESTED, True)])
def test_a_ghost_that_a_person_has_seen_stays(
    said: GhostAcknowledged | ManualPostAttested, attested: bool
) -> None:
    ghost = row(ghosts, GHOST, minutes(9), said)
    assert (ghost.acknowledged_at, ghost.acknowledged_by) == (NOON + minutes(9), "operator")
    assert (ghost.why, ghost.attested) == (said.why, attested)
    assert ghost.text == "By hand."


def test_what_a_person_says_of_no_ghost_makes_none() -> None:
    assert rows(ghosts, SEEN, ATTESTED) == []


def rollup(size: int) -> ProofRolledUp:
    return ProofRolledUp(
        fetch_started_15m=3,
        fetch_completed_15m=3,
        queue_size=size,
        scheduler_started_60m=4,
        permits_created_60m=4,
        permits_used_60m=2,
        posted_tweet_ids_last_2h=("q1",),
        new_ghosts_last_2h=0,
        unknown_outcomes=0,
        last_error_event=None,
        running_sha="abc",
        log_position=7,
    )


def test_the_latest_rollup_is_the_only_one_shown() -> None:
    latest = row(proof, rollup(10), minutes(10), rollup(12))
    assert (latest.queue_size, latest.rolled_up_at) == (12, NOON + minutes(10))
    assert latest.posted_tweet_ids_last_2h == ("q1",)
